"""What is wrong with a noun or an event, in words. The types of the contract are the rule."""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from plugin.contract import Coupon, Event, Money, Order, OrderLine, Record, Refund, Shipment, TrackingEvent

EVENTS: tuple[type[Record], ...] = typing.get_args(Event)


def find_event_faults(events: object) -> list[str]:
    """What is wrong with the form of what `parse_webhook` gave."""
    if not isinstance(events, (tuple, list)):
        return [f"parse_webhook gave {type(events).__name__}, not a sequence of events"]
    faults = []
    for event in events:
        if isinstance(event, EVENTS):
            faults += find_faults(event)
        else:
            faults.append(f"parse_webhook gave {type(event).__name__}, which is no event of the contract")
    return faults


def find_faults(record: Record, path: str = "") -> list[str]:
    """Every field whose value is not of the contract's type, such as ``Order.created_at has no time zone``."""
    path = path or type(record).__name__
    kind: Any = type(record)
    hints = read_hints(kind)
    faults = []
    for field in fields(record):  # type: ignore[arg-type]  # every Record is made a dataclass
        faults += check_value(getattr(record, field.name), hints[field.name], f"{path}.{field.name}")
    return faults


@cache
def read_hints(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def check_value(value: Any, hint: Any, path: str) -> list[str]:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in arguments:
            return []
        found = [check_value(value, one, path) for one in arguments if one is not type(None)]
        return min(found, key=len)
    if origin in (tuple, frozenset):
        return check_members(value, origin, arguments, path)
    if origin is not None:
        return [] if isinstance(value, Mapping) else [f"{path} is {type(value).__name__}, not a mapping"]
    return check_plain(value, hint, path)


def check_members(value: Any, kind: Any, arguments: tuple[Any, ...], path: str) -> list[str]:
    if type(value) is not kind:
        return [f"{path} is {type(value).__name__}, not {kind.__name__}"]
    if kind is tuple and arguments[-1] is not Ellipsis:
        if len(value) != len(arguments):
            return [f"{path} has {len(value)} members, not {len(arguments)}"]
        pairs = list(zip(value, arguments, strict=True))
    else:
        pairs = [(item, arguments[0]) for item in value]
    return [fault for number, (item, hint) in enumerate(pairs)
            for fault in check_value(item, hint, f"{path}[{number}]")]


def check_plain(value: Any, kind: type, path: str) -> list[str]:
    wrong = [f"{path} is {type(value).__name__} ({value!r:.60}), not {kind.__name__}"]
    if kind is datetime:
        if not isinstance(value, datetime):
            return wrong
        if value.utcoffset() is None:
            return [f"{path} has no time zone ({value!r})"]
        return [] if value.utcoffset() == timedelta(0) else [f"{path} is not in UTC ({value!r})"]
    if kind is Decimal:
        if type(value) is not Decimal:
            return wrong
        return [] if value.is_finite() else [f"{path} is no number ({value!r})"]
    if kind is str and isinstance(value, str):
        return check_text(value, path)
    if kind in (int, bool, str):
        return [] if type(value) is kind else wrong
    if not isinstance(value, kind):
        return wrong
    return find_faults(value, path) if isinstance(value, Record) else []


def check_text(value: str, path: str) -> list[str]:
    # Neither can be written to a database: PostgreSQL refuses NUL, UTF-8 a lone surrogate.
    if "\0" in value:
        return [f"{path} holds a NUL character ({value!r:.60})"]
    if any("\ud800" <= letter <= "\udfff" for letter in value):
        return [f"{path} holds half a character ({value!r:.60})"]
    return []


def find_gaps(record: Record, path: str = "") -> list[str]:
    """What a genuine noun lacks although its types are right: ids, currencies, the platform's own words."""
    path = path or type(record).__name__
    gaps = [f"{path}{gap}" for gap in describe_gaps(record)]
    for field in fields(record):  # type: ignore[arg-type]
        value = getattr(record, field.name)
        for number, item in enumerate(value if isinstance(value, tuple) else (value,)):
            if isinstance(item, Record):
                inner = f"{path}.{field.name}[{number}]" if isinstance(value, tuple) else f"{path}.{field.name}"
                gaps += find_gaps(item, inner)
    return gaps


def describe_gaps(record: Record) -> list[str]:
    gaps = [f".{name} is empty" for name in ("external_id", "order_external_id", "customer_id")
            if getattr(record, name, "given") == "" and not isinstance(record, (Shipment, Order))]
    match record:
        case Order():
            needed = ("external_id", "number", "raw_status")
            gaps += [f".{name} is empty" for name in needed if not getattr(record, name)]
        case TrackingEvent(raw_status=""):
            gaps.append(".raw_status is empty")
        case Money() if not (len(record.currency) == 3 and record.currency.isascii() and record.currency.isupper()):
            gaps.append(f".currency is {record.currency!r}, not three letters such as EUR")
        case Shipment(external_id="", tracking_number=""):
            gaps.append(" has neither external_id nor tracking_number")
        case Refund() if record.amount.amount <= 0:
            gaps.append(".amount is not positive")
        case OrderLine() if record.quantity < 0:
            gaps.append(".quantity is negative")
        case Coupon() if (record.percent is None) == (record.amount is None):
            gaps.append(" needs exactly one of percent and amount")
    return gaps
