"""Connecting, being asked how it goes, disconnecting, and being deleted without a trace."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests
from wordpress_bed import HERE, PLUGIN, WordPress, build_zip
from wordpress_counter import Counter, call
from wordpress_page import Visitor

pytestmark = pytest.mark.xdist_group("wordpress")

EVERYTHING = (HERE / "bed/everything.php").read_text().removeprefix("<?php")
OF_THE_TEST = (
    "double_",
    "active_plugins",
    "uninstall_plugins",
    "recently_activated",
    "cron",
    "rewrite_rules",
)


OF_WORDPRESS = ("wp_", "recovery_mode_", "delete_expired_transients")


def look_around(shop: WordPress) -> dict[str, Any]:
    """All that is kept in the database, without what the double, WordPress' jobs and an activation itself write."""
    found: dict[str, Any] = shop.run_php(EVERYTHING)
    found["cron"] = [name for name in found["cron"] if not name.startswith(OF_WORDPRESS)]
    found["options"] = {
        name: value for name, value in found["options"].items() if not name.startswith(OF_THE_TEST)
    }
    return found


def use_wordpress(shop: WordPress) -> None:
    """The merchant looks in and the timed jobs run: WordPress writes down what it writes down anyway."""
    Visitor(shop, "ana").see("/wp-admin/profile.php")
    requests.get(shop.url + "/wp-cron.php?doing_wp_cron=1", timeout=30)
    requests.get(shop.url + "/wp-cron.php", timeout=30)


def test_an_anonymous_visitor_a_customer_and_a_reading_key_change_nothing(
    shop: WordPress, counter: Counter
) -> None:
    body = counter.connection()
    customer, reader = shop.make_key("clara"), shop.make_key(permissions="read")
    refused = [call(shop, "PUT", "connection", key, body).status_code for key in (None, customer, reader)]
    assert refused == [401, 403, 401]
    assert [call(shop, "GET", "status", key).status_code for key in (None, customer)] == [401, 403]
    assert call(shop, "DELETE", "connection", None).status_code == 401
    assert call(shop, "PUT", "lease", None, {"lease": "x"}).status_code == 401
    assert call(shop, "GET", "status", reader).json()["connected"] is False


def test_a_shop_manager_may_connect(shop: WordPress, counter: Counter) -> None:
    answer = call(shop, "PUT", "connection", shop.make_key("maria"), counter.connection())
    assert answer.status_code == 200 and answer.json()["version"]
    assert Visitor(shop).see("/").told["data-store"] == counter.store.public_id


@pytest.mark.parametrize(
    "change",
    [{"service": "javascript:alert(1)"}, {"service": "https://user:word@care.example"}, {"service": "care.example"},
     {"service": "https://care.example/?a=b"}, {"secret": "short"}, {"secret": "Z" * 64}, {"store": ""},
     {"store": '"><script>'}, {"service": None}, {"secret": ["a"]}],
)  # fmt: skip
def test_a_connection_that_cannot_be_read_is_refused(
    shop: WordPress, counter: Counter, change: dict[str, Any]
) -> None:
    answer = call(shop, "PUT", "connection", shop.make_key(), counter.connection() | change)
    assert answer.status_code == 400
    assert call(shop, "GET", "status", shop.make_key()).json()["connected"] is False


def test_words_of_the_server_are_text_in_the_shop(shop: WordPress, counter: Counter) -> None:
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(2)>'
    counter.connect(shop, name=hostile, locale=hostile, accent=hostile)
    for page in (Visitor(shop).see("/cart/"), Visitor(shop, "ana").see("/wp-admin/admin.php?page=mostrador")):
        assert page.status == 200 and "<script>alert(1)" not in page.html and "<img src=x" not in page.html


