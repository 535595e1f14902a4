"""An order by number, e-mail and a code in a mail: nothing tells whether there is one but the mailbox in it."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from code_mailbox import GONE, LEDGER, Mailbox, ask, check, wrong
from sqlalchemy import event, text
from widget_shop import ANA, Page, Shop

from plugin.care import take
from plugin.contract import OrderStatus, PaymentStatus
from plugin.database import ALL
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_order


@pytest.fixture
def shop(database_url: str, clock: FrozenClock) -> Iterator[Shop]:
    shop = Shop(database_url, clock, adapters=LEDGER)
    shop.add_order(make_order(status=OrderStatus.processing, payment_status=PaymentStatus.paid))
    yield shop
    shop.close()


@pytest.fixture
def box(shop: Shop) -> Mailbox:
    return Mailbox(shop)


def test_the_code_goes_to_the_address_in_the_order_and_opens_it_to_whoever_brings_it(
    panel: Page, box: Mailbox, shop: Shop
) -> None:
    asked = ask(panel)
    assert (
        asked.status_code == 202
        and asked.json["expires_in"] == 900
        and set(asked.json) == {"handle", "expires_in"}
    )
    assert box.taken == [], "the request itself mails nothing"
    box.work()
    [(recipient, mail)] = box.taken
    assert (
        recipient == mail["To"] == "alma@example.com"
        and mail["Subject"] == "Tu código para ver el pedido 1001"
    )
    assert "Tienda shop.example" in str(mail["From"])
    opened = check(panel, asked.json["handle"], box.code())
    assert opened.status_code == 200, opened.text
    assert opened.json["order"]["number"] == "1001" and opened.json["phase"] == "purchase"
    assert opened.json["token"].startswith("vt_") and opened.json["conversation"]["phase"] == "purchase"
    assert "Tienda shop.example" in opened.json["greeting"] and opened.json["messages"] == []
    own = panel.post("/conversation/order", {"locale": "es"})
    assert own.status_code == 200 and own.json["order"] == opened.json["order"]
    told = panel.say("¿Dónde está mi pedido?").json
    assert told["messages"][1]["text"].startswith("Tu pedido 1001: En preparación.")
    assert told["messages"][1]["wants_order"] is False


def test_after_the_offer_the_bot_tells_the_order_by_itself_and_only_while_it_holds_the_talk(
    shop: Shop, box: Mailbox
) -> None:
    def walk(page: Page, *, with_agent: bool) -> Any:
        said = page.say("¿Dónde está mi pedido?").json
        assert (
            said["messages"][1]["wants_order"] is True
            and said["messages"][1]["source"]["article_id"] == "track-order"
        )
        if with_agent:
            take(shop.care, shop.store.id, said["conversation"]["id"], ANA)
        handle = ask(page).json["handle"]
        box.work()
        return check(page, handle, box.code()).json

    told = walk(shop.page(), with_agent=False)
    assert told["token"] is None and [one["author"] for one in told["messages"]] == ["bot"]
    assert told["messages"][0]["text"].startswith("Tu pedido 1001: En preparación.")
    assert walk(shop.page(), with_agent=True)["messages"] == [], "no word of the bot after a person came"


def test_the_mail_speaks_the_order_s_language_in_both_parts_and_carries_nothing_that_was_typed(
    shop: Shop, box: Mailbox
) -> None:
    for number, locale, subject in (
        ("2001", "pt_BR", "Seu código para ver o pedido 2001"),
        ("2002", "en", "Your code for the order 2002"),
    ):
        shop.add_order(
            make_order(number=number, external_id=number, locale=locale, customer_name="<b>Alma</b> x")
        )
        page = shop.page()
        asked = ask(page, f" #{number} ", "ALMA@example.com ")
        box.work()
        mail = box.taken[-1][1]
        html = mail.get_body(("html",))
        assert mail["Subject"] == subject and html is not None
        page_text = str(html.get_content())
        assert f'lang="{locale[:2]}"' in page_text and f">{box.code()}<" in page_text
        assert "<b>" not in page_text and "#" + number not in box.text()
        assert asked.json["handle"] not in mail.as_string()
        assert check(page, asked.json["handle"], f" {box.code()[:3]}-{box.code()[3:]} ").status_code == 200


def test_a_code_may_be_asked_for_three_times_and_only_the_newest_counts(panel: Page, box: Mailbox) -> None:
    handle = ask(panel).json["handle"]
    box.work()
    first = box.code()
    assert ask(panel, handle=handle).json["handle"] == handle
    box.work()
    second = box.code()
    assert first != second and check(panel, handle, first).json["left"] == 4
    assert ask(panel, handle=handle).json["handle"] == handle
    box.work()
    assert len(box.taken) == 3
    fresh = ask(panel, handle=handle).json["handle"]
    assert fresh != handle, "the fourth is another wish"
    assert check(panel, handle, box.code()).status_code == 200, "and takes nothing from the third"


def test_a_handle_renews_no_other_order_and_no_other_address(panel: Page, shop: Shop, box: Mailbox) -> None:
    shop.add_order(make_order(number="1002", external_id="1002"))
    handle = ask(panel).json["handle"]
    for answer in (
        ask(panel, "1002", handle=handle),
        ask(panel, email="other@example.com", handle=handle),
        ask(panel, handle="oc_" + "a" * 22),
        ask(panel, handle="x"),
        ask(Page(shop, shop.connect("other.example")), handle=handle),
    ):
        assert answer.status_code == 202 and answer.json["handle"] != handle


def test_five_wrong_codes_end_a_handle_and_the_right_one_comes_too_late(panel: Page, box: Mailbox) -> None:
    handle = ask(panel).json["handle"]
    box.work()
    answers = [check(panel, handle, wrong(box.code())) for _ in range(5)]
    assert [(one.status_code, one.json["left"]) for one in answers] == [
        (422, left) for left in (4, 3, 2, 1, 0)
    ]
    assert answers[0].json["message"].startswith("Este no es el código.")
    late = check(panel, handle, box.code())
    assert late.status_code == 422 and GONE.items() <= late.json.items()
    assert late.json["message"].startswith("Este código no abre nada")
    renewed = ask(panel, handle=handle)
    assert renewed.json["handle"] != handle, "five tries are for a handle, not for a mail"


def test_a_code_lives_fifteen_minutes_and_opens_once(panel: Page, box: Mailbox, clock: FrozenClock) -> None:
    handle = ask(panel).json["handle"]
    box.work()
    clock.advance(timedelta(minutes=15) - timedelta(seconds=2))
    assert check(panel, handle, box.code()).status_code == 200
    assert GONE.items() <= check(panel, handle, box.code()).json.items(), "used"
    other = ask(panel).json["handle"]
    box.work()
    clock.advance(timedelta(minutes=15) - timedelta(seconds=1))
    assert GONE.items() <= check(panel, other, box.code()).json.items(), "expired"


def test_one_code_brought_twice_at_once_opens_once(shop: Shop, box: Mailbox) -> None:
    handle = ask(shop.page()).json["handle"]
    box.work()
    code, answers = box.code(), []

    def bring() -> None:
        answers.append(check(shop.page(), handle, code, client_id=str(uuid.uuid4())))

    threads = [threading.Thread(target=bring) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(one.status_code for one in answers) == [200] + [422] * 5
    with shop.house.db.reading(ALL, "count") as tx:
        assert tx.scalar(text("SELECT count(*) FROM conversations")) == 1


def test_tries_at_once_are_all_counted(shop: Shop, box: Mailbox) -> None:
    handle = ask(shop.page()).json["handle"]
    box.work()
    code, left = wrong(box.code()), []

    def guess() -> None:
        left.append(check(shop.page(), handle, code).json["left"])

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(left) == [0, 0, 0, 0, 1, 2, 3, 4]


@contextmanager
def counting(shop: Shop) -> Iterator[list[str]]:
    """Every statement that either engine runs."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    engines = (shop.house.db.writer, shop.house.db.reader)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", note)


