"""The way out of the mails: opening changes nothing, posting stops them at once, and there is a way back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from pages_house import add_order, add_store, dump_rows, link, open_client, open_house, run_jobs
from sqlalchemy import select

from plugin.app import House
from plugin.contract import OrderStatus
from plugin.notices import TRACKING, UNSUBSCRIBE, Suppression, read_ledger
from plugin.orders import OrderRow, find_order
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT

ONE_CLICK = b"List-Unsubscribe=One-Click"
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    with open_house(database_url, base_url="https://care.example") as opened, time_machine.travel(MOMENT, tick=False):
        yield opened


def order(house: House, **values: object) -> OrderRow:
    return add_order(house, add_store(house), **{"locale": "es_CO", **values})


def suppressed(house: House, store_id: int) -> list[str]:
    with house.db.reading(store_id) as tx:
        return list(tx.scalars(select(Suppression.email_index).where(Suppression.store_id == store_id)))


def press(client: FlaskClient, path: str) -> int:
    return client.post(path, data=ONE_CLICK, content_type=FORM).status_code


def test_opening_shows_a_button_and_changes_nothing(house: House) -> None:
    path, client = link(house, UNSUBSCRIBE, order(house)), open_client(house)
    before = dump_rows(house)
    for page in (client.get(path), client.get(path), client.head(path)):
        assert page.status_code == 200 and page.headers["Cache-Control"] == "no-store"
    text = client.get(path).text
    assert "<h1>¿Dejar de recibir estos correos?</h1>" in text and f'action="{path}"' in text
    assert "alma" not in text.lower()
    assert dump_rows(house) == before


def test_a_mail_program_stops_the_mails_with_one_post(house: House) -> None:
    row = order(house)
    # No cookie, no Origin, no redirect, nobody's page behind it (RFC 8058).
    bare = house.web().test_client(use_cookies=False)
    page = bare.post(link(house, UNSUBSCRIBE, row), data=ONE_CLICK, content_type=FORM)
    assert page.status_code == 200 and "Location" not in page.headers and "Set-Cookie" not in page.headers
    assert suppressed(house, row.store_id) == [row.email_index]


def test_a_mail_program_may_post_it_as_form_data_too(house: House) -> None:
    row = order(house)
    page = open_client(house).post(
        link(house, UNSUBSCRIBE, row), data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data",
        headers={"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"},
    )  # fmt: skip
    assert page.status_code == 200 and suppressed(house, row.store_id) == [row.email_index]


def test_pressing_twice_is_pressing_once_and_the_way_back_too(house: House) -> None:
    row, client = order(house), open_client(house)
    path = link(house, UNSUBSCRIBE, row)
    assert [press(client, path), press(client, path)] == [200, 200]
    assert suppressed(house, row.store_id) == [row.email_index]
    stopped = client.get(path)
    assert "Ya no recibirás estos correos" in stopped.text and f'action="{path}/again"' in stopped.text
    back = [client.post(f"{path}/again"), client.post(f"{path}/again")]
    assert [page.status_code for page in back] == [200, 200] and "Volverás a recibir" in back[0].text
    assert suppressed(house, row.store_id) == []
    assert client.get(f"{path}/again").status_code == 405


@pytest.mark.parametrize("body", [b"", b"x=y", b"List-Unsubscribe=", b"List-Unsubscribe=one-click", b"a=b&" * 5000])
def test_a_post_that_says_something_else_stops_nothing(house: House, body: bytes) -> None:
    row = order(house)
    page = open_client(house).post(link(house, UNSUBSCRIBE, row), data=body, content_type=FORM)
    assert page.status_code == 400 and "¿Dejar de recibir" in page.text
    assert suppressed(house, row.store_id) == []


def test_stopping_is_for_that_address_in_that_store_alone(house: House) -> None:
    mine, other = add_store(house), add_store(house, domain="other.example")
    row = add_order(house, mine)
    add_order(house, other)
    assert press(open_client(house), link(house, UNSUBSCRIBE, row)) == 200
    assert (len(suppressed(house, mine.id)), suppressed(house, other.id)) == (1, [])


def test_the_next_mail_is_held_back_and_the_ledger_says_why(house: House) -> None:
    store = add_store(house)
    row = add_order(house, store, status=OrderStatus.processing)
    assert press(open_client(house), link(house, UNSUBSCRIBE, row)) == 200
    clock = house.doors.clock
    assert isinstance(clock, FrozenClock)
    clock.advance(60)
    run_jobs(house)
    with house.db.reading(store.id) as tx:
        found = find_order(tx, store.id, "1001")
        assert found is not None
        lines = read_ledger(tx, found)
    assert lines and {line.reason for line in lines} == {"suppressed"} and not any(line.sent for line in lines)


def test_whatever_is_forged_gets_one_answer_and_changes_nothing(house: House) -> None:
    row, client = order(house), open_client(house)
    good = link(house, UNSUBSCRIBE, row)
    nobody = link(house, UNSUBSCRIBE, OrderRow(id=10_000, store_id=row.store_id))
    bad = [good[:-1], "/u/x", "/u/" + "A" * 4000, "/u/" + link(house, TRACKING, row)[3:], nobody]
    before = dump_rows(house)
    answers = set()
    for path in bad:
        pressed = client.post(path, data=ONE_CLICK, content_type=FORM)
        for page in (client.get(path), pressed, client.post(f"{path}/again")):
            answers.add((page.status_code, page.text))
    with time_machine.travel(MOMENT + timedelta(days=181), tick=False):
        late = client.post(good, data=ONE_CLICK, content_type=FORM)
        answers.add((late.status_code, late.text))
    assert len(answers) == 1 and answers.pop()[0] == 404
    assert dump_rows(house) == before


@pytest.mark.parametrize(
    ("locale", "words"), [("en", "Stop these mails?"), ("pt_BR", "Parar de receber estes e-mails?")]
)
def test_the_page_speaks_the_order_s_language(house: House, locale: str, words: str) -> None:
    row = order(house, locale=locale)
    text = open_client(house).get(link(house, UNSUBSCRIBE, row), headers={"Accept-Language": "es"}).text
    assert f"<h1>{words}</h1>" in text and f'<html lang="{locale[:2]}">' in text


def test_an_order_without_an_address_stops_nothing_and_says_so_politely(house: House) -> None:
    row = order(house, email="")
    assert press(open_client(house), link(house, UNSUBSCRIBE, row)) == 200
    assert suppressed(house, row.store_id) == []
