"""Whether an answer of the bot was right: as shoppers say, and after them agents, who also teach it what would be."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care.addresses import ask_for_email
from plugin.care.answer import count_answer
from plugin.care.doors import Care
from plugin.care.failures import is_too_much
from plugin.care.hold import Agent, add_reply, locked
from plugin.care.models import ConversationRow, MessageRow, VisitorRow
from plugin.care.presence import is_staffed
from plugin.care.routes import FAILED, give_to_people
from plugin.care.threads import Said, add_message, lock_of_visitor, tell_shopper
from plugin.help import Article, get_article, learn
from plugin.language import translator
from plugin.stores import StoreRow, get_store

RIGHT, WRONG = "right", "wrong"


class NoSuchAnswer(LookupError):
    """There is no answer of the bot at this place."""


def say_helped(
    care: Care, store: StoreRow, visitor: VisitorRow, position: int, helped: bool
) -> tuple[ConversationRow, Sequence[MessageRow]]:
    """The shopper says whether an answer of the bot helped. Where its newest one did not, it offers a person, or hands
    over by itself once that was too often. What was wrong stays wrong, for an agent may have said it; counted is what
    was said first. Raises `NoSuchAnswer`."""
    now, verdict = care.clock.now(), RIGHT if helped else WRONG
    here = is_staffed(care, store, now)
    with care.db.transaction(store.id) as tx:
        row = lock_of_visitor(tx, visitor)
        message = _find_answer(tx, row, position) if row is not None else None
        if row is None or message is None or message.offer == "person":
            raise NoSuchAnswer("There is no answer of the bot at this place.")
        if message.verdict in (verdict, WRONG):
            return row, ()
        first, message.verdict = message.verdict is None, verdict
        if first and message.source_article_id:
            count_answer(tx, row, message.source_article_id, "helped" if helped else "not_helped", now)
        if helped:
            row.failures = 0
            if row.owner == "bot" and ask_for_email(row, now):
                tell_shopper(tx, care.hub, row)
            return row, ()
        if row.owner != "bot" or position != row.last_position:
            return row, ()
        row.failures += 1
        if is_too_much(row, store):
            return row, [give_to_people(care, tx, store, row, FAILED, now, here=here)]
        said = Said("bot", _offer_words(row.locale), offer="person")
        offer = add_message(tx, care.hub, row, said, now)
        row.offered_at = offer.position
        return row, [offer]


def _offer_words(locale: str) -> str:
    _ = translator(locale, "care").gettext
    sorry, offer = _("I am sorry that this did not help you."), _("Would you like a person to help you?")
    return f"{sorry} {offer}"


def correct(
    care: Care, store_id: int, public_id: str, position: int, article_id: str | None, agent: Agent
) -> MessageRow:
    """An agent says that an answer of the bot was wrong and, by naming an article, which one answers that question: it
    is learned. Raises `LookupError` for an unknown conversation, answer or article."""
    article = read_article(care, store_id, public_id, article_id) if article_id is not None else None
    with locked(care, store_id, public_id) as (tx, row):
        message = _find_answer(tx, row, position)
        if message is None:
            raise NoSuchAnswer("There is no answer of the bot at this place.")
        message.verdict = WRONG
        if article is not None:
            _learn(care, tx, row, article, position, "corrected", agent)
        return message


def answer_with_article(
    care: Care, store_id: int, public_id: str, article_id: str, agent: Agent, client_id: str
) -> MessageRow:
    """An agent answers with an article; the shopper's last question becomes a way to ask for it. Sending again with the
    same client id gives the same message. Raises `LookupError`, `HeldByOther`."""
    article = read_article(care, store_id, public_id, article_id)
    with locked(care, store_id, public_id) as (tx, row):
        last = row.last_position
        source = (article.article_id, article.title)
        said = Said("agent", article.text, tuple(article.tree), source, client_id=client_id)
        message = add_reply(care, tx, row, agent, said)
        if message.position > last:
            _learn(care, tx, row, article, last + 1, "answered", agent)
        return message


def read_article(care: Care, store_id: int, public_id: str, article_id: str) -> Article:
    """The article as this conversation's shopper reads it. Not inside the transaction that needs it: a store's articles
    may have to be filled first. Raises `LookupError`."""
    with care.db.reading(store_id) as tx:
        which = (ConversationRow.store_id == store_id, ConversationRow.public_id == public_id)
        locale = tx.scalar(select(ConversationRow.locale).where(*which))
        store = get_store(tx, store_id)
    article = get_article(store, article_id, locale or store.locale)
    if locale is None or article is None:
        raise LookupError("There is no such conversation or article in this store.")
    return article


def _learn(
    care: Care, tx: Session, row: ConversationRow, article: Article, before: int, how: str, agent: Agent
) -> None:
    """Teaches the shopper's newest words before a position as a way to ask for the article."""
    asked = (
        select(MessageRow)
        .where(MessageRow.store_id == row.store_id, MessageRow.conversation_id == row.id)
        .where(MessageRow.author == "shopper", MessageRow.position < before)
        .order_by(MessageRow.position.desc())
        .limit(1)
    )
    question = tx.scalar(asked)
    if question is not None:
        learn(
            tx, get_store(tx, row.store_id), article.article_id, row.locale, question.text, how, row.id, agent.id,
            care.clock.now(),
        )  # fmt: skip


def _find_answer(tx: Session, row: ConversationRow, position: int) -> MessageRow | None:
    which = (
        MessageRow.store_id == row.store_id, MessageRow.conversation_id == row.id, MessageRow.position == position,
        MessageRow.author == "bot",
    )  # fmt: skip
    return tx.scalar(select(MessageRow).where(*which))
