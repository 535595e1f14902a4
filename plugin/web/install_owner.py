"""After a shop is connected: who becomes its owner, and the way on to the desk.

Whoever connected it by a set-up link or signed in owns it already. Anybody else may be a stranger who had a merchant
press "approve": they hold the browser, and the shop's keys are genuine all the same. So they only get to choose among
the shop's own staff, as the shop itself names them, and the link that signs in goes to that person's mailbox alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, redirect, request
from limits import RateLimitItemPerHour

from plugin.agents import add_membership, create_agent, index_address, list_team
from plugin.contract import AdapterError, Merchant
from plugin.database import ALL
from plugin.mail import MailInvalid, check_address
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow, ask_platform, has_access, store_urls
from plugin.stores.install import find_connected
from plugin.web.access import is_from_our_page, read_session
from plugin.web.adapter_words import find_adapter, tell_trouble, tell_words
from plugin.web.doors import doors
from plugin.web.install import COOKIE, LARGEST, install, refuse
from plugin.web.shopper_pages import base_url, reader_language, show, show_missing
from plugin.web.widget_limits import count_hit
from plugin.work import put

MOST_STAFF = 20
PICKED = RateLimitItemPerHour(5)
"""Mails to a shop's staff that one neighbourhood may ask for; per address `agents.MOST_LINKS` is lower still."""


@dataclass(frozen=True)
class Person:
    """One of the shop's staff as the page shows them. `key` hides the platform's id and the address."""

    key: str
    address: str
    email: str


@install.get("/install/<platform>/connected")
def show_connected(platform: str) -> Response:
    """The next step; only for the browser that connected the shop, within the hour."""
    found = _find_store(platform)
    if found is None:
        return show_missing("page")
    store, team = found
    if team and request.args.get("mailed"):
        return _show(store, "mailed", mailed=mask_address(team[0]))
    return _show(store, "desk") if team else _show_staff(store)


@install.post("/install/<platform>/owner")
def pick_owner(platform: str) -> Response:
    """Makes one of the shop's staff its owner, and has a link mailed to them. The answer is the same whoever it is,
    but for somebody who is signed in here as that very person."""
    request.max_content_length = LARGEST
    found = _find_store(platform)
    if not is_from_our_page() or found is None:
        abort(403)
    store, team = found
    if team:
        return _to_connected(platform)
    if count_hit(PICKED, "install-owner", store.public_id):
        return refuse(platform, "often", 429)
    people, _ = _list_people(store)
    chosen = next((one for one in people if one.key == request.form.get("staff", "")), None)
    if chosen is None:
        return _to_connected(platform)
    return _make_owner(platform, store, chosen)


def _make_owner(platform: str, store: StoreRow, chosen: Person) -> Response:
    here, session = doors(), read_session()
    index, now = index_address(here.db.vault, chosen.email), here.clock.now()
    with here.db.transaction(ALL, "one of a shop's staff becomes its owner") as tx:
        # Without the name that the shop gives: it would stand in a mail to somebody who never asked for it.
        agent = create_agent(tx, chosen.email, "", store.locale, now)
        member = add_membership(tx, store.id, agent.id, "owner", now)
        mine = session is not None and session.bound_to is None and session.agent.id == agent.id
        if not mine:
            member.takes_calls = None if here.settings.installs == "open" else True
            put(tx, "desk.mail_link", {"index": index}, due_at=now, key=f"sign-in:{index}")
    if mine:
        return _go(store_urls(store, base_url()).desk)
    return _to_connected(platform, "?mailed=1")


def _find_store(platform: str) -> tuple[StoreRow, list[str]] | None:
    """What this browser connected within the hour, and the addresses of its team."""
    here = doors()
    with here.db.reading(ALL, "which store did this browser connect") as tx:
        store = find_connected(tx, platform, request.cookies.get(COOKIE, ""), here.clock.now())
        return None if store is None else (store, [one.agent.email for one in list_team(tx, store.id)])


def _list_people(store: StoreRow) -> tuple[Sequence[Person], str]:
    """The shop's own staff with an address each, and why there are none."""
    here = doors()
    if not has_access(store):
        return (), ""
    try:
        told = ask_platform(here.db, here.registry, store.id, lambda adapter, shop: adapter.list_staff(shop))
    except AdapterError as error:
        return (), tell_words(find_adapter(store.platform), error.words, reader_language())
    except UnknownAdapter as error:
        return (), str(error)
    people = [made for one in told[:MOST_STAFF] if (made := _read_person(store, one)) is not None]
    return people, ""


def _read_person(store: StoreRow, one: Merchant) -> Person | None:
    try:
        email = check_address(one.email.strip())
    except MailInvalid:
        return None
    key = hashlib.sha256(f"{store.hook_key}\n{one.external_id}\n{email}".encode()).hexdigest()[:24]
    return Person(key, mask_address(email), email)


def mask_address(email: str) -> str:
    """Recognised by whose it is, of no use to anybody else: ``m•••@g•••.com``."""
    local, _, domain = email.rpartition("@")
    host, dot, end = domain.rpartition(".")
    return f"{local[:1]}•••@{host[:1]}•••{dot}{end}" if dot else f"{local[:1]}•••@•••"


def _show(
    store: StoreRow, step: str, mailed: str = "", staff: Sequence[Person] = (), silent: str = ""
) -> Response:
    language = reader_language()
    return show(
        "install_connected.html", language, store=store, trouble=tell_trouble(store, language), step=step,
        desk=store_urls(store, base_url()).desk, mailed=mailed, staff=staff, silent=silent,
        action=f"/install/{store.platform}/owner",
    )  # fmt: skip


def _show_staff(store: StoreRow) -> Response:
    people, silent = _list_people(store)
    return _show(store, "staff" if people else "nobody", staff=people, silent=silent)


def _to_connected(platform: str, query: str = "") -> Response:
    return _go(f"/install/{platform}/connected{query}")


def _go(where: str) -> Response:
    return redirect(where, 303)  # type: ignore[return-value]
