"""Connecting a shop: begin, go to the platform (or fill in its form), come back once, see the next step.

Who may: the bearer of a one-time set-up link, or a signed-in owner. The `state` is bound to the browser that began,
good once and for ten minutes; opening any of these addresses changes nothing but using that state up.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import Blueprint, Response, redirect, request
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from plugin.agents import (
    add_membership,
    get_agent,
    get_role,
    list_memberships,
    list_team,
    remove_membership,
)
from plugin.contract import (
    AdapterError,
    Form,
    InstallRejected,
    Redirect,
    StoreAccess,
    StoreAdapter,
    WebRequest,
)
from plugin.database import ALL
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow, connect, list_stores, store_urls
from plugin.stores.connect import change_hands, find_by_domain, was_proven
from plugin.stores.install import (
    Ticket,
    find_connected,
    find_ticket,
    mint_state,
    note_connected,
    platform_urls,
    take_state,
    ticket_of,
)
from plugin.stores.models import InstallState
from plugin.stores.set_up import promise_set_up
from plugin.web.access import is_from_our_page, read_session
from plugin.web.doors import doors
from plugin.web.shopper_pages import base_url, reader_language, show, show_missing

COOKIE = "mostrador_install"
LARGEST = 64_000
AWAY = "The shop's platform does not answer just now. Wait a moment and try again."

install = Blueprint("install", __name__)


@install.get("/install/<platform>")
def ask(platform: str) -> Response:
    """What will happen, and the button that begins it."""
    adapter = _find_adapter(platform)
    if adapter is None:
        return show_missing("install")
    ticket = request.args.get("ticket", "")
    if _find_ticket(ticket) is None and find_owner() is None:
        return _refuse(platform, "ticket", 403)
    # The form's answer leads to the platform, and browsers hold the redirect to the same rule.
    targets = "'self' https:" + (" http:" if doors().settings.allow_private_hosts else "")
    return show(
        "install_begin.html", reader_language(), platform=adapter.label, action=f"/install/{platform}", ticket=ticket,
        form_action=targets,
    )  # fmt: skip


@install.post("/install/<platform>")
def begin(platform: str) -> AnyResponse:
    """Mints the state and lets the platform's adapter say where to go."""
    request.max_content_length = LARGEST
    adapter = _find_adapter(platform)
    if adapter is None:
        return show_missing("install")
    ticket = _find_ticket(request.form.get("ticket", ""))
    if ticket is None and not (is_from_our_page() and find_owner() is not None):
        return _refuse(platform, "ticket", 403)
    browser = secrets.token_urlsafe(24)
    try:
        state, wish = _begin(adapter, browser, ticket)
    except AdapterError as error:
        return _refuse(platform, "platform", 422, _words(error))
    answer: AnyResponse = (
        _show_form(adapter, wish, state, {}, "") if isinstance(wish, Form) else redirect(wish.url, 303)
    )
    _remember(answer, browser)
    return answer


@install.route("/install/<platform>/callback", methods=["GET", "POST"])
def come_back(platform: str) -> AnyResponse:
    """The platform or the form came back: the state is used up, then the adapter finishes."""
    request.max_content_length = LARGEST
    adapter = _find_adapter(platform)
    if adapter is None:
        return show_missing("install")
    here, browser = doors(), request.cookies.get(COOKIE, "")
    came = _read_request()
    state = request.form.get("state", "") or request.args.get("state", "")
    with here.db.transaction(ALL, "use up the state of an installation") as tx:
        taken = take_state(tx, platform, state, browser, here.clock.now())
    if taken is None:
        return _refuse(platform, "state", 400)
    try:
        access = adapter.finish_install(came)
    except AdapterError as error:
        return _say_no(adapter, taken, browser, _words(error))
    if not _connect(platform, access, taken):
        return _refuse(platform, "taken", 403)
    return redirect(f"/install/{platform}/connected", 303)


@install.get("/install/<platform>/connected")
def show_connected(platform: str) -> Response:
    """The next step; only for the browser that connected the shop, within the hour."""
    here = doors()
    with here.db.reading(ALL, "which store did this browser connect") as tx:
        store = find_connected(tx, platform, request.cookies.get(COOKIE, ""), here.clock.now())
        has_team = store is not None and bool(list_team(tx, store.id))
    if store is None:
        return show_missing("page")
    return show(
        "install_connected.html", reader_language(), store=store, trouble=store.trouble or "",
        desk=store_urls(store, base_url()).desk, has_team=has_team,
    )  # fmt: skip


def _find_adapter(platform: str) -> StoreAdapter | None:
    try:
        return doors().registry.get(platform)
    except UnknownAdapter:
        return None


