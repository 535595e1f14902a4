"""How often orders may be asked for, what is kept of it, and what the platform is asked: never more for a known one."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from code_mailbox import GONE, LEDGER, Ledger, Mailbox, ask, check, open_ledger, wrong
from limits import RateLimitItemPerHour
from sqlalchemy import select, text
from widget_shop import Page, Shop

from plugin.care import OrderCodeRow, find_visitor, revoke_visitor
from plugin.contract import OrderStatus, PaymentStatus, ShipmentStatus
from plugin.database import ALL
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_order, make_shipment
from plugin.web import widget_orders
from plugin.work import list_promised


@pytest.fixture
def shop(database_url: str, clock: FrozenClock) -> Iterator[Shop]:
    shop = Shop(database_url, clock, adapters=LEDGER)
    shop.add_order(make_order(status=OrderStatus.processing, payment_status=PaymentStatus.paid))
    yield shop
    shop.close()


@pytest.fixture
def box(shop: Shop) -> Mailbox:
    return Mailbox(shop)


def test_ten_unproven_wishes_a_day_for_an_address_wherever_they_come_from(
    shop: Shop, box: Mailbox, clock: FrozenClock
) -> None:
    def wish(n: int, email: str = "alma@example.com", number: str = "") -> Any:
        return ask(Page(shop, shop.store, "", f"10.{n}.0.1"), number or str(n), email)

    for email in ("alma@example.com", "nobody@example.com"):
        assert [wish(n, email).status_code for n in range(10)] == [202] * 10
        refused = wish(11, email.upper())
        assert refused.status_code == 429 and refused.json["message"].startswith(
            "Hoy se han consultado demasiadas"
        )
        assert int(refused.headers["Retry-After"]) == 24 * 3600
    assert wish(12, "somebody@example.com").status_code == 202
    assert ask(Page(shop, shop.connect("other.example"))).status_code == 202, "each store by itself"
    page = Page(shop, shop.store, "", "10.99.0.1")
    assert page.say("quiero hablar con una persona").json["conversation"]["status"] == "open"
    clock.advance(timedelta(days=1))
    assert wish(13).status_code == 202


def test_wishes_that_were_proven_do_not_count(shop: Shop, box: Mailbox) -> None:
    for n in range(12):
        page = Page(shop, shop.store, "", f"10.{n}.0.1")
        handle = ask(page).json["handle"]
        box.work()
        assert check(page, handle, box.code(), client_id=str(uuid.uuid4())).status_code == 200, n


def test_ten_wishes_at_once_are_not_eleven(shop: Shop) -> None:
    statuses: list[int] = []

    def wish(n: int) -> None:
        statuses.append(ask(Page(shop, shop.store, "", f"10.{n}.0.1")).status_code)

    threads = [threading.Thread(target=wish, args=(n,)) for n in range(14)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(statuses) == [202] * 10 + [429] * 4


def test_nobody_s_mailbox_is_filled_by_renewing(shop: Shop, box: Mailbox) -> None:
    for n in range(5):
        page, handle = Page(shop, shop.store, "", f"10.{n}.0.1"), None
        for _ in range(3):
            handle = ask(page, handle=handle).json["handle"]
            box.work()
    assert len(box.taken) == 10, "of fifteen"


def test_one_network_looks_sixty_times_an_hour(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(widget_orders, "CODES", RateLimitItemPerHour(3))
    asked = [ask(shop.page(), "1", f"a{n}@example.com").status_code for n in range(61)]
    assert asked == [202] * 60 + [429]
    tried = [check(shop.page(), "oc_x", "1").status_code for _ in range(4)]
    assert tried == [422] * 3 + [429]


def test_an_order_that_only_the_platform_knows_is_asked_for_in_the_job(shop: Shop, box: Mailbox) -> None:
    store = open_ledger(shop)
    Ledger.orders = {
        "77": make_order(number="77", external_id="77"),
        "78": make_order(number="78", email="b@x.example"),
    }
    page = shop.page(store)
    handle = ask(page, "77").json["handle"]
    assert Ledger.asked == [], "the request asks nobody"
    ask(page, "78")
    ask(page, "79")
    box.work()
    assert Ledger.asked == ["77", "78", "79"] and len(box.taken) == 1
    assert check(page, handle, box.code()).json["order"]["number"] == "77"


def test_a_platform_that_is_down_is_asked_again_while_the_code_would_live(
    shop: Shop, box: Mailbox, clock: FrozenClock
) -> None:
    store = open_ledger(shop)
    Ledger.orders, Ledger.down = {"77": make_order(number="77", external_id="77")}, True
    page = shop.page(store)
    handle = ask(page, "77").json["handle"]
    box.work()
    assert box.taken == []
    Ledger.down = False
    clock.advance(10)
    box.work()
    assert check(page, handle, box.code()).status_code == 200
    Ledger.down = True
    Ledger.orders["90"] = make_order(number="90", external_id="90")
    ask(page, "90")
    clock.advance(timedelta(minutes=16))
    Ledger.down = False
    box.work()
    assert len(box.taken) == 1
    with shop.house.db.reading(store.id) as tx:
        assert not list_promised(tx, "care.code", store.id)


def test_a_flood_of_wishes_does_not_run_over_the_platform(
    shop: Shop, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.care.code_mail.MOST_ASKED", 4)
    store = open_ledger(shop)
    for n in range(8):
        ask(Page(shop, store, "", f"10.{n}.0.1"), str(n), f"a{n}@example.com")
        box.work()
    assert len(Ledger.asked) == 4


def test_a_mail_that_is_tried_again_is_the_same_mail(
    shop: Shop, panel: Page, box: Mailbox, clock: FrozenClock
) -> None:
    handle, box.away = ask(panel).json["handle"], True
    box.work()
    with shop.house.db.reading(shop.store.id) as tx:
        [job] = list_promised(tx, "care.code", shop.store.id)
        [row] = tx.scalars(select(OrderCodeRow).where(OrderCodeRow.store_id == shop.store.id))
        assert row.order_id is not None and row.code_index and "alma" not in (job.words or "")
        assert set(job.payload) == {"code", "sent"}
    box.away = False
    clock.advance(10)
    box.work()
    assert check(panel, handle, box.code()).status_code == 200
    with shop.house.db.reading(shop.store.id) as tx:
        [row] = tx.scalars(select(OrderCodeRow).where(OrderCodeRow.store_id == shop.store.id))
        assert (row.number, row.email, row.code_index) == (None, None, "")


def test_a_code_belongs_to_its_store_and_binds_the_bringer_s_own_talk(
    shop: Shop, panel: Page, box: Mailbox
) -> None:
    other = shop.connect("other.example")
    handle = ask(panel).json["handle"]
    box.work()
    assert GONE.items() <= check(shop.page(other), handle, box.code()).json.items()
    mine, bystander = shop.page(), shop.page()
    mine.say("hola")
    bystander.say("hola")
    opened = check(mine, handle, box.code()).json
    assert opened["token"] is None and opened["conversation"]["id"] == mine.read()["conversation"]["id"]
    assert mine.post("/conversation/order", {}).status_code == 200
    assert bystander.post("/conversation/order", {}).status_code == 404
    visitor = find_visitor(shop.care, mine.token)
    assert visitor is not None
    revoke_visitor(shop.care, shop.store.id, visitor.id)
    assert mine.post("/conversation/order", {}).status_code == 401
    again = ask(bystander).json["handle"]
    box.work()
    assert check(mine, again, box.code()).status_code == 401, "a token that was taken away opens nothing"
    assert check(bystander, again, box.code()).status_code == 200, "and used nothing up"


def test_an_order_that_went_away_is_shown_no_more(shop: Shop, panel: Page, box: Mailbox) -> None:
    handle = ask(panel).json["handle"]
    box.work()
    assert check(panel, handle, box.code()).status_code == 200
    with shop.house.db.transaction(shop.store.id) as tx:
        tx.execute(text("UPDATE orders SET gone_at = first_seen_at"))
    assert panel.post("/conversation/order", {}).status_code == 404
    assert panel.say("¿Dónde está mi pedido?").json["messages"][1]["wants_order"] is True


def test_no_code_no_address_and_no_handle_is_in_a_log_or_readable_in_the_database(
    shop: Shop, panel: Page, box: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    handle = ask(panel, email="Alma@Example.com").json["handle"]
    ask(panel, email="no-one@example.com", number="55")
    box.work()
    check(panel, handle, wrong(box.code()))
    with shop.house.db.reading(ALL, "everything") as tx:
        kept = repr([list(tx.execute(text(f"SELECT * FROM {name}"))) for name in ("order_codes", "outbox")])
    code = box.code()
    check(panel, handle, code)
    for secret in (handle, code, "alma@", "no-one@"):
        assert secret not in caplog.text.lower() and secret not in kept.lower(), secret


def test_what_is_no_wish_is_refused_without_saying_why_in_public(panel: Page) -> None:
    bad: list[Any] = [
        {}, [], "x", {"number": "1"}, {"number": "", "email": "a@b.example"}, {"number": "1", "email": "ab"},
        {"number": "1" * 61, "email": "a@b.example"}, {"number": "1", "email": "a" * 255},
        {"number": ["1"], "email": "a@b"},
        {"number": "1", "email": "a@b.example", "order_id": 1}, {"number": "1\0", "email": "a@b.example"},
    ]  # fmt: skip
    for body in bad:
        answer = panel.post("/stores/{store}/order/code", body)
        assert answer.status_code == 422 and "left" not in answer.json, body
    for body in (
        {"handle": "x", "code": "1"},
        {"handle": "x" * 61, "code": "1", "client_id": str(uuid.uuid4())},
    ):
        assert panel.post("/stores/{store}/order/code/check", body).status_code == 422
    for path in ("/order/code?number=1&email=a@b.example", "/order/code/check?code=1"):
        assert panel.get("/stores/{store}" + path).status_code in (404, 405), "never from an address"


def test_numbers_are_one_however_people_write_them(shop: Shop, box: Mailbox) -> None:
    shop.add_order(replace(make_order(number="#B-2050", external_id="b")))
    ways = (
        "#B-2050",
        "b-2050",
        " B - 2050 ",
        "Nº B-2050".replace("Nº ", "#"),
        "\uff22-\uff12\uff10\uff15\uff10",
    )
    for place, number in enumerate(ways):
        ask(Page(shop, shop.store, "", f"10.{place}.0.1"), number)
    box.work()
    assert len(box.taken) == len(ways)
    shown = json.dumps([mail["Subject"] for _, mail in box.taken], ensure_ascii=False)
    assert shown.count("#B-2050") == len(ways), "as the shop writes it"


def test_a_parcel_that_arrived_puts_the_talk_after_the_sale(shop: Shop, box: Mailbox) -> None:
    delivered = make_shipment(status=ShipmentStatus.delivered)
    shop.add_order(
        make_order(number="5", external_id="5", status=OrderStatus.completed, shipments=(delivered,))
    )
    page = shop.page()
    handle = ask(page, "5").json["handle"]
    box.work()
    opened = check(page, handle, box.code()).json
    assert opened["phase"] == opened["conversation"]["phase"] == "post_sale"
    assert "devoluciones" in opened["greeting"] and opened["links"]
