"""What a shopper sees before they type: greeting, hours, how long an answer takes, what becomes of their data."""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from widget_shop import ANA, Page, Shop

from plugin import help
from plugin.agents import add_membership, create_agent, note_came, remove_membership, welcome
from plugin.care import Agent, calibrate_all, reply
from plugin.contract import OrderLine
from plugin.database import ALL
from plugin.help import threshold_of
from plugin.stores import get_store
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_money, make_order
from plugin.work import claim

MOMENT = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock(MOMENT)


def boot(page: Page, query: str = "locale=es&steps=home") -> Any:
    answer = page.get(f"/stores/{{store}}/boot?{query}")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_the_greeting_and_the_links_follow_page_and_basket(shop: Shop) -> None:
    page = shop.page()
    shown = {
        query: boot(page, query) for query in ("steps=home", "steps=home&basket=1", "steps=home&basket=0")
    }
    assert [one["phase"] for one in shown.values()] == ["pre_purchase", "purchase", "pre_purchase"]
    assert len({one["greeting"] for one in shown.values()}) == 2
    assert boot(page, "steps=payment")["phase"] == "purchase"
    assert boot(page, "steps=home&locale=pt")["greeting"].startswith(
        "Olá! Sou o assistente automático da Tienda"
    )


def test_hours_are_told_in_utc_or_not_at_all(shop: Shop, clock: FrozenClock) -> None:
    page = shop.page()
    assert boot(page)["hours"] is None and boot(page)["time_zone"] == "UTC"
    week = {"mon": [["09:00", "18:00"]], "wed": [["09:00", "14:00"]]}
    shop.change_store(hours={"week": week, "days": {}}, time_zone="America/Bogota")
    closed = boot(page)["hours"]
    assert boot(page)["time_zone"] == "America/Bogota"
    assert (closed["open"], closed["opens_at"], closed["closes_at"]) == (False, "2026-11-23T14:00:00Z", None)
    assert closed["intervals"][:2] == [
        ["2026-11-23T14:00:00Z", "2026-11-23T23:00:00Z"], ["2026-11-25T14:00:00Z", "2026-11-25T19:00:00Z"],
    ]  # fmt: skip
    clock.advance(timedelta(hours=3))
    opened = boot(page)["hours"]
    assert (opened["open"], opened["opens_at"], opened["closes_at"]) == (True, None, "2026-11-23T23:00:00Z")


def test_there_is_always_a_privacy_page_the_store_s_own_before_its_platform_s_before_ours(shop: Shop) -> None:
    ours = boot(shop.page(), "locale=pt")["privacy_url"]
    assert ours.endswith(f"/help/{shop.store.public_id}/pt/data")
    shop.change_store(facts={"privacy_url": "https://shop.example/policy"})
    assert boot(shop.page())["privacy_url"] == "https://shop.example/policy"
    shop.change_store(privacy_url="https://shop.example/privacidad")
    assert boot(shop.page())["privacy_url"] == "https://shop.example/privacidad"
    for told in ("javascript:alert(1)", "//shop.example/x", 7, None):
        shop.change_store(privacy_url="", facts={"privacy_url": told})
        assert boot(shop.page(), "locale=pt")["privacy_url"] == ours


def test_names_are_told_while_nobody_is_there_of_those_who_really_answer(shop: Shop, clock: FrozenClock) -> None:
    assert boot(shop.page())["people"] == ""
    with shop.house.db.transaction(ALL, "a team") as tx:
        team = {}
        for name, role in (("Luis", "agent"), ("Eva", "owner"), ("Vera", "viewer"), ("info", "agent")):
            team[name] = create_agent(tx, f"{name.lower()}@shop.example", name, "es").id
            add_membership(tx, shop.store.id, team[name], role)
    assert boot(shop.page(), "locale=en")["people"] == "The people who answer here: Eva and Luis."
    assert not boot(shop.page())["available"] and boot(shop.page())["agents"] == []
    talk = shop.page().say("quiero hablar con una persona").json["conversation"]["id"]
    reply(shop.care, shop.store.id, talk, Agent(team["Eva"], "Eva"), "Hola", str(uuid.uuid4()))
    assert boot(shop.page(), "locale=en")["people"] == "The person who answers here: Eva."
    clock.advance(timedelta(days=31))
    assert boot(shop.page(), "locale=en")["people"] == "The people who answer here: Eva and Luis."
    with shop.house.db.transaction(ALL, "who leaves the team") as tx:
        remove_membership(tx, shop.store.id, team["Luis"])
    assert "Luis" not in boot(shop.page(), "locale=en")["people"]


