"""A mail server in a process of its own that takes everything and notes when: `python -m bench.sink`.

Prints its port; when its standard input closes, prints one JSON object Message-ID → seconds since 1970 of each
accepted mail (a list, so that a second copy shows).
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import defaultdict
from email import message_from_bytes
from typing import Any, Self

from aiosmtpd.controller import Controller


class Sink:
    """Starts and stops that process. `arrivals()` ends it and gives what it saw."""

    def __init__(self) -> None:
        command = [sys.executable, "-m", "bench.sink"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        self.url = f"smtp://127.0.0.1:{int(self._process.stdout.readline())}"

    def arrivals(self) -> dict[str, list[float]]:
        """Message-ID → when it was accepted, each time."""
        told, _ = self._process.communicate(timeout=30)
        arrived: dict[str, list[float]] = json.loads(told)
        return arrived

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


class _Taker:
    def __init__(self) -> None:
        self.seen: dict[str, list[float]] = defaultdict(list)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        now = time.time()
        head = envelope.content.partition(b"\r\n\r\n")[0]
        self.seen[str(message_from_bytes(head)["Message-ID"]).strip()].append(now)
        return "250 taken"


def main() -> None:
    taker = _Taker()
    controller = Controller(taker, hostname="127.0.0.1", port=_find_port())
    controller.start()
    print(controller.port, flush=True)
    sys.stdin.read()
    controller.stop()
    json.dump(taker.seen, sys.stdout)


def _find_port() -> int:
    from plugin.testing.servers import find_free_port

    return find_free_port()


if __name__ == "__main__":
    main()
