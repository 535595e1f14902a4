"""What we do in a shop when somebody asked for it: a coupon, a note, a cancellation. Never money, never a mail.

Sources, read 2026-11-21: https://shopify.dev/docs/api/admin-graphql/2026-10/mutations/discountCodeBasicCreate,
``orderUpdate``, ``orderCancel``, ``tagsAdd``. ``orderUpdate`` replaces a note whole and a list of tags whole, so notes
are read before they are written, and tags are only ever added one by one.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from adapters.shopify.answers import UserRefused
from adapters.shopify.api import NOT_THERE, Shop
from adapters.shopify.bodies import ChangingBody, CouponBody, read_shape
from adapters.shopify.mapping import CANCELLED_TAG
from adapters.shopify.values import clean_text, make_gid, read_amount, read_optional_time
from plugin.contract import AdapterError, Coupon, NotFound, PlatformRefused, Store, Words

TAKEN = "TAKEN"
LONGEST_CODE = 100
LONGEST_NOTE = 5000
LONGEST_STAFF_NOTE = 255
MOST_TRIES = 3
A_MOMENT = timedelta(minutes=1)
NEARLY = Decimal("0.000001")

ANOTHER_COUPON = Words("The shop already has another coupon with the code {code}. Choose another code.")
NOT_MAILED = Words("Shopify mails no notes to shoppers. Write to them from the conversation instead.")
NOTE_FULL = Words("The order's note is full: Shopify keeps 5000 letters. Shorten it in Shopify first.")
NOTE_MOVED = Words("Somebody is writing the order's note in Shopify just now. Try again in a moment.")
HAS_LEFT = Words("Something of this order has left already: it cannot be cancelled any more.")


def issue_coupon(shop: Shop, store: Store, coupon: Coupon, now: datetime) -> Coupon:
    """The coupon as the shop has it; the same one again is not made twice. For everybody who has its code, once.
    Raises `PlatformRefused`."""
    code = check_coupon(store, coupon)
    known = find_coupon(shop, code)
    if known is None:
        try:
            made = shop.run("coupon_create", {"coupon": write_coupon(code, coupon, now)})
        except UserRefused as refusal:
            # Another request may have made it meanwhile.
            known = find_coupon(shop, code) if TAKEN in refusal.codes else None
            if known is None:
                raise
        else:
            made_node = made.find("discountCodeBasicCreate", "codeDiscountNode", "codeDiscount")
            known = read_shape(made_node, CouponBody, "coupon")
    if not is_same(known, code, coupon):
        raise PlatformRefused(Words(ANOTHER_COUPON, code=code))
    return coupon


def check_coupon(store: Store, coupon: Coupon) -> str:
    """The coupon's code. Raises `PlatformRefused` for one that makes no sense."""
    code = clean_text(coupon.code)
    if not code or len(code) > LONGEST_CODE:
        raise PlatformRefused(Words("A coupon needs a code of at most 100 letters."))
    worth = coupon.percent if coupon.amount is None else coupon.amount.amount
    if worth is None or (coupon.percent is not None and coupon.amount is not None) or worth <= 0:
        raise PlatformRefused(Words("A coupon needs either a percentage or an amount, more than zero."))
    if coupon.percent is not None and coupon.percent > 100:
        raise PlatformRefused(Words("A coupon cannot give more than 100 percent."))
    if coupon.amount is not None and store.currency and coupon.amount.currency != store.currency:
        raise PlatformRefused(
            Words("The shop sells in {currency}: the coupon's amount must be in it.", currency=store.currency)
        )
    return code


def write_coupon(code: str, coupon: Coupon, now: datetime) -> dict[str, Any]:
    """``DiscountCodeBasicInput``; a percentage is a fraction there."""
    if coupon.amount is not None:
        value: dict[str, Any] = {
            "discountAmount": {"amount": format(coupon.amount.amount, "f"), "appliesOnEachItem": False}
        }
    else:
        value = {"percentage": float((coupon.percent or Decimal(0)) / 100)}
    wish: dict[str, Any] = {
        "title": f"Mostrador {code}",
        "code": code,
        "startsAt": write_time(now - A_MOMENT),
        "context": {"all": "ALL"},
        "customerGets": {"items": {"all": True}, "value": value},
        "combinesWith": {"orderDiscounts": False, "productDiscounts": False, "shippingDiscounts": False},
        "appliesOncePerCustomer": coupon.single_use,
    }
    if coupon.single_use:
        wish["usageLimit"] = 1
    if coupon.expires_at is not None:
        wish["endsAt"] = write_time(coupon.expires_at)
    return wish


def write_time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def find_coupon(shop: Shop, code: str) -> CouponBody | None:
    """The discount with this code; of another kind than ours it has none of our fields."""
    node = shop.run("coupon_by_code", {"code": code}).get("codeDiscountNodeByCode")
    return read_shape(node.get("codeDiscount"), CouponBody, "coupon") if isinstance(node, dict) else None


