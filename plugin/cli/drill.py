"""`mostrador drill`: hours of a shop's life with everything that goes wrong, played in a minute."""

from __future__ import annotations

import json
import sys

import click


@click.group()
def drill() -> None:
    """Play what goes wrong in real life, and say whether all came right."""


@drill.command("woocommerce-hour")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--seed", default=0, show_default=True, help="Which hour is played.")
@click.option(
    "--size",
    type=click.Choice(["quick", "full"]),
    default="full",
    show_default=True,
    help="How many orders the hour has: 500, or 60 of them.",
)
def woocommerce_hour(as_json: bool, seed: int, size: str) -> None:
    """An hour of a fake shop: lost deliveries, dead webhooks, an app that falls over. Needs the extra `demo`."""
    from plugin.testing.woocommerce_hour import DrillError, Hour, run_hour, went_well

    try:
        result = run_hour(Hour(seed=seed, size=size))
    except DrillError as error:
        raise click.ClickException(str(error)) from None
    if as_json:
        click.echo(json.dumps(result, ensure_ascii=False))
    else:
        for name, value in result.items():
            if name != "faults":
                click.echo(f"{name:16} {value}")
    for fault in result["faults"]:
        click.echo(f"✗ {fault}", err=True)
    sys.exit(0 if went_well(result) else 1)
