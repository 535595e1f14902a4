"""What one hostile or restless shopper can do with ratings, verdicts and counts: little."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select
from widget_shop import ANA, Page, Shop

from plugin.care import MessageRow, calibrate_store, correct, reply, resolve
from plugin.database import ALL
from plugin.help import read_counts
from plugin.stores import get_store
from plugin.work import claim, put

ASK = "¿Cuánto tarda el envío?"


def rate(page: Page, score: int) -> Any:
    return page.post("/conversation/rating", {"score": score, "comment": None}).json


def verdict(page: Page, position: int, helped: bool) -> Any:
    return page.post("/conversation/verdict", {"position": position, "helped": helped}).json


def calibrate(shop: Shop) -> dict[str, Any]:
    now = shop.house.doors.clock.now()
    with shop.house.db.transaction(shop.store.id) as tx:
        put(tx, "care.calibrate", {}, due_at=now, store=shop.store.id, key=f"calibrate:{shop.store.id}")
    with shop.house.db.transaction(ALL, "due jobs") as tx:
        (job,) = [job for job in claim(tx, now, 50) if job.kind == "care.calibrate"]
    calibrate_store(shop.house.db, shop.house.doors.clock, job)
    with shop.house.db.reading(shop.store.id) as tx:
        return dict(get_store(tx, shop.store.id).calibration)


def add_answers(shop: Shop, page: Page, times: int, confidence: float, said: str) -> None:
    """As many answers of the bot more in the page's talk, each with a verdict, as `times` requests would leave them."""
    with shop.house.db.transaction(shop.store.id) as tx:
        mine = (MessageRow.store_id == shop.store.id, MessageRow.author == "bot")
        known = tx.scalars(select(MessageRow).where(*mine)).first()
        assert known is not None
        for number in range(times):
            tx.add(MessageRow(
                store_id=shop.store.id, conversation_id=known.conversation_id, position=1000 + number, author="bot",
                text="…", created_at=shop.house.doors.clock.now(), confidence=confidence, verdict=said,
            ))  # fmt: skip


@pytest.mark.parametrize("said", ["right", "wrong"])
def test_a_thousand_verdicts_of_one_talk_hardly_move_how_sure_the_bot_must_be(shop: Shop, said: str) -> None:
    for _ in range(5):
        shop.page().say(ASK)
    before = calibrate(shop)
    add_answers(shop, shop.page(), 1000, 0.6, said)
    after = calibrate(shop)
    assert abs(after["shift"] - before["shift"]) < 0.3
    assert abs(after["threshold"] - before["threshold"]) < 0.1


def test_a_shopper_who_turns_a_rating_to_and_fro_calls_the_desk_once(shop: Shop) -> None:
    page = shop.page()
    page.say(ASK)
    assert len(rate(page, 1)["messages"]) == 1
    for score in (5, 1, 5, 2, 4, 1):
        assert rate(page, score)["messages"] == [], score
    assert [one["author"] for one in page.read()["messages"]] == ["shopper", "bot", "system"]


def test_a_talk_that_was_resolved_without_an_answer_is_reopened_by_a_new_bad_rating(shop: Shop) -> None:
    page = shop.page()
    public_id = page.say(ASK).json["conversation"]["id"]
    rate(page, 1)
    resolve(shop.care, shop.store.id, public_id, ANA)
    rate(page, 5)
    assert len(rate(page, 1)["messages"]) == 1
    reply(shop.care, shop.store.id, public_id, ANA, "Ya está.", str(uuid.uuid4()))
    assert len(rate(page, 2)["messages"]) == 1, "a newer answer, rated anew"


def test_a_verdict_turned_to_and_fro_is_counted_once(shop: Shop) -> None:
    page = shop.page()
    page.say(ASK)
    for helped in (True, False, True, False, True):
        verdict(page, 2, helped)
    with shop.house.db.reading(shop.store.id) as tx:
        counted = {one.kind: one.count for one in read_counts(tx, shop.store.id, date(2026, 1, 1))}
    assert counted.get("helped", 0) + counted.get("not_helped", 0) == 1


def test_a_shopper_does_not_unsay_what_an_agent_said_of_an_answer(shop: Shop) -> None:
    page = shop.page()
    public_id = page.say(ASK).json["conversation"]["id"]
    correct(shop.care, shop.store.id, public_id, 2, None, ANA)
    verdict(page, 2, True)
    assert page.read()["messages"][1]["verdict"] == "wrong"


def test_the_shoppers_of_one_mobile_network_are_counted_store_by_store(shop: Shop) -> None:
    other, address = shop.connect("other.example"), "203.0.113.9"
    for number in range(60):
        body = {"number": "1", "email": f"a{number}@x.example", "handle": None, "locale": "es"}
        page = Page(shop, other, "", address)
        assert page.post("/stores/{store}/order/code", body).status_code == 202, number
    body = {"number": "1", "email": "b@x.example", "handle": None, "locale": "es"}
    assert Page(shop, other, "", address).post("/stores/{store}/order/code", body).status_code == 429
    assert Page(shop, shop.store, "", address).post("/stores/{store}/order/code", body).status_code == 202
