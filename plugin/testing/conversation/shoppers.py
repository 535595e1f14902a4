"""A shopper with two tabs open: both write, both read along, and neither sits on a good line."""

from __future__ import annotations

import http.client
import json
import random
import socket
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from plugin.testing.conversation.line import Heard, Line, LineError

API = "/api/widget/v1"
LOCALE = "es"
QUESTIONS = ("¿Cuánto tarda el envío?", "¿Puedo devolverlo?", "¿Qué formas de pago hay?", "¿Hacen factura?", "hola")


@dataclass(frozen=True)
class Seen:
    """A message as a reader has it."""

    position: int
    author: str
    text: str


@dataclass
class Tab:
    """One page with the panel open: its stream is cut now and then and goes on where it stopped."""

    line: Line
    cut_stream: float
    seen: list[Seen] = field(default_factory=list)
    streams: int = 0
    _ended: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None
    _connection: http.client.HTTPConnection | None = None

    def listen(self) -> None:
        """Reads along from now on, in a thread of its own."""
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def wait_for(self, position: int, seconds: float) -> bool:
        """Whether everything up to `position` has arrived by then."""
        give_up_at = time.monotonic() + seconds
        while time.monotonic() < give_up_at:
            if self.seen and self.seen[-1].position >= position:
                return True
            time.sleep(0.01)
        return False

    def close(self) -> None:
        """Hangs up: what it waits for never comes."""
        self._ended.set()
        connection = self._connection
        if connection is not None and connection.sock is not None:
            with suppress(OSError):
                connection.sock.shutdown(socket.SHUT_RDWR)
        if self._thread is not None:
            self._thread.join(20)

    def _listen(self) -> None:
        last = ""
        while not self._ended.is_set():
            connection = self._connection = self.line.open()
            try:
                last = self._read_stream(connection, last)
            except (OSError, http.client.HTTPException):
                time.sleep(0.05)
            finally:
                connection.close()

    def _read_stream(self, connection: http.client.HTTPConnection, last: str) -> str:
        """Until it is cut; gives the id of the last event."""
        headers = self.line.headers | ({"Last-Event-ID": last} if last else {})
        connection.request("GET", f"{API}/stream", headers=headers)
        answer = connection.getresponse()
        if answer.status != 200:
            time.sleep(0.2)
            return last
        self.streams += 1
        event: dict[str, str] = {}
        while not self._ended.is_set():
            read = answer.readline()
            if not read:
                return last
            line = read.decode().rstrip("\r\n")
            if line:
                name, _, value = line.partition(":")
                event[name] = value.strip()
                continue
            if "data" in event:
                last = event.get("id", last)
                if self._note(event):
                    return last
            event = {}
        return last

    def _note(self, event: dict[str, str]) -> bool:
        """Keeps a message; True when the line goes dead behind it."""
        if event.get("event") != "message":
            return False
        told: dict[str, Any] = json.loads(event["data"])
        self.seen.append(Seen(told["position"], told["author"], told["text"]))
        return self.line.random.random() < self.cut_stream


@dataclass
class Shopper:
    """`number` gives the network they come from. `written`: client id → text of everything they ever wrote."""

    number: int
    port: int
    store: str
    cut: float
    new_ids: bool
    random: random.Random
    public_id: str = ""
    written: dict[str, str] = field(default_factory=dict)
    tabs: list[Tab] = field(default_factory=list)

    def arrive(self) -> None:
        """Writes the first message, which gives the token, and opens the second tab."""
        address = f"127.{self.number // 250 + 1}.{self.number % 250 + 1}.1"
        lines = [Line(self.port, self.cut, random.Random(self.random.random()), address) for _ in range(2)]
        self.tabs = [Tab(line, self.cut / 2) for line in lines]
        told = self.write(0, f"hola, soy {self.number}").json()
        self.public_id = told["conversation"]["id"]
        for tab in self.tabs:
            tab.line.new_ids = self.new_ids
            tab.line.headers = {"Authorization": f"Bearer {told['token']}"}
            tab.listen()

    def write(self, tab: int, text: str) -> Heard:
        """Sends a message until the counter says that it has it."""
        client_id = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        self.written[client_id] = text
        heard = self.tabs[tab].line.ask(
            f"{API}/stores/{self.store}/messages",
            {"client_id": client_id, "text": text, "locale": LOCALE, "steps": ["cart"], "page": None, "proof": None},
        )
        if heard.status not in (200, 201):
            raise LineError(f"A shopper's message was answered {heard.status}: {heard.body[:200]!r}")
        return heard

    def chatter(self, tab: int, count: int, mark: str) -> None:
        """Writes several messages, each with words of its own."""
        for place in range(count):
            question = QUESTIONS[(place + tab) % len(QUESTIONS)]
            self.write(tab, f"{question} ({self.number}.{tab}.{mark}.{place})")
            time.sleep(self.tabs[tab].line.random.random() * 0.02)

    def read(self) -> dict[str, Any]:
        """The conversation as the widget asks for it when it opens."""
        return self.tabs[0].line.read(f"{API}/conversation?after=0").json()

    def leave(self) -> None:
        for tab in self.tabs:
            tab.close()
