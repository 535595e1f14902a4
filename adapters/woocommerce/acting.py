"""What we do in a shop when somebody asked for it: a coupon, a note, a cancellation. Never money.

Sources: https://woocommerce.github.io/woocommerce-rest-api-docs/ and our recordings (2026-11-21).
"""

from __future__ import annotations

import html
from datetime import UTC, timedelta
from typing import Any

from adapters.woocommerce.api import Shop
from adapters.woocommerce.bodies import COUPON, COUPONS, SETTING, CouponBody
from adapters.woocommerce.mapping import ORDER_STATUS, read_slug
from adapters.woocommerce.orders import read_known_meta
from adapters.woocommerce.parcel_entry import read_changing
from adapters.woocommerce.places import read_meta_parcels
from adapters.woocommerce.schemas import decode
from adapters.woocommerce.values import clean_text, read_amount, read_id, read_optional_time
from plugin.contract import (
    AccessRevoked,
    Coupon,
    NotFound,
    OrderStatus,
    PayloadUnreadable,
    PlatformRefused,
    Store,
    Words,
)

PERCENT, FIXED = "percent", "fixed_cart"
CANCELLABLE = frozenset({OrderStatus.pending, OrderStatus.on_hold, OrderStatus.processing, OrderStatus.failed})
LONGEST_NOTE = 5000
A_DAY = timedelta(days=1)


def issue_coupon(shop: Shop, store: Store, coupon: Coupon) -> Coupon:
    """The coupon as the shop has it; the same one again is not made twice.

    No e-mail restriction: with one, WooCommerce drops the coupon at a guest's checkout without a word
    (observed); it is safe by a code nobody guesses, one use, and its end. Raises `PlatformRefused`.
    """
    wish = write_coupon(store, coupon)
    if (known := find_coupon(shop, wish["code"])) is not None:
        return read_same(known, wish, coupon)
    check_coupons_are_on(shop)
    try:
        made = decode(COUPON, shop.send("POST", "coupons", wish), "coupon")
    except PlatformRefused:
        # Another request may have made it meanwhile: then it is there now.
        known = find_coupon(shop, wish["code"])
        if known is None:
            raise
        return read_same(known, wish, coupon)
    return check_made(shop, made, wish, coupon)


def check_made(shop: Shop, made: CouponBody, wish: dict[str, Any], coupon: Coupon) -> Coupon:
    """The coupon just made, as it was wished. One that the shop made otherwise is taken back: a coupon without an
    end would be worth something for ever. Raises `PlatformRefused`."""
    path = f"coupons/{read_id(made.id, 'coupon')}"
    if coupon.expires_at is not None and not ends_alike(made, coupon):
        # A shop that does not know `date_expires_gmt` reads the zone in `date_expires`.
        made = decode(COUPON, shop.send("PUT", path, {"date_expires": wish["date_expires_gmt"] + "Z"}), "coupon")
    try:
        return read_same(made, wish, coupon)
    except PlatformRefused:
        shop.send("DELETE", path, query={"force": "true"})
        raise PlatformRefused(
            Words("The shop made the coupon otherwise than it was asked to, so it was deleted again.")
        ) from None


def write_coupon(store: Store, coupon: Coupon) -> dict[str, Any]:
    """The body of ``POST coupons``; `date_expires_gmt` because `date_expires` is the shop's local time."""
    code = clean_text(coupon.code).lower()
    if not code or len(code) > 100:
        raise PlatformRefused(Words("A coupon needs a code of at most 100 letters."))
    amount = coupon.percent if coupon.amount is None else coupon.amount.amount
    if amount is None or (coupon.percent is not None and coupon.amount is not None) or amount <= 0:
        raise PlatformRefused(Words("A coupon needs either a percentage or an amount, more than zero."))
    if coupon.percent is not None and coupon.percent > 100:
        raise PlatformRefused(Words("A coupon cannot give more than 100 percent."))
    if coupon.amount is not None and store.currency and coupon.amount.currency != store.currency:
        raise PlatformRefused(
            Words("The shop sells in {currency}: the coupon's amount must be in it.", currency=store.currency)
        )
    wish: dict[str, Any] = {
        "code": code,
        "discount_type": PERCENT if coupon.amount is None else FIXED,
        "amount": format(amount, "f"),
        "individual_use": True,
    }
    if coupon.single_use:
        wish |= {"usage_limit": 1, "usage_limit_per_user": 1}
    if coupon.expires_at is not None:
        wish["date_expires_gmt"] = coupon.expires_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return wish


