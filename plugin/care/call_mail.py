"""The job `care.call_agents`: a shopper waits for a person and nobody is at the desk, so its agents get one mail.

It says how many wait, since when, and where they stand in the purchase; nothing that a shopper wrote, and nobody's
name. Its link is the desk's own address: whoever opens it signs in as always.
"""

from __future__ import annotations

import html
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr

from plugin.agents import (
    CALLS_APART,
    AgentRow,
    Callee,
    claim_call,
    has_used_link,
    list_callees,
    take_call_back,
)
from plugin.care.calls import is_uncalled, list_waiting, note_called, promise_late, promise_look
from plugin.care.doors import Care
from plugin.care.mailing import Post
from plugin.care.models import ConversationRow
from plugin.care.phases import PHASES
from plugin.care.routes import is_promised, take_promise_back
from plugin.care.shapes import desk_channel
from plugin.care.threads import lock_conversation
from plugin.database import ALL
from plugin.language import find_zone, format_day, format_time, language_of, translator
from plugin.mail import Mail, MailDelayed, MailInvalid, MailRefused, build_message, clean_words
from plugin.stores import StoreRow, get_store
from plugin.work import Claimed, TryLater, finish

LOOK_AGAIN = timedelta(minutes=1)
"""While a desk is open and somebody waits: it may close before they are answered."""
PAGE_TURN = timedelta(seconds=10)
"""Whose desk closed so short a time ago may only be going from one of its pages to the next."""


@dataclass(frozen=True)
class Waiting:
    """What the mail says. `phases`: (phase, how many), in the order of a purchase."""

    count: int
    since: datetime
    phases: Sequence[tuple[str, int]]


def call_agents(care: Care, post: Post, base_url: str, job: Claimed, *, anybody: bool = False) -> None:
    """Mails each agent who wants it, at most once in `CALLS_APART`, with all who wait counted in one mail; who could
    not be called so soon again hears of later ones afterwards. Looks again in a minute while a desk is open; when it is
    not, shoppers to whom a person was promised in a moment are told so.

    A job with ``{"agents": [ids]}`` is for those alone whom the mail server put off. `anybody`: anybody may connect a
    shop. Then whose address only a shop named is left out, and the mail calls a shop by its address: its name is
    whatever a stranger typed.
    """
    assert job.store is not None
    now = care.clock.now()
    with care.db.reading(ALL, "who waits at a store, and whom it may call") as tx:
        store, rows = get_store(tx, job.store), list_waiting(tx, job.store, now)
        callees = [one for one in list_callees(tx, job.store) if not anybody or has_used_link(tx, one.agent.id)]
    late = job.payload.get("agents")
    if late is not None:
        callees = [one for one in callees if one.agent.id in late]
    uncalled = [row.id for row in rows if late is not None or is_uncalled(row)]
    promised = [row.id for row in rows if late is None and is_promised(row)]
    if store.status == "uninstalled" or not uncalled or not (callees or promised):
        return
    if care.hub.names(desk_channel(store.id)):
        _look_again(care, job, now + LOOK_AGAIN)
        return
    if care.hub.was_named(desk_channel(store.id), PAGE_TURN.total_seconds()):
        _look_again(care, job, now + PAGE_TURN)
        return
    _take_promises_back(care, store.id, promised)
    if not callees:
        return
    name = store.domain if anybody else store.name
    mailed, delayed = _call_all(care, post, base_url, store, name, callees, count_waiting(rows))
    if mailed:
        with care.db.transaction(store.id) as tx:
            note_called(tx, store.id, uncalled, now)
            if delayed:
                promise_late(tx, store.id, delayed, now + LOOK_AGAIN)
            finish(tx, job)
    elif delayed:
        raise TryLater("The mail server is away.")
    elif late is None:
        # Each was called a moment ago: who waits since is told of when they may be called again.
        _look_again(care, job, max(min(one.called_at or now for one in callees) + CALLS_APART, now + LOOK_AGAIN))


def _take_promises_back(care: Care, store_id: int, conversations: Sequence[int]) -> None:
    """Nobody is there any more for whom a person was promised in a moment; each hears it once."""
    for number in conversations:
        with care.db.transaction(store_id) as tx:
            row = lock_conversation(tx, store_id, number)
            if row is not None and is_promised(row):
                take_promise_back(care, tx, row, care.clock.now())


def _look_again(care: Care, job: Claimed, at: datetime) -> None:
    assert job.store is not None
    with care.db.transaction(job.store) as tx:
        promise_look(tx, job.store, at)
        finish(tx, job)


