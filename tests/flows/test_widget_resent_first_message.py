"""A first message that comes twice while the next one is already under way: nobody waits for the other for ever."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from widget_shop import Page, Shop, form_body, message

from plugin.care import form, post
from plugin.testing.clock import FrozenClock


@pytest.fixture
def shop(postgresql_url: str) -> Iterator[Shop]:
    shop = Shop(postgresql_url, FrozenClock())
    yield shop
    shop.close()


@pytest.mark.parametrize("next_one", ["message", "person", "form"])
def test_a_first_message_sent_again_and_the_next_one_do_not_lock_each_other_out(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, next_one: str
) -> None:
    page, client_id = shop.page(), str(uuid.uuid4())
    page.say("hola", client_id)
    minted, held = threading.Event(), threading.Event()
    mint, note_seen = post.mint_visitor, post.note_seen

    def mint_and_wait(*given: Any, **named: Any) -> Any:
        found = mint(*given, **named)
        minted.set()
        held.wait(1)
        return found

    def hold_and_note(*given: Any) -> None:
        held.set()
        minted.wait(1)
        note_seen(*given)

    monkeypatch.setattr(post, "mint_visitor", mint_and_wait)
    for module in (post, form):
        monkeypatch.setattr(module, "note_seen", hold_and_note)
    statuses: dict[str, int] = {}

    def send_again() -> None:
        again = Page(shop, shop.store)
        statuses["again"] = again.post("/stores/{store}/messages", message("hola", client_id)).status_code

    def go_on() -> None:
        body = {"client_id": str(uuid.uuid4())}
        if next_one == "form":
            answer = page.post("/stores/{store}/form", form_body(shop.store))
        else:
            answer = page.say("¿sigues?") if next_one == "message" else page.post("/conversation/hand-over", body)
        statuses["next"] = answer.status_code

    threads = [threading.Thread(target=work) for work in (send_again, go_on)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert statuses["next"] in (200, 201)
    assert statuses["again"] in (200, 401), "answered as before, or told that it goes on already"
    said = [one["author"] for one in page.read()["messages"]].count("shopper")
    assert said == (1 if next_one == "person" else 2)
