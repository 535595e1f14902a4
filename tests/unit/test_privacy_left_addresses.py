"""An address that somebody left in a talk, and wishes to see an order: forgotten with the customer, and in time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from privacy_scene import EMAIL, OTHER, add_order, everything, open_house, talk
from sqlalchemy import func, select, update

from plugin.app import House
from plugin.care import ConversationRow, OrderCodeRow, RatingRow
from plugin.database import ALL
from plugin.help import ArticleCountRow
from plugin.privacy import erase_customer, export_customer
from plugin.privacy.retain import retain
from plugin.stores import StoreRow
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_store

CONSENT = "Acepto que me escriban a esta dirección."


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = open_house(database_url)
    yield opened
    opened.db.close()


def leave_email(house: House, store: StoreRow, public_id: str, email: str) -> None:
    with house.db.transaction(store.id) as tx:
        mine = (ConversationRow.store_id == store.id, ConversationRow.public_id == public_id)
        index = house.db.vault.index("email", email)
        tx.execute(
            update(ConversationRow).where(*mine)
            .values(email=email, email_index=index, email_consent=CONSENT, email_at=MOMENT)
        )  # fmt: skip


def wish(house: House, store: StoreRow, email: str, handle: str) -> None:
    with house.db.transaction(store.id) as tx:
        tx.add(
            OrderCodeRow(
                store_id=store.id, handle_hash=handle, number="#1", email=email, locale="es", created_at=MOMENT,
                email_index=house.db.vault.index("email", email), expires_at=MOMENT + timedelta(minutes=15),
            )
        )  # fmt: skip


def count_wishes(house: House) -> int:
    with house.db.reading(ALL, "count the wishes") as tx:
        return tx.scalar(select(func.count()).select_from(OrderCodeRow)) or 0


def test_a_talk_with_a_left_address_is_forgotten_and_no_word_of_it_is_copied(house: House) -> None:
    store = make_store(house.db, platform="demo")
    leave_email(house, store, talk(house, store, "una cosa muy mía"), EMAIL)
    copy = export_customer(house.db, store.id, EMAIL)
    assert [one["agreed_to"] for one in copy["address_left_in"]] == [CONSENT]
    assert copy["conversations"] == [] and "una cosa" not in str(copy)
    assert erase_customer(house.db, store.id, EMAIL)["conversations"] == 1
    assert "una cosa" not in everything(house) and EMAIL not in everything(house)


def test_a_proven_talk_is_copied_with_its_address_and_its_rating(house: House) -> None:
    store = make_store(house.db, platform="demo")
    order = add_order(house, store, "5001", email=EMAIL)
    public_id = talk(house, store, "¿Cuándo llega?", order.id)
    leave_email(house, store, public_id, EMAIL)
    with house.db.transaction(store.id) as tx:
        talked = tx.scalars(select(ConversationRow).where(ConversationRow.store_id == store.id)).one()
        tx.add(
            RatingRow(store_id=store.id, conversation_id=talked.id, about=1, score=2, comment="lento",
                      created_at=MOMENT, changed_at=MOMENT)
        )  # fmt: skip
    copy = export_customer(house.db, store.id, EMAIL)
    assert copy["address_left_in"] == []
    (copied,) = copy["conversations"]
    assert (copied["email"], copied["email_consent"]) == (EMAIL, CONSENT)
    assert [(one["score"], one["comment"]) for one in copied["ratings"]] == [(2, "lento")]


def test_wishes_to_see_an_order_go_with_their_customer_alone(house: House) -> None:
    store = make_store(house.db, platform="demo")
    wish(house, store, EMAIL, "a")
    wish(house, store, OTHER, "b")
    erase_customer(house.db, store.id, EMAIL)
    assert count_wishes(house) == 1 and OTHER in everything(house) and EMAIL not in everything(house)


def test_wishes_go_after_two_days_and_counts_after_two_years(house: House) -> None:
    store = make_store(house.db, platform="demo")
    wish(house, store, EMAIL, "a")
    with house.db.transaction(store.id) as tx:
        tx.add(
            ArticleCountRow(store_id=store.id, day=f"{MOMENT:%Y-%m-%d}", article_id="returns", locale="es", step="cart",
                            phase="purchase", kind="clicked", count=3)
        )  # fmt: skip
    assert retain(house.db, FrozenClock(MOMENT + timedelta(days=1))) == {}
    assert retain(house.db, FrozenClock(MOMENT + timedelta(days=3))) == {"codes": 1}
    assert count_wishes(house) == 0
    assert retain(house.db, FrozenClock(MOMENT + timedelta(days=732))) == {"counts": 1}
