"""Looking for a guest's order in a shop that ignores filters and searches by parts of words: never somebody else's."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from woo_gate import KEY, SECRET, recorded

from adapters.woocommerce.api import Shop
from plugin.contract import Answer, NotFound, PlatformRefused, Store
from plugin.testing.fakes import RecordingHttp, SentRequest, make_answer

EVERYBODY = recorded("orders_unknown_filter_ignored")
"""What the shop answered to ``?billing_email=…`` of nobody: the newest orders of everybody."""
FOUND = recorded("orders_search")


def make_shop(rows: list[dict[str, Any]]) -> tuple[Shop, RecordingHttp]:
    """A shop whose every list is `rows`, whatever was asked; an order asked for by its id is there when it is one."""
    known = {str(row["id"]): row for row in (*EVERYBODY, *FOUND)}

    def answer(sent: SentRequest) -> Answer:
        last = urlsplit(sent.url).path.rsplit("/", 1)[1]
        if last == "orders":
            return make_answer(json_body=rows)
        if last in known:
            return make_answer(json_body=recorded("order_classic_completed") | known[last])
        return make_answer(404, json_body=recorded("error_404_order"))

    http = RecordingHttp(answer)
    credentials = {"url": "https://shop.example", "consumer_key": KEY, "consumer_secret": SECRET}
    return Shop(http, Store(public_id="s", platform="woocommerce", domain="x", credentials=credentials)), http


@pytest.mark.parametrize("rows", [EVERYBODY, FOUND], ids=["filters ignored", "found by parts"])
@pytest.mark.parametrize(
    "typed", ["nobody@example.com", "nn@example", "example.test", "billing_email=x", "999999", "%", "*", " ", "#"]
)
def test_an_address_or_a_part_of_one_finds_nobodys_order(typed: str, rows: list[dict[str, Any]]) -> None:
    assert rows, "the recording holds orders of others"
    shop, http = make_shop(rows)
    assert shop.find_order(typed) is None
    asked = {name for sent in http.requests for name, _ in parse_qsl(urlsplit(sent.url).query)}
    assert asked <= {"search", "_fields", "per_page", "page"}, "filters that the shop ignores are never relied upon"
    read = [sent.url for sent in http.requests if "search" not in sent.url]
    searched = [sent.url for sent in http.requests if "search" in sent.url]
    assert all("_fields=id%2Cnumber" in url for url in searched), "of a search, numbers alone are read"
    assert len(read) <= 1


def test_the_addresses_of_the_people_in_the_recording_find_nothing_either() -> None:
    people = {row["billing"]["email"] for row in (*EVERYBODY, *FOUND) if row.get("billing")}
    for address in people:
        assert make_shop(EVERYBODY)[0].find_order(address) is None


def test_a_list_that_holds_others_gives_only_the_orders_asked_for() -> None:
    shop, _ = make_shop(EVERYBODY)
    mine = str(EVERYBODY[0]["id"])
    assert [order.external_id for order in shop.check_orders([mine, "999999"])] == [mine]


def test_an_answer_about_another_order_is_used_for_nothing() -> None:
    credentials = {"url": "https://shop.example", "consumer_key": KEY, "consumer_secret": SECRET}
    store = Store(public_id="s", platform="woocommerce", domain="x", credentials=credentials)
    other = recorded("order_classic_completed")
    shop = Shop(RecordingHttp(make_answer(json_body=other)), store)
    with pytest.raises(PlatformRefused, match="another order"):
        shop.get_order(str(int(other["id"]) + 1))
    with pytest.raises(NotFound):
        make_shop([])[0].get_order("999999")
