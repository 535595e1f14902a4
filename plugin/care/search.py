"""Finding talks by the words in them, while every text lies encrypted.

Each message leaves blind indexes of how its words begin; they name the talks that may be meant, and only a message that
is opened and really has the words is a find. Whatever was typed is words: there are no operators, so there is nothing
to get wrong and nothing to inject.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, delete, func, insert, or_, select
from sqlalchemy.orm import Session

from plugin.care.desk_models import MessageWordRow
from plugin.care.models import ConversationRow, MessageRow
from plugin.database import Database, Vault
from plugin.orders import OrderRow
from plugin.work import offload

SHORTEST, STEM = 2, 4
"""Signs of a word that counts, and how many of a longer one are indexed."""
MOST_WORDS_KEPT = 80
"""Of one message."""
MOST_WORDS_TYPED = 12
LONGEST_TYPED = 200
MOST_FOUND = 50
MOST_LOOKED_AT = 500
"""Messages that one search opens."""
PAGE = 10
"""Talks whose messages are opened in one go."""
LINE = 160
"""Signs of the line that is shown of a find."""

_WORD = re.compile(r"[^\W_]+")
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")
_REFERENCE = re.compile(r"M-[A-Z0-9]{6}")


@dataclass(frozen=True)
class Piece:
    """A part of a line. `marked`: it is one of the words that were looked for."""

    text: str
    marked: bool


@dataclass(frozen=True)
class Find:
    """One talk. `why`: ``words``, ``email``, ``order`` or ``reference``; `message` and `line`: the newest message that
    has one of the words, and the place in it; None and () for what was found by something else."""

    row: ConversationRow
    why: str
    message: MessageRow | None = None
    line: tuple[Piece, ...] = ()


@dataclass(frozen=True)
class Finds:
    """`words`: what was looked for, folded; `orders`: row ids of orders with the typed number; `cut`: there may be
    more, older ones."""

    words: tuple[str, ...]
    talks: Sequence[Find]
    orders: Sequence[int] = ()
    cut: bool = False


def fold_word(word: str) -> str:
    """Without case and accents; how two spellings of a word become one."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in plain if not unicodedata.combining(sign)).casefold()


def split_words(text: str) -> list[tuple[str, int, int]]:
    """(folded word, start, end) of every word of two letters or digits at least, in order. `text` in NFC."""
    found = ((fold_word(word[0]), word.start(), word.end()) for word in _WORD.finditer(text))
    return [one for one in found if len(one[0]) >= SHORTEST]


def compose(text: str) -> str:
    """The form of letters in which words are looked for: an accent is part of its letter."""
    return unicodedata.normalize("NFC", text)


def read_typed(typed: str) -> tuple[str, ...]:
    """The different words of what somebody typed, 12 at most."""
    words = dict.fromkeys(word for word, _, _ in split_words(compose(typed[:LONGEST_TYPED])))
    return tuple(words)[:MOST_WORDS_TYPED]


def words_said(message: MessageRow) -> str:
    """What a message is found by. Of an answer with an article that is the title: its words are the shop's, and the
    same in very many talks."""
    return compose(message.source_title or "" if message.source_article_id else message.text)


# Writing the index


def index_words(tx: Session, message: MessageRow) -> None:
    """Keeps how the words of a new message begin. The house's own sentences are not looked for."""
    if message.author == "system":
        return
    vault: Vault = tx.get_bind().dialect.mostrador_vault  # type: ignore[attr-defined]
    stems = dict.fromkeys(word[:STEM] for word, _, _ in split_words(words_said(message)))
    rows = [
        {"store_id": message.store_id, "conversation_id": message.conversation_id, "message_id": message.id,
         "word_index": _index(vault, message.store_id, stem)}
        for stem in list(stems)[:MOST_WORDS_KEPT]
    ]  # fmt: skip
    if rows:
        tx.execute(insert(MessageWordRow), rows)


