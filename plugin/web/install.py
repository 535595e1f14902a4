"""Connecting a shop: begin, go to the platform (or fill in its form), come back once, see the next step.

Who may: the bearer of a one-time set-up link, a signed-in owner, and strangers as the setting `INSTALLS` says. The
`state` is bound to the browser that began, good once and for ten minutes; opening any of these addresses changes
nothing but using that state up. Where the platform's server brings the access, only its post uses the state up, and
the browser that comes back is merely told what came of it: an address like ``?success=1`` anybody can open.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, redirect, request
from limits import RateLimitItemPerHour
from werkzeug.wrappers import Response as AnyResponse

from plugin.agents.ownership import NotTheirs
from plugin.contract import (
    AdapterError,
    Form,
    InstallRejected,
    Redirect,
    StoreAdapter,
    WebRequest,
)
from plugin.database import ALL
from plugin.stores.install import (
    Ticket,
    begin_request,
    find_result,
    find_server_state,
    mint_state,
    note_begun,
    note_refused,
    platform_urls,
    take_server_state,
    take_state,
    ticket_of,
)
from plugin.stores.models import InstallState
from plugin.stores.words import pack
from plugin.web.adapter_words import find_adapter, tell_packed, tell_words
from plugin.web.doors import doors
from plugin.web.install_hand import connect_shop, find_owner, may_ask, may_start, read_ticket
from plugin.web.shopper_pages import base_url, reader_language, show, show_missing
from plugin.web.widget_limits import count_hit

COOKIE = "mostrador_install"
LARGEST = 64_000
LONGEST_ADDRESS = 500
BEGUN = RateLimitItemPerHour(60)
"""By strangers of one neighbourhood: each makes us ask a server of their choice."""
WHY = "why:"
"""Begins what a state keeps of a refusal of ours, rather than of an adapter."""
REFUSALS = {"taken": 403, "keys": 403, "ticket": 403}

install = Blueprint("install", __name__)


@install.get("/install/<platform>")
def ask(platform: str) -> Response:
    """What will happen, and the button that begins it."""
    adapter = find_adapter(platform)
    if adapter is None:
        return show_missing("install")
    ticket = request.args.get("ticket", "")
    if not may_ask(read_ticket(ticket)):
        return refuse(platform, "ticket", 403)
    return _show_begin(adapter, ticket, request.args.get("shop", "")[:LONGEST_ADDRESS])


@install.post("/install/<platform>")
def begin(platform: str) -> AnyResponse:
    """Mints the state and lets the platform's adapter say where to go."""
    request.max_content_length = LARGEST
    adapter = find_adapter(platform)
    if adapter is None:
        return show_missing("install")
    sent = request.form.get("ticket", "")
    ticket = read_ticket(sent)
    if not may_start(ticket):
        return refuse(platform, "ticket", 403)
    if ticket is None and count_hit(BEGUN, "installs-begun"):
        return refuse(platform, "often", 429)
    browser, shop = secrets.token_urlsafe(24), request.form.get("shop", "").strip()[:LONGEST_ADDRESS]
    keys = bool(request.form.get("keys"))
    if adapter.asks_address and not shop and not keys:
        return _show_begin(adapter, sent, "", 422, why="missing")
    try:
        state, wish = _begin(adapter, browser, ticket, shop, keys)
    except AdapterError as error:
        words, why = tell_words(adapter, error.words, reader_language()), _name_why(error)
        if adapter.asks_address:
            return _show_begin(adapter, sent, shop, 422, trouble=words, why=why)
        return refuse(platform, why, 422, words)
    answer: AnyResponse = (
        _show_form(adapter, wish, state, {}) if isinstance(wish, Form) else redirect(wish.url, 303)
    )
    _remember(answer, browser)
    return answer


@install.route("/install/<platform>/callback", methods=["GET", "POST"])
def come_back(platform: str) -> AnyResponse:
    """The platform or the form came back: the state is used up, then the adapter finishes."""
    request.max_content_length = LARGEST
    adapter = find_adapter(platform)
    if adapter is None:
        return show_missing("install")
    here, browser = doors(), request.cookies.get(COOKIE, "")
    came = _read_request()
    state, taken = _read_state(adapter, came), None
    if request.method == "GET":
        answer = _tell_browser(adapter, state, browser, came)
        if answer is not None:
            return answer
    with here.db.transaction(ALL, "use up the state of an installation") as tx:
        if request.method == "POST":
            taken = take_server_state(tx, platform, state, here.clock.now())
        taken = taken or take_state(tx, platform, state, browser, here.clock.now())
    if taken is None:
        return refuse(platform, "state", 400)
    came = replace(came, kept=dict(taken.kept or {}))
    return _take_from_server(adapter, taken, came) if taken.by_server else _take(adapter, taken, came, browser)


