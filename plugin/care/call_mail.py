"""The job `care.call_agents`: a shopper waits for a person and nobody is at the desk, so its agents get one mail. It
says how many wait, since when, and where they stand in the purchase."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from plugin.agents import CALLS_APART, AgentRow, Callee, claim_call, take_call_back
from plugin.care.agent_mail import (
    AgentMail,
    list_called,
    name_store,
    post_agent_mail,
    tell_time,
    write_agent_mail,
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
from plugin.language import translator
from plugin.mail import Mail, MailDelayed, MailInvalid, MailRefused
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


def call_agents(care: Care, post: Post, job: Claimed, *, anybody: bool = False) -> None:
    """Mails each agent who wants it, at most once in `CALLS_APART`, with all who wait counted in one mail; who could
    not be called so soon again hears of later ones afterwards. Looks again in a minute while a desk is open; when it is
    not, shoppers to whom a person was promised in a moment are told so.

    A job with ``{"agents": [ids]}`` is for those alone whom the mail server put off. `anybody`: anybody may connect a
    shop, see `plugin.care.agent_mail`.
    """
    assert job.store is not None
    now = care.clock.now()
    with care.db.reading(ALL, "who waits at a store, and whom it may call") as tx:
        store, rows = get_store(tx, job.store), list_waiting(tx, job.store, now)
        callees = list_called(tx, job.store, anybody=anybody)
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
    _take_promises_back(care, store, promised)
    if not callees:
        return
    name = name_store(store, anybody=anybody)
    mailed, delayed = _call_all(care, post, store, name, callees, count_waiting(rows))
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


def _take_promises_back(care: Care, store: StoreRow, conversations: Sequence[int]) -> None:
    """Nobody is there any more for whom a person was promised in a moment; each hears it once."""
    for number in conversations:
        with care.db.transaction(store.id) as tx:
            row = lock_conversation(tx, store.id, number)
            if row is not None and is_promised(row):
                take_promise_back(care, tx, store, row, care.clock.now())


def _look_again(care: Care, job: Claimed, at: datetime) -> None:
    assert job.store is not None
    with care.db.transaction(job.store) as tx:
        promise_look(tx, job.store, at)
        finish(tx, job)


def _call_all(
    care: Care, post: Post, store: StoreRow, name: str, callees: Sequence[Callee], waiting: Waiting
) -> tuple[int, list[int]]:
    """(how many were called, the ids of those whom the mail server put off)."""
    mailed, delayed = 0, []
    for one in callees:
        now = care.clock.now()
        with care.db.transaction(store.id) as tx:
            claimed = claim_call(tx, store.id, one.agent.id, now)
        if not claimed:
            continue
        mail = write_call(post, store, name, one.agent, waiting, now)
        try:
            post_agent_mail(post, mail)
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
    post: Post, store: StoreRow, called: str, agent: AgentRow, waiting: Waiting, now: datetime
) -> Mail:
    """The mail in the agent's language. `called`: what the store is called in it."""
    words = translator(agent.locale, "care")
    _ = words.gettext
    subject = words.ngettext(
        "{store}: {count} shopper is waiting for you", "{store}: {count} shoppers are waiting for you", waiting.count
    ).format(store=called, count=waiting.count)  # fmt: skip
    lead = words.ngettext(
        "{count} shopper is waiting for a person at {store}, and nobody is at the desk.",
        "{count} shoppers are waiting for a person at {store}, and nobody is at the desk.", waiting.count,
    ).format(store=called, count=waiting.count)  # fmt: skip
    since = _("The longest wait began at {time}.").format(time=tell_time(waiting.since, store, agent.locale, now))
    phases = [(f"{_name_phase(phase, agent.locale)}: {count}", "") for phase, count in waiting.phases]
    off = _("You get this at most every 15 minutes. If you do not want these mails, switch them off in your account:")
    said = AgentMail(subject, (lead, since), phases, off)
    return write_agent_mail(post, store, agent, said, post.name_message("call", secrets.token_hex(16)), now)


def _name_phase(phase: str, locale: str) -> str:
    _ = translator(locale, "care").gettext
    return {
        "pre_purchase": _("Before buying"),
        "purchase": _("Buying, until delivered"),
        "post_sale": _("After delivery"),
    }.get(phase, phase)
