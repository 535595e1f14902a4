"""Which question of before asks for the same, looked for beside the requests."""

from __future__ import annotations

from collections.abc import Sequence

import faq_links
from plugin.work import offload


def find_alike(question: tuple[str, str], others: Sequence[tuple[str, str]]) -> int | None:
    """Place in `others` (each as `question`: text, locale), see `faq_links.likeness`. Not inside a transaction."""
    return offload(faq_links.find_alike, question, others)
