"""Agents and the stores they stand in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.exc import IntegrityError

from plugin.agents import (
    MembershipRow,
    add_membership,
    create_agent,
    find_agent,
    get_role,
    list_memberships,
    list_team,
    remove_membership,
    rename_agent,
    set_locale,
)
from plugin.database import ALL, Database
from plugin.mail import MailInvalid
from plugin.testing.factories import MOMENT, make_database, make_store


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    made = make_database(database_url)
    yield made
    made.close()


def test_an_agent_is_found_by_their_address_however_it_is_written(db: Database) -> None:
    with db.transaction(ALL, "test") as tx:
        ana = create_agent(tx, "Ana@Example.com", "Ana", "es_CO", MOMENT)
        found = find_agent(tx, " ana@example.COM")
        assert found is not None and found.id == ana.id and found.locale == "es"
        assert find_agent(tx, "an@example.com") is None


def test_making_an_agent_again_gives_the_one_who_is_there(db: Database) -> None:
    with db.transaction(ALL, "test") as tx:
        first = create_agent(tx, "ana@example.com", "Ana", "es", MOMENT)
        again = create_agent(tx, "ANA@example.com", "Somebody else", "en", MOMENT)
        assert (again.id, again.name, again.locale) == (first.id, "Ana", "es")


@pytest.mark.parametrize(
    "address", ["", "ana", "a@b@c", "ana@example.com, eva@example.com", "ana@exa mple.com", "a\n@b.c"]
)
def test_what_is_no_address_makes_no_agent(db: Database, address: str) -> None:
    with db.transaction(ALL, "test") as tx, pytest.raises(MailInvalid):
        create_agent(tx, address, "Ana", "es", MOMENT)


def test_name_and_address_are_not_readable_in_the_database(db: Database) -> None:
    with db.transaction(ALL, "test") as tx:
        create_agent(tx, "ana.lopez@example.com", "Ana López", "es", MOMENT)
    with db.reading(ALL, "test") as tx:
        row = tx.connection().exec_driver_sql("SELECT * FROM agents").one()
    assert not any(word in str(value) for value in row for word in ("ana", "Ana", "López", "example"))


def test_a_role_opens_one_store_and_no_other(db: Database) -> None:
    ours, theirs = make_store(db, domain="a.example"), make_store(db, domain="b.example")
    with db.transaction(ALL, "test") as tx:
        ana = create_agent(tx, "ana@example.com", "Ana", "es", MOMENT)
        add_membership(tx, ours.id, ana.id, "agent", MOMENT)
        assert (get_role(tx, ours.id, ana.id), get_role(tx, theirs.id, ana.id)) == ("agent", None)
        add_membership(tx, ours.id, ana.id, "owner", MOMENT)
        assert get_role(tx, ours.id, ana.id) == "owner"
        assert [row.store_id for row in list_memberships(tx, ana.id)] == [ours.id]
        remove_membership(tx, ours.id, ana.id)
        assert get_role(tx, ours.id, ana.id) is None and list_memberships(tx, ana.id) == []


def test_an_unknown_role_is_refused(db: Database) -> None:
    store = make_store(db)
    with db.transaction(ALL, "test") as tx:
        ana = create_agent(tx, "ana@example.com", "Ana", "es", MOMENT)
        with pytest.raises(ValueError, match="owner, agent"):
            add_membership(tx, store.id, ana.id, "admin", MOMENT)


def test_a_membership_without_a_store_cannot_be_written(db: Database) -> None:
    with pytest.raises(IntegrityError), db.transaction(ALL, "test") as tx:
        ana = create_agent(tx, "ana@example.com", "Ana", "es", MOMENT)
        tx.add(MembershipRow(store_id=None, agent_id=ana.id, role="owner", created_at=MOMENT))
        tx.flush()


def test_the_team_lists_owners_first(db: Database) -> None:
    store = make_store(db)
    with db.transaction(ALL, "test") as tx:
        for name, role in (("Eva", "agent"), ("Ana", "owner")):
            agent = create_agent(tx, f"{name}@example.com", name, "es", MOMENT)
            add_membership(tx, store.id, agent.id, role, MOMENT)
        assert [(one.agent.name, one.role) for one in list_team(tx, store.id)] == [
            ("Ana", "owner"),
            ("Eva", "agent"),
        ]


def test_a_name_is_cleaned_and_never_empty(db: Database) -> None:
    with db.transaction(ALL, "test") as tx:
        ana = create_agent(tx, "ana@example.com", "  ", "es", MOMENT)
        assert ana.name == "ana"
        assert rename_agent(tx, ana.id, "Ana\r\nBcc: x\u202e") and ana.name == "Ana Bcc: x"
        assert not rename_agent(tx, ana.id, " \n ") and ana.name == "Ana Bcc: x"
        set_locale(tx, ana.id, "pt")
        set_locale(tx, ana.id, "xx")
        assert ana.locale == "pt"
