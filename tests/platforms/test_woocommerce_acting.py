"""Coupons, notes, cancellations, facts, statuses and mails, over a served fake shop."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from woo_shop_bench import URLS, open_connected

from adapters.woocommerce.acting import issue_coupon
from adapters.woocommerce.mails import list_leased, sign_lease
from adapters.woocommerce.mapping import MAIL_NOTICES, PLATFORM_MAILS
from plugin.contract import (
    Capability,
    Coupon,
    MailLease,
    Money,
    NotFound,
    Notice,
    OrderStatus,
    PlatformDown,
    PlatformRefused,
    ShipmentStatus,
    StatusWord,
    Unsupported,
)

ENDS_AT = datetime(2026, 12, 24, 23, 0, tzinfo=UTC)
TEN = Coupon(code="Vuelve-7Q2XK9", percent=Decimal("10"), expires_at=ENDS_AT)


@pytest.fixture
def shop():
    with open_connected() as connected:
        yield connected


@pytest.fixture
def with_plugin():
    with open_connected(plugin_installed=True) as connected:
        connected.adapter.set_up(connected.store, URLS)
        yield connected


# Coupons


def test_a_coupon_is_for_one_use_ends_in_gmt_and_knows_no_address(shop):
    assert shop.adapter.issue_coupon(shop.store, TEN) == TEN
    (made,) = shop.shop.coupons.values()
    assert made.fields["code"] == "vuelve-7q2xk9"
    assert (made.fields["discount_type"], Decimal(made.fields["amount"])) == ("percent", Decimal("10"))
    assert made.fields["usage_limit"] == 1 and made.fields["individual_use"] is True
    assert not made.fields.get("email_restrictions")
    answer = shop.bench.get("coupons").json()[0]
    assert answer["date_expires_gmt"] == "2026-12-24T23:00:00"


def test_the_same_coupon_again_is_not_made_twice_also_in_other_letters(shop):
    shop.adapter.issue_coupon(shop.store, TEN)
    again = Coupon(code="VUELVE-7q2xk9", percent=Decimal("10.00"), expires_at=ENDS_AT)
    assert shop.adapter.issue_coupon(shop.store, again) == again
    assert len(shop.shop.coupons) == 1


@pytest.mark.parametrize("other", [
    Coupon(code="vuelve-7q2xk9", percent=Decimal("20"), expires_at=ENDS_AT),
    Coupon(code="vuelve-7q2xk9", percent=Decimal("10"), expires_at=ENDS_AT + timedelta(days=9)),
    Coupon(code="vuelve-7q2xk9", percent=Decimal("10")),
    Coupon(code="vuelve-7q2xk9", percent=Decimal("10"), expires_at=ENDS_AT, single_use=False),
    Coupon(code="vuelve-7q2xk9", amount=Money(amount=Decimal("10"), currency="COP"), expires_at=ENDS_AT),
])
def test_another_coupon_of_the_same_code_is_refused_and_the_first_stays(shop, other):
    shop.adapter.issue_coupon(shop.store, TEN)
    with pytest.raises(PlatformRefused, match="another coupon"):
        shop.adapter.issue_coupon(shop.store, other)
    assert len(shop.shop.coupons) == 1


def test_an_amount_is_taken_from_the_whole_cart_in_the_shops_currency(shop):
    shop.adapter.issue_coupon(shop.store, Coupon(code="a-1", amount=Money(amount=Decimal("5000"), currency="COP")))
    (made,) = shop.shop.coupons.values()
    assert (made.fields["discount_type"], Decimal(made.fields["amount"])) == ("fixed_cart", Decimal("5000"))


@pytest.mark.parametrize("nonsense", [
    Coupon(code="", percent=Decimal("10")), Coupon(code="a"), Coupon(code="a", percent=Decimal("101")),
    Coupon(code="a", percent=Decimal("0")), Coupon(code="a" * 101, percent=Decimal("10")),
    Coupon(code="a", percent=Decimal("1"), amount=Money(amount=Decimal("1"), currency="COP")),
    Coupon(code="a", amount=Money(amount=Decimal("1"), currency="EUR")),
])
def test_a_coupon_that_makes_no_sense_never_reaches_the_shop(shop, nonsense):
    with pytest.raises(PlatformRefused):
        shop.adapter.issue_coupon(shop.store, nonsense)
    assert shop.asked == []


def test_a_shop_with_coupons_switched_off_is_said_to_be_so():
    with open_connected(coupons=False) as shop:
        with pytest.raises(PlatformRefused, match="switched off"):
            shop.adapter.issue_coupon(shop.store, TEN)
        assert not shop.shop.coupons


class StubbornShop:
    """Makes coupons without an end, as a shop does that does not know `date_expires_gmt`."""

    def __init__(self, *, learns: bool) -> None:
        self.learns = learns
        self.coupon: dict[str, Any] = {}
        self.sent: list[str] = []

    def get(self, path: str, query: Any = None, root: str = "wc/v3") -> bytes:
        return b"[]" if path == "coupons" else b'{"value": "yes"}'

    def send(self, method: str, path: str, body: Any = None, query: Any = None, root: str = "wc/v3") -> bytes:
        self.sent.append(f"{method} {path}")
        if method == "POST":
            self.coupon = {"id": 5, **body, "date_expires_gmt": None}
        elif method == "PUT" and self.learns:
            self.coupon["date_expires_gmt"] = body["date_expires"].removesuffix("Z")
        return json.dumps(self.coupon).encode()


def test_a_coupons_end_that_the_shop_did_not_understand_is_told_in_another_way(shop):
    stubborn = StubbornShop(learns=True)
    assert issue_coupon(stubborn, shop.store, TEN) == TEN
    assert stubborn.sent == ["POST coupons", "PUT coupons/5"]
    assert stubborn.coupon["date_expires_gmt"] == "2026-12-24T23:00:00"


def test_a_coupon_that_would_never_end_is_taken_back(shop):
    stubborn = StubbornShop(learns=False)
    with pytest.raises(PlatformRefused, match="deleted again"):
        issue_coupon(stubborn, shop.store, TEN)
    assert stubborn.sent[-1] == "DELETE coupons/5"


# Notes and cancelling


@pytest.mark.parametrize("told", [True, False])
def test_a_note_is_text_and_the_shopper_is_told_only_when_that_is_wished(shop, told):
    order = shop.shop.place_order()
    shop.adapter.add_order_note(shop.store, str(order.id), "  <b>5 < 6</b> & más  ", tell_shopper=told)
    note = order.notes[-1]
    assert note.customer_note is told
    assert note.text == "&lt;b&gt;5 &lt; 6&lt;/b&gt; &amp; más"
    assert ("customer_note" in [mail.mail_id for mail in shop.shop.mails.sent]) is told


def test_an_empty_note_is_refused(shop):
    order = shop.shop.place_order()
    with pytest.raises(PlatformRefused):
        shop.adapter.add_order_note(shop.store, str(order.id), "  ")


@pytest.mark.parametrize("status", ["pending", "on-hold", "processing", "failed"])
def test_an_order_that_has_not_left_is_cancelled_with_the_reason_noted_for_the_staff(shop, status):
    order = shop.shop.place_order(status=status)
    shop.adapter.cancel_order(shop.store, str(order.id), "Se arrepintió")
    assert order.status == "cancelled" and order.refunds == []
    assert [note.customer_note for note in order.notes if note.text == "Se arrepintió"] == [False]


@pytest.mark.parametrize("status", ["completed", "refunded", "despachado"])
def test_an_order_that_is_finished_or_in_a_status_of_the_shops_own_is_not_cancelled(shop, status):
    order = shop.shop.place_order(status=status)
    notes, serial = len(order.notes), order.serial
    with pytest.raises(PlatformRefused):
        shop.adapter.cancel_order(shop.store, str(order.id), "no")
    assert (order.status, len(order.notes), order.serial) == (status, notes, serial)


def test_an_order_with_a_parcel_is_not_cancelled(shop):
    order = shop.shop.place_order()
    shop.shop.add_tracking(order, "0123456789012")
    with pytest.raises(PlatformRefused, match="on its way"):
        shop.adapter.cancel_order(shop.store, str(order.id), "no")
    assert order.status == "processing"


def test_an_order_cancelled_already_is_left_alone(shop):
    order = shop.shop.place_order(status="cancelled")
    serial, notes = order.serial, len(order.notes)
    shop.adapter.cancel_order(shop.store, str(order.id), "otra vez")
    assert (order.serial, len(order.notes)) == (serial, notes)


def test_an_order_in_the_bin_is_not_brought_back_to_life(shop):
    order = shop.shop.place_order()
    shop.shop.trash(order)
    with pytest.raises(NotFound):
        shop.adapter.cancel_order(shop.store, str(order.id), "no")
    assert order.status == "trash"


# Facts and statuses


def test_the_facts_are_the_shops_own_settings():
    with open_connected(shipment_tracking="wc-shipment-tracking/v3") as shop:
        facts = shop.adapter.store_facts(shop.store)
    assert (facts["currency"], facts["languages"]) == ("COP", ["es_CO"])
    assert {"id": "cod", "title": "Pago contra entrega"} in facts["payment_methods"]
    assert [way["typed"] for way in facts["payment_methods"] if way["id"] == "bacs"] == ["bank"]
    assert facts["https"] is True
    colombia, elsewhere = facts["shipping_zones"]
    assert (colombia["name"], colombia["places"]) == ("Colombia", ["CO"])
    assert colombia["methods"] == [{"title": "Envío nacional", "price": "12000.00", "pick_up": False}]
    assert elsewhere["methods"] == []
    assert facts["tracking_mailers"] == ["Shipment Tracking"]
    assert facts["privacy_url"] == "", "our plugin is not there to tell it"


def test_a_shop_that_gives_its_own_address_without_encryption_is_not_called_safe():
    with open_connected() as shop:
        shop.shop.home = shop.shop.home.replace("https://", "http://")
        assert shop.adapter.store_facts(shop.store)["https"] is False


def test_the_plugin_tells_the_shops_own_privacy_page(with_plugin):
    shop = with_plugin
    assert shop.adapter.store_facts(shop.store)["privacy_url"] == "", "the shop has none"
    shop.shop.plugin.privacy_page = "https://tienda.example/privacidad/"
    assert shop.adapter.store_facts(shop.store)["privacy_url"] == "https://tienda.example/privacidad/"


def test_every_status_is_named_as_the_merchant_reads_it_and_drafts_are_left_out(shop):
    found = {word.raw_status: word for word in shop.adapter.list_statuses(shop.store)}
    assert found["despachado"] == StatusWord(raw_status="despachado", name="Despachado", known=False)
    assert {slug for slug, word in found.items() if word.known} == {
        "pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed"}
    assert "checkout-draft" not in found


def test_a_status_of_a_shipment_plugin_says_where_everything_is(shop):
    read = {slug: shop.adapter.get_order(shop.store, str(shop.shop.place_order(status=slug).id))
            for slug in ("shipped", "delivered", "partial-shipped", "despachado")}
    assert read["delivered"].whereabouts is ShipmentStatus.delivered
    assert read["shipped"].whereabouts is ShipmentStatus.unknown
    assert read["shipped"].dispatched and read["shipped"].status is OrderStatus.completed
    for slug in ("partial-shipped", "despachado"):
        assert (read[slug].status, read[slug].raw_status) == (OrderStatus.unknown, slug)
        assert not read[slug].dispatched


# Core's mails


def test_a_shop_of_default_settings_mails_what_we_expect_of_it(shop):
    assert shop.adapter.platform_mails(shop.store) == PLATFORM_MAILS


def test_a_mail_the_merchant_switched_off_tells_nothing(shop):
    shop.shop.mails.switches["customer_completed_order"] = "no"
    shop.shop.mails.switches["customer_refunded_order"] = "no"
    mails = shop.adapter.platform_mails(shop.store)
    assert PLATFORM_MAILS - mails == {Notice.shipped, Notice.refunded, Notice.partly_refunded}
    shop.shop.mails.switches["customer_on_hold_order"] = "no"
    assert Notice.order_received in shop.adapter.platform_mails(shop.store)  # the other mail tells it as well


def test_a_shop_that_is_down_for_a_moment_has_not_changed_its_mails(shop):
    shop.shop.manners.maintenance = 503
    with pytest.raises(PlatformDown):
        shop.adapter.platform_mails(shop.store)


def test_settings_that_may_not_be_read_mean_the_defaults(shop):
    shop.shop.keys.clear()
    assert shop.adapter.platform_mails(shop.store) == PLATFORM_MAILS


def lease(shop, **changes) -> MailLease:
    now = shop.bench.clock.now()
    values = {"notices": PLATFORM_MAILS, "orders_since": now, "expires_at": now + timedelta(minutes=30)}
    return MailLease(**values | changes)


def test_while_a_lease_is_fresh_core_leaves_its_mails_and_the_order_says_which(with_plugin):
    shop = with_plugin
    old = shop.shop.place_order()
    shop.bench.clock.advance(60)
    shop.adapter.lease_mails(shop.store, lease(shop))
    order = shop.shop.place_order()
    assert order.read_meta("_mostrador_left") == ["customer_processing_order"]
    read = shop.adapter.get_order(shop.store, str(order.id))
    assert read.untold == MAIL_NOTICES["customer_processing_order"] | {Notice.shipped}
    assert shop.adapter.get_order(shop.store, str(old.id)).untold == {Notice.shipped}
    shop.adapter.lease_mails(shop.store, None)
    shop.shop.change_status(order, "completed")
    assert Notice.shipped not in shop.adapter.get_order(shop.store, str(order.id)).untold


def test_a_number_typed_when_the_mail_of_completed_had_long_gone_out_is_told_by_nobody_there(shop):
    order = shop.shop.place_order(payment="card", status="completed")
    shop.bench.clock.advance(timedelta(minutes=50))
    shop.shop.add_tracking(order, "7000000001", custom="TCC")
    assert Notice.shipped not in shop.adapter.get_order(shop.store, str(order.id)).untold
    shop.bench.clock.advance(timedelta(minutes=20))
    shop.shop.add_tracking(order, "7000000002", custom="TCC")
    assert Notice.shipped in shop.adapter.get_order(shop.store, str(order.id)).untold


def test_without_the_plugin_mails_cannot_be_leased_and_giving_back_is_no_error(shop):
    with pytest.raises(Unsupported) as refusal:
        shop.adapter.lease_mails(shop.store, lease(shop))
    assert refusal.value.capability is Capability.MAIL_LEASE
    shop.adapter.lease_mails(shop.store, None)


def test_a_mail_of_which_only_half_is_ours_stays_with_core():
    assert list_leased(frozenset({Notice.order_received, Notice.shipped})) == [
        "customer_completed_order", "customer_fulfillment_created"]
    assert list_leased(frozenset()) == []
    assert set(list_leased(PLATFORM_MAILS)) == MAIL_NOTICES.keys()


def test_a_lease_is_sealed_and_names_this_store(shop):
    purpose, _, given = sign_lease(shop.store, lease(shop)).split(".")
    assert (purpose, len(given)) == ("lease", 64)
