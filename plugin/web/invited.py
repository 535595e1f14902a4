"""Coming in by an invitation: its link shows who asks, to which shop and as what; only the button's POST lets in.

A link that was used, withdrawn, is too old or was never ours looks the same to whoever opens it.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, request, url_for
from limits import RateLimitItemPerHour

from plugin.agents import (
    InvitationRow,
    accept_invitation,
    find_by_token,
    get_agent,
    needs_name,
    open_session,
)
from plugin.database import ALL
from plugin.mail import clean_words
from plugin.stores import StoreRow, get_store
from plugin.web.access import give_cookie, read_session
from plugin.web.desk_entry import name_browser
from plugin.web.desk_frame import entry, page_locale, render
from plugin.web.desk_words import name_role, tell_role
from plugin.web.doors import doors
from plugin.web.widget_limits import count_hit

TRIES = RateLimitItemPerHour(120)
"""From one neighbourhood of addresses: a whole office may be invited on one day."""


@dataclass(frozen=True)
class Offer:
    """What a good link offers. `inviter`: an e-mail address. `asks_name`: shoppers know no name of theirs yet."""

    invitation: InvitationRow
    store: StoreRow
    inviter: str
    asks_name: bool


@entry.get("/sign-in/invitation/<token>")
def show_invitation(token: str) -> Response:
    """What the link is and a button, or why there is none. Changes nothing."""
    offer = _read(token)
    return _refuse() if offer is None else _show(offer, token)


@entry.post("/sign-in/accept")
def accept() -> Response:
    """Makes the agent if they are new, lets them into the store and signs them in, once."""
    if count_hit(TRIES, "invitations"):
        return render("invitation.html", 429, state="often", token="")
    here, token = doors(), request.form.get("token", "")
    name, now = clean_words(request.form.get("name", ""), 60), here.clock.now()
    offer = _read(token)
    if offer is None:
        return _refuse()
    if offer.asks_name and not name:
        return _show(offer, token, 422)
    with here.db.transaction(ALL, "somebody accepts an invitation") as tx:
        came = accept_invitation(tx, token, name, page_locale(), now)
        cookie = open_session(tx, came[1].id, now, name_browser()) if came is not None else ""
    if came is None:
        return _refuse()
    answer = redirect(url_for("desk.home", store=offer.store.public_id), 303)
    give_cookie(answer, cookie)  # type: ignore[arg-type]
    return answer  # type: ignore[return-value]


def _read(token: str) -> Offer | None:
    here = doors()
    with here.db.reading(ALL, "is an invitation still good") as tx:
        row = find_by_token(tx, token, here.clock.now())
        if row is None:
            return None
        inviter = get_agent(tx, row.invited_by)
        name = inviter.email if inviter is not None else ""
        return Offer(row, get_store(tx, row.store_id), name, needs_name(tx, row.email))


def _show(offer: Offer, token: str, status: int = 200) -> Response:
    session, locale, address = read_session(), page_locale(), offer.invitation.email
    somebody_else = session is not None and session.agent.email.lower() != address.lower()
    return render(
        "invitation.html", status, state="press", token=token, offer=offer,
        other=session.agent if session is not None and somebody_else else None,
        role=name_role(offer.invitation.role, locale), role_means=tell_role(offer.invitation.role, locale),
    )  # fmt: skip


def _refuse() -> Response:
    return render("invitation.html", 410, state="used", token="")
