"""The page of numbers and the rows behind each, in three languages."""

from __future__ import annotations

import html
import re
import uuid
from datetime import timedelta

import pytest
from desk_house import Counter, statements
from flask.testing import FlaskClient

from faq_links import EXAMPLE_ANSWERS
from plugin import help
from plugin.agents import AgentRow, set_locale
from plugin.care import Agent, Arrived, post_message, reply, resolve
from plugin.care.sorting import set_topic
from plugin.database import ALL
from plugin.reports import contacts
from plugin.stores import StoreRow, get_store
from plugin.stores.hours import set_hours
from plugin.web import desk_numbers

WISH, ASK = "quiero hablar con una persona", "¿Cuánto tarda el envío?"


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})


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
    shown = read(client, store)
    assert "also when you try it yourselves" in shown
    assert "<strong>80%</strong> · <span class=\"muted\">4 of 5 that began within opening hours" in shown
    assert "0 so far: too few to say" in shown, "of contacts whose seven days are over"
    waiting = read(client, store, "/rows?of=answers&state=waiting")
    assert [talk for talk in talks if talk in waiting] == talks[4:] and "Still waiting, over ten minutes" in waiting
    counted = read(client, store, "/rows?of=answers&state=counted")
    assert [talk for talk in talks if talk in counted] == talks and alone not in counted
    assert talks[4] not in read(client, store, "/rows?of=answers&state=answered")
    assert "There is nothing to show" in read(client, store, "/rows?of=answers&state=unanswered")
    counter.clock.advance(timedelta(days=8))
    assert "<strong>17%</strong> · <span class=\"muted\">1 of 6 contacts" in read(client, store)
    deflected = read(client, store, "/rows?of=deflection&state=deflected")
    assert alone in deflected and talks[0] not in deflected
    over = read(client, store, "/rows?of=deflection&state=over")
    assert alone in over and talks[0] in over
    resolve(care, store.id, talks[4], Agent(ana.id, "Ana"))
    assert talks[4] in read(client, store, "/rows?of=answers&state=unanswered")


