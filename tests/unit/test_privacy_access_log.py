"""The access log on both engines: one row per look, found by person and subject, read in pages that miss nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from privacy_scene import open_house

from plugin.agents import AgentRow, create_agent
from plugin.app import House
from plugin.database import ALL
from plugin.privacy import list_accesses, list_lookers, note_access
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT, make_store


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = open_house(database_url)
    yield opened
    opened.db.close()


def make_agent(house: House, name: str) -> AgentRow:
    with house.db.transaction(ALL, "an agent for a test") as tx:
        return create_agent(tx, f"{name}@example.com", name, "es", MOMENT)


def note(
    house: House, store: StoreRow, agent: AgentRow, subject: str, at: datetime = MOMENT, kind: str = "order"
) -> bool:
    with house.db.transaction(store.id) as tx:
        return note_access(tx, store.id, agent, kind, subject, at)


def test_the_same_look_is_one_row_for_ten_minutes_each_store_kind_and_person_for_itself(house: House) -> None:
    store, other = make_store(house.db), make_store(house.db, domain="other.example")
    ana, leo = make_agent(house, "ana"), make_agent(house, "leo")
    assert note(house, store, ana, "#1001")
    for subject in ("#1001", "1001", " #1001 "):
        assert not note(house, store, ana, subject, MOMENT + timedelta(seconds=599))
    assert note(house, store, ana, "#1001", kind="mail") and note(house, store, ana, "1002")
    assert note(house, store, leo, "#1001") and note(house, other, ana, "#1001")
    assert note(house, store, ana, "#1001", MOMENT + timedelta(seconds=600))


def test_pages_miss_nothing_and_repeat_nothing_even_at_one_moment(house: House) -> None:
    store, other = make_store(house.db), make_store(house.db, domain="other.example")
    ana = make_agent(house, "ana")
    for n in range(25):
        note(house, store, ana, str(n), MOMENT + timedelta(seconds=n // 10))
        note(house, other, ana, str(n), MOMENT)
    found, before = [], None
    for _ in range(10):
        with house.db.reading(store.id) as tx:
            rows = list_accesses(tx, store.id, before=before, most=4)
        if not rows:
            break
        found += [row.subject for row in rows]
        before = rows[-1].id
    assert found == [str(n) for n in range(24, -1, -1)]
    with house.db.reading(store.id) as tx:
        assert list_accesses(tx, store.id, before=2_000_000_000) == []


def test_people_and_subjects_are_filters(house: House) -> None:
    store = make_store(house.db)
    ana, leo = make_agent(house, "ana"), make_agent(house, "leo")
    for agent, subject in ((ana, "#1001"), (leo, "#1001"), (leo, "#1002")):
        note(house, store, agent, subject)
    with house.db.reading(store.id) as tx:
        assert [one.address for one in list_lookers(tx, store.id)] == ["ana@example.com", "leo@example.com"]
        assert len(list_accesses(tx, store.id, subject="1001")) == 2
        assert [row.subject for row in list_accesses(tx, store.id, agent_id=leo.id)] == ["#1002", "#1001"]
        assert list_accesses(tx, store.id, agent_id=ana.id, subject="1002") == []
