"""Live events over a real server: in order, without gaps, to the right ears, and over when the token is."""

from __future__ import annotations

import contextlib
import http.client
import json
import socket
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from widget_shop import ANA, BEA, ROOT, Page, Shop, message, serving

from plugin.care import (
    HeldByOther,
    conversation_channel,
    desk_channel,
    find_visitor,
    give_back_to_bot,
    list_conversations,
    reply,
    revoke_visitor,
    take,
)
from plugin.push import Event

PATIENCE = 20.0


class Listener:
    """Reads a stream in a thread, as the widget does: events in the order they came."""

    def __init__(self, origin: str, token: str, last_id: str = "") -> None:
        self.line = http.client.HTTPConnection(origin.removeprefix("http://"), timeout=PATIENCE)
        headers = {"Authorization": f"Bearer {token}", "Last-Event-ID": last_id}
        self.line.request("GET", f"{ROOT}/stream", headers=headers)
        self.socket = self.line.sock
        self.answer = self.line.getresponse()
        assert self.answer.status == 200
        self.events: list[dict[str, Any]] = []
        self.beats = 0
        self.changed = threading.Condition()
        self.over = False
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self) -> None:
        event: dict[str, Any] = {}
        try:
            while line := self.answer.readline():
                text = line.decode().rstrip("\n")
                with self.changed:
                    if text.startswith(":"):
                        self.beats += 1
                    elif text:
                        field, _, value = text.partition(": ")
                        event[field] = json.loads(value) if field == "data" else value
                    elif event:
                        self.events.append(event)
                        event = {}
                    self.changed.notify_all()
        except (OSError, ValueError, http.client.HTTPException):
            pass  # hung up
        finally:
            with self.changed:
                self.over = True
                self.changed.notify_all()

    def until(self, met: Any) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: met(self), PATIENCE), self.events

    def positions(self) -> list[int]:
        return [one["data"]["position"] for one in self.events if one["event"] == "message"]

    def states(self) -> list[tuple[str, str | None]]:
        shown = [one["data"] for one in self.events if one["event"] == "conversation"]
        return [(one["status"], one["agent"] and one["agent"]["name"]) for one in shown]

    def close(self) -> None:
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join(PATIENCE)
        self.line.close()


@pytest.fixture
def shop(database_url: str) -> Iterator[Shop]:
    shop = Shop(database_url)
    yield shop
    shop.close()


@pytest.fixture
def origin(shop: Shop) -> Iterator[str]:
    with serving(shop.app) as origin:
        yield origin
        shop.care.hub.close()


@contextmanager
def listening(origin: str, token: str, last_id: str = "") -> Iterator[Listener]:
    listener = Listener(origin, token, last_id)
    try:
        yield listener
    finally:
        listener.close()


def test_a_stream_brings_what_is_missing_and_then_what_comes(shop: Shop, origin: str) -> None:
    panel = shop.page()
    conversation = panel.say("¿Cuánto tarda el envío?").json["conversation"]["id"]
    with listening(origin, panel.token, f"{conversation}:1") as listener:
        assert listener.answer.headers["Content-Type"] == "text/event-stream; charset=utf-8"
        assert listener.answer.headers["Cache-Control"] == "no-store"
        listener.until(lambda one: one.beats == 1 and len(one.events) == 2)
        assert listener.events[0]["id"] == f"{conversation}:2" and listener.positions() == [2]
        take(shop.care, shop.store.id, conversation, ANA)
        reply(shop.care, shop.store.id, conversation, ANA, "Hola,\nsoy Ana — ¿sí?", str(uuid.uuid4()))
        listener.until(lambda one: 4 in one.positions() and ("open", "Ana") in one.states())
        assert listener.events[-1]["data"]["text"] == "Hola,\nsoy Ana — ¿sí?"
        read = {one["position"]: one for one in panel.read()["messages"]}
        assert all(
            one["data"] == read[one["data"]["position"]]
            for one in listener.events
            if one["event"] == "message"
        )


@pytest.mark.parametrize(
    "last_id", ["", "x", "cv_other:1", "{id}:0", "{id}:99", "{id}:-1", "{id}:²", "{id}:" + "9" * 30, ":" * 50]
)
def test_any_last_event_id_gives_every_message_once_or_none(shop: Shop, origin: str, last_id: str) -> None:
    panel = shop.page()
    conversation = panel.say("¿Cuánto tarda el envío?").json["conversation"]["id"]
    given = last_id.replace("{id}", conversation).encode().decode("latin-1")
    with listening(origin, panel.token, given) as listener:
        listener.until(lambda one: one.states())
        assert listener.positions() in ([1, 2], [])
        assert (listener.positions() == []) == (last_id == "{id}:99")


def test_a_visitor_hears_their_own_conversation_alone(shop: Shop, origin: str) -> None:
    mine, theirs, abroad = shop.page(), shop.page(), shop.page(shop.connect("other.example"))
    pages = (mine, theirs, abroad)
    ids = [one.say("hola").json["conversation"]["id"] for one in pages]
    with listening(origin, mine.token, f"{ids[1]}:0") as listener:
        for _ in range(3):
            theirs.say("un secreto")
            abroad.say("un secreto")
        mine.say("lo mío")
        listener.until(lambda one: 4 in one.positions())
        assert "secreto" not in json.dumps(listener.events)
        assert {one["id"].rpartition(":")[0] for one in listener.events if "id" in one} == {ids[0]}


