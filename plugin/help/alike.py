"""Which questions ask for the same, looked for beside the requests."""

from __future__ import annotations

from collections.abc import Sequence

import faq_links
from plugin.help.phrasings import mask_phrasing
from plugin.work import offload

Question = tuple[str, str]
"""(what was asked, locale)."""


def find_groups(
    questions: Sequence[Question], groups: Sequence[Question], aside: Sequence[Question]
) -> list[int]:
    """Whose group each of `questions` joins, see `faq_links.find_groups`; their words are masked before. Not inside a
    transaction. Nothing of it is kept."""
    return offload(_find_groups, questions, groups, aside)


def _find_groups(questions: Sequence[Question], groups: Sequence[Question], aside: Sequence[Question]) -> list[int]:
    return faq_links.find_groups(_mask(questions), _mask(groups), _mask(aside))


def _mask(questions: Sequence[Question]) -> list[Question]:
    return [(mask_phrasing(text), locale) for text, locale in questions]
