"""Asking somebody to the store's counter: by address and role; sent again or taken back until they came."""

from __future__ import annotations

from flask import Response, abort, request
from sqlalchemy.orm import Session

from plugin.agents import (
    InvitationRow,
    NotInvited,
    find_invitation,
    has_used_link,
    invite,
    withdraw_invitation,
)
from plugin.database import ALL
from plugin.language import LOCALES
from plugin.mail import MailInvalid
from plugin.web.access import here_store, owners_only, visit
from plugin.web.desk_frame import _, back_to, desk, page_locale
from plugin.web.desk_team import show_team
from plugin.web.desk_words import tell_not_invited
from plugin.web.doors import doors
from plugin.work import put


@desk.post("/<store>/team/invite")
@owners_only
def invite_somebody() -> Response:
    """Promises the mail; the link in it is made when it leaves."""
    wanted = request.form.get("locale", "")
    locale = wanted if wanted in LOCALES else page_locale()
    return _ask(request.form.get("email", ""), request.form.get("role", ""), locale)


@desk.post("/<store>/team/invitations/<invitation>/again")
@owners_only
def invite_again(invitation: str) -> Response:
    """The same in a new mail, by whoever presses the button; the link of the mail before opens nothing any more."""
    row = _find(invitation)
    return _ask(row.email, row.role, row.locale)


@desk.post("/<store>/team/invitations/<invitation>/withdraw")
@owners_only
def withdraw(invitation: str) -> Response:
    """The link in the mail opens nothing any more."""
    here, row = doors(), _find(invitation)
    with here.db.transaction(ALL, "an owner takes an invitation back") as tx:
        withdraw_invitation(tx, here_store().id, row.public_id, here.clock.now())
    return back_to("desk.team", "withdrawn", about="invite", anchor="invite")


def _ask(email: str, role: str, locale: str) -> Response:
    here, store, now = doors(), here_store(), doors().clock.now()
    try:
        with here.db.transaction(ALL, "an owner asks somebody to a store") as tx:
            _check_inviter(tx)
            row = invite(tx, store.id, email, role, visit().agent.id, now, locale)
            put(tx, "desk.mail_invitation", {"invitation": row.id}, due_at=now)
    except MailInvalid:
        words = _("That is not an e-mail address. Write it like ana@example.com.")
        return show_team(422, words, "invite")
    except NotInvited as error:
        status = 429 if error.code.startswith("often") else 403 if error.code == "unproven" else 422
        words = tell_not_invited(error.code, page_locale()).format(address=visit().agent.email)
        return show_team(status, words, "invite")
    return back_to("desk.team", "invited", about="invite", anchor="invite")


def _check_inviter(tx: Session) -> None:
    """Where anybody may connect a shop, only who has shown an address of their own, in this very session, makes us
    write to others: a shop's word may name anybody."""
    proven = visit().session.bound_to is None and has_used_link(tx, visit().agent.id)
    if doors().settings.installs == "open" and not proven:
        raise NotInvited("unproven")


def _find(public_id: str) -> InvitationRow:
    """One of this store that nobody answered; 404 for any other."""
    with doors().db.reading(ALL, "an invitation of a store") as tx:
        return find_invitation(tx, here_store().id, public_id) or abort(404)
