"""The card beside a conversation: orders, earlier talks and ratings of whoever writes; what is proven stands apart."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from desk_house import Counter
from flask.testing import FlaskClient
from promising_shop import run, send
from sqlalchemy import select, update

from plugin.agents import AgentRow
from plugin.care import AcknowledgementRow, Agent, ConversationRow, RatingRow, reply
from plugin.mail import MailRefused
from plugin.notices import LedgerRow
from plugin.orders import OrderRow
from plugin.privacy import erase_customer, list_accesses
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT

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


# Mails


def mails(page: str) -> list[str]:
    """The lines under their heading, as words."""
    listed = page.partition("<h2>Mails to them</h2>")[2].partition("</ul>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", line).split()) for line in listed.split("<li>")[1:]]


def note_mail(counter: Counter, order: OrderRow, notice: str, reason: str, minutes: int, sent: bool = False) -> None:
    at = MOMENT - timedelta(minutes=minutes)
    with counter.db.transaction(order.store_id) as tx:
        tx.add(LedgerRow(
            store_id=order.store_id, order_id=order.id, notice=notice, about="", reason=reason, decided_at=at,
            sent_at=at if sent else None, mail="Geheim\n\nSECRET" if sent else None, words="550 no",
        ))  # fmt: skip


def test_the_mails_about_proven_orders_stand_there_newest_first_with_what_became_of_them(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    mine, theirs = (counter.add_order(store, external_id=one, number=f"#{one}", email=ALMA) for one in ("71", "72"))
    note_mail(counter, mine, "order_received", "sent", 50, sent=True)
    note_mail(counter, mine, "shipped", "held", 40)
    note_mail(counter, mine, "delivered", "failed", 30)
    note_mail(counter, mine, "refunded", "sent", 20)
    note_mail(counter, mine, "preparing", "overtaken", 10)
    note_mail(counter, theirs, "cancelled", "sent", 5, sent=True)
    talk = counter.write(store, "hola")
    change(counter, store, talk, order_id=mine.id, order_proof="order", email_index=index(counter, ALMA))
    proven, typed = read(client, store, talk)
    lines = mails(proven)
    assert [line.split()[0] for line in lines] == ["Refunded", "Delivered", "Shipped", "Order"]
    assert lines[0].endswith("Not taken yet") and lines[1].endswith("Failed") and lines[2].endswith("Held")
    assert lines[3].endswith("It was sent") and f'/orders/{mine.id}">' in proven
    assert "#72" in typed and "ancelled" not in proven + typed, "of an order that is not proven nothing is told"
    assert "SECRET" not in proven, "the mail itself stands on the order's page alone"
    with counter.db.reading(store.id) as tx:
        looked = {one.subject for one in list_accesses(tx, store.id) if one.kind == "order"}
    assert looked == {"#71", "#72"}


def test_what_was_mailed_of_the_talk_stands_there_and_what_its_address_did_not_take(
    counter: Counter, store: StoreRow, ana: AgentRow, client: FlaskClient
) -> None:
    talk, care = counter.write(store, "hola"), counter.house.doors.care
    change(counter, store, talk, email=ALMA, email_index=index(counter, ALMA))

    def answer(text: str) -> None:
        reply(care, store.id, talk, Agent(ana.id, "Ana"), text, str(uuid.uuid4()))
        counter.clock.advance(31)
        counter.run_jobs()

    answer("Sí, a todo el país.")
    assert len(counter.taken.mails) == 1
    assert [line.split(" answer")[0] for line in mails(read(client, store, talk)[0])] == ["Your team's"]
    counter.taken.error = MailRefused("550 no such mailbox")
    answer("¿Sigues ahí?")
    lines = mails(read(client, store, talk)[0])
    assert len(lines) == 2 and sum(line.endswith("Failed") for line in lines) == 1
    with counter.db.transaction(store.id) as tx:
        tx.execute(update(AcknowledgementRow).where(AcknowledgementRow.store_id == store.id).values(conversation_id=99))
    assert mails(read(client, store, talk)[0]) == [], "another talk's are not told here"


def test_what_was_mailed_of_a_talk_goes_with_it_whichever_address_it_named(
    counter: Counter, store: StoreRow
) -> None:
    """Who corrects an address is known by the new one alone."""
    mine = send(counter, store, email="alma@exmple.com").conversation.public_id
    run(counter)
    send(counter, store, mine, email=ALMA)
    other = send(counter, store, email=OTHER).conversation.id
    run(counter)
    erase_customer(counter.db, store.id, ALMA, now=counter.clock.now())
    with counter.db.reading(store.id) as tx:
        which = AcknowledgementRow.store_id == store.id
        assert list(tx.scalars(select(AcknowledgementRow.conversation_id).where(which))) == [other]
