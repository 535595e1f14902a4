"""`mostrador demo`: says where everything is, everything answers, nothing is left behind, the next start goes on."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from started_command import started_command

from plugin.settings import load_settings
from plugin.testing.demo import ADAPTER
from plugin.testing.servers import find_free_port

pytestmark = pytest.mark.xdist_group("demo-command")

LABELS = ("Shop", "Shop's back room", "Mailbox", "Help hub", "Desk", "Sign in once")
LAST_WORDS = "Ctrl-C ends it"


@contextmanager
def _run_demo(data: Path, port: int) -> Iterator[tuple[subprocess.Popen[str], dict[str, str], str]]:
    """The command once it waits: its process, the addresses it told, and all it said."""
    wish = ("demo", "--data", str(data), "--port", str(port))
    env = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with started_command(*wish, until=LAST_WORDS, env=env) as (process, said):
        yield process, dict(re.findall(r"^  (\S.*?)\s{2,}(http\S+)$", said, re.MULTILINE)), said


def _list_family(pid: int) -> set[int]:
    """A process and all that descend from it."""
    family = {pid}
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            family |= _list_family(int(child))
    return family


def _list_alive(pids: set[int]) -> set[int]:
    """Those that still run; a zombie does not."""
    alive = set()
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            alive.add(pid)
    return alive


def _end(process: subprocess.Popen[str], how: signal.Signals) -> None:
    family = _list_family(process.pid)
    assert len(family) >= 3, "the counter and the shop have processes of their own"
    process.send_signal(how)
    assert process.wait(40) == 0
    deadline = time.monotonic() + 5
    while _list_alive(family) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _list_alive(family) == set()


def _place_order(data: Path, shop: str) -> str:
    token = load_settings(data, {}).adapter_values(ADAPTER)["token"]
    answer = requests.post(
        f"{shop}/api/orders",
        json={"lines": [{"product": "taza-sol", "quantity": 1}], "email": "eva@example.com"},
        headers={"Authorization": f"Bearer {token}"},
        timeout=10,
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["number"])


def _count_mails(mailbox: str) -> int:
    return len(requests.get(f"{mailbox}/api/mails", timeout=10).json()["mails"])


def test_it_tells_the_addresses_ends_whole_and_goes_on_where_it_was(tmp_path: Path) -> None:
    data, port = tmp_path / "demo", find_free_port()
    with _run_demo(data, port) as (process, told, said):
        assert tuple(told) == LABELS, said
        assert told["Desk"].startswith(f"http://127.0.0.1:{port}/desk/st_")
        assert told["Sign in once"].startswith(f"http://127.0.0.1:{port}/sign-in/")
        for label, url in told.items():
            answer = requests.get(url, timeout=10)
            assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"), label
        assert "/widget/loader.js" in requests.get(told["Shop"], timeout=10).text
        hub = requests.get(told["Help hub"], timeout=10).text
        assert "Abierto ahora" in hub and "10:00" in hub, "whenever it is started, the counter is open"
        number = _place_order(data, told["Shop"].removesuffix("/es/"))
        deadline = time.monotonic() + 30
        while not _count_mails(told["Mailbox"]):
            assert time.monotonic() < deadline, "the mail about the order did not come"
            time.sleep(0.1)
        first = told
        _end(process, signal.SIGINT)
        assert process.stdout is not None and "Closed." in process.stdout.read()
    for url in first.values():
        with pytest.raises(requests.ConnectionError):
            requests.get(url, timeout=2)

    with _run_demo(data, port) as (process, told, said):
        same = [label for label in LABELS if label not in ("Sign in once", "Shop's back room")]
        assert {label: told[label] for label in same} == {label: first[label] for label in same}
        assert told["Sign in once"] != first["Sign in once"]
        for url in (first["Sign in once"], told["Sign in once"]):
            assert requests.get(url, timeout=10).status_code == 200, "neither link was used yet"
        assert _count_mails(told["Mailbox"]) == 1, "nothing is told again"
        assert (
            number in requests.get(f"{told['Mailbox']}/api/mails", timeout=10).json()["mails"][0]["subject"]
        )
        _end(process, signal.SIGTERM)


def test_on_a_port_that_is_taken_it_says_so_and_takes_another(tmp_path: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with _run_demo(tmp_path / "demo", port) as (process, told, said):
            assert f"Port {port} is taken" in said
            assert f":{port}/" not in told["Desk"]
            assert requests.get(told["Help hub"], timeout=10).status_code == 200
            _end(process, signal.SIGTERM)


def test_ended_while_it_starts_it_leaves_nothing_behind(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "plugin.cli", "demo", "--data", str(tmp_path / "demo"), "--port", str(find_free_port())],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    deadline = time.monotonic() + 30
    while len(family := _list_family(process.pid)) < 2:
        assert time.monotonic() < deadline and process.poll() is None
        time.sleep(0.01)
    process.terminate()
    assert process.wait(40) == 0
    deadline = time.monotonic() + 5
    while _list_alive(family) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _list_alive(family) == set()
