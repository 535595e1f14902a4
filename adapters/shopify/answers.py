"""What an answer of the Admin API means: its data, what was kept from us, or the contract's error.

Shopify answers 200 to almost everything. Recorded in its documentation (read 2026-11-21):

- https://shopify.dev/docs/api/usage/response-codes : 401 token, 402 and 423 a shop that is frozen or locked, 403, 404,
  429 with ``Retry-After``, 430 a security rejection.
- https://shopify.dev/docs/apps/build/apis/graphql-admin/rate-limits : ``extensions.cost`` beside data and errors;
  ``errors[].extensions.code`` is ``THROTTLED`` in a 200 when the bucket is too empty.
- https://shopify.dev/docs/apps/launch/protected-customer-data : a field we are not approved for is null, with an entry
  in ``errors`` that names its path; everything else of the answer is there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import msgspec

from adapters.shopify.values import clean_text
from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    AdapterError,
    Answer,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Words,
)

DENIED = "ACCESS_DENIED"
THROTTLED = "THROTTLED"
UNREADABLE = "UNREADABLE"
"""Our own word, for an entry of ``errors`` that says nothing."""
TRANSIENT = frozenset({"INTERNAL_SERVER_ERROR", "TIMEOUT", "SERVICE_UNAVAILABLE", UNREADABLE})
PROTECTED = frozenset({"email", "name", "customer", "shippingAddress", "billingAddress"})
"""What we ask for of a shopper. Shopify's own example of a refusal of such a field carries a path and no code."""
LONGEST_RETRY = 3600.0
MOST_ERRORS = 500
LONGEST_MESSAGE = 300
SMALLEST_WAIT = 0.1
DEFAULT_WAIT = 1.0
JSON = msgspec.json.Decoder(dict[str, Any])

EXPIRED = Words("Shopify no longer accepts our access to this shop.")
FROZEN = Words(
    "Shopify has closed this shop for the moment (its bill, or a check by Shopify). Sign in to Shopify to see why."
)
SHUT_OUT = Words(
    "Shopify no longer lets the app into this shop. Open the app in Shopify, or install it again. Shopify says: {told}"
)
NO_SUCH_SHOP = Words("Shopify knows no open shop at this address any more.")
SLOW_DOWN = Words("Shopify asks us to slow down in this shop.")
DOWN = Words("Shopify answered {status}: it may be down for a moment. We ask again.")
PAGE = Words("Shopify answered {status} with a page instead of data. We ask again.")
REDIRECTED = Words(
    "Shopify sends our question elsewhere, and our access is never sent after it. Connect the shop again."
)
REFUSED = Words("Shopify refused it. Shopify says: {told}")
NOT_ALLOWED = Words(
    "The app may not do this in the shop. Open it in Shopify and approve what it asks for. Shopify says: {told}"
)


class Throttled(RateLimited):
    """The shop's bucket is too empty for the question; `retry_after` says until when."""


class UserRefused(PlatformRefused):
    """Shopify told which field of a wish is wrong; `codes` are its own words for it (``TAKEN``)."""

    def __init__(self, words: Words, codes: frozenset[str]) -> None:
        super().__init__(words)
        self.codes = codes


class NotAllowed(PlatformRefused):
    """A scope or an approval is missing for the whole question."""


@dataclass(frozen=True)
class FieldError:
    """One entry of ``errors``: its path (``("order", "email")``), its code and Shopify's words as plain text."""

    path: tuple[str | int, ...]
    code: str
    message: str


class Data(dict[str, Any]):
    """The ``data`` of an answer. `errors` are the fields that Shopify kept from us; they are null in it."""

    errors: tuple[FieldError, ...] = ()

    def find(self, *path: str) -> Any:
        """What stands at the end of a path of names; None where something on the way is no object."""
        value: Any = self
        for name in path:
            value = value.get(name) if isinstance(value, Mapping) else None
        return value

    @property
    def withheld(self) -> frozenset[str]:
        """The names of the fields kept from us: ``{"email"}``."""
        return frozenset(name for error in self.errors for name in error.path[-1:] if isinstance(name, str))


