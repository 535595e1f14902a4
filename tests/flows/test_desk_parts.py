"""Search, ready answers, notes, topics, colleagues at the desk: as plain forms, as htmx asks, and against abuse."""

from __future__ import annotations

import json
import re
import sys
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient
from limits import RateLimitItemPerMinute
from sqlalchemy import select

from plugin.agents import AgentRow
from plugin.care import ConversationRow, MacroRow, NoteRow, conversation_channel, get_conversation
from plugin.database import ALL
from plugin.privacy import AccessRow
from plugin.stores import StoreRow
from plugin.testing.factories import make_shipment
from plugin.web import desk_search

sys.path.insert(0, str(Path(__file__).parents[1] / "unit"))
from test_care_search import HOSTILE

HTMX = OURS | {"HX-Request": "true"}
SECRET = "cuidado-con-esta-persona"


@pytest.fixture
def leo(counter: Counter, store: StoreRow) -> AgentRow:
    return counter.add_agent("Leo", store, role="agent")


def get(browser: FlaskClient, store: StoreRow, path: str, headers: Any = OURS, **query: str) -> Any:
    return browser.get(f"/desk/{store.public_id}/{path}", query_string=query or None, headers=headers)


def send(browser: FlaskClient, store: StoreRow, path: str, headers: Any = OURS, **form: Any) -> Any:
    return browser.post(f"/desk/{store.public_id}/{path}", data=form, headers=headers)


def read(counter: Counter, store: StoreRow, talk: str) -> Any:
    with counter.db.reading(store.id) as tx:
        whole = get_conversation(tx, store.id, talk)
    assert whole is not None
    return whole


# Search


def test_whatever_is_typed_into_the_search_no_answer_is_an_error(
    counter: Counter, store: StoreRow, ana: AgentRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_search, "SEARCHES", RateLimitItemPerMinute(1000))
    talk, browser = counter.write(store, "la jarra <b>azul</b>"), counter.sign_in(ana)
    for typed in HOSTILE:
        answer = get(browser, store, "search", q=typed)
        assert answer.status_code == 200, (answer.status_code, typed[:80])
    for raw in (b"%ff%fe", b"%ed%a0%80", b"%", b"%zz", b"q=1&q=2", b"[]=1", b"a" * 5000):
        assert browser.get(f"/desk/{store.public_id}/search?q={raw.decode()}").status_code == 200
    page = get(browser, store, "search", q="jarra").text
    assert f"/conversations/{talk}#m-1" in page and "<mark>jarra</mark>" in page
    assert "&lt;b&gt;azul&lt;/b&gt;" in page and "<b>azul" not in page