def _call_all(
    care: Care, post: Post, base_url: str, store: StoreRow, name: str, callees: Sequence[Callee], waiting: Waiting
) -> tuple[int, list[int]]:
    """(how many were called, the ids of those whom the mail server put off)."""
    mailed, delayed = 0, []
    for one in callees:
        now = care.clock.now()
        with care.db.transaction(store.id) as tx:
            claimed = claim_call(tx, store.id, one.agent.id, now)
        if not claimed:
            continue
        mail = write_call(store, name, one.agent, waiting, base_url, post.mail_from, now)
        try:
            post.transport.send(build_message(mail), mail.from_address, mail.to)
        except MailDelayed:
            with care.db.transaction(store.id) as tx:
                take_call_back(tx, store.id, one.agent.id, now, one.called_at)
            delayed.append(one.agent.id)
            continue
        except (MailInvalid, MailRefused):
            pass  # the desk says who waits, too
        mailed += 1
    return mailed, delayed


def count_waiting(rows: Sequence[ConversationRow]) -> Waiting:
    """Of at least one that waits."""
    by_phase = Counter(row.phase for row in rows)
    since = min(row.waiting_since for row in rows if row.waiting_since is not None)
    return Waiting(len(rows), since, [(phase, by_phase[phase]) for phase in PHASES if by_phase[phase]])


def write_call(
    store: StoreRow, called: str, agent: AgentRow, waiting: Waiting, base_url: str, mail_from: str, now: datetime
) -> Mail:
    """The mail in the agent's language; text and HTML say the same. `called`: what the store is called in it."""
    words = translator(agent.locale, "care")
    _, name = words.gettext, clean_words(called, 80)
    subject = words.ngettext(
        "{store}: {count} shopper is waiting for you", "{store}: {count} shoppers are waiting for you", waiting.count
    ).format(store=name, count=waiting.count)  # fmt: skip
    lead = words.ngettext(
        "{count} shopper is waiting for a person at {store}, and nobody is at the desk.",
        "{count} shoppers are waiting for a person at {store}, and nobody is at the desk.", waiting.count,
    ).format(store=name, count=waiting.count)  # fmt: skip
    since = _("The longest wait began at {time}.").format(time=_tell_time(waiting.since, store, agent.locale, now))
    phases = [f"{_name_phase(phase, agent.locale)}: {count}" for phase, count in waiting.phases]
    open_it = _("Answer at the desk:")
    off = _("You get this at most every 15 minutes. If you do not want these mails, switch them off in your account:")
    link, account = f"{base_url}/desk/{store.public_id}/conversations", f"{base_url}/desk/account"
    text = "\n\n".join((lead, since, "\n".join(phases), f"{open_it}\n{link}", f"{off}\n{account}")) + "\n"
    plain = [html.escape(one) for one in (subject, lead, since, open_it, link, off, account)]
    items = "".join(f"<li>{html.escape(one)}</li>" for one in phases)
    page = (
        f'<!doctype html><html lang="{language_of(agent.locale)}"><head><meta charset="utf-8"><title>{plain[0]}</title>'
        f'</head><body style="font-family:sans-serif;font-size:16px;line-height:1.5"><main><p>{plain[1]}</p>'
        f'<p>{plain[2]}</p><ul>{items}</ul><p>{plain[3]} <a href="{plain[4]}">{plain[4]}</a></p>'
        f'<p style="color:#555a61">{plain[5]} <a href="{plain[6]}">{plain[6]}</a></p></main></body></html>'
    )
    address = parseaddr(mail_from)[1]
    return Mail(
        to=agent.email, subject=subject, html=page, text=text, from_name="Mostrador", from_address=address,
        message_id=f"<call-{secrets.token_hex(16)}@{address.partition('@')[2] or 'localhost'}>", sent_at=now,
    )  # fmt: skip


def _tell_time(at: datetime, store: StoreRow, locale: str, now: datetime) -> str:
    """In the store's zone; with the day where that is not today's."""
    zone, clock = find_zone(store.time_zone), format_time(at, locale, store.time_zone)
    same_day = at.astimezone(zone).date() == now.astimezone(zone).date()
    return clock if same_day else f"{format_day(at, locale, store.time_zone)}, {clock}"


def _name_phase(phase: str, locale: str) -> str:
    _ = translator(locale, "care").gettext
    return {
        "pre_purchase": _("Before buying"),
        "purchase": _("Buying, until delivered"),
        "post_sale": _("After delivery"),
    }.get(phase, phase)
