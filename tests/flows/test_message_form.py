"""The message form: kept once, for people, with an address to answer at and a reference; the bot keeps silent."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from letter_room import WEEK, Letters, open_letters
from widget_shop import ANA, form_body

from plugin.care import (
    ConversationRow,
    Form,
    Sent,
    desk_channel,
    get_conversation,
    list_conversations,
    reply,
    resolve,
    send_form,
)
from plugin.care.desk import read_where
from plugin.care.routes import read_notes
from plugin.testing.factories import make_order
from plugin.web.widget_schemas import SentForm


@pytest.fixture
def shop(database_url: str) -> Iterator[Letters]:
    with open_letters(database_url) as shop:
        shop.change_store(hours=WEEK, time_zone="America/Bogota", locale="es_CO")
        yield shop


def talks(shop: Letters) -> list[ConversationRow]:
    with shop.house.db.reading(shop.store.id) as tx:
        return [one.row for one in list_conversations(tx, shop.store.id)]


def test_a_form_begins_a_talk_that_waits_for_a_person(shop: Letters) -> None:
    page = shop.page()
    with shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana") as desk:
        sent = shop.send_form(
            page, name="Alma", order_number="#1001", locale="es-CO", steps=["cart"], basket="125800 COP",
            page="https://shop.example/cart?token=secret",
        )  # fmt: skip
        heard = desk.wait(5)
    assert heard is not None and heard.name == "message"
    assert sent.status_code == 201 and SentForm().validate(sent.json) == {}
    told = sent.json
    assert told["answered_by"] == "2026-11-23T23:00:00Z" and page.token.startswith("vt_")
    said = told["words"].replace("\u202f", " ").replace("\xa0", " ")
    assert said == (
        f"Tu mensaje ha llegado. Su referencia es {told['reference']}. Una persona te responderá el lunes, 23 de "
        "noviembre, antes de las 6:00 p. m. (hora de Bogotá). La respuesta te llega también por correo."
    )
    assert [(one["author"], one["text"]) for one in told["messages"]] == [
        ("shopper", "¿Hacen envíos a Leticia?"), ("system", told["words"]),
    ]  # fmt: skip
    shown = told["conversation"]
    assert (shown["status"], shown["email"], shown["form"], shown["ask_email"]) == ("open", True, False, False)
    row = shop.row(shown["id"])
    assert (row.channel, row.owner, row.status, row.writer_name) == ("form", "nobody", "open", "Alma")
    assert (row.email, row.phase, row.reference) == ("alma@example.com", "purchase", told["reference"])
    assert row.waiting_since == row.handed_over_at == shop.clock.now() and row.failures == 0
    assert row.email_consent == form_body(shop.store)["consent"] and read_notes(row).order_number == "#1001"
    with shop.house.db.reading(shop.store.id) as tx:
        whole = get_conversation(tx, shop.store.id, shown["id"])
    assert whole is not None and read_where(whole.row).page == "https://shop.example/cart"
    assert page.lines() == [(one["author"], one["text"]) for one in told["messages"]], "the token opens it"


def test_the_bot_answers_no_form_however_easy_the_question_is(shop: Letters) -> None:
    page = shop.page()
    shop.send_form(page, text="¿Cuánto tarda el envío?")
    shop.work(timedelta(minutes=5))
    assert [author for author, _ in page.lines()] == ["shopper", "system"]


def test_sent_again_it_adds_nothing_with_a_token_or_without_however_late(shop: Letters) -> None:
    key = str(uuid.uuid4())
    page = shop.page()
    first = shop.send_form(page, client_id=key)
    lost = shop.send_form(client_id=key)
    assert (first.status_code, lost.status_code) == (201, 200)
    assert lost.json == first.json, "the answer was lost on the way: the same token opens the same talk"
    again = shop.send_form(page, client_id=key)
    assert again.status_code == 200 and again.json | {"token": first.json["token"]} == first.json
    shop.clock.advance(timedelta(hours=5))
    late = shop.send_form(client_id=key)
    assert late.status_code == 200 and late.json["token"] is None, "the form of a page that is loaded again"
    assert late.json["reference"] == first.json["reference"] and len(talks(shop)) == 1
    assert shop.row(first.json["conversation"]["id"]).last_position == 2
    assert len(shop.jobs("care.acknowledge")) == 1


def test_twenty_at_the_same_moment_are_one(shop: Letters) -> None:
    body, sent, start = form_body(shop.store), list[Sent](), threading.Barrier(20)
    form = Form(body["text"], body["email"], body["client_id"], body["consent"], "es_CO")

    def send() -> None:
        start.wait()
        sent.append(send_form(shop.care, shop.store, None, form))

    threads = [threading.Thread(target=send) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one.new for one in sent) == [False] * 19 + [True]
    assert len({one.reference for one in sent}) == len({one.token for one in sent}) == 1
    assert len(talks(shop)) == 1 and talks(shop)[0].last_position == 2
    assert len(shop.jobs("care.acknowledge")) == 1


def test_in_a_talk_that_is_there_it_goes_on_and_people_take_it_over_from_the_bot(shop: Letters) -> None:
    page = shop.page()
    begun = page.say("¿Cuánto tarda el envío?").json
    sent = shop.send_form(page, text="No me sirvió.")
    assert sent.json["token"] is None and sent.json["conversation"]["id"] == begun["conversation"]["id"]
    assert [author for author, _ in page.lines()] == ["shopper", "bot", "shopper", "system"]
    row = shop.row(begun["conversation"]["id"])
    assert (row.channel, row.status, row.owner) == ("widget", "open", "nobody")
    assert read_notes(row).why == "wished"
    more = shop.send_form(page, text="Y otra cosa.", email="otra@example.com")
    assert more.json["reference"] == sent.json["reference"]
    assert shop.row(begun["conversation"]["id"]).email == "otra@example.com"


def test_the_agent_who_holds_the_talk_keeps_it_and_a_resolved_one_opens_again(shop: Letters) -> None:
    page = shop.page()
    talk = page.say("quiero hablar con una persona").json["conversation"]["id"]
    reply(shop.care, shop.store.id, talk, ANA, "Hola, soy Ana.", str(uuid.uuid4()))
    shop.clock.advance(60)
    shop.send_form(page, text="¿Sigues ahí?")
    row = shop.row(talk)
    assert (row.owner, row.agent_name, row.waiting_since) == ("agent", "Ana", shop.clock.now())
    resolve(shop.care, shop.store.id, talk, ANA)
    shop.clock.advance(60)
    shop.send_form(page, text="Una más.")
    row = shop.row(talk)
    assert (row.owner, row.status, row.agent_id, row.resolved_at) == ("nobody", "open", None, None)
    assert row.handed_over_at == row.waiting_since == shop.clock.now()


def test_an_agent_who_lets_a_form_wait_loses_the_talk_as_with_any_message(shop: Letters) -> None:
    page = shop.page()
    talk = page.say("quiero hablar con una persona").json["conversation"]["id"]
    reply(shop.care, shop.store.id, talk, ANA, "Hola, soy Ana.", str(uuid.uuid4()))
    assert shop.jobs("care.take_back") == []
    shop.send_form(page, text="¿Sigues ahí?", client_id=(key := str(uuid.uuid4())))
    shop.send_form(page, text="¿Sigues ahí?", client_id=key)
    shop.send_form(page, text="¿Y ahora?")
    assert shop.jobs("care.take_back") == ["care.take_back"], "one for one waiting"
    shop.work(timedelta(minutes=4, seconds=59))
    assert shop.row(talk).owner == "agent"
    shop.work(1)
    row = shop.row(talk)
    assert (row.owner, row.status, row.agent_id) == ("nobody", "open", None) and read_notes(row).taken_back
    assert page.lines()[-1][1].startswith("Ana no puede atenderte ahora mismo")


def test_what_is_wrong_is_said_with_its_field_and_nothing_is_kept(shop: Letters) -> None:
    before = shop.dump()
    for field, values in [
        ("email", ["", "alma", "a@b", "a@x.example, b@x.example", "a@x.example\nBcc: b@x.example", "x" * 900 + "@x.c"]),
        ("text", ["", "   ", "x" * 4001, "\u0000"]),
        ("consent", ["Sí, todo.", form_body(shop.store)["consent"] + " "]),
        ("name", ["x" * 81]),
        ("order_number", ["x" * 61]),
        ("website", ["x" * 1001]),
        ("client_id", ["x", "x" * 36, str(uuid.uuid4()) + "0"]),
    ]:
        for value in values:
            answer = shop.send_form(**({"text": "hola"} | {field: value}))
            assert answer.status_code == 422 and answer.json["message"], (field, value)
            assert list(answer.json["errors"]["json"]) == [field], (field, value, answer.json)
    assert shop.send_form(status="bot").status_code == 422, "fields that nobody knows are refused"
    assert shop.dump() == before


def test_cards_are_masked_wherever_they_are_typed(shop: Letters) -> None:
    card = "4111 1111 1111 1111"
    sent = shop.send_form(text=f"Mi tarjeta es {card}", name=f"Alma {card}", order_number=card)
    row = shop.row(sent.json["conversation"]["id"])
    assert sent.json["messages"][0]["text"] == "Mi tarjeta es •••• 1111"
    assert row.writer_name == "Alma •••• 1111" and read_notes(row).order_number == "•••• 1111"
    assert "4111" not in str(shop.dump()).replace(" ", "")


def test_a_machine_that_fills_the_hidden_field_is_told_the_same_and_nothing_is_kept(shop: Letters) -> None:
    before = shop.dump()
    key = str(uuid.uuid4())
    told = [shop.page().post("/stores/{store}/form", form_body(shop.store, client_id=key, website="x.example"))
            for _ in range(2)]  # fmt: skip
    assert [one.status_code for one in told] == [201, 201] and shop.dump() == before
    real = shop.send_form()
    sham = told[0].json
    assert SentForm().validate(sham) == {} and set(sham) == set(real.json)
    assert sham["words"] == real.json["words"].replace(real.json["reference"], sham["reference"])
    assert told[1].json["reference"] == sham["reference"] and sham["token"].startswith("vt_")
    assert [one["author"] for one in sham["messages"]] == ["shopper", "system"]


def test_five_an_hour_of_one_neighbourhood_and_not_one_of_another(shop: Letters) -> None:
    codes = [shop.send_form(email=f"a{number}@example.com").status_code for number in range(6)]
    assert codes == [201] * 5 + [429]
    refused = shop.send_form(email="b@example.com")
    assert refused.status_code == 429 and int(refused.headers["Retry-After"]) > 0
    assert refused.json["message"].startswith("Hoy se enviaron demasiados mensajes")
    elsewhere = shop.page()
    elsewhere.address = "198.51.100.9"
    assert shop.send_form(elsewhere, email="b@example.com").status_code == 201
    other = shop.connect("other.example")
    assert shop.send_form(store=other, email="b@example.com").status_code == 201


def test_three_a_day_name_one_address_in_all_stores_and_what_is_sent_again_is_none(shop: Letters) -> None:
    stores, key = [shop.store, shop.connect("other.example")], str(uuid.uuid4())

    def send(number: int, **values: Any) -> int:
        page = shop.page(stores[number % 2])
        page.address = f"198.51.{number}.9"
        email = " Alma@Example.com " if number % 3 else "alma@example.com"
        return int(shop.send_form(page, email=email, **values).status_code)

    assert send(0, client_id=key) == 201
    assert [send(2 * number, client_id=key) for number in range(1, 9)] == [200] * 8
    assert [send(number) for number in range(20, 26)] == [201, 201, 429, 429, 429, 429]


def test_a_shopper_whom_the_platform_knows_is_not_refused(shop: Letters) -> None:
    shop.add_order(make_order())
    for number in range(6):
        shop.send_form(email=f"a{number}@example.com")
    assert shop.send_form(email="alma@example.com").status_code == 429
    known = shop.send_form(email="alma@example.com", proof=shop.prove(order="1001"))
    assert known.status_code == 201
    row = shop.row(known.json["conversation"]["id"])
    assert row.order_id is not None and row.order_proof == "order" and row.phase == "purchase"
    page = shop.page()
    page.say("hola", proof=shop.prove(order="1001"))
    assert [shop.send_form(page, email="alma@example.com").status_code for _ in range(8)] == [201] * 8
    assert shop.send_form(email="alma@example.com", proof="forged").status_code == 429


def test_a_form_with_a_proof_joins_the_talk_of_the_same_customer(shop: Letters) -> None:
    page = shop.page()
    talk = page.say("hola", proof=shop.prove(customer="c-1")).json["conversation"]["id"]
    sent = shop.send_form(proof=shop.prove(customer="c-1"))
    assert sent.json["conversation"]["id"] == talk and shop.row(talk).channel == "widget"


def test_a_token_that_opens_nothing_is_refused_and_another_store_s_too(shop: Letters) -> None:
    page = shop.page()
    page.token = "vt_" + "A" * 22
    assert shop.send_form(page).status_code == 401
    theirs = shop.page(shop.connect("other.example"))
    theirs.say("hola")
    page.token = theirs.token
    assert shop.send_form(page).status_code == 401
