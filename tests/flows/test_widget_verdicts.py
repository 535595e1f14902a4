"""What a shopper or an agent says of the bot's answers, and what is learned and counted; who is typing."""

from __future__ import annotations

import json
import uuid
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select, text
from widget_shop import ANA, BEA, Page, Shop

from plugin.care import (
    ConversationRow,
    MessageRow,
    answer_with_article,
    conversation_channel,
    correct,
    desk_channel,
    find_visitor,
    get_conversation,
    note_agent_typing,
    revoke_visitor,
    take,
)
from plugin.database import ALL
from plugin.help import list_learned, read_counts
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_order

ASK = "¿Cuánto tarda el envío?"


def row_of(shop: Shop, public_id: str) -> ConversationRow:
    with shop.house.db.reading(shop.store.id) as tx:
        whole = get_conversation(tx, shop.store.id, public_id)
        assert whole is not None
        return whole.row


def verdict(page: Page, position: int, helped: Any = True) -> Any:
    return page.post("/conversation/verdict", {"position": position, "helped": helped})


def counted(shop: Shop) -> dict[tuple[str, str], int]:
    with shop.house.db.reading(shop.store.id) as tx:
        rows = read_counts(tx, shop.store.id, date(2026, 1, 1))
        return {(one.article_id, one.kind): one.count for one in rows}


def test_what_helped_is_noted_and_counted_once(panel: Page, shop: Shop) -> None:
    panel.say(ASK)
    assert verdict(panel, 2).json["messages"] == [] and verdict(panel, 2).status_code == 200
    assert panel.read()["messages"][1]["verdict"] == "right"
    assert counted(shop) == {("delivery-times", "answered"): 1, ("delivery-times", "helped"): 1}
    with shop.house.db.reading(shop.store.id) as tx:
        mine = (MessageRow.store_id == shop.store.id, MessageRow.author == "bot")
        [message] = tx.scalars(select(MessageRow).where(*mine))
        assert message.confidence is not None and 0.3 < message.confidence <= 1


def test_what_did_not_help_makes_the_bot_offer_a_person_who_comes_with_a_yes(panel: Page, shop: Shop) -> None:
    panel.say(ASK)
    answer = verdict(panel, 2, False).json
    assert [one["author"] for one in answer["messages"]] == ["bot"]
    assert answer["messages"][0]["text"].startswith("Siento que esto no te haya ayudado.")
    assert panel.read()["messages"][1]["verdict"] == "wrong"
    assert counted(shop)[("delivery-times", "not_helped")] == 1
    assert panel.say("sí").json["conversation"]["status"] == "open"
    assert verdict(panel, 2, True).status_code == 200 and verdict(panel, 2, False).json["messages"] == [], (
        "the talk has gone on, and the bot does not hold it any more"
    )


def test_only_one_s_own_answers_of_the_bot_have_a_verdict(panel: Page, shop: Shop) -> None:
    panel.say(ASK)
    panel.say("¿Qué opina tu prima de la física cuántica?")
    stranger = shop.page()
    stranger.say("hola")
    for page, position in ((panel, 1), (panel, 3), (panel, 4), (panel, 99), (stranger, 1)):
        assert verdict(page, position).status_code == 404, position
    for position in (0, -1, "2", None, 2.5, 2**31, True):
        assert verdict(panel, position).status_code == 422, position
    for helped in ("yes", 2, None, "true"):
        assert verdict(panel, 2, helped).status_code == 422, helped


def test_an_agent_puts_the_bot_right_and_it_learns(panel: Page, shop: Shop) -> None:
    public_id = panel.say(ASK).json["conversation"]["id"]
    verdict(panel, 2, True)
    message = correct(shop.care, shop.store.id, public_id, 2, "pick-up", ANA)
    assert message.verdict == "wrong"
    with shop.house.db.reading(shop.store.id) as tx:
        [learned] = list_learned(tx, shop.store.id)
    assert (learned.article_id, learned.how, learned.agent_id, learned.text) == (
        "pick-up",
        "corrected",
        1,
        ASK,
    )
    assert shop.page().say(ASK).json["messages"][1]["source"]["article_id"] == "pick-up", (
        "at the next question"
    )
    for conversation, position, article in (
        (public_id, 1, None), (public_id, 2, "no-such"), (public_id, 50, None), ("cv_nothinghere", 2, None)
    ):  # fmt: skip
        with pytest.raises(LookupError):
            correct(shop.care, shop.store.id, conversation, position, article, ANA)
    other = shop.connect("other.example")
    with pytest.raises(LookupError):
        correct(shop.care, other.id, public_id, 2, None, ANA)


