"""Answering shoppers at the desk, as plain forms and as htmx asks."""

from __future__ import annotations

import re
import threading
from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from plugin.agents import AgentRow, revoke_other_sessions
from plugin.care import agents_here, get_conversation
from plugin.database import ALL
from plugin.stores import StoreRow

HTMX = OURS | {"HX-Request": "true"}


def read(counter: Counter, store: StoreRow, conversation: str) -> Any:
    with counter.db.reading(store.id) as tx:
        whole = get_conversation(tx, store.id, conversation)
    assert whole is not None
    return whole


def act(
    browser: FlaskClient, store: StoreRow, conversation: str, what: str, headers: Any = OURS, **form: str
) -> Any:
    return browser.post(
        f"/desk/{store.public_id}/conversations/{conversation}/{what}", data=form, headers=headers
    )


def test_the_list_shows_who_waits_first(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    first = counter.write(store, "quiero una persona", person=True)
    counter.clock.advance(180)
    counter.write(store, "hola")
    page = counter.sign_in(ana).get(f"/desk/{store.public_id}/conversations").text
    assert re.findall(r'id="in-list-(cv_[^"]+)"', page)[0] == first
    assert "Waiting for 3 min" in page and 'data-waiting="1"' in page


def test_how_long_the_longest_wait_is_stands_beside_how_many_wait(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    browser, pages = counter.sign_in(ana), (f"/desk/{store.public_id}/", f"/desk/{store.public_id}/conversations")
    assert not any("longest wait" in browser.get(one).text for one in pages)
    counter.write(store, "quiero una persona", person=True)
    counter.clock.advance(12 * 60)
    counter.write(store, "quiero una persona", person=True)
    assert all("longest wait: 12 min" in browser.get(one).text for one in pages)
    assert "2 waiting · longest wait: 12 min" in browser.get(f"{pages[1]}?show=resolved").text, "whatever is shown"


def test_the_fetched_list_brings_its_counts_along(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    conversation, browser = counter.write(store, "hola", person=True), counter.sign_in(ana)

    def counts(path: str) -> list[str]:
        page = browser.get(f"/desk/{store.public_id}/{path}").text
        assert page.count('id="filter-show"') == 1 and ("hx-swap-oob" in page) == path.endswith("list")
        return [re.sub("<[^>]+>", "", one) for one in re.findall(r'<a id="show-.*?</a>', page)]

    assert counts("conversations") == counts("conversations/list") == [
        "All", "Mine", "Unassigned 1", "With people 1", "With the bot", "Resolved",
    ]  # fmt: skip
    act(browser, store, conversation, "resolve")
    assert counts("conversations/list") == [
        "All", "Mine", "Unassigned", "With people", "With the bot", "Resolved 1",
    ]  # fmt: skip


def test_an_answer_reaches_the_conversation_and_makes_it_the_agent_s(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    conversation, browser = counter.write(store, "hola", person=True), counter.sign_in(ana)
    form = {"text": "  ¡Hola!\r\n¿En qué ayudo?  ", "client_id": "5f0c3c1e-0000-4000-8000-000000000001"}
    answer = act(browser, store, conversation, "reply", **form)
    assert answer.status_code == 303 and answer.headers["Location"].endswith(f"/conversations/{conversation}")
    again = act(browser, store, conversation, "reply", **form)
    assert again.status_code == 303
    whole = read(counter, store, conversation)
    said = [message.text for message in whole.messages if message.author == "agent"]
    assert said == ["¡Hola!\n¿En qué ayudo?"]
    assert (whole.row.owner, whole.row.agent_id, whole.row.status) == ("agent", ana.id, "open")


@pytest.mark.parametrize(("text", "words"), [("   ", "Write something first."), ("x" * 4001, "too long")])
def test_what_cannot_be_sent_is_said_and_what_was_typed_stays(
    counter: Counter, store: StoreRow, ana: AgentRow, text: str, words: str
) -> None:
    conversation = counter.write(store, "hola")
    before = len(read(counter, store, conversation).messages)
    answer = act(counter.sign_in(ana), store, conversation, "reply", text=text, client_id="")
    assert answer.status_code == 422 and words in answer.text and text.strip() in answer.text
    assert len(read(counter, store, conversation).messages) == before


def test_with_htmx_an_answer_brings_the_thread_and_an_empty_form(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    conversation = counter.write(store, "hola")
    answer = act(counter.sign_in(ana), store, conversation, "reply", HTMX, text="Voy", client_id="")
    assert answer.status_code == 200 and "<html" not in answer.text
    assert (
        answer.text.count('id="talk"') == 1
        and 'hx-swap-oob="outerHTML"' in answer.text
        and ">Voy<" in answer.text
    )
    taken = act(counter.sign_in(ana), store, conversation, "resolve", HTMX)
    assert taken.text.count('id="talk"') == 1 and 'id="reply"' not in taken.text


def test_taking_resolving_and_giving_back(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    conversation, browser = counter.write(store, "hola"), counter.sign_in(ana)
    states = []
    for what in ("take", "resolve", "take", "give-back"):
        assert act(browser, store, conversation, what).status_code == 303
        row = read(counter, store, conversation).row
        states.append((row.owner, row.status))
    assert states == [("agent", "open"), ("agent", "resolved"), ("agent", "open"), ("bot", "bot")]


def test_a_colleague_s_conversation_is_taken_over_only_on_purpose(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    conversation, eva = counter.write(store, "hola"), counter.add_agent("Eva", store, role="agent")
    act(counter.sign_in(ana), store, conversation, "take")
    browser = counter.sign_in(eva)
    for what, form in (
        ("reply", {"text": "Yo"}),
        ("take", {}),
        ("resolve", {}),
        ("give-back", {}),
        ("take", {"from": "99"}),
    ):
        answer = act(browser, store, conversation, what, **form)
        assert answer.status_code == 409 and "Ana is answering here" in answer.text
    assert "Take over from Ana" in browser.get(f"/desk/{store.public_id}/conversations/{conversation}").text
    assert act(browser, store, conversation, "take", **{"from": str(ana.id)}).status_code == 303
    assert read(counter, store, conversation).row.agent_id == eva.id


def test_the_article_an_answer_came_from_is_named(counter: Counter, ana: AgentRow) -> None:
    from faq_links import EXAMPLE_ANSWERS

    store = counter.add_store("b.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})
    browser = counter.sign_in(counter.add_agent("Leo", store))
    conversation = counter.write(store, "¿Cuánto tarda en llegar un pedido?")
    page = browser.get(f"/desk/{store.public_id}/conversations/{conversation}").text
    assert "From the article:" in page and f"/help/{store.public_id}/es/delivery-times" in page


def test_page_step_and_proven_order_stand_beside_it(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    order = counter.add_order(store)
    conversation = counter.write(
        store, "hola", order_id=order.id, steps=("payment",), page="https://a.example/pay", basket="125800 COP"
    )
    page = counter.sign_in(ana).get(f"/desk/{store.public_id}/conversations/{conversation}").text
    assert 'href="https://a.example/pay"' in page and "<dd>Payment</dd>" in page
    assert f'href="/desk/{store.public_id}/orders/{order.id}">1001' in page
    assert "125,800" in page


def listen(
    browser: FlaskClient, store: StoreRow, conversation: str = ""
) -> tuple[list[str], threading.Thread, Any]:
    """Reads a live stream beside the test: the names of its events, in order."""
    answer = browser.get(
        f"/desk/{store.public_id}/live", query_string={"conversation": conversation}, buffered=False
    )
    assert answer.status_code == 200 and answer.mimetype == "text/event-stream"
    names: list[str] = []
    came = threading.Semaphore(0)

    def pump() -> None:
        for chunk in answer.response:
            for name in re.findall(r"^event: (\w+)$", chunk.decode(), re.MULTILINE):
                names.append(name)
                came.release()

    thread = threading.Thread(target=pump, daemon=True)
    thread.start()
    assert came.acquire(timeout=10), "the stream begins with an event"
    return names, thread, came


def test_the_stream_says_at_once_that_the_page_should_refresh_then_what_changed(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    shown, other = counter.write(store, "hola"), counter.write(store, "buenas")
    names, _, came = listen(counter.sign_in(ana), store, shown)
    assert names == ["refresh"]
    browser = counter.sign_in(ana)
    act(browser, store, other, "resolve")
    assert came.acquire(timeout=10) and names == ["refresh", "list"]
    act(browser, store, shown, "resolve")
    assert (
        came.acquire(timeout=10)
        and came.acquire(timeout=10)
        and names == ["refresh", "list", "list", "thread"]
    )


def test_whose_desk_is_open_is_present(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    care = counter.house.doors.care
    assert agents_here(care, store.id) == ()
    _, thread, _ = listen(counter.sign_in(ana), store)
    assert agents_here(care, store.id) == ("Ana",)
    counter.house.doors.hub.end_all()
    thread.join(10)
    assert not thread.is_alive() and agents_here(care, store.id) == ()


def test_a_stream_ends_soon_after_its_session(
    counter: Counter, store: StoreRow, ana: AgentRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.web.desk_live.LOOK_EVERY", 0.05)
    _, thread, _ = listen(counter.sign_in(ana), store)
    with counter.db.transaction(ALL, "test") as tx:
        assert revoke_other_sessions(tx, ana.id, 0, counter.clock.now()) >= 1
    thread.join(10)
    assert not thread.is_alive()


def test_a_stream_of_another_store_is_not_opened(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    other = counter.add_store("b.example")
    assert counter.sign_in(ana).get(f"/desk/{other.public_id}/live").status_code == 404
    assert counter.house.doors.hub.count() == 0


def test_nothing_that_was_said_travels_in_the_stream(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    conversation = counter.write(store, "hola")
    answer = counter.sign_in(ana).get(
        f"/desk/{store.public_id}/live", query_string={"conversation": conversation}, buffered=False
    )
    chunks = iter(answer.response)
    seen = [next(chunks)]
    act(counter.sign_in(ana), store, conversation, "reply", text="palabras secretas", client_id="")
    while not any(b"thread" in one for one in seen):
        seen.append(next(chunks))
    assert b"secretas" not in b"".join(seen) and b"hola" not in b"".join(seen)
    answer.close()
