"""Whose a shop becomes when its platform itself signs who stands in its back office."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from plugin.agents import add_membership, create_agent, get_role, has_owner, list_team, open_session, welcome
from plugin.agents.ownership import PROVEN, Hand, NotTheirs, settle_store
from plugin.agents.sessions import find_session
from plugin.contract import StoreAccess
from plugin.database import ALL, Database
from plugin.mail import MailInvalid
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT, make_database, make_store


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    made = make_database(database_url)
    yield made
    made.close()


def bring(db: Database, domain: str, installs: str, hand: Hand = PROVEN, **credentials: str) -> StoreRow:
    access = StoreAccess(domain=domain, name=domain, credentials=credentials)
    with db.transaction(ALL, "a shop is brought in a test") as tx:
        return settle_store(tx, "paper", access, hand, installs, MOMENT)


def count_team(db: Database, store_id: int) -> int:
    with db.reading(ALL, "look at the team") as tx:
        return len(list_team(tx, store_id))


@pytest.mark.parametrize("installs", ["first", "open"])
def test_a_new_store_comes_by_the_platform_s_word_and_is_nobody_s_yet(db: Database, installs: str) -> None:
    row = bring(db, "one.example", installs, key="k")
    assert row.status == "connected" and count_team(db, row.id) == 0


def test_a_second_store_comes_only_where_everybody_may(db: Database) -> None:
    bring(db, "one.example", "first", key="k")
    for installs in ("first", "invited"):
        with pytest.raises(NotTheirs) as refused:
            bring(db, "two.example", installs, key="k")
        assert refused.value.code == "ticket"
    assert bring(db, "two.example", "open", key="k").status == "connected"


@pytest.mark.parametrize("installs", ["first", "invited", "open"])
@pytest.mark.parametrize("status", ["connected", "parked", "uninstalled"])
def test_a_known_store_is_always_renewed_and_keeps_its_team(db: Database, installs: str, status: str) -> None:
    row = make_store(db, platform="paper", domain="one.example", credentials={"key": "old"}, status=status)
    with db.transaction(ALL, "an owner for a test") as tx:
        agent = create_agent(tx, "ana@shop.example", "Ana", "es", MOMENT)
        add_membership(tx, row.id, agent.id, "owner", MOMENT)
    renewed = bring(db, "one.example", installs, key="new")
    assert (renewed.id, renewed.status, count_team(db, row.id)) == (row.id, "connected", 1)


def test_sessions_of_the_shop_s_word_end_when_a_store_comes_back(db: Database) -> None:
    row = make_store(db, platform="paper", domain="one.example", credentials={"key": "old"}, status="uninstalled")
    with db.transaction(ALL, "a session for a test") as tx:
        agent = welcome(tx, row.id, "ana@shop.example", "Ana", "es", MOMENT)
        cookie = open_session(tx, agent.id, MOMENT, "", bound_to=row.id)
    bring(db, "one.example", "invited", key="new")
    with db.reading(ALL, "is the session still good") as tx:
        assert find_session(tx, cookie, MOMENT) is None


def test_a_word_without_an_access_proves_nothing(db: Database) -> None:
    make_store(db, platform="paper", domain="one.example", credentials={"key": "old"})
    for domain in ("one.example", "two.example"):
        with pytest.raises(NotTheirs) as refused:
            bring(db, domain, "open")
        assert refused.value.code == "keys"


def test_an_announced_store_is_a_new_one_and_keeps_its_ids(db: Database) -> None:
    row = make_store(db, platform="paper", domain="one.example", status="announced", live_at=None)
    with pytest.raises(NotTheirs) as refused:
        bring(db, "one.example", "invited", key="k")
    assert refused.value.code == "ticket"
    brought = bring(db, "one.example", "first", key="k")
    assert (brought.id, brought.public_id, brought.status) == (row.id, row.public_id, "connected")


def test_the_platform_says_who_owns_and_who_answers(db: Database) -> None:
    row = make_store(db, platform="paper", domain="one.example", credentials={"key": "k"})

    def come(address: str, role: str) -> str | None:
        with db.transaction(ALL, "somebody comes in") as tx:
            agent = welcome(tx, row.id, address, "", "es", MOMENT, role)
            return get_role(tx, row.id, agent.id)

    assert come("luis@shop.example", "agent") == "owner", "a store without an owner gets its first"
    assert come("eva@shop.example", "agent") == "agent"
    assert come("marta@shop.example", "owner") == "owner"
    assert come("eva@shop.example", "owner") == "agent", "what somebody is here already stays"
    assert come("marta@shop.example", "agent") == "owner"
    with pytest.raises(MailInvalid):
        come("no address", "owner")
    with db.reading(ALL, "has it an owner") as tx:
        assert has_owner(tx, row.id)
