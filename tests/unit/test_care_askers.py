"""Telling who asked: once each, and without taking a conversation or ending a wait that is about something else."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import Counter, open_counter

from faq_links import EXAMPLE_ANSWERS
from plugin import help
from plugin.care import (
    Agent,
    Arrived,
    ConversationRow,
    HeldByOther,
    VisitorRow,
    WaitRow,
    get_conversation,
    post_message,
)
from plugin.care.askers import tell_asker
from plugin.care.hold import give_back_to_bot, reply, take
from plugin.stores import StoreRow, get_store
from plugin.work.models import Job

ODD = "mi primo dice que el bulto va en burro"
ELSE = "¿y dónde quedó mi reembolso?"
ANA, LUIS = Agent(1, "Ana"), Agent(2, "Luis")


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with open_counter(tmp_path) as made:
        yield made


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})


def find(counter: Counter, store: StoreRow, talk: str) -> ConversationRow:
    with counter.db.reading(store.id) as tx:
        whole = get_conversation(tx, store.id, talk)
    assert whole is not None
    return whole.row


def write_again(counter: Counter, store: StoreRow, talk: str, text: str) -> int:
    """The same shopper, a minute later; gives the position."""
    counter.clock.advance(60)
    with counter.db.reading(store.id) as tx:
        mine = (VisitorRow.store_id == store.id, VisitorRow.id == find(counter, store, talk).visitor_id)
        visitor = tx.scalars(select(VisitorRow).where(*mine)).one()
    arrived = Arrived(text=text, client_id=str(uuid.uuid4()), locale="es", steps=("cart",))
    return post_message(counter.house.doors.care, store, visitor, arrived).messages[0].position


def tell(counter: Counter, store: StoreRow, *asked: tuple[str, int]) -> None:
    """The article is made of these questions, and sent to the first one's conversation."""
    written = help.Written("¿Va en burro?", "shop", "No, en camión.")
    with counter.db.transaction(store.id) as tx:
        help.show(tx, store.id, "burro", "es", written, 0, help.Writer(1, counter.clock.now()), asked)
    with counter.db.reading(store.id) as tx:
        store = get_store(tx, store.id)
    sent = tell_asker(counter.house.doors.care, store.id, asked[0][0], "burro", ANA)
    assert sent.author == "agent" and sent.agent_name == "Ana" and sent.source_article_id == "burro"


def waits(counter: Counter, store: StoreRow) -> list[str]:
    with counter.db.reading(store.id) as tx:
        return list(tx.scalars(select(WaitRow.ended).where(WaitRow.store_id == store.id).order_by(WaitRow.id)))


def test_who_waits_for_just_this_is_answered_with_it(counter: Counter, store: StoreRow) -> None:
    talk = counter.write(store, ODD, person=True)
    tell(counter, store, (talk, 1))
    row = find(counter, store, talk)
    assert (row.status, row.owner, row.agent_name, row.waiting_since) == ("open", "agent", "Ana", None)
    assert waits(counter, store) == ["replied"]


def test_who_asked_something_else_since_goes_on_waiting_and_belongs_to_nobody(
    counter: Counter, store: StoreRow
) -> None:
    talk = counter.write(store, ODD, person=True)
    since = find(counter, store, talk).waiting_since
    write_again(counter, store, talk, ELSE)
    tell(counter, store, (talk, 1))
    row = find(counter, store, talk)
    assert since is not None and (row.status, row.owner, row.waiting_since) == ("open", "nobody", since)
    assert row.first_reply_at is None and waits(counter, store) == [""]


def test_who_waits_for_something_older_as_well_goes_on_waiting(counter: Counter, store: StoreRow) -> None:
    talk = counter.write(store, ELSE, person=True)
    last = write_again(counter, store, talk, ODD)
    tell(counter, store, (talk, last))
    row = find(counter, store, talk)
    assert row.owner == "nobody" and row.waiting_since is not None and waits(counter, store) == [""]


def test_a_conversation_of_one_s_own_is_no_exception(counter: Counter, store: StoreRow) -> None:
    talk, care = counter.write(store, ODD, person=True), counter.house.doors.care
    take(care, store.id, talk, ANA)
    reply(care, store.id, talk, ANA, "Lo miro.", "c-1")
    write_again(counter, store, talk, ELSE)
    since = find(counter, store, talk).waiting_since
    tell(counter, store, (talk, 1))
    row = find(counter, store, talk)
    assert since is not None and (row.owner, row.agent_name, row.waiting_since) == ("agent", "Ana", since)


def test_what_a_colleague_holds_hears_nothing(counter: Counter, store: StoreRow) -> None:
    talk, care = counter.write(store, ODD, person=True), counter.house.doors.care
    take(care, store.id, talk, LUIS)
    before = find(counter, store, talk).last_position
    with pytest.raises(HeldByOther, match="Luis"):
        tell(counter, store, (talk, 1))
    assert find(counter, store, talk).last_position == before and waits(counter, store) == [""]
    give_back_to_bot(care, store.id, talk, LUIS)
    tell_asker(care, store.id, talk, "burro", ANA)
    assert find(counter, store, talk).owner == "bot"


def test_whoever_left_an_address_is_mailed_whoever_holds_it(counter: Counter, store: StoreRow) -> None:
    talk = counter.write(store, ODD, person=True)
    write_again(counter, store, talk, ELSE)
    with counter.db.transaction(store.id) as tx:
        mine = (ConversationRow.store_id == store.id, ConversationRow.public_id == talk)
        tx.scalars(select(ConversationRow).where(*mine)).one().email = "eva@correo.example"
    tell(counter, store, (talk, 1))
    with counter.db.reading(store.id) as tx:
        mine_ = (Job.store == store.id, Job.kind == "care.mail_answer")
        assert len(tx.scalars(select(Job).where(*mine_)).all()) == 1
