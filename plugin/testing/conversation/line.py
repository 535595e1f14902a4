"""A bad line to the counter: requests arrive, answers get lost, and whoever asked asks again."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

PATIENCE = 30.0
LONGEST_TRYING = 120.0


class LineError(Exception):
    """The counter was not heard within two minutes; the message says what was asked."""


@dataclass(frozen=True)
class Heard:
    """One answer: HTTP status, headers in lower case, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(self.body)
        return read


@dataclass
class Line:
    """Whoever speaks over it. `cut`: the share (0..1) of answers that never arrive: half of those because the line goes
    dead behind the request, so that the counter still works on it when it comes again. `address`: the loopback address
    to speak from, a network of its own for each shopper."""

    port: int
    cut: float
    random: random.Random
    address: str = "127.0.0.1"
    headers: dict[str, str] = field(default_factory=dict)
    new_ids: bool = False
    """What is sent again goes under another client id, as if it were new: to show that a drill can fail."""
    lost: int = 0
    """Answers cut so far."""
    _guard: threading.Lock = field(default_factory=threading.Lock)

    def ask(self, path: str, body: dict[str, Any]) -> Heard:
        """Posts JSON until an answer is heard."""

        def write() -> bytes:
            if self.new_ids:
                body["client_id"] = str(uuid.uuid4())
            return json.dumps(body).encode()

        return self._insist(path, write, "application/json")

    def send_form(self, path: str, **fields: str) -> Heard:
        """Posts a form until an answer is heard."""
        return self._insist(path, lambda: urlencode(fields).encode(), "application/x-www-form-urlencoded")

    def read(self, path: str) -> Heard:
        """A page or JSON; a dead server is asked again, and no answer is cut."""
        give_up_at = time.monotonic() + LONGEST_TRYING
        while time.monotonic() < give_up_at:
            heard = self._try("GET", path, b"", {}, "whole")
            if heard is not None:
                return heard
            time.sleep(0.05)
        raise LineError(f"{path} was not answered.")

    def open(self) -> http.client.HTTPConnection:
        """A connection from this line's address."""
        return http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=PATIENCE, source_address=(self.address, 0)
        )

    def _insist(self, path: str, write: Callable[[], bytes], kind: str) -> Heard:
        give_up_at = time.monotonic() + LONGEST_TRYING
        while time.monotonic() < give_up_at:
            heard = self._try("POST", path, write(), {"Content-Type": kind}, self._luck())
            if heard is not None and heard.status == 429:
                # As the widget does: what was too much at once is sent when the counter says so.
                time.sleep(min(PATIENCE, float(heard.headers.get("retry-after", 1))))
            elif heard is not None and heard.status < 500:
                return heard
            time.sleep(0.02)
        raise LineError(f"{path} was not answered.")

    def _luck(self) -> str:
        with self._guard:
            thrown = self.random.random()
            if thrown < self.cut:
                self.lost += 1
                return "unheard" if thrown < self.cut / 2 else "hung up"
        return "whole"

    def _try(self, method: str, path: str, payload: bytes, headers: dict[str, str], luck: str) -> Heard | None:
        connection = self.open()
        try:
            connection.request(method, path, payload or None, self.headers | headers | {"Connection": "close"})
            if luck == "hung up":
                return None
            answer = connection.getresponse()
            heard = Heard(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()
        return heard if luck == "whole" else None
