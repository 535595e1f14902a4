"""An agent who lets a shopper wait: the conversation goes back to everybody, and never has two owners."""

from __future__ import annotations

import threading
import uuid
from datetime import timedelta

from widget_shop import ANA, BEA, Page, Shop

from plugin.care import Agent, ConversationRow, HeldByOther, desk_channel, reply, resolve, take
from plugin.care.routes import read_notes
from plugin.database import ALL
from plugin.stores import get_store
from plugin.stores.routing import set_routing
from plugin.testing.clock import FrozenClock
from plugin.work import claim

HELD_UP = "Ana no puede atenderte ahora mismo"
LOOKING = "Ana no puede atenderte ahora mismo. Estamos buscando a otra persona para ti."
JOINED = "Ana se ha unido a la conversación."


def run_jobs(shop: Shop) -> list[str]:
    """Does what is due; gives the kinds."""
    with shop.house.db.transaction(ALL, "claim what is due") as tx:
        jobs = claim(tx, shop.house.doors.clock.now(), 50)
    for job in jobs:
        shop.house.engine.run(job)
    return [job.kind for job in jobs if job.kind == "care.take_back"]


def begin(shop: Shop, agent: Agent = ANA) -> tuple[Page, str]:
    """A shopper who wished a person, and was answered by one."""
    page = shop.page()
    talk = page.say("quiero hablar con una persona").json["conversation"]["id"]
    reply(shop.care, shop.store.id, talk, agent, "Hola, dime.", str(uuid.uuid4()))
    return page, talk


def row_of(shop: Shop, public_id: str) -> ConversationRow:
    with shop.house.db.reading(ALL, "look") as tx:
        row = tx.query(ConversationRow).filter(ConversationRow.public_id == public_id).one()
        tx.expunge(row)
        return row


def test_nobody_else_is_there_so_the_shopper_is_told_and_sent_to_the_form(shop: Shop, clock: FrozenClock) -> None:
    with shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana"):
        page, talk = begin(shop)
        waits_since = clock.advance(60)
        page.say("¿Sigues ahí?")
        clock.advance(timedelta(minutes=4, seconds=59))
        assert run_jobs(shop) == [] and row_of(shop, talk).owner == "agent"
        clock.advance(1)
        assert run_jobs(shop) == ["care.take_back"]
    row = row_of(shop, talk)
    assert (row.owner, row.status, row.agent_id, row.agent_name) == ("nobody", "open", None, None)
    assert row.waiting_since == waits_since, "the shopper waits since then, whoever had it"
    read = page.read()
    assert read["conversation"]["form"] is True and read["conversation"]["agent"] is None
    said = read["messages"][-1]
    assert said["author"] == "system" and said["text"].startswith(HELD_UP)
    assert "no hay nadie más en el mostrador" in said["text"] and "Déjanos tu correo" in said["text"]
    assert read_notes(row).taken_back
    take(shop.care, shop.store.id, talk, BEA)
    assert not read_notes(row_of(shop, talk)).taken_back and page.read()["conversation"]["form"] is False


def test_somebody_else_is_there_so_the_shopper_hears_that_they_are_looked_for(shop: Shop, clock: FrozenClock) -> None:
    with (
        shop.care.hub.subscribe(desk_channel(shop.store.id), "Ana"),
        shop.care.hub.subscribe(desk_channel(shop.store.id), "Bea"),
    ):
        page, talk = begin(shop)
        page.say("¿Sigues ahí?")
        clock.advance(timedelta(minutes=5))
        run_jobs(shop)
    read = page.read()
    assert read["messages"][-1]["text"] == LOOKING and read["conversation"]["form"] is False
    assert row_of(shop, talk).owner == "nobody"


def test_an_agent_who_answered_in_time_keeps_it(shop: Shop, clock: FrozenClock) -> None:
    page, talk = begin(shop)
    page.say("¿Sigues ahí?")
    clock.advance(timedelta(minutes=4))
    reply(shop.care, shop.store.id, talk, ANA, "Sí.", str(uuid.uuid4()))
    clock.advance(timedelta(minutes=2))
    assert run_jobs(shop) == ["care.take_back"]
    assert row_of(shop, talk).owner == "agent" and HELD_UP not in str(page.lines())
    page.say("Gracias. ¿Y el color?")
    clock.advance(timedelta(minutes=4))
    page.say("¿Hola?")
    assert row_of(shop, talk).owner == "agent"
    clock.advance(timedelta(minutes=1))
    run_jobs(shop)
    assert row_of(shop, talk).owner == "nobody", "counted from the first word that nobody answered"


