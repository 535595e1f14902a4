"""Which rows are about one customer. Reads in pages, so that no store is too large."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar
from urllib.parse import quote

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from plugin.care import ConversationRow, MessageRow, NoteRow, index_mailbox
from plugin.database import Database
from plugin.orders import OrderRow, Receipt

PAGE = 200
T = TypeVar("T")


@dataclass
class Customer:
    """One customer of one store: row ids by table, and every address their orders were placed with."""

    store_id: int
    addresses: set[str] = field(default_factory=set)
    orders: list[int] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    """What they called themselves in their orders, and in talks that are proven to be theirs."""
    order_ids: set[str] = field(default_factory=set)
    """The platform's ids of the orders."""
    visitors: list[int] = field(default_factory=list)
    conversations: list[int] = field(default_factory=list)
    """Those in which one of their orders, or they themselves, were proven."""
    claimed: list[int] = field(default_factory=list)
    """Those in which somebody left one of their addresses, or was proven to be the customer to whom the platform
    counts one of their orders, which may be whoever typed their address: forgotten with the customer, and not copied
    for them."""

    def email_indexes(self, db: Database) -> list[str]:
        """The blind indexes of their addresses."""
        return [db.vault.index("email", address) for address in sorted(self.addresses)]

    def mailbox_indexes(self, db: Database) -> list[str]:
        """Those by which it is counted what their mailboxes were sent."""
        return sorted({index_mailbox(db.vault, address) for address in self.addresses})


def find_customer(
    db: Database, store_id: int, email: str = "", customer_id: str = "", orders: Sequence[str] = ()
) -> Customer:
    """The customer with this address, with this id at the platform, with these orders (the platform's ids), or all of
    them. Raises ValueError for none."""
    address = email.strip().lower()
    named = {one for one in orders if one}
    if not address and not customer_id and not named:
        raise ValueError("Name the customer by an e-mail address, by the platform's customer id or by their orders.")
    # An order that never reached us may still stand in deliveries.
    found, counted_to = Customer(store_id, {address} - {""}, order_ids=set(named)), set()
    for row in _orders_of(db, found, customer_id, named):
        counted_to.add(str(_read(row.snapshot, "customer_id") or ""))
        found.orders.append(row.id)
        found.order_ids.add(row.external_id)
        found.addresses |= {str(_read(row.snapshot, "email")).strip().lower()} - {""}
        found.names |= {str(_read(row.snapshot, "customer_name")).strip()} - {""}
    _find_conversations(db, found, customer_id, counted_to - {"", customer_id})
    return found


def _find_conversations(db: Database, customer: Customer, customer_id: str, counted_to: Iterable[str]) -> None:
    """`customer_id`: whom somebody named; `counted_to`: to whom else the platform counts their orders."""
    mine, indexes = ConversationRow.store_id == customer.store_id, customer.email_indexes(db)
    themselves, others = ([db.vault.index("customer", one) for one in ids] for ids in ([customer_id], counted_to))
    proven = [(ConversationRow.order_id.in_(page), customer.conversations) for page in pages(customer.orders)]
    if customer_id:
        proven.append((ConversationRow.customer_index.in_(themselves), customer.conversations))
    claimed = [(ConversationRow.email_index.in_(page), customer.claimed) for page in pages(indexes)]
    claimed += [(ConversationRow.customer_index.in_(page), customer.claimed) for page in pages(others)]
    for which, found in (*proven, *claimed):
        with db.reading(customer.store_id) as tx:
            for conversation in tx.scalars(select(ConversationRow).where(mine, which)):
                if conversation.visitor_id not in customer.visitors:
                    found.append(conversation.id)
                    if found is customer.conversations and conversation.writer_name:
                        customer.names.add(conversation.writer_name)
                    customer.visitors.append(conversation.visitor_id)


