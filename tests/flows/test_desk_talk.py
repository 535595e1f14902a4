"""One talk at the desk: where its shopper stands, what they said of it, articles as answers, the bot put right."""

from __future__ import annotations

import json
import re
import threading
import uuid
from typing import Any

import pytest
from desk_house import OURS, Counter, statements
from flask.testing import FlaskClient
from sqlalchemy import select

from faq_links import EXAMPLE_ANSWERS
from plugin.agents import AgentRow
from plugin.care import (
    ConversationRow,
    ask_for_code,
    check_code,
    consent_words,
    get_conversation,
    leave_email,
    note_shopper_typing,
    rate,
    say_helped,
)
from plugin.care.codes import hash_handle, make_code
from plugin.care.shapes import conversation_channel
from plugin.database import ALL
from plugin.help import list_learned
from plugin.privacy import list_accesses
from plugin.stores import StoreRow

HTMX = OURS | {"HX-Request": "true"}
ASKED = "¿Cuánto tarda en llegar un pedido?"
ELSEWHERE = "¿Me pueden afinar el piano de la abuela?"


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})


@pytest.fixture
def desk(counter: Counter, ana: AgentRow) -> FlaskClient:
    return counter.sign_in(ana)


def read(counter: Counter, store: StoreRow, talk: str) -> Any:
    with counter.db.reading(store.id) as tx:
        whole = get_conversation(tx, store.id, talk)
    assert whole is not None
    return whole


def visitor_of(counter: Counter, talk: str) -> Any:
    with counter.db.reading(ALL, "test") as tx:
        visitor_id = tx.scalar(select(ConversationRow.visitor_id).where(ConversationRow.public_id == talk))
    return counter._visitor(visitor_id)


def show(desk: FlaskClient, store: StoreRow, path: str = "", headers: Any = OURS, **asked: str) -> str:
    answer = desk.get(f"/desk/{store.public_id}/conversations{path}", query_string=asked, headers=headers)
    assert answer.status_code == 200, answer.status_code
    return str(answer.text)


def act(desk: FlaskClient, store: StoreRow, talk: str, what: str, headers: Any = OURS, **form: str) -> Any:
    return desk.post(f"/desk/{store.public_id}/conversations/{talk}/{what}", data=form, headers=headers)


def answer_of_bot(counter: Counter, store: StoreRow, talk: str) -> Any:
    return next(one for one in read(counter, store, talk).messages if one.author == "bot")


def test_the_phase_stands_in_the_head_and_beside_it(counter: Counter, store: StoreRow, desk: FlaskClient) -> None:
    before = show(desk, store, f"/{counter.write(store, 'hola', steps=('product',))}")
    assert before.count("Before buying") == 3, "in the head, beside it, and as a choice of the list"
    buying = show(desk, store, f"/{counter.write(store, 'hola', steps=('payment',))}")
    assert '<span class="tag">Buying</span>' in buying


def test_a_bad_rating_stands_out_in_the_list_until_somebody_answers(
    counter: Counter, store: StoreRow, desk: FlaskClient, ana: AgentRow
) -> None:
    talk, other = counter.write(store, ASKED), counter.write(store, "hola")
    act(desk, store, talk, "reply", text="Mañana.")
    act(desk, store, talk, "resolve")
    rate(counter.house.doors.care, store, visitor_of(counter, talk), 2, "<b>Nadie</b> me ayudó")
    page = show(desk, store)
    assert re.findall(r'id="in-list-(cv_[^"]+)"', page)[0] == talk and page.count("is-rated-low") == 1
    assert '<span class="stars" aria-hidden="true">★★☆☆☆</span> Rated 2 of 5' in page and "Waiting for" in page
    page = show(desk, store, f"/{talk}")
    assert "The shopper rated this conversation 2 of 5." in page and "2 of 5" in page.partition('id="about"')[2]
    assert page.count("&lt;b&gt;Nadie&lt;/b&gt; me ayudó") == 2 and "<b>Nadie" not in page
    act(desk, store, talk, "reply", text="Perdona, lo miro.")
    page = show(desk, store, f"/{talk}")
    assert "is-rated-low" not in page and "rated this conversation" not in page
    assert "★★☆☆☆" in page, "what was said stays among the ratings"
    rate(counter.house.doors.care, store, visitor_of(counter, talk), 5, None)
    page = show(desk, store, f"/{talk}")
    assert page.index("5 of 5") < page.index("2 of 5") and "is-rated-low" not in page
    assert "of 5" not in show(desk, store, f"/{other}").partition("talk-pane")[2]