def test_the_status_tells_what_the_checklist_and_the_doctor_need(
    connected: WordPress, counter: Counter
) -> None:
    key = connected.make_key()
    connected.set_kind("blocks")
    connected.run_php(
        "$hook = new WC_Webhook(); $hook->set_delivery_url( $given['url'] . '/hooks/woocommerce/abc' );"
        "$hook->set_status( 'disabled' ); $hook->set_failure_count( 6 ); $hook->save();"
        "$other = new WC_Webhook(); $other->set_delivery_url( 'https://erp.example/hook' );"
        "$other->set_status( 'disabled' ); $other->save();",
        url=counter.url,
    )
    told = call(connected, "GET", "status", key).json()
    assert set(told) == {
        "version", "connected", "service", "store", "pages", "cart", "checkout", "theme", "cron", "time_gmt", "https",
        "permalinks", "caching", "delays_scripts", "mailers", "lease", "authorization", "hooks_failing",
        "privacy_page",
    }  # fmt: skip
    assert (told["connected"], told["service"], told["store"]) == (True, counter.url, counter.store.public_id)
    assert (told["cart"], told["checkout"], told["permalinks"]) == ("blocks", "blocks", "pretty")
    assert (told["https"], told["authorization"], told["hooks_failing"]) == (False, True, 1)
    assert told["lease"] == {"fresh": False, "expires_gmt": None}
    assert told["cron"]["disabled"] is True
    assert all(
        told["pages"][step] for step in ("home", "product", "cart", "checkout", "thank_you", "account")
    )
    connected.set_kind("classic")
    connected.set_theme("twentytwentyone")
    again = call(connected, "GET", "status", key).json()
    assert (again["cart"], again["checkout"], again["theme"]) == ("classic", "classic", "classic")
    assert "secret" not in json.dumps(again) and counter.secret not in json.dumps(again)


def test_the_secret_leaves_by_no_route_and_no_page(connected: WordPress, counter: Counter) -> None:
    key, order = connected.make_key(), connected.make_order()
    said = [
        call(connected, "GET", "status", key).text,
        call(connected, "PUT", "connection", key, counter.connection()).text,
        requests.get(connected.url + "/wp-json/", timeout=30).text,
        requests.get(connected.url + "/wp-json/wp/v2/settings", auth=key.auth, timeout=30).text,
        Visitor(connected).see(order["received"]).html,
        Visitor(connected, "ana").see("/wp-admin/admin.php?page=mostrador").html,
    ]
    assert [counter.secret in text for text in said] == [False] * len(said)


def test_a_zip_made_for_one_server_refuses_another(
    wordpress: WordPress, counter: Counter, plugin_zip: Path, tmp_path: Path
) -> None:
    made_for = build_zip(tmp_path / "mostrador.zip", "https://care.example")
    try:
        wordpress.unzip_plugin(made_for)
        wordpress.activate(PLUGIN)
        key = wordpress.make_key()
        refused = call(wordpress, "PUT", "connection", key, counter.connection())
        assert (refused.status_code, refused.json()["code"]) == (409, "mostrador_other_service")
        screen = Visitor(wordpress, "ana").see("/wp-admin/admin.php?page=mostrador")
        assert "https://care.example" in screen.html
        own = call(
            wordpress, "PUT", "connection", key, counter.connection() | {"service": "https://care.example"}
        )
        assert own.status_code == 200
    finally:
        wordpress.unzip_plugin(plugin_zip)


def test_activation_asks_nobody_and_writes_nothing(wordpress: WordPress, plugin_zip: Path) -> None:
    wordpress.unzip_plugin(plugin_zip)
    before = look_around(wordpress)
    wordpress.activate(PLUGIN)
    Visitor(wordpress, "ana").see("/wp-admin/admin.php?page=mostrador")
    after = look_around(wordpress)
    changed = {name for name in before["options"] | after["options"]
               if before["options"].get(name) != after["options"].get(name)}  # fmt: skip
    assert changed == set()
    assert after == before
    assert [one for one in wordpress.requests() if one["ours"]] == []


def test_compatibility_with_order_storage_and_blocks_is_declared(shop: WordPress) -> None:
    declared = shop.run_php("return Automattic\\WooCommerce\\Utilities\\FeaturesUtil::double_declared();")
    assert declared == {PLUGIN: {"custom_order_tables": True, "cart_checkout_blocks": True}}


