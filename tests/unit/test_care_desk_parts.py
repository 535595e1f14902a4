"""Notes, topics, ready answers, who else is here: the parts of the desk below HTTP."""

from __future__ import annotations

import json
import threading
import time
import uuid
from typing import Any

import pytest
from privacy_scene import everything
from sqlalchemy import select
from test_care_search import Talks, talks

from plugin.care import (
    Agent,
    ConversationRow,
    HeldByOther,
    MacroRow,
    get_conversation,
    list_conversations,
    read_conversation,
    reply,
    show_conversation,
    show_message,
    take,
)
from plugin.care.company import drop_writing, list_company, note_looking, note_writing
from plugin.care.inbox import View, count_inbox
from plugin.care.macros import (
    UnwantedMacro,
    add_macro,
    change_macro,
    check_macro,
    count_sent,
    fill_macro,
    find_left,
    find_macro,
    list_macros,
    lock_macro,
    remove_macro,
)
from plugin.care.notes import add_note, list_notes
from plugin.care.shapes import conversation_channel, desk_channel
from plugin.care.sorting import assign, set_topic
from plugin.care.topics import guess_topic
from plugin.contract import OrderStatus
from plugin.database import ALL
from plugin.orders import apply_order, find_order, view_order
from plugin.privacy import erase_customer, export_customer
from plugin.push.hub import Hub
from plugin.push.marks import Marks
from plugin.stores import get_store
from plugin.testing.factories import MOMENT, make_order, make_shipment

__all__ = ["talks"]  # the fixture
ANA, BEA, LEO = Agent(1, "Ana"), Agent(2, "Bea"), Agent(3, "Leo")
SECRET = "cuidado-con-esta-persona"


def read(talks: Talks, public_id: str) -> Any:
    with talks.db.reading(talks.store.id) as tx:
        whole = get_conversation(tx, talks.store.id, public_id)
    assert whole is not None
    return whole


def note(talks: Talks, talk: str, text: str = SECRET, client_id: str = "") -> Any:
    return add_note(talks.care, talks.store.id, talk, ANA, text, client_id or str(uuid.uuid4()))


# Topics

SAID = [
    ("es", "¿dónde está mi pedido?", "where_is_my_order"), ("es", "hola no me ha llegado nada", "where_is_my_order"),
    ("es", "cuando me llega??", "where_is_my_order"), ("es", "quiero el numero de guia", "where_is_my_order"),
    ("es", "¿dónde está la tienda?", "doubt"), ("es", "aceptan nequi?", "doubt"),
    ("es", "hacen envios a cali", "doubt"),
    ("es", "me llegó rota la taza", "complaint"), ("es", "nadie me contesta, pésimo servicio", "complaint"),
    ("es", "no me gustó nada", "complaint"), ("es", "son unos ladrones", "complaint"),
    ("es", "¡Me encantó todo, gracias!", "praise"), ("es", "muy bonito, gracias", "praise"),
    ("es", "el lunes paso yo a recogerlo", "comment"), ("es", "ya pagué con tarjeta ayer", "comment"),
    ("es", "hola", ""), ("es", "gracias", ""), ("es", "😀", ""), ("es", "", ""),
    ("en", "where's my order", "where_is_my_order"), ("en", "it hasn't arrived yet", "where_is_my_order"),
    ("en", "do you ship to Peru", "doubt"), ("en", "what size should i take", "doubt"),
    ("en", "wrong size came", "complaint"), ("en", "the mug arrived broken", "complaint"),
    ("en", "not happy with this at all", "complaint"), ("en", "I love the mug, thanks!", "praise"),
    ("en", "I left the box with my neighbour", "comment"), ("en", "ok", ""),
    ("pt", "cadê meu pedido", "where_is_my_order"), ("pt", "ainda não chegou minha encomenda", "where_is_my_order"),
    ("pt", "vocês aceitam pix?", "doubt"), ("pt", "qual o prazo", "doubt"), ("pt", "veio quebrado", "complaint"),
    ("pt", "faltou um item no pacote", "complaint"), ("pt", "Adorei! Parabéns pela loja", "praise"),
    ("pt", "vou passar amanhã para retirar", "comment"), ("pt", "oi", ""),
    ("es", "where is my package", "where_is_my_order"),
]  # fmt: skip


