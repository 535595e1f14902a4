"""The only file that talks to a WooCommerce shop: REST v3 with Basic authentication over https.

Source: https://woocommerce.github.io/woocommerce-rest-api-docs/ and our recordings (2026-11-21):

- Basic over plain http is ignored by WooCommerce without a word, so http is refused here before a key is
  sent.
- Unknown query parameters are ignored, not refused: an answer's first order is never taken for a match.
- `modified_after` is strictly greater and stamps have whole seconds, so questions overlap by one second.
- A page of HTML with status 200 is common (maintenance, plain permalinks, a firewall's challenge).
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

import msgspec

from adapters.woocommerce.mapping import ORDER_STATUS, read_slug
from adapters.woocommerce.orders import hides_parcels, is_gone, read_order
from adapters.woocommerce.schemas import (
    ERROR,
    FULFILLMENTS,
    INDEX,
    ORDER,
    ORDER_ROWS,
    SYSTEM,
    WEBHOOKS,
    ErrorBody,
    IndexBody,
    OrderBody,
    SystemBody,
    WebhookBody,
    decode,
)
from adapters.woocommerce.shipments import read_fulfillments
from adapters.woocommerce.values import clean_text, read_id, read_time
from plugin.contract import (
    AccessRevoked,
    Answer,
    Http,
    NotFound,
    Order,
    OrderStatus,
    PayloadUnreadable,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Shipment,
    Store,
)

log = logging.getLogger(__name__)

PER_PAGE = 100
MOST_PAGES = 1000
"""At most 100 000 orders in one go; the caller goes on from the last one it got."""
MOST_SEARCH_PAGES = 3
ONE_SECOND = timedelta(seconds=1)
GONE_CODES = frozenset({"woocommerce_rest_shop_order_invalid_id", "woocommerce_rest_order_invalid_id"})
NO_ROUTE = "rest_no_route"


class Shop:
    """One shop's REST API. Raises `PlatformRefused` when the store has no keys or no https address."""

    def __init__(self, http: Http, store: Store) -> None:
        key = store.credentials.get("consumer_key", "")
        secret = store.credentials.get("consumer_secret", "")
        if not (key and secret):
            raise PlatformRefused(
                "no access: this store is connected without API keys. Add them on the store's page."
            )
        self.http = http
        self.base = (store.credentials.get("url") or f"https://{store.domain}").rstrip("/")
        if not self.base.startswith("https://"):
            raise PlatformRefused(
                "no access: WooCommerce accepts API keys only over https. Give the shop a certificate."
            )
        token = base64.b64encode(f"{key}:{secret}".encode()).decode("ascii")
        self.headers = {"Authorization": f"Basic {token}", "Accept": "application/json"}

    def get(self, path: str, query: Mapping[str, str | int] | None = None) -> bytes:
        """The JSON of ``GET /wp-json/wc/v3/<path>``. Raises the contract's error for everything else."""
        url = f"{self.base}/wp-json/wc/v3/{path}" + (f"?{urlencode(query)}" if query else "")
        return read_answer(self.http.request("GET", url, headers=self.headers))

    def get_order(self, external_id: str) -> Order:
        """The order now, with its parcels. Raises `NotFound`, also for an order in the bin."""
        body = decode(ORDER, self.get(f"orders/{quote(read_id(external_id, 'order'), safe='')}"), "order")
        if is_gone(body):
            raise NotFound(f"Order {external_id} lies in the shop's bin.")
        return self.complete_order(body)

    def complete_order(self, body: OrderBody) -> Order:
        """`body` as an order, with the parcels it does not carry itself."""
        return read_order(body, self.list_parcels(read_id(body.id, "order")) if hides_parcels(body) else None)

    def list_parcels(self, external_id: str) -> tuple[Shipment, ...] | None:
        """The order's fulfillments, or None when the shop has switched the feature off."""
        try:
            answer = self.get(f"orders/{external_id}/fulfillments")
        except NoRoute:
            return None
        fulfillments = decode(FULFILLMENTS, answer, "list of fulfillments")
        return read_fulfillments(fulfillments)

    def find_order(self, number: str) -> Order | None:
        """The order whose number is exactly `number` (a leading ``#`` does not matter), or None.

        The number is the id unless a plugin numbers orders itself; then the shop's search is asked, which
        matches parts of many fields, and only an equal number counts. At most 300 hits are looked through.
        """
        wanted = normalise_number(number)
        if not wanted:
            return None
        found = self.find_by_id(wanted) or self.find_by_search(wanted)
        if found is None or is_gone(found) or is_draft(found):
            return None
        return self.complete_order(found)

    def find_by_id(self, wanted: str) -> OrderBody | None:
        if not (wanted.isascii() and wanted.isdigit() and wanted.strip("0") and len(wanted) < 20):
            return None
        try:
            body = decode(ORDER, self.get(f"orders/{wanted.lstrip('0')}"), "order")
        except NotFound:
            return None
        return body if has_number(body, wanted) else None

    def find_by_search(self, wanted: str) -> OrderBody | None:
        for page in range(1, MOST_SEARCH_PAGES + 1):
            query: dict[str, str | int] = {"search": wanted, "per_page": PER_PAGE, "page": page}
            rows = decode(ORDER_ROWS, self.get("orders", query), "list of orders")
            for body in read_rows(rows):
                if has_number(body, wanted):
                    return body
            if len(rows) < PER_PAGE:
                break
        return None

    def list_changed(self, since: datetime) -> Iterator[Order]:
        """Orders modified at or after `since` (down to its whole second), oldest change first, no drafts.

        Pages are asked for by the last seen time, not by number: an order that changes meanwhile moves to
        the end and would push its neighbours onto a page already read.
        """
        seen: set[tuple[str, datetime]] = set()
        cursor, page = since.replace(microsecond=0), 1
        for _ in range(MOST_PAGES):
            rows = decode(ORDER_ROWS, self.get("orders", changed_query(cursor, page)), "list of orders")
            newest = cursor
            for body in read_rows(rows):
                modified_at = read_time(body.date_modified_gmt, "order's date_modified_gmt")
                newest = max(newest, modified_at)
                mark = (read_id(body.id, "order"), modified_at)
                if mark in seen or is_draft(body) or is_gone(body):
                    continue
                seen.add(mark)
                yield self.complete_order(body)
            if len(rows) < PER_PAGE:
                return
            cursor, page = (newest, 1) if newest > cursor else (cursor, page + 1)

    def list_webhooks(self) -> list[WebhookBody]:
        """The shop's webhooks, newest first (the first hundred)."""
        return decode(WEBHOOKS, self.get("webhooks", {"per_page": PER_PAGE}), "list of webhooks")

    def read_system(self) -> SystemBody:
        """Language and currency of the shop. Raises `AccessRevoked` when the keys may not see it."""
        query: dict[str, str | int] = {"_fields": "environment.language,settings.currency"}
        return decode(SYSTEM, self.get("system_status", query), "system status")

    def check_reading(self) -> None:
        """Raises the contract's error unless these keys may read orders."""
        decode(ORDER_ROWS, self.get("orders", {"per_page": 1, "_fields": "id"}), "list of orders")


