"""Who of a shop's people may own the store, and that no shopper ever does."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

from woo_gate import KEY, SECRET

from adapters.woocommerce.staff import list_staff
from plugin.contract import (
    Answer,
    Merchant,
    Store,
    SystemClock,
)
from plugin.testing.fakes import RecordingHttp, SentRequest, make_answer


def make_person(number: int, role: str, email: str = "", **changes: str) -> dict[str, Any]:
    return {
        "id": number,
        "role": role,
        "email": email or f"p{number}@example.com",
        "first_name": "",
        "last_name": "",
        "username": f"user{number}",
    } | changes


STORE = Store(
    public_id="st_1",
    platform="woocommerce",
    domain="shop.example.com",
    credentials={"url": "https://shop.example.com", "consumer_key": KEY, "consumer_secret": SECRET},
)


def test_the_staff_are_administrators_and_shop_managers_with_an_address() -> None:
    people = {
        "administrator": [
            make_person(1, "administrator", first_name="Ana", last_name="P&eacute;rez"),
            make_person(2, "administrator", "none"),
        ],
        "shop_manager": [make_person(3, "shop_manager")],
    }

    def answer(sent: SentRequest) -> Answer:
        return make_answer(json_body=people[parse_qs(urlsplit(sent.url).query)["role"][0]])

    assert list_staff(RecordingHttp(answer), STORE) == (
        Merchant(external_id="1", email="p1@example.com", name="Ana Pérez"),
        Merchant(external_id="3", email="p3@example.com", name="user3"),
    )


def test_a_shop_that_ignores_the_role_gives_no_shopper_the_store() -> None:
    everybody = [
        make_person(1, "administrator"),
        make_person(2, "customer"),
        make_person(3, "subscriber"),
        make_person(4, "", "x@example.com"),
    ]
    found = list_staff(RecordingHttp(make_answer(json_body=everybody)), STORE, SystemClock())
    assert [one.external_id for one in found] == ["1"]
