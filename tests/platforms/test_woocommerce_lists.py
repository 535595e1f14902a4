"""Lists of a WooCommerce shop: paged, made smaller when the shop chokes, and believed in nothing that was not asked."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from woo_gate import recorded
from woo_shop import NOW, ORDER, make_shop

from plugin.contract import (
    Answer,
    PlatformDown,
)
from plugin.testing.fakes import SentRequest, make_answer


def test_a_shop_that_cannot_give_a_hundred_orders_at_once_is_asked_for_fewer_and_none_is_lost() -> None:
    orders = [
        ORDER | {"id": 100 + n, "date_modified_gmt": f"2026-11-21T18:{n // 60:02}:{n % 60:02}"}
        for n in range(130)
    ]

    def answer(sent: SentRequest) -> Answer:
        query = dict(parse_qsl(urlsplit(sent.url).query))
        size, page = int(query["per_page"]), int(query["page"])
        if size > 20:
            return make_answer(504, body=b"<h1>Gateway Time-out</h1>")
        later = [order for order in orders if order["date_modified_gmt"] > query["modified_after"]]
        return make_answer(json_body=later[(page - 1) * size : page * size])

    shop, http = make_shop(answer)
    found = [order.external_id for order in shop.list_changed(NOW - timedelta(hours=12))]
    assert found == [str(order["id"]) for order in orders]
    assert [sent.url for sent in http.requests if "per_page=100&" in sent.url] == [http.requests[0].url]


def test_a_shop_that_is_down_is_asked_a_few_times_and_then_left_alone() -> None:
    shop, http = make_shop(make_answer(503))
    with pytest.raises(PlatformDown):
        list(shop.list_changed(NOW))
    assert len(http.requests) == 3


def test_a_list_asks_for_nothing_that_opens_an_order_to_its_bearer() -> None:
    shop, http = make_shop(make_answer(json_body=[]))
    list(shop.list_changed(NOW))
    fields = dict(parse_qsl(urlsplit(http.requests[0].url).query))["_fields"].split(",")
    assert {"id", "status", "billing", "meta_data", "date_modified_gmt"} <= set(fields)
    assert not {"payment_url", "order_key", "customer_ip_address"} & set(fields)


def test_orders_are_checked_by_their_own_ids_and_gone_or_binned_ones_do_not_come() -> None:
    there = {
        59: ORDER,
        60: ORDER | {"id": 60, "status": "trash"},
        61: ORDER | {"id": 61, "status": "wc-hidden"},
        99: ORDER | {"id": 99},
    }

    def answer(sent: SentRequest) -> Answer:
        parts = urlsplit(sent.url)
        if parts.path.endswith(
            "/orders"
        ):  # as a shop that ignores `include`, and leaves out what is not searchable
            return make_answer(json_body=[there[59], there[60], there[99]])
        number = int(parts.path.rsplit("/", 1)[1]) if parts.path.rsplit("/", 1)[1].isdigit() else 59
        if number in there:
            return make_answer(json_body=there[number] if "/notes" not in parts.path else [])
        return make_answer(404, json_body=recorded("error_404_order"))

    shop, _ = make_shop(answer)
    found = [order.external_id for order in shop.check_orders(["59", "60", "61", "62", "59"])]
    assert found == ["59", "61"]


def test_many_orders_are_checked_in_pages_and_in_halves_when_the_shop_chokes() -> None:
    def answer(sent: SentRequest) -> Answer:
        query = dict(parse_qsl(urlsplit(sent.url).query))
        if "include" not in query:
            return make_answer(404, json_body=recorded("error_404_order"))
        ids = query["include"].split(",")
        if len(ids) > 30:
            raise PlatformDown("The answer is larger than we accept.")
        return make_answer(json_body=[ORDER | {"id": int(each)} for each in ids])

    shop, http = make_shop(answer)
    wanted = [str(number) for number in range(1000, 1120)]
    assert [order.external_id for order in shop.check_orders(wanted)] == wanted
    asked = [sent for sent in http.requests if "include=" in sent.url]
    assert len(asked) == 7  # 50 → 25 + 25, twice, and the last 20 at once


def test_webhooks_beyond_the_first_hundred_are_listed_too() -> None:
    def answer(sent: SentRequest) -> Answer:
        page = int(dict(parse_qsl(urlsplit(sent.url).query))["page"])
        return make_answer(
            json_body=[
                {"id": page * 1000 + n, "topic": "order.updated"} for n in range(100 if page < 3 else 7)
            ]
        )

    shop, http = make_shop(answer)
    assert len(shop.list_webhooks()) == 207
    assert len(http.requests) == 3


@pytest.mark.parametrize(
    ("typed", "rows"),
    [
        ("5", [ORDER | {"number": "59"}]),
        ("gertrude", [ORDER]),
        ("nn@example.com", [ORDER]),
    ],
)
def test_what_a_search_gives_first_is_never_taken_for_the_order(typed: str, rows: list[Any]) -> None:
    def answer(sent: SentRequest) -> Answer:
        if re.search(r"/orders/\d+", sent.url):
            return make_answer(404, json_body=recorded("error_404_order"))
        return make_answer(json_body=rows)

    shop, _ = make_shop(answer)
    assert shop.find_order(typed) is None


def test_a_search_for_a_number_brings_home_no_other_persons_order() -> None:
    strangers = [
        ORDER | {"id": 70, "number": "WEB-1001"},
        {"id": {}, "number": []},
        ORDER | {"id": 71, "number": "WEB-100"},
    ]

    def answer(sent: SentRequest) -> Answer:
        parts = urlsplit(sent.url)
        if parts.path.endswith("/orders"):
            wanted = dict(parse_qsl(parts.query))["_fields"].split(",")
            return make_answer(json_body=[{name: row[name] for name in wanted} for row in strangers])
        return make_answer(json_body=strangers[2])

    shop, http = make_shop(answer)
    found = shop.find_order("#web-100")
    assert found is not None
    assert (found.external_id, found.number) == ("71", "WEB-100")
    assert [urlsplit(sent.url).path.rsplit("/", 1)[1] for sent in http.requests] == ["orders", "71"]
