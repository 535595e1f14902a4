"""Questions that ask for the same, put together beside the requests."""

from __future__ import annotations

from collections.abc import Sequence

import faq_links
from plugin.work import offload


def group_alike(questions: Sequence[tuple[str, str]]) -> list[list[int]]:
    """Groups of places in `questions` (text, locale), see `faq_links.likeness`. Not inside a transaction."""
    return offload(faq_links.group_alike, questions)
