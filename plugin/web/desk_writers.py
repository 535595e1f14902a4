"""Who writes in a conversation, as far as one knows: a name that is proven, one that was only typed, or none."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from plugin.care import ConversationRow
from plugin.notices.mail_facts import clean
from plugin.orders import name_customers
from plugin.web.access import here_store
from plugin.web.doors import doors

LONGEST = 80


@dataclass(frozen=True)
class Writer:
    """`name`: '' where nobody is named. `is_proven`: it stands in an order that is proven to be theirs; else they
    typed it themselves."""

    name: str
    is_proven: bool


def name_writers(tx: Any, rows: Iterable[ConversationRow]) -> dict[str, Writer]:
    """Public id → who writes there. One question for all of them; see `plugin.orders.customer_names`."""
    talks = list(rows)
    proven = name_customers(tx, doors().db.vault, here_store().id, {one.order_id for one in talks if one.order_id})
    return {row.public_id: _name_writer(row, proven.get(row.order_id or 0, "")) for row in talks}


def _name_writer(row: ConversationRow, proven: str) -> Writer:
    return Writer(clean(proven or row.writer_name or "", LONGEST), bool(proven))
