"""Neither two mails nor none: core's mails with our link, and silent only where the counter really speaks instead."""

from __future__ import annotations

import re
from html import unescape
from time import time
from typing import Any

import pytest
import requests
from wordpress_bed import Key, WordPress
from wordpress_counter import Counter, call

from plugin.contract import TrackingLink

pytestmark = pytest.mark.xdist_group("wordpress")

COMPLETED, PROCESSING = "customer_completed_order", "customer_processing_order"
LEASED = [PROCESSING, COMPLETED, "customer_on_hold_order", "customer_refunded_order"]
LINK = re.compile(r"https?://[^\s\"'<]+/t/woocommerce/[^\s\"'<]+")


@pytest.fixture
def key(connected: WordPress) -> Key:
    return connected.make_key()


def sent(shop: WordPress) -> list[str]:
    """Ids of the mails to the shopper, in the order they went out."""
    return [mail["id"] for mail in shop.mails() if mail["id"] != "new_order"]


def lease(shop: WordPress, counter: Counter, key: Key, **values: Any) -> requests.Response:
    """The counter promises to tell shoppers itself, as of now."""
    terms = {"since": time() - 3600, "until": time() + 2700} | values
    mails = terms.pop("mails", LEASED)
    return call(shop, "PUT", "lease", key, {"lease": counter.lease(mails, **terms)})


def test_core_keeps_its_mails_and_carries_the_link_to_the_tracking_page(
    connected: WordPress, counter: Counter
) -> None:
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing", "completed")
    to_shopper = [mail for mail in connected.mails() if mail["id"] != "new_order"]
    assert [mail["id"] for mail in to_shopper] == [PROCESSING, COMPLETED]
    for mail in to_shopper:
        for body in (unescape(mail["html"]), mail["text"]):
            [address] = LINK.findall(body)
            assert address.startswith(counter.url + "/t/woocommerce/")
            proven = counter.verify(address.rpartition("/")[2])
            assert proven == TrackingLink(order_external_id=str(order["id"]))
        assert "<a " not in mail["text"] and "alma@example.com" not in mail["html"]
    assert connected.read_meta(order["id"]) == {}


def test_the_mail_to_the_shop_itself_carries_no_link(connected: WordPress) -> None:
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing")
    [to_shop] = [mail for mail in connected.mails() if mail["id"] == "new_order"]
    assert LINK.findall(to_shop["html"] + to_shop["text"]) == []


def test_the_mail_about_a_parcel_has_a_table_of_its_own_and_carries_the_link_too(
    connected: WordPress, counter: Counter
) -> None:
    order = connected.make_order(status="processing")
    connected.run_php(
        "WC()->mailer()->emails['customer_fulfillment_created']->trigger( $given['id'] );", id=order["id"]
    )
    [mail] = connected.mails()
    for body in (unescape(mail["html"]), mail["text"]):
        [address] = LINK.findall(body)
        assert counter.verify(address.rpartition("/")[2]) == TrackingLink(order_external_id=str(order["id"]))


def test_the_preview_of_a_mail_links_to_no_order(connected: WordPress, counter: Counter) -> None:
    connected.make_order(status="processing")
    preview = connected.run_php(
        "add_filter( 'woocommerce_is_email_preview', '__return_true' ); ob_start();"
        "do_action( 'woocommerce_email_after_order_table', new WC_Order(), false, false,"
        " WC()->mailer()->emails['customer_processing_order'] ); return ob_get_clean();"
    )
    assert not LINK.search(preview) and f'href="{counter.url}/help/' in preview


def test_before_connect_core_mails_as_if_we_were_not_there(shop: WordPress) -> None:
    order = shop.make_order(status="pending")
    shop.change_status(order["id"], "processing", "completed")
    assert sent(shop) == [PROCESSING, COMPLETED]
    assert not [mail for mail in shop.mails() if LINK.search(mail["html"])]


def test_under_a_fresh_lease_core_is_silent_and_the_order_remembers_it(
    connected: WordPress, counter: Counter, key: Key
) -> None:
    answer = lease(connected, counter, key)
    assert answer.status_code == 200 and answer.json()["expires_gmt"]
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing", "completed")
    assert sent(connected) == []
    assert sorted(connected.read_meta(order["id"])["_mostrador_left"]) == sorted([PROCESSING, COMPLETED])
    assert [mail["id"] for mail in connected.mails()] == ["new_order"]  # the shop still hears of its order


def test_the_lease_names_the_mails_and_the_rest_is_cores(
    connected: WordPress, counter: Counter, key: Key
) -> None:
    lease(connected, counter, key, mails=[COMPLETED])
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing", "completed")
    assert sent(connected) == [PROCESSING]
    assert connected.read_meta(order["id"])["_mostrador_left"] == [COMPLETED]


def test_orders_older_than_the_lease_keep_cores_mails(
    connected: WordPress, counter: Counter, key: Key
) -> None:
    lease(connected, counter, key, since=time() - 60)
    order = connected.make_order(status="pending", created=int(time()) - 3600)
    connected.change_status(order["id"], "processing", "completed")
    assert sent(connected) == [PROCESSING, COMPLETED]
    assert "_mostrador_left" not in connected.read_meta(order["id"])


