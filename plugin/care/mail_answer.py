"""An agent's answer by mail, once the shopper has left: in the agent's name, with a link that continues the talk.

Two jobs. `care.mail_answer` settles, under the conversation's lock, which messages one mail tells, and moves
`mailed_position` over them; `care.carry_answer` writes and sends that mail, and says the same under the same
Message-ID however often it is tried. What an open panel reads is not mailed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from plugin.care.acknowledge import thread_id
from plugin.care.doors import Care
from plugin.care.letter_frame import (
    LONGEST_STORE,
    Block,
    Button,
    Letter,
    Line,
    Link,
    Speech,
    Written,
    find_ways,
    write_letter,
)
from plugin.care.mailing import Envelope, Post, post_letter
from plugin.care.models import AcknowledgementRow, ConversationRow, MessageRow, RatingRow
from plugin.care.references import mint_reference
from plugin.care.shapes import conversation_channel
from plugin.care.talk_links import talk_token
from plugin.care.threads import find_conversation, lock_conversation
from plugin.care.told import ANSWER, write_day
from plugin.language import find_zone, translator
from plugin.notices.mail_facts import clean
from plugin.stores import StoreRow, get_store
from plugin.work import Claimed, finish, put

LEAVES_AFTER = timedelta(seconds=30)
"""An agent who writes several messages in a row sends one mail."""
MOST_A_DAY = 20
"""Mails of one conversation; what is said beyond them is told together the next day."""
LONGEST_NAME = 60


def promise_answer_mail(tx: Session, row: ConversationRow, now: datetime) -> None:
    """After an agent's message in a locked conversation: it is mailed, unless an open panel has read it by then."""
    if row.email is not None:
        _promise(tx, row, now + LEAVES_AFTER)


def _promise(tx: Session, row: ConversationRow, due_at: datetime) -> None:
    key = f"care.mail_answer:{row.id}"
    put(tx, "care.mail_answer", {"conversation": row.id}, due_at=due_at, store=row.store_id, key=key)


def gather_answers(care: Care, job: Claimed) -> None:
    """The job `care.mail_answer`."""
    assert job.store is not None
    now, channel = care.clock.now(), conversation_channel(job.store, job.payload["conversation"])
    heard = care.hub.is_heard(channel)
    with care.db.transaction(job.store) as tx:
        store, row = get_store(tx, job.store), lock_conversation(tx, job.store, job.payload["conversation"])
        messages = _read_answers(tx, row, row.mailed_position) if row is not None else ()
        if row is not None and messages:
            if heard:
                row.mailed_position = messages[-1].position
            elif row.email is not None and store.status != "uninstalled":
                _settle(tx, store, row, messages[-1].position, now)
        finish(tx, job)


def _settle(tx: Session, store: StoreRow, row: ConversationRow, upto: int, now: datetime) -> None:
    if _count_today(tx, store, row, now) >= MOST_A_DAY:
        zone = find_zone(store.time_zone)
        tomorrow = datetime.combine(now.astimezone(zone).date() + timedelta(days=1), time(0, 5), zone)
        _promise(tx, row, tomorrow)
        return
    asks = not _is_rated(tx, row)
    payload = {"conversation": row.id, "after": row.mailed_position, "upto": upto, "asks": asks}
    row.mailed_position, row.reference = upto, row.reference or mint_reference()
    tx.add(AcknowledgementRow(
        store_id=store.id, email_index=row.email_index, conversation_id=row.id, sent_at=now,
        day=write_day(store, f"{ANSWER} {row.id}:{upto}", now),
    ))  # fmt: skip
    put(tx, "care.carry_answer", payload, due_at=now, store=store.id)


def _is_rated(tx: Session, row: ConversationRow) -> bool:
    """Whether the shopper has said how any answer of the talk was."""
    which = (RatingRow.store_id == row.store_id, RatingRow.conversation_id == row.id)
    return tx.scalar(select(RatingRow.id).where(*which).limit(1)) is not None


