"""What a shopper does with a talk besides writing: rating it, leaving an address, saying what helped, typing."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from widget_shop import ANA, BEA, Page, Shop

from plugin.care import (
    ConversationRow,
    RatingRow,
    desk_channel,
    get_conversation,
    give_back_to_bot,
    list_conversations,
    reply,
    resolve,
    take,
)
from plugin.care.inbox import View
from plugin.database import ALL
from plugin.testing.clock import FrozenClock

ASK = "¿Cuánto tarda el envío?"


def consent(page: Page, locale: str = "es") -> str:
    return str(page.get(f"/stores/{{store}}/boot?locale={locale}").json["email_consent"])


def ratings(shop: Shop) -> list[RatingRow]:
    with shop.house.db.reading(shop.store.id) as tx:
        mine = select(RatingRow).where(RatingRow.store_id == shop.store.id).order_by(RatingRow.id)
        return list(tx.scalars(mine))


def row_of(shop: Shop, public_id: str) -> ConversationRow:
    with shop.house.db.reading(shop.store.id) as tx:
        whole = get_conversation(tx, shop.store.id, public_id)
        assert whole is not None
        return whole.row


def rate(page: Page, score: Any, comment: Any = None) -> Any:
    return page.post("/conversation/rating", {"score": score, "comment": comment})


def test_only_a_talk_with_an_answer_can_be_rated_and_saying_it_again_changes_it(
    panel: Page, shop: Shop, clock: FrozenClock
) -> None:
    handed = panel.say("quiero hablar con una persona").json["conversation"]
    assert handed["can_rate"] is False
    refused = rate(panel, 5)
    assert refused.status_code == 409 and refused.json["message"].startswith(
        "Aquí todavía no ha respondido nadie"
    )
    give_back_to_bot(shop.care, shop.store.id, handed["id"], ANA)
    assert panel.say(ASK).json["conversation"]["can_rate"] is True
    first = rate(panel, 4, "  muy bien, mi tarjeta es 4111 1111 1111 1111 ").json
    assert first["conversation"]["rating"] == 4 and first["messages"] == []
    clock.advance(60)
    assert rate(panel, 5).json["conversation"]["rating"] == 5
    [row] = ratings(shop)
    assert (row.score, row.comment, row.agent_id) == (5, "muy bien, mi tarjeta es •••• 1111", None)
    assert row.changed_at - row.created_at == timedelta(seconds=60)
    assert panel.say(ASK).json["conversation"]["rating"] is None, "a newer answer may be rated anew"
    assert rate(panel, 3).json["conversation"]["rating"] == 3 and [one.score for one in ratings(shop)] == [
        5,
        3,
    ]


@pytest.mark.parametrize("score", [1, 2])
def test_a_bad_rating_brings_back_the_agent_who_held_it_and_tells_the_desk(
    panel: Page, shop: Shop, clock: FrozenClock, score: int
) -> None:
    public_id = panel.say("quiero hablar con una persona").json["conversation"]["id"]
    take(shop.care, shop.store.id, public_id, BEA)
    reply(shop.care, shop.store.id, public_id, BEA, "Mira la web.", str(uuid.uuid4()))
    resolve(shop.care, shop.store.id, public_id, BEA)
    clock.advance(3600)
    with shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana") as desk:
        answer = rate(panel, score, "no me sirvió").json
        heard = [desk.wait(5) for _ in range(2)]
    assert answer["conversation"]["status"] == "open" and answer["conversation"]["agent"] == {"name": "Bea"}
    assert [one["author"] for one in answer["messages"]] == ["system"]
    assert answer["messages"][0]["text"].startswith("Sentimos que esto no te haya ayudado.")
    row = row_of(shop, public_id)
    assert (row.owner, row.agent_id, row.waiting_since, row.first_reply_at) == ("agent", 2, clock.now(), None)
    assert [json.loads(one.data)["status"] for one in heard if one] == ["open", "open"]
    [kept] = ratings(shop)
    assert (kept.agent_id, kept.score) == (2, score)
    again = rate(panel, 3 - score).json
    assert again["messages"] == [] and row_of(shop, public_id).last_position == row.last_position, "said once"
    better = rate(panel, 5).json
    assert better["conversation"]["status"] == "open", "a person looks at it all the same"
    with shop.house.db.reading(shop.store.id) as tx:
        [listed] = list_conversations(tx, shop.store.id, View("open"))
        assert listed.row.waiting_since is not None


def test_a_bad_rating_of_the_bot_waits_for_whoever_comes_first(panel: Page, shop: Shop) -> None:
    panel.say(ASK)
    answer = rate(panel, 1).json
    row = row_of(shop, answer["conversation"]["id"])
    assert (row.status, row.owner, row.handed_over_at) == ("open", "nobody", row.waiting_since)
    assert answer["messages"][0]["text"].split(". ", 2)[2].startswith("Una persona te responderá el ")
    assert len(panel.say(ASK).json["messages"]) == 1, "the bot is silent from here on"


def test_two_ratings_at_once_are_one_row(panel: Page, shop: Shop) -> None:
    panel.say(ASK)
    statuses: list[int] = []
    tabs = [Page(shop, shop.store, panel.token) for _ in range(6)]
    threads = [
        threading.Thread(target=lambda tab=tab, n=n: statuses.append(rate(tab, 1 + n % 5).status_code))
        for n, tab in enumerate(tabs)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert statuses == [200] * 6
    [row] = ratings(shop)
    assert panel.read()["conversation"]["rating"] == row.score
    system = [one for one in panel.read()["messages"] if one["author"] == "system"]
    assert len(system) <= 3, "said when it became bad, not each time"


def test_ratings_that_are_none_are_refused(panel: Page) -> None:
    panel.say(ASK)
    for score in (0, 6, -1, "5", 4.5, None, True, [], 10**30):
        assert rate(panel, score).status_code == 422, score
    assert rate(panel, 5, "x" * 1001).status_code == 422
    assert panel.post("/conversation/rating", {"score": 5, "agent_id": 1}).status_code == 422
    assert panel.post("/conversation/rating", {"score": 5}, token="").status_code == 401


def test_the_bot_asks_for_an_address_once_after_it_helped(
    panel: Page, shop: Shop, clock: FrozenClock
) -> None:
    unknown = panel.say("¿Qué opina tu prima de la física cuántica?").json["conversation"]
    assert (unknown["ask_email"], unknown["email"]) == (False, False), "it has not helped yet"
    clock.advance(5)
    assert panel.say(ASK).json["conversation"]["ask_email"] is True
    clock.advance(5)
    assert panel.say(ASK).json["conversation"]["ask_email"] is False, "asked once"


def test_a_message_says_whether_it_offers_a_person(panel: Page) -> None:
    helped = panel.say(ASK).json["messages"]
    assert [one["offers_person"] for one in helped] == [False, False]
    sorry = panel.post("/conversation/verdict", {"position": helped[1]["position"], "helped": False}).json["messages"]
    assert [one["offers_person"] for one in sorry] == [True]
    unsure = panel.say("¿Qué opina tu prima de la física cuántica?").json["messages"]
    assert [one["offers_person"] for one in unsure] == [False, True]
    assert [one["offers_person"] for one in panel.read()["messages"]] == [False, False, True, False, True]
    handed = panel.post("/conversation/hand-over", {"client_id": str(uuid.uuid4())}).json["messages"]
    assert [one["offers_person"] for one in handed] == [False]


def test_a_hand_over_to_nobody_asks_until_somebody_comes(
    panel: Page, shop: Shop, clock: FrozenClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.care.presence.JUST_LEFT", timedelta(seconds=-1))
    asked = panel.say("quiero hablar con una persona").json["conversation"]
    assert asked["ask_email"] is True
    clock.advance(5)
    assert panel.say("¿hola?").json["conversation"]["ask_email"] is True
    clock.advance(5)
    take(shop.care, shop.store.id, asked["id"], ANA)
    assert panel.read()["conversation"]["ask_email"] is False
    with shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana"):
        other = shop.page()
        other.say("hola")
        answer = other.post("/conversation/hand-over", {"client_id": str(uuid.uuid4())}).json
        assert answer["conversation"]["ask_email"] is False, "somebody is here"
    third = shop.page()
    third.say("hola")
    answer = third.post("/conversation/hand-over", {"client_id": str(uuid.uuid4())}).json
    assert answer["conversation"]["ask_email"] is True


@pytest.mark.parametrize("locale", ["es", "en", "pt-BR"])
def test_an_address_is_kept_with_the_sentence_that_boot_served(
    panel: Page, shop: Shop, clock: FrozenClock, locale: str
) -> None:
    public_id = panel.say(ASK).json["conversation"]["id"]
    sentence = consent(panel, locale)
    assert sentence.startswith("Tienda shop.example ")
    left = panel.post("/conversation/email", {"email": " Alma@Example.com ", "consent": sentence})
    assert left.status_code == 200 and left.json["messages"] == []
    assert (left.json["conversation"]["email"], left.json["conversation"]["ask_email"]) == (True, False)
    assert "alma" not in json.dumps(panel.read()["conversation"]).lower(), "it is not handed out again"
    row = row_of(shop, public_id)
    assert (row.email, row.email_consent, row.email_at) == ("Alma@Example.com", sentence, clock.now())
    assert row.email_index == shop.house.db.vault.index("email", "alma@example.com")
    with shop.house.db.reading(ALL, "everything") as tx:
        assert "example.com" not in repr(
            list(tx.execute(text("SELECT email, email_consent FROM conversations")))
        )


def test_no_address_and_another_sentence_are_refused_with_words(panel: Page, shop: Shop) -> None:
    sentence = consent(panel)
    none = panel.post("/conversation/email", {"email": "a@b.example", "consent": sentence}, token="")
    assert none.status_code == 401
    public_id = panel.say(ASK).json["conversation"]["id"]
    for email in ("alma", "alma@", "@x.example", "a@b", "a@x.example,b@y.example", "a@x.example\nBcc: b@y.example",
                  "Alma <a@x.example>", "a b@x.example", "a@x..example", "<script>@x.example"):  # fmt: skip
        answer = panel.post("/conversation/email", {"email": email, "consent": sentence})
        assert answer.status_code == 422 and answer.json["message"].startswith("Esto no es una dirección"), (
            email
        )
    other = shop.page(shop.connect("other.example"))
    for words in (sentence + ".", sentence.upper(), "sí", consent(other)):
        answer = panel.post("/conversation/email", {"email": "a@x.example", "consent": words})
        assert answer.status_code == 422 and answer.json["message"].startswith(
            "El texto de este formulario"
        ), words
    assert row_of(shop, public_id).email is None
