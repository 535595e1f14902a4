"""Who holds a conversation, and what the desk reads of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from faq_links import EXAMPLE_ANSWERS
from plugin.care import (
    Agent,
    Arrived,
    Care,
    HeldByOther,
    ask_for_person,
    count_by_status,
    find_visitor,
    get_conversation,
    give_back_to_bot,
    list_conversations,
    open_care,
    post_message,
    reply,
    resolve,
    show_message,
    take,
)
from plugin.care.desk import read_where
from plugin.care.inbox import View
from plugin.database import ALL
from plugin.push import open_hub
from plugin.registry import Registry
from plugin.stores import StoreRow
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_database, make_store

ANA, BEA = Agent(1, "Ana"), Agent(2, "Bea")


class Room:
    """The care room of one store, without HTTP."""

    def __init__(self, url: str) -> None:
        self.clock, self.db = FrozenClock(), make_database(url)
        self.care: Care = open_care(self.db, self.clock, open_hub(), Registry({}))
        self.store: StoreRow = make_store(self.db, answers=EXAMPLE_ANSWERS)

    def write(self, words: str, token: str | None = None, store: StoreRow | None = None) -> Any:
        visitor = find_visitor(self.care, token) if token else None
        arrived = Arrived(words, str(uuid.uuid4()), "es", ("cart",), "https://shop.example/cart")
        posted = post_message(self.care, store or self.store, visitor, arrived)
        self.clock.advance(1)
        return posted

    def say(self, public_id: str, agent: Agent, words: str, client_id: str = "") -> Any:
        return reply(self.care, self.store.id, public_id, agent, words, client_id or str(uuid.uuid4()))

    def read(self, public_id: str) -> Any:
        with self.db.reading(self.store.id) as tx:
            return get_conversation(tx, self.store.id, public_id)


@pytest.fixture
def room(database_url: str) -> Iterator[Room]:
    room = Room(database_url)
    yield room
    room.care.hub.close()
    room.db.close()


def test_taking_is_once_and_a_colleague_must_be_named_to_be_relieved(room: Room) -> None:
    public_id = room.write("quiero hablar con una persona").conversation.public_id
    first = take(room.care, room.store.id, public_id, ANA)
    again = take(room.care, room.store.id, public_id, ANA)
    assert (first.owner, first.agent_id, again.version) == ("agent", 1, first.version)
    for wrong in (None, 2, 9):
        with pytest.raises(HeldByOther, match="Ana"):
            take(room.care, room.store.id, public_id, BEA, from_agent=wrong)
    assert take(room.care, room.store.id, public_id, BEA, from_agent=1).agent_id == 2
    with pytest.raises(HeldByOther, match="Bea"):
        room.say(public_id, ANA, "tarde")
    joined = [one.text for one in room.read(public_id).messages if "se ha unido" in one.text]
    assert joined == ["Ana se ha unido a la conversación.", "Bea se ha unido a la conversación."]


def test_a_reply_is_kept_once_and_takes_what_nobody_holds(room: Room) -> None:
    public_id = room.write("hola").conversation.public_id
    client_id = str(uuid.uuid4())
    one, again = (
        room.say(public_id, ANA, "Hola, soy Ana", client_id),
        room.say(public_id, ANA, "otra cosa", client_id),
    )
    assert one.id == again.id and one.text == "Hola, soy Ana"
    whole = room.read(public_id)
    assert [message.author for message in whole.messages] == ["shopper", "bot", "system", "agent"]
    assert (whole.row.owner, whole.row.status, whole.row.agent_name) == ("agent", "open", "Ana")
    assert show_message(whole.messages[3])["name"] == "Ana"


def test_an_agent_s_words_are_masked_too(room: Room) -> None:
    public_id = room.write("hola").conversation.public_id
    assert room.say(public_id, ANA, "tu tarjeta 4242424242424242").text == "tu tarjeta •••• 4242"


def test_the_wait_is_counted_from_the_hand_over_and_ends_with_the_first_agent_message(room: Room) -> None:
    posted = room.write("hola")
    public_id, at = posted.conversation.public_id, room.clock.now()
    visitor = find_visitor(room.care, posted.token)
    assert (
        visitor is not None and ask_for_person(room.care, room.store, visitor, str(uuid.uuid4())) is not None
    )
    room.clock.advance(60)
    row = take(room.care, room.store.id, public_id, ANA)
    assert (row.handed_over_at, row.waiting_since, row.first_reply_at) == (at, at, None), (
        "taking answers nobody"
    )
    room.clock.advance(60)
    room.say(public_id, ANA, "ya voy")
    answered = room.read(public_id).row
    assert (answered.waiting_since, answered.first_reply_at) == (None, at + timedelta(seconds=120))
    room.write("gracias", posted.token)
    waiting = room.read(public_id).row
    assert waiting.waiting_since == room.clock.now() - timedelta(seconds=1) and waiting.handed_over_at == at
    room.clock.advance(5)
    room.say(public_id, ANA, "a ti")
    assert room.read(public_id).row.first_reply_at == answered.first_reply_at


def test_resolving_and_giving_back_are_the_holder_s_and_repeat_harmlessly(room: Room) -> None:
    posted = room.write("quiero hablar con una persona")
    public_id = posted.conversation.public_id
    take(room.care, room.store.id, public_id, ANA)
    for act in (resolve, give_back_to_bot):
        with pytest.raises(HeldByOther):
            act(room.care, room.store.id, public_id, BEA)
    done = resolve(room.care, room.store.id, public_id, ANA)
    assert (done.status, done.waiting_since) == ("resolved", None) and done.resolved_at is not None
    assert resolve(room.care, room.store.id, public_id, BEA).version == done.version
    assert take(room.care, room.store.id, public_id, BEA).agent_id == 2, "a resolved one is anybody's"
    back = give_back_to_bot(room.care, room.store.id, public_id, BEA)
    assert (back.status, back.owner, back.agent_id, back.waiting_since) == ("bot", "bot", None, None)
    assert give_back_to_bot(room.care, room.store.id, public_id, ANA).version == back.version
    assert [one.author for one in room.write("¿Cuánto tarda el envío?", posted.token).messages] == [
        "shopper",
        "bot",
    ]


def test_a_snoozed_conversation_wakes_when_the_shopper_writes(room: Room) -> None:
    posted = room.write("quiero hablar con una persona")
    public_id = posted.conversation.public_id
    take(room.care, room.store.id, public_id, ANA)
    with room.db.transaction(room.store.id) as tx:
        whole = get_conversation(tx, room.store.id, public_id)
        assert whole is not None
        whole.row.status, whole.row.waiting_since = "snoozed", None
    again = room.write("¿sigues ahí?", posted.token).conversation
    assert (again.status, again.owner, again.agent_id) == (
        "open",
        "agent",
        1,
    ) and again.waiting_since is not None


@pytest.mark.parametrize("act", [take, resolve, give_back_to_bot])
def test_no_store_reaches_another_store_s_conversation(room: Room, act: Any) -> None:
    other = make_store(room.db, domain="other.example")
    public_id = room.write("hola").conversation.public_id
    with pytest.raises(LookupError):
        act(room.care, other.id, public_id, ANA)
    with pytest.raises(LookupError):
        reply(room.care, other.id, public_id, ANA, "hola", str(uuid.uuid4()))
    with pytest.raises(LookupError):
        act(room.care, room.store.id, "cv_unknown", ANA)
    with room.db.reading(other.id) as tx:
        assert get_conversation(tx, other.id, public_id) is None
        assert list_conversations(tx, other.id) == [] and count_by_status(tx, other.id).statuses == {}


def test_the_desk_s_list_begins_with_whoever_waits_longest(room: Room) -> None:
    quiet = room.write("hola").conversation.public_id
    first = room.write("quiero hablar con una persona").conversation.public_id
    second = room.write("quiero hablar con una persona").conversation.public_id
    newest = room.write("  una\n\nlínea " + "larga " * 60).conversation.public_id
    with room.db.reading(room.store.id) as tx:
        listed = list_conversations(tx, room.store.id)
        assert [one.row.public_id for one in listed] == [first, second, newest, quiet]
        assert listed[0].last_author == "shopper" and len(listed[2].last_text) <= 140
        assert [one.row.public_id for one in list_conversations(tx, room.store.id, View("open"))] == [first, second]
        assert len(list_conversations(tx, room.store.id, most=1)) == 1
        standing = count_by_status(tx, room.store.id)
        assert (standing.statuses, standing.waiting) == ({"bot": 2, "open": 2}, 2)
        assert standing.longest == list_conversations(tx, room.store.id, View("open"))[0].row.waiting_since


def test_the_desk_reads_a_conversation_whole_however_long(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.care.threads.read_messages.__defaults__", (0, 7))
    posted = room.write("hola")
    for _ in range(11):
        room.write("¿Cuánto tarda el envío?", posted.token)
    whole = room.read(posted.conversation.public_id)
    assert [message.position for message in whole.messages] == list(range(1, 25))
    where = read_where(whole.row)
    assert (where.steps, where.page) == (("cart",), "https://shop.example/cart")


def test_deleting_a_store_deletes_what_was_said_in_it(room: Room) -> None:
    from sqlalchemy import delete, text

    room.write("hola")
    with room.db.transaction(ALL, "test") as tx:
        tx.execute(delete(StoreRow).where(StoreRow.id == room.store.id))
    with room.db.reading(ALL, "test") as tx:
        for table in ("visitors", "conversations", "messages", "outbox"):
            assert tx.scalar(text(f"SELECT count(*) FROM {table}")) == 0, table
