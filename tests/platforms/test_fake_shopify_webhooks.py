"""How the fake Shopify delivers webhooks, each known behaviour under its own name."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from fake_shopify_bench import TOML, open_bench

from plugin.testing.fake_shopify import sign_webhook
from plugin.testing.fake_shopify.declared import PLAIN, read_declared
from plugin.testing.fake_shopify.nouns import Subscription
from plugin.testing.fake_shopify.webhooks import RETRIES


@pytest.fixture
def bench():
    with open_bench() as bench:
        yield bench


def subscribe(bench, topic="orders/updated", include=("id", "updated_at")):
    one = Subscription(topic, f"{bench.receiver.url}/hooks/shopify/key", include, bench.platform.next_id())
    bench.platform.webhooks.declared = []
    bench.shop.subscriptions.append(one)
    return one


def test_a_delivery_is_signed_over_its_raw_bytes_and_its_headers_are_not(bench):
    order = bench.shop.place_order()
    (hook,) = bench.run_hooks()
    assert hook.path == "/hooks/shopify" and hook.topic == "orders/create"
    assert hook.headers["x-shopify-hmac-sha256"] == sign_webhook(hook.body, bench.server.app.client_secret)
    assert hook.headers["x-shopify-shop-domain"] == "cafe.myshopify.com"
    assert hook.headers["x-shopify-api-version"] == "2026-10"
    assert hook.json()["id"] == order.id > 2**32 and hook.json()["updated_at"].endswith("-05:00")


def test_only_the_included_fields_are_in_the_body(bench):
    bench.shop.place_order()
    (hook,) = bench.run_hooks()
    assert sorted(hook.json()) == ["admin_graphql_api_id", "id", "updated_at"]


def test_one_act_fires_several_topics_with_one_event_id_and_a_webhook_id_each(bench):
    order = bench.shop.place_order()
    bench.run_hooks()
    bench.clock.advance(60)
    bench.shop.fulfil(order, numbers=["A1"])
    hooks = bench.run_hooks()
    assert sorted(one.topic for one in hooks) == ["fulfillments/create", "orders/updated"]
    assert len({one.headers["x-shopify-event-id"] for one in hooks}) == 1
    assert len({one.headers["x-shopify-webhook-id"] for one in hooks}) == 2


def test_no_order_is_kept_between_topics_and_orders():
    seen = set()
    for _ in range(2):
        with open_bench() as bench:
            placed = [bench.shop.place_order() for _ in range(12)]
            arrived = tuple(one.json()["id"] for one in bench.run_hooks())
            assert sorted(arrived) == sorted(one.id for one in placed) and list(arrived) != [one.id for one in placed]
            seen.add(tuple([one.id for one in placed].index(number) for number in arrived))
    assert len(seen) == 1, "The same seed shuffles in the same way."


def test_a_delivery_may_come_twice_with_one_webhook_id():
    with open_bench(duplicates=1.0) as bench:
        bench.shop.place_order()
        first, second = bench.run_hooks()
        assert first.body == second.body
        assert first.headers["x-shopify-webhook-id"] == second.headers["x-shopify-webhook-id"]


def test_a_delivery_may_never_be_made():
    with open_bench(lost=1.0) as bench:
        bench.shop.place_order()
        bench.clock.advance(timedelta(days=2))
        assert bench.run_hooks() == [] and len(bench.platform.webhooks.unmade) == 1


def test_a_delivery_may_come_up_to_a_day_late_with_what_was_true_then():
    with open_bench(late=1.0) as bench:
        order = bench.shop.place_order()
        then = order.updated_at
        assert bench.run_hooks() == []
        bench.clock.advance(timedelta(hours=24))
        bench.server.manners.late = 0
        bench.shop.pay(order)
        created = next(one for one in bench.run_hooks() if one.topic == "orders/create")
        assert created.headers["x-shopify-triggered-at"].startswith(f"{then:%Y-%m-%dT%H:%M:%S}")
        assert created.json()["updated_at"] != order.updated_at.isoformat()


def test_identical_trimmed_payloads_are_debounced(bench):
    order = bench.shop.place_order()
    bench.run_hooks()
    for note in ("one", "two"):
        order.note = note
        bench.shop.save(order)
    assert [one.topic for one in bench.run_hooks()] == ["orders/updated"] and bench.platform.webhooks.debounced == 1
    bench.clock.advance(1)
    bench.shop.save(order)
    assert len(bench.run_hooks()) == 1, "With updated_at among the fields a later change is another payload."


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "401 No", "404 Not Found", "500 Error"])
def test_everything_but_2xx_is_a_failure_and_no_redirect_is_followed(bench, status):
    bench.receiver.status = status
    bench.shop.place_order()
    bench.run_hooks()
    assert [one.acknowledged for one in bench.platform.webhooks.attempts] == [False]
    assert len(bench.receiver.arrived) == 1 and len(bench.platform.webhooks.queue) == 1


def test_eight_retries_over_four_hours_replay_the_original_payload(bench):
    assert len(RETRIES) == 8 and abs(sum(RETRIES, timedelta()) - timedelta(hours=4)) < timedelta(milliseconds=1)
    order = bench.shop.place_order()
    bench.receiver.status = "503 Busy"
    began = bench.clock.now()
    bench.platform.webhooks.run(lambda one: True)
    order.note = "changed since"
    bench.platform.webhooks.declared = []
    while (due_at := bench.platform.webhooks.next_due_at) is not None:
        bench.clock.move_to(max(due_at, bench.clock.now()) + timedelta(seconds=1))
        bench.run_hooks()
    assert len(bench.receiver.arrived) == 9 and bench.clock.now() - began < timedelta(hours=4, minutes=1)
    assert len({one.body for one in bench.receiver.arrived}) == 1
    assert len({one.headers["x-shopify-webhook-id"] for one in bench.receiver.arrived}) == 1
    assert len(bench.platform.webhooks.given_up) == 1


def test_a_declared_subscription_outlives_every_failure(bench):
    bench.receiver.status = "500 Error"
    for _ in range(3):
        bench.shop.place_order()
        for _ in range(10):
            bench.clock.advance(timedelta(hours=3))
            bench.run_hooks()
    bench.receiver.status = "200 OK"
    bench.shop.place_order()
    assert len(bench.run_hooks()) == 1


def test_a_shop_specific_subscription_is_deleted_after_eight_failures_in_a_row(bench):
    subscribe(bench)
    order = bench.shop.place_order()
    bench.receiver.status = "500 Error"
    bench.shop.pay(order)
    for _ in range(8):
        assert len(bench.shop.subscriptions) == 1
        bench.clock.advance(timedelta(hours=3))
        bench.run_hooks()
    assert bench.shop.subscriptions == [] and bench.platform.webhooks.queue == []


def test_one_success_forgets_the_failures(bench):
    one = subscribe(bench)
    order = bench.shop.place_order()
    bench.receiver.status = "500 Error"
    bench.shop.pay(order)
    for _ in range(7):
        bench.clock.advance(timedelta(hours=3))
        bench.run_hooks()
    bench.receiver.status = "200 OK"
    bench.clock.advance(timedelta(hours=3))
    bench.run_hooks()
    assert one.failures == 0 and bench.shop.subscriptions == [one]


def test_who_takes_longer_than_the_time_failed(bench):
    import time

    bench.server.manners.patience = (0.2, 0.3)
    bench.receiver.while_asked = lambda: time.sleep(0.6)
    bench.shop.place_order()
    bench.run_hooks()
    assert [one.answer for one in bench.platform.webhooks.attempts] == [0]


def test_hooks_come_before_any_token_was_asked_for(bench):
    bench.shop.place_order()
    assert len(bench.run_hooks()) == 1 and bench.shop.tokens.given == {}


def test_after_a_rotation_hooks_are_signed_with_the_old_secret_for_up_to_an_hour(bench):
    old = bench.server.app.client_secret
    new = bench.platform.rotate_secret()
    signed = []
    for minutes in (0, 61):
        bench.clock.advance(timedelta(minutes=minutes))
        bench.shop.place_order()
        (hook,) = bench.run_hooks()
        signed.append(
            next(one for one in (old, new) if sign_webhook(hook.body, one) == hook.headers["x-shopify-hmac-sha256"])
        )
    assert signed == [old, new]


def test_an_uninstall_tells_once_ends_the_shop_s_hooks_and_two_days_later_asks_for_erasure(bench):
    order = bench.shop.place_order()
    bench.run_hooks()
    bench.shop.uninstall()
    bench.shop.pay(order)
    (told,) = bench.run_hooks()
    assert told.topic == "app/uninstalled" and told.json()["myshopify_domain"] == "cafe.myshopify.com"
    bench.clock.advance(timedelta(hours=47, minutes=59))
    assert bench.run_hooks() == []
    bench.clock.advance(timedelta(minutes=1))
    (redact,) = bench.run_hooks()
    assert (redact.topic, redact.json()) == (
        "shop/redact",
        {"shop_id": bench.shop.id, "shop_domain": bench.shop.domain},
    )


def test_who_installs_again_within_two_days_is_not_erased(bench):
    bench.shop.uninstall()
    bench.run_hooks()
    bench.shop.install()
    bench.clock.advance(timedelta(hours=49))
    assert bench.run_hooks() == []


def test_a_customer_s_wishes_name_the_shop_the_customer_and_the_orders(bench):
    order = bench.shop.place_order("ana@example.com", customer_id=77)
    bench.run_hooks()
    bench.shop.request_data(order)
    bench.shop.redact_customer(order)
    told = {one.topic: one.json() for one in bench.run_hooks()}
    assert told["customers/data_request"]["orders_requested"] == [order.id]
    assert told["customers/redact"]["orders_to_redact"] == [order.id]
    assert {body["customer"]["email"] for body in told.values()} == {"ana@example.com"}
    assert {body["shop_domain"] for body in told.values()} == {bench.shop.domain}


def test_changed_scopes_and_a_changed_plan_are_told(bench):
    before = list(bench.shop.granted)
    bench.shop.change_scopes(["read_orders"])
    bench.shop.change_plan("plus")
    told = {one.topic: one.json() for one in bench.run_hooks()}
    assert told["app/scopes_update"]["previous"] == before and told["app/scopes_update"]["current"] == ["read_orders"]
    assert told["shop/update"]["id"] == bench.shop.id


def test_a_topic_without_its_scope_never_comes(bench):
    bench.shop.install(["read_orders"])
    order = bench.shop.place_order()
    bench.shop.fulfil(order, numbers=["A1"])
    assert {one.topic for one in bench.run_hooks()} == {"orders/create", "orders/updated"}


def test_whole_bodies_have_the_rest_shape(bench):
    bench.platform.webhooks.declared = [Subscription("orders/updated", "/hooks/shopify")]
    order = bench.shop.place_order(paid=True)
    bench.shop.tag(order, ["b", "a"])
    parcel = bench.shop.fulfil(order, numbers=["A1", "A2"])
    bench.shop.add_event(order, parcel, "IN_TRANSIT")
    bench.run_hooks()
    body = json.loads(bench.platform.webhooks.attempts[-1].body)
    assert (body["tags"], body["financial_status"]) == ("a, b", "paid")
    sent = [one for hook in bench.receiver.arrived for one in hook.json()["fulfillments"]]
    assert sent and all(one["tracking_numbers"] == ["A1", "A2"] and one["status"] == "success" for one in sent)


def test_a_path_in_the_toml_stands_behind_the_whole_address_of_the_app(tmp_path):
    toml = tmp_path / "shopify.app.toml"
    for uri, path in (
        ("/hooks/shopify", "/app/hooks/shopify"),
        ("https://mostrador.example/hooks/shopify", "/hooks/shopify"),
    ):
        toml.write_text(
            'application_url = "https://mostrador.example/app/"\n[[webhooks.subscriptions]]\n'
            f'topics = ["orders/create"]\nuri = "{uri}"\n'
        )
        assert [one.uri for one in read_declared(toml)] == [path]


def test_the_app_s_own_toml_says_which_topics_come():
    declared = read_declared(TOML)
    compliance = {"customers/data_request", "customers/redact", "shop/redact"}
    assert compliance <= {one.topic for one in declared} and {one.uri for one in declared} == {"/hooks/shopify"}
    assert all("updated_at" in one.include for one in declared if one.topic.startswith(("orders/", "fulfillment")))
    with open_bench(toml=TOML) as bench:
        bench.shop.place_order()
        assert [one.topic for one in bench.run_hooks()] == ["orders/create"]
    assert {one.topic for one in PLAIN} <= {one.topic for one in declared}
