"""The page of numbers and the rows behind each, in three languages."""

from __future__ import annotations

import html
import uuid
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from desk_house import Counter, open_counter
from flask.testing import FlaskClient

from faq_links import EXAMPLE_ANSWERS
from plugin import help
from plugin.agents import AgentRow, set_locale
from plugin.care import Agent, Arrived, post_message, reply
from plugin.database import ALL
from plugin.stores import StoreRow

WISH, ASK = "quiero hablar con una persona", "¿Cuánto tarda el envío?"


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with open_counter(tmp_path) as made:
        yield made


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})


@pytest.fixture
def ana(counter: Counter, store: StoreRow) -> AgentRow:
    return counter.add_agent("Ana", store)


@pytest.fixture
def client(counter: Counter, ana: AgentRow) -> FlaskClient:
    return counter.sign_in(ana)


def write(counter: Counter, store: StoreRow, words: str) -> str:
    arrived = Arrived(words, str(uuid.uuid4()), "es", ("cart",), None)
    return post_message(counter.house.doors.care, store, None, arrived).conversation.public_id


def read(browser: FlaskClient, store: StoreRow, part: str = "") -> str:
    answer = browser.get(f"/desk/{store.public_id}/numbers{part}")
    assert answer.status_code == 200
    return html.unescape(answer.text)


def test_each_number_leads_to_the_rows_it_was_counted_from(
    counter: Counter, store: StoreRow, client: FlaskClient, ana: AgentRow
) -> None:
    care = counter.house.doors.care
    talks = [write(counter, store, WISH) for _ in range(5)]
    for talk in talks[:4]:
        reply(care, store.id, talk, Agent(ana.id, "Ana"), "Hola", str(uuid.uuid4()))
    counter.clock.advance(timedelta(minutes=20))
    alone = write(counter, store, ASK)
    counter.clock.advance(timedelta(days=8))
    shown = read(client, store)
    assert "80%" in shown
    assert "4 of 5" in shown
    late = read(client, store, "/rows?of=answers&state=unanswered")
    assert talks[4] in late
    assert talks[0] not in late
    assert [talk for talk in talks if talk in read(client, store, "/rows?of=answers")] == talks
    deflected = read(client, store, "/rows?of=deflection&state=deflected")
    assert alone in deflected
    assert talks[0] not in deflected


def test_clicks_are_told_by_step_and_by_article(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    for _ in range(7):
        help.count(counter.db, store.id, "delivery-costs", "es", "cart", "purchase", "clicked", counter.clock.now())
    assert "<strong>7</strong>" in read(client, store)
    rows = read(client, store, "/rows?of=clicks")
    article = help.get_article(store, "delivery-costs", "es")
    assert article is not None
    assert article.title in rows


@pytest.mark.parametrize(("locale", "title"), [("es", "Números"), ("en", "Numbers"), ("pt", "Números")])
def test_the_page_speaks_the_agent_s_language_and_says_when_there_is_too_little(
    counter: Counter, store: StoreRow, client: FlaskClient, ana: AgentRow, locale: str, title: str
) -> None:
    with counter.db.transaction(ALL, "the reader's language") as tx:
        set_locale(tx, ana.id, locale)
    shown = read(client, store)
    assert f"<h1>{title}</h1>" in shown
    for part in ("answers", "deflection", "orders", "clicks"):
        read(client, store, f"/rows?of={part}")


@pytest.mark.parametrize("part", ["?days=7", "?days=90", "?days=-1", "?days=9999999", "?days=x", "?days=²"])
def test_odd_days_are_the_usual_ones(store: StoreRow, client: FlaskClient, part: str) -> None:
    read(client, store, part)
    read(client, store, f"/rows{part}&of=answers&state=zzz")


def test_a_number_that_is_none_is_not_there(store: StoreRow, client: FlaskClient) -> None:
    assert client.get(f"/desk/{store.public_id}/numbers/rows?of=zzz").status_code == 404
