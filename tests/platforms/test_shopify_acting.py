"""What we do in a shop: coupons once, notes that keep what stood there, cancellations without a mail."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from shopify_shop import NOW, TAGGED, Arranged, make_order, make_parcel, make_shop, make_store

from adapters.shopify.acting import add_order_note, cancel_order, issue_coupon
from plugin.contract import Coupon, Money, NotFound, PlatformDown, PlatformRefused

STORE = make_store()
ENDS = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
COUPON = Coupon(code="VUELVE-10", percent=Decimal("12.5"), expires_at=ENDS)


def coupon_node(**changes: Any) -> dict[str, Any]:
    fields = {
        "title": "Mostrador VUELVE-10",
        "status": "ACTIVE",
        "usageLimit": 1,
        "appliesOncePerCustomer": True,
        "endsAt": "2026-12-01T05:00:00Z",
        "codes": {"nodes": [{"code": "VUELVE-10"}]},
        "customerGets": {"value": {"__typename": "DiscountPercentage", "percentage": 0.125}, "items": {}},
    }
    return {"id": "gid://shopify/DiscountCodeNode/1", "codeDiscount": fields | changes}


def made(node: dict[str, Any] | None, *errors: dict[str, Any]) -> dict[str, Any]:
    return {"discountCodeBasicCreate": {"codeDiscountNode": node, "userErrors": list(errors)}}


def test_a_coupon_is_made_for_whoever_has_its_code_and_once() -> None:
    arranged = Arranged(coupon_by_code={"codeDiscountNodeByCode": None}, coupon_create=made(coupon_node()))
    assert issue_coupon(make_shop(arranged)[0], STORE, COUPON, NOW) == COUPON
    wish = arranged.asked[1][1]["coupon"]
    assert wish["context"] == {"all": "ALL"} and "customerSelection" not in wish
    assert wish["customerGets"]["value"] == {"percentage": 0.125} and wish["customerGets"]["items"] == {
        "all": True
    }
    assert wish["usageLimit"] == 1 and wish["appliesOncePerCustomer"] is True
    assert wish["endsAt"] == "2026-12-01T05:00:00Z" and wish["startsAt"] == "2026-11-22T11:59:00Z"
    assert not any(wish["combinesWith"].values())


def test_the_same_coupon_again_is_not_made_twice() -> None:
    arranged = Arranged(coupon_by_code={"codeDiscountNodeByCode": coupon_node()})
    issue_coupon(make_shop(arranged)[0], STORE, COUPON, NOW)
    assert arranged.names == ["coupon_by_code"]


def test_a_coupon_that_another_request_made_meanwhile_is_that_one() -> None:
    taken = made(None, {"field": ["code"], "message": "Code must be unique", "code": "TAKEN"})
    found = [{"codeDiscountNodeByCode": None}, {"codeDiscountNodeByCode": coupon_node()}]
    arranged = Arranged(coupon_by_code=found, coupon_create=taken)
    assert issue_coupon(make_shop(arranged)[0], STORE, COUPON, NOW) == COUPON


def test_an_amount_is_in_the_shops_money() -> None:
    coupon = Coupon(
        code="VUELVE-10", amount=Money(amount=Decimal("5000.50"), currency="COP"), single_use=False
    )
    money = {"amount": {"amount": "5000.5", "currencyCode": "COP"}, "appliesOnEachItem": False}
    node = coupon_node(usageLimit=None, endsAt=None, customerGets={"value": money, "items": {}})
    arranged = Arranged(coupon_by_code={"codeDiscountNodeByCode": None}, coupon_create=made(node))
    issue_coupon(make_shop(arranged)[0], STORE, coupon, NOW)
    wish = arranged.asked[1][1]["coupon"]
    assert wish["customerGets"]["value"] == {
        "discountAmount": {"amount": "5000.50", "appliesOnEachItem": False}
    }
    assert "usageLimit" not in wish and "endsAt" not in wish


@pytest.mark.parametrize(
    "changes",
    [
        {"usageLimit": None},
        {"endsAt": None},
        {"endsAt": "2026-12-01T05:00:01Z"},
        {"codes": {"nodes": [{"code": "OTHER"}]}},
        {"codes": None},
        {"customerGets": {"value": {"percentage": 0.13}}},
        {"customerGets": None},
    ],
)
def test_another_coupon_of_the_same_code_is_not_handed_out(changes: dict[str, Any]) -> None:
    arranged = Arranged(coupon_by_code={"codeDiscountNodeByCode": coupon_node(**changes)})
    with pytest.raises(PlatformRefused, match="VUELVE-10"):
        issue_coupon(make_shop(arranged)[0], STORE, COUPON, NOW)


def test_a_discount_of_another_kind_is_another_one() -> None:
    node = {"id": "x", "codeDiscount": {"__typename": "DiscountCodeFreeShipping"}}
    with pytest.raises(PlatformRefused):
        issue_coupon(
            make_shop(Arranged(coupon_by_code={"codeDiscountNodeByCode": node}))[0], STORE, COUPON, NOW
        )


@pytest.mark.parametrize(
    "coupon",
    [
        Coupon(code="", percent=Decimal(5)),
        Coupon(code="x" * 101, percent=Decimal(5)),
        Coupon(code="X"),
        Coupon(code="X", percent=Decimal(101)),
        Coupon(code="X", percent=Decimal(0)),
        Coupon(code="X", amount=Money(amount=Decimal(5), currency="USD")),
        Coupon(code="X", percent=Decimal(5), amount=Money(amount=Decimal(5), currency="COP")),
    ],
)
def test_a_coupon_that_makes_no_sense_is_never_sent(coupon: Coupon) -> None:
    shop, http = make_shop(Arranged())
    with pytest.raises(PlatformRefused):
        issue_coupon(shop, STORE, coupon, NOW)
    assert not http.requests


class Note:
    """The note of one order at a Shopify that keeps it; `meanwhile` is what somebody else writes into it, once."""

    def __init__(self, note: str | None, meanwhile: str | None = None) -> None:
        self.note, self.meanwhile, self.reads = note, meanwhile, 0

    def read(self, _: dict[str, Any]) -> dict[str, Any]:
        self.reads += 1
        if self.reads == 2 and self.meanwhile is not None:
            self.note = self.meanwhile
        return {"order": {"id": "gid://shopify/Order/5001", "note": self.note}}

    def write(self, variables: dict[str, Any]) -> dict[str, Any]:
        self.note = variables["note"]
        return {"orderUpdate": {"order": {"id": variables["id"], "note": self.note}, "userErrors": []}}


def note_on(note: Note, text: str) -> Arranged:
    arranged = Arranged(order_changing=note.read, note_set=note.write)
    add_order_note(make_shop(arranged)[0], "5001", text, tell_shopper=False)
    return arranged


def test_a_note_is_added_and_what_stood_there_stays() -> None:
    note = Note("Regalo, sin factura")
    arranged = note_on(note, " Llamó Ana \n\n quiere cambiar ")
    assert note.note == "Regalo, sin factura\nLlamó Ana\nquiere cambiar"
    assert arranged.names == ["order_changing", "order_changing", "note_set"]
    first = Note(None)
    note_on(first, "Hola")
    assert first.note == "Hola"


def test_what_somebody_writes_in_between_is_kept() -> None:
    note = Note("Uno", meanwhile="Uno\nDos")
    note_on(note, "Tres")
    assert note.note == "Uno\nDos\nTres"


def test_a_note_that_is_full_empty_or_for_the_shopper_is_refused() -> None:
    for note, text, tell in (
        (Note("x" * 4999), "hola", False),
        (Note(""), " \n", False),
        (Note(""), "hola", True),
    ):
        arranged = Arranged(order_changing=note.read, note_set=note.write)
        with pytest.raises(PlatformRefused):
            add_order_note(make_shop(arranged)[0], "5001", text, tell_shopper=tell)
        assert "note_set" not in arranged.names


def test_an_order_that_is_gone_takes_no_note() -> None:
    with pytest.raises(NotFound):
        add_order_note(
            make_shop(Arranged(order_changing={"order": None}))[0], "5001", "hola", tell_shopper=False
        )


CANCELLED = {
    "orderCancel": {"job": {"id": "gid://shopify/Job/1", "done": False}, "orderCancelUserErrors": []}
}


def changing(**changes: Any) -> dict[str, Any]:
    return {
        "order": {"id": "gid://shopify/Order/5001", "cancelledAt": None, "fulfillmentsCount": {"count": 0}}
        | changes
    }


def test_a_cancellation_is_marked_first_and_moves_no_money() -> None:
    arranged = Arranged(order_changing=changing(), tags_add={"tagsAdd": TAGGED}, order_cancel=CANCELLED)
    cancel_order(make_shop(arranged)[0], "5001", "La pidió\nAna")
    assert arranged.names == ["order_changing", "tags_add", "order_cancel"]
    assert arranged.asked[1][1]["tags"] == ["mostrador-cancelled"]
    assert arranged.asked[2][1] == {
        "id": "gid://shopify/Order/5001", "reason": "CUSTOMER", "restock": True, "staffNote": "La pidió Ana",
    }  # fmt: skip


def test_a_refused_cancellation_takes_its_mark_off_again() -> None:
    refused = {
        "orderCancel": {
            "job": None,
            "orderCancelUserErrors": [{"message": "Already shipped", "code": "INVALID"}],
        }
    }
    arranged = Arranged(
        order_changing=changing(),
        tags_add={"tagsAdd": TAGGED},
        tags_remove={"tagsRemove": TAGGED},
        order_cancel=refused,
    )
    with pytest.raises(PlatformRefused, match="Already shipped"):
        cancel_order(make_shop(arranged)[0], "5001", "x")
    assert arranged.names[-1] == "tags_remove"


def test_a_lost_answer_leaves_the_mark_for_it_may_have_been_done() -> None:
    arranged = Arranged(
        order_changing=changing(), tags_add={"tagsAdd": TAGGED}, order_cancel=PlatformDown("lost")
    )
    with pytest.raises(PlatformDown):
        cancel_order(make_shop(arranged)[0], "5001", "x")
    assert "tags_remove" not in arranged.names


def test_what_is_cancelled_stays_and_what_has_left_is_not_cancelled() -> None:
    arranged = Arranged(order_changing=changing(cancelledAt="2026-11-20T10:00:00Z"))
    cancel_order(make_shop(arranged)[0], "5001", "x")
    assert arranged.names == ["order_changing"]
    order = {"order": make_order(fulfillments=[make_parcel()])}
    arranged = Arranged(order_changing=changing(fulfillmentsCount={"count": 1}), order=order)
    with pytest.raises(PlatformRefused):
        cancel_order(make_shop(arranged)[0], "5001", "x")
    assert "order_cancel" not in arranged.names
