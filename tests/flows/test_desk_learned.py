"""The page of what the bot has learned: who taught what, undone and taken up again, and taught by hand."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient
from sqlalchemy import update

from faq_links import EXAMPLE_ANSWERS
from plugin import help
from plugin.agents import AgentRow
from plugin.agents.models import MembershipRow
from plugin.care.public_ids import list_public_ids
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT

ODD = "mi primo dice que el bulto va en burro"


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})


def page(store: StoreRow, part: str = "") -> str:
    return f"/desk/{store.public_id}/learned{part}"


def read(browser: FlaskClient, store: StoreRow) -> str:
    return html.unescape(browser.get(page(store)).text)


def teach(browser: FlaskClient, store: StoreRow, **form: str) -> Any:
    given = {"text": ODD, "article": "delivery-times", "language": "es"} | form
    return browser.post(page(store), data=given, headers=OURS)


def asked(counter: Counter, store: StoreRow, question: str = ODD) -> str:
    with counter.db.reading(store.id) as tx:
        learned = help.read_learned(tx, store.id)
    article = help.answer(store, question, "es", learned).article
    return article.article_id if article is not None else ""


def test_a_question_taught_by_hand_is_answered_and_undone_and_taken_up_again(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    assert "Nothing yet." in read(client, store) and asked(counter, store) == ""
    answer = teach(client, store)
    assert (answer.status_code, answer.location) == (303, page(store, "?done=taught"))
    text = read(client, store)
    assert ODD in text and "Ana: wrote it here" in text and "1 question in use" in text
    assert asked(counter, store) == "delivery-times"
    (phrasing,) = set(re.findall(r'name="phrasing" value="([^"]+)"', text))
    counter.clock.advance(60)
    answer = client.post(page(store, "/undo"), data={"phrasing": phrasing}, headers=OURS)
    assert answer.status_code == 303 and answer.location.endswith(f"#{phrasing}")
    text = read(client, store)
    assert "0 questions in use" in text and "Use it again" in text and asked(counter, store) == ""
    assert client.post(page(store, "/redo"), data={"phrasing": phrasing}, headers=OURS).status_code == 303
    assert asked(counter, store) == "delivery-times"


def test_what_an_agent_taught_in_a_conversation_says_who_how_and_where(
    counter: Counter, store: StoreRow, ana: AgentRow, client: FlaskClient
) -> None:
    talk = counter.write(store, ODD)
    luis = counter.add_agent("Luis", store, role="agent")
    with counter.db.transaction(store.id) as tx:
        conversation = next(one for one in range(1, 50) if list_public_ids(tx, store.id, [one]) == {one: talk})
        for agent, how, article in ((ana, "answered", "delivery-times"), (luis, "corrected", "how-to-return")):
            help.teach(tx, store, article, "es", f"un burro {how}", how, conversation, agent.id, MOMENT)
    text = read(client, store)
    assert "Ana: answered a shopper with the article" in text and "Luis: put the bot right" in text
    assert text.count(f'/conversations/{talk}"') == 2


@pytest.mark.parametrize(("form", "words"), [
    ({"text": ""}, "Write the question as a shopper would."),
    ({"text": "  "}, "Write the question as a shopper would."),
    ({"text": "4242 4242 4242 4242"}, "Write at least two letters"),
    ({"text": "palabra " * 60}, "of 300 signs at most"),
    ({"text": "hola"}, "only a greeting"),
    ({"article": ""}, "Choose the article"),
    ({"article": "<b>x</b>"}, "Choose the article"),
])  # fmt: skip
def test_what_teaches_nothing_is_refused_with_words_and_what_was_typed_stays(
    counter: Counter, store: StoreRow, client: FlaskClient, form: dict[str, str], words: str
) -> None:
    answer = teach(client, store, **form)
    text = html.unescape(answer.text)
    assert answer.status_code == 422 and words in text and 'aria-invalid="true"' in text
    typed = form.get("text", ODD)
    assert f'value="{typed}"' in text
    assert "Nothing yet." in text


def test_a_new_lesson_moves_the_same_words(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    teach(client, store)
    teach(client, store, text=ODD.upper() + "!", article="how-to-return")
    assert "1 question in use" in read(client, store) and asked(counter, store) == "how-to-return"


def test_scripts_in_a_question_are_words(store: StoreRow, client: FlaskClient) -> None:
    teach(client, store, text='<script>alert("x")</script> burro')
    raw = client.get(page(store)).text
    assert "<script>alert" not in raw and "&lt;script&gt;alert" in raw


def test_another_store_s_phrasing_is_not_there(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    other = counter.add_store("b.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})
    eva = counter.sign_in(counter.add_agent("Eva", other))
    teach(client, store)
    (phrasing,) = set(re.findall(r'name="phrasing" value="([^"]+)"', client.get(page(store)).text))
    for part in ("/undo", "/redo"):
        for which in (phrasing, "", "lp_x", "x" * 5000):
            assert eva.post(page(other, part), data={"phrasing": which}, headers=OURS).status_code == 404
        assert eva.post(page(store, part), data={"phrasing": phrasing}, headers=OURS).status_code == 404
    assert asked(counter, store) == "delivery-times" and ODD not in read(eva, other)


def test_an_agent_teaches_and_another_page_s_form_does_not(counter: Counter, store: StoreRow) -> None:
    luis = counter.sign_in(counter.add_agent("Luis", store, role="agent"))
    given = {"text": ODD, "article": "delivery-times", "language": "es"}
    assert luis.post(page(store), data=given).status_code == 403
    assert asked(counter, store) == ""
    assert teach(luis, store).status_code == 303


def test_a_viewer_looks_and_changes_nothing(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    teach(client, store)
    looker = counter.add_agent("Vera", store, role="agent")
    with counter.db.transaction(store.id) as tx:
        which = (MembershipRow.store_id == store.id, MembershipRow.agent_id == looker.id)
        tx.execute(update(MembershipRow).where(*which).values(role="viewer"))
    vera = counter.sign_in(looker)
    text = read(vera, store)
    assert ODD in text and "<select" not in text and "phrasing" not in text
    assert teach(vera, store, text="burro nuevo").status_code == 403


def test_a_long_list_is_turned_page_by_page(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    with counter.db.transaction(store.id) as tx:
        for number in range(61):
            word = "".join(chr(97 + int(digit)) for digit in f"{number:03}")
            at = MOMENT + timedelta(minutes=number)
            help.teach(tx, store, "delivery-times", "es", f"burro {word}x", "written", None, None, at)
    first = client.get(page(store)).text
    assert first.count('<tr id="lp_') == 50 and "61 questions in use" in first
    older = re.search(r'href="([^"]+before=\d+)"', first)
    assert older is not None
    assert client.get(html.unescape(older[1])).text.count('<tr id="lp_') == 11
    assert client.get(page(store, "?before=99999999999")).status_code == 200


@pytest.mark.parametrize(("locale", "title"), [
    ("es", "Lo que el bot ha aprendido"), ("pt", "O que o bot aprendeu"), ("en", "What the bot has learned"),
])  # fmt: skip
def test_the_page_speaks_the_agent_s_language(counter: Counter, store: StoreRow, locale: str, title: str) -> None:
    browser = counter.sign_in(counter.add_agent("Rosa", store, locale=locale))
    assert f"<h1>{title}</h1>" in read(browser, store)
