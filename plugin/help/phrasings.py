"""A shopper's question as it may be kept for ever: without what is about the shopper alone.

Masked are mail addresses, links, card and telephone numbers, order and parcel numbers, and street addresses. Names
cannot be told from other words: what is learned stands on the desk, where it is read and undone.
"""

from __future__ import annotations

import re
import unicodedata

from faq_links.person import asks_for_person
from faq_links.small_talk import is_small_talk
from plugin.mail import clean_words

LONGEST_PHRASING = 300
MASK = "•••"

_LINK = re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE)
_MAIL = re.compile(r"[^\s@<>()]+@[^\s@<>()]+")
_KINDS = (
    r"calle|cl\.|c/|cra\.?|carrera|kra\.?|avenida|avda\.?|av\.|transversal|diagonal|paseo|plaza|barrio|apartamento|apto\.?"
    r"|rua|travessa|alameda|praça|rodovia|bairro"
)
# "Calle del Molino 12, 3º B" · "Cra 7 # 12-34": a kind of street, a few words, and numbers.
_STREET = re.compile(
    rf"(?<!\w)(?:{_KINDS})\s*[^\n?!;]{{0,40}}?\d[\w\-#º°ª/]*(?:[\s,#\-]{{1,3}}(?:n[º°o.]{{0,2}}\s*)?\d[\w\-º°ª/]*){{0,3}}",
    re.IGNORECASE,
)
# "12 Long Acre Street"
_STREET_EN = re.compile(
    r"\b\d+\w?\s+(?:[^\W\d_]+\s+){1,3}(?:street|st|road|rd|avenue|ave|lane|drive|boulevard|blvd|close|court)\b\.?",
    re.IGNORECASE,
)
# "#1042", "n.º 88" and "pedido 7": a number that somebody calls one.
_NUMBERED = re.compile(
    r"#\s?[\w\-]*\d[\w\-]*|\bn[º°]\s?[\w\-]*\d[\w\-]*"
    r"|(?<=\bpedido\s)\d[\w\-]*|(?<=\border\s)\d[\w\-]*|(?<=\borden\s)\d[\w\-]*|(?<=\bencomenda\s)\d[\w\-]*",
    re.IGNORECASE,
)
# Letters and four digits in one word are a parcel's or an order's number, not a model: "iphone15" stays.
_CODE = re.compile(r"(?<![\w\-])(?=[\w\-]*[^\W\d_])(?=(?:[\w\-]*\d){4})[\w\-]{5,}")
_DIGITS = re.compile(r"(?<!\w)\+?\(?\d(?:[\s().\-/·•_]{0,2}\d){3,}")
_MASKS = re.compile(r"(?:[\s,(+#]*•+[\s,)]*)+")


class Unlearnable(ValueError):
    """Words that cannot become a phrasing; `code` says why: empty, short, long, talk (politeness, or a wish for a
    person) or article (no such article)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def mask_phrasing(text: str) -> str:
    """`text` on one line, with what is about one shopper alone masked."""
    line = clean_words(text, 4 * LONGEST_PHRASING)
    for pattern in (_LINK, _MAIL, _STREET, _STREET_EN, _NUMBERED, _CODE, _DIGITS):
        line = pattern.sub(MASK, line)
    return _MASKS.sub(f" {MASK} ", line).strip()


def check_phrasing(text: str) -> str:
    """The phrasing as it is kept. Raises `Unlearnable`."""
    masked = mask_phrasing(text)
    letters = sum(sign.isalpha() for sign in masked)
    if not masked:
        raise Unlearnable("empty")
    if letters < 2:
        raise Unlearnable("short")
    if len(masked) > LONGEST_PHRASING:
        raise Unlearnable("long")
    if is_small_talk(masked) or asks_for_person(masked):
        raise Unlearnable("talk")
    return masked


def fold_phrasing(text: str) -> str:
    """The words alone, lower case without accents: two phrasings that fold alike are one. Never changed again, for the
    blind indexes of what was learned are made of it."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    letters = (sign for sign in plain if not unicodedata.combining(sign))
    return " ".join("".join(sign if sign.isalnum() else " " for sign in letters).split())
