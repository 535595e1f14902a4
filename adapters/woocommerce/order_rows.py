"""Orders in a list: how a list is asked for, and which of its rows are looked at."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import msgspec

from adapters.woocommerce.mapping import ORDER_STATUS, read_slug
from adapters.woocommerce.orders import read_order
from adapters.woocommerce.schemas import ORDER, OrderBody, decode
from adapters.woocommerce.values import clean_text, read_id
from plugin.contract import OrderStatus, PayloadUnreadable

log = logging.getLogger(__name__)

ORDER_FIELDS = ",".join(OrderBody.__struct_encode_fields__)
"""What is read of an order and no more: bearer secrets such as `payment_url` stay in the shop."""
ONE_SECOND = timedelta(seconds=1)


class NumberBody(msgspec.Struct, gc=False):
    """An order as far as a search for its number looks at it."""

    id: int | str
    number: str | int | None = None


NUMBERED = msgspec.json.Decoder(NumberBody)


def read_rows(rows: Iterable[msgspec.Raw]) -> Iterator[OrderBody]:
    """The readable orders of a list. One that a plugin has spoilt must not hide the others: it is logged."""
    for row in rows:
        try:
            body = decode(ORDER, row, "order")
            read_order(body)
        except PayloadUnreadable as error:
            log.warning("an order in a list was left out: %s", error)
            continue
        yield body


def changed_query(cursor: datetime, page: int, size: int) -> dict[str, str | int]:
    after = (cursor - ONE_SECOND).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "modified_after": after,
        "dates_are_gmt": "true",
        "orderby": "modified",
        "order": "asc",
        "status": "any",
        "per_page": size,
        "page": page,
        "_fields": ORDER_FIELDS,
    }


def normalise_number(number: str) -> str:
    return clean_text(number).lstrip("#").strip().lower()[:100]


def match_number(row: msgspec.Raw, wanted: str) -> str:
    """The id of the order in a row when its number is the wanted one, else ''."""
    try:
        body = decode(NUMBERED, row, "order")
        return read_id(body.id, "order") if normalise_number(str(body.number or body.id)) == wanted else ""
    except PayloadUnreadable:
        return ""


def has_number(body: OrderBody, wanted: str) -> bool:
    return normalise_number(str(body.number or body.id)) == wanted


def is_draft(body: OrderBody) -> bool:
    return ORDER_STATUS.get(read_slug(body.status)) is OrderStatus.draft