def _take(adapter: StoreAdapter, taken: InstallState, came: WebRequest, browser: str) -> AnyResponse:
    """The browser brought what the adapter needs."""
    if taken.ticket_hash is None and find_owner() is None and count_hit(BEGUN, "installs-begun"):
        return refuse(adapter.name, "often", 429)
    try:
        connect_shop(adapter.name, adapter.finish_install(came), taken)
    except AdapterError as error:
        return _say_no(adapter, taken, browser, error)
    except NotTheirs as error:
        return refuse(adapter.name, error.code, REFUSALS[error.code])
    return redirect(f"/install/{adapter.name}/connected", 303)


def _take_from_server(adapter: StoreAdapter, taken: InstallState, came: WebRequest) -> Response:
    """The platform's server brought it: 200 says that the store is connected, and nothing else says so. On any other
    answer a platform may throw the new keys away. Why not is kept for the browser, which comes back next."""
    try:
        connect_shop(adapter.name, adapter.finish_install(came), taken)
    except AdapterError as error:
        why = pack(error.words)
    except NotTheirs as error:
        why = WHY + error.code
    else:
        return Response("", 200, mimetype="text/plain")
    with doors().db.transaction(ALL, "why an installation was refused") as tx:
        note_refused(tx, taken.id, why)
    return Response("Refused.\n", 422, mimetype="text/plain")


def _tell_browser(adapter: StoreAdapter, state: str, browser: str, came: WebRequest) -> AnyResponse | None:
    """The browser came back from where the platform's server brings the access. None: it brings the access itself."""
    with doors().db.reading(ALL, "what became of an installation") as tx:
        told = find_server_state(tx, adapter.name, state, browser)
        begun = find_result(tx, state) if state else None
    if told is not None:
        return _tell_result(adapter, told) if told.used_at is not None else _tell_silence(adapter, told, came)
    if begun is not None and begun.platform == adapter.name and begun.by_server:
        return refuse(adapter.name, "elsewhere", 400)
    return None


def _tell_result(adapter: StoreAdapter, told: InstallState) -> AnyResponse:
    """What became of it on the other way; whatever the address says of success is not asked."""
    trouble, again = told.trouble or "", _restart(adapter, told)
    if told.connected is not None:
        return redirect(f"/install/{adapter.name}/connected", 303)
    if trouble.startswith(WHY):
        code = trouble.removeprefix(WHY)
        return refuse(adapter.name, code, REFUSALS.get(code, 403), again=again)
    if trouble:
        words = tell_packed(adapter.name, trouble, reader_language())
        return refuse(adapter.name, "platform", 422, words, again)
    return refuse(adapter.name, "waiting", 409, again=again)


def _tell_silence(adapter: StoreAdapter, told: InstallState, came: WebRequest) -> AnyResponse:
    """The platform's server has brought nothing, and what the browser brings may say why: somebody pressed "deny".
    Nothing is used up by that, and nothing connected: anybody can open such an address, and the keys may yet come."""
    again = _restart(adapter, told)
    try:
        adapter.finish_install(replace(came, kept=dict(told.kept or {})))
    except InstallRejected as error:
        words = tell_words(adapter, error.words, reader_language())
        return refuse(adapter.name, "platform", 409, words, again)
    except AdapterError:
        pass
    return refuse(adapter.name, "waiting", 409, again=again)


def _restart(adapter: StoreAdapter, state: InstallState) -> str:
    """Where whoever began without a set-up link begins anew, or ''."""
    if state.ticket_hash is not None or not adapter.asks_address:
        return ""
    shop = (state.kept or {}).get("shop", "")
    return f"/install/{adapter.name}" + (f"?{urlencode({'shop': shop})}" if shop else "")