@pytest.mark.parametrize("methods", [[], [{"title": "Recogida", "method": "local_pickup"}]])
def test_a_completed_order_with_nothing_that_travels_is_told_by_core(
    connected: WordPress, counter: Counter, key: Key, methods: list[Any]
) -> None:
    lease(connected, counter, key)
    order = connected.make_order(status="pending", shipping_methods=methods)
    connected.change_status(order["id"], "processing", "completed")
    assert sent(connected) == [COMPLETED]
    assert connected.read_meta(order["id"])["_mostrador_left"] == [PROCESSING]


def test_a_dead_server_gives_core_its_mails_back_when_the_lease_ends(
    connected: WordPress, counter: Counter, key: Key
) -> None:
    until = time() + 3
    assert lease(connected, counter, key, until=until).status_code == 200
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing")
    assert sent(connected) == []
    while time() < until + 1:
        requests.get(connected.url + "/about/", timeout=30)
    connected.change_status(order["id"], "completed")
    assert sent(connected) == [COMPLETED]
    assert connected.read_meta(order["id"])["_mostrador_left"] == [PROCESSING]


def test_what_core_sends_after_all_is_taken_out_of_the_orders_memory(
    connected: WordPress, counter: Counter, key: Key
) -> None:
    lease(connected, counter, key)
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing")
    assert connected.read_meta(order["id"])["_mostrador_left"] == [PROCESSING]
    assert call(connected, "DELETE", "lease", key).status_code == 200
    connected.change_status(order["id"], "on-hold", "processing")
    assert sent(connected) == ["customer_on_hold_order", PROCESSING]
    assert "_mostrador_left" not in connected.read_meta(order["id"])


@pytest.mark.parametrize("fault", ["forged", "expired", "other store", "other purpose", "no text"])
def test_a_lease_that_is_not_genuine_silences_nothing(
    connected: WordPress, counter: Counter, key: Key, fault: str
) -> None:
    good = counter.lease(LEASED, since=time() - 60, until=time() + 600)
    token: Any = {
        "forged": counter.lease(LEASED, since=time() - 60, until=time() + 600, secret="0" * 64),
        "expired": counter.lease(LEASED, since=time() - 60, until=time() - 1),
        "other store": good.replace(good.split(".")[1], good.split(".")[1][:-4] + "AAAA"),
        "other purpose": "order" + good.removeprefix("lease"),
        "no text": ["lease"],
    }[fault]
    answer = call(connected, "PUT", "lease", key, {"lease": token})
    assert answer.status_code == 400
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing", "completed")
    assert sent(connected) == [PROCESSING, COMPLETED]


def test_a_forged_lease_in_the_database_silences_nothing_either(
    connected: WordPress, counter: Counter
) -> None:
    forged = counter.lease(LEASED, since=time() - 60, until=time() + 600, secret="0" * 64)
    connected.run_php("update_option( 'mostrador_lease', $given['lease'] );", lease=forged)
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing")
    assert sent(connected) == [PROCESSING]


def test_a_mail_asked_for_again_by_rest_is_sent_and_leaves_the_orders_memory_alone(
    connected: WordPress, counter: Counter, key: Key
) -> None:
    lease(connected, counter, key)
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing")
    assert sent(connected) == []
    status = connected.run_php(
        "$asked = new WP_REST_Request( 'POST', '/wc/v3/orders/' . $given['id'] . '/actions/send_email' );"
        "$asked->set_param( 'template_id', 'customer_processing_order' );"
        "$status = rest_do_request( $asked )->get_status();"
        "$order = wc_get_order( $given['id'] ); $order->set_status( 'completed' ); $order->save(); return $status;",
        user="ana",
        id=order["id"],
    )
    assert (status, sent(connected)) == (200, [PROCESSING])
    assert sorted(connected.read_meta(order["id"])["_mostrador_left"]) == sorted([PROCESSING, COMPLETED])


def test_a_mail_that_the_merchant_switched_off_stays_off(connected: WordPress) -> None:
    connected.run_php(
        "update_option( 'woocommerce_customer_processing_order_settings', array( 'enabled' => 'no' ) );"
    )
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing")
    assert sent(connected) == []
    assert "_mostrador_left" not in connected.read_meta(order["id"])


def test_the_settings_screens_that_ask_without_an_order_hear_cores_answer(
    connected: WordPress, counter: Counter, key: Key
) -> None:
    lease(connected, counter, key)
    answers = connected.run_php(
        "return array_map( function ( $mail ) { return $mail->is_enabled(); }, WC()->mailer()->get_emails() );"
    )
    assert set(answers.values()) == {True}


def test_disconnecting_gives_core_its_mails_back_at_once(
    connected: WordPress, counter: Counter, key: Key
) -> None:
    lease(connected, counter, key)
    assert call(connected, "DELETE", "connection", key).status_code == 200
    order = connected.make_order(status="pending")
    connected.change_status(order["id"], "processing")
    assert sent(connected) == [PROCESSING]
    assert not [mail for mail in connected.mails() if LINK.search(mail["html"])]
