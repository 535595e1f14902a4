"""A shopper writes: kept once, answered once, by one side at a time."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from widget_shop import ANA, BEA, Page, Shop, message

from plugin.care import give_back_to_bot, reply, resolve, take
from plugin.care.desk import read_where
from plugin.care.models import ConversationRow
from plugin.database import ALL
from plugin.testing.clock import FrozenClock
from plugin.work import claim


def test_a_first_message_mints_a_token_and_the_bot_answers_with_its_source(panel: Page) -> None:
    answer = panel.say("¿Cuánto tarda en llegar un pedido?")
    assert answer.status_code == 201
    said = answer.json
    assert said["token"].startswith("vt_") and len(said["token"]) == 25
    assert said["conversation"]["status"] == "bot" and said["conversation"]["agent"] is None
    shopper, bot = said["messages"]
    assert (shopper["position"], shopper["author"], shopper["body"]) == (1, "shopper", None)
    assert (bot["position"], bot["author"], bot["client_id"]) == (2, "bot", None)
    assert bot["source"] == {"article_id": "delivery-times", "title": bot["source"]["title"]}
    assert "2 a 4 días" in bot["text"] and bot["body"][0]["tag"] == "p"


def test_the_same_client_id_again_gives_the_same_message_and_answer_and_adds_nothing(panel: Page) -> None:
    client_id = str(uuid.uuid4())
    first = panel.say("¿Cuánto tarda el envío?", client_id)
    again = panel.say("words that were never sent", client_id)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json["messages"] == first.json["messages"]
    assert again.json["token"] is None
    assert len(panel.lines()) == 2


@pytest.mark.parametrize("basket", ["125800 COP", "12.50 EUR", "<b>12</b> EUR", "9" * 40 + " EUR", "", None])
def test_a_basket_is_context_and_only_an_amount_is_kept(panel: Page, shop: Shop, basket: str | None) -> None:
    assert panel.say("hola", basket=basket).status_code == 201
    with shop.house.db.transaction(ALL, "what was kept") as tx:
        kept = tx.scalars(select(ConversationRow).where(ConversationRow.store_id > 0)).one()
        told = json.loads(kept.context)["basket"]
    assert told == (basket if basket in ("125800 COP", "12.50 EUR") else None)


def test_a_first_message_whose_answer_was_lost_finds_its_visitor_again(shop: Shop) -> None:
    client_id = str(uuid.uuid4())
    lost = shop.page().say("¿Cuánto tarda el envío?", client_id)
    again = shop.page()
    answer = again.say("¿Cuánto tarda el envío?", client_id)
    assert answer.status_code == 200
    assert answer.json["conversation"]["id"] == lost.json["conversation"]["id"]
    assert answer.json["messages"] == lost.json["messages"]
    assert answer.json["token"] == lost.json["token"], "whichever request ends last, one token opens the talk"
    assert again.get("/conversation").status_code == 200


def test_a_client_id_of_long_ago_or_of_a_used_token_opens_nobody_s_conversation(
    shop: Shop, clock: FrozenClock
) -> None:
    late, used = str(uuid.uuid4()), str(uuid.uuid4())
    first = shop.page().say("¿Cuánto tarda el envío?", late).json
    clock.advance(timedelta(minutes=11))
    assert shop.page().say("hola", late).json["conversation"]["id"] != first["conversation"]["id"]

    owner = shop.page()
    mine = owner.say("¿Cuánto tarda el envío?", used).json
    clock.advance(1)
    owner.say("gracias")
    stranger = shop.page().say("hola", used)
    assert stranger.status_code == 401 and "token" not in stranger.json
    assert len(owner.lines()) == 4 and owner.read()["conversation"]["id"] == mine["conversation"]["id"]
    clock.advance(timedelta(minutes=11))
    assert shop.page().say("hola", used).json["conversation"]["id"] != mine["conversation"]["id"]


def test_the_same_first_message_sent_five_times_at_once_is_one_conversation(shop: Shop) -> None:
    """Twelve rounds: two who lock visitor and conversation in different order meet in every third."""
    for turn in range(12):
        client_id, answers, start = str(uuid.uuid4()), [], threading.Barrier(5)

        def send(turn=turn, client_id=client_id, answers=answers, start=start) -> None:
            page = Page(shop, shop.store, "", f"10.{turn}.0.1")
            start.wait(20)
            answers.append(page.say("¿Cuánto tarda el envío?", client_id))

        run_all([send] * 5)
        assert sorted(one.status_code for one in answers) == [200] * 4 + [201]
        assert len({one.json["conversation"]["id"] for one in answers}) == 1
    with shop.house.db.reading(ALL, "count") as tx:
        assert tx.scalar(text("SELECT count(*) FROM messages WHERE author = 'shopper'")) == 12
        assert tx.scalar(text("SELECT count(*) FROM messages WHERE author = 'bot'")) == 12
        assert tx.scalar(text("SELECT count(*) FROM visitors")) == 12


def test_two_tabs_of_one_visitor_get_one_order_of_messages_without_gaps(shop: Shop) -> None:
    first = shop.page()
    first.say("hola")
    tabs = [Page(shop, shop.store, first.token, f"198.51.{n}.1") for n in range(4)]
    sent: list[str] = []

    def chat(tab: Page) -> None:
        for _ in range(5):
            client_id = str(uuid.uuid4())
            body = message("¿Cuánto tarda el envío?", client_id)
            for _again in range(2):  # the line is bad, each is sent twice
                assert tab.post("/stores/{store}/messages", body).status_code in (200, 201)
            sent.append(client_id)

    run_all([lambda tab=tab: chat(tab) for tab in tabs])
    messages = first.read()["messages"]
    assert [one["position"] for one in messages] == list(range(1, len(messages) + 1))
    arrived = [one["client_id"] for one in messages if one["author"] == "shopper"][1:]
    assert sorted(arrived) == sorted(sent)
    assert sum(one["author"] == "bot" for one in messages) == 21


def run_all(jobs: list) -> None:
    failures: list[BaseException] = []

    def guarded(job) -> None:
        try:
            job()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures, failures[0]


@pytest.mark.parametrize(
    ("locale", "question", "word"),
    [
        ("es", "Quiero hablar con una persona, por favor.", "equipo"),
        ("en", "I want to talk to a person, please.", "team"),
        ("pt-BR", "Quero falar com uma pessoa, por favor.", "equipe"),
    ],
)
def test_whoever_asks_for_a_person_in_words_is_handed_over(
    shop: Shop, locale: str, question: str, word: str
) -> None:
    page = shop.page()
    answer = page.say(question, locale=locale).json
    assert answer["conversation"]["status"] == "open" and answer["conversation"]["agent"] is None
    assert [one["author"] for one in answer["messages"]] == ["shopper", "system"]
    assert word in answer["messages"][1]["text"]
    assert len(page.say("¿Cuánto tarda el envío?", locale=locale).json["messages"]) == 1, (
        "the bot is silent now"
    )


def test_the_button_hands_over_once_however_often_it_is_pressed(panel: Page, shop: Shop) -> None:
    panel.say("hola")
    wish = {"client_id": str(uuid.uuid4())}
    first = panel.post("/conversation/hand-over", wish)
    again = panel.post("/conversation/hand-over", wish)
    other = panel.post("/conversation/hand-over", {"client_id": str(uuid.uuid4())})
    assert [one.status_code for one in (first, again, other)] == [200, 200, 200]
    assert first.json["conversation"]["status"] == "open"
    assert first.json["messages"] == again.json["messages"] and other.json["messages"] == []
    assert [author for author, _ in panel.lines()] == ["shopper", "bot", "system"]


def test_the_words_of_a_hand_over_say_whether_somebody_is_there(shop: Shop) -> None:
    alone = shop.page().say("quiero hablar con una persona").json["messages"][1]["text"]
    with shop.care.hub.subscribe(f"desk:{shop.store.id}", "Ana"):
        served = shop.page().say("quiero hablar con una persona").json["messages"][1]["text"]
    assert "no hay nadie atendiendo" in alone and "en un momento" in served


def test_an_abstaining_bot_offers_a_person_and_understands_yes(shop: Shop) -> None:
    page = shop.page()
    unknown = page.say("¿Qué opina tu prima de la física cuántica?").json
    assert unknown["messages"][1]["source"] is None and unknown["messages"][1]["body"] is None
    assert "¿Quieres que te atienda una persona?" in unknown["messages"][1]["text"]
    assert page.say("Sí, por favor").json["conversation"]["status"] == "open"

    other = shop.page()
    other.say("¿Qué opina tu prima de la física cuántica?")
    other.say("¿Cuánto tarda el envío?")
    assert other.say("sí").json["conversation"]["status"] == "bot", "the offer was not the last word"


def test_an_agent_takes_over_answers_resolves_and_the_shopper_opens_it_again(
    panel: Page, shop: Shop, clock: FrozenClock
) -> None:
    conversation = panel.say("quiero hablar con una persona").json["conversation"]["id"]
    clock.advance(30)
    take(shop.care, shop.store.id, conversation, ANA)
    reply(shop.care, shop.store.id, conversation, ANA, "Hola, soy Ana.", str(uuid.uuid4()))
    read = panel.read()
    shown = {"phase": "purchase", "rating": None, "can_rate": True, "ask_email": False, "email": False}
    shown["form"] = False
    assert read["conversation"] == shown | {"id": conversation, "status": "open", "agent": {"name": "Ana"}}
    assert [one["author"] for one in read["messages"]] == ["shopper", "system", "system", "agent"]
    assert read["messages"][2]["text"] == "Ana se ha unido a la conversación."
    assert read["messages"][3]["name"] == "Ana" and read["messages"][3]["body"] is None
    resolve(shop.care, shop.store.id, conversation, ANA)
    assert panel.read()["conversation"]["status"] == "resolved"
    again = panel.say("¿Cuánto tarda el envío?").json
    assert again["conversation"] == shown | {"id": conversation, "status": "bot", "agent": None}
    assert [one["author"] for one in again["messages"]] == ["shopper", "bot"]


def test_the_bot_answers_again_once_an_agent_gives_the_conversation_back(panel: Page, shop: Shop) -> None:
    conversation = panel.say("quiero hablar con una persona").json["conversation"]["id"]
    take(shop.care, shop.store.id, conversation, BEA)
    assert len(panel.say("¿Cuánto tarda el envío?").json["messages"]) == 1
    give_back_to_bot(shop.care, shop.store.id, conversation, BEA)
    assert [one["author"] for one in panel.say("¿Cuánto tarda el envío?").json["messages"]] == [
        "shopper",
        "bot",
    ]


def test_a_message_whose_process_died_before_the_answer_is_answered_by_the_job(
    shop: Shop, panel: Page, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_given: object) -> None:
        raise RuntimeError("kill -9")

    with monkeypatch.context() as patched:
        patched.setattr("plugin.care.post.settle_message", die)
        answer = panel.say("¿Cuánto tarda el envío?")
    assert answer.status_code == 201 and len(answer.json["messages"]) == 1
    clock.advance(21)
    for _ in range(2):  # at least once: running it twice adds nothing
        with shop.house.db.transaction(ALL, "work") as tx:
            jobs = claim(tx, clock.now(), 10)
        for job in jobs:
            shop.house.kinds[job.kind](job)
        clock.advance(100)
    assert [author for author, _ in panel.lines()] == ["shopper", "bot"]


def test_a_card_number_is_masked_before_anything_is_stored(panel: Page, shop: Shop) -> None:
    panel.say("Mi tarjeta es 4242 4242 4242 4242, caduca 12/27")
    panel.say("4111-1111-1111-1111")
    said = [line for author, line in panel.lines() if author == "shopper"]
    assert said == ["Mi tarjeta es •••• 4242, caduca 12/27", "•••• 1111"]


def test_what_people_wrote_is_nowhere_in_the_database_in_the_clear(panel: Page, shop: Shop) -> None:
    panel.say(
        "Soy Perpetua Quevedo y vivo en Calahorra", page="https://shop.example/pedido/secreto?key=wc_1#x"
    )
    needles = ("Perpetua", "Calahorra", "secreto", panel.token)
    with shop.house.db.reading(ALL, "look for words") as tx:
        for table in ("visitors", "conversations", "messages", "outbox"):
            dump = repr(list(tx.execute(text(f"SELECT * FROM {table}"))))
            assert not [needle for needle in needles if needle in dump], table
    with shop.house.db.reading(shop.store.id) as tx:
        from plugin.care import get_conversation, list_conversations

        listed = list_conversations(tx, shop.store.id)
        whole = get_conversation(tx, shop.store.id, listed[0].row.public_id)
        assert whole is not None and read_where(whole.row).page == "https://shop.example/pedido/secreto"


def test_reading_writes_nothing(panel: Page, shop: Shop, clock: FrozenClock) -> None:
    panel.say("¿Cuánto tarda el envío?")

    def dump() -> str:
        with shop.house.db.reading(ALL, "everything") as tx:
            tables = ("visitors", "conversations", "messages", "outbox", "stores")
            return repr([list(tx.execute(text(f"SELECT * FROM {table}"))) for table in tables])

    before = dump()
    clock.advance(60)
    for path in (
        "/stores/{store}/boot",
        "/stores/{store}/articles/delivery-times",
        "/stores/{store}/search?q=pago",
        "/conversation",
        "/openapi.json",
    ):
        assert panel.get(path).status_code == 200
        assert panel.call("HEAD", path).status_code == 200
    assert dump() == before
