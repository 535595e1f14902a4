"""The app as it really runs: `serve` and `worker` in processes of their own, for drills and benches.

Like the other private servers they never outlive the process that started them, not even its ``kill -9``.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import requests

from plugin.settings import PREFIX, Settings, load_settings
from plugin.testing.servers import PORT_TRIES, Server, ServerFailed

ROOT = Path(__file__).parents[2]


class AppServer(Server):
    """`python -m plugin.serve` on a free loopback port over a migrated database.

    `values`: settings by their full name (``MOSTRADOR_…``), keys included. Nothing is read from the
    developer's own environment or settings file.
    """

    module = "plugin.serve"

    def __init__(self, values: Mapping[str, str], *, module: str = "") -> None:
        super().__init__()
        self.user = None
        self.module = module or self.module
        self.values = dict(values)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def settings(self) -> Settings:
        """The settings it runs with, for whoever opens the same database."""
        return load_settings(self.folder, self._environment())

    def command(self, port: int) -> Sequence[str]:
        return [sys.executable, "-m", self.module]

    def answers(self) -> bool:
        try:
            return requests.get(f"{self.url}/healthz", timeout=2).status_code == 200
        except requests.RequestException:
            return False

    @property
    def pid(self) -> int:
        """The shell above the server; its children are the server's processes."""
        assert self._keeper is not None
        return self._keeper.pid

    def kill(self) -> None:
        """`kill -9` of the whole tree: no handler runs, nothing is said goodbye to."""
        keeper, self._keeper = self._keeper, None
        if keeper is None:
            return
        os.killpg(keeper.pid, signal.SIGKILL)  # a session of its own: the shell and its server, nobody else
        keeper.wait()
        if keeper.stdin is not None:
            keeper.stdin.close()

    def start_again(self) -> None:
        """After `kill`: the same server on the same port. Raises `ServerFailed`."""
        for _ in range(PORT_TRIES):
            if self._start_on(self.port):
                return
        raise ServerFailed(f"{type(self).__name__} did not start again:\n{self._read_log()}")

    def _environment(self) -> dict[str, str]:
        own = {"HOST": "127.0.0.1", "PORT": str(self.port), "SETTINGS": str(self.folder / "none.env")}
        return {PREFIX + name: value for name, value in own.items()} | self.values

    def _identity(self, **environment: str) -> dict[str, Any]:
        wanted = super()._identity(**environment)
        passed_on = {name: os.environ[name] for name in ("VIRTUAL_ENV",) if name in os.environ}
        wanted["env"] |= passed_on | self._environment() | {"PYTHONPATH": str(ROOT)}
        return wanted


class AppWorker(AppServer):
    """`python -m plugin.worker`: the engine alone. It has started once its first line is in the log."""

    module = "plugin.worker"

    def answers(self) -> bool:
        return "works" in self._read_log()