def test_a_search_is_noted_with_its_words_and_finds_only_the_own_store(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    other = counter.add_store("b.example")
    counter.write(other, "la jarra de otra tienda")
    browser = counter.sign_in(ana)
    page = get(browser, store, "search", q="  jarra  ").text
    assert "Nothing was found" in page and "otra tienda" not in page and 'value="jarra"' in page
    with counter.db.reading(store.id) as tx:
        rows = list(tx.scalars(select(AccessRow).where(AccessRow.store_id == store.id)))
    assert [(row.kind, row.subject) for row in rows] == [("search", "jarra")]
    assert "at least two letters" in get(browser, store, "search", q="*").text
    assert "Words are found" in get(browser, store, "search").text


def test_an_order_s_number_leads_to_the_order_and_its_talk(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    order = counter.add_order(store)
    talk = counter.write(store, "hola", order_id=order.id, order_proof="order")
    page = get(counter.sign_in(ana), store, "search", q="#1001").text
    assert f"/orders/{order.id}" in page and f"/conversations/{talk}" in page and "with this order" in page


# The list


def test_the_list_keeps_whose_and_which_phase(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    mine = counter.write(store, "quiero una persona", person=True)
    free = counter.write(store, "quiero una persona", person=True, steps=("product",))
    browser = counter.sign_in(ana)
    send(browser, store, f"conversations/{mine}/take")

    def listed(**query: str) -> list[str]:
        page = get(browser, store, "conversations", **query).text
        assert f"show={query['show']}" in page
        return re.findall(r'id="in-list-(cv_[^"]+)"', page)

    assert listed(show="mine") == [mine] and listed(show="unassigned") == [free]
    assert listed(show="open", phase="pre_purchase") == [free]
    page = get(browser, store, "conversations", show="open", phase="pre_purchase").text
    again = re.search(r'hx-get="([^"]+conversations/list[^"]*)"', page)
    assert again is not None and "phase=pre_purchase" in again[1] and "show=open" in again[1]
    assert f"conversations/{free}?show=open&amp;phase=pre_purchase" in page
    for odd in ("'", "mine'--", "owner", "../x", "1 OR 1=1"):
        asked = dict.fromkeys(("show", "status", "phase", "topic", "page"), odd)
        assert get(browser, store, "conversations", **asked).status_code == 200


# Ready answers


def add_macro(browser: FlaskClient, store: StoreRow, text: str, title: str = "Estado") -> str:
    answer = send(browser, store, "macros", title=title, **{"text.es": text})
    assert answer.status_code == 303, answer.text[-400:]
    found = re.findall(r"macro=(mc_[A-Za-z0-9_-]+)", get(browser, store, "macros").text)
    return str(found[-1])


def macro_row(counter: Counter, store: StoreRow) -> MacroRow:
    with counter.db.reading(store.id) as tx:
        return tx.scalars(select(MacroRow).where(MacroRow.store_id == store.id)).one()


@pytest.mark.parametrize("headers", [OURS, HTMX])
def test_a_ready_answer_opens_as_a_draft_and_counts_when_it_is_sent(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow, headers: Any
) -> None:
    order = counter.add_order(store, make_shipment())
    talk = counter.write(store, "hola", order_id=order.id, order_proof="order")
    macro = add_macro(counter.sign_in(ana), store, "Hola {name}, tu pedido {order}. {agent}")
    browser, before = counter.sign_in(leo), len(read(counter, store, talk).messages)
    assert "Use Estado" in get(browser, store, f"conversations/{talk}/macros", headers).text
    page = get(browser, store, f"conversations/{talk}/macros", headers, macro=macro).text
    assert ">Hola Alma, tu pedido 1001. Leo</textarea>" in page and f'name="macro" value="{macro}"' in page
    assert len(read(counter, store, talk).messages) == before, "opening sends nothing"
    form = {"macro": macro, "client_id": "5f0c3c1e-0000-4000-8000-000000000001"}
    for _ in range(2):
        words = "Hola Alma, tu pedido 1001. Leo"
        answer = send(browser, store, f"conversations/{talk}/reply", headers, text=words, **form)
        assert answer.status_code in (200, 303)
    form["client_id"] = "5f0c3c1e-0000-4000-8000-000000000002"
    send(browser, store, f"conversations/{talk}/reply", headers, text="Hola Alma. Leo", **form)
    row = macro_row(counter, store)
    assert (row.sent, row.sent_unchanged) == (2, 1)
    sent = send(browser, store, f"conversations/{talk}/reply", HTMX, text="y más", macro="mc_unknown000", client_id="")
    assert sent.status_code == 200 and 'name="macro"' not in sent.text


def test_an_answer_with_a_placeholder_in_it_is_not_sent(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    talk, browser = counter.write(store, "hola"), counter.sign_in(ana)
    macro = add_macro(browser, store, "Tu paquete: {tracking}")
    page = get(browser, store, f"conversations/{talk}/macros", macro=macro).text
    assert "Tu paquete: {tracking}</textarea>" in page and "Still to be written" in page
    before = len(read(counter, store, talk).messages)
    for headers in (OURS, HTMX):
        form = {"text": "Tu paquete: {tracking}", "macro": macro, "client_id": ""}
        answer = send(browser, store, f"conversations/{talk}/reply", headers, **form)
        assert answer.status_code == 422 and "{tracking} still stands in your answer" in answer.text
    assert f'name="macro" value="{macro}"' in send(
        browser, store, f"conversations/{talk}/reply", text="{tracking}", macro=macro, client_id="").text  # fmt: skip
    assert len(read(counter, store, talk).messages) == before
    assert send(browser, store, f"conversations/{talk}/reply", text="{otra cosa}", client_id="").status_code == 303


def test_owners_alone_keep_ready_answers_and_what_cannot_be_filled_is_said(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow
) -> None:
    owner, helper = counter.sign_in(ana), counter.sign_in(leo)
    answer = send(owner, store, "macros", title="<i>x</i>", **{"text.es": "Hola {nombre}"})
    assert answer.status_code == 422 and "We do not know the placeholder {nombre}" in answer.text
    assert "&lt;i&gt;x&lt;/i&gt;" in answer.text and "Hola {nombre}</textarea>" in answer.text
    macro = add_macro(owner, store, "Hola")
    for path, form in (("macros", {"title": "x", "text.es": "y"}), ("macros/remove", {"macro": macro})):
        assert send(helper, store, path, **form).status_code == 403
    page = get(helper, store, "macros").text
    assert "Estado" in page and "text.es" not in page and 'method="post"' not in page
    opened = get(owner, store, "macros", macro=macro).text
    seen = re.search(r'name="seen" value="([^"]+)"', opened)
    assert seen is not None
    counter.clock.advance(1)
    given = {"macro": macro, "title": "Estado", "seen": seen[1], "text.es": "Buenas", "text.pt": "Oi"}
    assert send(owner, store, "macros", **given).status_code == 303
    late = send(owner, store, "macros", **given | {"text.es": "Otra"})
    assert late.status_code == 422 and "Somebody else changed it" in late.text and "Otra</textarea>" in late.text
    assert macro_row(counter, store).texts == {"es": "Buenas", "pt": "Oi"}
    newer = re.search(r'name="seen" value="([^"]+)"', late.text)
    assert newer is not None
    assert send(owner, store, "macros", **given | {"text.es": "Otra", "seen": newer[1]}).status_code == 303
    assert send(owner, store, "macros/remove", macro=macro).status_code == 303
    for odd in ("", macro, "mc_' OR 1=1", "mc_\x00000000000", "%"):
        assert send(owner, store, "macros/remove", macro=odd).status_code == 404
        assert get(owner, store, "macros", macro=odd).status_code == (404 if odd else 200)


def test_another_store_s_ready_answer_is_not_there(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    other = counter.add_store("b.example")
    theirs = add_macro(counter.sign_in(counter.add_agent("Eva", other)), other, "Secreta")
    talk, browser = counter.write(store, "hola"), counter.sign_in(ana)
    assert get(browser, store, f"conversations/{talk}/macros", macro=theirs).status_code == 404
    assert get(browser, store, "macros", macro=theirs).status_code == 404
    assert send(browser, store, "macros", macro=theirs, title="x", **{"text.es": "y"}).status_code == 404
    sent = send(browser, store, f"conversations/{talk}/reply", text="hola", macro=theirs, client_id="")
    assert sent.status_code == 303
    assert macro_row(counter, other).sent == 0


# Notes, topics, colleagues


def test_a_note_stands_between_the_messages_and_no_shopper_reads_it(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    talk, browser = counter.write(store, "hola", person=True), counter.sign_in(ana)
    row = read(counter, store, talk).row
    shopper = counter.house.doors.hub.subscribe(conversation_channel(store.id, row.id))
    form = {"text": f"  {SECRET} <b>x</b> ", "client_id": "5f0c3c1e-0000-4000-8000-000000000003"}
    for headers in (OURS, HTMX, OURS):
        assert send(browser, store, f"conversations/{talk}/notes", headers, **form).status_code in (200, 303)
    page = get(browser, store, f"conversations/{talk}").text
    assert page.count(SECRET) == 1 and "&lt;b&gt;x&lt;/b&gt;" in page and "Note by Ana" in page
    assert page.index('id="m-1"') < page.index(SECRET)
    assert shopper.wait(0.01) is None
    counter.clock.advance(3600)
    counter.run_jobs()
    assert all(SECRET.encode() not in mail for mail, _, _ in counter.taken.mails)
    public = counter.browser()
    for path in (f"/help/{store.public_id}/es", f"/api/widget/v1/stores/{store.public_id}/boot?locale=es"):
        assert SECRET not in public.get(path).text
    for text, words in (("  ", "Write something first."), ("x" * 4001, "too long")):
        answer = send(browser, store, f"conversations/{talk}/notes", text=text)
        assert answer.status_code == 422 and words in answer.text
    assert send(browser, store, "conversations/cv_AAAAAAAAAAAA/notes", text="x").status_code == 404
    with counter.db.reading(store.id) as tx:
        assert len(list(tx.scalars(select(NoteRow).where(NoteRow.store_id == store.id)))) == 1


def test_a_shopper_s_own_answers_never_hold_a_note(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    """Over the widget's own way: what it is told of its conversation, and its stream."""
    public = counter.browser()
    body = {"text": "hola", "client_id": "5f0c3c1e-0000-4000-8000-000000000009", "locale": "es", "steps": ["cart"],
            "page": None}  # fmt: skip
    posted = public.post(f"/api/widget/v1/stores/{store.public_id}/messages", json=body)
    assert posted.status_code in (200, 201), posted.text
    bearer = {"Authorization": f"Bearer {posted.json['token']}"}
    talk = posted.json["conversation"]["id"]
    send(counter.sign_in(ana), store, f"conversations/{talk}/notes", text=SECRET, client_id="")
    answer = public.get("/api/widget/v1/conversation", headers=bearer)
    assert answer.status_code == 200 and "hola" in answer.text and SECRET not in answer.text
    with public.get("/api/widget/v1/stream", headers=bearer, buffered=False) as stream:
        told = b"".join(islice(stream.response, 4))
    assert b"hola" in told and SECRET.encode() not in told


def test_the_topic_is_put_right_by_a_form(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    talk, browser = counter.write(store, "¿dónde está mi pedido?"), counter.sign_in(ana)
    page = get(browser, store, f"conversations/{talk}").text
    assert 'value="where_is_my_order" selected>5 · Where is my order (guessed)' in page
    assert send(browser, store, f"conversations/{talk}/topic", topic="doubt").status_code == 303
    again = send(browser, store, f"conversations/{talk}/topic", HTMX, topic="doubt")
    assert 'value="doubt" selected>1 · Question<' in again.text
    for odd in ("spam", "doubt'", "1", "\x00"):
        assert send(browser, store, f"conversations/{talk}/topic", topic=odd).status_code == 422
    assert (read(counter, store, talk).row.topic, read(counter, store, talk).row.topic_by) == ("doubt", "agent")


def test_a_conversation_is_given_to_somebody_who_answers_and_to_nobody_else(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow
) -> None:
    talk, browser = counter.write(store, "hola", person=True), counter.sign_in(ana)
    stranger = counter.add_agent("Eva", counter.add_store("b.example"))
    vera = counter.add_agent("Vera", store, role="viewer")
    page = get(browser, store, f"conversations/{talk}").text
    assert f'<option value="{leo.id}">Leo' in page and "Vera" not in page and "Eva" not in page
    for odd in (str(stranger.id), str(vera.id), "", "0", "-1", "9" * 30, "1 OR 1=1", "²"):
        assert send(browser, store, f"conversations/{talk}/assign", to=odd, text="x").status_code == 422, odd
    assert read(counter, store, talk).row.agent_id is None
    assert send(browser, store, f"conversations/{talk}/assign", to=leo.id, text="para ti").status_code == 303
    row = read(counter, store, talk).row
    assert (row.owner, row.agent_id, row.agent_name) == ("agent", leo.id, "Leo")
    assert "para ti" in get(counter.sign_in(leo), store, f"conversations/{talk}").text
    taken = send(browser, store, f"conversations/{talk}/assign", to=ana.id)
    assert taken.status_code == 409 and "Leo is answering here" in taken.text
    given = {"to": str(ana.id), "from": str(leo.id)}
    assert send(browser, store, f"conversations/{talk}/assign", **given).status_code == 303
    assert read(counter, store, talk).row.agent_id == ana.id


def test_who_else_is_here_is_shown_and_who_only_looks_is_not(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow
) -> None:
    talk, vera = counter.write(store, "hola"), counter.add_agent("Vera", store, role="viewer")
    get(counter.sign_in(vera), store, f"conversations/{talk}")
    theirs, browser = counter.sign_in(leo), counter.sign_in(ana)
    assert "looking at this too" not in get(theirs, store, f"conversations/{talk}").text
    assert "Leo is looking at this too" in get(browser, store, f"conversations/{talk}").text
    send(theirs, store, f"conversations/{talk}/typing")
    part = get(browser, store, f"conversations/{talk}/company").text
    assert "Leo is writing an answer" in part and "Vera" not in part and "<html" not in part
    assert "Ana is looking at this too" in get(theirs, store, f"conversations/{talk}/company").text
    assert get(browser, store, "conversations/cv_AAAAAAAAAAAA/company").status_code == 404


def test_what_is_live_carries_names_and_no_words(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow
) -> None:
    talk = counter.write(store, "hola")
    with counter.sign_in(leo).get(f"/desk/{store.public_id}/live?conversation={talk}", buffered=False) as live:
        lines = iter(live.response)
        assert b"refresh" in next(lines)
        browser = counter.sign_in(ana)
        get(browser, store, f"conversations/{talk}")
        send(browser, store, f"conversations/{talk}/assign", to=leo.id, text=SECRET)
        told = b""
        while b"assigned" not in told:
            told += next(lines)
    assert b"event: company" in told and SECRET.encode() not in told
    data = re.search(rb"event: assigned\ndata: (.*)\n", told)
    assert data is not None and json.loads(data[1]) == {"conversation": talk, "agent_id": leo.id, "by": "Ana"}


def test_the_columns_of_a_talk_cannot_be_written_by_a_form(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    talk, browser = counter.write(store, "hola"), counter.sign_in(ana)
    aimed = {"store_id": "99", "id": "99", "agent_id": "99", "conversation_id": "99", "topic_by": "guess",
             "after_position": "99", "agent_name": "Evil", "sent": "99", "public_id": "mc_evil"}  # fmt: skip
    send(browser, store, f"conversations/{talk}/notes", text="x", **aimed)
    send(browser, store, f"conversations/{talk}/topic", topic="praise", **aimed)
    send(browser, store, "macros", title="x", **{"text.es": "y"}, **aimed)
    with counter.db.reading(ALL, "what was written") as tx:
        note, macro, row = (tx.scalars(select(one)).one() for one in (NoteRow, MacroRow, ConversationRow))
    assert (note.store_id, note.agent_id, note.agent_name) == (store.id, ana.id, "Ana")
    assert note.after_position <= row.last_position and (row.topic, row.topic_by) == ("praise", "agent")
    assert (macro.store_id, macro.sent) == (store.id, 0) and macro.public_id != "mc_evil"