@dataclass(frozen=True)
class Bucket:
    """What ``extensions.cost.throttleStatus`` told: points there now, at most, and coming back per second."""

    available: float
    maximum: float
    restore_rate: float

    def wait_for(self, needed: float, passed: float) -> float:
        """Seconds until `needed` points are there, `passed` seconds after it was told."""
        held = min(self.available + passed * self.restore_rate, self.maximum)
        missing = min(needed, self.maximum) - held
        wait = missing / self.restore_rate if missing > 0 and self.restore_rate > 0 else 0.0
        return min(wait, LONGEST_RETRY)


@dataclass(frozen=True)
class Reading:
    """One answer of 200, before it is judged."""

    data: Data
    is_empty: bool
    bucket: Bucket | None
    requested_cost: float
    version: str

    def give(self) -> Data:
        """The data, or the error that the answer amounts to."""
        errors = self.data.errors
        if any(error.code == THROTTLED for error in errors):
            wait = self.bucket.wait_for(self.requested_cost, 0.0) if self.bucket else DEFAULT_WAIT
            raise Throttled(SLOW_DOWN, retry_after=min(max(wait, SMALLEST_WAIT), LONGEST_RETRY))
        grave = [error for error in errors if not is_withheld(error)]
        # A field that may not be null takes its parents with it: an order like that is not gone.
        swallowed = [error for error in errors if error.path and is_swallowed(error, self.data)]
        if grave or swallowed or (self.is_empty and errors):
            raise describe_errors(grave or swallowed or errors)
        if self.is_empty:
            raise PlatformDown(Words(PAGE, status=200))
        for payload in self.data.values():
            if isinstance(payload, Mapping):
                check_user_errors(payload)
        return self.data


def read_answer(answer: Answer, now: datetime) -> Reading:
    """What came, if it is an answer of the Admin API at all. Raises the contract's error for its status."""
    status = answer.status
    body = decode_object(answer.body)
    if status == 200 and body is not None and ("data" in body or "errors" in body):
        return read_body(body, find_header(answer.headers, "x-shopify-api-version"))
    if status == 429:
        raise RateLimited(
            SLOW_DOWN, retry_after=read_retry_after(find_header(answer.headers, "retry-after"), now)
        )
    raise describe_status(status, body)


def describe_status(status: int, body: Mapping[str, Any] | None) -> AdapterError:
    """The error for an answer without data. 402 and 423 pass by themselves once the merchant has paid: the store is
    asked again, not parked."""
    if status == 401:
        return AccessExpired(EXPIRED)
    if status in (402, 423):
        return PlatformDown(FROZEN)
    if status == 403 and body is not None:
        return AccessRevoked(Words(SHUT_OUT, told=tell_body(body)))
    if status == 404 and body is not None:
        return AccessRevoked(NO_SUCH_SHOP)
    if 300 <= status < 400:
        return PlatformRefused(REDIRECTED)
    if status in (400, 406, 413, 414, 415, 422) and body is not None:
        return PlatformRefused(Words(REFUSED, told=tell_body(body)))
    return PlatformDown(Words(PAGE if status < 500 else DOWN, status=status))


def read_body(body: Mapping[str, Any], version: str) -> Reading:
    given = body.get("data")
    data = Data(given if isinstance(given, Mapping) else {})
    data.errors = read_errors(body.get("errors"))
    cost = body.get("extensions")
    cost = cost.get("cost") if isinstance(cost, Mapping) else None
    cost = cost if isinstance(cost, Mapping) else {}
    return Reading(
        data=data,
        is_empty=not isinstance(given, Mapping),
        bucket=read_bucket(cost.get("throttleStatus")),
        requested_cost=read_number(cost.get("requestedQueryCost")) or 0.0,
        version=version.strip()[:20],
    )


def read_bucket(status: Any) -> Bucket | None:
    if not isinstance(status, Mapping):
        return None
    available, maximum, rate = (
        read_number(status.get(key)) for key in ("currentlyAvailable", "maximumAvailable", "restoreRate")
    )
    if available is None or maximum is None or not rate:
        return None
    return Bucket(available=available, maximum=maximum, restore_rate=rate)


