"""The widget on every page of the purchase: with both kinds of cart and checkout, in both kinds of theme."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
import requests
from wordpress_bed import BLOCK_THEME, CLASSIC_THEME, CONTENTS, WordPress
from wordpress_counter import Counter
from wordpress_page import CHECKOUT, PERSONAL, Visitor

pytestmark = pytest.mark.xdist_group("wordpress")

KINDS = [(theme, kind) for theme in (BLOCK_THEME, CLASSIC_THEME) for kind in CONTENTS]
ALLOWED = {
    "data-store", "data-api", "data-steps", "data-locale", "data-accent", "data-corner", "data-product", "data-proof",
}  # fmt: skip
"""All that the widget may be told."""
FOR_CACHES = {
    "data-no-optimize", "data-no-minify", "data-no-defer", "data-noptimize", "data-cfasync", "data-pagespeed-no-defer",
    "data-jetpack-boost", "data-wp-strategy",
}  # fmt: skip
"""What asks caching plugins to leave the tag as it is."""
STEPS = {
    "/": "home",
    "/shop/": "catalogue",
    "/product-category/tazas/": "catalogue",
    "/product/taza-sol/": "product",
    "/cart/": "cart",
    "/checkout/": CHECKOUT,
    "/myaccount/": "account",
    "/myaccount/orders/": "account",
}
WITH_HELP = ("/cart/", "/checkout/", "/myaccount/")


@pytest.fixture(params=KINDS, ids=["-".join(one) for one in KINDS])
def dressed(request: pytest.FixtureRequest, connected: WordPress) -> WordPress:
    """The connected shop in one theme and one kind of checkout."""
    theme, kind = request.param
    connected.set_theme(theme)
    connected.set_kind(kind)
    return connected


def test_every_page_of_the_purchase_has_the_widget_with_its_steps(
    dressed: WordPress, counter: Counter
) -> None:
    visitor = Visitor(dressed)
    visitor.fill_cart()
    order = dressed.make_order()
    pages = STEPS | {order["received"]: "thank_you", order["pay"]: "order_pay", order["view"]: "order_status"}
    seen = {address: visitor.see(address).told for address in pages}
    assert {address: told["data-steps"] for address, told in seen.items()} == pages
    for told in seen.values():
        assert (told["data-store"], told["data-api"]) == (counter.store.public_id, counter.url)
        assert told["data-accent"] == "#0b57d0"
        assert {"async", "defer"} & set(told), "the loader must not hold up the page"
        assert "type" not in told or told["type"] == "text/javascript"
    assert seen["/product/taza-sol/"]["data-product"] == str(dressed.made["product"])


def test_the_signed_in_customers_own_order_is_a_step_of_its_own(dressed: WordPress) -> None:
    order = dressed.make_order(customer_id=dressed.made["clara"])
    assert Visitor(dressed, "clara").see(order["view"]).told["data-steps"] == "order_status"


def test_the_page_tells_the_widget_by_attributes_alone_and_serves_it_itself(dressed: WordPress) -> None:
    visitor = Visitor(dressed)
    visitor.fill_cart()
    order = dressed.make_order()
    for address in (*STEPS, order["received"], order["pay"]):
        page = visitor.see(address)
        assert {name for name in page.told if name.startswith("data-")} - FOR_CACHES <= ALLOWED, address
        assert page.ours and all(urlsplit(one).netloc == urlsplit(dressed.url).netloc for one in page.ours)
        assert not [words for words in page.inline if "mostrador" in words.lower()], address
        assert visitor.session.get(page.ours[0], timeout=30).status_code == 200


def test_the_help_link_stands_exactly_once_and_needs_no_script(dressed: WordPress, counter: Counter) -> None:
    visitor = Visitor(dressed)
    empty = visitor.see("/cart/")
    visitor.fill_cart()
    order = dressed.make_order()
    customer = Visitor(dressed, "clara")
    theirs = dressed.make_order(customer_id=dressed.made["clara"])
    pages = [visitor.see(address) for address in (*WITH_HELP, order["received"])]
    pages += [
        empty,
        customer.see("/myaccount/"),
        customer.see(theirs["view"]),
        customer.see(theirs["received"]),
    ]
    for page in pages:
        [link] = page.help_links(counter.url)
        assert urlsplit(link["href"]).path.startswith(f"/help/{counter.store.public_id}/")
        assert "onclick" not in link
        assert requests.get(link["href"], timeout=30).status_code == 200
    assert visitor.see("/").help_links(counter.url) == []


def test_no_page_holds_anything_personal_of_ours(dressed: WordPress) -> None:
    visitor, order = Visitor(dressed), dressed.make_order()
    visitor.fill_cart()
    for address in (*STEPS, order["received"], order["pay"], order["view"]):
        page = visitor.see(address)
        assert [word for word in PERSONAL if word in page.html] == [], address
    own = dressed.make_order(customer_id=dressed.made["clara"])
    page = Visitor(dressed, "clara").see(own["view"])
    assert [word for word in PERSONAL if any(word in str(one) for one in page.scripts)] == []
    assert [word for word in PERSONAL if any(word in one for one in page.inline)] == []


def test_a_page_that_was_switched_off_has_neither_widget_nor_link(
    connected: WordPress, counter: Counter
) -> None:
    connected.run_php(
        "$on = array_diff( Mostrador_Page::NAMES, array( 'cart', 'other' ) );"
        "Mostrador_Choices::keep( $on, '#ff0000', 'start', true );"
    )
    visitor = Visitor(connected)
    visitor.fill_cart()
    cart = visitor.see("/cart/")
    assert (cart.tag, cart.ours, cart.help_links(counter.url)) == (None, [], [])
    assert visitor.see("/about/").tag is None
    told = visitor.see("/checkout/").told
    assert (told["data-accent"], told["data-corner"]) == ("#ff0000", "start")


def test_a_page_beside_the_purchase_has_the_widget_without_a_step(connected: WordPress) -> None:
    assert Visitor(connected).see("/about/").told.get("data-steps", "") == ""


@pytest.mark.parametrize(
    ("locale", "told"), [("es_CO", "es"), ("pt_PT", "pt"), ("pt_BR", "pt"), ("en_GB", "en")]
)
def test_the_widget_speaks_the_language_of_the_page(connected: WordPress, locale: str, told: str) -> None:
    connected.set_language(locale)
    page = Visitor(connected).see("/shop/").told
    assert page["data-locale"] == told


def test_without_woocommerce_the_shop_goes_on_and_nothing_of_ours_is_there(connected: WordPress) -> None:
    connected.deactivate("woocommerce/woocommerce.php")
    for address in ("/", "/about/", "/cart/"):
        page = Visitor(connected).see(address)
        assert (page.status, page.tag, page.ours) == (200, None, [])
    screen = Visitor(connected, "ana").see("/wp-admin/options-general.php?page=mostrador")
    assert screen.status == 200 and "WooCommerce" in screen.html


def test_before_connect_no_page_knows_of_us(shop: WordPress) -> None:
    visitor, order = Visitor(shop), shop.make_order()
    visitor.fill_cart()
    for address in (*STEPS, order["received"], order["pay"], order["view"]):
        page = visitor.see(address)
        assert (page.tag, page.ours) == (None, [])
        assert "mostrador" not in page.html.lower()
    assert [one for one in shop.requests() if one["ours"]] == []
