"""Which of the fake shop's webhooks fire when, one test per observed behaviour."""

from __future__ import annotations

import pytest
from fake_shop_bench import open_bench, open_receiver


@pytest.fixture
def bench():
    with open_bench() as bench:
        yield bench


@pytest.fixture
def receiver():
    with open_receiver() as receiver:
        yield receiver


def test_order_created_and_updated_of_one_order_are_two_deliveries_with_one_body(bench, receiver):
    bench.hook(receiver.url, "order.created")
    bench.hook(receiver.url)
    bench.shop.place_order()
    bench.run_cron()
    assert len({one.body for one in receiver.deliveries}) == 1 and len(receiver.deliveries) == 2


def test_there_is_no_order_between_topics():
    with open_bench(shuffles=True) as bench, open_receiver() as receiver:
        bench.hook(receiver.url, "order.created")
        bench.hook(receiver.url)
        for _ in range(20):
            bench.shop.place_order()
            bench.run_cron()
        topics = [one.headers["x-wc-webhook-topic"] for one in receiver.deliveries]
        assert {tuple(topics[place : place + 2]) for place in range(0, 40, 2)} == {
            ("order.created", "order.updated"), ("order.updated", "order.created")}  # fmt: skip


def test_a_draft_of_the_block_checkout_fires_order_updated_and_no_created_until_it_is_placed(bench, receiver):
    bench.hook(receiver.url, "order.created")
    bench.hook(receiver.url)
    draft = bench.shop.open_draft()
    bench.run_cron()
    bench.shop.type_email(draft, "guest@example.com")
    bench.run_cron()
    told = [
        (one.headers["x-wc-webhook-topic"], one.json()["billing"]["email"]) for one in receiver.deliveries
    ]
    assert told == [("order.updated", ""), ("order.updated", "guest@example.com")]
    bench.shop.change_status(draft, "processing")
    bench.run_cron()
    assert sorted(one.headers["x-wc-webhook-topic"] for one in receiver.deliveries[2:]) == [
        "order.created",
        "order.updated",
    ]


def test_moving_to_the_bin_fires_only_order_deleted_with_a_bare_id(bench, receiver):
    for topic in ("order.updated", "order.deleted", "order.restored"):
        bench.hook(receiver.url, topic)
    order = bench.shop.place_order()
    bench.run_cron()
    bench.api.delete(f"orders/{order.id}")
    bench.run_cron()
    assert receiver.deliveries[1].body == b'{"id":%d}' % order.id
    bench.shop.restore(order)
    bench.run_cron()
    assert (
        receiver.deliveries[2].headers["x-wc-webhook-topic"] == "order.restored"
        and len(receiver.deliveries) == 3
    )


def test_a_permanent_deletion_fires_nothing(bench, receiver):
    for topic in ("order.updated", "order.deleted"):
        bench.hook(receiver.url, topic)
    order = bench.shop.place_order()
    bench.run_cron()
    assert bench.api.delete(f"orders/{order.id}", params={"force": True}).status_code == 200
    assert bench.run_cron() == 0 and bench.get(f"orders/{order.id}").status_code == 404


def test_a_note_fires_no_order_webhook_and_the_action_topic_does(bench, receiver):
    order = bench.shop.place_order()
    bench.hook(receiver.url)
    bench.hook(receiver.url, "action.woocommerce_new_customer_note")
    bench.api.post(f"orders/{order.id}/notes", {"note": "Sale mañana", "customer_note": True})
    bench.api.post(f"orders/{order.id}/notes", {"note": "staff only"})
    bench.run_cron()
    (one,) = receiver.deliveries
    assert one.json() == {"action": "woocommerce_new_customer_note",
                          "arg": {"order_id": order.id, "customer_note": "Sale mañana"}}  # fmt: skip


def test_a_status_change_fires_an_action_with_nothing_but_the_id(bench, receiver):
    order = bench.shop.place_order()
    bench.hook(receiver.url, "action.woocommerce_order_status_changed")
    bench.shop.change_status(order, "completed")
    bench.run_cron()
    assert receiver.deliveries[0].json() == {"action": "woocommerce_order_status_changed", "arg": order.id}