def _begin(
    adapter: StoreAdapter, browser: str, ticket: Ticket | None, shop: str, keys: bool = False
) -> tuple[str, Redirect | Form]:
    """A new state, and where the adapter sends it. Raises what the adapter raises."""
    here, owner = doors(), find_owner()
    with here.db.transaction(ALL, "the state of an installation") as tx:
        state = mint_state(tx, adapter.name, browser, ticket, here.clock.now())
    answer = adapter.begin_install(
        begin_request(adapter.name, shop, keys), platform_urls(adapter.name, base_url()), state
    )
    if isinstance(answer, Redirect) and urlsplit(answer.url).scheme not in ("http", "https"):
        raise InstallRejected("The platform's address is not a web address.")
    by_server = isinstance(answer, Redirect) and answer.by_server
    kept = ({"shop": shop} if shop else {}) | (dict(answer.keep) if isinstance(answer, Redirect) else {})
    with here.db.transaction(ALL, "how an installation goes on") as tx:
        # The server's post has no session: who is signed in now is who began.
        note_begun(tx, state, kept, by_server, owner if by_server and ticket is None else None)
    return state, answer


def _read_state(adapter: StoreAdapter, came: WebRequest) -> str:
    try:
        named = adapter.read_state(came)
    except AdapterError:
        named = ""
    return named or request.form.get("state", "") or request.args.get("state", "")


def _show_begin(
    adapter: StoreAdapter, ticket: str, shop: str, status: int = 200, trouble: str = "", why: str = ""
) -> Response:
    # The form's answer leads to the platform, and browsers hold the redirect to the same rule.
    plain = doors().settings.allow_private_hosts or adapter.asks_address
    return show(
        "install_begin.html", reader_language(), status, platform=adapter.label, action=f"/install/{adapter.name}",
        ticket=ticket, asks=adapter.asks_address, keys=adapter.takes_keys, shop=shop, trouble=trouble, why=why,
        form_action="'self' https:" + (" http:" if plain else ""),
    )  # fmt: skip


def _show_form(
    adapter: StoreAdapter, form: Form, state: str, given: Mapping[str, str], trouble: str = "", why: str = ""
) -> Response:
    language = reader_language()
    fields = [
        {"key": one.key, "help": tell_words(adapter, one.help, language), "secret": one.secret, "default": one.default}
        for one in form.fields
    ]
    return show(
        "install_form.html", language, 422 if trouble else 200, platform=adapter.label, trouble=trouble, why=why,
        words=tell_words(adapter, form.words, language), fields=fields, state=state, given=given,
        action=f"/install/{adapter.name}/callback",
    )  # fmt: skip


def _say_no(adapter: StoreAdapter, taken: InstallState, browser: str, error: AdapterError) -> AnyResponse:
    """A form is shown again with what was typed and what is wrong; from a platform one starts anew."""
    words, why = tell_words(adapter, error.words, reader_language()), _name_why(error)
    if request.method == "POST":
        state, answer = _begin(adapter, browser, ticket_of(taken), (taken.kept or {}).get("shop", ""), keys=True)
        if isinstance(answer, Form):
            return _show_form(adapter, answer, state, request.form, words, why)
    return refuse(adapter.name, why, 422, words)


def _read_request() -> WebRequest:
    """This visit as an adapter sees it. A value that stands there several times comes as one, parted by commas."""
    return WebRequest(
        method=request.method, path=request.path, body=request.get_data(),
        query={name: ",".join(values) for name, values in request.args.lists()},
        headers={name.lower(): value for name, value in request.headers.items() if name.lower() != "cookie"},
    )  # fmt: skip


def _remember(answer: AnyResponse, browser: str) -> None:
    answer.set_cookie(
        COOKIE, browser, max_age=3600, path="/install", httponly=True, samesite="Lax",
        secure=base_url().startswith("https:"),
    )  # fmt: skip


def refuse(platform: str, why: str, status: int, words: str = "", again: str = "") -> Response:
    """The page that says why not, and what to do; `why` names its words, `again` is where one begins anew."""
    adapter = find_adapter(platform)
    if why == "state" and adapter is not None and adapter.asks_address:
        again = f"/install/{platform}"
    return show(
        "install_refused.html", reader_language(), status, why=why, words=words, name=platform, again=again,
    )  # fmt: skip


def _name_why(error: AdapterError) -> str:
    """``away``: what was refused now may be granted in a moment."""
    return "platform" if isinstance(error, InstallRejected) else "away"
