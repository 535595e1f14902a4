"""Who writes, at the desk: a proven name is marked as one, a typed one is not, and the nameless have a code to read."""

from __future__ import annotations

import re

import pytest
from desk_house import Counter, statements
from flask.testing import FlaskClient
from sqlalchemy import update
from test_desk_inbox import change

from plugin.care.public_ids import shorten
from plugin.orders import OrderRow, name_customers
from plugin.privacy.erase import redact_orders
from plugin.stores import StoreRow

MARK = "(the name in their order, which is proven)"


def read_names(client: FlaskClient, store: StoreRow, path: str = "conversations") -> list[str]:
    """What the list (or the search) calls those who write."""
    page = client.get(f"/desk/{store.public_id}/{path}")
    assert page.status_code == 200
    found = re.findall(r'<strong>(.*?)</strong>\s*<time|<a class="row-link"[^>]*>(.*?)</a>', page.text, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", "".join(one)).split()) for one in found]


def test_a_proven_order_names_the_shopper_and_a_typed_name_is_not_taken_for_one(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    order = counter.add_order(store, customer_name="Alma  Ruiz")
    change(counter, store, counter.write(store, "hola proven", order_id=order.id), writer_name="La Señora")
    change(counter, store, counter.write(store, "hola typed"), writer_name="Alma Ruiz")
    nameless = counter.write(store, "hola nobody")
    named = [f"Shopper {shorten(nameless)}", "Alma Ruiz", f"Alma Ruiz {MARK}"]
    assert sorted(read_names(client, store)) == sorted(named)
    assert sorted(read_names(client, store, "search?q=hola")) == sorted(named)


def test_an_open_conversation_says_the_same_and_what_they_typed_stands_beside(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    talk = counter.write(store, "hola", order_id=counter.add_order(store, customer_name="Alma Ruiz").id)
    change(counter, store, talk, writer_name="La Señora")
    page = client.get(f"/desk/{store.public_id}/conversations/{talk}").text
    [title] = re.findall(r'<h1 id="talk-title"[^>]*>(.*?)</h1>', page, re.DOTALL)
    assert title.startswith("Alma Ruiz <span") and MARK in title
    assert "<dt>Name they gave</dt><dd>La Señora</dd>" in page


def test_a_name_is_text(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    order = counter.add_order(store, customer_name="<b>Alma</b>\u202e")
    talk = counter.write(store, "hola", order_id=order.id)
    for path in ("conversations", f"conversations/{talk}", "search?q=hola"):
        page = client.get(f"/desk/{store.public_id}/{path}").text
        assert "&lt;b&gt;Alma&lt;/b&gt;" in page and "<b>Alma" not in page and "\u202e" not in page


def test_the_names_of_a_whole_list_are_one_question(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    asked = []
    for number in range(4):
        order = counter.add_order(store, external_id=f"x{number}", number=str(number), customer_name=f"Alma {number}")
        counter.write(store, "hola", order_id=order.id)
        with statements(counter) as statement:
            assert len(read_names(client, store)) == number + 1
        asked.append(len(statement))
    assert len(set(asked[1:])) == 1, ("the first look is written down too", asked)


OPENS = re.compile(r"^SELECT[^()]*orders\.snapshot\b", re.DOTALL)
"""Asks for whole snapshots, not only for how they begin."""


def test_a_list_that_is_asked_for_again_opens_no_order_that_it_knows(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    orders = [
        counter.add_order(store, external_id=f"x{number}", number=str(number), customer_name=f"Alma {number}")
        for number in range(3)
    ]
    for order in orders:
        counter.write(store, "hola", order_id=order.id)

    def count_opened() -> int:
        with statements(counter) as asked:
            read_names(client, store, "conversations/list")
        return sum(bool(OPENS.search(one)) for one in asked)

    assert [count_opened() for _ in range(3)] == [1, 0, 0]
    with counter.db.transaction(store.id) as tx:
        redact_orders(tx, store.id, [orders[0].id])
    assert [count_opened() for _ in range(2)] == [1, 0]
    assert "Alma 0" not in " ".join(read_names(client, store))
    counter.write(store, "hola", order_id=counter.add_order(store, external_id="new", customer_name="Eva").id)
    assert [count_opened() for _ in range(2)] == [1, 0]
    assert f"Eva {MARK}" in read_names(client, store)


def test_only_orders_of_the_store_that_the_platform_still_has_name_anybody(counter: Counter, store: StoreRow) -> None:
    other = counter.add_store("other.example")
    rows = [counter.add_order(store, external_id="a", customer_name="Alma"), counter.add_order(other, external_id="b")]
    rows += [counter.add_order(store, external_id="c", customer_name="")]
    gone = counter.add_order(store, external_id="d")
    with counter.db.transaction(store.id) as tx:
        which = (OrderRow.store_id == store.id, OrderRow.id == gone.id)
        tx.execute(update(OrderRow).where(*which).values(gone_at=counter.clock.now()))
    with counter.db.reading(store.id) as tx:
        assert name_customers(tx, counter.db.vault, store.id, {one.id for one in (*rows, gone)}) == {rows[0].id: "Alma"}
        assert name_customers(tx, counter.db.vault, store.id, ()) == {}


@pytest.mark.parametrize(("public_id", "code"), [
    ("cv_-A3XkQ9zzzzzzzzz", "A3Xk"), ("cv__-_-9aBcDDDDDDDD", "9aBc"), ("cv_abcdefghijklmnop", "abcd"),
])  # fmt: skip
def test_a_code_is_letters_and_digits(public_id: str, code: str) -> None:
    assert shorten(public_id) == code
