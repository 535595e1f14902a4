"""Two stores with their people, talks and orders, for asking every route as somebody who has no business there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk_house import OURS, Counter, open_counter
from flask import Flask
from flask.testing import FlaskClient
from pages_house import ANSWERS
from sqlalchemy import select
from test_desk_access import Place, ask_for_copy, ask_somebody, learn_status
from werkzeug.test import TestResponse
from widget_shop import ANA, ROOT, message

from plugin.care import ConversationRow, MessageRow, find_visitor, reply
from plugin.database import ALL
from plugin.stores import StoreRow

SECRET_WORDS = "palabras que nadie más lee"
HOUSE = {
    "shopify_client_id": "client-of-tests",
    "shopify_client_secret": "the-secret-of-an-app-for-tests-only", "installs": "invited",
}  # fmt: skip
"""Settings with which every adapter's pages and hooks are awake."""


@dataclass
class Scene:
    """Our store and theirs. `tokens`: the visitor's of the talk that the wrong people want (``victim``), of another
    talk in the same store (``neighbour``), of a talk in their store (``abroad``). `talk`: the victim's conversation."""

    place: Place
    app: Flask
    tokens: dict[str, str]
    talk: str = ""

    @property
    def counter(self) -> Counter:
        return self.place.counter

    def ask(
        self, method: str, url: str, token: str = "", browser: FlaskClient | None = None, **given: Any
    ) -> TestResponse:
        """One request, as browsers make it on a page of ours. The answer is not read before somebody reads it."""
        headers = OURS | dict(given.pop("headers", {}))
        if token:
            headers["Authorization"] = f"Bearer {token}"
        client = browser or self.app.test_client()
        return client.open(url, method=method, headers=headers, buffered=False, **given)

    def begin_talk(self, store: StoreRow, *texts: str) -> tuple[str, str]:
        """A shopper writes over the API; gives (token, conversation)."""
        token = talk = ""
        for text in texts:
            url = f"{ROOT}/stores/{store.public_id}/messages"
            answer = self.ask("POST", url, token, json=message(text))
            assert answer.status_code == 201 and answer.json is not None, answer.text
            token, talk = answer.json["token"] or token, answer.json["conversation"]["id"]
        return token, talk

    def read_victim(self) -> list[tuple[Any, ...]]:
        """Every row of the victim's talk."""
        with self.counter.db.reading(ALL, "the victim's talk") as tx:
            visitor = find_visitor(self.counter.house.doors.care, self.tokens["victim"])
            assert visitor is not None
            [talk] = tx.scalars(select(ConversationRow).where(ConversationRow.visitor_id == visitor.id))
            rows = [visitor, talk, *tx.scalars(
                select(MessageRow).where(MessageRow.conversation_id == talk.id).order_by(MessageRow.position))]
            return [tuple(getattr(row, column.name) for column in row.__table__.columns) for row in rows]

    def secrets(self) -> tuple[str, ...]:
        """What only people of our store may read."""
        return (self.talk, SECRET_WORDS, "alma@example.com", "Alma", "ana@example.com", self.place.conversation,
                self.place.receipt, "1001")  # fmt: skip


@contextmanager
def open_scene(folder: Path) -> Iterator[Scene]:
    """One of everything in both stores."""
    with open_counter(folder, **HOUSE) as counter:
        ours, theirs = (counter.add_store(one, answers=ANSWERS) for one in ("ours.example", "theirs.example"))
        ana, eva = counter.add_agent("Ana", ours), counter.add_agent("Eva", theirs)
        counter.add_order(theirs, external_id="t1", number="777")
        order = counter.add_order(ours)
        status = [learn_status(counter, one) for one in (theirs, ours)][1]
        talk, receipt = counter.write(ours, "hola"), ask_for_copy(counter, ours)
        asked = ask_somebody(counter, ours, ana)
        place = Place(counter, ours, theirs, ana, eva, order, talk, status, receipt, asked)
        scene = Scene(place, counter.house.web(), {})
        scene.tokens["victim"], scene.talk = scene.begin_talk(ours, SECRET_WORDS, "¿Cuánto tarda el envío?")
        reply(counter.house.doors.care, ours.id, scene.talk, ANA, f"Para ti: {SECRET_WORDS}", "a" * 32)
        scene.tokens["neighbour"], _ = scene.begin_talk(ours, "¿Cuánto tarda el envío?")
        scene.tokens["abroad"], _ = scene.begin_talk(theirs, "¿Cuánto tarda el envío?")
        yield scene