@pytest.mark.parametrize(("locale", "text", "topic"), SAID)
def test_a_topic_is_guessed_from_what_shoppers_write(locale: str, text: str, topic: str) -> None:
    assert guess_topic([text], locale) == topic


def test_of_several_messages_the_weightiest_counts() -> None:
    assert guess_topic(["hola", "¿hacen envíos?", "gracias, muy amables"], "es") == "doubt"
    assert guess_topic(["¿dónde está mi pedido?", "llegó roto"], "es") == "complaint"


def test_a_person_s_word_stands_over_every_guess(talks: Talks) -> None:
    talk = talks.write("¿hacen envíos a Cali?", "¿y dónde está mi pedido?")
    assert (read(talks, talk).row.topic, read(talks, talk).row.topic_by) == ("where_is_my_order", "guess")
    set_topic(talks.care, talks.store.id, talk, "praise")
    reply(talks.care, talks.store.id, talk, ANA, "Hola", "c-1")
    row = read(talks, talk).row
    assert (row.topic, row.topic_by) == ("praise", "agent")
    set_topic(talks.care, talks.store.id, talk, "")
    assert read(talks, talk).row.topic_by == "guess"
    with pytest.raises(ValueError, match="one of"):
        set_topic(talks.care, talks.store.id, talk, "spam'; --")
    with pytest.raises(LookupError):
        set_topic(talks.care, talks.store.id, "cv_AAAAAAAAAAAA", "praise")


# Notes


def test_a_note_stands_after_the_newest_message_and_once(talks: Talks) -> None:
    talk = talks.write("hola")
    first = note(talks, talk, client_id="n-1")
    assert note(talks, talk, client_id="n-1").id == first.id
    last = read(talks, talk).row.last_position
    reply(talks.care, talks.store.id, talk, ANA, "Hola", "c-1")
    note(talks, talk, "4111 1111 1111 1111 otra vez")
    with talks.db.reading(talks.store.id) as tx:
        found = list_notes(tx, read(talks, talk).row)
    assert [[one.text for one in found[at]] for at in sorted(found)] == [[SECRET], ["•••• 1111 otra vez"]]
    assert sorted(found)[0] == last
    with pytest.raises(LookupError):
        note(talks, "cv_AAAAAAAAAAAA")


def test_no_shopper_ever_hears_a_note(talks: Talks) -> None:
    talk = talks.write("hola")
    row = read(talks, talk).row
    shopper = talks.care.hub.subscribe(conversation_channel(row.store_id, row.id))
    desk = talks.care.hub.subscribe(desk_channel(row.store_id), "Ana")
    version = row.version
    note(talks, talk)
    assert shopper.wait(0.01) is None, "not even that something happened"
    event = desk.wait(1)
    assert event is not None and json.loads(event.data)["conversation"] == talk and SECRET not in event.data
    whole = read(talks, talk)
    with talks.db.reading(ALL, "the visitor") as tx:
        from plugin.care import VisitorRow

        visitor = tx.get(VisitorRow, whole.row.visitor_id)
    assert visitor is not None
    found = read_conversation(talks.care, visitor)
    assert found is not None
    told = json.dumps([show_conversation(found[0]), *(show_message(one) for one in found[1])])
    assert SECRET not in told and whole.row.version == version
    assert talks.find(SECRET) == []


