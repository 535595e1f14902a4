"""Notes, topics, ready answers, who else is here: the parts of the desk below HTTP."""

from __future__ import annotations

import json
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
    list_conversations,
    read_conversation,
    reply,
    show_conversation,
    show_message,
    take,
)
from plugin.care.company import drop_writing, list_company, note_looking, note_writing
from plugin.care.inbox import View, count_inbox
from plugin.care.notes import add_note, list_notes
from plugin.care.shapes import conversation_channel, desk_channel
from plugin.care.sorting import assign
from plugin.database import ALL
from plugin.orders import apply_order, find_order
from plugin.privacy import erase_customer, export_customer
from plugin.push.hub import Hub
from plugin.push.marks import Marks
from plugin.stores import get_store
from plugin.testing.factories import MOMENT, make_order

__all__ = ["talks"]  # the fixture
ANA, BEA, LEO = Agent(1, "Ana"), Agent(2, "Bea"), Agent(3, "Leo")
SECRET = "cuidado-con-esta-persona"


def note(talks: Talks, talk: str, text: str = SECRET, client_id: str = "") -> Any:
    return add_note(talks.care, talks.store.id, talk, ANA, text, client_id or str(uuid.uuid4()))


# Notes


def test_a_note_stands_after_the_newest_message_and_once(talks: Talks) -> None:
    talk = talks.write("hola")
    first = note(talks, talk, client_id="n-1")
    assert note(talks, talk, client_id="n-1").id == first.id
    last = talks.read(talk).row.last_position
    reply(talks.care, talks.store.id, talk, ANA, "Hola", "c-1")
    note(talks, talk, "4111 1111 1111 1111 otra vez")
    with talks.db.reading(talks.store.id) as tx:
        found = list_notes(tx, talks.read(talk).row)
    assert [[one.text for one in found[at]] for at in sorted(found)] == [[SECRET], ["•••• 1111 otra vez"]]
    assert sorted(found)[0] == last
    with pytest.raises(LookupError):
        note(talks, "cv_AAAAAAAAAAAA")


def test_no_shopper_ever_hears_a_note(talks: Talks) -> None:
    talk = talks.write("hola")
    row = talks.read(talk).row
    shopper = talks.care.hub.subscribe(conversation_channel(row.store_id, row.id))
    desk = talks.care.hub.subscribe(desk_channel(row.store_id), "Ana")
    version = row.version
    note(talks, talk)
    assert shopper.wait(0.01) is None, "not even that something happened"
    event = desk.wait(1)
    assert event is not None and json.loads(event.data)["conversation"] == talk and SECRET not in event.data
    whole = talks.read(talk)
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
    left = everything(class_())
    assert SECRET not in left and "alma@example.com" not in left and "es la de ••• otra vez" in left


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
    whole = talks.read(talk)
    assert (whole.row.owner, whole.row.agent_id, whole.row.status) == ("agent", LEO.id, "open")
    with talks.db.reading(talks.store.id) as tx:
        notes = list_notes(tx, whole.row)
    assert [one.text for found in notes.values() for one in found] == ["es para ti"]
    with pytest.raises(HeldByOther):
        assign(talks.care, talks.store.id, talk, ANA, BEA)
    assign(talks.care, talks.store.id, talk, ANA, BEA, from_agent=LEO.id)
    assert talks.read(talk).row.agent_id == BEA.id


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
