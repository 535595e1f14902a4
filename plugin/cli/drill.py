"""`mostrador drill`: hours of a shop's life with everything that goes wrong, played in a minute."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from typing import Any

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
    from plugin.testing.woocommerce_hour import Hour, run_hour, went_well

    _play(lambda: run_hour(Hour(seed=seed, size=size)), went_well, as_json)


@drill.command("shopify-day")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--seed", default=0, show_default=True, help="Which day is played.")
@click.option(
    "--size",
    type=click.Choice(["quick", "full"]),
    default="full",
    show_default=True,
    help="How many orders the day has: 200, or 40 of them.",
)
def shopify_day(as_json: bool, seed: int, size: str) -> None:
    """A day of two fake shops: lost webhooks, accesses that end every hour, a bucket that runs dry. Needs the extra
    `demo`."""
    from plugin.testing.shopify_day import Day, run_day, went_well

    _play(lambda: run_day(Day(seed=seed, size=size)), went_well, as_json)


@drill.command("conversation")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--seed", default=0, show_default=True, help="Which talks are played.")
@click.option(
    "--size",
    type=click.Choice(["quick", "full"]),
    default="full",
    show_default=True,
    help="How much is said: 10,000 messages, or 1,000 of them.",
)
def conversation(as_json: bool, seed: int, size: str) -> None:
    """Shoppers with two tabs and two agents, while a tenth of all answers gets lost and the server dies once."""
    from plugin.testing.conversation import Drill, run_conversations, went_well

    _play(lambda: run_conversations(Drill(seed=seed, size=size)), went_well, as_json)


def _play(run: Callable[[], dict[str, Any]], went_well: Callable[[dict[str, Any]], bool], as_json: bool) -> None:
    """Prints what came of it; exits 1 when it did not go well."""
    from plugin.testing.drill_counter import DrillError

    try:
        result = run()
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