def test_an_agent_answers_with_an_article_and_the_question_is_learned(panel: Page, shop: Shop) -> None:
    question = "¿me lo dejan con la vecina del quinto?"
    public_id = panel.say("quiero hablar con una persona").json["conversation"]["id"]
    panel.say(question)
    client_id = str(uuid.uuid4())
    sent = answer_with_article(shop.care, shop.store.id, public_id, "missed-delivery", ANA, client_id)
    again = answer_with_article(shop.care, shop.store.id, public_id, "missed-delivery", ANA, client_id)
    assert sent.id == again.id
    shown = panel.read()["messages"][-1]
    assert shown["author"] == "agent" and shown["name"] == "Ana" and shown["client_id"] == client_id
    assert shown["source"]["article_id"] == "missed-delivery" and shown["body"]
    assert panel.read()["conversation"]["agent"] == {"name": "Ana"}
    with shop.house.db.reading(shop.store.id) as tx:
        [learned] = list_learned(tx, shop.store.id)
    assert (learned.article_id, learned.how, learned.text) == ("missed-delivery", "answered", question)
    assert row_of(shop, public_id).waiting_since is None
    with pytest.raises(LookupError):
        answer_with_article(shop.care, shop.store.id, public_id, "no-such", ANA, str(uuid.uuid4()))


def test_typing_is_told_to_the_other_side_alone_and_not_too_often(
    panel: Page, shop: Shop, clock: FrozenClock
) -> None:
    public_id = panel.say("quiero hablar con una persona").json["conversation"]["id"]
    conversation = row_of(shop, public_id)
    with (
        shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana") as desk,
        shop.care.hub.subscribe(conversation_channel(shop.store.id, conversation.id)) as shopper,
    ):
        assert panel.post("/conversation/typing", {}).status_code == 204
        assert panel.post("/conversation/typing", {}).status_code == 204
        heard = desk.wait(1)
        assert heard is not None and (heard.name, json.loads(heard.data)) == (
            "typing",
            {"conversation": public_id},
        )
        assert desk.wait(0.05) is None and shopper.wait(0.05) is None
        clock.advance(2)
        panel.post("/conversation/typing", {})
        assert desk.wait(1) is not None
        assert note_agent_typing(shop.care, shop.store.id, public_id, ANA)
        assert not note_agent_typing(shop.care, shop.store.id, public_id, ANA)
        told = shopper.wait(1)
        assert told is not None and (told.name, json.loads(told.data), told.id) == (
            "typing",
            {"name": "Ana"},
            "",
        )
        assert shopper.wait(0.05) is None and desk.wait(0.05) is None
    assert row_of(shop, public_id).last_position == conversation.last_position, "nothing is kept"


def test_nobody_hears_of_typing_that_is_none_of_theirs(panel: Page, shop: Shop, clock: FrozenClock) -> None:
    assert panel.post("/conversation/typing", {}, token="").status_code == 401
    public_id = panel.say("hola").json["conversation"]["id"]
    other = shop.connect("other.example")
    with shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana") as desk:
        panel.post("/conversation/typing", {})
        assert desk.wait(0.05) is None, "the bot holds it"
    assert not note_agent_typing(shop.care, other.id, public_id, ANA)
    assert not note_agent_typing(shop.care, shop.store.id, "nonsense", ANA)
    take(shop.care, shop.store.id, public_id, ANA)
    assert not note_agent_typing(shop.care, shop.store.id, public_id, BEA), "Ana holds it"
    clock.advance(2)
    visitor = find_visitor(shop.care, panel.token)
    assert visitor is not None
    revoke_visitor(shop.care, shop.store.id, visitor.id)
    assert panel.post("/conversation/typing", {}).status_code == 401


def test_clicks_are_counted_and_an_unknown_article_is_not(panel: Page, shop: Shop) -> None:
    def count(article_id: str, **body: Any) -> int:
        return panel.post(f"/stores/{{store}}/articles/{article_id}/count", body).status_code

    shop.add_order(make_order())
    assert count("delivery-times", kind="clicked", locale="es-CO", step="cart", phase="purchase") == 204
    assert count("delivery-times", kind="clicked", locale="es", step="cart", phase="purchase") == 204
    assert count("delivery-times", kind="opened", locale="xx", step="moon", phase="later") == 204
    assert count("no-such", kind="opened") == 204
    for kind in ("answered", "", None, 1):
        assert count("delivery-times", kind=kind) == 422, kind
    with shop.house.db.reading(ALL, "counts") as tx:
        query = "SELECT article_id, locale, step, phase, kind, count FROM article_counts ORDER BY kind"
        rows = [tuple(row) for row in tx.execute(text(query))]
    assert rows == [
        ("delivery-times", "es", "cart", "purchase", "clicked", 2),
        ("delivery-times", "es", "", "", "opened", 1),
    ]
    statuses = [count("delivery-times", kind="opened") for _ in range(117)]
    assert statuses[-1] == 429 and set(statuses[:-4]) == {204}
