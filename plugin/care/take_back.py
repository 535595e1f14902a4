"""A conversation whose agent lets the shopper wait goes back to everybody: whoever comes first may have it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from plugin.care.doors import Care
from plugin.care.models import ConversationRow
from plugin.care.presence import is_staffed
from plugin.care.promises import promise_words
from plugin.care.routes import leave_words, note, wish_form
from plugin.care.shapes import desk_channel
from plugin.care.threads import Said, add_message, lock_conversation, note_change
from plugin.care.waits import begin_wait
from plugin.language import Translator, translator
from plugin.stores import StoreRow, get_store
from plugin.stores.routing import read_routing
from plugin.work import Claimed, put


def promise_take_back(tx: Session, store: StoreRow, row: ConversationRow, now: datetime) -> None:
    """Looks again once the merchant's patience is over, while an agent holds the conversation and its shopper waits.
    One promise for one agent and one waiting, however often the shopper writes."""
    if row.status != "open" or row.owner != "agent" or row.agent_id is None or row.waiting_since is None:
        return
    since = row.waiting_since.isoformat()
    due_at = now + timedelta(minutes=read_routing(store).silent_minutes)
    payload = {"conversation": row.id, "agent": row.agent_id, "since": since}
    key = f"take_back:{row.id}:{row.agent_id}:{since}"
    put(tx, "care.take_back", payload, due_at=due_at, store=store.id, key=key)


def take_back(care: Care, job: Claimed) -> None:
    """The job `care.take_back`. Compared under the conversation's lock: an agent who answers at this very moment was
    first, and keeps it, or comes after, and takes it again."""
    assert job.store is not None
    with care.db.reading(job.store) as tx:
        store = get_store(tx, job.store)
    now, names = care.clock.now(), set(care.hub.names(desk_channel(store.id)))
    staffed = is_staffed(care, store, now)
    with care.db.transaction(store.id) as tx:
        row = lock_conversation(tx, store.id, job.payload["conversation"])
        if row is None or not _is_silent(row, job.payload["agent"], job.payload["since"]):
            return
        name = row.agent_name or ""
        _let_go(care, tx, store, row, now, name, others=staffed and bool(names - {name}))


def _is_silent(row: ConversationRow, agent_id: int, since: str) -> bool:
    """Whether the same agent still lets the shopper wait as when it was promised."""
    held = row.status == "open" and row.owner == "agent" and row.agent_id == agent_id
    return held and row.waiting_since is not None and row.waiting_since.isoformat() == since


def _let_go(
    care: Care, tx: Session, store: StoreRow, row: ConversationRow, now: datetime, name: str, *, others: bool
) -> None:
    row.owner, row.agent_id, row.agent_name = "nobody", None, None
    form = wish_form(row, now, here=others)
    note(row, taken_back=True)
    row.called_at = None  # whoever was called for it once may be the one who can answer now
    begin_wait(tx, row, now)
    later = "" if others else promise_words(tx, store, row, now)
    words = held_up_words(translator(row.locale, "care"), name, later, form=form)
    add_message(tx, care.hub, row, Said("system", words), now)
    note_change(tx, care.hub, row)


def held_up_words(words: Translator, name: str, later: str, *, form: bool) -> str:
    """What the shopper hears. `later`: when a person answers, '' where somebody else of the team is at the counter."""
    _ = words.gettext
    if not later:
        return _("{name} is held up. We are looking for somebody else for you.").format(name=name)
    away = _("{name} is held up, and nobody else is at the counter right now.").format(name=name)
    return " ".join(part for part in (away, later, leave_words(words) if form else "") if part)
