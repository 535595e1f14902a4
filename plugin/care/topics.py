"""What a talk is about, in one of five words. Guessed from what the shopper writes; a person's word stands over it.

A rough guess for sorting and counting, made in well under a millisecond: it answers nobody. What the bot's own matching
found out, that somebody asks where their parcel is, is taken along. Each message keeps its own, so that what is counted
is a contact and not a whole talk, which may go on for years.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from plugin.care import topic_words
from plugin.care.models import ConversationRow, MessageRow
from plugin.care.search import fold_word
from plugin.help import is_angry
from plugin.language import language_of

DOUBT, COMPLAINT, PRAISE, COMMENT, WHERE = "doubt", "complaint", "praise", "comment", "where_is_my_order"
TOPICS = (DOUBT, COMPLAINT, PRAISE, COMMENT, WHERE)
"""In the order of their keys, 1 to 5."""
_WEIGHT = {"": 0, COMMENT: 1, PRAISE: 2, DOUBT: 3, WHERE: 4, COMPLAINT: 5}
"""A talk is about the weightiest thing in it: who thanks in the end still asked, and who complains no longer asks."""
WHERE_ARTICLES = frozenset(("track-order", "find-order", "late-parcel", "delivered-not-received", "missed-delivery"))
"""Articles whose question is where a parcel is."""


def _compile(words: dict[str, str]) -> dict[str, re.Pattern[str]]:
    return {one: re.compile(pattern.replace("{goods}", topic_words.GOODS[one])) for one, pattern in words.items()}


_KNOWN = {
    WHERE: _compile(topic_words.WHERE),
    COMPLAINT: _compile(topic_words.COMPLAINT),
    PRAISE: _compile(topic_words.PRAISE),
}
_ASKING = _compile(topic_words.ASKS)
_LONGEST = 2000
_NO_PRAISE = re.compile(r"\b(?:no|not|nao|nada|nunca|never|nor|ni|poco|pouco|isnt|wasnt|doesnt|dont|didnt)\b")


def guess_topic(texts: Iterable[str], locale: str) -> str:
    """What a shopper's messages are about: doubt, complaint, praise, comment or where_is_my_order; '' when there is
    nothing in them to tell it by (a greeting, a thank you, a number)."""
    topic = ""
    for text in texts:
        topic = _weightier(topic, _heaviest(_find_topics(text, language_of(locale))))
    return topic


def guess_again(conversation: ConversationRow, messages: Iterable[MessageRow]) -> None:
    """Forgets what a person said of a talk, and guesses from its shopper's messages."""
    conversation.topic, conversation.topic_by = "", "guess"
    for message in messages:
        note_topic(conversation, message)


def _weightier(one: str, other: str) -> str:
    return one if _WEIGHT.get(one, 0) >= _WEIGHT[other] else other


def _heaviest(found: Iterable[str]) -> str:
    return max(found, key=_WEIGHT.__getitem__, default="")


def write_topics(topic: str, asks_order: bool) -> str | None:
    """What a message keeps (`MessageRow.topic`): its topic; of a complaint that asks where an order is, both."""
    return f"{COMPLAINT} {WHERE}" if topic == COMPLAINT and asks_order else topic or None


def read_topics(kept: str | None) -> list[str]:
    """What was kept so, the weightiest first."""
    return (kept or "").split()


def weigh_topics(kept: Iterable[str | None]) -> str:
    """The weightiest topic of several messages; '' for none."""
    return _heaviest(topic for one in kept for topic in read_topics(one))


def _find_topics(text: str, language: str) -> set[str]:
    text = _cut(text)
    plain = " ".join(re.findall(r"[^\W_]+", fold_word(re.sub(r"['’´`]", "", text))))[:_LONGEST]
    if not plain:
        return set()
    found = {topic for topic, words in _KNOWN.items() if _is_in(words, plain, language)}
    if "?" in text or _NO_PRAISE.search(plain):
        found.discard(PRAISE)
    if is_angry(text):
        found.add(COMPLAINT)
    if "?" in text or "¿" in text or _is_in(_ASKING, plain, language):
        found.add(DOUBT)
    if PRAISE in found:
        found.discard(DOUBT)
    return found or ({COMMENT} if len(plain.split()) >= 4 else set())


def _cut(text: str) -> str:
    """As much as is looked at. Some signs stand for eighteen letters: they are counted as those."""
    return unicodedata.normalize("NFKC", text[:_LONGEST].replace("´", ""))[:_LONGEST]


def _is_in(words: dict[str, re.Pattern[str]], plain: str, language: str) -> bool:
    """Shoppers write English on Spanish pages, and the other way round: the page's language only comes first."""
    return any(words[one].search(plain) for one in sorted(words, key=lambda one: one != language))


def note_topic(conversation: ConversationRow, message: MessageRow) -> None:
    """What a new message is about, and what that does to its talk's topic: nothing once a person has said what it is.
    Writes no row itself."""
    guessed = ""
    if message.author == "shopper":
        found = _find_topics(message.text, language_of(conversation.locale))
        guessed = _heaviest(found)
        message.topic = write_topics(guessed, WHERE in found)
    elif message.author == "bot" and message.source_article_id in WHERE_ARTICLES:
        guessed = message.topic = WHERE
    if conversation.topic_by == "guess":
        conversation.topic = _weightier(conversation.topic or "", guessed)
