"""What WordPress' own privacy tools learn from us."""

from __future__ import annotations

from typing import Any

import pytest
from wordpress_bed import WordPress
from wordpress_counter import Counter
from wordpress_page import Visitor

pytestmark = pytest.mark.xdist_group("wordpress")

LEFT = "_mostrador_left"
RUN = """
$all = apply_filters( 'wp_privacy_personal_data_%s', array() );
return call_user_func( $all['mostrador']['callback'], $given['email'], $given['page'] );
"""


def export(shop: WordPress, email: str, page: int = 1) -> Any:
    return shop.run_php(RUN % "exporters", email=email, page=page)


def erase(shop: WordPress, email: str, page: int = 1) -> Any:
    return shop.run_php(RUN % "erasers", email=email, page=page)


def leave(shop: WordPress, **record: Any) -> int:
    """An order whose mail was left to the counter."""
    order: int = shop.make_order(**record)["id"]
    shop.run_php(
        "$order = wc_get_order( $given['id'] ); $order->update_meta_data( '_mostrador_left',"
        " array( 'customer_processing_order' ) ); $order->save();",
        id=order,
    )
    return order


def test_a_person_gets_what_is_kept_about_their_orders_and_where_the_rest_is(
    connected: WordPress, counter: Counter
) -> None:
    mine = leave(connected)
    theirs = leave(connected, billing={"email": "bea@example.com", "first_name": "Bea"})
    told = export(connected, "alma@example.com")
    words = str(told["data"])
    assert told["done"] is True and f"order-{mine}'" in words and counter.url in words
    assert f"order-{theirs}'" not in words and "customer_processing_order" in words
    assert export(connected, "nobody@example.com")["done"] is True
    assert "order-" not in str(export(connected, "nobody@example.com")["data"])
    assert "order-" not in str(export(connected, "%")["data"]) + str(export(connected, "")["data"])


def test_erasing_one_person_leaves_the_others(connected: WordPress) -> None:
    mine, theirs = leave(connected), leave(connected, billing={"email": "bea@example.com"})
    told = erase(connected, "ALMA@example.com".lower())
    assert told["items_removed"] is True and told["items_retained"] is False and told["done"] is True
    assert told["messages"], "who asks must hear where the rest is erased"
    assert LEFT not in connected.read_meta(mine)
    assert LEFT in connected.read_meta(theirs)
    assert erase(connected, "alma@example.com")["items_removed"] is False


def test_many_orders_are_erased_page_by_page(connected: WordPress) -> None:
    connected.run_php(
        "for ( $one = 0; $one < 60; $one++ ) { $order = double_make_order( array() );"
        " $order->update_meta_data( '_mostrador_left', array( 'customer_note' ) ); $order->save(); }"
    )
    pages = 0
    while not erase(connected, "alma@example.com", pages + 1)["done"]:
        pages += 1
        assert pages < 10
    left = connected.run_php(
        "return count( wc_get_orders( array( 'limit' => -1, 'meta_key' => '_mostrador_left' ) ) );"
    )
    assert (pages, left) == (1, 0)


def test_we_erase_before_woocommerce_takes_the_address_off_the_orders(connected: WordPress) -> None:
    names = connected.run_php(
        "add_filter( 'wp_privacy_personal_data_erasers', function ( $all ) {"
        " $all['woocommerce-customer-orders'] = array(); return $all; }, 5 );"
        "return array_keys( apply_filters( 'wp_privacy_personal_data_erasers', array() ) );"
    )
    assert names.index("mostrador") < names.index("woocommerce-customer-orders")


def test_the_privacy_policy_guide_has_our_words(connected: WordPress, counter: Counter) -> None:
    guide = Visitor(connected, "ana").see("/wp-admin/options-privacy.php?tab=policyguide").html
    assert "Mostrador" in guide and counter.url in guide
