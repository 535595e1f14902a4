"""How the fake Shopify answers GraphQL, each known behaviour under its own name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from fake_shopify_bench import DOCUMENTS, open_bench, read_document
from graphql import OperationDefinitionNode, parse

from plugin.testing.fake_shopify.bodies import make_gid

LIST = """query List($q: String!, $after: String) {
  orders(first: 3, after: $after, query: $q, sortKey: UPDATED_AT) {
    nodes { id updatedAt test } pageInfo { hasNextPage endCursor }
  }
}"""
ORDER = "query One($id: ID!) { order(id: $id) { id name email note shippingAddress { name countryCodeV2 } } }"


@pytest.fixture
def bench():
    with open_bench() as bench:
        yield bench


def read_ids(answer):
    return [one["id"].rpartition("/")[2] for one in answer.json()["data"]["orders"]["nodes"]]


def name(order):
    return str(order.id)


def test_every_document_of_the_adapter_is_answered_without_a_field_the_fake_does_not_know(bench):
    shop = bench.shop
    shop.install([*bench.server.app.scopes, "write_merchant_managed_fulfillment_orders", "read_customers"])
    order = shop.place_order(items={0: 2, 2: 1}, customer_id=77)
    parcel = shop.fulfil(order, {order.lines[0].id: 1}, ["A1", "A2"], url="https://t.example/{number}")
    shop.add_event(order, parcel, "IN_TRANSIT", city="Cali")
    shop.refund(order, note="scratched")
    whole, sent = make_gid("Order", order.id), make_gid("Fulfillment", parcel.id)
    owner = make_gid("AppInstallation", shop.id + 1)
    coupon = {
        "code": "VUELVE", "title": "VUELVE", "startsAt": "2026-11-21T12:00:00Z", "endsAt": "2026-11-25T12:00:00Z",
        "usageLimit": 1, "context": {"all": "ALL"},
        "customerGets": {"value": {"percentage": 0.1}, "items": {"all": True}},
    }  # fmt: skip
    field = {
        "ownerId": owner,
        "namespace": "mostrador",
        "key": "store",
        "type": "single_line_text_field",
        "value": "s",
    }
    packed = {"fulfillmentOrderId": make_gid("FulfillmentOrder", order.id + 10**12)}
    given = {
        "id": whole, "ids": [whole], "query": "name:1001", "first": 5, "tags": ["a"], "note": "x", "code": "VUELVE",
        "reason": "OTHER", "restock": True, "coupon": coupon, "tracking": {"numbers": ["B1"]}, "lines": [packed],
        "topic": "ORDERS_UPDATED", "subscription": {"uri": "https://x.example/h", "includeFields": ["id"]},
    }  # fmt: skip
    special = {
        "parcels_by_ids": {"ids": [sent]}, "tracking_update": {"id": sent},
        "webhook_delete": {"id": make_gid("WebhookSubscription", 5)},
        "app_metafields_set": {"metafields": [field]},
        "app_metafields_delete": {"metafields": [{name: field[name] for name in ("ownerId", "namespace", "key")}]},
    }  # fmt: skip
    asked, token = [], bench.exchange().json()["access_token"]
    for path in sorted(DOCUMENTS.glob("*.graphql")):
        if isinstance(parse(path.read_text()).definitions[0], OperationDefinitionNode):
            answer = bench.ask(read_document(path.stem), {**given, **special.get(path.stem, {})}, token=token).json()
            assert "errors" not in answer, (path.stem, answer["errors"])
            assert (
                0
                <= answer["extensions"]["cost"]["actualQueryCost"]
                <= answer["extensions"]["cost"]["requestedQueryCost"]
            )
            asked.append(path.stem)
    assert len(asked) >= 20 and bench.server.api.unknown == set()


def test_the_cost_is_an_object_one_a_connection_by_its_size_and_a_mutation_ten(bench):
    bench.shop.place_order()
    cost = bench.ask(LIST, {"q": ""}).json()["extensions"]["cost"]
    assert (cost["requestedQueryCost"], cost["actualQueryCost"]) == (2 + 3, 2 + 1)
    assert bench.ask("{ shop { name } }").json()["extensions"]["cost"]["requestedQueryCost"] == 1
    tagged = bench.ask(read_document("tags_add"), {"id": make_gid("Order", 1), "tags": []})
    assert tagged.json()["extensions"]["cost"]["requestedQueryCost"] == 10


def test_the_bucket_holds_twenty_seconds_of_the_plan_s_rate_and_fills_by_the_clock(bench):
    status = bench.ask("{ shop { name } }").json()["extensions"]["cost"]["throttleStatus"]
    assert status == {"maximumAvailable": 2000.0, "currentlyAvailable": 1999, "restoreRate": 100.0}
    bench.shop.plan = "plus"
    status = bench.ask("{ shop { name } }").json()["extensions"]["cost"]["throttleStatus"]
    assert (status["maximumAvailable"], status["restoreRate"]) == (20_000, 1_000)


def test_an_empty_bucket_is_throttled_with_status_200_and_no_data(bench):
    bench.server.manners.bucket, bench.server.manners.restore_rate = 12, 2
    tag = read_document("tags_add"), {"id": make_gid("Order", 1), "tags": []}
    token = bench.exchange().json()["access_token"]
    assert "data" in bench.ask(*tag, token=token).json()
    throttled = bench.ask(*tag, token=token)
    assert throttled.status_code == 200 and "data" not in throttled.json()
    assert throttled.json()["errors"][0]["extensions"]["code"] == "THROTTLED"
    assert throttled.json()["extensions"]["cost"]["throttleStatus"]["currentlyAvailable"] == 2
    bench.clock.advance(4)
    assert "data" in bench.ask(*tag, token=token).json()
    assert [one.outcome for one in bench.server.api.calls] == ["ok", "throttled", "ok"]


def test_buckets_of_two_shops_are_two(bench):
    bench.server.manners.bucket, bench.server.manners.restore_rate = 10, 1
    other = bench.server.add_shop("te")
    tag = read_document("tags_add"), {"id": make_gid("Order", 1), "tags": []}
    assert "data" in bench.ask(*tag).json() and "data" in bench.ask(*tag, shop=other).json()
    assert "data" not in bench.ask(*tag).json()


def test_one_question_costs_a_thousand_points_at_most(bench):
    query = "{ orders(first: 250) { nodes { lineItems(first: 8) { nodes { id } } } } }"
    error = bench.ask(query).json()["errors"][0]
    assert error["extensions"]["code"] == "MAX_COST_EXCEEDED" and error["extensions"]["cost"] > 1000


def test_the_limit_of_requests_is_a_429_with_a_wait(bench):
    bench.server.manners.retry_after = 3
    refused = bench.ask("{ shop { id } }")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "3.0")


def test_protected_fields_come_back_null_with_an_error_and_the_rest_stays(bench):
    order = bench.shop.place_order("ana@example.com")
    bench.server.app.approved = frozenset()
    answer = bench.ask(ORDER, {"id": make_gid("Order", order.id)})
    read = answer.json()
    assert answer.status_code == 200 and read["data"]["order"]["name"] == "#1001"
    assert read["data"]["order"]["email"] is None and read["data"]["order"]["shippingAddress"]["name"] is None
    assert read["data"]["order"]["shippingAddress"]["countryCodeV2"] == "CO"
    assert {tuple(error["path"]) for error in read["errors"]} == {
        ("order", "email"),
        ("order", "shippingAddress", "name"),
    }
    assert {error["extensions"]["code"] for error in read["errors"]} == {"ACCESS_DENIED"}


def test_without_its_scope_a_field_is_denied_with_status_200(bench):
    bench.shop.install(["write_discounts"])
    answer = bench.ask(LIST, {"q": ""})
    error = answer.json()["errors"][0]
    assert (
        answer.status_code == 200
        and error["extensions"]["code"] == "ACCESS_DENIED"
        and "read_orders" in error["message"]
    )


def test_to_write_something_implies_to_read_it(bench):
    bench.shop.install(["write_orders"])
    bench.shop.place_order()
    assert len(read_ids(bench.ask(LIST, {"q": ""}))) == 1


def test_orders_are_found_by_their_last_change_and_every_page_comes_once(bench):
    placed = []
    for _ in range(7):
        placed.append(bench.shop.place_order())
        bench.clock.advance(60)
    since = f"updated_at:>='{placed[2].updated_at:%Y-%m-%dT%H:%M:%SZ}'"
    found, after, token = [], None, bench.exchange().json()["access_token"]
    while True:
        answer = bench.ask(LIST, {"q": since, "after": after}, token=token)
        found += read_ids(answer)
        page = answer.json()["data"]["orders"]["pageInfo"]
        if not page["hasNextPage"]:
            break
        after = page["endCursor"]
    assert found == [name(one) for one in placed[2:]]


def test_an_order_that_changes_while_one_pages_is_met_again_and_none_is_missed(bench):
    placed = [bench.shop.place_order() for _ in range(5)]
    token = bench.exchange().json()["access_token"]
    first = bench.ask(LIST, {"q": ""}, token=token)
    bench.clock.advance(5)
    bench.shop.pay(placed[0])
    second = bench.ask(LIST, {"q": "", "after": first.json()["data"]["orders"]["pageInfo"]["endCursor"]}, token=token)
    assert read_ids(first) == [name(one) for one in placed[:3]]
    assert read_ids(second) == [name(placed[3]), name(placed[4]), name(placed[0])]


@pytest.mark.parametrize(("query", "found"), [
    ("name:1002", [1002]), ("name:#1002", [1002]), ('name:"#1002"', [1002]), ("email:bea@example.com", [1002]),
    ("financial_status:paid", [1003]), ("financial_status:paid OR name:1001", [1001, 1003]),
    ("-financial_status:paid", [1001, 1002]), ("NOT financial_status:paid", [1001, 1002]),
    ("(name:1001 OR name:1002) AND email:bea@example.com", [1002]), ("tag:vip", [1003]), ("status:cancelled", [1001]),
    ("status:any", [1001, 1002, 1003]), ("name:9999", []), ("bea", [1002]), ("name:1001 name:1002", []),
    ("fulfillment_status:unfulfilled", [1001, 1002, 1003]),
])  # fmt: skip
def test_a_search_finds_what_it_names(bench, query, found):
    first, second, third = (bench.shop.place_order(), bench.shop.place_order("bea@example.com"),
                            bench.shop.place_order(paid=True))  # fmt: skip
    bench.shop.tag(third, ["VIP"])
    bench.shop.cancel(first)
    ids = {name(one): one.number for one in (first, second, third)}
    assert sorted(ids[one] for one in read_ids(bench.ask(LIST, {"q": query}))) == found


def test_a_filter_that_does_not_exist_filters_nothing_and_only_warns(bench):
    bench.shop.place_order()
    answer = bench.ask(LIST, {"q": "colour:red"})
    assert len(read_ids(answer)) == 1
    assert answer.json()["extensions"]["search"][0]["warnings"][0]["field"] == "colour"


def test_orders_older_than_sixty_days_are_hidden_without_the_scope_for_all(bench):
    order = bench.shop.place_order()
    bench.server.manners.all_orders = False
    bench.clock.advance(timedelta(days=61))
    assert read_ids(bench.ask(LIST, {"q": ""})) == []
    assert bench.ask(ORDER, {"id": make_gid("Order", order.id)}).json()["data"]["order"] is None
    bench.shop.install([*bench.shop.granted, "read_all_orders"])
    assert len(read_ids(bench.ask(LIST, {"q": ""}))) == 1


def test_a_version_that_ended_falls_forward_and_an_unknown_one_is_not_found(bench):
    token = bench.exchange().json()["access_token"]
    old = bench.ask("{ shop { id } }", token=token, version="2024-10")
    assert (old.status_code, old.headers["X-Shopify-API-Version"]) == (200, "2026-01")
    assert bench.ask("{ shop { id } }", token=token, version="2031-01").status_code == 404


def test_an_upgraded_schema_has_new_words_and_a_field_less(bench):
    shop = bench.shop
    order = shop.place_order()
    parcel = shop.fulfil(order, numbers=["A1"])
    shop.add_event(order, parcel, "HELD_AT_CUSTOMS")
    query = "query One($id: ID!) { order(id: $id) { id fulfillments(first: 3) { displayStatus } } }"
    given = {"id": make_gid("Order", order.id)}
    assert bench.ask(query, given).json()["data"]["order"]["fulfillments"] == [{"displayStatus": "IN_TRANSIT"}]
    bench.server.manners.upgraded, bench.server.manners.gone = "2027-10", ("Order.note",)
    answer = bench.ask(query, given)
    assert answer.headers["X-Shopify-API-Version"] == "2027-10"
    assert answer.json()["data"]["order"]["fulfillments"] == [{"displayStatus": "HELD_AT_CUSTOMS"}]
    refused = bench.ask(ORDER, given)
    assert refused.status_code == 200 and refused.json()["errors"][0]["extensions"]["code"] == "undefinedField"


@pytest.mark.parametrize("status", [402, 403, 423])
def test_a_frozen_shop_answers_with_its_status(bench, status):
    token = bench.exchange().json()["access_token"]
    bench.server.manners.frozen = status
    assert bench.ask("{ shop { id } }", token=token).status_code == status


def test_when_shopify_is_down_a_page_of_html_comes(bench):
    token = bench.exchange().json()["access_token"]
    bench.server.manners.down = 503
    answer = bench.ask("{ shop { id } }", token=token)
    assert answer.status_code == 503 and answer.headers["Content-Type"].startswith("text/html")


def test_a_question_without_a_query_is_a_400_and_one_that_does_not_fit_a_200(bench):
    assert bench.ask(None).status_code == 400
    assert bench.ask("{ shop { colour } }").json()["errors"][0]["extensions"]["code"] == "undefinedField"
    assert bench.ask("{ shop {").status_code == 200
    assert (
        bench.ask("{ orders { nodes { id } } }").json()["errors"][0]["message"]
        == "you must provide one of first or last"
    )


def test_tags_are_added_beside_what_is_there_in_any_case(bench):
    order = bench.shop.place_order()
    bench.shop.tag(order, ["VIP"])
    given = {"id": make_gid("Order", order.id), "tags": ["vip", "mostrador"]}
    assert bench.ask(read_document("tags_add"), given).json()["data"]["tagsAdd"]["userErrors"] == []
    assert sorted(order.tags) == ["mostrador", "vip"]


def test_a_code_is_given_once_in_any_case_and_a_percentage_is_a_fraction(bench):
    coupon = {"title": "X", "startsAt": "2026-11-21T12:00:00Z", "context": {"all": "ALL"},
              "customerGets": {"value": {"percentage": 0.1}, "items": {"all": True}}}  # fmt: skip

    def create(**change):
        answer = bench.ask(read_document("coupon_create"), {"coupon": {**coupon, **change}})
        return [error["code"] for error in answer.json()["data"]["discountCodeBasicCreate"]["userErrors"]]

    assert create(code="VUELVE") == [] and create(code="vuelve") == ["TAKEN"]
    assert create(code="B", customerGets={"value": {"percentage": 10.0}}) == ["VALUE_OUTSIDE_RANGE"]
    assert create(code="C", context=None) == ["BLANK"] and len(bench.shop.discounts) == 1


def test_cancelling_moves_no_money_unless_asked_and_a_sent_order_is_refused(bench):
    paid, sent = bench.shop.place_order(paid=True), bench.shop.place_order()
    bench.shop.fulfil(sent)
    given = {"reason": "OTHER", "restock": True, "staffNote": "x"}
    for order in (paid, sent):
        bench.ask(read_document("order_cancel"), {"id": make_gid("Order", order.id), **given})
    assert (paid.cancelled_at is not None, paid.refunds, paid.financial) == (True, [], "PAID")
    assert sent.cancelled_at is None


def test_changing_a_tracking_number_tells_the_shopper_unless_that_is_forbidden(bench):
    order = bench.shop.place_order()
    parcel = bench.shop.fulfil(order, numbers=["A1"])
    bench.shop.install([*bench.shop.granted, "write_merchant_managed_fulfillment_orders"])
    given = {"id": make_gid("Fulfillment", parcel.id), "tracking": {"numbers": ["B1", "B2"], "company": "Envía"}}
    bench.ask(read_document("tracking_update"), given)
    assert [one.number for one in parcel.tracking] == ["B1", "B2"] and parcel.notified == [False, False]
    assert order.updated_at == bench.clock.now()
