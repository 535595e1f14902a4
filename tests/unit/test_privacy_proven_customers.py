"""Talks of a customer whom the platform proved by their account, with or without an order of theirs in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from privacy_scene import EMAIL, add_order, everything, open_house, talk
from sqlalchemy import update

from plugin.app import House
from plugin.care import ConversationRow
from plugin.privacy import erase_customer, export_customer
from plugin.stores import StoreRow
from plugin.testing.factories import make_store


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = open_house(database_url)
    yield opened
    opened.db.close()


def talk_as(house: House, store: StoreRow, customer_id: str, words: str) -> None:
    """A talk in which nothing but the account was proven."""
    public_id = talk(house, store, words)
    with house.db.transaction(store.id) as tx:
        mine = (ConversationRow.store_id == store.id, ConversationRow.public_id == public_id)
        index = house.db.vault.index("customer", customer_id)
        tx.execute(update(ConversationRow).where(*mine).values(customer_index=index))


def test_a_talk_of_a_proven_customer_without_an_order_is_copied_and_erased_with_them(house: House) -> None:
    store = make_store(house.db, platform="demo")
    talk_as(house, store, "c7", "una cosa muy mía")
    talk_as(house, store, "c8", "lo de otra persona, que queda")
    (copied,) = export_customer(house.db, store.id, customer_id="c7")["conversations"]
    assert copied["messages"][0]["text"] == "una cosa muy mía"
    assert erase_customer(house.db, store.id, customer_id="c7")["conversations"] == 1
    assert "una cosa muy mía" not in everything(house) and "lo de otra persona" in everything(house)


def test_who_only_typed_an_address_is_forgotten_with_it_and_not_copied(house: House) -> None:
    store = make_store(house.db, platform="demo")
    add_order(house, store, "5001", email=EMAIL, customer_id="c9")
    talk_as(house, store, "c9", "palabras de quien escribió esa dirección")
    copy = export_customer(house.db, store.id, EMAIL)
    assert copy["conversations"] == [] and "palabras de quien" not in str(copy)
    assert erase_customer(house.db, store.id, EMAIL)["conversations"] == 1
    assert "palabras de quien" not in everything(house)
