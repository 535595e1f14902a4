"""Signing in: links work once and for a day, tokens are kept as hashes, sessions end when they should."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from plugin.agents import (
    IDLE,
    MOST_LINKS,
    AgentRow,
    AgentSessionRow,
    SignInLinkRow,
    create_agent,
    find_agent_by_link,
    find_session,
    index_address,
    is_session_good,
    list_sessions,
    mint_link_for_index,
    mint_sign_in_link,
    note_seen,
    revoke_other_sessions,
    revoke_session,
    sign_in,
)
from plugin.database import ALL, Database
from plugin.testing.factories import MOMENT, make_database


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    made = make_database(database_url)
    yield made
    made.close()


@pytest.fixture
def ana(db: Database) -> AgentRow:
    with db.transaction(ALL, "test") as tx:
        return create_agent(tx, "ana@example.com", "Ana", "es", MOMENT)


def mint(db: Database, agent: AgentRow) -> str:
    with db.transaction(ALL, "test") as tx:
        return mint_sign_in_link(tx, agent.id, MOMENT)


def enter(db: Database, token: str, after: timedelta = timedelta(0)) -> str | None:
    with db.transaction(ALL, "test") as tx:
        return sign_in(tx, token, MOMENT + after, "Firefox · Linux")


def test_a_link_signs_in_once(db: Database, ana: AgentRow) -> None:
    link = mint(db, ana)
    first, second = enter(db, link), enter(db, link)
    assert first is not None and second is None
    with db.reading(ALL, "test") as tx:
        session = find_session(tx, first, MOMENT)
        assert session is not None and session.agent.id == ana.id
        assert [row.browser for row in list_sessions(tx, ana.id, MOMENT)] == ["Firefox · Linux"]


def test_of_many_who_press_at_once_one_gets_in(db: Database, ana: AgentRow) -> None:
    link, got, start = mint(db, ana), [], threading.Barrier(8)

    def press() -> None:
        start.wait()
        got.append(enter(db, link))

    threads = [threading.Thread(target=press) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 8 and sum(one is not None for one in got) == 1


@pytest.mark.parametrize(
    ("after", "good"),
    [(timedelta(hours=23, minutes=59), True), (timedelta(hours=24), False), (timedelta(hours=25), False)],
)
def test_a_link_lives_for_a_day(db: Database, ana: AgentRow, after: timedelta, good: bool) -> None:
    link = mint(db, ana)
    with db.reading(ALL, "test") as tx:
        assert (find_agent_by_link(tx, link, MOMENT + after) is not None) is good
    assert (enter(db, link, after) is not None) is good


@pytest.mark.parametrize("change", [
    lambda _: "", lambda _: " ", lambda _: "\0", lambda _: "%00", lambda _: "%", lambda _: "_" * 32, lambda _: "*",
    str.upper, str.swapcase, lambda token: f" {token}", lambda token: f"{token}\n", lambda token: token[:-1],
    lambda token: token + "A", lambda token: token[::-1], lambda _: "None", lambda _: "á" * 32,
])  # fmt: skip
def test_what_is_not_the_token_opens_nothing(db: Database, ana: AgentRow, change: object) -> None:
    link = mint(db, ana)
    session = enter(db, mint(db, ana))
    assert session is not None and callable(change)
    for wrong in (change(link), change(session)):
        if wrong in (link, session):
            continue
        assert enter(db, wrong) is None
        with db.reading(ALL, "test") as tx:
            assert find_session(tx, wrong, MOMENT) is None and find_agent_by_link(tx, wrong, MOMENT) is None


def test_looking_at_a_link_changes_nothing(db: Database, ana: AgentRow) -> None:
    link = mint(db, ana)
    for _ in range(3):
        with db.reading(ALL, "test") as tx:
            assert find_agent_by_link(tx, link, MOMENT) is not None
    assert enter(db, link) is not None


def test_tokens_are_192_random_bits_and_only_their_hashes_are_kept(db: Database, ana: AgentRow) -> None:
    links = [mint(db, ana) for _ in range(50)]
    session = enter(db, links[0])
    assert session is not None and len(set(links)) == 50 and {len(one) for one in (*links, session)} == {32}
    with db.reading(ALL, "test") as tx:
        kept = [
            *tx.scalars(select(SignInLinkRow.token_hash)),
            *tx.scalars(select(AgentSessionRow.token_hash)),
        ]
    assert {len(one) for one in kept} == {64} and not {*links, session} & set(kept)


def test_a_session_ends_after_thirty_idle_days_and_acting_begins_them_anew(
    db: Database, ana: AgentRow
) -> None:
    token = enter(db, mint(db, ana))
    assert token is not None

    def is_open(after: timedelta) -> bool:
        with db.reading(ALL, "test") as tx:
            return find_session(tx, token, MOMENT + after) is not None

    assert is_open(IDLE - timedelta(minutes=1)) and not is_open(IDLE)
    with db.transaction(ALL, "test") as tx:
        session = find_session(tx, token, MOMENT)
        assert session is not None
        note_seen(tx, session.id, MOMENT + timedelta(days=20))
        note_seen(tx, session.id, MOMENT + timedelta(days=10))
    assert is_open(IDLE + timedelta(days=19)) and not is_open(IDLE + timedelta(days=20))


def test_a_revoked_session_is_closed_at_once_and_others_stay(db: Database, ana: AgentRow) -> None:
    tokens = [enter(db, mint(db, ana)) for _ in range(3)]
    with db.transaction(ALL, "test") as tx:
        sessions = [find_session(tx, token or "", MOMENT) for token in tokens]
        first, second, third = (one for one in sessions if one is not None)
        assert revoke_session(tx, ana.id, first.public_id, MOMENT)
        assert not revoke_session(tx, ana.id, first.public_id, MOMENT)
        assert not revoke_session(tx, ana.id + 1, second.public_id, MOMENT)
        assert not is_session_good(tx, first.id, MOMENT) and is_session_good(tx, second.id, MOMENT)
        assert revoke_other_sessions(tx, ana.id, third.id, MOMENT) == 1
        assert [row.id for row in list_sessions(tx, ana.id, MOMENT)] == [third.id]
        assert find_session(tx, tokens[0] or "", MOMENT) is None


def test_an_address_gets_few_links_a_day_and_once_one_was_used_an_hour(db: Database, ana: AgentRow) -> None:
    index = index_address(db.vault, " ANA@example.com ")
    with db.transaction(ALL, "test") as tx:
        minted = [mint_link_for_index(tx, index, MOMENT) for _ in range(MOST_LINKS + 2)]
        assert [one is not None for one in minted] == [True] * MOST_LINKS + [False] * 2
        assert mint_link_for_index(tx, index, MOMENT + timedelta(hours=23)) is None
        assert minted[0] is not None and sign_in(tx, minted[0][1], MOMENT)
        assert mint_link_for_index(tx, index, MOMENT + timedelta(hours=1)) is not None
        assert mint_link_for_index(tx, index_address(db.vault, "nobody@example.com"), MOMENT) is None