def index_again(tx: Session, message: MessageRow) -> None:
    """The same after its text was changed, or for one that was written before there was an index."""
    mine = (MessageWordRow.store_id == message.store_id, MessageWordRow.message_id == message.id)
    tx.execute(delete(MessageWordRow).where(*mine), execution_options={"synchronize_session": False})
    index_words(tx, message)


def _index(vault: Vault, store_id: int, stem: str) -> str:
    """The same word has another index in every store: how often stores say it cannot be compared."""
    return vault.index("message-word", f"{store_id} {stem}")


# Looking


def search_talks(db: Database, store_id: int, typed: str) -> Finds:
    """The talks of a store that have all the typed words somewhere in them, the newest first; before them those with
    the typed e-mail address (left, or in their order), order number or reference ``M-…``."""
    typed = " ".join(typed[:LONGEST_TYPED].replace("\0", " ").split())
    words, named, orders = read_typed(typed), *_find_named(db, store_id, typed)
    found = {find.row.id for find in named}
    talks, cut = list(named), False
    if words:
        by_words, cut = _find_by_words(db, store_id, words)
        talks += [find for find in by_words if find.row.id not in found]
    return Finds(words, talks[:MOST_FOUND], orders, cut or len(talks) > MOST_FOUND)


def _find_named(db: Database, store_id: int, typed: str) -> tuple[list[Find], list[int]]:
    """By what is one thing, not words. Orders are found by their number alone."""
    if not typed:
        return [], []
    wishes: list[tuple[str, ColumnElement[bool]]] = []
    mine, orders = OrderRow.store_id == store_id, list[int]()
    with db.reading(store_id) as tx:
        if _ADDRESS.fullmatch(typed):
            index = db.vault.index("email", typed.lower())
            theirs = select(OrderRow.id).where(mine, OrderRow.email_index == index)
            left = ConversationRow.email_index == index
            wishes.append(("email", or_(left, ConversationRow.order_id.in_(theirs))))
        bare = typed.lstrip("#")
        if bare:
            numbers = [db.vault.index("order-number", one) for one in dict.fromkeys((typed, bare, f"#{bare}"))]
            numbered = select(OrderRow.id).where(mine, OrderRow.version != "", OrderRow.number_index.in_(numbers))
            orders = list(tx.scalars(numbered.order_by(OrderRow.id.desc()).limit(5)))
            wishes.append(("order", ConversationRow.order_id.in_(orders)))
        if _REFERENCE.fullmatch(typed.upper()):
            wishes.append(("reference", ConversationRow.reference == typed.upper()))
        finds: dict[int, Find] = {}
        for why, which in wishes:
            told = (ConversationRow.store_id == store_id, ConversationRow.last_position > 0, which)
            newest = select(ConversationRow).where(*told).order_by(ConversationRow.last_message_at.desc())
            for row in tx.scalars(newest.limit(MOST_FOUND)):
                finds.setdefault(row.id, Find(row, why))
    return list(finds.values()), orders


def _find_by_words(db: Database, store_id: int, words: tuple[str, ...]) -> tuple[list[Find], bool]:
    indexes = list(dict.fromkeys(_index(db.vault, store_id, word[:STEM]) for word in words))
    finds: list[Find] = []
    looked_at = 0
    for page in _candidates(db, store_id, indexes):
        with db.reading(store_id) as tx:
            said = _read_said(tx, store_id, page, indexes, MOST_LOOKED_AT + 1 - looked_at)
            which = (ConversationRow.store_id == store_id, ConversationRow.id.in_(said))
            rows = {row.id: row for row in tx.scalars(select(ConversationRow).where(*which))}
        looked_at += sum(map(len, said.values()))
        lines = offload(_find_lines, {one: [words_said(row) for row in said[one]] for one in rows}, words)
        for one in page:
            if one in lines:
                place, line = lines[one]
                finds.append(Find(rows[one], "words", said[one][place] if line else None, line))
        if looked_at > MOST_LOOKED_AT or len(finds) > MOST_FOUND:
            return finds[:MOST_FOUND], True
    return finds, False