def test_the_address_left_stands_there_with_what_was_agreed_to(
    counter: Counter, store: StoreRow, desk: FlaskClient
) -> None:
    talk = counter.write(store, ASKED)
    assert "Left to be answered at" not in show(desk, store, f"/{talk}")
    words = consent_words(store, "es")
    leave_email(counter.house.doors.care, store, visitor_of(counter, talk), "alma+1@example.com", words)
    page = show(desk, store, f"/{talk}")
    assert 'href="mailto:alma%2B1@example.com">alma+1@example.com</a>' in page
    assert words in page.replace("&#39;", "'")
    assert "alma+1@example.com" in show(desk, store, f"/{talk}/about", HTMX)
    with counter.db.reading(store.id) as tx:
        looks = {(one.kind, one.subject) for one in list_accesses(tx, store.id)}
    assert looks == {("conversation", talk), ("list", "conversations")}


def test_how_an_order_was_proven_is_said_and_when(counter: Counter, store: StoreRow, desk: FlaskClient) -> None:
    order, care = counter.add_order(store), counter.house.doors.care
    signed = counter.write(store, "hola", order_id=order.id)
    counter.clock.advance(3600)
    page = show(desk, store, f"/{signed}")
    assert re.search(r"Proven by the shop&#39;s own signature, <time[^>]*>7:00", page) or "shop's own signature" in page
    coded = counter.write(store, "hola")
    assert "No order is proven" in show(desk, store, f"/{coded}")
    counter.clock.advance(60)
    asked = ask_for_code(care, store, "1001", "alma@example.com", None, "es")
    counter.clock.advance(2)
    counter.run_jobs()
    code = make_code(counter.db.vault, hash_handle(asked.handle), 1)
    check_code(care, store, visitor_of(counter, coded), asked.handle, code, "es", str(uuid.uuid4()))
    page = show(desk, store, f"/{coded}")
    assert "Proven by a code that was mailed to the address in the order" in page and "8:01" in page
    from plugin.privacy.retain import KEEP_CODES, retain

    counter.clock.advance(int(KEEP_CODES.total_seconds()) + 60)
    retain(counter.db, counter.clock)
    assert "Proven by a code" in show(desk, store, f"/{coded}"), "also once the code is forgotten"


def test_how_sure_the_bot_was_and_whether_it_was_right(counter: Counter, store: StoreRow, desk: FlaskClient) -> None:
    talk = counter.write(store, ASKED)
    said = answer_of_bot(counter, store, talk)
    page = show(desk, store, f"/{talk}")
    sure = f"{round(said.confidence * 100)}% sure"
    assert sure in page and "The bot was wrong" in page and 'tag-ok">Right' not in page
    say_helped(counter.house.doors.care, store, visitor_of(counter, talk), said.position, True)
    assert '<span class="tag tag-ok">Right</span>' in show(desk, store, f"/{talk}")
    unknown = counter.write(store, ELSEWHERE)
    assert answer_of_bot(counter, store, unknown).source_article_id is None
    assert re.search(r"Only \d+% sure of an article", show(desk, store, f"/{unknown}"))
    order = counter.add_order(store)
    told = show(desk, store, f"/{counter.write(store, '¿dónde está mi pedido?', order_id=order.id)}")
    assert re.search(r">\d+% sure", told) and "Only" not in told, "what it tells of an order is no doubtful article"
    assert "The bot was wrong" in told


def test_an_article_is_looked_for_with_what_was_asked_or_with_other_words(
    counter: Counter, store: StoreRow, desk: FlaskClient
) -> None:
    talk = counter.write(store, ELSEWHERE, ASKED)
    page = show(desk, store, f"/{talk}/articles")
    assert "<html" in page and f'name="q" maxlength="300" value="{ASKED}"' in page
    assert re.findall(r'name="article" value="([^"]+)"', page)[0] == "delivery-times"
    part = show(desk, store, f"/{talk}/articles", HTMX)
    assert "<html" not in part and part.count('id="picker"') == 1 and 'id="talk"' not in part
    found = show(desk, store, f"/{talk}/articles", HTMX, q="devolver una taza rota", results="1")
    assert 'id="picker"' not in found and found.count('id="picker-found"') == 1
    ids = re.findall(r'name="article" value="([^"]+)"', found)
    assert ids and ids != re.findall(r'name="article" value="([^"]+)"', part)
    nothing = show(desk, store, f"/{talk}/articles", HTMX, q="xqzt")
    assert "No article comes near" in nothing and 'name="article" value=' not in nothing
    assert 'hidden' in show(desk, store, f"/{talk}/articles/close", HTMX)


