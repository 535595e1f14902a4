"""`mostrador stores connect PLATFORM URL`: a shop is connected, set up and read right here, and the end is told."""

from __future__ import annotations

import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import click

from plugin.agents.ownership import Hand, NotTheirs, settle_store
from plugin.app import House
from plugin.cli.stores import read_language
from plugin.contract import AdapterError, Form, Redirect, Setting, StoreAdapter, SurfaceState, WebRequest
from plugin.database import ALL
from plugin.orders import list_orders
from plugin.stores import StoreRow, get_store, install_link, mint_install_ticket, store_urls
from plugin.stores.coverage import is_at_work, read_coverage
from plugin.stores.install import (
    begin_request,
    find_result,
    find_ticket,
    find_ticket_result,
    mint_state,
    note_begun,
    note_connected,
    platform_urls,
    take_state,
)
from plugin.stores.models import InstallState
from plugin.stores.set_up import promise_set_up, set_up_now
from plugin.stores.words import tell, tell_words
from plugin.work import claim_at_once

LONGEST_WAIT = 600
"""Seconds for somebody to approve the connection in the shop: as long as a state lives."""
SERVER_WAIT = 60
"""Seconds for the running server to set up what it connected, before it is done here."""
MOST_ORDERS = 100_000
ADDRESS_FIELDS = ("url", "shop")

Say = Callable[[str], Any]


@dataclass(frozen=True)
class Wish:
    """What was asked for. `fields`: values of the platform's form by key. `agent_id`: who owns the store."""

    platform: str
    url: str
    fields: Mapping[str, str]
    agent_id: int


def connect_now(house: House, wish: Wish, say: Say) -> dict[str, Any]:
    """Connects, sets up and reads the shop; gives what is to be told. Raises `click.ClickException` in words."""
    adapter = house.doors.registry.get(wish.platform)
    browser, ticket = secrets.token_urlsafe(24), _mint_ticket(house, wish)
    try:
        state, answer = _begin(house, adapter, wish, browser, ticket)
        if isinstance(answer, Form):
            store_id = _finish_form(house, adapter, wish, state, browser, _fill_in(adapter, wish, answer))
        else:
            store_id = _wait(house, adapter, wish, answer, state, ticket, say)
    except AdapterError as error:
        raise click.ClickException(tell_words(error.words, adapter, read_language())) from None
    return _read_shop(house, adapter, store_id)


def _mint_ticket(house: House, wish: Wish) -> str:
    return mint_install_ticket(house.doors.settings, house.doors.clock, wish.agent_id)


def _begin(
    house: House, adapter: StoreAdapter, wish: Wish, browser: str, ticket: str
) -> tuple[str, Redirect | Form]:
    """The state is a set-up link's: whoever may run this command may also print one."""
    doors = house.doors
    with house.db.transaction(ALL, "the state of an installation") as tx:
        now = doors.clock.now()
        state = mint_state(tx, adapter.name, browser, find_ticket(tx, doors.settings, ticket, now), now)
    urls = platform_urls(adapter.name, doors.settings.base_url)
    answer = adapter.begin_install(begin_request(adapter.name, wish.url, bool(wish.fields)), urls, state)
    with house.db.transaction(ALL, "how an installation goes on") as tx:
        if isinstance(answer, Redirect):
            note_begun(tx, state, answer.keep, answer.by_server)
        else:
            note_begun(tx, state, {"shop": wish.url}, False)
    return state, answer


def _fill_in(adapter: StoreAdapter, wish: Wish, form: Form) -> dict[str, str]:
    """Every field of the form: given, from the environment, the address itself, or asked for at a terminal."""
    known = {one.key for one in form.fields}
    if strange := sorted(set(wish.fields) - known):
        raise click.ClickException(f"The form has no {', '.join(strange)}. It has: {', '.join(sorted(known))}.")
    values = dict.fromkeys(ADDRESS_FIELDS, wish.url)
    missing = []
    for field in form.fields:
        value = _find_value(wish, field)
        if value is None:
            missing.append(field.key)
        else:
            values[field.key] = value
    if missing:
        wanted = " ".join(f"--field {key}=…" for key in missing)
        words = tell_words(form.words, adapter, read_language())
        raise click.ClickException(f"This shop is connected with keys; still missing: {wanted}\n{words}".rstrip())
    return values


def _find_value(wish: Wish, field: Setting) -> str | None:
    """None: nobody says. What is secret may stand in the environment, so that it need not stand in the list of
    processes."""
    given = wish.fields.get(field.key, os.environ.get(f"MOSTRADOR_FIELD_{field.key.upper()}"))
    if given is None and field.key in ADDRESS_FIELDS:
        given = wish.url
    if given is None and sys.stdin is not None and sys.stdin.isatty():
        given = click.prompt(field.key, hide_input=field.secret, default="", show_default=False)
    return given if given is not None else field.default or None