def _find_ticket(ticket: str) -> Ticket | None:
    here = doors()
    if not ticket:
        return None
    with here.db.reading(ALL, "is this set-up link still good") as tx:
        return find_ticket(tx, here.settings, ticket, here.clock.now())


def _begin(adapter: StoreAdapter, browser: str, ticket: Ticket | None) -> tuple[str, Redirect | Form]:
    """A new state, and where the adapter sends it. Raises what the adapter raises."""
    here = doors()
    with here.db.transaction(ALL, "the state of an installation") as tx:
        state = mint_state(tx, adapter.name, browser, ticket, here.clock.now())
    answer = adapter.begin_install(_read_request(), platform_urls(adapter.name, base_url()), state)
    if isinstance(answer, Redirect) and urlsplit(answer.url).scheme not in ("http", "https"):
        raise InstallRejected("The platform's address is not a web address.")
    return state, answer


def _show_form(adapter: StoreAdapter, form: Form, state: str, given: Mapping[str, str], trouble: str) -> Response:
    return show(
        "install_form.html", reader_language(), 422 if trouble else 200, platform=adapter.label, words=form.words,
        fields=form.fields, state=state, given=given, trouble=trouble, action=f"/install/{adapter.name}/callback",
    )  # fmt: skip


def _say_no(adapter: StoreAdapter, taken: InstallState, browser: str, words: str) -> AnyResponse:
    """A form is shown again with what was typed and what is wrong; from a platform one starts anew."""
    if request.method == "POST":
        state, answer = _begin(adapter, browser, ticket_of(taken))
        if isinstance(answer, Form):
            return _show_form(adapter, answer, state, request.form, words)
    return _refuse(adapter.name, "platform", 422, words)


def find_owner() -> int | None:
    """The signed-in agent who may connect shops: an owner somewhere, or anybody while there is no store at all."""
    session = read_session()
    if session is None:
        return None
    with doors().db.reading(ALL, "may this agent connect a shop") as tx:
        roles = {row.role for row in list_memberships(tx, session.agent.id)}
        return session.agent.id if "owner" in roles or not list_stores(tx) else None


def _connect(platform: str, access: StoreAccess, taken: InstallState) -> bool:
    """False, and nothing changed, when the shop is here already and this installation does not show whose it is."""
    here = doors()
    owner, now = find_owner(), here.clock.now()
    with here.db.transaction(ALL, "a shop is connected") as tx:
        if owner is None and taken.agent_id is not None and get_agent(tx, taken.agent_id) is not None:
            owner = taken.agent_id
        known = find_by_domain(tx, platform, access.domain)
        if known is not None and not _may_renew(tx, known, access, owner, taken):
            return False
        row = connect(tx, platform, access, now)
        note_connected(tx, taken.id, row.id)
        if owner is not None:
            add_membership(tx, row.id, owner, "owner", now)
        promise_set_up(tx, row, now)
    return True


def _may_renew(
    tx: Session, row: StoreRow, access: StoreAccess, owner: int | None, taken: InstallState
) -> bool:
    """Its owner may, and whoever brings keys that the platform just confirmed. A shop's address everybody knows: alone
    it opens only what nobody owns and nobody proved, and only by a set-up link.

    Whom keys prove wrong leaves: who connected the shop before by its address alone may have done it in its merchant's
    stead, waiting for them.
    """
    if owner is not None and get_role(tx, row.id, owner) == "owner":
        return True
    team = list_team(tx, row.id)
    if not access.credentials:
        return not team and not was_proven(row) and taken.ticket_hash is not None
    if team and not was_proven(row):
        for one in team:
            remove_membership(tx, row.id, one.agent.id)
        change_hands(row, doors().clock.now())
    return True


def _read_request() -> WebRequest:
    """This visit as an adapter sees it."""
    return WebRequest(
        method=request.method, path=request.path, query=dict(request.args), body=request.get_data(),
        headers={name.lower(): value for name, value in request.headers.items() if name.lower() != "cookie"},
    )  # fmt: skip


def _remember(answer: AnyResponse, browser: str) -> None:
    answer.set_cookie(
        COOKIE, browser, max_age=3600, path="/install", httponly=True, samesite="Lax",
        secure=base_url().startswith("https:"),
    )  # fmt: skip


def _refuse(platform: str, why: str, status: int, words: str = "") -> Response:
    return show("install_refused.html", reader_language(), status, why=why, words=words, name=platform)


def _words(error: AdapterError) -> str:
    return str(error) if isinstance(error, InstallRejected) else f"{AWAY} {error}"
