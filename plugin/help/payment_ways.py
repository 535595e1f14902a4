"""The ways to pay of a store, what kind of way each is, read from its name, and who takes the payment, where told."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from plugin.help.fact_rows import clean_name, read_rows, read_title
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
    """One way to pay: its title as the shopper reads it, and its kinds (of `KINDS`), none when nobody can tell.
    `typed`: where the details of the payment are typed, and `by`: whose form or page that is, both '' when not told
    (see `plugin.help.payment_safety`)."""

    title: str
    kinds: frozenset[str]
    typed: str = ""
    by: str = ""


def list_payment_ways(facts: Mapping[str, Any], language: str) -> Sequence[PaymentWay]:
    """The ways that the adapter told of, in the shop's order."""
    titled = [(row, read_title(row, language)) for row in read_rows(facts, "payment_methods")]
    return [
        PaymentWay(
            title, _read_kinds(str(row.get("id", "")), title), clean_name(row.get("typed")), clean_name(row.get("by"))
        )
        for row, title in titled
        if title
    ]


def read_title_kinds(title: str) -> frozenset[str]:
    """The kinds that a way's own title names."""
    folded = fold_phrasing(title)
    return frozenset(kind for kind, pattern in _PATTERNS.items() if pattern.search(folded))


def _read_kinds(name: str, title: str) -> frozenset[str]:
    return frozenset(read_title_kinds(title) | ({"pay_on_delivery"} if name in _IDS_ON_DELIVERY else set()))
