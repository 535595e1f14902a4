"""Orders at the desk: found, told, and why each mail was sent or not."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from plugin.contract import Capability, Notice, OrderStatus, PaymentStatus, WebhookDelivery
from plugin.mail import MailDelayed, MailRefused
from plugin.orders import keep, list_buried
from plugin.stores import StoreRow, get_store
from plugin.testing.factories import MOMENT, make_shipment
from plugin.web.desk_words import tell_reason
from plugin.work import put


def test_the_newest_order_comes_first(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    for n in range(3):
        counter.add_order(
            store, external_id=str(n), number=f"10{n}", created_at=MOMENT + timedelta(minutes=n)
        )
    page = client.get(f"/desk/{store.public_id}/orders").text
    assert re.findall(r">(10\d)</a>", page) == ["102", "101", "100"]


@pytest.mark.parametrize("asked", ["1001", " 1001 ", "#1001"])
def test_an_order_is_found_by_its_exact_number(
    counter: Counter, store: StoreRow, client: FlaskClient, asked: str
) -> None:
    order = counter.add_order(store)
    answer = client.get(f"/desk/{store.public_id}/orders", query_string={"number": asked})
    assert answer.headers["Location"] == f"/desk/{store.public_id}/orders/{order.id}"


@pytest.mark.parametrize("asked", [
    "100", "10011", "%", "_", "1001' OR '1'='1", '"', "NEAR(1001)", "number:1001", "1001*", "-1001", "\x00", "1001;--",
    "😀", "a" * 5000, "<script>alert(1)</script>",
])  # fmt: skip
def test_a_search_is_a_number_and_nothing_else(
    counter: Counter, store: StoreRow, client: FlaskClient, asked: str
) -> None:
    counter.add_order(store)
    answer = client.get(f"/desk/{store.public_id}/orders", query_string={"number": asked})
    assert answer.status_code == 200 and "1001</a>" not in answer.text and "<script>alert" not in answer.text


def test_equal_numbers_of_two_stores_never_mix(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    other = counter.add_store("b.example")
    theirs = counter.add_order(other, customer_name="Zoe Secret")
    answer = client.get(f"/desk/{store.public_id}/orders", query_string={"number": "1001"})
    assert answer.status_code == 200 and "Zoe" not in answer.text
    ours = counter.add_order(store)
    found = client.get(f"/desk/{store.public_id}/orders", query_string={"number": "1001"})
    assert found.headers["Location"].endswith(f"/orders/{ours.id}") and ours.id != theirs.id


def test_an_order_tells_why_each_mail_was_sent_or_not(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    counter.add_order(store, payment_status=PaymentStatus.paid, status=OrderStatus.processing, paid_at=MOMENT)
    counter.clock.advance(30)
    counter.run_jobs()
    counter.clock.advance(60)
    later = MOMENT + timedelta(minutes=1)
    order = counter.add_order(
        store, make_shipment(tracking_number=""), payment_status=PaymentStatus.paid, status=OrderStatus.processing,
        paid_at=MOMENT, created_at=MOMENT, modified_at=later,
    )  # fmt: skip
    counter.clock.advance(30)
    counter.run_jobs()
    page = client.get(f"/desk/{store.public_id}/orders/{order.id}").text
    assert len(counter.taken.mails) == 1
    assert "The shopper got this mail." in page and "The mail as sent" in page and "Pedido 1001" in page
    assert page.count("the mail «In preparation» tells it too") == 2
    assert "Waiting for a tracking number until" in page


def test_a_mail_the_server_refused_shows_its_words(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    order = counter.add_order(store)
    counter.taken.error = MailRefused("550 <b>no such</b> mailbox", 550)
    counter.clock.advance(timedelta(minutes=31))
    counter.run_jobs()
    page = client.get(f"/desk/{store.public_id}/orders/{order.id}").text
    assert "The mail server refused it for good: 550 &lt;b&gt;no such&lt;/b&gt; mailbox" in page


REASONS = (
    "sent", "held", "overtaken", "told_together", "platform_mails", "preview", "before_connection", "too_late",
    "suppressed", "no_address", "failed",
)  # fmt: skip


def test_a_number_typed_before_the_order_is_completed_says_what_it_waits_for(
    counter: Counter, client: FlaskClient, store: StoreRow
) -> None:
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        row.mail_mode, row.platform_mails = "extra_only", ["shipped"]
    order = counter.add_order(
        store, make_shipment(), status=OrderStatus.processing, payment_status=PaymentStatus.paid, paid_at=MOMENT,
        untold=frozenset({Notice.shipped}),
    )  # fmt: skip
    counter.clock.advance(30)
    counter.run_jobs()
    page = client.get(f"/desk/{store.public_id}/orders/{order.id}").text
    assert "if you complete the order by then, your platform mails this itself" in page
    assert "Waiting for a tracking number" not in page


def test_a_mail_that_waited_for_its_server_is_left_to_the_platform_that_told_it_meanwhile(
    counter: Counter, client: FlaskClient, store: StoreRow
) -> None:
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        row.platform_mails, row.capabilities = ["shipped"], [Capability.MAIL_LEASE.value]
        row.mails_since = MOMENT - timedelta(days=1)
    given = {"payment_status": PaymentStatus.paid, "paid_at": MOMENT}
    untold = frozenset({Notice.shipped})
    counter.taken.error = MailDelayed("come back later")
    order = counter.add_order(store, make_shipment(), status=OrderStatus.processing, untold=untold, **given)
    counter.clock.advance(30)
    counter.run_jobs()
    assert "mail server has not taken it yet" in client.get(f"/desk/{store.public_id}/orders/{order.id}").text
    counter.add_order(
        store, make_shipment(), status=OrderStatus.completed, created_at=MOMENT,
        modified_at=MOMENT + timedelta(minutes=1), **given,
    )  # fmt: skip
    counter.taken.error = None
    counter.clock.advance(timedelta(hours=1))
    counter.run_jobs()
    assert counter.taken.mails == []
    assert "your platform mails this itself" in client.get(f"/desk/{store.public_id}/orders/{order.id}").text


@pytest.mark.parametrize("reason", [*REASONS, "on_its_way", "held_for_payment", "held_for_platform"])
def test_every_reason_of_the_ledger_has_a_sentence_in_every_language(reason: str) -> None:
    told = {tell_reason(reason, locale, until="X", other="Y", words="Z") for locale in ("es", "en", "pt")}
    assert len(told) == 3 and not any("{" in sentence or sentence == reason for sentence in told)


def test_asking_the_platform_again_promises_one_question(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    order = counter.add_order(store)
    for _ in range(3):
        answer = client.post(f"/desk/{store.public_id}/orders/{order.id}/refetch", headers=OURS)
        assert answer.status_code == 303
    wishes = [row for row in counter.dump()["outbox"] if "orders.refetch" in row]
    assert len(wishes) == 1
    assert "asking the platform" in client.get(answer.headers["Location"]).text


def test_what_rests_is_shown_and_played_again(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    delivery = WebhookDelivery(topic="order.updated", headers={}, body=b"no json")
    with counter.db.transaction(store.id) as tx:
        keep(tx, store.id, delivery, counter.clock.now())
        put(tx, "no.such.kind", {}, due_at=counter.clock.now(), store=store.id)
    other = counter.add_store("b.example")
    with counter.db.transaction(other.id) as tx:
        keep(tx, other.id, delivery, counter.clock.now())
    counter.run_jobs()
    counter.clock.advance(timedelta(hours=30))
    counter.run_jobs()
    url = f"/desk/{store.public_id}/deliveries"
    page = client.get(url).text
    assert page.count("order.updated") == 1 and "no.such.kind" in page
    assert client.post(f"{url}/replay", headers=OURS).status_code == 303
    assert "Nothing rests" in client.get(url).text
    with counter.db.reading(other.id) as tx:
        assert len(list_buried(tx, other.id)) == 1
    counter.run_jobs()
    assert "order.updated" in client.get(url).text
