"""Saying at the desk who answers whom, and what an agent sees of how a talk came to people."""

from __future__ import annotations

import re
from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from plugin.care import ConversationRow, desk_channel, give_back_to_bot, take
from plugin.care.hold import Agent
from plugin.care.routes import note
from plugin.stores import StoreRow, get_store
from plugin.stores.routing import CELLS, USUAL

SELECT = re.compile(r'<select name="([^"]+)"[^>]*>(.*?)</select>')
CHOSEN = re.compile(r'<option value="([^"]+)" selected>')
NUMBER = re.compile(r'name="(failures|silent_minutes)"[^>]* value="([^"]*)"')


def kept(counter: Counter, store: StoreRow) -> dict[str, Any]:
    with counter.db.reading(store.id) as tx:
        return dict(get_store(tx, store.id).routing)


def send(browser: FlaskClient, store: StoreRow, path: str = "routing", **form: str) -> Any:
    return browser.post(f"/desk/{store.public_id}/{path}", data=form, headers=OURS)


def read_form(html: str) -> dict[str, str]:
    """Every field of the form as it stands there."""
    selects = {name: CHOSEN.findall(options) for name, options in SELECT.findall(html)}
    anger = re.findall(r'name="anger" value="([01])" checked', html)
    chosen = {name: (found or [""])[0] for name, found in selects.items()}
    return chosen | dict(NUMBER.findall(html)) | {"anger": anger[0]}


def test_the_table_shows_every_situation_as_it_is_from_the_start(store: StoreRow, client: FlaskClient) -> None:
    html = client.get(f"/desk/{store.public_id}/routing").text
    assert read_form(html) == dict(USUAL) | {"failures": "2", "silent_minutes": "5", "anger": "1"}
    assert len(SELECT.findall(html)) == 24 and len(set(re.findall(r'aria-label="([^"]+)"', html))) >= 24
    assert f"/desk/{store.public_id}/routing" in client.get(f"/desk/{store.public_id}/store").text


