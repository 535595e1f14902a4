"""Questions as JSON lines in, answers as JSON lines out: the body of `mostrador faq ask --jsonl`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from faq_links.catalogue import Catalogue
from faq_links.locales import find_locale, guess_locale
from faq_links.matching import match


def ask(lines: Iterable[str], catalogue: Catalogue) -> Iterator[str]:
    """One line `{"ranked": [[article_id, score], ...], "answered": bool, "handoff": bool}` per line
    `{"text": str, "lang": str}`, in order, without line ends.

    A language the catalogue does not have, or none, is guessed from the text. A line that cannot be read
    gets an empty answer with an `error` sentence.
    """
    for line in lines:
        yield json.dumps(_answer_line(line, catalogue), ensure_ascii=True)


def _answer_line(line: str, catalogue: Catalogue) -> dict[str, object]:
    empty: dict[str, object] = {"ranked": [], "answered": False, "handoff": False}
    try:
        question = json.loads(line)
    except (ValueError, RecursionError):
        return {
            **empty,
            "error": 'The line is not JSON; write one object such as {"text": "...", "lang": "es"}.',
        }
    if not isinstance(question, dict):
        return {**empty, "error": 'The line is not an object; write {"text": "...", "lang": "es"}.'}
    text = question.get("text")
    if not isinstance(text, str):
        return {**empty, "error": 'The line has no "text"; put the question between quotes as "text".'}
    lang = question.get("lang")
    found = match(catalogue, text, choose_locale(text, lang if isinstance(lang, str) else "", catalogue))
    return {
        "ranked": [list(one) for one in found.ranked],
        "answered": found.answered,
        "handoff": found.handoff,
    }


def choose_locale(text: str, lang: str, catalogue: Catalogue) -> str:
    """The locale of the catalogue for `lang`; else of the text's looks; else the default."""
    wanted = find_locale(lang, catalogue.locales) or guess_locale(text, catalogue.locales)
    return wanted or catalogue.default_locale or ""
