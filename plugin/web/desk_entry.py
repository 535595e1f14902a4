"""Signing in by a one-time link, and choosing the store.

Opening a link shows a button; only the button's POST signs in, since mail programs and scanners open links too.
Asking for a link gives the same answer for every address, and its mail is a job: nobody learns who answers here.
"""

from __future__ import annotations

from flask import Response, redirect, request, url_for
from limits import RateLimitItemPerHour

from plugin.agents import find_agent_by_link, index_address, list_memberships, sign_in
from plugin.database import ALL
from plugin.mail import MailInvalid, read_address
from plugin.stores import get_store
from plugin.web.access import give_cookie, visit
from plugin.web.desk_frame import desk, entry, render
from plugin.web.doors import doors
from plugin.web.widget_limits import count_hit
from plugin.work import put

LINKS_ASKED = RateLimitItemPerHour(30)
"""From one neighbourhood of addresses; per agent there is a lower bound (`agents.MOST_LINKS`)."""


@entry.get("/sign-in")
def show_form() -> Response:
    """Where one asks for a link."""
    return render("sign_in.html", state="ask", token="", address="")


@entry.post("/sign-in")
def ask_for_link() -> Response:
    """Promises a mail, whoever asks; the job finds out whether there is anybody to write to."""
    address = request.form.get("email", "").strip()
    try:
        read_address(address, local=True)
    except MailInvalid:
        return render("sign_in.html", 422, state="wrong", token="", address=address[:200])
    if count_hit(LINKS_ASKED, "sign-in-links"):
        return render("sign_in.html", 429, state="often", token="", address=address)
    here = doors()
    index = index_address(here.db.vault, address)
    with here.db.transaction(ALL, "a sign-in link is asked for") as tx:
        put(tx, "desk.mail_link", {"index": index}, due_at=here.clock.now(), key=f"sign-in:{index}")
    return render("sign_in.html", state="asked", token="", address=address)


@entry.get("/sign-in/<token>")
def show_link(token: str) -> Response:
    """A button, or why there is none. Changes nothing."""
    here = doors()
    with here.db.reading(ALL, "is a sign-in link still good") as tx:
        agent = find_agent_by_link(tx, token, here.clock.now())
    if agent is None:
        return render("sign_in.html", 410, state="used", token="", address="")
    return render("sign_in.html", state="press", token=token, address="")


@entry.post("/sign-in/enter")
def use_link() -> Response:
    """Signs in, once."""
    here = doors()
    with here.db.transaction(ALL, "sign an agent in") as tx:
        session_token = sign_in(tx, request.form.get("token", ""), here.clock.now(), name_browser())
    if session_token is None:
        return render("sign_in.html", 410, state="used", token="", address="")
    answer = redirect(url_for("desk.choose"), 303)
    give_cookie(answer, session_token)  # type: ignore[arg-type]
    return answer  # type: ignore[return-value]


_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
            ("Mac OS X", "Mac"), ("Linux", "Linux"))  # fmt: skip


def name_browser() -> str:
    """The browser in two words, as its owner would name it."""
    said = request.headers.get("User-Agent", "")
    parts = [next((name for sign, name in known if sign in said), "") for known in (_BROWSERS, _SYSTEMS)]
    return " · ".join(part for part in parts if part)


@desk.get("/")
def choose() -> Response:
    """To the agent's store; with several, which one."""
    agent, only = visit().agent, visit().session.bound_to
    with doors().db.reading(ALL, "the stores of an agent") as tx:
        places = [row.store_id for row in list_memberships(tx, agent.id)]
        mine = [get_store(tx, store_id) for store_id in places if only in (None, store_id)]
    stores = [row for row in mine if row.status != "uninstalled"]
    if len(stores) == 1:
        return redirect(url_for("desk.home", store=stores[0].public_id), 303)  # type: ignore[return-value]
    adapters = doors().registry.adapters
    return render(
        "choose.html", stores=stores, platforms=[(name, one.label) for name, one in adapters.items()]
    )