def test_who_takes_it_and_says_nothing_loses_it_too(shop: Shop, clock: FrozenClock) -> None:
    page = shop.page()
    talk = page.say("quiero hablar con una persona").json["conversation"]["id"]
    clock.advance(timedelta(minutes=30))
    take(shop.care, shop.store.id, talk, ANA)
    clock.advance(timedelta(minutes=4))
    run_jobs(shop)
    take(shop.care, shop.store.id, talk, BEA, from_agent=ANA.id)
    clock.advance(timedelta(minutes=2))
    run_jobs(shop)
    assert row_of(shop, talk).agent_id == BEA.id, "the colleague has five minutes of her own"
    clock.advance(timedelta(minutes=3))
    run_jobs(shop)
    assert row_of(shop, talk).owner == "nobody"


def test_a_talk_that_is_over_is_not_taken_back(shop: Shop, clock: FrozenClock) -> None:
    page, talk = begin(shop)
    page.say("Gracias, era todo")
    resolve(shop.care, shop.store.id, talk, ANA)
    clock.advance(timedelta(minutes=10))
    run_jobs(shop)
    assert (row_of(shop, talk).status, row_of(shop, talk).agent_id) == ("resolved", ANA.id)


def test_the_merchant_says_how_long(shop: Shop, clock: FrozenClock) -> None:
    with shop.house.db.transaction(shop.store.id) as tx:
        set_routing(get_store(tx, shop.store.id), {}, silent_minutes=20)
    page, talk = begin(shop)
    page.say("¿Sigues ahí?")
    clock.advance(timedelta(minutes=19))
    assert run_jobs(shop) == []
    clock.advance(timedelta(minutes=1))
    run_jobs(shop)
    assert row_of(shop, talk).owner == "nobody"


def test_however_often_the_shopper_writes_one_look_is_promised(shop: Shop, clock: FrozenClock) -> None:
    page, talk = begin(shop)
    for _ in range(20):
        page.say("¿Hola?")
        clock.advance(1)
    clock.advance(timedelta(minutes=5))
    assert run_jobs(shop) == ["care.take_back"]
    assert sum(HELD_UP in text for _, text in page.lines()) == 1
    clock.advance(timedelta(hours=1))
    assert run_jobs(shop) == []
    assert row_of(shop, talk).owner == "nobody"


def test_who_answers_at_the_very_moment_is_the_only_owner(shop: Shop, clock: FrozenClock) -> None:
    """Ana answers, Bea reaches for it, and it is taken back, all at once: whoever has it in the end is the only one
    who spoke, and what the shopper reads says so."""
    outcomes = set()
    for turn in range(12):
        page, talk = begin(shop)
        page.say(f"¿Sigues ahí? {turn}")
        clock.advance(timedelta(minutes=5))
        start, refused = threading.Barrier(3), []

        def answer(talk: str = talk, start: threading.Barrier = start, refused: list[str] = refused) -> None:
            start.wait(10)
            try:
                reply(shop.care, shop.store.id, talk, ANA, "Aquí estoy.", str(uuid.uuid4()))
            except HeldByOther:
                refused.append("Ana")

        def reach(talk: str = talk, start: threading.Barrier = start, refused: list[str] = refused) -> None:
            start.wait(10)
            try:
                take(shop.care, shop.store.id, talk, BEA)
            except HeldByOther:
                refused.append("Bea")

        def look(start: threading.Barrier = start) -> None:
            start.wait(10)
            run_jobs(shop)

        threads = [threading.Thread(target=one) for one in (answer, reach, look)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(30)
        row, lines = row_of(shop, talk), page.lines()
        after = [text for author, text in lines[4:] if author in ("system", "agent")]
        taken_back = any(text.startswith(HELD_UP) for text in after)
        assert row.owner == "agent" and len(refused) == 1, (row.owner, refused)
        assert (row.agent_id == ANA.id) is (refused == ["Bea"])
        if "Aquí estoy." in after and taken_back and after.index("Aquí estoy.") > 0:
            assert after[after.index("Aquí estoy.") - 1] == JOINED, after
        if refused == ["Ana"]:
            assert "Aquí estoy." not in after and after[-1].startswith("Bea")
        outcomes.add((taken_back, row.agent_id))
        resolve(shop.care, shop.store.id, talk, ANA if row.agent_id == ANA.id else BEA)
    assert outcomes <= {(True, ANA.id), (True, BEA.id), (False, ANA.id)}
