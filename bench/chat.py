"""From a message's being sent to its arrival in an open stream, while 200 shoppers listen.

Each shopper comes from a network of its own (127.0.N.1), so that the limits per network stay as they are in a real
shop. Half of the messages go to a person's conversation (nobody answers at once), half to the bot's, whose answer
arrives in the same stream. The shoppers are one process, the server another.

``python -m bench.chat`` is the shoppers' process: a wish (JSON) comes in, times (JSON) go out.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
import uuid
from contextlib import ExitStack
from typing import Any

from bench.figures import Figure, spread

PART = "chat delivery"
STREAMS = 200
RATE = 20.0
"""Messages per second: each of 200 shoppers writes every ten seconds."""
GOAL_MS = 50.0
QUESTION = "¿Cuánto tarda el envío?"


def measure(quick: bool) -> list[Figure]:
    """SQLite, everything in one process, as the server starts by default; and PostgreSQL."""
    from bench.instances import ENGINES, Databases, run_instance

    figures: list[Figure] = []
    with ExitStack() as stack:
        databases = Databases(stack)
        for engine in ENGINES:
            with run_instance(databases.make(engine), jobs="embedded") as (instance, server):
                wish = {
                    "port": server.port,
                    "store": instance.public_id,
                    "streams": 40 if quick else STREAMS,
                    "seconds": 2 if quick else 15,
                    "rate": RATE,
                }
                seen = _run(wish)
            figures += _tell(f"{engine}, {wish['streams']} open streams", seen)
    return figures


def _run(wish: dict[str, Any]) -> dict[str, Any]:
    run = subprocess.run(
        [sys.executable, "-m", "bench.chat"],
        input=json.dumps(wish),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=300,
    )
    seen: dict[str, Any] = json.loads(run.stdout)
    return seen


def _tell(case: str, seen: dict[str, Any]) -> list[Figure]:
    if seen["lost"]:
        raise RuntimeError(f"{seen['lost']} messages never arrived in their stream.")
    person, bot = seen["person"], seen["bot"]
    note = f"{len(person) + len(bot)} messages at {RATE:.0f}/s, each on a new connection"
    return [
        *spread(PART, case, "sent to received", person + bot, GOAL_MS, note),
        *spread(PART, case, "bot's answer", seen["answers"], note="from sending the question"),
    ]


class Shopper:
    """One visitor: a token, an open stream, and when what arrived."""

    def __init__(self, number: int, port: int, store: str) -> None:
        self.number, self.port, self.store = number, port, store
        self.address = (f"127.0.{number % 250 + 1}.{number // 250 + 1}", 0)
        self.token = ""
        self.waited_for: dict[str, float] = {}
        self.question_at = 0.0
        self.delays: list[float] = []
        self.answers: list[float] = []
        self.open: tuple[asyncio.Task[None], asyncio.StreamWriter] | None = None

    async def _open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        return await asyncio.open_connection("127.0.0.1", self.port, local_addr=self.address)

    async def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One POST on a connection of its own, as a browser's first one. Gives the answer's JSON."""
        reader, writer = await self._open()
        payload = json.dumps(body).encode()
        bearer = f"Authorization: Bearer {self.token}\r\n" if self.token else ""
        head = (
            f"POST /api/widget/v1{path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n{bearer}Connection: close\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(payload)}\r\n\r\n"
        )
        writer.write(head.encode() + payload)
        answer = await reader.read()
        writer.close()
        status, _, rest = answer.partition(b" ")[2].partition(b" ")
        if status not in (b"200", b"201"):
            raise RuntimeError(f"{path} was answered {answer[:300]!r}")
        told: dict[str, Any] = json.loads(rest.partition(b"\r\n\r\n")[2])
        return told

    async def arrive(self) -> None:
        """Writes a first message, and opens the stream."""
        told = await self.ask(f"/stores/{self.store}/messages", self._message(str(uuid.uuid4()), "hola"))
        self.token = told["token"]
        if self.number % 2:
            await self.ask("/conversation/hand-over", {"client_id": str(uuid.uuid4())})
        reader, writer = await self._open()
        head = f"GET /api/widget/v1/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {self.token}\r\n\r\n"
        writer.write(head.encode())
        begun = await reader.readuntil(b": beat")
        if b" 200 " not in begun[:20]:
            raise RuntimeError(f"The stream was answered {begun[:200]!r}")
        self.open = asyncio.create_task(self._read(reader)), writer

    async def _read(self, reader: asyncio.StreamReader) -> None:
        while True:
            line = await reader.readuntil(b"\n")
            if line.startswith(b"data: "):
                self._note(json.loads(line[6:]), time.perf_counter())

    def _note(self, data: dict[str, Any], now: float) -> None:
        sent_at = self.waited_for.pop(str(data.get("client_id")), None)
        if sent_at is not None:
            self.delays.append(now - sent_at)
        elif data.get("author") == "bot" and self.question_at:
            self.answers.append(now - self.question_at)
            self.question_at = 0.0

    async def write(self) -> None:
        """Sends one message."""
        client_id = str(uuid.uuid4())
        self.waited_for[client_id] = time.perf_counter()
        if self.number % 2 == 0:
            self.question_at = time.perf_counter()
        words = QUESTION if self.number % 2 == 0 else "¿Sigues ahí?"
        await self.ask(f"/stores/{self.store}/messages", self._message(client_id, words))

    def _message(self, client_id: str, text: str) -> dict[str, Any]:
        where = {"locale": "es", "steps": ["shipping"], "page": None, "proof": None}
        return {"client_id": client_id, "text": text, **where}


async def shop(wish: dict[str, Any]) -> dict[str, Any]:
    """Everybody arrives, then messages leave on a timetable, the shoppers in turn."""
    shoppers = [Shopper(number, wish["port"], wish["store"]) for number in range(wish["streams"])]
    for start in range(0, len(shoppers), 10):
        await asyncio.gather(*(shopper.arrive() for shopper in shoppers[start : start + 10]))
    for shopper in shoppers:
        shopper.waited_for.clear()
    await asyncio.sleep(1)
    began, sending = time.perf_counter(), []
    for number in range(int(wish["seconds"] * wish["rate"])):
        await asyncio.sleep(max(0.0, began + number / wish["rate"] - time.perf_counter()))
        sending.append(asyncio.create_task(shoppers[number % len(shoppers)].write()))
    await asyncio.gather(*sending)
    await asyncio.sleep(1)
    return {
        "person": [delay for one in shoppers if one.number % 2 for delay in one.delays],
        "bot": [delay for one in shoppers if one.number % 2 == 0 for delay in one.delays],
        "answers": [delay for one in shoppers for delay in one.answers],
        "lost": sum(len(one.waited_for) for one in shoppers),
    }


if __name__ == "__main__":
    json.dump(asyncio.run(shop(json.load(sys.stdin))), sys.stdout)
