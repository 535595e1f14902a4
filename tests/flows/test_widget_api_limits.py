"""How much one visitor may do, and that a person is never refused."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from limits import RateLimitItemPerMinute
from widget_shop import ROOT, Page, Shop, message

from plugin.app import build_house
from plugin.testing.clock import FrozenClock
from plugin.web import widget_api


@pytest.fixture
def shop(sqlite_url: str, clock: FrozenClock) -> Iterator[Shop]:
    shop = Shop(sqlite_url, clock)
    yield shop
    shop.close()


def test_thirty_messages_a_minute_then_429_with_a_time_but_a_person_is_never_refused(panel: Page) -> None:
    answers = [panel.say("¿Cuánto tarda el envío?").status_code for _ in range(31)]
    assert answers == [201] * 31, "the first one was counted before there was a visitor"
    refused = panel.say("otro más")
    assert refused.status_code == 429 and 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json == {"code": 429, "status": "Too Many Requests", "message": refused.json["message"]}
    assert refused.json["message"].startswith("Han sido muchas cosas")
    asked = panel.say("quiero hablar con una persona")
    assert (asked.status_code, asked.json["conversation"]["status"]) == (201, "open")
    assert panel.say("quiero hablar con una persona").status_code == 429, "somebody is on the way"
    assert panel.post("/conversation/hand-over", {"client_id": str(uuid.uuid4())}).status_code == 200
    assert panel.get("/conversation").status_code == 200


@pytest.fixture
def slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if what a test says in a second were said over an hour: the limit of a minute is out of the way."""
    monkeypatch.setattr(widget_api, "MESSAGES", RateLimitItemPerMinute(1000))


@pytest.mark.usefixtures("slowly")
def test_thirty_new_conversations_an_hour_from_one_neighbourhood_and_more_for_a_person(shop: Shop) -> None:
    def arrive(address: str, words: str = "hola", client_id: str = "") -> int:
        return Page(shop, shop.store, "", address).say(words, client_id).status_code

    known = str(uuid.uuid4())
    assert arrive("203.0.113.1", client_id=known) == 201
    assert [arrive(f"203.0.113.{n}") for n in range(2, 33)] == [201] * 29 + [429] * 2
    assert arrive("203.0.113.9", client_id=known) == 200, "sent again is not new"
    assert arrive("203.0.113.9", "quiero hablar con una persona") == 201
    assert arrive("203.0.114.1") == 201
    home = [arrive(f"2001:db8:0:1{n:02x}::1") for n in range(31)]
    assert home == [201] * 30 + [429], "one household has 256 networks"
    other = shop.connect("other.example")
    assert Page(shop, other, "", "203.0.113.7").say("hola").status_code == 201


@pytest.mark.usefixtures("slowly")
def test_a_flood_of_new_conversations_that_ask_for_a_person_ends_at_sixty_an_hour(shop: Shop) -> None:
    def ask(address: str, client_id: str = "") -> Any:
        return Page(shop, shop.store, "", address).say("quiero hablar con una persona", client_id)

    known, there = str(uuid.uuid4()), shop.page()
    assert there.say("hola").status_code == 201
    assert ask("203.0.113.1", known).status_code == 201
    assert [ask(f"203.0.113.{n}").status_code for n in range(2, 63)] == [201] * 59 + [429] * 2
    refused = ask("203.0.113.9")
    assert 3500 <= int(refused.headers["Retry-After"]) <= 3600
    assert ask("203.0.113.9", known).status_code == 200, "sent again is not new"
    assert ask("203.0.114.1").status_code == 201
    asked = there.say("quiero hablar con una persona")
    assert (asked.status_code, asked.json["conversation"]["status"]) == (201, "open"), (
        "whoever is there may ask"
    )


def test_sixty_orders_an_hour_may_be_looked_up(panel: Page) -> None:
    codes = [panel.post("/stores/{store}/order", {"proof": "x"}).status_code for _ in range(61)]
    assert codes == [404] * 60 + [429]


def test_limits_are_shared_by_processes_through_redis(sqlite_url: str, redis_server: Any) -> None:
    url = redis_server.url(3)
    shops = [Shop(sqlite_url, redis_url=url)]
    store = shops[0].store
    settings = shops[0].house.doors.settings
    second = build_house(settings)
    page = Page(shops[0], store, "", "198.18.7.1")
    page.say("hola")
    clients = [shops[0].app.test_client(), second.web().test_client()]
    codes = []
    for n in range(33):
        answer = clients[n % 2].post(
            f"{ROOT}/stores/{store.public_id}/messages",
            json=message(f"m {n}"),
            headers={"Authorization": f"Bearer {page.token}"},
            environ_base={"REMOTE_ADDR": "198.18.7.1"},
        )
        codes.append(answer.status_code)
    second.stop()
    shops[0].close()
    assert codes == [201] * 30 + [429] * 3


def test_a_redis_that_is_away_turns_nobody_away(sqlite_url: str) -> None:
    shop = Shop(sqlite_url, redis_url="redis://127.0.0.1:1/0")
    assert shop.page().say("hola").status_code == 201
    shop.close()
