"""Who asked what an article was made of, and telling them: each conversation hears it once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from plugin.care.doors import Care
from plugin.care.gaps import Place
from plugin.care.hold import Agent, HeldByOther, add_reply, holds, locked
from plugin.care.mail_answer import promise_answer_mail
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.threads import Said, add_message
from plugin.care.verdicts import read_article
from plugin.help import list_asked, list_own


@dataclass(frozen=True)
class Asker:
    """One conversation in which it was asked, first at `position`. `is_told`: an agent sent the article there."""

    conversation: str
    position: int
    locale: str
    is_told: bool


def list_askers(tx: Session, store_id: int, places: Iterable[Place], article_id: str) -> list[Asker]:
    """Each conversation of these places that is still there once, in their order."""
    first: dict[str, int] = {}
    for conversation, position in places:
        first.setdefault(conversation, position)
    talk, said = ConversationRow, MessageRow
    found = (talk.store_id == store_id, talk.public_id.in_(first))
    rows = {row[1]: row for row in tx.execute(select(talk.id, talk.public_id, talk.locale).where(*found))}
    ids = [row[0] for row in rows.values()]
    sent = (said.store_id == store_id, said.conversation_id.in_(ids), *_told_with(article_id))
    told = set(tx.scalars(select(said.conversation_id).where(*sent)))
    return [
        Asker(one, position, rows[one][2], rows[one][0] in told) for one, position in first.items() if one in rows
    ]


def tell_asker(care: Care, store_id: int, public_id: str, article_id: str, agent: Agent) -> MessageRow:
    """The article as an agent's message in a conversation, or the one that told it before.

    Whose the conversation is, and what its shopper waits for, stays as it was: nobody promises to stay for a question
    of another day. Only where the shopper waits for just this answer it is a reply as any other, with which the wait
    ends. Nothing is learned: the question is one of the article's ways of asking, and newer words are about another
    thing. Raises `LookupError`, `HeldByOther`.
    """
    article = read_article(care, store_id, public_id, article_id)
    with locked(care, store_id, public_id) as (tx, row):
        sent = (MessageRow.store_id == store_id, MessageRow.conversation_id == row.id, *_told_with(article_id))
        known = tx.scalars(select(MessageRow).where(*sent).limit(1)).first()
        if known is not None:
            return known
        if holds(row) not in (None, agent.id):
            raise HeldByOther(row.agent_name or "")
        said = Said("agent", article.text, tuple(article.tree), (article.article_id, article.title))
        if _waits_for(tx, row, article_id):
            return add_reply(care, tx, row, agent, said)
        now = care.clock.now()
        message = add_message(tx, care.hub, row, replace(said, agent=(agent.id, agent.name)), now)
        promise_answer_mail(tx, row, now)
        return message


def _waits_for(tx: Session, row: ConversationRow, article_id: str) -> bool:
    """Whether a question that the article was made of is the last that the shopper wrote, and they wait for nothing
    that they asked before it."""
    if row.status != "open" or row.waiting_since is None:
        return False
    places = (place for own in list_own(tx, row.store_id, article_id) for place in list_asked(own))
    asked = {position for talk, position in places if talk == row.public_id}
    theirs = (
        MessageRow.store_id == row.store_id, MessageRow.conversation_id == row.id, MessageRow.author == "shopper",
    )  # fmt: skip
    newest = tx.scalars(select(MessageRow).where(*theirs).order_by(MessageRow.position.desc()).limit(1)).first()
    return newest is not None and newest.position in asked and newest.created_at <= row.waiting_since


def _told_with(article_id: str) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return MessageRow.author == "agent", MessageRow.source_article_id == article_id
