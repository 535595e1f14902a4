"""Deliveries signed with the app's own secret: whose they are, what becomes of a shop that nobody connected yet, and
what is left of one that was taken off."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from app_hook_shop import OTHER, SECRET, SHOP, Door, sign
from sqlalchemy import text

from plugin.contract import StoreAccess
from plugin.database import ALL
from plugin.stores import announce as announcing
from plugin.stores import connect
from plugin.testing.factories import MOMENT, make_order, make_store


@pytest.fixture
def door(database_url: str) -> Iterator[Door]:
    made = Door(database_url)
    yield made
    made.db.close()


def test_the_first_genuine_delivery_announces_its_shop_and_is_kept(door: Door) -> None:
    assert [door.post(), door.post(shop=SHOP.upper()), door.post(shop=OTHER)] == [200, 200, 200]
    assert [(row.domain, row.status, row.credentials, row.live_at) for row in door.stores()] == [
        (SHOP, "announced", None, None), (OTHER, "announced", None, None),
    ]  # fmt: skip
    assert door.receipts() == {"unapplied": 2} and door.receipts(OTHER) == {"unapplied": 1}
    row = door.store()
    assert row.connected_at == MOMENT and row.hook_key and row.webhook_secret and row.origins == [f"https://{SHOP}"]


@pytest.mark.parametrize("signature", ["", "AAAA", sign(b"{}"), sign(b"{}", ""), "é", "=" * 9999])
def test_what_the_app_s_secret_did_not_sign_is_refused_and_leaves_nothing(door: Door, signature: str) -> None:
    assert door.send(b'{"topic": "updated", "order": "1"}', signature=signature) == 401
    assert door.stores() == []


def test_a_signature_for_one_shop_opens_no_other_that_it_names(door: Door) -> None:
    make_store(door.db, platform="mall", domain=SHOP)
    body = json.dumps({"topic": "uninstalled", "shop": OTHER}).encode()
    assert [door.send(body, shop=SHOP), door.send(body, shop="three.mall.example")] == [401, 401]
    assert [row.domain for row in door.stores()] == [SHOP] and door.receipts() == {}


@pytest.mark.parametrize("shop", ["", "  ", "a b.example", "é.example", "a\tb", "x" * 256])
def test_a_delivery_that_names_no_shop_is_nobody_s(door: Door, shop: str) -> None:
    assert door.post(shop=shop.encode("utf-8").decode("latin-1")) == 401
    assert door.stores() == []


@pytest.mark.parametrize("path", ["/hooks/woocommerce", "/hooks/nothing", "/hooks/%00", "/hooks/"])
def test_a_platform_without_app_level_deliveries_has_no_such_address(door: Door, path: str) -> None:
    assert door.post(path=path) == 404
    assert door.stores() == []


@pytest.mark.parametrize("method", ["get", "head", "options", "put", "patch", "delete"])
def test_only_post_is_a_delivery(door: Door, method: str) -> None:
    assert getattr(door.web.test_client(), method)("/hooks/mall").status_code == 405


def test_a_store_s_own_address_still_stands_beside_the_app_s(door: Door) -> None:
    store = make_store(door.db, platform="mall", domain=SHOP)
    assert door.post(path=f"/hooks/mall/{store.hook_key}") == 200
    assert door.post(path=f"/hooks/mall/{store.hook_key}", shop=OTHER) == 401
    assert door.receipts() == {"unapplied": 1}


def test_more_than_a_megabyte_is_too_much_with_and_without_a_length(door: Door) -> None:
    assert door.send(b" " * 1_000_001) == 413
    chunked = door.web.test_client().post(
        "/hooks/mall", input_stream=io.BytesIO(b" " * 1_100_000), headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )  # fmt: skip
    assert chunked.status_code == 413 and door.stores() == []


def test_a_greeting_carries_nothing(door: Door) -> None:
    assert door.send(b"", topic="hello", signature="") == 200
    assert door.stores() == []


def test_what_cannot_be_kept_announces_nobody_and_is_asked_for_again(door: Door) -> None:
    with door.db.transaction(ALL, "break the database") as tx:
        tx.execute(text("ALTER TABLE receipts RENAME TO receipts_lost"))
    assert door.post() == 503
    with door.db.transaction(ALL, "mend the database") as tx:
        tx.execute(text("ALTER TABLE receipts_lost RENAME TO receipts"))
    assert door.stores() == []
    assert door.post() == 200 and door.receipts() == {"unapplied": 1}


def test_two_shops_first_deliveries_at_the_same_moment_make_one_store_each(door: Door) -> None:
    door.post(shop="zero.mall.example")  # a SQLite file's very first connections shall not come at once
    gate = threading.Barrier(12)

    def run(number: int) -> int:
        gate.wait()
        return door.post(shop=(SHOP, OTHER)[number % 2])

    with ThreadPoolExecutor(12) as pool:
        assert list(pool.map(run, range(12))) == [200] * 12
    assert sorted(row.domain for row in door.stores())[:2] == [SHOP, OTHER] and len(door.stores()) == 3
    assert door.receipts() == door.receipts(OTHER) == {"unapplied": 6}


def test_a_first_delivery_and_the_installation_at_the_same_moment_make_one_store(door: Door) -> None:
    door.post(shop="zero.mall.example")  # a SQLite file's very first connections shall not come at once
    for number in range(12):
        shop, gate = f"s{number}.mall.example", threading.Barrier(2)

        def announce_it(shop: str = shop, gate: threading.Barrier = gate) -> int:
            gate.wait()
            return door.post(shop=shop)

        def connect_it(shop: str = shop, gate: threading.Barrier = gate) -> None:
            gate.wait()
            access = StoreAccess(domain=shop, name="Shop", credentials={"token": "t"})
            with door.db.transaction(ALL, "a merchant connects") as tx:
                connect(tx, "mall", access, door.clock.now())

        with ThreadPoolExecutor(2) as pool:
            answer, connected = pool.submit(announce_it), pool.submit(connect_it)
            assert (answer.result(), connected.result()) == (200, None)
        assert door.store(shop).status == "connected" and door.receipts(shop) == {"unapplied": 1}
    assert len(door.stores()) == 13


def test_no_more_than_so_many_unknown_shops_are_taken_in(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    make_store(door.db, platform="mall", domain="known.mall.example", credentials={"token": "t"})
    monkeypatch.setattr(announcing, "MOST_ANNOUNCED", 2)
    shops = ["a.mall.example", "b.mall.example", "c.mall.example", "b.mall.example", "known.mall.example"]
    assert [door.post(shop=shop) for shop in shops] == [200, 200, 503, 200, 200]
    assert len(door.stores()) == 3
    door.connect("a.mall.example")
    assert door.post(shop="c.mall.example") == 200


def test_a_delivery_replayed_under_another_shop_s_name_leaves_no_trace_there(door: Door) -> None:
    make_store(door.db, platform="mall", domain=SHOP, credentials={"token": "t"})
    door.mall.orders[OTHER] = {"1001": make_order()}
    assert door.post(shop=SHOP) == 200
    door.work()
    assert door.mall.asked == [(SHOP, "1001")] and door.orders() == {}
    assert door.receipts() == {"refetch": 1}


def test_an_order_that_was_known_and_is_deleted_over_there_is_gone(door: Door) -> None:
    make_store(door.db, platform="mall", domain=SHOP, credentials={"token": "t"})
    door.mall.orders[SHOP] = {"1001": make_order()}
    door.post()
    door.work()
    del door.mall.orders[SHOP]["1001"]
    door.post("deleted")
    door.work()
    assert door.orders()["1001"].gone_at == MOMENT and door.orders()["1001"].version != ""


def test_a_customer_who_is_named_by_orders_alone_is_heard_and_stands_in_no_outbox_row(door: Door) -> None:
    for topic, kind in (("copy", "privacy.export_customer"), ("erase", "privacy.erase_customer")):
        door.post(topic, orders=["1001", "", "1002"])
        door.apply()
        [wish] = door.jobs(kind)
        assert "1001" not in json.dumps(wish.payload)
        assert json.loads(door.db.vault.open(wish.payload["sealed"].encode())) == {
            "email": "", "customer_id": "", "orders": ["1001", "1002"],
        }  # fmt: skip
    door.post("erase", orders=[])
    door.apply()
    assert door.receipts() == {"applied": 2, "ignored": 1}


def test_a_wish_about_a_customer_that_is_delivered_again_before_it_is_done_is_one_request(door: Door) -> None:
    for orders in (["1001"], ["1001"], ["1002"]):
        door.post("copy", orders=orders)
        door.post("erase", orders=orders)
    door.apply()
    assert len(door.jobs("privacy.export_customer")) == len(door.jobs("privacy.erase_customer")) == 2
    door.work()
    door.post("copy", orders=["1001"])
    door.apply()
    assert len(door.jobs("privacy.export_customer")) == 1, "once it is done it may be asked for again"


def test_whose_a_delivery_claims_to_be_is_kept_with_it(door: Door) -> None:
    make_store(door.db, platform="mall", domain=SHOP)
    assert door.post("uninstalled", shop=SHOP.upper()) == 200
    door.work()
    assert door.receipts() == {"applied": 1} and door.store().status == "uninstalled"


def test_the_secret_is_the_app_s_and_no_store_s(door: Door) -> None:
    store = make_store(door.db, platform="mall", domain=SHOP, webhook_secret="its own")
    body = b'{"topic": "updated", "order": "1"}'
    assert door.send(body, signature=sign(body, store.webhook_secret)) == 401
    assert door.send(body, signature=sign(body, SECRET)) == 200
