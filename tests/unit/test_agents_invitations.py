"""Invitations and calls on both databases: roles, and of two at the same moment one."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from plugin.agents import (
    CALLS_APART,
    accept_invitation,
    add_membership,
    claim_call,
    create_agent,
    find_agent,
    get_role,
    invite,
    list_callees,
    list_team,
    mint_invitation,
    set_role,
    set_takes_calls,
    take_call_back,
    welcome,
    withdraw_invitations,
)
from plugin.agents.tokens import hash_token
from plugin.database import ALL, Database
from plugin.testing.factories import MOMENT, make_database, make_store


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    made = make_database(database_url)
    yield made
    made.close()


def fill(db: Database, domain: str = "a.example") -> tuple[int, dict[str, int]]:
    """A store with an owner, an agent and a viewer; gives name → agent id."""
    store = make_store(db, domain=domain)
    with db.transaction(ALL, "test") as tx:
        ids = {}
        for name, role in (("vera", "viewer"), ("leo", "agent"), ("ana", "owner")):
            agent = create_agent(tx, f"{name}@example.com", name, "es", MOMENT)
            add_membership(tx, store.id, agent.id, role, MOMENT)
            ids[name] = agent.id
    return store.id, ids


def test_a_team_is_listed_owners_first_and_viewers_last(db: Database) -> None:
    store_id, _ = fill(db)
    with db.reading(ALL, "test") as tx:
        assert [one.role for one in list_team(tx, store_id)] == ["owner", "agent", "viewer"]


def test_of_two_owners_who_make_each_other_less_at_once_one_stays_owner(db: Database) -> None:
    store_id, ids = fill(db)
    with db.transaction(ALL, "test") as tx:
        assert set_role(tx, store_id, ids["leo"], "owner")
    start, done = threading.Barrier(2), []

    def lower(agent: int) -> None:
        start.wait(10)
        with db.transaction(ALL, "test") as tx:
            done.append(set_role(tx, store_id, agent, "viewer"))

    threads = [threading.Thread(target=lower, args=(ids[name],)) for name in ("ana", "leo")]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(done) == [False, True]
    with db.reading(ALL, "test") as tx:
        assert [one.role for one in list_team(tx, store_id)].count("owner") == 1


def test_of_two_presses_at_once_one_comes_in(db: Database) -> None:
    store_id, ids = fill(db)
    with db.transaction(ALL, "test") as tx:
        row = invite(tx, store_id, "noa@example.com", "agent", ids["ana"], MOMENT, "es")
        minted = mint_invitation(tx, row.id, MOMENT)
    assert minted is not None
    start, came = threading.Barrier(2), []

    def press() -> None:
        start.wait(10)
        with db.transaction(ALL, "test") as tx:
            came.append(accept_invitation(tx, minted[1], "Noa", "es", MOMENT) is not None)

    threads = [threading.Thread(target=press) for _ in range(2)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert sorted(came) == [False, True]
    with db.reading(ALL, "test") as tx:
        assert [one.agent.name for one in list_team(tx, store_id)].count("Noa") == 1


@pytest.mark.parametrize("stores", [1, 2])
def test_of_two_invitations_to_one_address_pressed_at_once_both_come_to_one_account(
    db: Database, monkeypatch: pytest.MonkeyPatch, stores: int
) -> None:
    """To one store (two that were asked for at the same moment) the second is over; to two stores both let in."""
    places = [fill(db), fill(db, "b.example")][:stores]
    tokens = []
    with db.transaction(ALL, "test") as tx:
        rows = []
        for place in range(2):
            store_id, ids = places[place % stores]
            rows.append(invite(tx, store_id, "noa@example.com", ("agent", "viewer")[place], ids["ana"], MOMENT, "es"))
            minted = mint_invitation(tx, rows[-1].id, MOMENT)
            assert minted is not None
            tokens.append(minted[1])
        rows[0].revoked_at, rows[0].token_hash = None, hash_token(tokens[0])
    meeting = threading.Barrier(2)

    def meet(*values: Any) -> Any:
        """Both stand at this line before either goes on, where nothing makes one of them wait."""
        with suppress(threading.BrokenBarrierError):
            meeting.wait(1)
        return withdraw_invitations(*values)

    monkeypatch.setattr("plugin.agents.invitations.withdraw_invitations", meet)
    came: list[Any] = []

    def press(token: str) -> None:
        try:
            with db.transaction(ALL, "test") as tx:
                found = accept_invitation(tx, token, "Noa", "es", MOMENT)
                came.append(found[1].id if found is not None else None)
        except Exception as error:
            came.append(error)

    threads = [threading.Thread(target=press, args=(one,)) for one in tokens]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    with db.reading(ALL, "test") as tx:
        noa = find_agent(tx, "noa@example.com")
        assert noa is not None
        roles = [get_role(tx, store_id, noa.id) for store_id, _ in places]
    assert sorted(came, key=str) == [noa.id, noa.id if stores == 2 else None]
    assert roles == ["agent", "viewer"] if stores == 2 else roles[0] in ("agent", "viewer")


def test_of_a_shop_s_word_and_an_invitation_at_once_both_find_one_account(db: Database) -> None:
    store_id, ids = fill(db)
    start, came = threading.Barrier(2), []
    with db.transaction(ALL, "test") as tx:
        row = invite(tx, store_id, "noa@x.example", "agent", ids["ana"], MOMENT, "es")
        minted = mint_invitation(tx, row.id, MOMENT)
    assert minted is not None

    def accept(tx: Session) -> int:
        found = accept_invitation(tx, minted[1], "Noa", "es", MOMENT)
        assert found is not None
        return found[1].id

    def name(tx: Session) -> int:
        return welcome(tx, store_id, "noa@x.example", "Noa", "es", MOMENT, "viewer").id

    def run(way: Callable[[Session], int]) -> None:
        try:
            with db.transaction(ALL, "test") as tx:
                start.wait(10) if not db.is_sqlite else None
                came.append(way(tx))
        except Exception as error:
            came.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in (accept, name)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(30)
    assert len(came) == 2 and came[0] == came[1]
    with db.reading(ALL, "test") as tx:
        assert len(list_team(tx, store_id)) == 4


def test_who_answers_and_wishes_it_is_called_once_in_a_quarter_of_an_hour(db: Database) -> None:
    store_id, ids = fill(db)
    with db.transaction(ALL, "test") as tx:
        assert {one.agent.id for one in list_callees(tx, store_id)} == {ids["leo"], ids["ana"]}
        assert set_takes_calls(tx, store_id, ids["leo"], False)
        assert [one.agent.id for one in list_callees(tx, store_id)] == [ids["ana"]]
        assert claim_call(tx, store_id, ids["ana"], MOMENT)
        assert not claim_call(tx, store_id, ids["ana"], MOMENT + CALLS_APART - timedelta(seconds=1))
        assert claim_call(tx, store_id, ids["ana"], MOMENT + CALLS_APART)
        take_call_back(tx, store_id, ids["ana"], MOMENT + CALLS_APART, MOMENT)
        assert [one.called_at for one in list_callees(tx, store_id)] == [MOMENT]


def test_the_role_of_who_is_not_of_the_store_cannot_be_set(db: Database) -> None:
    store_id, _ = fill(db)
    with db.transaction(ALL, "test") as tx:
        eva = create_agent(tx, "eva@example.com", "Eva", "es", MOMENT)
        assert not set_role(tx, store_id, eva.id, "owner") and get_role(tx, store_id, eva.id) is None
        with pytest.raises(ValueError, match="A role is one of"):
            set_role(tx, store_id, eva.id, "admin")
