"""Pages for a developer's browser: the admin with the app's home, a storefront, a checkout with the chat."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import requests

from plugin.testing.fake_shopify.bodies import make_gid
from plugin.testing.fake_shopify.identity import sign_proxy
from plugin.testing.fake_shopify.nouns import PLANS, Body, Order

if TYPE_CHECKING:
    from plugin.testing.fake_shopify.platform import FakeShopify
    from plugin.testing.fake_shopify.shop import FakeShop

STEPS = ("cart", "information", "shipping", "payment", "thank-you")
STEP_NAMES = {"information": "contact", "thank-you": "thank_you"}
ACTS = ("pay", "fulfil", "out for delivery", "delivered", "refund", "cancel", "delete")
SHOP_ACTS = (
    "place an order",
    "place a paid order",
    "uninstall",
    "install",
    "redact",
    "deliver webhooks",
    "lose tokens",
)
STYLE = """body{font:16px/1.5 system-ui;margin:0 auto;max-width:70rem;padding:1rem}table{border-collapse:collapse}
td,th{padding:.2rem .6rem;text-align:start;border-block-end:1px solid #ddd}form{display:inline}
iframe{border:1px solid #999}
iframe.home{inline-size:100%;block-size:40rem}.chat{position:fixed;inset:auto 0 0 auto;overflow:hidden;
inline-size:224px;block-size:72px;max-inline-size:415px;max-block-size:700px}.chat iframe{position:absolute;
inset:auto 0 0 auto;inline-size:100vw;block-size:100vh;border:0}
@media(max-width:580px){.chat{max-inline-size:100%;max-block-size:93vh}}nav a{margin-inline-end:1rem}"""


def write_page(title: str, inside: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><meta name="referrer" content="no-referrer">'
        f"<style>{STYLE}</style></head><body><h1>{escape(title)}</h1>{inside}"
        f'<script src="/frame.js"></script></body></html>'
    )


def button(act: str, target: str = "") -> str:
    hidden = f'<input type="hidden" name="order" value="{escape(target)}">' if target else ""
    return f'<form method="post">{hidden}<button name="act" value="{escape(act)}">{escape(act)}</button></form> '


class Pages:
    """The HTML of every page. `app_folder`: where the app's extensions are, for the storefront's loader."""

    def __init__(self, platform: FakeShopify, app_folder: Path | None = None) -> None:
        self.platform = platform
        self.app_folder = app_folder
        self.extensions = {"mostrador-embed": True, "mostrador-chat": False, "mostrador-checkout": False,
                           "mostrador-order-status": False}  # fmt: skip

    def write_index(self) -> str:
        links = "".join(
            f'<li><a href="/admin/{name}">{escape(shop.name)}: admin</a> · '
            f'<a href="/storefront/{name}/">storefront</a> · '
            f'<a href="/checkout/{name}/payment">checkout</a> ({shop.plan_name})</li>'
            for domain, shop in self.platform.shops.items()
            for name in (domain.partition(".")[0],)
        )
        return write_page("Fake Shopify", f"<ul>{links}</ul>")

    def write_home_address(self, shop: FakeShop) -> str:
        query = {
            "embedded": "1",
            "shop": shop.domain,
            "host": "YWRtaW4",
            "locale": shop.locale,
            "id_token": self.platform.mint_id_token(shop.domain, sub="1"),
        }
        return f"{self.platform.app.origin}/p/shopify/home?{urlencode(query)}"

    def list_extensions(self) -> list[Body]:
        """As App Bridge's ``app.extensions()`` tells it."""
        return [
            {
                "handle": handle,
                "type": "theme_app_extension" if handle == "mostrador-embed" else "ui_extension",
                "activations": [{"target": "body", "status": "active"}] if active else [],
            }
            for handle, active in self.extensions.items()
        ]

    def write_admin(self, shop: FakeShop) -> str:
        name = shop.domain.partition(".")[0]
        rows = "".join(self.write_row(order) for order in reversed(shop.orders.values()))
        tries = "".join(
            f"<tr><td>{one.at:%H:%M:%S}</td><td>{escape(one.topic)}</td><td>{one.answer or 'none'}</td></tr>"
            for one in self.platform.webhooks.attempts[-12:]
            if one.shop == shop.domain
        )
        begin = f"{self.platform.app.origin}/install/shopify?{urlencode({'shop': shop.domain})}"
        home = (
            f'<p><a href="{escape(begin)}">The app</a>, which is not embedded.</p>'
            if self.platform.app.distribution == "custom"
            else f'<iframe class="home" title="The app" data-token="/admin/{name}/token"'
            f' src="{escape(self.write_home_address(shop))}"'
            f' data-extensions="{escape(json.dumps(self.list_extensions()))}"></iframe>'
        )
        plans = "".join(button(f"plan {plan}") for plan in PLANS)
        switches = "".join(
            button(f"switch {handle}") + ("on " if on else "off ") for handle, on in self.extensions.items()
        )
        return write_page(
            f"{shop.name} ({shop.plan_name})",
            '<p><a href="/">All shops</a></p><p role="status"></p>'
            f"{home if shop.installed else '<p>The app is not installed.</p>'}"
            f"<p>{''.join(button(act) for act in SHOP_ACTS)}</p><p>{plans}</p><p>{switches}</p>"
            f"<table><tr><th>Order</th><th>Payment</th><th>Parcels</th><th></th></tr>{rows}</table>"
            f"<h2>Webhooks</h2><p>{len(self.platform.webhooks.queue)} wait.</p><table>{tries}</table>",
        )

    def write_row(self, order: Order) -> str:
        acts = "".join(button(act, str(order.id)) for act in ACTS)
        words = " · ".join(one.display_status for one in order.fulfilments) or order.fulfillment_status
        financial = "cancelled" if order.cancelled_at else order.financial
        return (
            f"<tr><td>{order.name} {escape(order.email)}</td><td>{financial}</td><td>{words}</td><td>{acts}</td></tr>"
        )

    def act(self, shop: FakeShop, act: str, order: Order | None) -> None:
        """What a button does. What cannot be done is not done."""
        if order is not None:
            self.act_on_order(shop, act, order)
        elif act.startswith("place"):
            shop.place_order(paid="paid" in act)
        elif act == "uninstall" and shop.installed:
            shop.uninstall()
        elif act == "install":
            shop.install()
        elif act == "redact":
            shop.fire("shop/redact", {"shop_id": shop.id, "shop_domain": shop.domain})
        elif act == "lose tokens":
            shop.tokens.revoke()
        elif act == "deliver webhooks":
            self.platform.run_hooks()
        elif act.startswith("plan ") and act[5:] in PLANS:
            shop.change_plan(act[5:])
        elif act.startswith("switch ") and act[7:] in self.extensions:
            self.extensions[act[7:]] = not self.extensions[act[7:]]

    def act_on_order(self, shop: FakeShop, act: str, order: Order) -> None:
        if act == "pay":
            shop.pay(order)
        elif act == "fulfil" and order.list_open():
            shop.fulfil(order, numbers=[f"90{order.number}"], url="https://tracking.example/{number}")
        elif act in ("out for delivery", "delivered") and order.fulfilments:
            shop.add_event(order, order.fulfilments[-1], act.upper().replace(" ", "_"), city="Bogotá")
        elif act == "refund" and order.refunded < order.total:
            shop.refund(order)
        elif act == "cancel" and order.cancelled_at is None:
            shop.cancel(order)
        elif act == "delete":
            shop.delete(order)

    # What shoppers see

    def write_storefront(self, shop: FakeShop, *, customer: bool) -> str:
        """A shop's page with what the theme app extension puts there."""
        name = shop.domain.partition(".")[0]
        kept = {one.key: one.value for one in shop.metafields if one.namespace == "mostrador"}
        proof = f' data-proof-url="/storefront/{name}/apps/mostrador/proof"' if customer else ""
        loader = (
            f'<div id="mostrador-settings" hidden data-store="{escape(kept["store"])}"'
            f' data-api="{escape(kept["service"])}" data-locale="{shop.locale}" data-steps="product"{proof}></div>'
            f'<script defer src="/storefront/{name}/assets/mostrador-loader.js"></script>'
            if kept.get("store") and kept.get("service") and self.extensions["mostrador-embed"] and shop.installed
            else "<p>The app's block is off, or the app was not opened yet.</p>"
        )
        goods = "<p>Café de Huila, 500 g: 42.900 COP</p>"
        links = f'<a href="?customer=1">Log in</a><a href="/checkout/{name}/cart">Cart</a><a href="/">All shops</a>'
        return write_page(shop.name, f"<nav>{links}</nav>{goods}{loader}")

    def read_asset(self, name: str) -> bytes | None:
        """A built file of the theme app extension."""
        folder = self.app_folder / "extensions" / "mostrador-embed" / "assets" if self.app_folder else None
        path = folder / Path(name).name if folder else None
        return path.read_bytes() if path is not None and path.is_file() else None

    def pass_on(self, shop: FakeShop, path: str, query: Mapping[str, str]) -> tuple[int, str, bytes]:
        """The app proxy: a signed question to the app, without the shopper's cookies. (status, type, body)."""
        customer = next((str(one.customer_id) for one in shop.orders.values() if one.customer_id), "")
        given: dict[str, str | list[str]] = {
            **query,
            "shop": shop.domain,
            "logged_in_customer_id": customer,
            "path_prefix": "/apps/mostrador",
            "timestamp": str(int(self.platform.clock.now().timestamp())),
        }
        signed = sign_proxy(given, self.platform.app.client_secret)
        address = f"{self.platform.app.origin}/p/shopify/proxy?{urlencode(signed, doseq=True)}"
        try:
            answer = requests.get(address, timeout=5, allow_redirects=False)
        except requests.RequestException:
            return 502, "text/plain", b"The app does not answer."
        return answer.status_code, answer.headers.get("Content-Type", "text/plain"), answer.content

    def write_checkout(self, shop: FakeShop, step: str) -> str:
        """A step of checkout with the chat's frame, where the plan lets it stand."""
        name = shop.domain.partition(".")[0]
        order = next(reversed(shop.orders.values()), None) if step == "thank-you" else None
        nav = "".join(f'<a href="/checkout/{name}/{one}">{one}</a>' for one in STEPS)
        context = {
            "type": "mostrador:context",
            "step": STEP_NAMES.get(step, step),
            "steps": [STEP_NAMES.get(step, step)],
            "basket": f"42900 {shop.currency}",
            "order": make_gid("OrderIdentity", order.id) if order else "",
            "checkout_token": order.checkout_token if order else "",
            "locale": shop.locale,
        }
        stands = shop.is_plus or step == "thank-you"
        chat = (
            self.write_chat(shop, name, context)
            if stands and step != "cart"
            else "<p>No chat stands here on this plan.</p>"
        )
        return write_page(
            f"{shop.name}: {step}", f'<nav>{nav}<a href="/">All shops</a></nav><p>Total: 42.900 COP</p>{chat}'
        )

    def write_chat(self, shop: FakeShop, name: str, context: Body) -> str:
        query = {
            "id_token": self.platform.mint_id_token(shop.domain, "checkout"),
            "locale": f"{shop.locale}-CO",
            "handle": "mostrador-chat",
        }
        address = f"{self.platform.app.origin}/p/shopify/chat?{urlencode(query)}"
        return (
            f'<div class="chat"><iframe title="Chat" data-token="/checkout/{name}/token" src="{escape(address)}"'
            f' data-context="{escape(json.dumps(context))}"></iframe></div>'
        )