def is_same(found: CouponBody, code: str, coupon: Coupon) -> bool:
    """Whether the shop's discount is the coupon that was wished, to the second of its end."""
    codes = (
        [clean_text(row.get("code")).casefold() for row in found.codes.nodes]
        if found.codes is not None
        else []
    )
    ends_at = read_optional_time(found.ends_at, "coupon's endsAt")
    wished = (
        coupon.expires_at.astimezone(UTC).replace(microsecond=0) if coupon.expires_at is not None else None
    )
    return (
        codes == [code.casefold()]
        and found.usage_limit == (1 if coupon.single_use else None)
        and ends_at == wished
        and is_worth_the_same(found, coupon)
    )


def is_worth_the_same(found: CouponBody, coupon: Coupon) -> bool:
    value = found.customer_gets.value if found.customer_gets is not None else {}
    if coupon.amount is not None:
        money = value.get("amount")
        return (
            isinstance(money, dict)
            and read_amount(money.get("amount"), "coupon's amount") == coupon.amount.amount
            and money.get("currencyCode") == coupon.amount.currency
            and value.get("appliesOnEachItem") is not True
        )
    part = value.get("percentage")
    wished = (coupon.percent or Decimal(0)) / 100
    return isinstance(part, (int, float)) and abs(Decimal(str(part)) - wished) < NEARLY


def add_order_note(shop: Shop, external_id: str, text: str, *, tell_shopper: bool) -> None:
    """Adds a line to the order's note, which the staff sees, and keeps what stood there.

    Shopify has one note per order and no way to add to it. So it is read twice, the second time right before it is
    written, and what came back is compared: what somebody writes within that moment is the only thing that could be
    lost. Raises `PlatformRefused`.
    """
    if tell_shopper:
        raise PlatformRefused(NOT_MAILED)
    line = "\n".join(filter(None, (clean_text(row) for row in text.splitlines())))[:LONGEST_NOTE]
    if not line:
        raise PlatformRefused(Words("The note is empty."))
    before = read_changing(shop, external_id).note or ""
    for _ in range(MOST_TRIES):
        wish = f"{before.rstrip()}\n{line}" if before.strip() else line
        if len(wish) > LONGEST_NOTE:
            raise PlatformRefused(NOTE_FULL)
        now = read_changing(shop, external_id).note or ""
        if now != before:
            before = now
            continue
        answer = shop.run("note_set", {"id": make_gid("Order", external_id), "note": wish})
        kept = str(answer.find("orderUpdate", "order", "note") or "").replace("\r\n", "\n")
        if line in kept:
            return
        before = kept
    raise PlatformRefused(NOTE_MOVED)


def cancel_order(shop: Shop, external_id: str, reason: str) -> None:
    """Cancels an order of which nothing has left, and puts its goods back into stock. No money is moved by us, and
    Shopify mails nothing: the order is marked first, so that the shopper hears it from us.

    Shopify does it a moment later (a job); a webhook tells. An order already cancelled is left alone. Raises
    `PlatformRefused`.
    """
    body = read_changing(shop, external_id)
    if body.cancelled_at:
        return
    if body.fulfillments_count is not None and body.fulfillments_count.count:
        if any(
            parcel.tracking_number or parcel.shipped_at
            for parcel in shop.get_order(external_id).shipments or ()
        ):
            raise PlatformRefused(HAS_LEFT)
    gid = make_gid("Order", external_id)
    wish = {
        "id": gid,
        "reason": "CUSTOMER",
        "restock": True,
        "staffNote": clean_text(reason)[:LONGEST_STAFF_NOTE] or None,
    }
    with_tag(shop, gid, CANCELLED_TAG, "order_cancel", wish)


def with_tag(shop: Shop, gid: str, tag: str, document: str, variables: dict[str, Any]) -> dict[str, Any]:
    """The answer of one mutation, done while the order already carries `tag`; refused, the tag is taken off again.

    The tag goes first: a shopper may hear of it twice, should both fail in the middle, but never not at all.
    """
    shop.run("tags_add", {"id": gid, "tags": [tag]})
    try:
        return shop.run(document, variables)
    except PlatformRefused:
        try:
            shop.run("tags_remove", {"id": gid, "tags": [tag]})
        except AdapterError:
            pass
        raise


def read_changing(shop: Shop, external_id: str) -> ChangingBody:
    """The order as it stands, before it is changed. Raises `NotFound`."""
    answer = shop.run("order_changing", {"id": make_gid("Order", external_id)}).get("order")
    if answer is None:
        raise NotFound(NOT_THERE)
    return read_shape(answer, ChangingBody, "order")
