"""What the desk refuses: why stands beside what was begun, which is kept where it was written."""

from __future__ import annotations

import re

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from plugin.agents import AgentRow
from plugin.stores import StoreRow

HTMX = OURS | {"HX-Request": "true"}
WORD = "mira esto, por favor"


@pytest.fixture
def talk(counter: Counter, store: StoreRow) -> str:
    return counter.write(store, "hola", person=True)


@pytest.mark.parametrize(("path", "field"), [("assign", "assign-text"), ("notes", "note-text"), ("reply", "text")])
def test_without_scripts_it_stands_in_its_own_field_again(
    counter: Counter, store: StoreRow, client: FlaskClient, talk: str, path: str, field: str
) -> None:
    counter.add_agent("Leo", store, role="agent")
    words = f"{WORD} " * 250  # too long
    place = f"/desk/{store.public_id}/conversations/{talk}"
    page = client.post(f"{place}/{path}", data={"text": words, "to": "0"}, headers=OURS)
    assert page.status_code == 422
    kept = re.findall(r'<textarea id="([^"]+)"[^>]*>([^<]*)', page.text)
    assert [(name, bool(text)) for name, text in kept] == [
        (name, name == field) for name in ("text", "note-text", "assign-text")
    ]
    assert page.text.count('role="alert"') == 1


def test_why_comes_beside_the_answer_and_goes_with_the_next_thing_done(
    counter: Counter, store: StoreRow, client: FlaskClient, talk: str
) -> None:
    place = f"/desk/{store.public_id}/conversations/{talk}"
    refused = client.post(f"{place}/reply", data={"text": " "}, headers=HTMX)
    assert refused.status_code == 422
    beside = re.search(r'<div id="refused"[^>]*hx-swap-oob="outerHTML">(.*?)</div>', refused.text)
    assert beside is not None and "Write something first." in beside[1]
    assert "Write something first." not in refused.text.partition('<div id="refused"')[0], "events bring that part anew"
    assert "Write something first." not in client.get(f"{place}/thread", headers=HTMX).text
    done = client.post(f"{place}/take", headers=HTMX)
    emptied = re.search(r'<div id="refused"[^>]*>(.*?)</div>', done.text)
    assert emptied is not None and emptied[1] == ""


def test_who_holds_it_is_told_with_the_part_that_events_bring(
    counter: Counter, store: StoreRow, ana: AgentRow, client: FlaskClient, talk: str
) -> None:
    leo = counter.add_agent("Leo", store, role="agent")
    place = f"/desk/{store.public_id}/conversations/{talk}"
    held = f'<input type="hidden" name="from" value="{leo.id}" form="assign">'
    assert held not in client.get(place).text
    counter.sign_in(leo).post(f"{place}/take", headers=OURS)
    assert held in client.get(f"{place}/thread", headers=HTMX).text
    assert f'<option value="{leo.id}">Leo' in client.get(place).text
