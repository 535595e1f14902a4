"""Mails that ask the store's agents to the desk: who gets them, what the store is called in them, and how they look.

Nothing that a shopper wrote stands in one, and nobody's name. Its links are the desk's own addresses: whoever opens
them signs in as always.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from plugin.agents import AgentRow, Callee, has_used_link, list_callees
from plugin.care.mailing import Post
from plugin.language import find_zone, format_day, format_time, language_of, translator
from plugin.mail import Mail, build_message, clean_words
from plugin.stores import StoreRow

LONGEST_NAME = 80


@dataclass(frozen=True)
class AgentMail:
    """What it says. `lead`: paragraphs; `items`: a list of words and where each leads, '' for nowhere; `often`: how
    often it comes, and that it can be switched off."""

    subject: str
    lead: Sequence[str]
    items: Sequence[tuple[str, str]]
    often: str


def list_called(tx: Session, store_id: int, *, anybody: bool) -> Sequence[Callee]:
    """Those who answer for the store and want such mails. `anybody`: anybody may connect a shop, so whose address only
    a shop named is left out."""
    return [one for one in list_callees(tx, store_id) if not anybody or has_used_link(tx, one.agent.id)]


def name_store(store: StoreRow, *, anybody: bool) -> str:
    """What the store is called: by its address where its name is whatever a stranger typed."""
    return clean_words(store.domain if anybody else store.name, LONGEST_NAME)


def write_agent_mail(
    post: Post, store: StoreRow, agent: AgentRow, said: AgentMail, message_id: str, now: datetime
) -> Mail:
    """The mail in the agent's language; text and HTML say the same."""
    open_it = translator(agent.locale, "care").gettext("Answer at the desk:")
    link, account = desk_url(post, store), f"{post.base_url.rstrip('/')}/desk/account"
    listed = "\n".join(f"{words}\n{url}" if url else words for words, url in said.items)
    text = "\n\n".join((*said.lead, listed, f"{open_it}\n{link}", f"{said.often}\n{account}")) + "\n"
    lead = "".join(f"<p>{html.escape(words)}</p>" for words in said.lead)
    items = "".join(f"<li>{_link(url, words) if url else html.escape(words)}</li>" for words, url in said.items)
    page = (
        f'<!doctype html><html lang="{language_of(agent.locale)}"><head><meta charset="utf-8">'
        f"<title>{html.escape(said.subject)}</title></head>"
        f'<body style="font-family:sans-serif;font-size:16px;line-height:1.5"><main>{lead}<ul>{items}</ul>'
        f'<p>{html.escape(open_it)} {_link(link)}</p>'
        f'<p style="color:#555a61">{html.escape(said.often)} {_link(account)}</p></main></body></html>'
    )
    return Mail(
        to=agent.email, subject=said.subject, html=page, text=text, from_name="Mostrador",
        from_address=post.address, message_id=message_id, sent_at=now,
    )  # fmt: skip


def desk_url(post: Post, store: StoreRow, conversation: str = "") -> str:
    """The store's conversations at the desk, or one of them."""
    inbox = f"{post.base_url.rstrip('/')}/desk/{store.public_id}/conversations"
    return f"{inbox}/{conversation}" if conversation else inbox


def post_agent_mail(post: Post, mail: Mail) -> None:
    """Raises `MailDelayed`, `MailInvalid`, `MailRefused`."""
    post.transport.send(build_message(mail), mail.from_address, mail.to)


def tell_time(at: datetime, store: StoreRow, locale: str, now: datetime) -> str:
    """In the store's zone; with the day where that is not today's."""
    zone, clock = find_zone(store.time_zone), format_time(at, locale, store.time_zone)
    same_day = at.astimezone(zone).date() == now.astimezone(zone).date()
    return clock if same_day else f"{format_day(at, locale, store.time_zone)}, {clock}"


def _link(url: str, words: str = "") -> str:
    return f'<a href="{html.escape(url)}">{html.escape(words or url)}</a>'