def test_two_tabs_and_an_agent_see_one_and_the_same_order(shop: Shop, origin: str) -> None:
    panel = shop.page()
    conversation = panel.say("quiero hablar con una persona").json["conversation"]["id"]
    take(shop.care, shop.store.id, conversation, ANA)
    with listening(origin, panel.token) as one, listening(origin, panel.token) as other:
        tabs = [Page(shop, shop.store, panel.token, f"10.1.{n}.1") for n in range(3)]

        def shopper(tab: Page) -> None:
            for turn in range(8):
                tab.say(f"linea {turn}")

        def agent() -> None:
            for turn in range(8):
                reply(shop.care, shop.store.id, conversation, ANA, f"respuesta {turn}", str(uuid.uuid4()))

        threads = [threading.Thread(target=shopper, args=(tab,)) for tab in tabs] + [
            threading.Thread(target=agent)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        total = 3 + 3 * 8 + 8
        one.until(lambda it: len(it.positions()) == total)
        other.until(lambda it: len(it.positions()) == total)
        assert one.positions() == other.positions() == list(range(1, total + 1))
        assert [it["data"] for it in one.events if it["event"] == "message"] == panel.read()["messages"]


def test_events_that_overtake_each_other_or_get_lost_leave_no_gap(shop: Shop, origin: str) -> None:
    panel = shop.page()
    conversation = panel.say("quiero hablar con una persona").json["conversation"]["id"]
    hub = shop.care.hub
    with shop.house.db.reading(shop.store.id) as tx:
        row = list_conversations(tx, shop.store.id)[0].row
    channel = conversation_channel(shop.store.id, row.id)
    held: list[tuple[str, Event]] = []
    with listening(origin, panel.token) as listener:
        listener.until(lambda one: one.positions() == [1, 2])
        publish = hub.publish
        hub.publish = lambda where, event: held.append((where, event))
        for turn in range(6):
            panel.say(f"linea {turn}")
        hub.publish = publish
        mine = [event for where, event in held if where == channel]
        for event in (mine[3], mine[1], mine[1], mine[5]):  # late, doubled, two never arrive
            hub.publish(channel, event)
        listener.until(lambda one: 8 in one.positions())
        assert listener.positions() == list(range(1, 9))
        assert panel.read()["conversation"]["id"] == conversation


def test_a_state_that_comes_late_never_replaces_a_newer_one(shop: Shop, origin: str) -> None:
    panel = shop.page()
    conversation = panel.say("hola").json["conversation"]["id"]
    with shop.house.db.reading(shop.store.id) as tx:
        channel = conversation_channel(shop.store.id, list_conversations(tx, shop.store.id)[0].row.id)
    with listening(origin, panel.token) as listener:
        listener.until(lambda one: one.states())
        take(shop.care, shop.store.id, conversation, ANA)
        listener.until(lambda one: ("open", "Ana") in one.states())
        shop.care.hub.publish(
            channel,
            Event("conversation", json.dumps({"id": conversation, "status": "bot", "agent": None}), "", 0),
        )
        give_back_to_bot(shop.care, shop.store.id, conversation, ANA)
        listener.until(lambda one: len(one.states()) == 3)
        assert listener.states() == [("bot", None), ("open", "Ana"), ("bot", None)]


def test_a_stream_ends_within_five_seconds_of_its_token(shop: Shop, origin: str) -> None:
    revoked, kept = shop.page(), shop.page()
    revoked.say("hola")
    kept.say("hola")
    with listening(origin, revoked.token) as one, listening(origin, kept.token) as other:
        one.until(lambda it: it.states())
        other.until(lambda it: it.states())
        visitor = find_visitor(shop.care, revoked.token)
        assert visitor is not None
        revoke_visitor(shop.care, shop.store.id, visitor.id)
        at = time.monotonic()
        one.until(lambda it: it.over)
        assert time.monotonic() - at <= 5, "the promise of T17; the watch looks every three"
        kept.say("sigo aquí")
        other.until(lambda it: 4 in it.positions())


def test_a_stopping_server_ends_its_streams_and_starts_none(shop: Shop, origin: str) -> None:
    panel = shop.page()
    panel.say("hola")
    with listening(origin, panel.token) as listener:
        listener.until(lambda one: one.states())
        shop.care.hub.close()
        listener.until(lambda one: one.over)
        late = panel.get("/stream")
        assert late.status_code == 503 and late.headers["Retry-After"] and late.json["message"]


def test_a_visitor_has_sixteen_streams_at_most_and_leaving_makes_room(shop: Shop, origin: str) -> None:
    panel = shop.page()
    panel.say("hola")
    opened = [Listener(origin, panel.token) for _ in range(16)]
    try:
        for one in opened:
            one.until(lambda it: it.states())
        assert panel.get("/stream").status_code == 429
        with shop.house.db.reading(shop.store.id) as tx:
            channel = conversation_channel(shop.store.id, list_conversations(tx, shop.store.id)[0].row.id)
        opened[0].close()
        until = time.monotonic() + PATIENCE
        while shop.care.hub.count(channel) == 16 and time.monotonic() < until:
            panel.say("¿hay alguien?")  # a line that broke is noticed by the next event
        assert shop.care.hub.count(channel) == 15
    finally:
        for one in opened:
            one.close()


def test_a_stream_that_nobody_ever_reads_leaves_nothing_behind(shop: Shop) -> None:
    panel = shop.page()
    panel.say("hola")
    for _ in range(40):
        answer = panel.client.get(
            f"{ROOT}/stream", headers={"Authorization": f"Bearer {panel.token}"}, buffered=False
        )
        assert answer.status_code == 200
        answer.close()
    assert shop.care.hub.count() == 0 and shop.care.watch._open == {}


def test_open_streams_hold_no_database_connection(shop: Shop, origin: str) -> None:
    panels = [Page(shop, shop.store, "", f"10.{n}.0.1") for n in range(12)]
    for panel in panels:
        panel.say("hola")
    listeners = [Listener(origin, panel.token) for panel in panels for _ in range(3)]
    try:
        for listener in listeners:
            listener.until(lambda one: one.states())
        assert shop.care.hub.count() == 36
        pools = shop.house.db.reader.pool, shop.house.db.writer.pool
        until = time.monotonic() + PATIENCE
        while any(pool.checkedout() for pool in pools) and time.monotonic() < until:
            time.sleep(0.01)  # the last reader may just be giving its connection back
        assert [pool.checkedout() for pool in pools] == [0, 0]
    finally:
        for listener in listeners:
            listener.close()


def test_the_desk_hears_which_conversation_changed_and_no_words(shop: Shop) -> None:
    panel, other = shop.page(), shop.page(shop.connect("other.example"))
    with shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana") as desk:
        other.say("de otra tienda")
        conversation = panel.say("palabras de la clienta").json["conversation"]["id"]
        panel.post("/conversation/hand-over", {"client_id": str(uuid.uuid4())})
        events = []
        while (event := desk.wait(0.2)) is not None:
            events.append((event.name, json.loads(event.data)))
    assert {data["conversation"] for _, data in events} == {conversation}
    assert [(name, data["author"], data["status"]) for name, data in events] == [
        ("message", "shopper", "bot"),
        ("message", "bot", "bot"),
        ("message", "system", "open"),
        ("conversation", "", "open"),
    ]
    assert events[-1][1]["waiting_since"] and "palabras" not in json.dumps(events)


def test_the_bot_never_writes_after_a_take_over(shop: Shop) -> None:
    """Shoppers write, the bot computes, an agent takes over in between, forty times."""
    for round_number in range(20):
        panel = Page(shop, shop.store, "", f"10.7.{round_number}.1")
        conversation = panel.say("hola").json["conversation"]["id"]
        start, taken = threading.Barrier(4), []

        def write(n: int, panel: Page = panel, start: threading.Barrier = start) -> None:
            start.wait(20)
            panel.post("/stores/{store}/messages", message(f"¿Cuánto tarda el envío? {n}"))

        def claim(
            conversation: str = conversation, start: threading.Barrier = start, taken: list[int] = taken
        ) -> None:
            start.wait(20)
            time.sleep(0.002 * (len(taken) + 1))
            taken.append(take(shop.care, shop.store.id, conversation, ANA).last_position)

        threads = [threading.Thread(target=write, args=(n,)) for n in range(3)] + [
            threading.Thread(target=claim)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        messages = panel.read()["messages"]
        assert len(taken) == 1
        assert [one for one in messages if one["author"] == "bot" and one["position"] > taken[0]] == []
        assert sum(one["author"] == "shopper" for one in messages) == 4
        assert [one["position"] for one in messages] == list(range(1, len(messages) + 1))


def test_of_two_agents_who_take_at_once_one_has_it(shop: Shop) -> None:
    for round_number in range(15):
        panel = Page(shop, shop.store, "", f"10.8.{round_number}.1")
        conversation = panel.say("quiero hablar con una persona").json["conversation"]["id"]
        start, won, lost = threading.Barrier(4), [], []

        def grab(
            agent: Any,
            conversation: str = conversation,
            start: threading.Barrier = start,
            won: list[str] = won,
            lost: list[str] = lost,
        ) -> None:
            start.wait(20)
            try:
                reply(shop.care, shop.store.id, conversation, agent, f"Soy {agent.name}", str(uuid.uuid4()))
                won.append(agent.name)
            except HeldByOther as error:
                lost.append(error.name)

        threads = [threading.Thread(target=grab, args=(agent,)) for agent in (ANA, BEA, ANA, BEA)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        owner = panel.read()["conversation"]["agent"]["name"]
        assert won == [owner] * 2 and lost == [owner] * 2
        assert [name for author, name in panel.lines() if author == "agent"] == [f"Soy {owner}"] * 2
