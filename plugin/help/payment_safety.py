"""What makes paying safe in a store, said only where it is surely so, in es, en and pt.

An adapter tells it: ``https: True`` when every page of the shop is served over it, and of a way to pay ``typed`` (one
of `_SAID`) with ``by``, whose form or page it is (see `StoreAdapter.store_facts`). A way of which nothing is told is
not spoken of, so that a shop without cards reads nothing about cards; of buyer protection and 3-D Secure nothing is
said at all, as they depend on the country, the bank and the purchase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plugin.help.payment_ways import PaymentWay, list_payment_ways, read_title_kinds
from plugin.help.phrasings import fold_phrasing

LONGEST = 700
"""A shop with one way of each kind is told whole, in every language; a longer list is not read before paying."""
MOST_TITLES = 3
"""Of ways that share a sentence; what is said is as true of the others, only not said."""

_HTTPS = {
    "es": "La dirección de la tienda empieza por https: lo que escribes en sus páginas viaja cifrado.",
    "en": "The shop's address begins with https: what you type on its pages travels encrypted.",
    "pt": "O endereço da loja começa com https: o que você digita nas páginas dela viaja criptografado.",
}
_SAID: Mapping[str, Mapping[str, str]] = {
    "form": {
        "es": "Con {titles}, el número de tu tarjeta se escribe en un formulario de {by}: la tienda no lo recibe.",
        "en": "With {titles}, your card's number is typed into a form run by {by}: the shop does not receive it.",
        "pt": "Com {titles}, o número do seu cartão é digitado em um formulário de {by}: a loja não o recebe.",
    },
    "page": {
        "es": "Con {titles}, el número de tu tarjeta se escribe en la página de {by}: la tienda no lo recibe.",
        "en": "With {titles}, your card's number is typed on a page run by {by}: the shop does not receive it.",
        "pt": "Com {titles}, o número do seu cartão é digitado em uma página de {by}: a loja não o recebe.",
    },
    "account": {
        "es": "Con {titles}, pagas en {by}: la tienda no recibe los datos con que pagas.",
        "en": "With {titles}, {by} takes the payment: the shop does not receive the details you pay with.",
        "pt": "Com {titles}, quem cobra é {by}: a loja não recebe os dados com que você paga.",
    },
    "bank": {
        "es": "Con {titles}, el pago lo haces tú desde tu banco.",
        "en": "With {titles}, you make the payment yourself, from your bank.",
        "pt": "Com {titles}, você mesmo faz o pagamento, pelo seu banco.",
    },
}
"""By where the details of the payment are typed: a form of somebody else's on the shop's page, the page of somebody
else, an account with somebody else, or nowhere, as the shopper's own bank pays."""
_ALONE = frozenset(("bank",))
"""What is true without knowing of whom."""
_ON_DELIVERY = {
    "es": "Con {titles}, pagas al recibir el pedido, no antes.",
    "en": "With {titles}, you pay when the order reaches you, not before.",
    "pt": "Com {titles}, você paga ao receber o pedido, não antes.",
}
_QUOTED = {"es": "«{}»", "en": "“{}”", "pt": "“{}”"}
_OR = {"es": " o ", "en": " or ", "pt": " ou "}
_IN_ADVANCE = re.compile(
    r"\b(?:antes|previo|before|link|enlace|flete|frete|envio|anticip\w*|adelant\w*|abono|senal|sena|reserva|part\w*"
    r"|mitad|advance\w*|deposit\w*|prepa\w*|upfront|half|sinal|entrada|metade)\b"
)
"""Words of a way that may want some of the money before."""


def tell_payment_safety(facts: Mapping[str, Any], language: str) -> str:
    """Whole sentences, each on a line of its own, as many as fit, '' when nothing is sure."""
    told = ""
    for sentence in _list_sentences(facts, language):
        longer = f"{told}\n{sentence}".strip()
        if len(longer) <= LONGEST:
            told = longer
    return told


def _list_sentences(facts: Mapping[str, Any], language: str) -> Iterator[str]:
    """What tells most comes first."""
    if facts.get("https") is True:
        yield _HTTPS[language]
    ways = list_payment_ways(facts, language)
    yield from _list_typed(ways, ("form", "page"), language)
    if at_door := [way.title for way in ways if _is_paid_at_door(way)]:
        yield _ON_DELIVERY[language].format(titles=_name(at_door, language))
    yield from _list_typed(ways, ("account", "bank"), language)


def _list_typed(ways: Sequence[PaymentWay], kinds: Sequence[str], language: str) -> Iterator[str]:
    """A sentence for all ways of one kind that the same one takes."""
    for typed in kinds:
        titles: dict[str, list[str]] = {}
        for way in ways:
            # Shops use the gateway of bank transfers for other ways too: its title must say what it is.
            sure = way.by if typed not in _ALONE else read_title_kinds(way.title) == {"transfer"}
            if way.typed == typed and sure:
                titles.setdefault(way.by, []).append(way.title)
        for by, named in titles.items():
            yield _SAID[typed][language].format(titles=_name(named, language), by=by)


def _is_paid_at_door(way: PaymentWay) -> bool:
    """Whether nothing of it is paid before: its title says so itself, and names no other way, but for a card, which one
    may pay with at the door, and nothing in advance."""
    named = read_title_kinds(way.title)
    only = named <= {"pay_on_delivery", "card"} and "pay_on_delivery" in named
    return only and not way.typed and not _IN_ADVANCE.search(fold_phrasing(way.title)) and "%" not in way.title


def _name(titles: Sequence[str], language: str) -> str:
    return _OR[language].join(_QUOTED[language].format(one) for one in list(dict.fromkeys(titles))[:MOST_TITLES])
