"""Every word of Shopify's enums has its place in our tables, or stands in none of them on purpose."""

from __future__ import annotations

from adapters.shopify import mapping
from plugin.contract import Notice, ShipmentStatus

MONEY = {
    "AUTHORIZED",
    "EXPIRED",
    "PAID",
    "PARTIALLY_PAID",
    "PARTIALLY_REFUNDED",
    "PENDING",
    "REFUNDED",
    "VOIDED",
}


def test_each_word_for_money_is_known_or_left_out_on_purpose() -> None:
    assert MONEY - set(mapping.PAYMENT_STATUS) == {"PARTIALLY_PAID"}
    assert MONEY - set(mapping.ORDER_STATUS) == {"VOIDED"}
    assert set(mapping.PAYMENT_STATUS) <= MONEY and set(mapping.ORDER_STATUS) <= MONEY


def test_shopify_mails_nothing_that_only_a_carrier_or_a_merchant_knows() -> None:
    assert not mapping.PLATFORM_MAILS & {Notice.on_hold, Notice.delayed, Notice.attempted, Notice.returned}
    assert {Notice.shipped, Notice.delivered, Notice.cancelled} <= mapping.PLATFORM_MAILS


def test_what_we_do_silently_is_among_what_shopify_else_mails() -> None:
    assert set(mapping.TAGS.values()) <= mapping.PLATFORM_MAILS


def test_no_word_says_that_a_parcel_came_back() -> None:
    assert ShipmentStatus.returned not in mapping.PARCEL_STATUS.values()


def test_a_payment_at_the_door_is_found_by_its_name() -> None:
    assert mapping.is_paid_at_door(["gift_card", "Cash on Delivery (COD)"])
    assert not mapping.is_paid_at_door(["Bank Deposit", "manual"]) and not mapping.is_paid_at_door(None)
