"""What we ask a WooCommerce shop, over REST v3: orders, parcels, webhooks, and whatever else `get` and `send` are
given. How it is asked stands in `client`, what its answers mean in `answers`.

Source: https://woocommerce.github.io/woocommerce-rest-api-docs/ and our recordings (2026-11-21):

- Unknown query parameters are ignored, not refused: an answer's first order is never taken for a match.
- `modified_after` is strictly greater and stamps have whole seconds, so questions overlap by one second.
- ``status=any`` leaves out the bin, drafts of the back office and statuses that a plugin registered as not to be
  searched, so an order that does not come in a list is asked for by itself before it is taken for gone.
- A shop may fail over a hundred orders at once (too large, too slow) that gives twenty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import msgspec

from adapters.woocommerce.answers import (
    READS_ONLY,
    KeyReadsOnly,
    KeyRefused,
    NoRoute,
    describe_silence,
    read_answer,
    read_retry_after,
)
from adapters.woocommerce.client import GuardedApi, Query, choose_way
from adapters.woocommerce.order_rows import (
    ORDER_FIELDS,
    changed_query,
    has_number,
    is_draft,
    match_number,
    normalise_number,
    read_rows,
)
from adapters.woocommerce.orders import is_gone
from adapters.woocommerce.parcel_search import ParcelSearch
from adapters.woocommerce.schemas import (
    ORDER,
    ORDER_ROWS,
    SYSTEM,
    WEBHOOKS,
    OrderBody,
    SystemBody,
    WebhookBody,
    decode,
)
from adapters.woocommerce.values import read_id, read_time
from plugin.contract import (
    Clock,
    Http,
    NotFound,
    Order,
    PlatformDown,
    PlatformRefused,
    Store,
    SystemClock,
    Words,
)

__all__ = ["NoRoute", "Shop", "read_answer", "read_retry_after"]

ROOT = "wc/v3"
PER_PAGE = 100
PAGE_SIZES = (100, 20, 4)
"""Each divides the one before, so a page that did not come can be asked for again in smaller ones."""
MOST_PAGES = 1000
"""At most 100 000 orders in one go; the caller goes on from the last one it got."""
MOST_SEARCH_PAGES = 3
MOST_WEBHOOK_PAGES = 10
CHECKED_AT_ONCE = 50
SMALLEST_CHECK = 10


class Shop:
    """One shop's REST API. Raises `PlatformRefused` when the store has no keys.

    Credentials: `url` (where requests go), `home` (what OAuth signs for), `auth` (`client.WAYS`), the keys.
    """

    def __init__(self, http: Http, store: Store, clock: Clock | None = None) -> None:
        given = store.credentials
        self.key, self.secret = given.get("consumer_key", ""), given.get("consumer_secret", "")
        if not (self.key and self.secret):
            raise PlatformRefused(
                Words("no access: this store is connected without API keys. Add them on the store's page.")
            )
        self.http = http
        self.clock = clock or SystemClock()
        self.base = (given.get("url") or f"https://{store.domain}").rstrip("/")
        self.home = (given.get("home") or self.base).rstrip("/")
        self.way = choose_way(given.get("auth", ""), self.base)
        self.parcels = ParcelSearch(self)

    def __repr__(self) -> str:
        return f"Shop({self.base!r})"

    def get(self, path: str, query: Query | None = None, root: str = ROOT) -> bytes:
        """The JSON of ``GET /wp-json/<root>/<path>``. Raises the contract's error for everything else."""
        return self.ask("GET", path, None, query, root)

    def send(
        self, method: str, path: str, body: Mapping[str, Any] | None = None, query: Query | None = None,
        root: str = ROOT,
    ) -> bytes:  # fmt: skip
        """The JSON of a POST, PUT or DELETE. Raises `PlatformRefused` when the key may only read."""
        try:
            return self.ask(method.upper(), path, body, query, root)
        except KeyRefused:
            # The same code as a wrong secret, and words in the shop's language: reading tells them apart.
            self.check_reading()
            raise KeyReadsOnly(READS_ONLY) from None

    def ask(
        self, method: str, path: str, body: Mapping[str, Any] | None, query: Query | None, root: str
    ) -> bytes:  # fmt: skip
        api = GuardedApi(self.http, self.clock, self.base, self.home, self.way, self.key, self.secret, root)
        try:
            answer = api.ask(method, path, body, query)
        except PlatformDown as error:
            raise describe_silence(error) from error
        return read_answer(answer, self.clock.now())

    def list_pages(self, path: str, query: Query | None = None, most: int = MOST_SEARCH_PAGES) -> Iterator[bytes]:
        """The pages of a list, a hundred rows each, at most `most` of them."""
        for page in range(1, most + 1):
            body = self.get(path, {**(query or {}), "per_page": PER_PAGE, "page": page})
            yield body
            if len(decode(ORDER_ROWS, body, "list")) < PER_PAGE:
                return

    def get_order(self, external_id: str) -> Order:
        """The order now, with its parcels. Raises `NotFound`, also for an order in the bin, and `PlatformRefused`
        when another order came (a cache in front of the API that does not tell addresses apart)."""
        wanted = read_id(external_id, "order")
        body = decode(ORDER, self.get(f"orders/{quote(wanted, safe='')}"), "order")
        if read_id(body.id, "order") != wanted:
            raise PlatformRefused(
                Words("The shop answered about another order. Take /wp-json/ out of its page cache.")
            )
        if is_gone(body):
            raise NotFound(Words("Order {order} lies in the shop's bin.", order=external_id))
        return self.complete_order(body)

    def complete_order(self, body: OrderBody) -> Order:
        """`body` as an order, with the parcels it does not carry itself."""
        return self.parcels.complete_order(body)

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
        """Only numbers are looked through: what else a search finds is other people's."""
        for page in self.list_pages("orders", {"search": wanted, "_fields": "id,number"}):
            for row in decode(ORDER_ROWS, page, "list of orders"):
                external_id = match_number(row, wanted)
                if external_id:
                    body = decode(ORDER, self.get(f"orders/{external_id}"), "order")
                    return body if has_number(body, wanted) else None
        return None

    def list_changed(self, since: datetime) -> Iterator[Order]:
        """Orders modified at or after `since` (down to its whole second), oldest change first, no drafts.

        Pages are asked for by the last seen time, not by number: an order that changes meanwhile moves to
        the end and would push its neighbours onto a page already read.
        """
        seen: set[tuple[str, datetime]] = set()
        cursor, skipped, size = since.replace(microsecond=0), 0, PAGE_SIZES[0]
        for _ in range(MOST_PAGES):
            rows, size = self.read_changed(cursor, skipped, size)
            newest = cursor
            for body in read_rows(rows):
                modified_at = read_time(body.date_modified_gmt, "order's date_modified_gmt")
                newest = max(newest, modified_at)
                mark = (read_id(body.id, "order"), modified_at)
                if mark in seen or is_draft(body) or is_gone(body):
                    continue
                seen.add(mark)
                yield self.complete_order(body)
            if len(rows) < size:
                return
            cursor, skipped = (newest, 0) if newest > cursor else (cursor, skipped + size)

    def read_changed(self, cursor: datetime, skipped: int, size: int) -> tuple[list[msgspec.Raw], int]:
        """One page of changed orders after the first `skipped`, and the size in which it came."""
        for smaller in [each for each in PAGE_SIZES if each <= size]:
            try:
                body = self.get("orders", changed_query(cursor, skipped // smaller + 1, smaller))
            except PlatformDown:
                if smaller == PAGE_SIZES[-1]:
                    raise
                continue
            return decode(ORDER_ROWS, body, "list of orders"), smaller
        raise AssertionError("PAGE_SIZES is empty")

    def check_orders(self, external_ids: Sequence[str]) -> Iterator[Order]:
        """Those of these orders that still exist, as they are now; deleted and binned ones do not come.

        A list may leave out what is there and hold what was not asked for, so ids are compared here, and what
        did not come is asked for by itself.
        """
        wanted = list(dict.fromkeys(read_id(external_id, "order") for external_id in external_ids))
        for begin in range(0, len(wanted), CHECKED_AT_ONCE):
            chunk = wanted[begin:begin + CHECKED_AT_ONCE]
            found = {read_id(body.id, "order"): body for body in self.read_some(chunk)}
            for external_id in chunk:
                body = found.get(external_id)
                if body is not None and not is_gone(body):
                    yield self.complete_order(body)
                elif body is None:
                    try:
                        yield self.get_order(external_id)
                    except NotFound:
                        continue

    def read_some(self, external_ids: Sequence[str]) -> list[OrderBody]:
        """The orders of these ids that a list gives; in two halves when the shop cannot give them at once."""
        query: dict[str, str | int] = {
            "include": ",".join(external_ids), "status": "any", "per_page": PER_PAGE, "_fields": ORDER_FIELDS,
        }  # fmt: skip
        try:
            rows = decode(ORDER_ROWS, self.get("orders", query), "list of orders")
            return list(read_rows(rows))
        except PlatformDown:
            if len(external_ids) <= SMALLEST_CHECK:
                raise
        half = len(external_ids) // 2
        return self.read_some(external_ids[:half]) + self.read_some(external_ids[half:])

    def list_webhooks(self) -> list[WebhookBody]:
        """The shop's webhooks, newest first (the first thousand)."""
        pages = self.list_pages("webhooks", most=MOST_WEBHOOK_PAGES)
        return [row for page in pages for row in decode(WEBHOOKS, page, "list of webhooks")]

    def read_system(self) -> SystemBody:
        """Language and currency of the shop. Raises `AccessRevoked` when the keys may not see it."""
        query = {"_fields": "environment.language,settings.currency"}
        return decode(SYSTEM, self.get("system_status", query), "system status")

    def check_reading(self) -> None:
        """Raises the contract's error unless these keys may read orders."""
        decode(ORDER_ROWS, self.get("orders", {"per_page": 1, "_fields": "id"}), "list of orders")