def test_what_shoppers_wrote_is_read_once_for_all_numbers_of_a_page(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    for _ in range(5):
        write(counter, store, ASK)
    counter.clock.advance(timedelta(days=8))
    write(counter, store, ASK)
    with statements(counter) as asked:
        shown = read(client, store, "?days=7")
    assert "5 of 5 contacts" in shown, "those of the week before"
    for table in ("messages", "conversations", "orders"):
        assert len([one for one in asked if f"FROM {table}" in " ".join(one.split())]) == 1, table


def test_many_rows_stand_on_pages_and_each_is_on_one(
    counter: Counter, store: StoreRow, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_numbers, "ON_A_PAGE", 2)
    talks = [write(counter, store, WISH) for _ in range(5)]
    pages = [read(client, store, f"/rows?of=answers&state=waiting&days=7&page={page}") for page in (1, 2, 3)]
    assert [[talk in page for page in pages].count(True) for talk in talks] == [1] * 5
    assert "5 lines: Still waiting" in pages[0] and "Page 2 of 3" in pages[1]
    assert "state=waiting&page=3" in pages[1] and "state=waiting&page=1" in pages[1] and "days=7" in pages[1]
    assert "Next" not in pages[2] and "page=0" not in pages[0]
    for odd in ("0", "9", "-1", "x", "99999999999"):
        assert read(client, store, f"/rows?of=answers&page={odd}") in (
            read(client, store, "/rows?of=answers&page=1"), read(client, store, "/rows?of=answers&page=3"),
        )  # fmt: skip


def test_who_told_no_opening_hours_reads_that_every_hour_counts(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    assert "every hour counts as one" in read(client, store)
    with counter.db.transaction(store.id) as tx:
        set_hours(get_store(tx, store.id), {"mon": [["09:00", "18:00"]]}, {})
    assert "every hour counts as one" not in read(client, store)


def test_orders_are_told_with_their_contacts_however_few(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    talk = write(counter, store, "¿Dónde está mi pedido?")
    assert "1 contact, 0 orders: too few orders to say" in read(client, store)
    for number in range(5):
        counter.add_order(store, external_id=str(number), number=str(number))
    assert "<strong>20</strong> · <span class=\"muted\">1 contact, 5 orders" in read(client, store)
    assert talk in read(client, store, "/rows?of=orders")


def test_topics_by_week_lead_to_the_contacts_of_that_topic_in_that_week(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    early = write(counter, store, "me llegó roto")
    counter.clock.advance(timedelta(days=8))
    asked, broken = write(counter, store, ASK), write(counter, store, "me llegó roto")
    shown = read(client, store)
    assert re.findall(r'id="(20\S+|all-\S+)" .*?>(\d+)</a>', shown) == [
        ("2026-W48-doubt", "1"), ("2026-W48-complaint", "1"), ("2026-W47-complaint", "1"),
        ("all-doubt", "1"), ("all-complaint", "2"),
    ]  # fmt: skip
    told = {
        path: [talk for talk in (early, asked, broken) if talk in read(client, store, path.partition("numbers")[2])]
        for path in re.findall(r'href="([^"]*of=topics[^"]*)"', shown)
    }
    assert list(told.values()) == [[asked], [broken], [early], [asked], [early, broken]]
    both = read(client, store, "/rows?of=topics&state=complaint")
    assert "2 lines: Complaint" in both and both.count("Complaint</span>") == 2
    set_topic(counter.house.doors.care, store.id, broken, "praise")
    assert 'id="2026-W48-praise"' in read(client, store) and 'id="2026-W48-complaint"' not in read(client, store)
    for odd in ("state=x", "week=2026-W99", "week=%00"):
        assert "There is nothing to show" in read(client, store, f"/rows?of=topics&{odd}")


def test_when_not_all_was_read_the_page_says_so(
    counter: Counter, store: StoreRow, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(counter, store, ASK)
    assert "only the newest messages" not in read(client, store)
    monkeypatch.setattr(contacts, "MOST_READ", 1)
    assert "only the newest messages" in read(client, store)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(None, ""), (0, "0 s"), (59, "59 s"), (60, "1 min"), (3600, "1 h"), (12000, "3 h 20 min"), (172800, "2 d"),
     (788100, "9 d 2 h")],
)  # fmt: skip
def test_a_time_is_told_as_people_say_it(
    counter: Counter, client: FlaskClient, seconds: int | None, told: str
) -> None:
    with counter.house.web().test_request_context("/desk/?lang=en"):
        assert desk_numbers.tell_duration(seconds) == told


@pytest.mark.parametrize(
    ("share", "told"), [(None, ""), (0.0, "0%"), (0.001, "1%"), (0.5, "50%"), (0.999, "99%"), (1.0, "100%")]
)
def test_only_all_are_a_hundred_percent_and_only_none_is_nothing(share: float | None, told: str) -> None:
    assert desk_numbers.tell_share(share, "en") == told


def test_clicks_are_told_by_step_and_by_article(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    def click(step: str, phase: str, kind: str = "clicked") -> None:
        help.count(counter.db, store.id, "delivery-costs", "es", step, phase, kind, counter.clock.now())

    for phase in ("purchase", "pre_purchase"):
        for _ in range(4):
            click("cart", phase)
    click("", "purchase")
    click("cart", "purchase", "helped")
    shown = read(client, store)
    assert "<strong>8</strong>" in shown and "Step not known" in shown
    rows = read(client, store, "/rows?of=clicks")
    article = help.get_article(store, "delivery-costs", "es")
    assert article is not None
    assert article.title in rows
    assert rows.count(article.title) == 3, "phases are added up: cart clicked, cart helped, not known clicked"
    for step, told in (("cart", ">8<"), ("unknown", ">1<")):
        assert f"state=clicked&step={step}" in shown
        behind = read(client, store, f"/rows?of=clicks&state=clicked&step={step}")
        assert behind.count(article.title) == 1 and told in behind


def test_clicks_of_the_last_seven_days_are_those_of_today_and_six_days_before(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    now = counter.clock.now()
    for days in (6, 7):
        at = now - timedelta(days=days)
        help.count(counter.db, store.id, "delivery-costs", "es", "cart", "purchase", "clicked", at)
    assert ">1<" in read(client, store, "/rows?of=clicks&days=7") and ">2<" in read(client, store, "/rows?of=clicks")


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
