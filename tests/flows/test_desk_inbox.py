"""The desk's inbox: which talks it shows and how many, its pages, and the way from a talk back to it."""

from __future__ import annotations

import html
import json
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from desk_house import OURS, Counter, statements
from flask.testing import FlaskClient
from sqlalchemy import text, update

from plugin.agents import AgentRow
from plugin.care import ConversationRow, conversation_channel, desk_channel
from plugin.care.inbox import View, count_inbox
from plugin.care.macros import add_macro
from plugin.database import ALL
from plugin.privacy import AccessRow, list_accesses
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT

HTMX = OURS | {"HX-Request": "true"}


def show(client: FlaskClient, store: StoreRow, path: str = "", headers: Any = OURS, **asked: Any) -> str:
    answer = client.get(f"/desk/{store.public_id}/conversations{path}", query_string=asked, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return html.unescape(answer.text)


def listed(page: str) -> list[str]:
    return re.findall(r'id="in-list-(cv_[^"]+)"', page)


def change(counter: Counter, store: StoreRow, talk: str, **values: Any) -> None:
    with counter.db.transaction(store.id) as tx:
        which = (ConversationRow.store_id == store.id, ConversationRow.public_id == talk)
        tx.execute(update(ConversationRow).where(*which).values(**values))


# Whose, which, how many


def test_an_address_of_before_still_shows_whose_talks_it_did(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    free, bot = counter.write(store, "hola", person=True), counter.write(store, "hola")
    assert listed(show(client, store, status="unassigned")) == [free] == listed(show(client, store, show="unassigned"))
    assert listed(show(client, store, show="bot", status="unassigned")) == [bot], "the newer word counts"


def test_a_topic_is_seen_in_the_list_and_chosen_there(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    broken = counter.write(store, "me llegó rota la taza")
    counter.write(store, "¿hacen envíos a Cali?")
    page = show(client, store)
    assert '<span class="tag tag-bad">Complaint</span>' in page and '<span class="tag">Question</span>' in page
    chip = re.search(r'<a id="topic-complaint" href="([^"]+)">Complaint <span class="count">1</span>', page)
    assert chip is not None
    assert listed(html.unescape(client.get(chip[1]).text)) == [broken]
    narrowed = show(client, store, topic="complaint", phase="post_sale")
    assert listed(narrowed) == [] and "Nothing in this view." in narrowed


def test_everything_beside_the_list_is_counted_in_one_pass_over_an_index(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    counter.write(store, "quiero una persona", person=True)
    with counter.db.reading(store.id) as tx, statements(counter) as asked:
        counts = count_inbox(tx, store.id, View("open", agent_id=ana.id))
    assert len(asked) == 1 and (counts.shown, counts.waiting, counts.shows["unassigned"]) == (1, 1, 1)
    given = asked[0].replace("?", "1")
    with counter.db.reading(ALL, "how it is looked up") as tx:
        plan = [row[-1] for row in tx.execute(text(f"EXPLAIN QUERY PLAN {given}"))]
    assert len(plan) == 1 and "COVERING INDEX" in plan[0], plan


# Pages


@pytest.fixture
def many(counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Five talks, the newest first, with two on a page."""
    monkeypatch.setattr("plugin.web.desk_inbox.PAGE", 2)
    monkeypatch.setattr("plugin.web.desk_conversations.PAGE", 2)
    talks = []
    for number in range(5):
        talks.append(counter.write(store, f"hola {number}"))
        counter.clock.advance(1)
    return talks[::-1]


def test_whoever_goes_on_to_older_talks_comes_to_every_one(
    store: StoreRow, client: FlaskClient, many: list[str]
) -> None:
    page, seen = show(client, store, show="bot"), []
    for _ in range(3):
        seen.append(listed(page))
        older = re.search(r'href="([^"]+)">Older</a>', page)
        if older is None:
            break
        assert "show=bot" in older[1]
        page = html.unescape(client.get(older[1]).text)
    assert seen == [many[:2], many[2:4], many[4:]] and older is None
    newer = re.search(r'href="([^"]+)">Newer</a>', page)
    assert newer is not None and listed(client.get(newer[1]).text) == many[2:4]


def test_a_talk_opens_beside_the_page_it_was_found_on_and_a_filter_begins_anew(
    store: StoreRow, client: FlaskClient, many: list[str]
) -> None:
    page = show(client, store, page="2")
    link = re.search(rf'href="([^"]+/conversations/{many[2]}[^"]*)"', page)
    assert link is not None
    opened = html.unescape(client.get(link[1]).text)
    assert listed(opened) == many[2:4]
    assert not re.search(r'<a id="(show|phase|topic)-[^>]+page=', opened)
    fetched = re.search(r'id="list"[^>]+hx-get="([^"]+)"', opened)
    assert fetched is not None and listed(client.get(fetched[1]).text) == many[2:4]


@pytest.mark.parametrize("page", ["0", "1", "-1", "x", "²", "99999999999", "1001", "2.5", "", "2'--"])
def test_what_is_no_page_is_the_first_one(store: StoreRow, client: FlaskClient, many: list[str], page: str) -> None:
    assert listed(show(client, store, page=page)) == many[:2]


def test_a_page_that_emptied_says_so_and_leads_to_the_first(
    store: StoreRow, client: FlaskClient, many: list[str]
) -> None:
    page = show(client, store, page="9")
    assert listed(page) == [] and "Nothing in this view." in page and ">Newest</a>" in page
    assert "Nobody has written here" not in page


# The way back


@pytest.mark.parametrize("part", ["", "/thread"])
def test_the_way_back_leads_to_the_list_one_came_from(
    counter: Counter, store: StoreRow, client: FlaskClient, part: str
) -> None:
    talk = counter.write(store, "hola")
    page = show(client, store, f"/{talk}{part}", show="mine", phase="purchase", topic="praise", page="3")
    assert came_from(page) == {"show": ["mine"], "phase": ["purchase"], "topic": ["praise"], "page": ["3"]}
    assert came_from(show(client, store, f"/{talk}{part}", show="'", phase="x", page="0")) == {}


def came_from(page: str) -> dict[str, list[str]]:
    back = re.search(r'<a class="back" href="([^"]+)"', page)
    assert back is not None
    return parse_qs(urlsplit(back[1]).query)


@pytest.mark.parametrize("headers", [OURS, HTMX], ids=["a form", "htmx"])
@pytest.mark.parametrize("what", ["reply", "take", "resolve", "give-back", "notes", "topic", "assign", "article"])
def test_whatever_is_done_in_a_talk_the_list_stays(
    counter: Counter, store: StoreRow, ana: AgentRow, client: FlaskClient, what: str, headers: dict[str, str]
) -> None:
    talk = counter.write(store, "hola", person=True)
    counter.add_agent("Leo", store, role="agent")
    view = {"show": "open", "phase": "purchase"}
    page = show(client, store, f"/{talk}", **view)
    forms = re.findall(r'<form [^>]*action="([^"]+)"', page)
    place = f"/desk/{store.public_id}/conversations/{talk}/{what}?show=open&phase=purchase"
    if what != "article":
        assert place in forms, forms
    form = {"text": "Voy", "client_id": "", "topic": "praise", "to": str(ana.id), "article": "no-such"}
    answer = client.post(place, data=form, headers=headers)
    if answer.status_code == 303:
        assert parse_qs(urlsplit(answer.headers["Location"]).query) == {name: [word] for name, word in view.items()}
    else:
        assert answer.status_code in (200, 422)
        assert came_from(html.unescape(answer.text)) == {name: [word] for name, word in view.items()}


def test_other_pages_keep_nothing_of_the_list(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    talk = counter.write(store, "la jarra")
    page = client.get(f"/desk/{store.public_id}/search?q=jarra&show=mine&phase=purchase").text
    assert f"/conversations/{talk}#m-1" in page and "phase=purchase" not in page


# What is read, and what is noted of it


def test_each_part_of_the_page_reads_what_it_shows(
    counter: Counter, store: StoreRow, ana: AgentRow, client: FlaskClient
) -> None:
    talk = counter.write(store, "hola", order_id=counter.add_order(store).id, order_proof="code")
    show(client, store, f"/{talk}")

    def read(part: str) -> str:
        with statements(counter) as asked:
            show(client, store, f"/{talk}/{part}", HTMX)
        return " ".join(asked)

    thread, about, company = read("thread"), read("about"), read("company")
    assert "FROM messages" in thread and "FROM notes" in thread and "FROM shipments" not in thread
    assert thread.count("FROM orders") == 1, "for the name in the title"
    assert "FROM orders" in about and "FROM messages" not in about and "FROM notes" not in about
    assert not any(f"FROM {one}" in company for one in ("messages", "notes", "orders"))


def test_choosing_a_ready_answer_reads_no_messages(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    talk = counter.write(store, "hola")
    with counter.db.transaction(store.id) as tx:
        macro = add_macro(tx, store.id, "Saludo", {"es": "Buenas"}, MOMENT).public_id
    show(client, store, f"/{talk}")
    with statements(counter) as asked:
        for choice in ({}, {"q": "sal", "results": "1"}, {"macro": macro}, {"close": "1"}):
            show(client, store, f"/{talk}/macros", HTMX, **choice)
        show(client, store, f"/{talk}/articles/close", HTMX)
    assert any("FROM macros" in one for one in asked) and not any("FROM messages" in one for one in asked)


def test_many_looks_are_asked_for_at_once(
    counter: Counter, store: StoreRow, ana: AgentRow, client: FlaskClient
) -> None:
    for one in range(70, 90):
        counter.add_order(store, external_id=str(one), number=f"#{one}", email="alma@example.com")
    talk = counter.write(store, "hola")
    alma = counter.db.vault.index("email", "alma@example.com")
    change(counter, store, talk, email="alma@example.com", email_index=alma)
    show(client, store, f"/{talk}/about")
    with statements(counter) as asked:
        assert "#89" in show(client, store, f"/{talk}/about", HTMX)
    assert sum("FROM accesses" in one for one in asked) == 2, "the conversation, and its orders"


def test_an_address_that_is_named_beside_the_answer_is_a_look(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    talk = counter.write(store, "hola")
    change(counter, store, talk, email="alma@example.com")
    assert "alma@example.com" in show(client, store, f"/{talk}/company", HTMX)
    with counter.db.reading(store.id) as tx:
        assert [(one.kind, one.subject) for one in list_accesses(tx, store.id)] == [("conversation", talk)]


@pytest.mark.parametrize("basket", ["viel EUR", "49.90", "NaN EUR", " EUR", "1 2 3", 49, ["49.90 EUR"], "1E+9 EUR"])
def test_a_basket_that_is_no_amount_is_not_shown(
    counter: Counter, store: StoreRow, client: FlaskClient, basket: Any
) -> None:
    talk = counter.write(store, "hola")
    change(counter, store, talk, context=json.dumps({"basket": "49.90 EUR"}))
    assert "<dt>Basket</dt>" in show(client, store, f"/{talk}/about")
    change(counter, store, talk, context=json.dumps({"basket": basket}))
    assert "<dt>Basket</dt>" not in show(client, store, f"/{talk}/about")


def test_each_order_that_the_card_or_the_search_names_is_a_look_at_it(
    counter: Counter, store: StoreRow, ana: AgentRow, client: FlaskClient
) -> None:
    for one in ("71", "72"):
        counter.add_order(store, external_id=one, number=f"#{one}", email="alma@example.com")
    counter.add_order(store, external_id="73", number="#73", email="other@example.com")
    talk = counter.write(store, "hola")
    alma = counter.db.vault.index("email", "alma@example.com")
    change(counter, store, talk, email="alma@example.com", email_index=alma)

    def looks() -> list[str]:
        with counter.db.reading(store.id) as tx:
            return sorted(one.subject for one in list_accesses(tx, store.id) if one.kind == "order")

    show(client, store, f"/{talk}/thread")
    assert looks() == []
    assert "#72" in show(client, store, f"/{talk}/about") and looks() == ["#71", "#72"]
    show(client, store, f"/{talk}")
    client.get(f"/desk/{store.public_id}/search?q=%2373")
    assert looks() == ["#71", "#72", "#73"], "each once in ten minutes"
    with counter.db.reading(store.id) as tx:
        assert {one.agent_id for one in tx.query(AccessRow).filter(AccessRow.store_id == store.id)} == {ana.id}


# Who is there


def test_how_an_answer_finds_the_shopper_is_said(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    talk, vera = counter.write(store, "hola"), counter.sign_in(counter.add_agent("Vera", store, role="viewer"))
    assert "Their chat is closed: they see your answer when they come back." in show(client, store, f"/{talk}")
    change(counter, store, talk, email="alma@example.com")
    closed = "Their chat is closed: your answer goes to alma@example.com by e-mail."
    assert closed in show(client, store, f"/{talk}/company", HTMX)
    with counter.db.reading(ALL, "the talk") as tx:
        row_id = tx.query(ConversationRow.id).filter(ConversationRow.public_id == talk).scalar()
    with counter.house.doors.hub.subscribe(conversation_channel(store.id, row_id)):
        assert "Their chat is open: they see your answer at once." in show(client, store, f"/{talk}/company", HTMX)
        assert "Their chat is" not in show(vera, store, f"/{talk}"), "who only looks on sends no answer"
    assert closed in show(client, store, f"/{talk}/company", HTMX)


def test_whom_a_talk_can_be_given_to_says_who_is_at_the_desk(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    talk = counter.write(store, "hola")
    for name in ("Leo", "Eva"):
        counter.add_agent(name, store, role="agent")
    with counter.house.doors.hub.subscribe(desk_channel(store.id), "Eva"):
        page = show(client, store, f"/{talk}")
    assert re.search(r">Eva \(at the desk\)</option>", page) and re.search(r">Leo</option>", page)


def test_whoever_only_hears_of_a_talk_is_not_at_it_and_who_has_answered_writes_no_longer(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    talk, leo = counter.write(store, "hola"), counter.sign_in(counter.add_agent("Leo", store, role="agent"))
    show(leo, store, f"/{talk}/thread", HTMX)
    assert "Leo" not in show(client, store, f"/{talk}/company", HTMX), "a hidden tab is refreshed too"
    show(leo, store, f"/{talk}")
    assert "Leo is looking at this too" in show(client, store, f"/{talk}/company", HTMX)
    place = f"/desk/{store.public_id}/conversations/{talk}"
    leo.post(f"{place}/typing", headers=OURS)
    assert "Leo is writing an answer" in show(client, store, f"/{talk}/company", HTMX)
    with counter.house.doors.hub.subscribe(desk_channel(store.id)) as desk:
        assert leo.post(f"{place}/reply", data={"text": "Voy"}, headers=OURS).status_code == 303
        told = [one.name for one in iter(lambda: desk.wait(0.01), None)]
    assert "company" in told, "the others look again at once"
    assert "Leo is looking at this too" in show(client, store, f"/{talk}/company", HTMX)
