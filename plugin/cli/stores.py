"""`mostrador stores`: shops are connected, looked at, given to somebody, examined and let go."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from plugin.cli.frame import check_email, open_house, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator

    from plugin.app import House
    from plugin.stores import StoreRow


GONE = "uninstalled"
"""The status of a store that was disconnected."""


@click.group()
def stores() -> None:
    """The connected shops."""


@contextmanager
def _opened() -> Iterator[House]:
    house = open_house()
    try:
        yield house
    finally:
        house.db.close()


def read_language() -> str:
    """The language of the terminal, of those we have; English for the others."""
    from plugin.language import pick_locale

    names = (os.environ.get(name, "").partition(".")[0] for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return pick_locale(next((name for name in names if name), ""), default="en")[:2]


def find_store(house: House, public_id: str) -> StoreRow:
    """The store with this public id, whatever became of it; a sentence when there is none."""
    from plugin.database import ALL
    from plugin.stores import list_stores

    with house.db.reading(ALL, "find a store for its operator") as tx:
        for row in list_stores(tx):
            if row.public_id == public_id:
                return row
    raise click.ClickException(f"There is no store {public_id}. `mostrador stores list` names them.")


def refuse_gone(row: StoreRow) -> None:
    """There is no connection to look at or to end; says how there would be one."""
    if row.status == GONE:
        raise click.ClickException(
            f"{row.name} ({row.domain}) is disconnected. `mostrador stores connect {row.platform} URL` connects it "
            "again."
        )


@stores.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per shop.")
def show_list(as_json: bool) -> None:
    """List the connected shops with their public ids and how they are."""
    from plugin.database import ALL
    from plugin.stores import list_stores
    from plugin.stores.words import tell

    with _opened() as house, house.db.reading(ALL, "list the stores for their operator") as tx:
        rows = list_stores(tx)
    for row in rows:
        words = tell(row.trouble, house.doors.registry.adapters.get(row.platform), read_language())
        told = {
            "id": row.public_id, "platform": row.platform, "address": row.domain, "state": row.status,
            "live": row.live_at is not None, "trouble": words, "reconciled": row.reconciled_at,
            "recovered": row.recovered, "repaired": row.repaired,
        }  # fmt: skip
        if as_json:
            print_json(told)
            continue
        state = row.status if row.live_at or row.status == GONE else f"{row.status}, preview"
        seen = f"{row.reconciled_at:%Y-%m-%d %H:%M}Z" if row.reconciled_at else "never"
        click.echo(f"{row.public_id}  {row.platform:12} {row.domain:30} {state}")
        click.echo(f"    reconciled {seen}, {row.recovered} orders recovered, {row.repaired} webhooks repaired")
        if words:
            click.echo(f"    ✗ {words}")


@stores.command("connect")
@click.argument("platform")
@click.argument("url", required=False)
@click.option(
    "--owner", help="E-mail address of the agent who will own the store; without it the first agent."
)
@click.option(
    "--field", "fields", multiple=True, metavar="KEY=VALUE",
    help="With URL: a value of the platform's form. Secrets may come from MOSTRADOR_FIELD_<KEY> instead.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="With URL: print one JSON object.")
def connect(platform: str, url: str | None, owner: str | None, fields: tuple[str, ...], as_json: bool) -> None:
    """Connect the shop at URL now, or print a link with which a merchant connects one within the next hour.

    With the keys of the platform's form the shop is connected at once. Without them a link is printed: open it where
    you are signed in to the shop and approve; the command waits up to ten minutes.
    """
    from plugin.cli.connect import Wish, connect_now, print_report
    from plugin.registry import UnknownAdapter
    from plugin.stores import install_link, mint_install_ticket

    given = dict(_split(one) for one in fields)
    if (given or as_json) and url is None:
        raise click.UsageError("--field and --json want the URL of the shop.")
    with _opened() as house:
        try:
            house.doors.registry.get(platform)
        except UnknownAdapter as error:
            raise click.ClickException(str(error)) from None
        agent_id = _find_owner(house, owner)
        settings = house.doors.settings
        if url is None:
            click.echo(install_link(settings, platform, mint_install_ticket(settings, agent_id=agent_id)))
            return
        report = connect_now(house, Wish(platform, url, given, agent_id), lambda words: click.echo(words, err=as_json))
    if as_json:
        print_json(report)
    else:
        print_report(report)
    sys.exit(0 if report["set_up"] else 1)


def _split(field: str) -> tuple[str, str]:
    key, equals, value = field.partition("=")
    if not equals or not key:
        raise click.BadParameter(f"{field!r} is not KEY=VALUE", param_hint="--field")
    return key.strip(), value


def _find_owner(house: House, email: str | None) -> int:
    from plugin.agents import find_agent, first_agent
    from plugin.database import ALL

    with house.db.reading(ALL, "the owner of a new store") as tx:
        agent = find_agent(tx, email) if email else first_agent(tx)
    if agent is None:
        raise click.ClickException("There is no such agent: `mostrador init` makes the first one.")
    return agent.id


@stores.command("owner")
@click.argument("store_id", metavar="ID")
@click.argument("email")
def make_owner(store_id: str, email: str) -> None:
    """Make somebody the owner of a store, and print the link with which they sign in once."""
    from plugin.agents import add_membership, create_agent, mint_sign_in_link
    from plugin.database import ALL

    address = check_email(email, "EMAIL")
    with _opened() as house:
        row, now = find_store(house, store_id), house.doors.clock.now()
        with house.db.transaction(ALL, "the operator names a store's owner") as tx:
            agent = create_agent(tx, address, "", row.locale, now)
            add_membership(tx, row.id, agent.id, "owner", now)
            token = mint_sign_in_link(tx, agent.id, now)
        click.echo(f"{address} owns {row.name} now. This link signs in once, within a day:", err=True)
        if row.status == GONE:
            click.echo(f"The desk shows it once it is connected again: {row.name} is disconnected.", err=True)
        click.echo(f"{house.doors.settings.base_url}/sign-in/{token}")


@stores.command("doctor")
@click.argument("store_id", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def examine(store_id: str, as_json: bool) -> None:
    """Ask what is wrong with a store's connection, and mend what can be mended."""
    with _opened() as house:
        row = find_store(house, store_id)
        refuse_gone(row)
        findings = _ask_doctor(house, row)
    if as_json:
        print_json({"store": row.public_id, "findings": findings})
    else:
        signs = {"good": "✓", "trouble": "✗", "mended": "✓", "unknown": "?"}
        for one in findings:
            click.echo(f"{signs[one['state']]} {one['key']:20} {one['state']:8} {one['words']}".rstrip())
            if one["url"] and one["state"] == "trouble":
                click.echo(f"  {one['url']}")
        if not findings:
            click.echo("This platform's adapter has no doctor; nothing was asked.")
    sys.exit(1 if any(one["state"] == "trouble" for one in findings) else 0)


