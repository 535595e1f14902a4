"""The only file that calls the demo shop: its JSON API through the contract's `Http`.

Paths and answers are described in ``adapters/demo/shop/README.md``. The token travels in a header, never
in a URL.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode

import msgspec

from adapters.demo.mapping import read_order, read_page, read_shipment
from plugin.contract import (
    AccessRevoked,
    Answer,
    Http,
    NotFound,
    Order,
    PayloadUnreadable,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Shipment,
    Words,
)

_MOST_PAGES = 10_000


class Shop:
    """One demo shop at `url` (its origin), entered with `token` ('' before the installation)."""

    def __init__(self, http: Http, url: str, token: str) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._token = token

    def exchange_code(self, code: str) -> Mapping[str, str]:
        """The token and the shop's facts in exchange for the one-time code of ``/connect``."""
        return self._read_words(self._call("POST", "/api/connect", {"code": code}))

    def connect(self, hook_url: str, webhook_secret: str, widget: Mapping[str, str]) -> None:
        """Tell the shop where to deliver, how to sign and which widget to load; the last call counts."""
        wish = {"hook_url": hook_url, "webhook_secret": webhook_secret, "widget": dict(widget)}
        self._call("PUT", "/api/connection", wish)

    def disconnect(self) -> None:
        """The shop forgets the connection."""
        self._call("DELETE", "/api/connection")

    def get_order(self, order_id: str) -> Order:
        """Raises `NotFound`."""
        return read_order(self._call("GET", f"/api/orders/{_segment(order_id)}").body)

    def find_order(self, number: str) -> Order | None:
        """The order with this number, or None."""
        orders, _ = read_page(self._call("GET", "/api/orders", query={"number": number}).body)
        return orders[0] if orders else None

    def changed_orders(self, since: datetime) -> Iterator[Order]:
        """Orders modified at or after `since`, oldest change first, page by page."""
        cursor = ""
        for _ in range(_MOST_PAGES):
            query = {"modified_since": since.isoformat(), "after": cursor}
            orders, following = read_page(self._call("GET", "/api/orders", query=query).body)
            yield from orders
            if not following or following == cursor:
                return
            cursor = following

    def ship(self, order_id: str, shipment: Shipment) -> Shipment:
        """Add a parcel, or give a known one its number. Raises `PlatformRefused`."""
        known = self.get_order(order_id).shipments or ()
        parcel: dict[str, Any] = {
            "carrier": shipment.carrier,
            "number": shipment.tracking_number,
            "url": shipment.tracking_url,
        }
        if shipment.items:
            parcel["items"] = [list(item) for item in shipment.items]
        for one in known:
            if one.external_id and one.external_id == shipment.external_id:
                self._act(order_id, "add_number", {**parcel, "parcel": one.external_id})
                return self._find_parcel(order_id, one.external_id)
            if one.tracking_number and one.tracking_number == shipment.tracking_number:
                return one
        answer = self._act(order_id, "ship", {"parcels": [parcel]})
        made = read_shipment(answer.body, frozenset(one.external_id for one in known))
        if made is None:
            raise PlatformDown("The demo shop took the parcel, but did not show it.")
        return made

    def cancel(self, order_id: str, reason: str) -> None:
        """Raises `PlatformRefused` once parcels have left."""
        self._act(order_id, "cancel", {"reason": reason})

    def add_note(self, order_id: str, text: str) -> None:
        """A note for the shop's staff."""
        self._act(order_id, "note", {"text": text})

    def facts(self) -> Mapping[str, Any]:
        """Currency, payment methods, shipping, returns, hours."""
        facts: Mapping[str, Any] = self._read_json(self._call("GET", "/api/facts"))
        return facts

    def _find_parcel(self, order_id: str, parcel_id: str) -> Shipment:
        for shipment in self.get_order(order_id).shipments or ():
            if shipment.external_id == parcel_id:
                return shipment
        raise NotFound(f"The demo shop has no parcel {parcel_id}.")

    def _act(self, order_id: str, action: str, payload: Mapping[str, Any]) -> Answer:
        return self._call("POST", f"/api/orders/{_segment(order_id)}/{action}", payload)

    def _call(
        self,
        method: str,
        path: str,
        payload: Mapping[str, Any] | None = None,
        query: Mapping[str, str] | None = None,
    ) -> Answer:
        headers = {"Accept": "application/json"}
        body = None
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        if payload is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(payload).encode()
        url = self._url + path + (f"?{urlencode(query)}" if query else "")
        try:
            answer = self._http.request(method, url, headers=headers, body=body)
        except OSError as error:
            raise PlatformDown(Words("The demo shop cannot be reached: {words}", words=str(error))) from error
        _check(answer)
        return answer

    def _read_json(self, answer: Answer) -> dict[str, Any]:
        try:
            return msgspec.json.decode(answer.body, type=dict[str, Any])
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise PayloadUnreadable(f"The demo shop's answer could not be read: {error}") from error

    def _read_words(self, answer: Answer) -> Mapping[str, str]:
        return {key: value for key, value in self._read_json(answer).items() if isinstance(value, str)}


def _segment(text: str) -> str:
    # "." and ".." survive quote() and would climb out of the path.
    if text in ("", ".", ".."):
        raise NotFound("The demo shop has no such order.")
    return quote(text, safe="")


def _check(answer: Answer) -> None:
    """Raise what the status means; what the core does next depends on the class alone."""
    if answer.status < 300 and "json" in _header(answer, "content-type"):
        return
    words = Words("The demo shop answered {status}: {words}", status=answer.status, words=_words(answer.body))
    if answer.status in (401, 403):
        raise AccessRevoked(words)
    if answer.status == 404:
        raise NotFound(words)
    if answer.status == 429:
        raise RateLimited(words, retry_after=_seconds(_header(answer, "retry-after")))
    if answer.status < 400 or answer.status >= 500:
        # A redirect, or a page where JSON should be, comes from something that stands before the shop.
        raise PlatformDown(words)
    raise PlatformRefused(words)


def _words(body: bytes) -> str:
    try:
        said = msgspec.json.decode(body, type=dict[str, Any]).get("error")
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        said = None
    return said[:300] if isinstance(said, str) else Words("no words")


def _header(answer: Answer, name: str) -> str:
    return {key.lower(): value for key, value in answer.headers.items()}.get(name, "").lower()


def _seconds(given: str) -> float:
    return min(float(given), 86_400.0) if given.isascii() and given.isdigit() else 60.0
