"""The shapes WooCommerce sends, as loosely as real shops send them.

Only what Mostrador reads is named; everything else is skipped unread, so `payment_url`, `order_key` and the
shopper's address lines never get past this file. Types wander between shops and plugins (a recorded
`image.id` is ``"54"`` or ``55``, a meta value is a string, a list or an object, PHP turns a list with a gap
into an object), therefore the unions.

Source: https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties (2026-11-21) and the
recorded traffic in ``tests/data/woocommerce``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec

from plugin.contract import PayloadUnreadable

Row = TypeVar("Row")
Decoded = TypeVar("Decoded")

EMPTY = msgspec.Raw(b"null")


class MetaBody(msgspec.Struct, gc=False):
    """One `meta_data` entry; the value is decoded only when its key is one we know."""

    key: str | int | None = None
    value: msgspec.Raw = EMPTY
    display_key: Any = None
    display_value: Any = None


class AddressBody(msgspec.Struct, gc=False):
    first_name: str | None = None
    last_name: str | None = None
    company: str | None = None
    country: str | None = None
    email: str | None = None


class LineBody(msgspec.Struct, gc=False):
    id: int | str
    total: str | int | float
    quantity: int | float | str
    name: str | None = None
    product_id: int | str | None = None
    sku: str | int | float | None = None
    meta_data: list[MetaBody] | dict[str, MetaBody] | None = None


class ShippingLineBody(msgspec.Struct, gc=False):
    method_id: str | None = None


class RefundBody(msgspec.Struct, gc=False):
    id: int | str
    total: str | int | float
    reason: str | None = None


class OrderBody(msgspec.Struct, gc=False):
    """A whole order, the same in a delivery and in an answer of ``GET orders/{id}``."""

    id: int | str
    status: str
    currency: str
    total: str | int | float
    date_created_gmt: str
    date_modified_gmt: str
    line_items: list[LineBody] | dict[str, LineBody]
    number: str | int | None = None
    date_paid_gmt: str | None = None
    date_completed_gmt: str | None = None
    customer_id: int | str | None = None
    billing: AddressBody | list[Any] | None = None
    shipping: AddressBody | list[Any] | None = None
    payment_method: str | None = None
    payment_method_title: str | None = None
    shipping_lines: list[ShippingLineBody] | dict[str, ShippingLineBody] | None = None
    refunds: list[RefundBody] | dict[str, RefundBody] | None = None
    meta_data: list[MetaBody] | dict[str, MetaBody] | None = None


class FulfillmentBody(msgspec.Struct, gc=False):
    """One entry of ``GET orders/{id}/fulfillments`` (core, WooCommerce 10.1 and later)."""

    id: int | str
    status: str | None = None
    is_fulfilled: bool | int | str | None = None
    meta_data: list[MetaBody] | dict[str, MetaBody] | None = None


class NoteBody(msgspec.Struct, gc=False):
    """One entry of ``GET orders/{id}/notes``; `author` is ``WooCommerce`` for the system."""

    note: str | None = None
    author: str | None = None
    customer_note: bool | None = None
    date_created_gmt: str | None = None


class TrackingBody(msgspec.Struct, gc=False):
    """One entry of ``GET wc-shipment-tracking/v3/orders/{id}/shipment-trackings`` (AST: ``wc-ast/v3``)."""

    tracking_id: str | int | None = None
    tracking_number: str | int | None = None
    tracking_provider: str | None = None
    tracking_link: str | None = None


class ShiptasticLineBody(msgspec.Struct, gc=False):
    order_item_id: int | str | None = None
    quantity: int | float | str | None = None


class ShiptasticBody(msgspec.Struct, gc=False):
    """One entry of Shiptastic's ``GET wc/v3/shipments``."""

    id: int | str | None = None
    order_id: int | str | None = None
    tracking_id: str | int | None = None
    tracking_url: str | None = None
    shipping_provider: str | None = None
    status: str | None = None
    type: str | None = None
    date_sent_gmt: str | None = None
    est_delivery_date_gmt: str | None = None
    items: list[ShiptasticLineBody] | dict[str, ShiptasticLineBody] | None = None


class ErrorData(msgspec.Struct, gc=False):
    """`data` beside an error's `code`; its `status` is an integer or, seen once, the string ``"404"``."""

    status: int | str | None = None


class ErrorBody(msgspec.Struct, gc=False):
    """An error; `data` is an object or a bare status (both recorded)."""

    code: str
    message: str | None = None
    data: ErrorData | int | str | list[Any] | None = None


class ActionBody(msgspec.Struct, gc=False):
    """The body of an ``action.*`` topic: the first argument of the WordPress hook, whatever it is."""

    action: str
    arg: Any = None


class WebhookBody(msgspec.Struct, gc=False):
    """One entry of ``GET webhooks``."""

    id: int
    status: str = ""
    topic: str = ""
    delivery_url: str = ""
    name: str = ""


class IndexBody(msgspec.Struct, gc=False):
    """The public ``/wp-json/`` index."""

    name: str = ""
    home: str = ""
    timezone_string: str | None = None
    namespaces: list[str] = []


class EnvironmentBody(msgspec.Struct, gc=False):
    language: str | None = None


class SettingsBody(msgspec.Struct, gc=False):
    currency: str | None = None


class SystemBody(msgspec.Struct, gc=False):
    """The part of ``GET system_status`` we ask for."""

    environment: EnvironmentBody | None = None
    settings: SettingsBody | None = None


ORDER = msgspec.json.Decoder(OrderBody)
ORDER_ROWS = msgspec.json.Decoder(list[msgspec.Raw])
FULFILLMENTS = msgspec.json.Decoder(list[FulfillmentBody])
NOTES = msgspec.json.Decoder(list[NoteBody])
TRACKING_ROWS = msgspec.json.Decoder(list[TrackingBody])
SHIPTASTIC_ROWS = msgspec.json.Decoder(list[ShiptasticBody])
ERROR = msgspec.json.Decoder(ErrorBody)
ACTION = msgspec.json.Decoder(ActionBody)
WEBHOOKS = msgspec.json.Decoder(list[WebhookBody])
INDEX = msgspec.json.Decoder(IndexBody)
SYSTEM = msgspec.json.Decoder(SystemBody)
OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])
ANYTHING = msgspec.json.Decoder()


def decode(decoder: msgspec.json.Decoder[Decoded], data: bytes | msgspec.Raw | str, what: str) -> Decoded:
    """Decode `data`, or raise `PayloadUnreadable` naming `what` and where it went wrong.

    `ValueError` covers malformed JSON, wrong types, NaN, numbers out of range and invalid UTF-8;
    `RecursionError` covers nesting made to exhaust the stack. No content of the body gets into the words.
    """
    try:
        return decoder.decode(data)
    except UnicodeDecodeError:
        raise PayloadUnreadable(f"The {what} is not valid UTF-8.") from None
    except RecursionError:
        raise PayloadUnreadable(f"The {what} is nested too deeply.") from None
    except ValueError as error:
        raise PayloadUnreadable(f"The {what} could not be read: {error}.") from None


def list_rows(rows: Sequence[Row] | Mapping[str, Row] | None) -> Sequence[Row]:
    """The rows of a list which PHP may have sent as an object, or of nothing."""
    if not rows:
        return ()
    return tuple(rows.values()) if isinstance(rows, Mapping) else rows
