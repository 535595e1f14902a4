"""Words as shoppers type them, brought to a common form: folded, spelled out, stemmed."""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import Any

import snowballstemmer

from faq_links.chat_spelling import CHAT
from faq_links.folding import fold
from faq_links.learnt import find_known_root

_STEMMERS = {
    "es": "spanish", "en": "english", "pt": "portuguese", "fr": "french", "it": "italian", "de": "german",
    "nl": "dutch", "ca": "catalan", "sv": "swedish", "da": "danish", "ro": "romanian",
}  # fmt: skip
_local = threading.local()
_WORD = re.compile(r"[^\W_]+")
_COMPOUND = re.compile(r"\bcontra[ -]?(r?reembolso|entrega)s?\b")
"""Cash on delivery written apart: it has nothing of a refund or a delivery that its second word tells of."""
MAX_WORDS = 60
"""Words of a question that count; a shopper's question has said what it wants long before."""


def split_words(text: str, language: str) -> list[str]:
    """Folded words in order, chat spelling written out; at most `MAX_WORDS`."""
    chat = CHAT.get(language, {})
    found: list[str] = []
    for word in _WORD.findall(_COMPOUND.sub(r"contra\1", fold(text[:4000]))):
        found += chat.get(word, word).split()
        if len(found) >= MAX_WORDS:
            return found[:MAX_WORDS]
    return found


def _stemmer(language: str) -> Any:
    """One stemmer per thread and language: the library's objects carry the word they work on."""
    stemmers: dict[str, Any] = _local.__dict__.setdefault("stemmers", {})
    if language not in stemmers:
        stemmers[language] = snowballstemmer.stemmer(_STEMMERS[language])
    return stemmers[language]


def _restore_accent(word: str, language: str) -> str:
    """Shoppers drop accents, and the stemmer knows `-ción` only with one."""
    if language == "es":
        return re.sub(r"(c|s)ion$", r"\1ión", word)
    if language == "pt":
        return re.sub(r"coes$", "ções", re.sub(r"([^ ]{2})cao$", r"\1ção", word))
    return word


@lru_cache(maxsize=20_000)
def stem(word: str, language: str) -> str:
    """The root of a folded word, folded; the word itself for languages without a stemmer."""
    if language not in _STEMMERS or len(word) < 4 or word.isdigit():
        return word
    return find_known_root(word, language) or find_root(word, language)


def find_root(word: str, language: str) -> str:
    """The same by the stemmer alone, for a word of four letters or more."""
    root = str(_stemmer(language).stemWord(_restore_accent(word, language)))
    return fold(root)


_SOUNDS = (
    ("qu", "k"), ("ll", "y"), ("ss", "s"), ("ce", "se"), ("ci", "si"), ("ge", "je"), ("gi", "ji"),
    ("ph", "f"), ("v", "b"), ("z", "s"), ("x", "s"), ("h", ""), ("q", "k"), ("c", "k"), ("y", "i"),
    ("w", "u"),
)  # fmt: skip


@lru_cache(maxsize=50_000)
def sound(word: str, language: str) -> str:
    """How a Spanish or Portuguese word sounds, so that `debolver` meets `devolver`; others as they are."""
    if language not in ("es", "pt", "ca"):
        return word
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return word


def character_grams(words: list[str]) -> dict[str, int]:
    """Counts of the three- and four-letter pieces of words, their borders marked."""
    counts: dict[str, int] = {}
    for word in words:
        framed = f"^{word}$"
        for size in (3, 4):
            for start in range(len(framed) - size + 1):
                piece = framed[start : start + size]
                counts[piece] = counts.get(piece, 0) + 1
    return counts