def test_who_was_only_named_by_a_shop_that_anybody_may_connect_is_not_named_to_its_shoppers(shop: Shop) -> None:
    def call_in(anybody: bool, name: str) -> int:
        with shop.house.db.transaction(ALL, "a shop's word about its staff") as tx:
            email = f"{name.lower()}@shop.example"
            return welcome(tx, shop.store.id, email, name, "es", MOMENT, anybody=anybody).id

    eva = call_in(True, "Eva")
    assert boot(shop.page(), "locale=en")["people"] == "", "she is somebody of another shop, for all we know"
    call_in(False, "Luis")
    assert boot(shop.page(), "locale=en")["people"] == "The person who answers here: Luis."
    with shop.house.db.transaction(ALL, "she comes to its desk by herself") as tx:
        note_came(tx, shop.store.id, eva)
    assert boot(shop.page(), "locale=en")["people"] == "The people who answer here: Eva and Luis."


def test_the_time_until_a_person_answers_is_measured_and_five_answers_make_a_figure(
    shop: Shop, clock: FrozenClock
) -> None:
    def answered(page: Page, seconds: float) -> None:
        conversation = page.say("quiero hablar con una persona").json["conversation"]["id"]
        clock.advance(seconds)
        reply(shop.care, page.store.id, conversation, ANA, "Hola", str(uuid.uuid4()))
        clock.advance(3600)
        reply(shop.care, page.store.id, conversation, ANA, "¿Sigues ahí?", str(uuid.uuid4()))

    other = shop.connect("other.example")
    for seconds in (30, 60, 7000, 240):
        answered(shop.page(), seconds)
    answered(shop.page(other), 5)
    shop.page().say("quiero hablar con una persona")
    assert boot(shop.page())["answer_seconds"] is None, "four are no figure; who waits still is none"
    answered(shop.page(), 300)
    assert boot(shop.page())["answer_seconds"] == 240
    clock.advance(timedelta(days=31))
    assert boot(shop.page())["answer_seconds"] is None


def test_an_order_s_answers_bring_what_helps_now(shop: Shop) -> None:
    shop.add_order(make_order())
    page = shop.page()
    shown = page.post("/stores/{store}/order", {"proof": shop.prove(order="1001"), "locale": "en"}).json
    assert shown["phase"] == "purchase" and shown["greeting"].startswith(
        "Hello! I am the automatic assistant"
    )
    assert shown["links"] and set(shown["links"][0]) == {"article_id", "title", "section"}
    assert page.post("/conversation/order", {}, token="").status_code == 401
    page.say("hola")
    assert page.post("/conversation/order", {}).status_code == 404
    page.say("hola", proof=shop.prove(order="1001"))
    assert page.post("/conversation/order", {"locale": "en"}).json == shown


def test_the_article_about_what_was_bought_stands_beside_that_order_and_beside_no_other(shop: Shop) -> None:
    """As the merchant writes it at the desk: about one product, without naming a page."""
    care_of = help.Written("¿Cómo cuido la taza Sol?", "products", "A mano, sin lejía.", products=("Taza Sol",))
    with shop.house.db.transaction(shop.store.id) as tx:
        writer = help.Writer(1, shop.house.doors.clock.now())
        help.show(tx, shop.store.id, "taza-sol", "es", care_of, 0, writer)
    bought = {"1001": "Taza Sol, esmalte azul", "1002": "Plato Luna"}
    for number, name in bought.items():
        line = OrderLine(external_id="1", name=name, quantity=1, total=make_money("25.00"))
        shop.add_order(make_order(external_id=number, number=f"#{number}", lines=(line,)))

    def offered(number: str) -> list[str]:
        wish = {"proof": shop.prove(order=number), "locale": "es"}
        shown = shop.page().post("/stores/{store}/order", wish).json
        return [one["article_id"] for one in shown["links"]]

    assert offered("1001")[0] == "taza-sol" and "taza-sol" not in offered("1002")
    page = shop.page()
    page.say("hola", proof=shop.prove(order="1001"))
    own = page.post("/conversation/order", {"locale": "es"}).json
    assert own["links"][0]["article_id"] == "taza-sol", "also where the order stands in the talk"
    article = page.get("/stores/{store}/articles/taza-sol?locale=es")
    assert article.status_code == 200 and "A mano" in str(article.json["body"])