def test_looking_for_an_article_opens_no_messages_but_the_one_that_is_asked_with(
    counter: Counter, store: StoreRow, desk: FlaskClient
) -> None:
    talk = counter.write(store, *[ASKED] * 5)
    for asked, opened in (({}, 1), ({"position": "4"}, 1), ({"q": "devolver", "results": "1"}, 0)):
        with statements(counter) as said:
            assert "picker-found" in show(desk, store, f"/{talk}/articles", HTMX, **asked)
        read_from = [one for one in said if "FROM messages" in one]
        assert len(read_from) == opened and all("LIMIT" in one for one in read_from), (asked, read_from)


def test_an_article_is_sent_once_in_the_agent_s_name_and_learned(
    counter: Counter, store: StoreRow, desk: FlaskClient, ana: AgentRow
) -> None:
    talk = counter.write(store, "cuanto demoran en traer mi compra a casa", person=True)
    page = show(desk, store, f"/{talk}/articles", q="plazo de entrega")
    form = dict(re.findall(r'name="(article|client_id)" value="([^"]+)"', page.partition("choices-list")[2])[:2])
    assert form["article"] == "delivery-times"
    answer = act(desk, store, talk, "article", **form)
    assert answer.status_code == 303 and act(desk, store, talk, "article", **form).status_code == 303
    whole = read(counter, store, talk)
    [message] = [one for one in whole.messages if one.author == "agent"]
    assert (message.agent_name, message.source_article_id) == ("Ana", "delivery-times")
    assert message.client_id == form["client_id"]
    assert json.loads(message.body) and whole.row.agent_id == ana.id and whole.row.waiting_since is None
    with counter.db.reading(store.id) as tx:
        [learned] = list_learned(tx, store.id)
    assert (learned.article_id, learned.how, learned.agent_id) == ("delivery-times", "answered", ana.id)
    assert "From the article:" in show(desk, store, f"/{talk}")


def test_with_htmx_the_thread_comes_back_and_the_articles_close(
    counter: Counter, store: StoreRow, desk: FlaskClient
) -> None:
    talk = counter.write(store, ASKED)
    answer = act(desk, store, talk, "article", HTMX, article="delivery-times", client_id=str(uuid.uuid4()))
    assert answer.status_code == 200 and answer.text.count('id="talk"') == 1 and 'id="reply"' not in answer.text
    assert re.search(r'<section id="picker" class="picker" hx-swap-oob="outerHTML" hidden>', answer.text)


def test_a_colleague_s_talk_is_not_answered_with_an_article(
    counter: Counter, store: StoreRow, desk: FlaskClient
) -> None:
    talk = counter.write(store, ASKED)
    act(desk, store, talk, "take")
    eva = counter.sign_in(counter.add_agent("Eva", store, role="agent"))
    answer = act(eva, store, talk, "article", article="delivery-times", client_id=str(uuid.uuid4()))
    assert answer.status_code == 409 and "Ana is answering here" in answer.text
    assert [one.author for one in read(counter, store, talk).messages if one.author == "agent"] == []


@pytest.mark.parametrize("what", ["article", "correct"])
def test_an_article_that_is_not_shown_is_refused_in_words(
    counter: Counter, store: StoreRow, desk: FlaskClient, what: str
) -> None:
    talk = counter.write(store, ASKED)
    before = counter.dump() | {"accesses": []}
    answer = act(desk, store, talk, what, article="<b>no-such</b>", position="2")
    assert answer.status_code == 422 and "no longer shown" in answer.text
    assert counter.dump() | {"accesses": []} == before