def _orders_of(db: Database, customer: Customer, customer_id: str, named: set[str]) -> Iterator[OrderRow]:
    """By address and by order there is an index, which is quick; a customer's id has none: every order is opened."""
    mine, indexes = OrderRow.store_id == customer.store_id, set(customer.email_indexes(db))
    if customer_id:
        for row in scan(db, customer.store_id, select(OrderRow).where(mine), OrderRow.id):
            is_theirs = _read(row.snapshot, "customer_id") == customer_id
            if is_theirs or row.email_index in indexes or row.external_id in named:
                yield row
        return
    seen: set[int] = set()
    kinds = [OrderRow.email_index.in_(indexes)] if indexes else []
    for which in (*kinds, *(OrderRow.external_id.in_(page) for page in pages(sorted(named)))):
        for row in scan(db, customer.store_id, select(OrderRow).where(mine, which), OrderRow.id):
            if row.id not in seen:
                seen.add(row.id)
                yield row


def _read(snapshot: str, key: str) -> Any:
    return json.loads(snapshot).get(key, "") if snapshot else ""


def find_receipts(db: Database, customer: Customer) -> list[int]:
    """Receipts whose body is about the customer's orders, or names one of their addresses."""
    mine = (Receipt.store_id == customer.store_id, Receipt.delivery.is_not(None))
    named = address_pattern(customer.addresses)
    return [
        row.id
        for row in scan(db, customer.store_id, select(Receipt).where(*mine), Receipt.id)
        if row.order_external_id in customer.order_ids or named.search((row.delivery or b"").decode("utf-8", "replace"))
    ]


def find_mentions(db: Database, customer: Customer) -> list[int]:
    """Messages of conversations that nobody proved to be theirs, in which one of their addresses stands."""
    mine = MessageRow.store_id == customer.store_id
    named = address_pattern(customer.addresses)
    return [
        row.id
        for row in scan(db, customer.store_id, select(MessageRow).where(mine), MessageRow.id)
        if row.conversation_id not in customer.conversations
        and (named.search(row.text) or named.search(row.body or ""))
    ]


def find_noted(db: Database, customer: Customer) -> list[int]:
    """Notes in conversations that nobody proved to be theirs, in which one of their addresses stands."""
    mine, named = NoteRow.store_id == customer.store_id, address_pattern(customer.addresses)
    return [
        row.id
        for row in scan(db, customer.store_id, select(NoteRow).where(mine), NoteRow.id)
        if row.conversation_id not in customer.conversations and named.search(row.text)
    ]


def address_pattern(addresses: Iterable[str]) -> re.Pattern[str]:
    """Finds these addresses in text, JSON and URLs, in any case; not as a part of somebody else's longer one."""
    forms = {form for one in addresses for form in (one, json.dumps(one)[1:-1], quote(one))}
    written = "|".join(map(re.escape, sorted(forms))) or r"(?!)"
    # In JSON the letter before it may belong to an escape (``\\n``).
    before = r"(?:(?<![a-z0-9._%+\-])|(?<=\\[nrtbf]))"
    return re.compile(rf"{before}(?:{written})(?![a-z0-9\-]|\.[a-z0-9])", re.IGNORECASE)


def scan(db: Database, store_id: int, query: Select[Any], key: InstrumentedAttribute[int]) -> Iterator[Any]:
    """All rows of a query by ascending `key`, each page in a short transaction of its own."""
    last = 0
    while True:
        with db.reading(store_id) as tx:
            rows = list(tx.scalars(query.where(key > last).order_by(key).limit(PAGE)))
        yield from rows
        if len(rows) < PAGE:
            return
        last = int(getattr(rows[-1], key.key))
        time.sleep(0)  # opening many sealed rows takes long: others of this process come in between


def pages(ids: Iterable[T]) -> Iterator[list[T]]:
    """The ids in pieces that fit into one statement."""
    listed = list(ids)
    for start in range(0, len(listed), PAGE):
        yield listed[start : start + PAGE]