def test_notes_go_with_their_customer_and_stand_in_their_copy(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        apply_order(tx, get_store(tx, talks.store.id), make_order(external_id="9", email="alma@example.com"), MOMENT)
        order = find_order(tx, talks.store.id, "9")
    assert order is not None
    hers, other = talks.write("hola", order_id=order.id, order_proof="order"), talks.write("buenas")
    note(talks, hers)
    note(talks, other, "es la de alma@example.com otra vez")
    copy = export_customer(talks.db, talks.store.id, "alma@example.com")
    assert [one["text"] for one in copy["conversations"][0]["notes"]] == [SECRET]
    assert [one["text"] for one in copy["mentions"]] == ["es la de alma@example.com otra vez"]
    class_ = type("House", (), {"db": talks.db})
    erase_customer(talks.db, talks.store.id, "alma@example.com")
    left = everything(class_())  # type: ignore[arg-type]
    assert SECRET not in left and "alma@example.com" not in left and "es la de ••• otra vez" in left


# Macros


def test_a_macro_is_filled_from_what_is_proven_and_says_what_is_missing(talks: Talks) -> None:
    order = make_order(
        external_id="5", number="#5", status=OrderStatus.processing, customer_name="Alma {order} Ruiz",
        shipments=(make_shipment(tracking_url="https://correos.example/ES123"),),
    )  # fmt: skip
    texts = {"es": "Hola {name}: {order}, {status}, {date}. {tracking}\n{agent}, {store}", "en": "Hi {name}"}
    with talks.db.transaction(talks.store.id) as tx:
        apply_order(tx, get_store(tx, talks.store.id), order, MOMENT)
        row = find_order(tx, talks.store.id, "5")
        assert row is not None
        macro, view = add_macro(tx, talks.store.id, " Estado ", texts, MOMENT), view_order(tx, row)
    talk = read(talks, talks.write("hola")).row
    draft = fill_macro(macro, talks.store, talk, view, ANA)
    assert draft.missing == () and draft.text == (
        "Hola Alma: #5, En camino, sábado, 21 de noviembre. Correos ES123: https://correos.example/ES123\n"
        "Ana, Barro y Sol"
    )
    nothing = fill_macro(macro, talks.store, talk, None, ANA)
    assert nothing.missing == ("name", "order", "status", "date", "tracking") and "{tracking}" in nothing.text
    assert find_left(nothing.text) == ("{name}", "{order}", "{status}", "{date}", "{tracking}")
    talk.locale = "pt"
    assert fill_macro(macro, talks.store, talk, view, ANA).text.startswith("Hola"), "the store's own language"


def test_a_value_is_never_read_as_a_placeholder(talks: Talks) -> None:
    talk = read(talks, talks.write("hola")).row
    macro = MacroRow(texts={"es": "{agent}{store}"}, title="x")
    draft = fill_macro(macro, talks.store, talk, None, Agent(1, "{store}{tracking}"))
    assert draft.text == "{store}{tracking}Barro y Sol"


@pytest.mark.parametrize(("title", "text", "code", "detail"), [
    ("", "hola", "title", ""), (" \x00\n", "hola", "title", ""), ("t" * 81, "hola", "long_title", ""),
    ("t", " ", "text", ""), ("t", "x" * 3501, "long_text", ""), ("t", "{nombre}", "placeholder", "{nombre}"),
    ("t", "{name} {Name}", "placeholder", "{Name}"), ("t", "{{name}}{}", "placeholder", "{}"),
    ("t", "{name.__class__}", "placeholder", "{name.__class__}"), ("t", "{0}", "placeholder", "{0}"),
])  # fmt: skip
def test_a_macro_that_cannot_be_filled_is_refused(title: str, text: str, code: str, detail: str) -> None:
    with pytest.raises(UnwantedMacro) as refused:
        check_macro(title, {"es": text})
    assert (refused.value.code, refused.value.detail) == (code, detail)


def test_a_lone_brace_stays_and_an_unknown_language_goes() -> None:
    assert check_macro("t", {"es": "50 % {", "en": "", "xx": "no"}) == ("t", {"es": "50 % {"})


def test_two_who_change_a_macro_at_once_do_not_write_over_each_other(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        row = add_macro(tx, talks.store.id, "a", {"es": "uno"}, MOMENT)
        seen = row.changed_at.isoformat()
        change_macro(tx, row, "a", {"es": "dos"}, seen, talks.clock.now())
        with pytest.raises(UnwantedMacro, match="changed"):
            change_macro(tx, row, "a", {"es": "tres"}, seen, talks.clock.now())
        assert row.texts == {"es": "dos"}
        assert remove_macro(tx, talks.store.id, row.public_id) and not remove_macro(tx, talks.store.id, row.public_id)


def test_of_two_owners_who_save_at_the_same_moment_the_second_is_told(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        first = add_macro(tx, talks.store.id, "a", {"es": "uno"}, MOMENT)
    seen, began, told = first.changed_at.isoformat(), threading.Event(), []

    def save_too() -> None:
        began.set()
        with talks.db.transaction(talks.store.id) as tx:
            row = lock_macro(tx, talks.store.id, first.public_id)
            assert row is not None
            try:
                change_macro(tx, row, "a", {"es": "tres"}, seen, talks.clock.now())
            except UnwantedMacro as error:
                told.append(error.code)

    other = threading.Thread(target=save_too, daemon=True)
    with talks.db.transaction(talks.store.id) as tx:
        row = lock_macro(tx, talks.store.id, first.public_id)
        assert row is not None
        other.start()
        assert began.wait(10)
        time.sleep(0.2)  # time for it to read what it must not yet read
        change_macro(tx, row, "a", {"es": "dos"}, seen, talks.clock.now())
    other.join(30)
    with talks.db.reading(talks.store.id) as tx:
        kept = find_macro(tx, talks.store.id, first.public_id)
    assert told == ["changed"] and kept is not None and kept.texts == {"es": "dos"}


def test_ready_answers_are_sorted_as_people_sort(talks: Talks) -> None:
    with talks.db.transaction(talks.store.id) as tx:
        for title in ("Zapatos", "ámbar", "Barro", "Ábaco"):
            add_macro(tx, talks.store.id, title, {"es": "uno"}, MOMENT)
        assert [one.title for one in list_macros(tx, talks.store.id)] == ["Ábaco", "ámbar", "Barro", "Zapatos"]


def test_an_answer_counts_once_for_its_macro(talks: Talks) -> None:
    talk = talks.write("hola")
    with talks.db.transaction(talks.store.id) as tx:
        macro = add_macro(tx, talks.store.id, "a", {"es": "uno"}, MOMENT)
    first = reply(talks.care, talks.store.id, talk, ANA, "uno", "c-1")
    for _ in range(2):
        count_sent(talks.care, first, macro, unchanged=True)
    count_sent(talks.care, reply(talks.care, talks.store.id, talk, ANA, "uno y dos", "c-2"), macro, unchanged=False)
    with talks.db.reading(talks.store.id) as tx:
        row = tx.scalars(select(MacroRow).where(MacroRow.store_id == talks.store.id)).one()
    assert (row.sent, row.sent_unchanged) == (2, 1)
    assert [one.macro_id for one in read(talks, talk).messages if one.author == "agent"] == [macro.id, macro.id]


# Whose it is


def test_a_talk_is_given_to_a_colleague_who_hears_of_it(talks: Talks) -> None:
    talk = talks.write("hola")
    desk = talks.care.hub.subscribe(desk_channel(talks.store.id), "Leo")
    assign(talks.care, talks.store.id, talk, ANA, LEO, "es para ti", "n-1")
    events = []
    while (event := desk.wait(0.01)) is not None:
        events.append(event)
    told = [json.loads(one.data) for one in events if one.name == "assigned"]
    assert told == [{"conversation": talk, "agent_id": LEO.id, "by": "Ana"}]
    assert all("es para ti" not in one.data for one in events)
    whole = read(talks, talk)
    assert (whole.row.owner, whole.row.agent_id, whole.row.status) == ("agent", LEO.id, "open")
    with talks.db.reading(talks.store.id) as tx:
        notes = list_notes(tx, whole.row)
    assert [one.text for found in notes.values() for one in found] == ["es para ti"]
    with pytest.raises(HeldByOther):
        assign(talks.care, talks.store.id, talk, ANA, BEA)
    assign(talks.care, talks.store.id, talk, ANA, BEA, from_agent=LEO.id)
    assert read(talks, talk).row.agent_id == BEA.id


def test_the_inbox_tells_mine_unassigned_and_phases_apart(talks: Talks) -> None:
    mine, hers, free = (talks.write("quiero una persona") for _ in range(3))
    bot = talks.write("¿hacen envíos?")
    take(talks.care, talks.store.id, mine, ANA)
    take(talks.care, talks.store.id, hers, BEA)
    with talks.db.transaction(talks.store.id) as tx:
        row = tx.scalars(select(ConversationRow).where(
            ConversationRow.store_id == talks.store.id, ConversationRow.public_id == free)).one()  # fmt: skip
        row.phase = "post_sale"
        row.owner, row.status = "nobody", "open"

    def show(whose: str, phase: str = "") -> set[str]:
        with talks.db.reading(talks.store.id) as tx:
            found = list_conversations(tx, talks.store.id, View(whose, phase, agent_id=ANA.id))
        return {one.row.public_id for one in found}

    assert show("mine") == {mine} and show("unassigned") == {free} and show("open") == {mine, hers, free}
    assert show("bot") == {bot} and show("") == show("nonsense'") == {mine, hers, free, bot}
    assert show("", "post_sale") == {free} == show("unassigned", "post_sale") and show("mine", "post_sale") == set()
    with talks.db.reading(talks.store.id) as tx:
        counts = count_inbox(tx, talks.store.id, View("open", agent_id=ANA.id))
    assert counts.shows == {"mine": 1, "unassigned": 1, "open": 3, "bot": 1, "resolved": 0}
    assert counts.phases == {"pre_purchase": 0, "post_sale": 1, "purchase": 2}


# Who else is here


def test_others_at_the_same_talk_are_seen_and_those_who_write_first(talks: Talks) -> None:
    talk = talks.write("hola")
    desk = talks.care.hub.subscribe(desk_channel(talks.store.id), "Ana")
    note_looking(talks.care, talks.store.id, talk, ANA)
    note_looking(talks.care, talks.store.id, talk, LEO)
    note_looking(talks.care, talks.store.id, talk, LEO)
    note_writing(talks.care, talks.store.id, talk, BEA)
    found = [(one.name, one.writes) for one in list_company(talks.care, talks.store.id, talk, ANA.id)]
    assert found == [("Bea", True), ("Leo", False)]
    assert list_company(talks.care, talks.store.id, "cv_other", ANA.id) == []
    assert list_company(talks.care, talks.store.id + 1, talk, ANA.id) == []
    events = []
    while (event := desk.wait(0.01)) is not None:
        events.append((event.name, json.loads(event.data)))
    assert events == [("company", {"conversation": talk})] * 3, "each is told once"
    for _ in range(2):
        drop_writing(talks.care, talks.store.id, talk, BEA)
    found = [(one.name, one.writes) for one in list_company(talks.care, talks.store.id, talk, ANA.id)]
    assert found == [("Leo", False)]
    assert desk.wait(0.01) is not None and desk.wait(0.01) is None, "that is told once, too"


def test_two_of_the_same_name_are_two(talks: Talks) -> None:
    talk = talks.write("hola")
    note_looking(talks.care, talks.store.id, talk, Agent(8, "Ana"))
    note_looking(talks.care, talks.store.id, talk, Agent(9, "Ana 2\nx"))
    assert [one.agent_id for one in list_company(talks.care, talks.store.id, talk, ANA.id)] == [8, 9]


def test_a_mark_fades_and_there_are_never_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [100.0]
    monkeypatch.setattr("plugin.push.marks.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("plugin.push.marks.MOST_KEPT", 3)
    marks = Marks()
    assert marks.put("a", "x", 5) and not marks.put("a", "x", 5)
    clock[0] += 6
    assert marks.read("a") == () and not marks.drop("a", "x") and marks.put("a", "x", 5)
    assert marks.drop("a", "x") and not marks.drop("a", "x") and not marks.drop("b", "x") and marks.read("a") == ()
    for name in "bcdefgh":
        marks.put(name, "x", 5)
    assert len(marks._until) <= 3 and marks.read("h") == ("x",)


def test_marks_are_shared_through_redis(redis_server: Any) -> None:
    from plugin.push import open_hub

    one, other = (open_hub(redis_server.url(9)) for _ in range(2))
    try:
        assert one.put_mark("c", "1 Ana", 9) and not one.put_mark("c", "1 Ana", 9)
        assert other.read_marks("c") == ("1 Ana",) and not other.put_mark("c", "1 Ana", 9)
        assert isinstance(other, Hub) and other.read_marks("d") == ()
        assert other.drop_mark("c", "1 Ana") and not one.drop_mark("c", "1 Ana")
        assert one.read_marks("c") == other.read_marks("c") == ()
    finally:
        one.close()
        other.close()
