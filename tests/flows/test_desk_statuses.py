"""The shop's own statuses at the desk: listed, guessed, confirmed; what nobody confirmed sends nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from plugin.contract import Meaning, OrderStatus, StatusWord
from plugin.stores import StoreRow
from plugin.stores.models import StatusWordRow
from plugin.stores.status_words import learn_statuses, list_status_words

WORDS = (
    StatusWord(raw_status="processing", name="En proceso", known=True),
    StatusWord(raw_status="despachado", name="Despachado"),
    StatusWord(raw_status="entregado", name="Entregado"),
    StatusWord(raw_status="raro", name="Rosa <b>mística</b>"),
)


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    made = counter.add_store("a.example", live_at=None)
    learn(counter, made, *WORDS)
    return made


def learn(counter: Counter, store: StoreRow, *words: StatusWord) -> None:
    with counter.db.transaction(store.id) as tx:
        learn_statuses(tx, store.id, words)


def read(counter: Counter, store: StoreRow) -> dict[str, StatusWordRow]:
    with counter.db.reading(store.id) as tx:
        return {row.raw_status: row for row in list_status_words(tx, store.id)}


def meanings(counter: Counter, store: StoreRow) -> dict[str, str | None]:
    return {raw: row.meaning for raw, row in read(counter, store).items() if not row.known}


def wish(browser: FlaskClient, store: StoreRow, what: str, **form: Any) -> Any:
    return browser.post(f"/desk/{store.public_id}/{what}", data=form, headers=OURS)


def test_each_status_stands_with_its_guess_and_how_many_orders_use_it(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    for number in range(3):
        counter.add_order(
            store, external_id=f"{number}", number=f"{number}", status=OrderStatus.unknown, raw_status="despachado"
        )
    page = client.get(f"/desk/{store.public_id}/statuses").text
    cards = {name: card for card in page.split('<li class="card')[1:] for name in re.findall(r"<h2>(.*?)</h2>", card)}
    assert set(cards) == {"Despachado", "Entregado", "Rosa &lt;b&gt;mística&lt;/b&gt;"}
    assert "3 orders stand in it" in cards["Despachado"] and "Our guess" in cards["Despachado"]
    assert '<option value="shipped" selected>' in cards["Despachado"]
    assert "0 orders stand in it" in cards["Entregado"]
    assert "Open: nothing is sent" in cards["Rosa &lt;b&gt;mística&lt;/b&gt;"]
    assert '<option value="" selected>' in cards["Rosa &lt;b&gt;mística&lt;/b&gt;"]
    assert page.index("Rosa &lt;b&gt;") < page.index("Despachado</h2>"), "what needs the owner comes first"
    assert "Statuses every shop of this kind has (1)" in page and "En proceso" in page


def test_a_confirmed_meaning_is_kept_and_can_be_taken_back(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    row = read(counter, store)["despachado"]
    assert wish(client, store, f"statuses/{row.id}", meaning="shipped").status_code == 303
    assert meanings(counter, store) == {"despachado": "shipped", "entregado": None, "raro": None}
    page = client.get(f"/desk/{store.public_id}/statuses").text
    assert "Confirmed" in page
    wish(client, store, f"statuses/{row.id}", meaning="nothing")
    assert meanings(counter, store)["despachado"] == "nothing"
    wish(client, store, f"statuses/{row.id}", meaning="")
    assert meanings(counter, store)["despachado"] is None


def test_all_guesses_are_confirmed_at_once_and_what_nobody_guessed_stays_open(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    page = client.get(f"/desk/{store.public_id}/statuses").text
    seen = re.findall(r'name="guess" value="([^"]+)"', page)
    assert len(seen) == 2
    learn(counter, store, StatusWord(raw_status="entregado", name="Devuelto"))
    assert wish(client, store, "statuses", guess=seen).status_code == 303
    assert meanings(counter, store) == {"despachado": "shipped", "entregado": None, "raro": None}, "not as it was seen"
    wish(client, store, "statuses")
    assert meanings(counter, store)["raro"] is None


@pytest.mark.parametrize("given", ["sold", "SHIPPED", "<script>", "shipped "])
def test_a_meaning_there_is_not_is_refused(
    counter: Counter, store: StoreRow, client: FlaskClient, given: str
) -> None:
    row = read(counter, store)["despachado"]
    assert wish(client, store, f"statuses/{row.id}", meaning=given).status_code == 404
    assert meanings(counter, store)["despachado"] is None


def test_a_status_of_another_store_or_of_the_platform_is_not_the_owner_s_to_map(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    other = counter.add_store("b.example")
    learn(counter, other, StatusWord(raw_status="despachado", name="Despachado"))
    theirs, known = read(counter, other)["despachado"], read(counter, store)["processing"]
    for status_id in (theirs.id, known.id, 999999):
        assert wish(client, store, f"statuses/{status_id}", meaning="shipped").status_code == 404
    assert meanings(counter, other) == {"despachado": None} and read(counter, store)["processing"].meaning is None


def test_the_checklist_asks_for_the_statuses_until_all_are_confirmed(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    home = f"/desk/{store.public_id}/"
    assert "Your shop uses 3 statuses of its own: 0 confirmed" in client.get(home).text
    for row in read(counter, store).values():
        if not row.known:
            wish(client, store, f"statuses/{row.id}", meaning=Meaning.nothing.value)
    page = client.get(home).text
    step = next(part for part in page.split("<li class=")[1:] if "statuses of its own: 3 confirmed" in part)
    assert step.startswith('"is-done"')


def test_a_shop_without_statuses_of_its_own_is_not_asked(counter: Counter) -> None:
    plain = counter.add_store("plain.example", live_at=None)
    learn(counter, plain, StatusWord(raw_status="processing", name="Processing", known=True))
    olga = counter.sign_in(counter.add_agent("Olga", plain))
    assert "of its own" not in olga.get(f"/desk/{plain.public_id}/").text
    assert "no statuses of its own" in olga.get(f"/desk/{plain.public_id}/statuses").text
