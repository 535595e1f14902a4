"""What a question to the merchant is, whose answer fills the articles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Placeholder:
    """One question of the form; `label`, `help` and `example` per language (es, en, pt). `kind`: see
    `faq_links.placeholders`."""

    key: str
    kind: Literal["text", "number", "free"]
    label: Mapping[str, str]
    help: Mapping[str, str]
    example: Mapping[str, str]


def three(es: str, en: str, pt: str) -> dict[str, str]:
    """The same words in the three languages we speak."""
    return {"es": es, "en": en, "pt": pt}
