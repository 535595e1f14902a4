"""The ways to pay of a store, and what kind of way each is, read from its name."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.help.fact_rows import read_rows, read_title
from plugin.help.phrasings import fold_phrasing

_WORDS = {
    "pay_on_delivery": r"cod|on delivery|contra ?entrega|contra ?reembolso|al recibir|na entrega|a la entrega",
    "card": r"cards?|tarjetas?|cartao|cartoes|credito|debito|visa|mastercard|amex",
    "transfer": r"transfer|transferencias?|bank|pix|pse|boleto|deposito",
    "wallet": r"pay ?pal|bizum|nequi|daviplata|apple pay|google pay|mercado ?pago|amazon pay",
    "instalments": r"cuotas|instal\w*|parcel\w*|klarna|a plazos|pay later|financi\w*|aplazad\w*",
}
KINDS = tuple(_WORDS)
_PATTERNS = {kind: re.compile(rf"\b(?:{words})\b") for kind, words in _WORDS.items()}
_IDS_ON_DELIVERY = frozenset(("cod", "on_delivery", "cash_on_delivery", "pay_on_delivery"))


@dataclass(frozen=True)
class PaymentWay:
    """One way to pay: its title as the shopper reads it, and its kinds (of `KINDS`), none when nobody can tell."""

    title: str
    kinds: frozenset[str]


def list_payment_ways(facts: Mapping[str, Any], language: str) -> Sequence[PaymentWay]:
    """The ways that the adapter told of, in the shop's order."""
    titled = [(str(row.get("id", "")), read_title(row, language)) for row in read_rows(facts, "payment_methods")]
    return [PaymentWay(title, _read_kinds(name, title)) for name, title in titled if title]


def _read_kinds(name: str, title: str) -> frozenset[str]:
    folded = fold_phrasing(title)
    found = {kind for kind, pattern in _PATTERNS.items() if pattern.search(folded)}
    return frozenset(found | ({"pay_on_delivery"} if name in _IDS_ON_DELIVERY else set()))