class NoRoute(PlatformRefused):
    """The shop does not offer this part of WooCommerce's API."""


def read_index(http: Http, base: str) -> IndexBody:
    """The public index of the WordPress site at `base`; asked without keys."""
    answer = http.request("GET", f"{base}/wp-json/", headers={"Accept": "application/json"})
    return decode(INDEX, read_answer(answer), "index of the site")


def read_answer(answer: Answer) -> bytes:
    """The body of a good answer. Raises the contract's error for its status, or when it is no JSON at all."""
    body = answer.body.removeprefix(b"\xef\xbb\xbf").strip()
    is_json = body[:1] in (b"{", b"[")
    if answer.status == 200 and is_json:
        return body
    if answer.status == 429:
        raise RateLimited("The shop asks us to slow down.", retry_after=read_retry_after(answer.headers))
    if answer.status in (408, 425) or answer.status >= 500:
        raise PlatformDown(f"The shop answered {answer.status}.")
    if 300 <= answer.status < 400:
        raise PlatformRefused("The shop redirects its API. Connect it with the address it redirects to.")
    if not is_json:
        raise describe_page(answer.status)
    raise describe_error(answer.status, body)


def describe_page(status: int) -> PlatformDown | PlatformRefused:
    """The error for an answer that is a web page (or nothing) where data belongs."""
    if status == 404:
        return PlatformRefused(
            "The shop has no API at this address. In WordPress, set Settings > Permalinks to "
            "anything but Plain."
        )
    return PlatformDown(
        f"The shop answered {status} with a page instead of data. A maintenance page or a security plugin "
        "may stand in front of it."
    )


def describe_error(status: int, body: bytes) -> Exception:
    """The error for a refusal in WooCommerce's own words."""
    try:
        error = decode(ERROR, body, "error")
    except PayloadUnreadable:
        error = ErrorBody(code="")
    code, words = clean_text(error.code)[:100], clean_text(error.message)[:300]
    told = f"{words} ({code})" if words else f"The shop answered {status}. {code}".strip()
    if status in (401, 403):
        return AccessRevoked(f"The shop no longer accepts our API keys: {told}")
    if status == 404 and code == NO_ROUTE:
        return NoRoute(told)
    if status == 410 or (status == 404 and (code in GONE_CODES or not code)):
        return NotFound(told)
    return PlatformRefused(told)


def read_retry_after(headers: Mapping[str, str]) -> float:
    """Seconds to wait; a minute when the shop does not say, an hour at most."""
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return (
        float(min(max(int(value), 1), 3600))
        if value.isascii() and value.isdigit() and len(value) < 9
        else 60.0
    )


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


def changed_query(cursor: datetime, page: int) -> dict[str, str | int]:
    after = (cursor - ONE_SECOND).strftime("%Y-%m-%dT%H:%M:%S")
    return {
        "modified_after": after,
        "dates_are_gmt": "true",
        "orderby": "modified",
        "order": "asc",
        "status": "any",
        "per_page": PER_PAGE,
        "page": page,
    }


def normalise_number(number: str) -> str:
    return clean_text(number).lstrip("#").strip().lower()[:100]


def has_number(body: OrderBody, wanted: str) -> bool:
    return normalise_number(str(body.number or body.id)) == wanted


def is_draft(body: OrderBody) -> bool:
    return ORDER_STATUS.get(read_slug(body.status)) is OrderStatus.draft
