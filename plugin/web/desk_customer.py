"""The card beside a conversation: whose it is, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from babel import Locale

from plugin.care.card import Customer
from plugin.contract import Meaning
from plugin.language import language_of
from plugin.web.desk_orders import tell_line


def tell_customer(customer: Customer, meanings: Mapping[str, Meaning]) -> dict[str, Any]:
    """Orders as lines of a list; talks and ratings as they are kept."""
    return {
        "orders": [tell_line(row, meanings) for row in customer.orders],
        "claimed": [tell_line(row, meanings) for row in customer.claimed],
        "talks": customer.talks, "claimed_talks": customer.claimed_talks, "ratings": customer.ratings,
    }  # fmt: skip


def name_language(locale: str, reader: str) -> str:
    """``español`` for ``es-CO``, in the reader's language."""
    return str(Locale.parse(language_of(locale)).get_display_name(reader) or locale)
