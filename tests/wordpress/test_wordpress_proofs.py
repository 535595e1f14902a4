"""Who is proven to the counter: only who holds the order's key or owns it, however the address was typed."""

from __future__ import annotations

import time

import pytest
from wordpress_bed import BLOCK_THEME, CLASSIC_THEME, CONTENTS, WordPress
from wordpress_counter import Counter
from wordpress_page import Visitor, read_page

from plugin.contract import Visitor as Proven

pytestmark = pytest.mark.xdist_group("wordpress")

KINDS = [(theme, kind) for theme in (BLOCK_THEME, CLASSIC_THEME) for kind in CONTENTS]


@pytest.mark.parametrize(("theme", "kind"), KINDS)
@pytest.mark.parametrize("where", ["received", "pay"])
def test_a_guest_with_the_key_is_proven_and_believed_by_the_adapter(
    connected: WordPress, counter: Counter, theme: str, kind: str, where: str
) -> None:
    connected.set_theme(theme)
    connected.set_kind(kind)
    order = connected.make_order(status="pending")
    proof = Visitor(connected).see(order[where]).told["data-proof"]
    assert counter.verify(proof) == Proven(order_external_id=str(order["id"]))


@pytest.mark.parametrize("where", ["received", "pay"])
@pytest.mark.parametrize(
    "change",
    ["no key", "empty key", "wrong key", "key of another order", "key as a list", "upper case", "prefix",
     "unknown order"],
)  # fmt: skip
def test_who_does_not_hold_the_key_proves_nothing(connected: WordPress, where: str, change: str) -> None:
    order, other = connected.make_order(), connected.make_order()
    address, _, query = order[where].partition("?")
    key = order["key"]
    asked = {
        "no key": address,
        "empty key": f"{address}?key=",
        "wrong key": f"{address}?key=wc_order_0000000000000",
        "key of another order": f"{address}?key={other['key']}",
        "key as a list": f"{address}?key[]={key}",
        "upper case": f"{address}?key={key.upper()}",
        "prefix": f"{address}?key={key[:-1]}",
        "unknown order": address.replace(f"/{order['id']}/", "/987654/") + "?" + query,
    }[change]
    page_seen = Visitor(connected).see(asked)
    assert page_seen.status == 200
    assert "data-proof" not in page_seen.told


@pytest.mark.parametrize("field", ["check_submission", "_wpnonce"])
def test_where_woocommerce_asks_a_guest_for_the_address_the_key_alone_proves_nothing(
    connected: WordPress, counter: Counter, field: str
) -> None:
    order = connected.make_order(created=int(time.time()) - 3600)
    guest = Visitor(connected)
    nonce = connected.run_php("return wp_create_nonce( 'wc_verify_email' );")

    def answer(**form: str) -> dict[str, str]:
        return read_page(guest.session.post(order["received"], data=form, timeout=30)).told

    assert "data-proof" not in guest.see(order["received"]).told
    assert "data-proof" not in answer(email="alma@example.com")
    assert "data-proof" not in answer(email="bea@example.com", **{field: nonce})
    proof = answer(email="alma@example.com", **{field: nonce})["data-proof"]
    assert counter.verify(proof) == Proven(order_external_id=str(order["id"]))


def test_the_number_of_an_order_in_the_account_proves_nothing_but_to_its_owner(
    connected: WordPress, counter: Counter
) -> None:
    own = connected.make_order(customer_id=connected.made["clara"])
    guests = connected.make_order()
    assert "data-proof" not in Visitor(connected).see(own["view"]).told
    assert "data-proof" not in Visitor(connected, "diego").see(own["view"]).told
    clara = Visitor(connected, "clara")
    assert "data-proof" not in clara.see(guests["view"]).told
    assert "data-proof" not in clara.see("/myaccount/view-order/987654/").told
    proof = clara.see(own["view"]).told["data-proof"]
    assert counter.verify(proof) == Proven(order_external_id=str(own["id"]))


def test_a_customers_order_is_not_proven_by_its_key_alone(connected: WordPress, counter: Counter) -> None:
    own = connected.make_order(customer_id=connected.made["clara"])
    assert "data-proof" not in Visitor(connected).see(own["received"]).told
    assert "data-proof" not in Visitor(connected, "diego").see(own["received"]).told
    proof = Visitor(connected, "clara").see(own["received"]).told["data-proof"]
    assert counter.verify(proof) == Proven(order_external_id=str(own["id"]))


def test_a_signed_in_customer_is_proven_on_uncached_pages_alone(
    connected: WordPress, counter: Counter
) -> None:
    clara = Visitor(connected, "clara")
    clara.fill_cart()
    for address in ("/cart/", "/checkout/", "/myaccount/"):
        page = clara.see(address)
        assert counter.verify(page.told["data-proof"]) == Proven(customer_id=str(connected.made["clara"]))
        assert "no-cache" in page.headers["cache-control"] or "no-store" in page.headers["cache-control"]
    for address in ("/", "/shop/", "/product/taza-sol/", "/product-category/tazas/", "/about/"):
        assert "data-proof" not in clara.see(address).told


def test_a_page_with_a_proof_is_kept_by_no_cache(connected: WordPress) -> None:
    page = Visitor(connected).see(connected.make_order()["received"])
    assert page.told["data-proof"]
    assert "no-cache" in page.headers["cache-control"] or "no-store" in page.headers["cache-control"]


def test_a_proof_says_nothing_but_store_order_and_end(connected: WordPress, counter: Counter) -> None:
    from base64 import urlsafe_b64decode
    from json import loads
    from time import time

    order = connected.make_order()
    purpose, payload, _ = Visitor(connected).see(order["received"]).told["data-proof"].split(".")
    claims = loads(urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    assert purpose == "order" and set(claims) == {"s", "o", "e"}
    assert claims["o"] == str(order["id"]) and claims["s"] == counter.store.public_id
    assert 0 < claims["e"] - time() <= 15 * 60
