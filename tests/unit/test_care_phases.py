"""Where a shopper stands, by the page, the basket and the order; never by what is paid."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from plugin.care.phases import PHASES, find_phase, greeting_words
from plugin.contract import Order, OrderStatus, PaymentStatus, Shipment, ShipmentStatus, Step
from plugin.orders import OrderView, Parcel
from plugin.testing.factories import MOMENT, make_order, make_shipment

UNDER_WAY = (
    OrderStatus.pending, OrderStatus.on_hold, OrderStatus.processing, OrderStatus.failed, OrderStatus.unknown
)  # fmt: skip


def view(order: Order, *statuses: ShipmentStatus) -> OrderView:
    row: Any = SimpleNamespace(locale="es", gone_at=None)
    shipments: list[Shipment] = [make_shipment(status=status) for status in statuses]
    return OrderView(row, order, tuple(Parcel(f"p{n}", one) for n, one in enumerate(shipments)), ())


@pytest.mark.parametrize(
    ("step", "phase"),
    [
        (
            step,
            "pre_purchase" if step in (Step.home, Step.catalogue, Step.product, Step.account) else "purchase",
        )
        for step in Step
    ],
)
def test_without_an_order_the_page_decides(step: Step, phase: str) -> None:
    assert find_phase((step.value,), False, None, MOMENT) == phase
    assert find_phase((step.value,), True, None, MOMENT) == "purchase", "a basket is a purchase begun"


def test_a_page_that_says_nothing_is_before_the_purchase() -> None:
    assert find_phase((), False, None, MOMENT) == find_phase(("moon",), False, None, MOMENT) == "pre_purchase"


@pytest.mark.parametrize("status", UNDER_WAY)
@pytest.mark.parametrize("payment", list(PaymentStatus))
def test_an_order_under_way_is_a_purchase_whatever_is_paid(
    status: OrderStatus, payment: PaymentStatus
) -> None:
    order = make_order(status=status, payment_status=payment)
    assert find_phase(("home",), False, view(order), MOMENT) == "purchase"
    assert find_phase(("order_status",), False, view(order, ShipmentStatus.in_transit), MOMENT) == "purchase"


@pytest.mark.parametrize("status", [OrderStatus.cancelled, OrderStatus.refunded])
def test_an_order_that_is_over_is_after_the_sale(status: OrderStatus) -> None:
    assert find_phase(("home",), False, view(make_order(status=status)), MOMENT) == "post_sale"
    assert find_phase(("order_status",), True, view(make_order(status=status)), MOMENT) == "post_sale"


def test_all_parcels_must_have_arrived_and_completed_alone_is_not_delivered() -> None:
    order, gone = make_order(status=OrderStatus.processing), ShipmentStatus.delivered
    assert find_phase((), False, view(order, gone, gone), MOMENT) == "post_sale"
    assert find_phase((), False, view(order, gone, ShipmentStatus.in_transit), MOMENT) == "purchase"
    completed = make_order(status=OrderStatus.completed)
    for status in (ShipmentStatus.in_transit, ShipmentStatus.out_for_delivery, ShipmentStatus.attempted):
        assert find_phase((), False, view(completed, status), MOMENT) == "purchase", "it has only left"
    assert find_phase((), False, view(completed, ShipmentStatus.returned), MOMENT) == "post_sale"
    whole = make_order(status=OrderStatus.completed, whereabouts=ShipmentStatus.in_transit)
    assert find_phase((), False, view(whole), MOMENT) == "purchase"
    assert find_phase((), False, view(make_order(whereabouts=gone)), MOMENT) == "post_sale"
    cancelled = make_order(status=OrderStatus.cancelled)
    assert find_phase((), False, view(cancelled, ShipmentStatus.in_transit), MOMENT) == "post_sale"


def test_a_completed_order_of_whose_parcels_nobody_tells_has_arrived_after_two_weeks() -> None:
    left = make_order(status=OrderStatus.completed, completed_at=MOMENT, modified_at=MOMENT - timedelta(days=30))
    for shown in (view(left), view(left, ShipmentStatus.unknown), view(left, ShipmentStatus.label_created)):
        for days, phase in ((0, "purchase"), (13, "purchase"), (14, "post_sale")):
            assert find_phase((), False, shown, MOMENT + timedelta(days=days)) == phase
    undated = make_order(status=OrderStatus.completed, modified_at=MOMENT - timedelta(days=14))
    assert find_phase((), False, view(undated), MOMENT) == "post_sale"
    nothing_sent = make_order(status=OrderStatus.completed, completed_at=MOMENT, needs_shipping=False)
    assert find_phase((), False, view(nothing_sent), MOMENT) == "post_sale", "nothing is on its way"


def test_who_buys_again_is_buying_whatever_arrived_before() -> None:
    delivered = view(make_order(), ShipmentStatus.delivered)
    for step in ("cart", "checkout", "contact", "shipping", "payment", "review", "order_pay"):
        assert find_phase((step,), True, delivered, MOMENT) == "purchase"
    for step in ("thank_you", "order_status", "product"):
        assert find_phase((step,), False, delivered, MOMENT) == "post_sale"


def test_every_phase_has_a_greeting_of_its_own_in_every_language() -> None:
    said = {
        greeting_words("Barro & Sol", phase, locale) for phase in PHASES for locale in ("es_CO", "en", "pt")
    }
    assert len(said) == 9 and all("Barro & Sol" in words for words in said)


def test_where_a_person_comes_first_no_greeting_calls_itself_an_assistant() -> None:
    said = {
        greeting_words("Barro & Sol", phase, locale, person=True)
        for phase in PHASES
        for locale in ("es_CO", "en", "pt")
    }
    assert len(said) == 9 and all("Barro & Sol" in words for words in said)
    spoken = " ".join(said).lower()
    assert [word for word in ("asistent", "assist", "automa", "automá", "bot") if word in spoken] == []
    assert greeting_words("Barro & Sol", "purchase", "en", person=True).startswith("Hello! A person from Barro & Sol")
