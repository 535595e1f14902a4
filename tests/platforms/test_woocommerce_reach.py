"""From a typed address to read orders, over real connections to the fake shop, however its server is set up."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest

from adapters.woocommerce import WooCommerceAdapter
from plugin.contract import InstallRejected, Store, SystemClock, WebRequest
from plugin.http import GuardedHttp
from plugin.testing.fake_woocommerce import Manners, serve_shop

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def paste(url: str, key: str, secret: str) -> WebRequest:
    fields = {"url": url, "consumer_key": key, "consumer_secret": secret}
    return WebRequest(
        method="POST", path="/install/woocommerce/callback", query={}, body=urlencode(fields).encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip


@pytest.mark.parametrize("folder", ["", "/tienda"])
@pytest.mark.parametrize(
    ("https", "manners", "way"),
    [
        (True, {}, "basic"),
        (False, {}, "oauth"),
        (True, {"hides_https": True}, "oauth"),
        (True, {"strips_authorization": True}, "oauth-query"),
        (True, {"strips_authorization": True, "hides_https": True}, "oauth-query"),
    ],
)
def test_a_shop_is_reached_however_its_server_is_set_up(
    https: bool, manners: dict[str, Any], way: str, folder: str
) -> None:
    with serve_shop(https=https, folder=folder, manners=Manners(**manners)) as server:
        key = server.shop.add_key()
        http = GuardedHttp(allow_private_hosts=True, ca_bundle=str(server.certificate) if https else None)
        woo = WooCommerceAdapter({}, http, SystemClock())
        access = woo.finish_install(paste(server.url, key.consumer_key, key.consumer_secret))
        assert (access.credentials["auth"], access.credentials["url"]) == (way, server.url)
        assert (access.currency, access.locale) == ("COP", "es_CO")
        store = Store(
            public_id="st_1", platform="woocommerce", domain=access.domain, credentials=access.credentials
        )
        assert list(woo.changed_orders(store, LONG_AGO)) == []
        assert list(woo.check_orders(store, ["999999"])) == []
        (owner,) = woo.list_staff(store)
        assert "@" in owner.email


@pytest.mark.parametrize(
    ("manners", "words"),
    [
        ({"plain_permalinks": True}, "plain permalinks"),
        ({"redirect_loop": True}, "in a circle"),
        ({"maintenance": 503}, "answered 503"),
        ({"maintenance": 200}, "maintenance page"),
        ({"retry_after": 30}, "too many requests"),
    ],
)
def test_a_shop_that_cannot_be_reached_says_why(manners: dict[str, Any], words: str) -> None:
    with serve_shop(manners=Manners(**manners)) as server:
        key = server.shop.add_key()
        woo = WooCommerceAdapter({}, GuardedHttp(allow_private_hosts=True), SystemClock())
        with pytest.raises(InstallRejected, match=words):
            woo.finish_install(paste(server.url, key.consumer_key, key.consumer_secret))