def test_what_is_changed_is_kept_and_the_usual_comes_back_by_one_press(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    form = dict(USUAL) | {"pre_purchase/empty/new/closed": "form", "purchase/basket/new/open": "bot"}
    answer = send(client, store, **form, anger="0", failures="3", silent_minutes="15")
    assert answer.status_code == 303 and "done=saved" in answer.headers["Location"]
    assert kept(counter, store) == {
        "table": {"pre_purchase/empty/new/closed": "form", "purchase/basket/new/open": "bot"},
        "anger": False, "failures": 3, "silent_minutes": 15,
    }  # fmt: skip
    html = client.get(answer.headers["Location"]).text
    assert "Saved." in html
    assert read_form(html) == form | {"anger": "0", "failures": "3", "silent_minutes": "15"}
    assert send(client, store, "routing/usual").status_code == 303
    assert kept(counter, store) == {}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("purchase/basket/new/open", "robot"),
        ("purchase/basket/new/open", "<script>alert(1)</script>"),
        ("purchase/basket/new/closed", "person"),
        ("post_sale/empty/returning/closed", ""),
        ("failures", "0"), ("failures", "6"), ("failures", "-1"), ("failures", "2.5"), ("failures", "٣"),
        ("failures", ""), ("failures", "9" * 4000),
        ("silent_minutes", "1"), ("silent_minutes", "61"), ("silent_minutes", "five"), ("silent_minutes", "1e1"),
        ("silent_minutes", '"><script>alert(1)</script>'),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words_and_what_else_was_typed_is_not_lost(
    counter: Counter, store: StoreRow, client: FlaskClient, field: str, value: str
) -> None:
    typed = dict(USUAL) | {"pre_purchase/empty/new/open": "form", "anger": "0", "failures": "4", "silent_minutes": "9"}
    answer = send(client, store, **(typed | {field: value}))
    assert answer.status_code == 422 and kept(counter, store) == {}
    assert 'role="alert"' in answer.text and 'aria-describedby="routing-fault"' in answer.text
    assert "<script>alert" not in answer.text
    shown = read_form(answer.text)
    assert {name: one for name, one in shown.items() if name != field} == {
        name: one for name, one in typed.items() if name != field
    }


def test_names_of_no_cell_are_left_out_and_cells_left_out_stay(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    send(client, store, **{"post_sale/empty/new/open": "form"})
    assert kept(counter, store) == {"table": {"post_sale/empty/new/open": "form"}}
    strange = {"routing": "form", "table": "x", "purchase/basket/new": "form", "../..": "form", "__proto__": "form"}
    assert send(client, store, **strange).status_code == 303
    assert kept(counter, store) == {"table": {"post_sale/empty/new/open": "form"}}


def test_an_agent_looks_and_changes_nothing(counter: Counter, store: StoreRow) -> None:
    leo = counter.sign_in(counter.add_agent("Leo", store, role="agent"))
    html = leo.get(f"/desk/{store.public_id}/routing").text
    assert len(re.findall(r"<select [^>]*disabled", html)) == len(CELLS) and "routing/usual" not in html
    for path in ("routing", "routing/usual"):
        assert send(leo, store, path, failures="3").status_code == 403
    assert kept(counter, store) == {}


def test_the_page_is_told_in_three_languages(counter: Counter, store: StoreRow) -> None:
    heads = {"es": "Quién atiende a quién", "en": "Who answers whom", "pt": "Quem atende quem"}
    for locale, head in heads.items():
        browser = counter.sign_in(counter.add_agent(f"Ana{locale}", store, locale=locale))
        assert f"<h1>{head}</h1>" in browser.get(f"/desk/{store.public_id}/routing").text


def row_of(counter: Counter, store: StoreRow, talk: str, **notes: Any) -> None:
    with counter.db.transaction(store.id) as tx:
        row = tx.query(ConversationRow).filter_by(store_id=store.id, public_id=talk).one()
        note(row, **notes)


@pytest.mark.parametrize(
    ("words", "badge"),
    [("quiero hablar con una persona", "Asked for a person"), ("¡Son unos estafadores, me robaron!", "Angry")],
)
def test_the_desk_sees_why_a_talk_came_to_people_and_no_longer_once_the_bot_has_it(
    counter: Counter, store: StoreRow, client: FlaskClient, words: str, badge: str
) -> None:
    talk = counter.write(store, words)
    places = [f"/desk/{store.public_id}/conversations{path}" for path in ("/list", f"/{talk}/thread", f"/{talk}/about")]
    assert [badge in client.get(place).text for place in places] == [True] * 3
    agent = Agent(1, "Ana")
    take(counter.house.doors.care, store.id, talk, agent)
    assert badge in client.get(places[0]).text
    give_back_to_bot(counter.house.doors.care, store.id, talk, agent)
    assert [badge in client.get(place).text for place in places] == [False] * 3


def test_the_desk_sees_that_a_talk_was_taken_back(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    talk = counter.write(store, "quiero hablar con una persona")
    take(counter.house.doors.care, store.id, talk, Agent(7, "Leo"))
    assert "Taken back" not in client.get(f"/desk/{store.public_id}/conversations/list").text
    counter.clock.advance(300)
    counter.run_jobs()
    for path in ("/list", f"/{talk}/thread"):
        assert "Taken back" in client.get(f"/desk/{store.public_id}/conversations{path}").text
    take(counter.house.doors.care, store.id, talk, Agent(1, "Ana"))
    assert "Taken back" not in client.get(f"/desk/{store.public_id}/conversations/list").text


def test_a_person_first_at_the_checkout_is_told_to_the_desk(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    with counter.house.doors.hub.subscribe(desk_channel(store.id), "Ana"):
        counter.write(store, "hola", steps=("checkout",), basket="80.00 EUR")
    html = client.get(f"/desk/{store.public_id}/conversations/list").text
    assert "A person first" in html and "Waiting for" in html


def test_what_came_by_the_form_shows_name_reference_and_the_number_as_unproven_text(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    talk, evil = counter.write(store, "quiero hablar con una persona"), '<img src=x onerror="alert(1)">'
    row_of(counter, store, talk, order_number=evil)
    with counter.db.transaction(store.id) as tx:
        row = tx.query(ConversationRow).filter_by(store_id=store.id, public_id=talk).one()
        row.channel, row.reference, row.writer_name = "form", "M-ABC234", f"Eva {evil}"
    listed = client.get(f"/desk/{store.public_id}/conversations/list").text
    about = client.get(f"/desk/{store.public_id}/conversations/{talk}/about").text
    for html in (listed, about):
        assert "M-ABC234" in html and "Eva &lt;img" in html and "<img" not in html
    assert "Message form" in about and "Nothing proves that this order is theirs" in about
    assert about.count("&lt;img src=x") >= 2, "the name and the number stand there as they were typed"
