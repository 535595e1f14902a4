"""The card beside a conversation: orders, earlier talks and ratings of whoever writes; what is proven stands apart."""

from __future__ import annotations

import html
import uuid
from datetime import timedelta
from typing import Any

import pytest
from desk_house import Counter
from flask.testing import FlaskClient
from sqlalchemy import update

from plugin.agents import AgentRow
from plugin.care import Agent, ConversationRow, RatingRow, reply
from plugin.stores import StoreRow

ALMA, OTHER = "alma@example.com", "other@example.com"
APART = "With the same address"


def change(counter: Counter, store: StoreRow, talk: str, **values: Any) -> None:
    with counter.db.transaction(store.id) as tx:
        which = (ConversationRow.store_id == store.id, ConversationRow.public_id == talk)
        tx.execute(update(ConversationRow).where(*which).values(**values))


def index(counter: Counter, address: str) -> str:
    return str(counter.db.vault.index("email", address))


def read(browser: FlaskClient, store: StoreRow, talk: str) -> tuple[str, str]:
    """The card: what is proven, and what stands under the typed address."""
    answer = browser.get(f"/desk/{store.public_id}/conversations/{talk}/about")
    assert answer.status_code == 200
    proven, _, typed = html.unescape(answer.text).partition(APART)
    return proven, typed.partition("<h2>Ratings")[0]


def test_a_proven_order_brings_the_orders_of_its_address_and_the_talks_about_them(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    first, second = (counter.add_order(store, external_id=one, number=f"#{one}", email=ALMA) for one in ("71", "72"))
    counter.add_order(store, external_id="73", number="#73", email=OTHER)
    talk, earlier = counter.write(store, "¿dónde está?"), counter.write(store, "hola")
    change(counter, store, talk, order_id=first.id, order_proof="code")
    change(counter, store, earlier, order_id=second.id)
    proven, typed = read(client, store, talk)
    assert "#71" in proven and "#72" in proven and "#73" not in proven
    assert proven.count("#71") == 1, "the proven order is told once"
    assert f"/conversations/{earlier}" in proven and typed == ""


@pytest.mark.parametrize("proof", ["order", "customer"])
def test_an_address_typed_at_a_checkout_proves_nothing_of_its_other_orders(
    counter: Counter, store: StoreRow, client: FlaskClient, proof: str
) -> None:
    """Whoever places an order with somebody else's address has that order proven, and not the address."""
    mine, victims = (counter.add_order(store, external_id=one, number=f"#{one}", email=ALMA) for one in ("71", "72"))
    talk, theirs = counter.write(store, "¿dónde está?"), counter.write(store, "hola")
    change(counter, store, talk, order_id=mine.id, order_proof=proof)
    change(counter, store, theirs, order_id=victims.id, email=ALMA, email_index=index(counter, ALMA))
    proven, typed = read(client, store, talk)
    assert "#71" in proven and "#72" not in proven and theirs not in proven
    assert "#72" in typed and theirs in typed and "Nothing proves" in typed


def test_what_an_address_that_was_only_typed_leads_to_stands_apart(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    counter.add_order(store, external_id="71", number="#71", email=ALMA)
    talk, other = counter.write(store, "hola"), counter.write(store, "buenas")
    for one in (talk, other):
        change(counter, store, one, email=ALMA, email_index=index(counter, ALMA))
    proven, typed = read(client, store, talk)
    assert "#71" not in proven and other not in proven
    assert "#71" in typed and other in typed and "Nothing proves" in typed


def test_a_customer_whom_the_platform_named_has_their_talks_and_ratings(
    counter: Counter, store: StoreRow, client: FlaskClient, ana: AgentRow
) -> None:
    talk, earlier, strange = (counter.write(store, "hola") for _ in range(3))
    for one in (talk, earlier):
        change(counter, store, one, customer_index="c-7")
    message = reply(counter.house.doors.care, store.id, earlier, Agent(ana.id, "Ana"), "Hola", str(uuid.uuid4()))
    at = counter.clock.now() - timedelta(days=2)
    with counter.db.transaction(store.id) as tx:
        tx.add(RatingRow(store_id=store.id, conversation_id=message.conversation_id, about=message.position, score=2,
                         comment="lento & frío", created_at=at, changed_at=at))  # fmt: skip
    page = html.unescape(client.get(f"/desk/{store.public_id}/conversations/{talk}").text)
    card = page.partition('id="about"')[2]
    assert f"/conversations/{earlier}" in card and strange not in card
    assert "2 of 5" in card and "lento & frío" in card


def test_nothing_of_another_store_is_on_the_card(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    foreign = counter.add_store("b.example")
    counter.add_order(foreign, external_id="91", number="#91", email=ALMA)
    theirs, talk = counter.write(foreign, "hola"), counter.write(store, "hola")
    mine = counter.add_order(store, external_id="71", number="#71", email=ALMA)
    for place, one in ((foreign, theirs), (store, talk)):
        change(counter, place, one, email=ALMA, email_index=index(counter, ALMA), customer_index="c-7")
    change(counter, store, talk, order_id=mine.id)
    page = client.get(f"/desk/{store.public_id}/conversations/{talk}").text
    assert "#71" in page and "#91" not in page and theirs not in page
