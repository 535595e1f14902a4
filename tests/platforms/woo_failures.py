"""Ways to provoke what was observed to go wrong in real shops; each gives what the merchant is told."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from woo_gate import KEY, SECRET, recorded
from woo_shop_bench import HOOK, URLS, Connected, open_connected
from woo_web import Web, make_index

from adapters.woocommerce import WooCommerceAdapter, install
from adapters.woocommerce.api import Shop
from adapters.woocommerce.bodies import CronReport, PluginStatus
from adapters.woocommerce.site import find_site
from adapters.woocommerce.site_findings import list_findings
from plugin.contract import (
    AccessBroken,
    AdapterError,
    Answer,
    Coupon,
    Form,
    Shipment,
    ShipmentStatus,
    Store,
    SurfaceState,
    SystemClock,
    WebhookDelivery,
    WebRequest,
)
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import RecordingHttp, make_answer

SHOP = "https://shop.example.com"
STORE = Store(
    public_id="st_1",
    platform="woocommerce",
    domain="shop.example.com",
    webhook_secret="s",
    credentials={"url": SHOP, "home": SHOP, "auth": "basic", "consumer_key": KEY, "consumer_secret": SECRET},
)
NOW = FrozenClock().now()
TEN = Coupon(code="vuelve-7q2xk9", percent=Decimal(10), expires_at=NOW + timedelta(days=9))
PARCEL = Shipment(
    external_id="",
    tracking_number="900001",
    carrier="Servientrega",
    status=ShipmentStatus.unknown,
    raw_status="",
)


def hear(act: Callable[[], Any]) -> str:
    """What the merchant is told of an act that fails."""
    with pytest.raises(AdapterError) as caught:
        act()
    return caught.value.words


# 1 and 2: connecting, and the keys


def begin(callback: str) -> str:
    web = Web({f"{SHOP}/wp-json/": make_index(SHOP)})
    urls = replace(URLS, install_callback=callback)
    request = WebRequest(method="POST", path="/", query={"shop": SHOP}, headers={})
    form = install.begin_install(web.http, request, urls, "state")
    assert isinstance(form, Form)
    return form.words


def return_with(**query: str) -> str:
    kept = {"by": "authorize", "url": SHOP, "home": SHOP}
    request = WebRequest(method="GET", path="/", query=query, headers={}, kept=kept)
    return hear(lambda: install.finish_install(RecordingHttp(), request))


def post(answer: Answer | Exception | None = None, **changes: str) -> str:
    body = recorded("wc_auth_callback") | {"consumer_key": KEY, "consumer_secret": SECRET} | changes
    request = WebRequest(
        method="POST",
        path="/",
        query={},
        body=json.dumps(body).encode(),
        headers={"content-type": "application/json"},
        kept={"by": "authorize", "url": SHOP, "home": SHOP},
    )
    replies = [answer] if answer is not None else []
    return hear(lambda: install.finish_install(RecordingHttp(*replies), request))


def plant_keys(shop: Connected) -> str:
    body = recorded("wc_auth_callback") | {"consumer_key": KEY, "consumer_secret": SECRET}
    kept = {"by": "authorize", "url": shop.shop.home, "home": shop.shop.home}
    request = WebRequest(
        method="POST", path="/", query={}, body=json.dumps(body).encode(), kept=kept,
        headers={"content-type": "application/json"},
    )  # fmt: skip
    adapter = WooCommerceAdapter({}, shop.http, SystemClock())  # a signature's time is the shop's own clock
    return hear(lambda: adapter.finish_install(request))


def look(pages: dict[str, Answer | Exception]) -> str:
    return hear(lambda: find_site(Web(pages).http, SHOP))


def refuse(status: int, name: str) -> Answer:
    return make_answer(status, json_body=recorded(name))


def ask(answer: Answer | Exception, writing: bool = False) -> str:
    shop = Shop(RecordingHttp(answer), STORE, FrozenClock(NOW))
    return hear(lambda: shop.send("POST", "coupons", {}) if writing else shop.get("orders/7"))


def write_with_a_reading_key() -> str:
    def answer(sent: Any) -> Answer:
        return (
            make_answer(json_body=[])
            if sent.method == "GET"
            else refuse(401, "error_401_read_only_key_writing")
        )

    shop = Shop(RecordingHttp(answer), STORE, FrozenClock(NOW))
    return hear(lambda: shop.send("POST", "coupons", {}))


def ask_with_a_wrong_clock() -> str:
    date = (NOW + timedelta(minutes=37)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    return ask(make_answer(401, json_body=recorded("error_401_wrong_secret"), headers={"Date": date}))


# 3 to 7: over the fake shop


def over_the_fake(act: Callable[[Connected], str], **manners: Any) -> Callable[[], str]:
    def run() -> str:
        with open_connected(**manners) as shop:
            return act(shop)

    return run


def examine(shop: Connected, key: str, **urls: str) -> str:
    found = shop.adapter.examine(shop.store, replace(URLS, **urls))
    return next(finding.words for finding in found if finding.key == key)


def disable(shop: Connected) -> str:
    shop.adapter.set_up(shop.store, URLS)
    shop.hooks[0].status = "disabled"
    return examine(shop, "webhooks")


def double(shop: Connected) -> str:
    shop.adapter.set_up(shop.store, URLS)
    shop.bench.hook(HOOK, "order.updated")
    return examine(shop, "webhooks")


def fail_deliveries(shop: Connected) -> str:
    shop.adapter.set_up(shop.store, URLS)
    spare = shop.bench.hook("https://erp.example/in", "order.updated")
    spare.status = "disabled"
    return examine(shop, "webhooks")


def demote(shop: Connected) -> str:
    shop.shop.users[1].role = "customer"
    return hear(lambda: shop.adapter.get_order(shop.store, "58"))


def bin_order(shop: Connected) -> str:
    order = shop.shop.place_order()
    shop.shop.trash(order)
    return hear(lambda: shop.adapter.cancel_order(shop.store, str(order.id), "x"))


def delete_order(shop: Connected) -> str:
    order = shop.shop.place_order()
    shop.shop.delete(order)
    return hear(lambda: shop.adapter.get_order(shop.store, str(order.id)))


def ship_and_cancel(shop: Connected) -> str:
    order = shop.shop.place_order()
    shop.adapter.add_shipment(shop.store, str(order.id), PARCEL)
    return hear(lambda: shop.adapter.cancel_order(shop.store, str(order.id), "x"))


def repeat_coupon(shop: Connected) -> str:
    shop.adapter.issue_coupon(shop.store, TEN)
    return hear(lambda: shop.adapter.issue_coupon(shop.store, replace(TEN, percent=Decimal(20))))


def read_signed_error() -> str:
    body = json.dumps(recorded("error_403_key_owner_lost_rights")).encode()
    delivery = WebhookDelivery(
        hook_key="k", topic="order.updated", headers={"x-wc-webhook-topic": "order.updated"}, body=body
    )
    [event] = WooCommerceAdapter({}, RecordingHttp(), FrozenClock()).parse_webhook(delivery)
    assert isinstance(event, AccessBroken)
    return event.reason


def tell_site(key: str, mailers: tuple[str, ...] = (), **told: Any) -> Callable[[], str]:
    status = PluginStatus(
        **{
            "version": "1",
            "connected": True,
            "store": "st_1",
            "cart": "blocks",
            "checkout": "blocks",
            "cron": CronReport(),
            "time_gmt": NOW.strftime("%Y-%m-%dT%H:%M:%S"),
        }
        | told
    )
    found = list_findings(status, STORE, NOW, list(mailers))
    return lambda: next(finding.words for finding in found if finding.key == key)


def see_surface(shop: Connected) -> str:
    surface = shop.adapter.surfaces(shop.store)[0]
    assert surface.state is SurfaceState.needs_step
    return surface.words


def tell_reach(shop: Connected) -> str:
    """A server of ours in a private network, seen from a shop that is not."""
    public = replace(shop.store, credentials={**shop.store.credentials, "home": SHOP, "auth": "basic"})
    urls = replace(URLS, webhook="http://10.0.0.7:5000/hooks/woocommerce/k1")
    report = shop.adapter.set_up(public, urls)
    found = shop.adapter.examine(public, urls)
    [finding] = [finding for finding in found if finding.key == "webhooks"]
    assert finding.words == report.warnings[0]
    return finding.words
