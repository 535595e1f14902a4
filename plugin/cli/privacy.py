"""`mostrador privacy`: what was asked about people's data, and what came of it, for the operator. Names nobody."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click

from plugin.cli.frame import open_house, print_json
from plugin.cli.stores import find_store


@click.group()
def privacy() -> None:
    """Receipts of what was erased and handed out."""


@privacy.command("receipts")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per receipt.")
def show_receipts(as_json: bool) -> None:
    """List the stores that were erased, newest first: which, why, when, and how many rows went."""
    from plugin.database import ALL
    from plugin.privacy import list_receipts

    with closing(open_house().db) as db, db.reading(ALL, "receipts of erased stores, for the operator") as tx:
        rows = list_receipts(tx)
    for row in rows:
        told = {
            "id": row.public_id, "platform": row.platform, "address": row.domain, "why": row.why,
            "asked": row.asked_at, "done": row.done_at, "counts": row.counts,
        }  # fmt: skip
        if as_json:
            print_json(told)
            continue
        click.echo(f"{row.public_id}  {row.platform:12} {row.domain:30} {row.why}")
        click.echo(f"    {_tell_times(row)}, {_tell_counts(row.counts)}")
    if not rows and not as_json:
        click.echo("No store was erased so far.")


@privacy.command("requests")
@click.argument("store")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per request.")
def show_requests(store: str, as_json: bool) -> None:
    """List what was asked about the customers of STORE (its public id), done or not, newest first."""
    from plugin.privacy import list_requests, list_waiting

    house = open_house()
    with closing(house.db) as db:
        row = find_store(house, store)
        with db.reading(row.id) as tx:
            done, waiting = list_requests(tx, row.id), list_waiting(tx, db, row.id)
    for job in reversed(waiting):
        if as_json:
            told = {"id": None, "kind": job.kind, "asked": job.asked_at, "done": None, "trouble": job.words or None}
            print_json(told)
        else:
            click.echo(f"{'waiting':20}  {job.kind:12} asked {job.asked_at:%Y-%m-%d %H:%M}Z  {job.words}".rstrip())
    for one in done:
        if as_json:
            print_json(
                {"id": one.public_id, "kind": one.kind, "asked": one.asked_at, "done": one.done_at,
                 "counts": one.counts, "copy": one.copy is not None}
            )  # fmt: skip
        else:
            click.echo(f"{one.public_id:20}  {one.kind:12} {_tell_times(one)}, {_tell_counts(one.counts)}")
    if not done and not waiting and not as_json:
        click.echo("Nobody has asked anything so far.")


def _tell_times(row: Any) -> str:
    return f"asked {row.asked_at:%Y-%m-%d %H:%M}Z, done {row.done_at:%Y-%m-%d %H:%M}Z"


def _tell_counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {count}" for name, count in counts.items() if count) or "nothing was found"
