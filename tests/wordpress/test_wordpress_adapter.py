"""Our own adapter and our own plugin, talking to each other over the shop's REST API as they do in a real shop."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from time import time

import pytest
from wordpress_bed import WordPress
from wordpress_counter import Counter
from wordpress_page import Visitor

from adapters.woocommerce.api import Shop
from adapters.woocommerce.plugin_link import ask_plugin, connect_plugin, forget_plugin, is_connected
from plugin.contract import (
    AccessRevoked,
    MailLease,
    Notice,
    PlatformRefused,
    Step,
    Store,
    SurfaceState,
    Unsupported,
    Urls,
)

pytestmark = pytest.mark.xdist_group("wordpress")


def describe_store(
    shop: WordPress, counter: Counter, user: str = "ana", permissions: str = "read_write"
) -> Store:
    """The shop as the core hands it to the adapter, with a key of this user."""
    key = shop.make_key(user, permissions)
    return Store(
        public_id=counter.store.public_id,
        platform="woocommerce",
        domain=counter.store.domain,
        webhook_secret=counter.store.webhook_secret,
        credentials={
            "url": shop.url,
            "home": shop.url,
            "consumer_key": key.name,
            "consumer_secret": key.secret,
        },
        currency="COP",
        locale="es",
    )


def urls(counter: Counter) -> Urls:
    return Urls(
        webhook=f"{counter.url}/hooks/woocommerce/abc",
        install_callback=f"{counter.url}/install/woocommerce/callback",
        widget_loader=f"{counter.url}/widget/loader.js",
        desk=f"{counter.url}/desk/{counter.store.public_id}/",
    )


def open_shop(counter: Counter, store: Store) -> Shop:
    adapter = counter.house.doors.registry.get("woocommerce")
    return Shop(adapter.http, store)


def test_the_adapter_connects_the_plugin_and_disconnects_it(shop: WordPress, counter: Counter) -> None:
    store = describe_store(shop, counter)
    client = open_shop(counter, store)
    assert not is_connected(ask_plugin(client), store)
    assert connect_plugin(client, store, urls(counter))
    assert connect_plugin(client, store, urls(counter))  # the same again
    assert is_connected(ask_plugin(client), store)
    told = Visitor(shop).see("/cart/").told
    assert (told["data-store"], told["data-api"]) == (store.public_id, counter.url)
    forget_plugin(client)
    assert not is_connected(ask_plugin(client), store)
    assert Visitor(shop).see("/cart/").tag is None


def test_the_coverage_report_tells_what_really_stands_on_the_pages(
    connected: WordPress, counter: Counter
) -> None:
    adapter, store = counter.house.doors.registry.get("woocommerce"), describe_store(connected, counter)
    told = {surface.step: surface.state for surface in adapter.surfaces(store)}
    assert set(told) == set(Step)
    assert set(told.values()) == {SurfaceState.live}
    connected.run_php(
        "Mostrador_Choices::keep( array_diff( Mostrador_Page::NAMES, array( 'cart' ) ), '', 'end', true );"
        "delete_option( 'woocommerce_checkout_page_id' );"
    )
    told = {surface.step: surface.state for surface in adapter.surfaces(store)}
    assert told[Step.cart] is SurfaceState.needs_step and told[Step.product] is SurfaceState.live
    assert told[Step.checkout] is not SurfaceState.live and told[Step.thank_you] is not SurfaceState.live


def test_a_lease_of_the_adapter_silences_core_and_its_end_gives_the_mails_back(
    connected: WordPress, counter: Counter
) -> None:
    adapter, store = counter.house.doors.registry.get("woocommerce"), describe_store(connected, counter)
    now = datetime.now(UTC)
    lease = MailLease(
        notices=frozenset(Notice),
        orders_since=now - timedelta(hours=1),
        expires_at=now + timedelta(minutes=45),
    )
    adapter.lease_mails(store, lease)
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing", "completed")
    assert [mail["id"] for mail in connected.mails()] == ["new_order"]
    left = connected.read_meta(order["id"])["_mostrador_left"]
    assert sorted(left) == ["customer_completed_order", "customer_processing_order"]
    adapter.lease_mails(store, None)
    connected.change_status(order["id"], "processing")
    assert [mail["id"] for mail in connected.mails()] == ["new_order", "customer_processing_order"]
    assert connected.read_meta(order["id"])["_mostrador_left"] == ["customer_completed_order"]


def test_a_shop_without_the_plugin_is_said_to_have_none(wordpress: WordPress, counter: Counter) -> None:
    adapter, store = counter.house.doors.registry.get("woocommerce"), describe_store(wordpress, counter)
    client = open_shop(counter, store)
    assert ask_plugin(client) is None and connect_plugin(client, store, urls(counter)) == ""
    assert {surface.state for surface in adapter.surfaces(store)} == {SurfaceState.needs_step}
    now = datetime.now(UTC)
    lease = MailLease(notices=frozenset(Notice), orders_since=now, expires_at=now + timedelta(minutes=45))
    with pytest.raises(Unsupported):
        adapter.lease_mails(store, lease)


def test_a_lease_that_ended_before_it_came_is_refused_loudly(connected: WordPress, counter: Counter) -> None:
    adapter, store = counter.house.doors.registry.get("woocommerce"), describe_store(connected, counter)
    ended = datetime.fromtimestamp(time() - 60, UTC)
    with pytest.raises(PlatformRefused):
        adapter.lease_mails(store, MailLease(notices=frozenset(Notice), orders_since=ended, expires_at=ended))


def test_a_key_of_a_customer_opens_nothing_of_the_plugin(connected: WordPress, counter: Counter) -> None:
    store = describe_store(connected, counter, "clara")
    with pytest.raises((AccessRevoked, PlatformRefused)):
        ask_plugin(open_shop(counter, store))