def _count_today(tx: Session, store: StoreRow, row: ConversationRow, now: datetime) -> int:
    which = (
        AcknowledgementRow.store_id == store.id, AcknowledgementRow.conversation_id == row.id,
        AcknowledgementRow.day.startswith(write_day(store, f"{ANSWER} {row.id}:", now), autoescape=True),
    )  # fmt: skip
    return tx.scalar(select(func.count()).select_from(AcknowledgementRow).where(*which)) or 0


def _read_answers(
    tx: Session, row: ConversationRow, after: int, upto: int | None = None
) -> Sequence[MessageRow]:
    which = [
        MessageRow.store_id == row.store_id, MessageRow.conversation_id == row.id, MessageRow.author == "agent",
        MessageRow.position > after,
    ]  # fmt: skip
    if upto is not None:
        which.append(MessageRow.position <= upto)
    return list(tx.scalars(select(MessageRow).where(*which).order_by(MessageRow.position)))


def carry_answer(care: Care, post: Post, job: Claimed) -> None:
    """The job `care.carry_answer`."""
    assert job.store is not None
    after, upto = job.payload["after"], job.payload["upto"]
    with care.db.reading(job.store) as tx:
        store, row = get_store(tx, job.store), find_conversation(tx, job.store, job.payload["conversation"])
        messages = _read_answers(tx, row, after, upto) if row is not None else ()
    if row is None or row.email is None or not messages or store.status == "uninstalled":
        return
    name = care.db.vault.index("answer-mail", f"{row.public_id}:{after}:{upto}")
    root = thread_id(care, post, row)
    agent, shop = clean(messages[-1].agent_name or "", LONGEST_NAME), clean(store.name, LONGEST_STORE)
    envelope = Envelope(
        row.email, post.name_message("answer", name), messages[-1].created_at,
        sender=" · ".join(part for part in (agent, store.sender_name or shop) if part), auto_submitted="",
        headers={"In-Reply-To": root, "References": root},
    )  # fmt: skip
    token = talk_token(care.db.vault, store.id, row.public_id, row.email_index, messages[-1].created_at)
    url = f"{post.base_url.rstrip('/')}/c/{token}"
    asks = bool(job.payload.get("asks"))
    taken = post_letter(post, store, envelope, write_answer(store, row, messages, url, post.base_url, asks=asks))
    with care.db.transaction(job.store) as tx:
        if not taken:
            _note_refused(tx, row, upto)
        finish(tx, job)


def _note_refused(tx: Session, row: ConversationRow, upto: int) -> None:
    """Its address takes no mail: the card beside the talk says so."""
    which = (
        AcknowledgementRow.store_id == row.store_id, AcknowledgementRow.conversation_id == row.id,
        AcknowledgementRow.day.endswith(f" {ANSWER} {row.id}:{upto}", autoescape=True),
    )  # fmt: skip
    tx.execute(update(AcknowledgementRow).where(*which).values(sent_at=None))


def write_answer(
    store: StoreRow, row: ConversationRow, messages: Sequence[MessageRow], url: str, base_url: str, *, asks: bool
) -> Written:
    """The mail in the shopper's language: what the agents wrote and nothing that the shopper did. `asks`: how it was,
    until the shopper has said so once, as nobody knows which answer is the last one."""
    _ = translator(row.locale, "care").gettext
    shop = clean(store.name, LONGEST_STORE)
    subject = _("[{reference}] {store}: our answer").format(reference=row.reference or "", store=shop)
    lead = _("{store} has answered your message {reference}:").format(store=shop, reference=row.reference or "")
    how = _("To answer, use this link: what you write then stands in the same conversation. It works for 30 days.")
    # Without a greeting of its own: the agent's words bring theirs.
    blocks: list[Block] = [Line(lead)]
    blocks += [Speech(clean(one.agent_name or shop, LONGEST_NAME), one.text) for one in messages]
    blocks += [Button(_("See the conversation and answer"), url), Line(how, quiet=True)]
    if asks:
        blocks.append(Link(_("How was it? Rate our answer"), f"{url}?to=rating"))
    return write_letter(
        Letter(subject, store.name, row.locale, store.accent, blocks, find_ways(store, row.locale, base_url))
    )
