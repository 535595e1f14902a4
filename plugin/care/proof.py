"""Which order a visitor may see: one that the platform itself signed for (a code mailed to the address in the order
is the other way, see `codes`). Number and e-mail prove nothing."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from plugin.care.doors import Care
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    Capability,
    NotFound,
    Order,
    OrderStatus,
    PlatformDown,
    RateLimited,
    Store,
    StoreAdapter,
    Visitor,
)
from plugin.orders import OrderRow, OrderView, apply_order, find_order, list_orders, view_order
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow, as_contract, ask_platform, get_store, has_access

log = logging.getLogger("mostrador.care")

LONGEST_PROOF = 4096
MOST_LOOKED_THROUGH = 200
"""Newest orders among which a proven customer's is looked for."""


class PlatformAway(Exception):
    """The order is not known here, and its platform does not answer just now."""


@dataclass(frozen=True)
class Proven:
    """What a proof of the platform proved. `order`: theirs, as far as it may be shown; `customer_index`: a blind index
    of the customer it names, '' where it names none; `by`: whether it names the order, or only the customer whose
    newest this is."""

    order: OrderView | None
    customer_index: str
    by: str


def read_proof(care: Care, store: StoreRow, proof: str | None) -> Proven:
    """Everything that `proof` proves. Raises `PlatformAway`."""
    visitor = _believe(care, store, proof)
    if visitor is None:
        return Proven(None, "", "")
    customer = care.db.vault.index("customer", visitor.customer_id) if visitor.customer_id else ""
    by = "order" if visitor.order_external_id else "customer"
    return Proven(find_order_of(care, store, visitor), customer, by)


def find_proven_order(care: Care, store: StoreRow, proof: str | None) -> OrderView | None:
    """The order that `proof` proves to be this visitor's, or None when it proves nothing. A customer's proof gives
    their newest order. An order not known yet is fetched from the platform, once. Raises `PlatformAway`."""
    visitor = _believe(care, store, proof)
    return find_order_of(care, store, visitor) if visitor is not None else None


def find_order_of(
    care: Care, store: StoreRow, visitor: Visitor, *, may_fetch: Callable[[], bool] = lambda: True
) -> OrderView | None:
    """The same for a visitor whom the platform proved to somebody else (a page of its adapter). `may_fetch` is asked
    before the platform is. Raises `PlatformAway`."""
    with care.db.reading(store.id) as tx:
        view = _find(tx, store.id, visitor)
    if view is None and visitor.order_external_id and may_fetch():
        view = _fetch(care, store, visitor.order_external_id)
    return view if view is not None and may_be_shown(view) else None


def _believe(care: Care, store: StoreRow, proof: str | None) -> Visitor | None:
    if not proof or len(proof) > LONGEST_PROOF:
        return None
    try:
        adapter = care.registry.get(store.platform)
        proven = adapter.verify_proof(adapter.read_proof(proof), as_contract(store))
    except (AdapterError, UnknownAdapter):
        return None
    return proven if isinstance(proven, Visitor) else None


def _find(tx: Session, store_id: int, visitor: Visitor) -> OrderView | None:
    row: OrderRow | None
    if visitor.order_external_id:
        row = find_order(tx, store_id, visitor.order_external_id)
        return view_order(tx, row) if row is not None else None
    if visitor.customer_id:
        for row in list_orders(tx, store_id, MOST_LOOKED_THROUGH):
            view = view_order(tx, row)
            if view.order.customer_id == visitor.customer_id and may_be_shown(view):
                return view
    return None


def may_be_shown(view: OrderView) -> bool:
    """Whether there is such an order for a shopper: it was placed, and the platform still has it."""
    return view.row.gone_at is None and view.order.status is not OrderStatus.draft


def _fetch(care: Care, store: StoreRow, external_id: str) -> OrderView | None:
    if not has_access(store):
        return None

    def ask(adapter: StoreAdapter, platform_store: Store) -> Order | None:
        if Capability.READ_ORDERS not in adapter.capabilities:
            return None
        return adapter.get_order(platform_store, external_id)

    try:
        order = ask_platform(care.db, care.registry, store.id, ask)
    except (PlatformDown, RateLimited) as error:
        raise PlatformAway("The store's platform does not answer just now.") from error
    except (NotFound, AccessRevoked):
        return None
    except AdapterError as error:
        log.warning("An order could not be fetched after its proof: %s", type(error).__name__)
        return None
    if order is None or order.external_id != external_id:
        return None
    with care.db.transaction(store.id) as tx:
        apply_order(tx, get_store(tx, store.id), order, care.clock.now())
        row = find_order(tx, store.id, external_id)
        return view_order(tx, row) if row is not None else None