def _finish_form(
    house: House, adapter: StoreAdapter, wish: Wish, state: str, browser: str, values: Mapping[str, str]
) -> int:
    doors, now = house.doors, house.doors.clock.now()
    callback = WebRequest(
        method="POST", path=f"/install/{adapter.name}/callback", query={}, kept={"shop": wish.url},
        headers={"content-type": "application/x-www-form-urlencoded"},
        body=urlencode({"state": state, **values}).encode(),
    )  # fmt: skip
    access = adapter.finish_install(callback)
    with house.db.transaction(ALL, "a shop is connected by its operator") as tx:
        taken = take_state(tx, adapter.name, state, browser, now)
        hand = Hand(wish.agent_id, invited=True, vouched=True)
        try:
            row = settle_store(tx, adapter.name, access, hand, doors.settings.installs, now)
        except NotTheirs:
            raise click.ClickException(
                "This shop is connected here already. Give its keys as well: its address alone shows no right to it."
            ) from None
        if taken is not None:
            note_connected(tx, taken.id, row.id)
        promise_set_up(tx, row, now)
        return row.id


def _wait(
    house: House, adapter: StoreAdapter, wish: Wish, answer: Redirect, state: str, ticket: str, say: Say
) -> int:
    """Until the running server has connected the shop that somebody approves meanwhile."""
    link = answer.url if answer.by_server else install_link(house.doors.settings, adapter.name, ticket)
    say("Open this link in a browser in which you are signed in to the shop, and approve. Waiting up to ten minutes:")
    say(link)
    ends_at = time.monotonic() + LONGEST_WAIT
    try:
        while time.monotonic() < ends_at:
            found = _look(house, state if answer.by_server else "", ticket)
            if found is not None and found.connected is not None:
                return found.connected
            if found is not None and found.trouble:
                raise click.ClickException(tell(found.trouble, adapter, read_language()))
            time.sleep(1)
    except KeyboardInterrupt:
        raise click.ClickException("Not waiting any more. Nothing was connected so far.") from None
    raise click.ClickException(
        f"Nothing came within ten minutes. Is the server running at {house.doors.settings.base_url}, and can the shop "
        "reach it? Then begin anew; a shop behind a firewall is connected with its keys (--field)."
    )


def _look(house: House, state: str, ticket: str) -> InstallState | None:
    with house.db.reading(ALL, "what became of an installation") as tx:
        return find_result(tx, state) if state else find_ticket_result(tx, ticket)


def _read_shop(house: House, adapter: StoreAdapter, store_id: int) -> dict[str, Any]:
    """Sets up and reconciles here and now, unless the running server has these jobs in its hands: then its end is
    waited for."""
    doors, warnings, hooks, done = house.doors, [], None, True
    base_url, language = doors.settings.base_url, read_language()
    try:
        job = _take(house, "stores.set_up", store_id)
        if job is not None:
            report = set_up_now(house.db, doors.registry, doors.clock, base_url, job)
            hooks, warnings = report.webhooks, [tell_words(one, adapter, language) for one in report.warnings]
        job = _take(house, "orders.reconcile", store_id)
        if job is not None:
            house.kinds["orders.reconcile"](job)
    except AdapterError as error:
        done, warnings = False, [tell_words(error.words, adapter, language)]
    with house.db.reading(store_id) as tx:
        row, orders = get_store(tx, store_id), len(list_orders(tx, store_id, MOST_ORDERS))
    return _tell(house, adapter, row) | {
        "set_up": done, "hooks": hooks, "orders": orders, "warnings": warnings,
    }  # fmt: skip


def _take(house: House, kind: str, store_id: int) -> Any:
    """The store's job of this kind; None when it is done already, by the running server."""
    ends_at = time.monotonic() + SERVER_WAIT
    while True:
        with house.db.transaction(ALL, "do a store's job at once") as tx:
            job = claim_at_once(tx, kind, store_id, house.doors.clock.now())
            waits = job is None and is_at_work(tx, store_id, kind)
        if not waits or time.monotonic() > ends_at:
            return job
        time.sleep(0.2)


def _tell(house: House, adapter: StoreAdapter, row: StoreRow) -> dict[str, Any]:
    language, base_url = read_language(), house.doors.settings.base_url
    pages = [one | {"words": tell(one["words"], adapter, language)} for one in read_coverage(row)]
    return {
        "store": row.public_id, "name": row.name, "platform": row.platform, "address": row.domain, "state": row.status,
        "preview": row.live_at is None, "reconciled": row.reconciled_at, "surfaces": pages,
        "trouble": tell(row.trouble, adapter, language), "capabilities": list(row.capabilities),
        "desk": store_urls(row, base_url).desk,
    }  # fmt: skip


def print_report(report: Mapping[str, Any]) -> None:
    """What became of it, for a person."""
    click.echo(f"{report['name']} ({report['address']}) is {report['state']} as {report['store']}.")
    hooks = "made by the running server" if report["hooks"] is None else report["hooks"]
    click.echo(f"  webhooks          {hooks}")
    click.echo(f"  orders read       {report['orders']}")
    click.echo("  mails             none: it is in preview until you go live" if report["preview"] else "  mails  live")
    said = ""
    for page in report["surfaces"]:
        words = "" if page["state"] == SurfaceState.live else page["words"]
        told = "as above" if words and words == said else words
        said = words
        click.echo(f"  {page['step']:17} {page['state']:12} {told}".rstrip())
    for words in report["warnings"]:
        click.echo(f"✗ {words}")
    click.echo(f"The desk: {report['desk']}")
