"""What the shop's staff can do with an order. Each action changes the order it is given, or refuses.

An action which changes nothing (cancelling twice) is no change: no webhook leaves and the order keeps
its `modified_at`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from adapters.demo.shop.nouns import ActionRefused, Order, Refund
from adapters.demo.shop.parcels import PARCEL_ACTIONS

Params = Mapping[str, Any]
Action = Callable[[Order, Params, datetime], None]


def pay(order: Order, params: Params, now: datetime) -> None:
    """The money has arrived."""
    if order.payment in ("paid", "partly_refunded", "refunded"):
        raise ActionRefused("The order is paid already.")
    if order.status == "cancelled":
        raise ActionRefused("The order is cancelled.")
    order.payment, order.paid_at = "paid", now
    if order.status == "failed":
        order.status = "placed"
    if not order.needs_shipping:
        order.status, order.completed_at = "completed", now


def decline(order: Order, params: Params, now: datetime) -> None:
    """The card was refused."""
    if order.payment not in ("waiting", "declined"):
        raise ActionRefused("Only an unpaid order can be declined.")
    order.payment, order.status = "declined", "failed"


def hold(order: Order, params: Params, now: datetime) -> None:
    """Wait with this order."""
    _require(order, "placed", "preparing", "on_hold")
    order.status = "on_hold"


def prepare(order: Order, params: Params, now: datetime) -> None:
    """Somebody is packing it."""
    _require(order, "placed", "on_hold", "preparing")
    order.status = "preparing"


def complete(order: Order, params: Params, now: datetime) -> None:
    """Nothing is left to do."""
    _require(order, "placed", "preparing", "shipped", "completed")
    if order.still_here():
        raise ActionRefused("Something still has to be shipped. Ship it first.")
    order.status = "completed"
    order.completed_at = order.completed_at or now


def cancel(order: Order, params: Params, now: datetime) -> None:
    """Stop the order; money is not touched."""
    if order.status == "cancelled":
        return
    if order.parcels:
        raise ActionRefused("A parcel has left already. Refund the order instead.")
    _require(order, "placed", "preparing", "on_hold", "failed")
    order.status = "cancelled"
    order.cancel_reason = str(params.get("reason") or "")[:500]


def refund(order: Order, params: Params, now: datetime) -> None:
    """Give money back: `amount`, or all that is left."""
    left = order.refundable
    if left <= 0:
        raise ActionRefused("There is no money to give back.")
    amount = _amount(params.get("amount"), left, order.currency)
    order.refunds.append(
        Refund(
            id=f"R{order.id}-{len(order.refunds) + 1}",
            amount=str(amount),
            reason=str(params.get("reason") or "")[:500],
            created_at=now,
        )
    )
    if amount < left:
        order.payment = "partly_refunded"
        return
    order.payment = "refunded"
    if order.status != "cancelled":
        order.status = "refunded"


def _amount(given: Any, left: Decimal, currency: str) -> Decimal:
    if given in (None, ""):
        return left
    try:
        amount = Decimal(str(given).strip().replace(",", "."))
        exact = amount.quantize(Decimal(1) if currency == "COP" else Decimal("0.01"))
    except InvalidOperation:
        raise ActionRefused("The amount is not a number, like 12.50.") from None
    if not amount.is_finite() or exact != amount or not 0 < amount <= left:
        raise ActionRefused(f"The amount must be more than 0 and at most {left} {currency}.")
    return exact


def _require(order: Order, *statuses: str) -> None:
    if order.status not in statuses:
        raise ActionRefused(f"That cannot be done with an order which is {order.status}.")


ACTIONS: Mapping[str, Action] = {
    "pay": pay,
    "decline": decline,
    "hold": hold,
    "prepare": prepare,
    "complete": complete,
    "cancel": cancel,
    "refund": refund,
    **PARCEL_ACTIONS,
}
