"""Connecting a store again: what stays, what begins anew, and which ids are none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from plugin.contract import StoreAccess
from plugin.database import ALL, Database, Vault
from plugin.stores import StoreRow, as_contract, connect, find_by_public_id, get_store
from plugin.testing.factories import MOMENT, make_settings, make_store

KEYS = {"token": "a-token"}


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    settings = make_settings(database_url)
    opened = Database(database_url, Vault(settings.secret_keys, settings.index_key))
    yield opened
    opened.close()


def connect_again(db: Database, store: StoreRow, days: int, **keys: str) -> StoreRow:
    access = StoreAccess(domain=store.domain, name="Again", credentials=keys)
    with db.transaction(ALL, "a store is connected again") as tx:
        row = connect(tx, store.platform, access, MOMENT + timedelta(days=days))
        assert row.id == store.id
    with db.reading(store.id) as tx:
        return get_store(tx, store.id)


def test_a_connection_without_keys_takes_none_away(db: Database) -> None:
    store = make_store(db, credentials=KEYS)
    kept = connect_again(db, store, 1)
    assert (as_contract(kept).credentials, kept.previous_credentials) == (KEYS, None)
    renewed = connect_again(db, store, 2, token="new")
    assert as_contract(renewed).credentials == {"token": "new"}
    assert renewed.previous_credentials == '{"token": "a-token"}'
    assert as_contract(connect_again(db, store, 3)).credentials == {"token": "new"}


def test_a_store_whose_app_was_removed_begins_quietly_when_it_comes_back(db: Database) -> None:
    store = make_store(db, credentials=KEYS, live_at=MOMENT, status="uninstalled")
    back = connect_again(db, store, 60, **KEYS)
    assert (back.status, back.connected_at, back.live_at) == ("connected", MOMENT + timedelta(days=60), None)


def test_a_store_that_never_left_stays_live_when_it_is_connected_again(db: Database) -> None:
    store = make_store(db, credentials=KEYS, live_at=MOMENT)
    again = connect_again(db, store, 60, **KEYS)
    assert (again.connected_at, again.live_at) == (store.connected_at, MOMENT)


@pytest.mark.parametrize(
    "public_id", ["", "\x00", "st_\x00aaaaaaaa", "st_" + "a" * 10_000, "st_aaaaaaaa\n", "a" * 16]
)
def test_what_cannot_be_a_store_s_id_is_no_store(db: Database, public_id: str) -> None:
    store = make_store(db)
    with db.reading(ALL, "find a store") as tx:
        assert find_by_public_id(tx, public_id) is None
        found = find_by_public_id(tx, store.public_id)
    assert found is not None and found.id == store.id
