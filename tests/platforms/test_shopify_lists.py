"""Orders as we ask for them: whole however long they are, found by exactly their number, gone only when they are."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from shopify_shop import (
    Arranged,
    make_line,
    make_money,
    make_order,
    make_parcel,
    make_shop,
    make_shop_facts,
    make_store,
)

from adapters.shopify.api import read_order_keys
from adapters.shopify.facts import list_staff, read_facts
from adapters.shopify.settings import AppIdentity
from plugin.contract import NotFound, PayloadUnreadable, PlatformRefused, SystemClock
from plugin.testing.fakes import RecordingHttp

SINCE = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def page(rows: list[dict[str, Any]], after: str | None = None) -> dict[str, Any]:
    return {"orders": {"nodes": rows, "pageInfo": {"hasNextPage": after is not None, "endCursor": after}}}


def row(order: int, at: str = "2026-11-20T15:30:00Z", **changes: Any) -> dict[str, Any]:
    return {"id": f"gid://shopify/Order/{order}", "updatedAt": at} | changes


def give_nodes(variables: dict[str, Any]) -> dict[str, Any]:
    return {"nodes": [make_order(int(gid.rsplit("/", 1)[1])) for gid in variables["ids"]]}


def test_an_order_is_asked_for_by_its_gid() -> None:
    arranged = Arranged(order={"order": make_order()})
    order = make_shop(arranged)[0].get_order("5001")
    assert order.external_id == "5001" and arranged.asked == [("order", {"id": "gid://shopify/Order/5001"})]


def test_what_does_not_fit_into_one_answer_is_fetched_to_its_end() -> None:
    lines = {
        "nodes": [make_line(n) for n in range(1, 9)],
        "pageInfo": {"hasNextPage": True, "endCursor": "c8"},
    }
    more = [
        {
            "order": {
                "lineItems": {
                    "nodes": [make_line(n) for n in range(9, 109)],
                    "pageInfo": {"hasNextPage": True, "endCursor": "c108"},
                }
            }
        },
        {
            "order": {
                "lineItems": {
                    "nodes": [make_line(109)],
                    "pageInfo": {"hasNextPage": False, "endCursor": "c109"},
                }
            }
        },
    ]
    refunds = [
        {
            "id": f"gid://shopify/Refund/{n}",
            "createdAt": None,
            "note": None,
            "totalRefundedSet": make_money("1"),
        }
        for n in range(5)
    ]
    parcels = [
        make_parcel(n, trackingInfo=[{"company": "X", "number": f"N{n}", "url": None}]) for n in range(1, 12)
    ]

    def give_parcels(variables: dict[str, Any]) -> dict[str, Any]:
        return {"nodes": [parcel for parcel in parcels if parcel["id"] in variables["ids"]]}

    arranged = Arranged(
        order={
            "order": make_order(
                lineItems=lines,
                refunds=refunds[1:4],
                fulfillmentsCount={"count": 11},
                fulfillments=parcels[:3],
            )
        },
        order_lines=list(more),
        order_refunds={"order": {"refunds": refunds[1:]}},
        order_parcel_ids={"order": {"fulfillments": [{"id": parcel["id"]} for parcel in parcels]}},
        parcels_by_ids=give_parcels,
    )
    order = make_shop(arranged)[0].get_order("5001")
    assert len(order.lines) == 109 and len({line.external_id for line in order.lines}) == 109
    assert len(order.refunds) == 4
    assert [parcel.tracking_number for parcel in order.shipments or ()] == [f"N{n}" for n in range(1, 12)]
    assert [variables.get("after") for name, variables in arranged.asked if name == "order_lines"] == [
        "c8",
        "c108",
    ]
    assert [len(variables["ids"]) for name, variables in arranged.asked if name == "parcels_by_ids"] == [8, 3]


def test_a_parcel_with_many_numbers_or_events_is_fetched_whole() -> None:
    short = make_parcel(events={"nodes": [], "pageInfo": {"hasNextPage": True}})
    whole = make_parcel(trackingInfo=[{"company": "X", "number": f"N{n}", "url": None} for n in range(5)])
    arranged = Arranged(
        order={"order": make_order(fulfillments=[short])},
        order_parcel_ids={"order": {"fulfillments": [{"id": short["id"]}]}},
        parcels_by_ids={"nodes": [whole]},
    )
    assert len(make_shop(arranged)[0].get_order("5001").shipments or ()) == 5


def test_an_order_that_is_not_there_is_not_found() -> None:
    arranged = Arranged(order={"order": None}, oldest_order=page([{"id": "gid://shopify/Order/4000"}]))
    with pytest.raises(NotFound):
        make_shop(arranged)[0].get_order("5001")
    arranged = Arranged(order={"order": None}, oldest_order=page([]))
    with pytest.raises(NotFound):
        make_shop(arranged)[0].get_order("5001")


def test_an_order_too_old_for_us_to_see_is_not_taken_for_gone() -> None:
    arranged = Arranged(order={"order": None}, oldest_order=page([{"id": "gid://shopify/Order/6000"}]))
    with pytest.raises(PlatformRefused, match="60 days"):
        make_shop(arranged)[0].get_order("5001")


@pytest.mark.parametrize("external_id", ["", "abc", "gid://shopify/Order/x", "1 OR 2", "-5"])
def test_an_id_that_is_no_number_is_never_sent(external_id: str) -> None:
    shop, http = make_shop(Arranged())
    with pytest.raises(PayloadUnreadable):
        shop.get_order(external_id)
    assert not http.requests


def test_changed_orders_are_listed_by_their_time_and_read_eight_at_once() -> None:
    arranged = Arranged(
        orders_changed=[page([row(n) for n in range(5001, 5051)], "c1"), page([row(5051), row(5001)])],
        orders_by_ids=give_nodes,
    )
    found = list(make_shop(arranged)[0].list_changed(SINCE))
    assert len(found) == 51 and len({order.external_id for order in found}) == 51
    first = arranged.asked[0][1]
    assert (
        first["query"] == "updated_at:>='2026-11-20T11:59:59Z'"
        and first["first"] == 50
        and first["after"] is None
    )
    assert [variables["after"] for name, variables in arranged.asked if name == "orders_changed"] == [
        None,
        "c1",
    ]
    assert max(len(variables["ids"]) for name, variables in arranged.asked if name == "orders_by_ids") == 8


def test_an_order_changed_before_the_asked_time_is_left_out_and_one_that_vanished_as_well() -> None:
    def give(variables: dict[str, Any]) -> dict[str, Any]:
        return {"nodes": [make_order(5001, updatedAt="2026-11-20T11:59:59Z"), None, make_order(5003), {}]}

    arranged = Arranged(orders_changed=page([row(5001), row(5002), row(5003), row(5004)]), orders_by_ids=give)
    assert [order.external_id for order in make_shop(arranged)[0].list_changed(SINCE)] == ["5003"]


def test_a_list_that_never_ends_comes_to_an_end() -> None:
    arranged = Arranged(orders_changed=page([row(5001)], "same"), orders_by_ids=give_nodes)
    assert len(list(make_shop(arranged)[0].list_changed(SINCE))) == 1
    assert arranged.names.count("orders_changed") == 2


def test_an_empty_shop_is_asked_once() -> None:
    arranged = Arranged(orders_changed=page([]))
    assert list(make_shop(arranged)[0].list_changed(SINCE)) == [] and arranged.names == ["orders_changed"]


def test_checked_orders_come_as_they_are_now_and_each_once() -> None:
    arranged = Arranged(orders_by_ids=lambda variables: {"nodes": [make_order(5001), None]})
    found = list(make_shop(arranged)[0].check_orders(["5001", "5002", "5001"]))
    assert [order.external_id for order in found] == ["5001"]
    assert arranged.asked[0][1]["ids"] == ["gid://shopify/Order/5001", "gid://shopify/Order/5002"]


@pytest.mark.parametrize("given", ["1001", "#1001", " # 1001 "])
def test_an_order_is_found_by_exactly_its_number(given: str) -> None:
    near = [
        row(1, name="#10012", number=10012),
        row(2, name="#11001", number=11001),
        row(5001, name="#1001", number=1001),
    ]
    arranged = Arranged(orders_by_name=page(near), order={"order": make_order()})
    found = make_shop(arranged)[0].find_order(given)
    assert found is not None and found.number == "#1001"
    assert arranged.asked[0][1]["query"] == 'name:"#1001" OR name:"1001"'
    assert arranged.asked[1] == ("order", {"id": "gid://shopify/Order/5001"})


def test_a_shops_own_way_of_numbering_is_found_with_and_without_it() -> None:
    rows = page([row(5001, name="CAFE-1001-CO", number=1001)])
    for given in ("cafe-1001-co", "1001"):
        arranged = Arranged(orders_by_name=rows, order={"order": make_order(name="CAFE-1001-CO")})
        assert make_shop(arranged)[0].find_order(given) is not None


def test_nothing_that_is_merely_like_the_number_is_taken() -> None:
    arranged = Arranged(orders_by_name=page([row(1, name="#10012", number=10012)]))
    assert make_shop(arranged)[0].find_order("1001") is None and arranged.names == ["orders_by_name"] * 2


@pytest.mark.parametrize(
    "number", ["", "#", '1001" OR email:ana@example.com', "a" * 100, "1001\\", "x:*", "1001'"]
)
def test_a_number_that_is_none_asks_nothing(number: str) -> None:
    shop, http = make_shop(Arranged())
    assert shop.find_order(number) is None and not http.requests


def test_an_orders_keys_join_it_to_its_checkout_and_its_customer() -> None:
    keys = {
        "id": "gid://shopify/Order/5001",
        "confirmationNumber": "X1Y2",
        "checkoutToken": "tok",
        "customer": {"id": "gid://shopify/Customer/42"},
    }
    identity = AppIdentity(client_id="c", client_secret="s")
    for given in ("5001", "gid://shopify/Order/5001", "gid://shopify/OrderIdentity/5001"):
        arranged = Arranged(order_keys={"order": keys})
        found = read_order_keys(RecordingHttp(arranged), identity, make_store(), SystemClock(), given)
        assert (found.customer_id, found.checkout_token, found.confirmation_number) == ("42", "tok", "X1Y2")
        assert arranged.asked == [("order_keys", {"id": "gid://shopify/Order/5001"})]
    with pytest.raises(NotFound):
        read_order_keys(
            RecordingHttp(Arranged(order_keys={"order": None})), identity, make_store(), SystemClock(), "5001"
        )


def test_the_shop_tells_what_it_is() -> None:
    none = {"nodes": [], "pageInfo": {"hasNextPage": False}}
    arranged = Arranged(
        shop_facts=make_shop_facts(),
        recent_payments={"orders": {"nodes": []}},
        shipping_profiles={"deliveryProfiles": none},
    )
    shop, _ = make_shop(arranged)
    facts = shop.read_facts()
    assert (facts.name, facts.currency, facts.time_zone, facts.locale) == (
        "Café Andino",
        "COP",
        "America/Bogota",
        "es",
    )
    assert facts.languages == ("es", "en", "pt_BR") and facts.has_new_accounts and not facts.is_plus
    assert facts.origins == ("https://cafeandino.example", "https://cafe-andino.myshopify.com")
    told = read_facts(shop)
    assert told["countries"] == ["CO", "US"] and told["plan"] == "Basic"
    assert told["payment_methods"] == told["shipping_zones"] == []


def test_only_the_shops_owner_may_own_the_store_here() -> None:
    shop, _ = make_shop(Arranged(shop_facts=make_shop_facts()))
    (person,) = list_staff(shop)
    assert (person.email, person.name, person.is_owner) == ("duena@example.com", "Lucía Pardo", True)
    shop, _ = make_shop(Arranged(shop_facts=make_shop_facts(email=None)))
    assert list_staff(shop) == ()
