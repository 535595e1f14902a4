"""The fake shop's webhooks, one test per observed behaviour."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
from pathlib import Path

import pytest
from fake_shop_bench import open_bench, open_receiver

RECORDED = Path(__file__).parents[1] / "data" / "woocommerce" / "deliveries"


@pytest.fixture
def bench():
    with open_bench() as bench:
        yield bench


@pytest.fixture
def receiver():
    with open_receiver() as receiver:
        yield receiver


def test_a_failed_delivery_is_never_tried_again(bench, receiver):
    bench.hook(receiver.url)
    receiver.status = "500 Internal Server Error"
    bench.shop.place_order()
    assert bench.run_cron() == 1
    receiver.status = "200 OK"
    assert bench.run_cron(5) == 0 and len(receiver.deliveries) == 1


@pytest.mark.parametrize("status", ["200 OK", "201 Created", "302 Found"])
def test_an_answer_from_200_to_302_is_a_success_and_no_redirect_is_followed(bench, receiver, status):
    hook = bench.hook(receiver.url)
    hook.failures, receiver.status, receiver.location = 3, status, receiver.url + "/elsewhere"
    bench.shop.place_order()
    bench.run_cron()
    assert hook.failures == 0 and len(receiver.deliveries) == 1


@pytest.mark.parametrize("status", ["303 See Other", "401 Unauthorized", "500 Oops"])
def test_an_answer_from_303_on_is_a_failure(bench, receiver, status):
    hook = bench.hook(receiver.url)
    receiver.status = status
    bench.shop.place_order()
    bench.run_cron()
    assert hook.failures == 1 and hook.status == "active"


def fail(bench, times):
    for _ in range(times):
        bench.shop.place_order()
        bench.run_cron()


def test_the_seventh_failure_in_a_row_disables_the_webhook_and_nobody_is_told(bench, receiver):
    hook = bench.hook(receiver.url)
    receiver.status = "500 Oops"
    fail(bench, 6)
    assert hook.status == "active" and hook.failures == 6
    fail(bench, 1)
    assert hook.status == "disabled" and len(bench.shop.webhooks.disabled) == 1
    fail(bench, 1)
    assert len(receiver.deliveries) == 7
    assert bench.get("webhooks").json()[0]["status"] == "disabled"


def test_the_failure_counter_survives_re_enabling(bench, receiver):
    hook = bench.hook(receiver.url)
    receiver.status = "500 Oops"
    fail(bench, 7)
    assert bench.api.put(f"webhooks/{hook.id}", {"status": "active"}).json()["status"] == "active"
    fail(bench, 1)
    assert hook.status == "disabled"


def test_one_success_resets_the_failure_counter(bench, receiver):
    hook = bench.hook(receiver.url)
    receiver.status = "500 Oops"
    fail(bench, 6)
    receiver.status = "200 OK"
    fail(bench, 1)
    receiver.status = "500 Oops"
    fail(bench, 6)
    assert hook.status == "active" and hook.failures == 6


def test_deleting_and_making_a_webhook_again_resets_the_failure_counter(bench, receiver):
    hook = bench.hook(receiver.url)
    receiver.status = "500 Oops"
    fail(bench, 7)
    assert bench.api.delete(f"webhooks/{hook.id}", params={"force": True}).status_code == 200
    anew = bench.hook(receiver.url)
    fail(bench, 6)
    assert anew.status == "active" and bench.shop.webhooks.hooks == {anew.id: anew}


def test_a_receiver_that_is_not_there_counts_as_a_failure(bench):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    hook = bench.hook(f"http://127.0.0.1:{port}/gone")
    fail(bench, 1)
    assert hook.failures == 1 and bench.shop.webhooks.attempts[-1].answer == 0


def test_the_delivery_id_is_the_same_for_two_orders_in_one_second(bench, receiver):
    bench.hook(receiver.url)
    bench.shop.place_order()
    bench.shop.place_order()
    bench.run_cron()
    bench.shop.place_order()
    bench.run_cron()
    ids = [one.headers["x-wc-webhook-delivery-id"] for one in receiver.deliveries]
    assert ids[0] == ids[1] != ids[2] and all(len(word) == 32 for word in ids)


def test_three_changes_before_the_run_become_one_delivery_that_shows_the_last(bench, receiver):
    bench.hook(receiver.url)
    order = bench.shop.place_order()
    for status in ("on-hold", "processing", "completed"):
        bench.shop.change_status(order, status)
    assert bench.run_cron() == 1
    assert receiver.deliveries[0].json()["status"] == "completed"


def test_the_body_is_built_when_it_is_sent(bench, receiver):
    bench.hook(receiver.url)
    order = bench.shop.place_order()
    order.customer_note = "written after the event, without a save"
    bench.run_cron()
    assert receiver.deliveries[0].json()["customer_note"] == order.customer_note


def test_a_change_during_a_delivery_makes_a_second_one(bench, receiver):
    bench.hook(receiver.url)
    order = bench.shop.place_order()

    def change_once():
        if len(receiver.deliveries) == 1:
            bench.shop.change_status(order, "completed")

    receiver.while_asked = change_once
    bench.run_cron()
    bench.run_cron()
    assert [one.json()["status"] for one in receiver.deliveries] == ["processing", "completed"]


def test_nothing_is_delivered_before_the_cron_runs(bench, receiver):
    bench.hook(receiver.url)
    bench.shop.place_order()
    assert not receiver.deliveries and len(bench.shop.webhooks.queue) == 1
    bench.run_cron()
    assert len(receiver.deliveries) == 1


def test_the_cron_of_a_quiet_shop_only_runs_on_a_visit(receiver):
    with open_bench(cron="visited") as bench:
        bench.hook(receiver.url)
        ran = bench.shop.webhooks.last_run_at
        bench.shop.place_order()
        bench.clock.advance(3600)
        assert bench.shop.webhooks.last_run_at == ran and not receiver.deliveries
        bench.page("/")
        wait_until(lambda: receiver.deliveries)
        bench.shop.place_order()
        bench.page("/")  # within the same minute nothing runs
        assert len(bench.shop.webhooks.queue) == 1


def wait_until(true):
    import time

    for _ in range(500):
        if true():
            return
        time.sleep(0.01)
    raise AssertionError("It never happened.")


def test_the_greeting_is_form_encoded_unsigned_and_arrives_while_the_shop_is_still_being_asked(
    bench, receiver
):
    asked = []
    receiver.while_asked = lambda: asked.append(len(bench.server.application.requests))
    hook = bench.hook(receiver.url)
    (greeting,) = receiver.greetings
    assert greeting.body == f"webhook_id={hook.id}".encode()
    assert greeting.headers["content-type"] == "application/x-www-form-urlencoded"
    assert not [name for name in greeting.headers if name.startswith("x-wc-")]
    assert len(asked) == 1 and bench.shop.webhooks.pings == [(receiver.url, 200)]


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9/nobody", "http://user:pw@127.0.0.1:9/", "http://no-such.invalid/"]
)
def test_whatever_the_greeting_meets_is_ignored(bench, url):
    assert bench.hook(url).status == "active"


def test_a_new_address_is_greeted_again_and_a_new_name_is_not(bench, receiver):
    hook = bench.hook("http://127.0.0.1:9/old")
    bench.api.put(f"webhooks/{hook.id}", {"delivery_url": receiver.url})
    bench.api.put(f"webhooks/{hook.id}", {"name": "another name"})
    assert [one.body for one in receiver.greetings] == [f"webhook_id={hook.id}".encode()]


def test_duplicate_webhooks_are_accepted_and_each_delivers(bench, receiver):
    first, second = bench.hook(receiver.url), bench.hook(receiver.url)
    bench.shop.place_order()
    assert first.id != second.id and bench.run_cron() == 2
    assert len({one.body for one in receiver.deliveries}) == 1 and len(receiver.deliveries) == 2


def test_deleting_a_webhook_without_force_is_501(bench, receiver):
    hook = bench.hook(receiver.url)
    answer = bench.api.delete(f"webhooks/{hook.id}")
    assert answer.status_code == 501 and answer.json()["code"] == "woocommerce_rest_trash_not_supported"
    assert bench.api.delete(f"webhooks/{hook.id}", params={"force": True}).status_code == 200
    assert bench.get("webhooks").json() == []


def test_neither_the_secret_nor_the_failures_are_ever_told(bench, receiver):
    hook = bench.hook(receiver.url)
    for answer in (bench.get("webhooks"), bench.get(f"webhooks/{hook.id}"),
                   bench.api.put(f"webhooks/{hook.id}", {"name": "x"})):  # fmt: skip
        assert "the-shop-s-secret" not in answer.text and "fail" not in answer.text
    recorded = json.loads((RECORDED.parent / "rest" / "webhook_single.json").read_text())
    assert bench.get(f"webhooks/{hook.id}").json().keys() == recorded.keys()


def test_without_a_secret_of_ours_the_shop_makes_one_that_nobody_can_read(bench, receiver):
    assert len(bench.hook(receiver.url, secret="").secret) == 50


def test_a_topic_that_does_not_exist_is_refused(bench):
    answer = bench.api.post("webhooks", {"topic": "order.shipped", "delivery_url": "http://127.0.0.1:9/x"})
    assert (
        answer.status_code == 400 and answer.json()["code"] == "woocommerce_rest_shop_webhook_invalid_topic"
    )


def test_the_signature_is_base64_hmac_of_the_escaped_bytes(bench, receiver):
    hook = bench.hook(receiver.url)
    bench.shop.place_order()
    bench.run_cron()
    (one,) = receiver.deliveries
    made = base64.b64encode(hmac.new(hook.secret.encode(), one.body, hashlib.sha256).digest()).decode()
    assert one.headers["x-wc-webhook-signature"] == made
    assert b"\\u00da" in one.body and b"\\/" in one.body and b" /" not in one.body
    again = json.dumps(one.json()).encode()
    assert again != one.body


def test_a_delivery_has_the_headers_of_a_recorded_one(bench, receiver):
    bench.hook(receiver.url)
    bench.shop.place_order()
    bench.run_cron()
    path = next(RECORDED.glob("007*.headers.json"))
    recorded = {name.lower() for name in json.loads(path.read_text())}
    given = receiver.deliveries[0].headers
    assert recorded == set(given) | {"connection"} and given["content-type"] == "application/json"
    assert given["x-wc-webhook-source"] == f"{bench.server.url}/" and given["x-wc-webhook-event"] == "updated"


def test_a_delivery_has_the_keys_and_types_of_a_recorded_one(bench, receiver):
    bench.hook(receiver.url)
    bench.shop.place_order()
    bench.run_cron()
    recorded = json.loads(next(RECORDED.glob("040*.body")).read_bytes())
    given = receiver.deliveries[0].json()
    assert list(given) == list(recorded)
    assert {key: type(value) for key, value in given.items()} == {
        key: type(value) for key, value in recorded.items()
    }
    for name in ("line_items", "shipping_lines"):
        assert given[name][0].keys() == recorded[name][0].keys()
    assert given["billing"].keys() == recorded["billing"].keys()


def test_when_the_owner_of_a_webhook_lost_the_rights_the_signed_body_is_an_error(bench, receiver):
    manager = bench.shop.add_user("marta", "marta@example.com", "shop_manager")
    hook = bench.hook(receiver.url)
    hook.user_id = manager.id
    manager.role = "customer"
    bench.shop.place_order()
    bench.run_cron()
    body = next(RECORDED.glob("082*.body")).read_bytes()
    assert receiver.deliveries[0].body == body


def test_when_the_order_is_gone_before_the_delivery_the_signed_body_is_an_error(bench, receiver):
    bench.hook(receiver.url)
    bench.shop.delete(bench.shop.place_order())
    bench.run_cron()
    assert receiver.deliveries[0].body == next(RECORDED.glob("077*.body")).read_bytes()


def test_a_private_receiver_is_refused_by_host_and_only_the_log_knows(bench, receiver):
    bench.shop.manners.public_receivers_only = True
    hook = bench.hook(receiver.url)
    fail(bench, 1)
    assert not receiver.arrived and hook.failures == 1
    assert set(bench.shop.webhooks.log) == {"A valid URL was not provided"}


def test_what_the_network_loses_never_arrives_and_is_a_failure_for_the_shop(bench, receiver):
    hook = bench.hook(receiver.url)
    bench.shop.webhooks.loses = lambda attempt: True
    fail(bench, 1)
    assert not receiver.deliveries and hook.failures == 1 and not bench.shop.webhooks.attempts[0].acknowledged