def _find_lines(
    said: dict[int, list[str]], words: tuple[str, ...]
) -> dict[int, tuple[int, tuple[Piece, ...]]]:
    """Conversation → (which of its messages, the place in it), of those that have all the words."""
    lines = {}
    for one, texts in said.items():
        if _has_all(texts, words):
            marked = ((place, mark_line(text, words)) for place, text in enumerate(texts))
            lines[one] = next((found for found in marked if found[1]), (0, ()))
    return lines


def _candidates(db: Database, store_id: int, indexes: Sequence[str]) -> Iterator[list[int]]:
    """Talks in which every index stands, those with the newest such message first, in pages. The rarest word leads."""
    word = MessageWordRow
    with db.reading(store_id) as tx:
        rarest = min(indexes, key=lambda one: tx.scalar(
            select(func.count()).select_from(word).where(word.store_id == store_id, word.word_index == one)
        ) or 0)  # fmt: skip
        newest = func.max(word.message_id)
        led = select(word.conversation_id).where(word.store_id == store_id, word.word_index == rarest)
        for other in indexes:
            if other != rarest:
                has = select(MessageWordRow.conversation_id).where(
                    MessageWordRow.store_id == store_id, MessageWordRow.word_index == other
                )
                led = led.where(word.conversation_id.in_(has))
        ordered = led.group_by(word.conversation_id).order_by(newest.desc()).limit(MOST_LOOKED_AT + 1)
        ids = list(tx.scalars(ordered))
    for start in range(0, len(ids), PAGE):
        yield ids[start : start + PAGE]


def _read_said(
    tx: Session, store_id: int, talks: Sequence[int], indexes: Sequence[str], most: int
) -> dict[int, list[MessageRow]]:
    """Conversation → its messages with one of the indexes, the newest first; `most` in all, opened."""
    marked = select(MessageWordRow.message_id).where(
        MessageWordRow.store_id == store_id, MessageWordRow.word_index.in_(indexes),
        MessageWordRow.conversation_id.in_(talks),
    )  # fmt: skip
    which: tuple[Any, ...] = (MessageRow.store_id == store_id, MessageRow.id.in_(marked))
    said: dict[int, list[MessageRow]] = {}
    for row in tx.scalars(select(MessageRow).where(*which).order_by(MessageRow.id.desc()).limit(most)):
        said.setdefault(row.conversation_id, []).append(row)
    return said


def _has_all(texts: Sequence[str], words: Sequence[str]) -> bool:
    """Whether every word stands in one of the texts."""
    left = set(words)
    for text in texts:
        there = {one for one, _, _ in split_words(text)}
        left -= {word for word in left if any(_is_word(one, word) for one in there)}
        if not left:
            return True
    return False


def _is_word(there: str, typed: str) -> bool:
    """A word of four signs or more is found by its beginning; a shorter one as it is."""
    return there == typed or (len(typed) >= STEM and there.startswith(typed))


def mark_line(text: str, words: Sequence[str]) -> tuple[Piece, ...]:
    """The surroundings of the first of the words in a text, with all of them marked; () when none is there."""
    text = " ".join(text.split())
    places = [(start, end) for one, start, end in split_words(text) if any(_is_word(one, word) for word in words)]
    if not places:
        return ()
    begin = max(0, min(places[0][0] - LINE // 3, len(text) - LINE))
    end = min(len(text), begin + LINE)
    pieces, at = [Piece("…", False)] if begin else [], begin
    for start, stop in places:
        if start < at or stop > end:
            continue
        pieces += [Piece(text[at:start], False), Piece(text[start:stop], True)]
        at = stop
    pieces += [Piece(text[at:end] + ("…" if end < len(text) else ""), False)]
    return tuple(piece for piece in pieces if piece.text)