def test_the_bot_is_put_right_and_answers_so_the_next_time(
    counter: Counter, store: StoreRow, desk: FlaskClient, ana: AgentRow
) -> None:
    talk = counter.write(store, ELSEWHERE, "hola")
    said = answer_of_bot(counter, store, talk)
    page = show(desk, store, f"/{talk}/articles", position=str(said.position))
    assert "Which article is the right answer?" in page
    assert f'value="{ELSEWHERE}"' in page, "not the last words, but those before"
    answer = act(desk, store, talk, "correct", position=str(said.position), article="delivery-costs")
    assert answer.status_code == 303, answer.text
    page = show(desk, store, f"/{talk}")
    assert '<span class="tag tag-bad">Wrong</span>' in page and "Choose the right article" in page
    with counter.db.reading(store.id) as tx:
        [learned] = list_learned(tx, store.id)
    assert (learned.article_id, learned.how, learned.agent_id) == ("delivery-costs", "corrected", ana.id)
    again = counter.write(store, ELSEWHERE)
    assert answer_of_bot(counter, store, again).source_article_id == "delivery-costs"


def test_a_wrong_answer_without_a_right_one_teaches_nothing(
    counter: Counter, store: StoreRow, desk: FlaskClient
) -> None:
    talk = counter.write(store, ASKED)
    position = str(answer_of_bot(counter, store, talk).position)
    assert act(desk, store, talk, "correct", position=position, article="").status_code == 303
    assert answer_of_bot(counter, store, talk).verdict == "wrong"
    with counter.db.reading(store.id) as tx:
        assert list_learned(tx, store.id) == []


@pytest.mark.parametrize("position", ["1", "99", "0", "", "-2", "x", "9" * 30])
def test_only_an_answer_of_the_bot_can_be_wrong(
    counter: Counter, store: StoreRow, desk: FlaskClient, position: str
) -> None:
    talk = counter.write(store, ASKED)
    assert act(desk, store, talk, "correct", position=position, article="").status_code == 404
    assert answer_of_bot(counter, store, talk).verdict is None


def test_the_agent_s_typing_reaches_the_shopper_in_their_name_and_nothing_is_kept(
    counter: Counter, store: StoreRow, desk: FlaskClient
) -> None:
    talk = counter.write(store, "hola", person=True)
    row, hub = read(counter, store, talk).row, counter.house.doors.hub
    before = counter.dump()
    with hub.subscribe(conversation_channel(store.id, row.id)) as listener:
        for _ in range(3):
            assert act(desk, store, talk, "typing").status_code == 204
        event = listener.wait(5)
        assert event is not None and (event.name, json.loads(event.data)) == ("typing", {"name": "Ana"})
        assert listener.wait(0.05) is None, "said once in two seconds"
        counter.clock.advance(3)
        act(desk, store, talk, "typing")
        assert listener.wait(5) is not None
    assert counter.dump() == before
    assert act(desk, store, "cv_AAAAAAAAAAAAAAAA", "typing").status_code == 404


def test_the_shopper_s_typing_comes_with_the_live_stream(counter: Counter, store: StoreRow, desk: FlaskClient) -> None:
    talk = counter.write(store, "hola", person=True)
    answer = desk.get(f"/desk/{store.public_id}/live", query_string={"conversation": talk}, buffered=False)
    came, chunks = threading.Semaphore(0), []

    def pump() -> None:
        for chunk in answer.response:
            chunks.append(chunk.decode())
            came.release()

    threading.Thread(target=pump, daemon=True).start()
    assert came.acquire(timeout=10)
    assert note_shopper_typing(counter.house.doors.care, visitor_of(counter, talk))
    for _ in range(20):
        assert came.acquire(timeout=10)
        if "event: typing" in "".join(chunks):
            break
    told = "".join(chunks).partition("event: typing")[2]
    assert json.loads(re.findall(r"data: (.*)", told)[0]) == {"conversation": talk}
    assert "event: list" not in told, "nothing has changed"


def test_what_shoppers_write_is_text_in_every_new_place(counter: Counter, store: StoreRow, desk: FlaskClient) -> None:
    hostile = "\"><img src=x onerror=alert(1)></textarea><script>alert(1)</script>"
    talk = counter.write(store, hostile)
    act(desk, store, talk, "reply", text="¿?")
    rate(counter.house.doors.care, store, visitor_of(counter, talk), 1, hostile)
    for path, asked in ((f"/{talk}", {}), (f"/{talk}/articles", {}), (f"/{talk}/articles", {"q": hostile}), ("", {})):
        page = show(desk, store, path, **asked)
        assert "<img" not in page and "<script>alert" not in page, path
