"""The mail that asks somebody to the counter (the job `desk.mail_invitation`).

Whoever runs a shop names the address, so nothing in it but the shop's address and that of whoever asks is theirs: no
name of a shop or a person can carry a stranger's words into a mailbox.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from email.utils import parseaddr

from plugin.agents import InvitationRow, find_agent, forget_token, get_agent, mint_invitation
from plugin.database import ALL
from plugin.language import translator
from plugin.mail import Mail, MailDelayed, MailInvalid, MailRefused, build_message, clean_words
from plugin.stores import get_store
from plugin.web.desk_mails import fresh_message_id
from plugin.web.desk_words import name_role
from plugin.web.doors import Doors
from plugin.work import Claimed, TryLater


@dataclass(frozen=True)
class _Facts:
    """What the mail names. `inviter`: an e-mail address; `domain`: the shop's own."""

    row: InvitationRow
    inviter: str
    domain: str
    locale: str


def mail_invitation(here: Doors, job: Claimed) -> None:
    """Mints the link and mails it; one that was answered or withdrawn meanwhile is not mailed."""
    with here.db.transaction(ALL, "an invitation's link for its mail") as tx:
        minted = mint_invitation(tx, int(job.payload["invitation"]), here.clock.now())
        if minted is None:
            return
        row, token = minted
        inviter, known = get_agent(tx, row.invited_by), find_agent(tx, row.email)
        facts = _Facts(
            row, inviter.email if inviter is not None else "", clean_words(get_store(tx, row.store_id).domain, 100),
            known.locale if known is not None else row.locale,
        )  # fmt: skip
    url = f"{here.settings.base_url.rstrip('/')}/sign-in/invitation/{token}"
    try:
        message = build_message(_write(here, facts, url))
        here.transport.send(message, parseaddr(here.settings.mail_from)[1], row.email)
    except MailDelayed as error:
        raise TryLater(str(error)) from error
    except (MailInvalid, MailRefused):
        with here.db.transaction(ALL, "an invitation that its mailbox refused") as tx:
            forget_token(tx, row.id)


def _write(here: Doors, facts: _Facts, url: str) -> Mail:
    _ = translator(facts.locale, "web").gettext
    subject, press = _("You are invited to a desk"), _("See the invitation")
    lead = _("{inviter} asks you to the desk of {domain}, where its shoppers are answered. Your role: {role}.").format(
        inviter=facts.inviter, domain=facts.domain, role=name_role(facts.row.role, facts.locale)
    )
    once = _("This link lets you in once, within a day. There is no password to choose:")
    not_me = _("Do you not know who asks? Then do nothing: nothing happens, and the link ends by itself.")
    hello = _("Hello:")
    plain = [html.escape(one) for one in (subject, hello, lead, once, url, press, not_me)]
    page = (
        f'<!doctype html><html lang="{facts.locale}"><head><meta charset="utf-8"><title>{plain[0]}</title></head>'
        f'<body style="font-family:sans-serif;font-size:16px;line-height:1.5"><main><p>{plain[1]}</p><p>{plain[2]}</p>'
        f'<p>{plain[3]}</p><p><a href="{plain[4]}">{plain[5]}</a></p><p>{plain[6]}</p></main></body></html>'
    )
    return Mail(
        to=facts.row.email, subject=subject, html=page, text="\n\n".join((hello, lead, once, url, not_me)) + "\n",
        from_name="Mostrador", from_address=parseaddr(here.settings.mail_from)[1],
        message_id=fresh_message_id(here.settings.mail_from), sent_at=here.clock.now(),
    )  # fmt: skip
