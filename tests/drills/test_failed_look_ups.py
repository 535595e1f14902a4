"""Ten thousand failed order look-ups from many addresses: nothing is revealed, the limits hold, and a real shopper
still reaches a person."""

from __future__ import annotations

import re
import threading
import uuid
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest
from look_up_flood import CLOSED, OWNERS, STRANGERS, TARGETS, Flood, network, owner, stranger
from sqlalchemy import func, select

# `look_up_flood` has put the folder of the flows on the path.
from code_mailbox import LEDGER, Ledger, Mailbox, ask, check  # isort: skip
from widget_shop import ANA, Page, Shop  # isort: skip

from plugin.care import ConversationRow, OrderCodeRow, reply, take
from plugin.care.code_mail import MOST_ASKED, MOST_MAILS
from plugin.care.codes import MOST_SENT, MOST_WISHES, TRIES
from plugin.database import ALL
from plugin.testing.clock import FrozenClock

LOOK_UPS = 10_000
PERSON = "quiero hablar con una persona"


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def shop(sqlite_url: str, clock: FrozenClock) -> Iterator[Shop]:
    shop = Shop(sqlite_url, clock, adapters=LEDGER)
    yield shop
    shop.close()


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_ten_thousand_failed_look_ups_reveal_nothing_and_a_real_shopper_still_reaches_a_person(
    shop: Shop, clock: FrozenClock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    flood = Flood(shop, clock, seed=20261122)
    while flood.asked < LOOK_UPS:
        flood.ask_something()
        if flood.asked % 500 == 0:
            # The mail server and a shop's platform are away now and then: what cannot be done is logged.
            flood.box.away, Ledger.down = flood.asked % 2000 == 500, flood.asked % 2000 == 1000
            flood.box.work()
    clock.advance(300)
    flood.box.work()
    said = caplog.text
    assert_all_look_alike(flood)
    assert_limits_hold(flood)
    assert_mails_go_to_the_orders_alone(flood)
    assert_nothing_opened(flood)
    assert_logs_say_nothing(flood, said)
    assert_people_are_served(shop, flood.box, clock)


def assert_all_look_alike(flood: Flood) -> None:
    """Status, bytes, headers and statements tell nobody whether there is such an order."""
    compared = {key for key, seen in flood.outcomes.items() if seen.there and seen.not_there}
    for key, seen in flood.outcomes.items():
        assert len(seen.there | seen.not_there) == 1, (key, seen.there ^ seen.not_there)
    wishes = {("wish", False, True, 202), ("wish", False, True, 429), ("wish", True, False, 202)}
    guesses = {("guess", tries) for tries in range(6)}
    assert compared >= wishes | guesses | {("proof",), ("words",)}, "each was asked both ways"
    assert {key[-1] for key in flood.outcomes if key[0] == "wish"} == {202, 429}
    assert sum(seen.times for seen in flood.outcomes.values()) == flood.asked == LOOK_UPS


def assert_limits_hold(flood: Flood) -> None:
    """Counted in rows: wishes a day and address, tries and codes of one handle, questions to a platform."""
    rows = flood.rows()
    wishes = Counter((row.store_id, row.email_index) for row in rows)
    assert max(wishes.values()) == MOST_WISHES == 10
    assert len(wishes) == 2 * (TARGETS + STRANGERS), "the limit was met, not avoided"
    assert max(row.failures for row in rows) == TRIES and max(row.sent for row in rows) == MOST_SENT
    assert len(rows) == len(flood.held) and sum(row.sent for row in rows) == flood.mails_wished, (
        "one row a wish, whether there is such an order or not"
    )
    tries = Counter[tuple[int, int | None]]()
    for row in rows:
        if row.order_id is not None:
            tries[row.store_id, row.order_id] += row.failures
    assert 0 < max(tries.values()) <= MOST_WISHES * TRIES, "of a million codes a day"
    assert 0 < len(Ledger.asked) <= MOST_SENT * (MOST_ASKED + 1)


def assert_mails_go_to_the_orders_alone(flood: Flood) -> None:
    mails = Counter((recipient, str(mail["Subject"]), str(mail["From"])) for recipient, mail in flood.box.taken)
    there = {(owner(n), f"Tu código para ver el pedido {1001 + n}") for n in range(TARGETS) if n != CLOSED}
    assert {(recipient, subject) for recipient, subject, _ in mails} == there, "to nobody else, about nothing else"
    assert MOST_MAILS == 10 and 8 <= max(mails.values()) <= MOST_MAILS, "to one mailbox, of one shop, in a day"
    wished = Counter[tuple[int, int | None]]()
    for row in flood.rows():
        wished[row.store_id, row.order_id] += row.sent if row.order_id is not None else 0
    assert max(wished.values()) > MOST_MAILS, "more were asked for than were mailed"
    assert len(flood.box.taken) < LOOK_UPS / 20


def assert_nothing_opened(flood: Flood) -> None:
    assert not any(row.used_at for row in flood.rows())
    with flood.shop.house.db.reading(ALL, "what was opened") as tx:
        opened = select(func.count()).select_from(ConversationRow).where(ConversationRow.order_id.is_not(None))
        assert tx.scalar(opened) == 0


def assert_logs_say_nothing(flood: Flood, said: str) -> None:
    assert "orders.example" not in said and "strangers.example" not in said
    assert not any(handle in said for handle in flood.held)
    codes = {flood.box.code(place) for place in range(len(flood.box.taken))}
    assert codes and not codes & set(re.findall(r"\d{6}", said))
    assert "takes no mail" in said, "what is looked through says something of these jobs"


def assert_people_are_served(shop: Shop, box: Mailbox, clock: FrozenClock) -> None:
    fresh = Page(shop, shop.store, "", "198.51.100.7")
    get_answered(shop, fresh)
    see_own_order(fresh, box, OWNERS - 1)
    flooded = Page(shop, shop.store, "", "198.18.3.4")
    refused = ask(flooded, "1001", owner(0))
    assert refused.status_code == 429 and refused.json["message"].startswith("Hoy se han consultado demasiadas")
    assert 23 * 3600 < int(refused.headers["Retry-After"]) <= 24 * 3600
    get_answered(shop, flooded)
    for place in (8, 9):
        get_answered(shop, Page(shop, shop.store, "", network(place)))
    clock.advance(timedelta(days=1))
    see_own_order(flooded, box, 0)


def get_answered(shop: Shop, page: Page) -> None:
    """Whoever asks for a person gets one, and reads their answer."""
    begun = page.say("hola")
    assert begun.status_code == 201, begun.text
    asked = page.post("/conversation/hand-over", {"client_id": str(uuid.uuid4())})
    assert (asked.status_code, asked.json["conversation"]["status"]) == (200, "open")
    talk = begun.json["conversation"]["id"]
    take(shop.care, shop.store.id, talk, ANA)
    reply(shop.care, shop.store.id, talk, ANA, "Hola, soy Ana.", str(uuid.uuid4()))
    assert page.lines()[-1] == ("agent", "Hola, soy Ana.")


def see_own_order(page: Page, box: Mailbox, n: int) -> None:
    """The code of one's own order comes, and opens it."""
    before = len(box.taken)
    asked = ask(page, str(1001 + n), owner(n))
    assert asked.status_code == 202
    box.work()
    assert [recipient for recipient, _ in box.taken[before:]] == [owner(n)]
    opened = check(page, asked.json["handle"], box.code())
    assert opened.status_code == 200 and opened.json["order"]["number"] == str(1001 + n)


def test_many_strangers_at_once_get_no_more_wishes_and_no_more_tries_than_one_after_the_other(
    database_url: str, clock: FrozenClock
) -> None:
    shop = Shop(database_url, clock, adapters=LEDGER)
    flood = Flood(shop, clock, seed=3)
    addresses = [owner(0), owner(1), stranger(0), stranger(1)]
    statuses: list[tuple[str, int]] = []
    handle = ask(Page(shop, shop.store, "", network(9000)), "1003", owner(2)).json["handle"]
    left: list[int] = []

    def storm(offset: int) -> None:
        for turn in range(24):
            email = addresses[turn % 4]
            page = Page(shop, shop.store, "", network(5000 + 100 * offset + turn))
            statuses.append((email, ask(page, f"{1001 + turn % 4}", email).status_code))
            if turn % 6 == 0:
                left.append(check(page, handle, f"{turn:06d}").json["left"])

    threads = [threading.Thread(target=storm, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert Counter(statuses) == Counter(
        {(email, status): times for email in addresses for status, times in ((202, 10), (429, 14))}
    )
    assert sorted(left, reverse=True) == [4, 3, 2, 1] + [0] * 12
    flood.box.work()
    kept = Counter(row.email_index for row in flood.rows())
    assert sorted(kept.values()) == [1, 10, 10, 10, 10]
    assert {recipient for recipient, _ in flood.box.taken} <= {owner(0), owner(1), owner(2)}
    with shop.house.db.reading(ALL, "the handle that was tried") as tx:
        assert tx.scalar(select(func.max(OrderCodeRow.failures))) == TRIES
    shop.close()
