"""Webhooks, coupons, customers and products of wc/v3."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from plugin.testing.fake_woocommerce.bodies import write_error
from plugin.testing.fake_woocommerce.nouns import Body, Coupon, Webhook
from plugin.testing.fake_woocommerce.rest import Ask, Refused, Reply, Routes, list_page
from plugin.testing.fake_woocommerce.webhooks import is_topic

routes = Routes()
TYPES = ("percent", "fixed_cart", "fixed_product")
STATUSES = ("active", "paused", "disabled")


@routes("GET", "wc/v3/webhooks")
def list_webhooks(ask: Ask) -> Reply:
    wanted = ask.query.get("status", "all")
    rows = [hook for hook in ask.shop.webhooks.hooks.values() if wanted in ("all", hook.status)]
    return list_page(ask, rows[::-1], ask.shop.write.webhook)


@routes("GET", "wc/v3/webhooks/{number}")
def get_webhook(ask: Ask, number: str) -> Reply:
    return Reply(ask.shop.write.webhook(find_webhook(ask, number)))


@routes("POST", "wc/v3/webhooks")
def create_webhook(ask: Ask) -> Reply:
    """Nothing is checked but topic and address; the greeting goes out before this call is answered."""
    topic, url = str(ask.body.get("topic", "")), str(ask.body.get("delivery_url", ""))
    if not is_topic(topic):
        code = "woocommerce_rest_shop_webhook_invalid_topic"
        raise Refused(write_error(code, "Webhook topic is required and must be valid.", 400))
    if not url.startswith(("http://", "https://")):
        code = "woocommerce_rest_shop_webhook_invalid_delivery_url"
        raise Refused(
            write_error(
                code, "Webhook delivery URL must be a valid URL starting with http:// or https://.", 400
            )
        )
    hooks = ask.shop.webhooks
    status = str(ask.body.get("status", "active"))
    hook = hooks.create(
        ask.user.id,
        str(ask.body.get("name", "")),
        topic,
        url,
        str(ask.body.get("secret", "")),
        status if status in STATUSES else "active",
    )
    headers = {"Location": ask.shop.write.rest(f"webhooks/{hook.id}")}
    return Reply(ask.shop.write.webhook(hook), 201, headers, afterwards=lambda: hooks.ping(hook))


@routes("PUT PATCH POST", "wc/v3/webhooks/{number}")
def change_webhook(ask: Ask, number: str) -> Reply:
    """A new address is greeted too. The count of failures stays, whatever the status becomes."""
    hook, before = find_webhook(ask, number), find_webhook(ask, number).delivery_url
    for name in ("name", "topic", "delivery_url", "secret", "status"):
        if name in ask.body:
            setattr(hook, name, str(ask.body[name]))
    hook.modified_at = ask.shop.now()
    hooks = ask.shop.webhooks
    moved = hook.delivery_url != before
    return Reply(ask.shop.write.webhook(hook), afterwards=(lambda: hooks.ping(hook)) if moved else None)


@routes("DELETE", "wc/v3/webhooks/{number}")
def delete_webhook(ask: Ask, number: str) -> Reply:
    hook = find_webhook(ask, number)
    if not ask.says_yes("force"):
        raise Refused(
            write_error("woocommerce_rest_trash_not_supported", "Webhooks do not support trashing.", 501)
        )
    del ask.shop.webhooks.hooks[hook.id]
    return Reply(ask.shop.write.webhook(hook))


def find_webhook(ask: Ask, number: str) -> Webhook:
    hook = ask.shop.webhooks.hooks.get(int(number)) if number.isdigit() else None
    if hook is None:
        raise Refused(write_error("woocommerce_rest_shop_webhook_invalid_id", "Invalid ID.", 404))
    return hook


@routes("GET", "wc/v3/coupons")
def list_coupons(ask: Ask) -> Reply:
    code = ask.query.get("code")
    rows = [
        coupon
        for coupon in ask.shop.coupons.values()
        if code is None or coupon.fields["code"] == code.lower()
    ]
    return list_page(ask, rows[::-1], ask.shop.write.coupon)


@routes("GET", "wc/v3/coupons/{number}")
def get_coupon(ask: Ask, number: str) -> Reply:
    return Reply(ask.shop.write.coupon(find_coupon(ask, number)))


@routes("POST", "wc/v3/coupons")
def create_coupon(ask: Ask) -> Reply:
    """The code is lower-cased; the same one in any case is refused."""
    code = str(ask.body.get("code", "")).lower()
    if not code:
        raise Refused(
            write_error("rest_missing_callback_param", "Missing parameter(s): code", 400, params=["code"])
        )
    if any(coupon.fields["code"] == code for coupon in ask.shop.coupons.values()):
        words = "The coupon code already exists"
        raise Refused(write_error("woocommerce_rest_coupon_code_already_exists", words, 400))
    now = ask.shop.now()
    coupon = Coupon(ask.shop.next_id("order"), now, now, read_coupon(ask) | {"code": code})
    ask.shop.coupons[coupon.id] = coupon
    ask.shop.webhooks.fire("coupon.created", coupon.id)
    return Reply(ask.shop.write.coupon(coupon), 201)


@routes("PUT PATCH POST", "wc/v3/coupons/{number}")
def change_coupon(ask: Ask, number: str) -> Reply:
    coupon = find_coupon(ask, number)
    coupon.fields |= read_coupon(ask)
    coupon.modified_at = ask.shop.now()
    return Reply(ask.shop.write.coupon(coupon))


@routes("DELETE", "wc/v3/coupons/{number}")
def delete_coupon(ask: Ask, number: str) -> Reply:
    coupon = find_coupon(ask, number)
    del ask.shop.coupons[coupon.id]
    return Reply(ask.shop.write.coupon(coupon))


def find_coupon(ask: Ask, number: str) -> Coupon:
    coupon = ask.shop.coupons.get(int(number)) if number.isdigit() else None
    if coupon is None:
        raise Refused(write_error("woocommerce_rest_shop_coupon_invalid_id", "Invalid ID.", 404))
    return coupon


def read_coupon(ask: Ask) -> Body:
    """The fields as they are shown again: amounts as decimal strings, a local expiry beside its GMT twin."""
    fields: Body = {key: value for key, value in ask.body.items() if key not in ("code", "id", "meta_data")}
    try:
        amounts = {
            name: Decimal(str(fields[name])) for name in ("amount", "minimum_amount") if name in fields
        }
    except InvalidOperation:
        amounts = {"amount": Decimal(-1)}
    amount = amounts.get("amount", Decimal(0))
    if amount < 0 or (fields.get("discount_type") == "percent" and amount > 100):
        raise Refused(write_error("coupon_invalid_amount", "Invalid discount amount.", 400))
    fields |= {name: f"{value:.2f}" for name, value in amounts.items()}
    for name, zone in (("date_expires", ask.shop.zone), ("date_expires_gmt", UTC)):
        if fields.get(name):
            moment = datetime.fromisoformat(str(fields[name]))
            moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
            fields |= ask.shop.write.dates("date_expires", moment.astimezone(UTC))
    return fields


@routes("GET", "wc/v3/customers")
def list_customers(ask: Ask) -> Reply:
    """Accounts only: a guest is in no list. Without `role` the shop's customers; `email` is exact here."""
    role = ask.query.get("role", "customer")
    rows = [user for user in ask.shop.users.values() if role in ("all", user.role)]
    if email := ask.query.get("email"):
        rows = [user for user in rows if user.email == email]
    return list_page(ask, rows, ask.shop.write.customer)


@routes("GET", "wc/v3/customers/{number}")
def get_customer(ask: Ask, number: str) -> Reply:
    user = ask.shop.users.get(int(number)) if number.isdigit() else None
    if user is None:
        raise Refused(write_error("woocommerce_rest_invalid_id", "Invalid resource ID.", 404))
    return Reply(ask.shop.write.customer(user))


@routes("GET", "wc/v3/products")
def list_products(ask: Ask) -> Reply:
    return list_page(ask, list(ask.shop.products.values()), ask.shop.write.product)
