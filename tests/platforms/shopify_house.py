"""The core's doors for a page, as far as a page of the adapter can see them: stores in a dict, nothing stored."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from plugin.contract import (
    HomeFrame,
    InstallRejected,
    Merchant,
    Proof,
    Store,
    TrackingLink,
    Visitor,
    WebResponse,
)

T = TypeVar("T")


class HandDoors:
    """Notes what a page asked of it in `asked`, and hands out these stores by domain."""

    base_url = "https://care.example"

    def __init__(self, *stores: Store, orders: Mapping[str, Any] | None = None) -> None:
        self.stores = {store.domain: store for store in stores}
        self.orders = orders or {}
        self.asked: list[tuple[Any, ...]] = []
        self.refusal: Exception | None = None

    def find_store(self, domain: str) -> Store | None:
        return self.stores.get(domain)

    def admit(self, merchant: Proof) -> Store:
        self.asked.append(("admit", merchant.claimed_domain))
        if self.refusal:
            raise self.refusal
        if merchant.claimed_domain not in self.stores:
            raise InstallRejected("not here")
        return self.stores[merchant.claimed_domain]

    def ask(self, store: Store, question: Callable[[Store], T]) -> T:
        self.asked.append(("ask", store.domain))
        return question(self.stores[store.domain])

    def keep(self, store: Store, facts: Mapping[str, str]) -> Store:
        self.asked.append(("keep", store.domain, dict(facts)))
        self.stores[store.domain] = replace(store, kept={**store.kept, **facts})
        return self.stores[store.domain]

    def hand_over(self, store: Store, merchant: Merchant) -> str:
        self.asked.append(("hand_over", store.domain, merchant))
        return f"word-for-{store.public_id}"

    def show_home(self, store: Store, merchant: Merchant, frame: HomeFrame, locale: str) -> WebResponse:
        self.asked.append(("show_home", store.domain, merchant, frame, locale))
        return WebResponse(body=b"<main data-act></main>", frame_ancestors=frame.frame_ancestors,
                           script_origins=frame.script_origins)  # fmt: skip

    def act(self, store: Store, merchant: Merchant, wish: Mapping[str, str]) -> None:
        self.asked.append(("act", store.domain, merchant, dict(wish)))

    def list_links(self, store: Store, steps: Sequence[str], locale: str) -> Mapping[str, Any]:
        self.asked.append(("list_links", store.domain, list(steps), locale))
        return {"hub_url": f"https://care.example/help/{store.public_id}/es/", "links": []}

    def show_order(self, store: Store, who: Visitor | TrackingLink, locale: str) -> Mapping[str, Any] | None:
        self.asked.append(("show_order", store.domain, who, locale))
        return self.orders.get(who.order_external_id)

    def widget_file(self, name: str) -> str:
        return f"/static/widget/abc/{name}"