def find_coupon(shop: Shop, code: str) -> CouponBody | None:
    """The coupon with exactly this code. The filter is exact and blind to case (recorded), and yet compared here."""
    rows = decode(COUPONS, shop.get("coupons", {"code": code, "per_page": 20}), "list of coupons")
    return next((row for row in rows if clean_text(row.code).lower() == code), None)


def read_same(found: CouponBody, wish: dict[str, Any], coupon: Coupon) -> Coupon:
    """The coupon as promised. Raises `PlatformRefused` when the shop's coupon of this code is another one."""
    same = (
        found.discount_type == wish["discount_type"]
        and read_amount(found.amount, "coupon's amount") == read_amount(wish["amount"], "coupon's amount")
        and (found.usage_limit or 0) == wish.get("usage_limit", 0)
        and not found.email_restrictions
        and ends_alike(found, coupon)
    )
    if clean_text(found.code).lower() != wish["code"] or not same:
        raise PlatformRefused(
            Words("The shop already has another coupon with the code {code}. Choose another code.", code=wish["code"])
        )
    return coupon


def ends_alike(found: CouponBody, coupon: Coupon) -> bool:
    """Whether both end within a day of each other: plugins round a coupon's end to the shop's midnight."""
    ends_at = read_optional_time(found.date_expires_gmt, "coupon's end")
    if ends_at is None or coupon.expires_at is None:
        return ends_at is None and coupon.expires_at is None
    return abs(ends_at - coupon.expires_at) <= A_DAY


def check_coupons_are_on(shop: Shop) -> None:
    """Raises `PlatformRefused` when the shop's coupons are switched off: it would make one that nobody can use."""
    try:
        value = decode(SETTING, shop.get("settings/general/woocommerce_enable_coupons"), "setting").value
    except (PlatformRefused, NotFound, AccessRevoked, PayloadUnreadable):
        return
    if value == "no":
        raise PlatformRefused(
            Words("Coupons are switched off in the shop. Switch them on under WooCommerce > Settings > General.")
        )


def add_order_note(shop: Shop, external_id: str, text: str, *, tell_shopper: bool) -> None:
    """A note on the order. WooCommerce mails it to the shopper at once when they are to be told.

    It shows notes as HTML, so what was written as text is escaped.
    """
    note = html.escape(text.strip()[:LONGEST_NOTE], quote=False)
    if not note:
        raise PlatformRefused(Words("The note is empty."))
    path = f"orders/{read_id(external_id, 'order')}/notes"
    shop.send("POST", path, {"note": note, "customer_note": tell_shopper})


def cancel_order(shop: Shop, external_id: str, reason: str) -> None:
    """Cancels an order that has not left; the reason is noted for the staff first. No money is moved by us.

    An order already cancelled is left alone. Raises `PlatformRefused` for one that is finished, refunded, in
    a status of the shop's own, or has a parcel.
    """
    body = read_changing(shop, external_id)
    slug = read_slug(body.status)
    status = ORDER_STATUS.get(slug, OrderStatus.unknown)
    if status is OrderStatus.cancelled:
        return
    if status not in CANCELLABLE:
        raise PlatformRefused(
            Words("The order is in the status {status} and cannot be cancelled from here.", status=slug)
        )
    if any(parcel.tracking_number for parcel in read_meta_parcels(read_known_meta(body.meta_data)) or ()):
        raise PlatformRefused(Words("A parcel of this order is already on its way: it cannot be cancelled any more."))
    if reason.strip():
        add_order_note(shop, external_id, reason, tell_shopper=False)
    shop.send("PUT", f"orders/{read_id(body.id, 'order')}", {"status": "cancelled"})
    after = read_slug(read_changing(shop, external_id).status)
    if after != "cancelled":
        raise PlatformRefused(
            Words("The shop did not cancel the order: it is in the status {status} now.", status=after)
        )