def test_the_shop_disconnects_and_our_webhooks_are_gone(connected: WordPress, counter: Counter) -> None:
    connected.run_php(
        "foreach ( array( $given['url'] . '/hooks/woocommerce/abc', 'https://erp.example/hook' ) as $url ) {"
        " $hook = new WC_Webhook(); $hook->set_delivery_url( $url ); $hook->save(); }",
        url=counter.url,
    )
    ana = Visitor(connected, "ana")
    screen = ana.see("/wp-admin/admin.php?page=mostrador")
    assert press(ana, screen.html, "mostrador_disconnect").status_code == 200
    assert look_around(connected)["hooks"] == ["https://erp.example/hook"]
    assert Visitor(connected).see("/cart/").tag is None
    assert call(connected, "GET", "status", connected.make_key()).json()["connected"] is False


def press(visitor: Visitor, html: str, action: str) -> requests.Response:
    """Sends one of the screen's forms as its button does."""
    import re

    form = next(one for one in html.split("<form")[1:] if f'value="{action}"' in one).partition("</form>")[0]
    values = dict(re.findall(r'<input type="hidden"[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form))
    values |= dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
    return visitor.session.post(visitor.shop.url + "/wp-admin/admin-post.php", data=values, timeout=30)


def test_a_form_without_its_nonce_or_of_a_customer_changes_nothing(connected: WordPress) -> None:
    url = connected.url + "/wp-admin/admin-post.php"
    for user in ("ana", "clara"):
        answer = Visitor(connected, user).session.post(
            url, data={"action": "mostrador_disconnect"}, timeout=30
        )
        assert answer.status_code == 403
    requests.post(url, data={"action": "mostrador_disconnect"}, timeout=30)
    assert Visitor(connected).see("/cart/").tag is not None


def test_deleting_the_plugin_leaves_nothing(wordpress: WordPress, counter: Counter, plugin_zip: Path) -> None:
    wordpress.unzip_plugin(plugin_zip)
    order = wordpress.make_order(status="pending")
    use_wordpress(wordpress)
    before = look_around(wordpress)
    wordpress.activate(PLUGIN)
    key = counter.connect(wordpress)
    wordpress.run_php(
        "$hook = new WC_Webhook(); $hook->set_delivery_url( $given['url'] . '/hooks/woocommerce/abc' ); $hook->save();"
        "Mostrador_Choices::keep( array( 'cart' ), '#ff0000', 'start', false );",
        url=counter.url,
    )
    from time import time

    lease = counter.lease(["customer_processing_order"], since=time() - 3600, until=time() + 600)
    assert call(wordpress, "PUT", "lease", key, {"lease": lease}).status_code == 200
    wordpress.change_status(order["id"], "processing")
    assert "_mostrador_left" in wordpress.read_meta(order["id"])
    Visitor(wordpress, "ana").see("/wp-admin/admin.php?page=mostrador")
    use_wordpress(wordpress)
    assert look_around(wordpress) != before
    wordpress.deactivate(PLUGIN)
    wordpress.uninstall(PLUGIN)
    after = look_around(wordpress)
    changed = {name for name in before["options"] | after["options"]
               if before["options"].get(name) != after["options"].get(name)}  # fmt: skip
    assert changed == set()
    assert after == before


def test_deleting_the_plugin_tells_nobody_that_every_order_has_changed(shop: WordPress) -> None:
    order = shop.make_order(status="processing", modified=1_700_000_000)
    shop.run_php(
        "$order = wc_get_order( $given['id'] );"
        "$order->update_meta_data( '_mostrador_left', array( 'customer_note' ) );"
        "add_filter( 'woocommerce_orders_table_datastore_should_save_after_meta_change', '__return_false' );"
        "$order->save_meta_data();",
        id=order["id"],
    )
    assert "_mostrador_left" in shop.read_meta(order["id"])
    shop.deactivate(PLUGIN)
    told = shop.run_php(
        "uninstall_plugin( $given['plugin'] ); return did_action( 'woocommerce_update_order' );",
        admin=True,
        plugin=PLUGIN,
    )
    assert told == 0 and "_mostrador_left" not in shop.read_meta(order["id"])