CLAIMS = (
    ("1001", "alma@example.com"), ("1001", "beto@example.com"), ("9999", "alma@example.com"), ("9999", "x@example.com")
)  # fmt: skip


def test_known_and_unknown_orders_are_asked_for_with_equal_answers_and_equal_work(
    shop: Shop, box: Mailbox
) -> None:
    done, handles = [], []
    for number, email in (CLAIMS[0], *CLAIMS):  # the first one warms what is kept
        page = shop.page()
        with counting(shop) as statements:
            answer = ask(page, number, email)
        handles.append(answer.json["handle"])
        shown = answer.text.replace(answer.json["handle"], "-")
        done.append((answer.status_code, len(answer.data), shown, sorted(answer.headers.keys()), statements))
    assert all(one == done[1] for one in done[1:]), "status, bytes, headers and statements"
    box.work()
    assert [recipient for recipient, _ in box.taken] == ["alma@example.com"] * 2
    tried = []
    for handle in (*handles, "oc_" + "a" * 22, "nonsense"):
        page = shop.page()
        with counting(shop) as statements:
            answers = [check(page, handle, wrong(box.code())) for _ in range(6)]
        tried.append(([(one.status_code, one.data) for one in answers], statements))
    known, unknown = tried[1], tried[2:5]
    assert all(one == known for one in unknown)
    assert tried[5][0] == tried[6][0] == [known[0][5]] * 6, "a handle nobody was given is a dead one"


def test_the_mailbox_of_an_order_is_the_only_one_that_is_written_to(shop: Shop, box: Mailbox) -> None:
    shop.add_order(make_order(number="3001", external_id="3001", email="beto@example.com"))
    shop.add_order(make_order(number="3002", external_id="3002", email=""))
    shop.add_order(make_order(number="3003", external_id="3003", status=OrderStatus.draft))
    other = shop.connect("other.example")
    for number, email in (
        ("3001", "alma@example.com"), ("3002", ""), ("3003", "alma@example.com"),
        ("1001", "alma@example.com,x@y.example"),
        ("1001\n2", "alma@example.com"), ("*", "alma@example.com"), ("%", "alma@example.com"),
    ):  # fmt: skip
        ask(shop.page(), number, email or "x@x")
    ask(shop.page(other))
    box.work()
    assert box.taken == []