def test_the_nightly_look_chooses_how_sure_the_bot_must_be(shop: Shop, clock: FrozenClock) -> None:
    def calibrate() -> dict[str, Any]:
        calibrate_all(shop.house.db, clock)
        with shop.house.db.transaction(ALL, "due jobs") as tx:
            jobs = [job for job in claim(tx, clock.now(), 50) if job.kind == "care.calibrate"]
        assert [job.store for job in jobs] == [shop.store.id]
        for job in jobs:
            shop.house.engine.run(job)
        with shop.house.db.reading(shop.store.id) as tx:
            return dict(get_store(tx, shop.store.id).calibration)

    assert calibrate() == {}, "nothing was answered yet"
    page = shop.page()
    for _ in range(20):
        page.say("¿Cuánto tarda el envío?")
    chosen = calibrate()
    for message in page.read()["messages"]:
        if message["author"] == "bot":
            page.post("/conversation/verdict", {"position": message["position"], "helped": False})
    stricter = calibrate()
    with shop.house.db.reading(shop.store.id) as tx:
        row = get_store(tx, shop.store.id)
    assert stricter["threshold"] > chosen["threshold"] and threshold_of(row) == stricter["threshold"]
    assert stricter["shift"] < chosen["shift"]


def test_calibrating_is_promised_every_night(shop: Shop) -> None:
    assert {"care.calibrate_all", "care.calibrate", "care.code"} <= set(shop.house.kinds)


def test_the_ways_of_contact_are_told_in_the_reader_s_words(shop: Shop) -> None:
    page = shop.page()
    nothing = boot(page)["contact"]
    hub = nothing["form_url"].rpartition("/")[0]
    assert nothing == {
        "email": "", "phones": [], "whatsapp": None, "social": [], "form_url": f"{hub}/contact",
        "requests_url": f"{hub}/requests",
    }  # fmt: skip
    assert re.search(r"/help/st_[^/]+/es$", hub)
    week = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    told = {
        "email": "hola@a.example", "whatsapp": {"": "+573001112233", "pt": "+5511999998888"},
        "phones": [{"number": "+34911223344", "charged": False, "hours": True},
                   {"number": "+573001112233", "charged": True, "hours": False}],
        "social": {"x": "https://x.com/casa"},
    }  # fmt: skip
    shop.change_store(contact=told, hours={"week": week, "days": {}}, time_zone="America/Bogota")
    shown = boot(page)["contact"]
    assert shown["email"] == "hola@a.example"
    assert shown["phones"] == [
        {"number": "+34911223344", "shown": "+34 911 22 33 44", "url": "tel:+34911223344", "charged": False,
         "hours": "lun–vie 9:00–18:00 (hora de Bogotá)",
         "note": "Llamada gratuita · lun–vie 9:00–18:00 (hora de Bogotá)"},
        {"number": "+573001112233", "shown": "+57 300 111 2233", "url": "tel:+573001112233", "charged": True,
         "hours": "", "note": "Llamada de pago"},
    ]  # fmt: skip
    assert shown["whatsapp"] == {"shown": "+57 300 111 2233", "url": "https://wa.me/573001112233"}
    assert shown["social"] == [{"name": "X", "url": "https://x.com/casa"}]
    brazilian = boot(page, "locale=pt-BR&steps=home")["contact"]
    assert brazilian["whatsapp"]["url"] == "https://wa.me/5511999998888"
    assert brazilian["phones"][0]["hours"] == "seg–sex 09:00–18:00 (horário de Bogotá)"