def _ask_doctor(house: House, row: StoreRow) -> list[dict[str, str]]:
    from plugin.contract import AdapterError, Finding, FindingState
    from plugin.registry import UnknownAdapter
    from plugin.stores import ask_platform, get_store, store_urls
    from plugin.stores.coverage import ACCESS, save_findings
    from plugin.stores.words import tell_words

    doors, language = house.doors, read_language()
    urls = store_urls(row, doors.settings.base_url)
    try:
        found = list(ask_platform(house.db, doors.registry, row.id, lambda one, store: one.examine(store, urls)))
    except AdapterError as error:
        found = [Finding(key=ACCESS, state=FindingState.trouble, words=error.words)]
    except UnknownAdapter as error:
        raise click.ClickException(str(error)) from None
    with house.db.transaction(row.id) as tx:
        save_findings(get_store(tx, row.id), found, doors.clock.now())
    adapter = doors.registry.get(row.platform)
    return [
        {"key": one.key, "state": one.state.value, "words": tell_words(one.words, adapter, language), "url": one.url}
        for one in found
    ]


@stores.command("disconnect")
@click.argument("store_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Do not ask.")
def disconnect(store_id: str, yes: bool) -> None:
    """Let go of a shop: remove what was made there, forget its keys, send nothing more about it."""
    from plugin.stores.words import tell_words
    from plugin.web.desk_connection import let_go

    with _opened() as house:
        row = find_store(house, store_id)
        refuse_gone(row)
        if not yes:
            click.confirm(f"Disconnect {row.name} ({row.domain})?", abort=True)
        trouble = let_go(house.doors, row.id)
        adapter: Any = house.doors.registry.adapters.get(row.platform)
        words = tell_words(trouble, adapter, read_language())
    click.echo(f"{row.name} is disconnected. Orders, conversations and answers stay here.")
    if words:
        click.echo(f"✗ The shop did not let us remove everything: {words}")
    click.echo("Remove the key in the shop's own settings: nobody here can use it any more, but there it stays valid.")