def read_errors(rows: Any) -> tuple[FieldError, ...]:
    """``errors`` as a list; Shopify also writes a bare string there. None is passed over: one that cannot be read is
    about the whole answer."""
    if not rows:
        return ()
    listed = rows if isinstance(rows, list) else [rows]
    return tuple(read_error(row) for row in listed[:MOST_ERRORS])


def read_error(row: Any) -> FieldError:
    if not isinstance(row, Mapping):
        told = clean_text(row)[:LONGEST_MESSAGE]
        return FieldError(path=(), code="" if told else UNREADABLE, message=told)
    path, extensions = row.get("path"), row.get("extensions")
    code = extensions.get("code") if isinstance(extensions, Mapping) else ""
    return FieldError(
        path=tuple(step for step in path if isinstance(step, (str, int))) if isinstance(path, list) else (),
        code=clean_text(code)[:60],
        message=clean_text(row.get("message"))[:LONGEST_MESSAGE],
    )


def is_withheld(error: FieldError) -> bool:
    """Whether only one field was kept from us, and the rest of the answer is as true as ever."""
    if len(error.path) < 2:
        return False
    return error.code == DENIED or (not error.code and error.path[-1] in PROTECTED)


def is_swallowed(error: FieldError, data: Mapping[str, Any]) -> bool:
    """Whether the error left no answer at all, or took one of a list: what is null there looks like what is gone."""
    value: Any = data
    for place, step in enumerate(error.path):
        if isinstance(step, int):
            value = value[step] if isinstance(value, list) and 0 <= step < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
        if value is None:
            return place == 0 or isinstance(step, int)
    return False


def describe_errors(errors: Sequence[FieldError]) -> AdapterError:
    told = "; ".join(dict.fromkeys(error.message for error in errors if error.message))[:LONGEST_MESSAGE]
    codes = {error.code for error in errors}
    if codes & TRANSIENT:
        return PlatformDown(Words(DOWN, status=200))
    if DENIED in codes:
        return NotAllowed(Words(NOT_ALLOWED, told=told))
    return PlatformRefused(Words(REFUSED, told=told or ", ".join(sorted(filter(None, codes))) or "-"))


def check_user_errors(payload: Mapping[str, Any]) -> None:
    """Raises `UserRefused` when a mutation's payload says that its wish was not done."""
    rows = [
        row
        for key, value in payload.items()
        if key.endswith("serErrors") and isinstance(value, list)
        for row in value[:MOST_ERRORS]
        if isinstance(row, Mapping)
    ]
    if not rows:
        return
    told = "; ".join(dict.fromkeys(filter(None, (clean_text(row.get("message")) for row in rows))))
    codes = frozenset(filter(None, (clean_text(row.get("code"))[:60] for row in rows)))
    raise UserRefused(Words(REFUSED, told=told[:LONGEST_MESSAGE] or ", ".join(sorted(codes))), codes)


def decode_object(body: bytes) -> dict[str, Any] | None:
    try:
        return JSON.decode(body)
    except (ValueError, RecursionError):
        return None


def tell_body(body: Mapping[str, Any]) -> str:
    return "; ".join(error.message for error in read_errors(body.get("errors")))[:LONGEST_MESSAGE] or "-"


def read_number(value: Any) -> float | None:
    """A finite number that is not negative, or None."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    try:
        return float(value) if math.isfinite(value) and value >= 0 else None
    except OverflowError:
        return None


def read_retry_after(value: str, now: datetime) -> float:
    """Seconds to wait, of a number (Shopify writes ``2.0``) or an HTTP date; between one second and an hour."""
    text = value.strip()
    try:
        seconds = float(text) if len(text) < 20 else math.nan
    except ValueError:
        seconds = math.nan
    if math.isfinite(seconds):
        return min(max(seconds, 1.0), LONGEST_RETRY)
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return 2.0
    return min(max((moment - now).total_seconds(), 1.0), LONGEST_RETRY)


def find_header(headers: Mapping[str, str], name: str) -> str:
    return next((value for given, value in headers.items() if given.lower() == name), "")
