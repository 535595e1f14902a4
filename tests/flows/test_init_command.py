"""`mostrador init`: the first command of an owner, with and without a terminal, once and again, also after a death."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest
import requests

from plugin.settings import FILE_NAME, load_settings
from plugin.testing.servers import find_free_port

ROOT = Path(__file__).parents[2]
LINK = re.compile(r"https?://\S+/sign-in/[\w-]+")


def start(folder: Path, *words: str, **streams: int) -> subprocess.Popen[str]:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "plugin.cli", *words], cwd=folder, env=environment, text=True, start_new_session=True,
        **({"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT} | streams),
    )  # fmt: skip


def run(folder: Path, *words: str) -> tuple[int, str]:
    said, _ = (process := start(folder, *words)).communicate(timeout=60)
    assert "Traceback" not in said
    return process.returncode, said


def find_link(said: str) -> str:
    (link,) = LINK.findall(said)
    return link


def test_without_a_terminal_it_asks_nothing_and_says_what_could_be_told(tmp_path: Path) -> None:
    code, said = run(tmp_path, "init")
    assert code == 0
    assert find_link(said).startswith("http://127.0.0.1:8080/sign-in/")
    assert all(words in said for words in ("owner@localhost", "--email", "--name"))
    assert load_settings(tmp_path, {}).port == 8080
    assert run(tmp_path, "check") == (0, "Everything is in order.\n")


def test_run_twice_it_keeps_the_keys_and_the_owner_and_gives_a_new_link(tmp_path: Path) -> None:
    _, first = run(tmp_path, "init", "--email", "ana@shop.example", "--name", "Ana")
    keys = (tmp_path / FILE_NAME).read_bytes()
    code, second = run(tmp_path, "init")
    assert code == 0 and "stays as it is" in second and "ana@shop.example" in second
    assert (tmp_path / FILE_NAME).read_bytes() == keys
    assert find_link(first) != find_link(second)


def test_at_a_terminal_it_asks_for_address_and_name_and_asks_again_for_no_address(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    process = start(tmp_path, "init", stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    said, answers = "", ["nobody\n", "ana@shop.example\n", "Ana\n"]
    with suppress(OSError):  # how a terminal says that the other side is gone
        while part := os.read(ours, 4096).decode():
            said += part
            if answers and said.rstrip(" ").endswith(":"):
                os.write(ours, answers.pop(0).encode())
                said += "\n"
    os.close(ours)
    assert process.wait(30) == 0, said
    assert answers == [] and "is not one e-mail address" in said
    assert "The link is for ana@shop.example" in said


@pytest.mark.parametrize("words", [("--email", "nobody"), ("--base-url", "counter.example")])
def test_what_cannot_be_right_is_refused_before_anything_is_written(tmp_path: Path, words: tuple[str, str]) -> None:
    code, said = run(tmp_path, "init", *words)
    assert code != 0 and "Error" in said
    assert list(tmp_path.iterdir()) == []


def test_the_printed_link_leads_to_what_serve_listens_on(tmp_path: Path) -> None:
    port = find_free_port()
    _, said = run(tmp_path, "init", "--base-url", f"http://127.0.0.1:{port}/")
    link = find_link(said)
    assert link.startswith(f"http://127.0.0.1:{port}/sign-in/")
    log = (tmp_path / "serve.log").open("w")
    server = start(tmp_path, "serve", stdout=log.fileno(), stderr=log.fileno())
    try:
        answer = None
        deadline = time.monotonic() + 60
        while answer is None and time.monotonic() < deadline and server.poll() is None:
            with suppress(requests.ConnectionError):
                answer = requests.get(link, timeout=10)
            time.sleep(0.1)
        assert answer is not None and answer.status_code == 200, (tmp_path / "serve.log").read_text()
    finally:
        os.killpg(server.pid, signal.SIGTERM)  # a session of its own
        server.wait(30)
        log.close()


@pytest.mark.parametrize("mark", ["settings", "database", "agent"])
def test_killed_in_the_middle_it_is_simply_run_again(tmp_path: Path, mark: str) -> None:
    """The process ends itself, without a word, right before it would do the next step."""
    doors = {
        "settings": "plugin.settings.os.link",
        "database": "plugin.troubles.migrate",
        "agent": "plugin.agents.create_agent",
    }
    module, _, name = doors[mark].rpartition(".")
    holder = "plugin.settings" if mark == "settings" else module
    code = (
        f"import importlib, os, signal; where = importlib.import_module({holder!r})\n"
        f"where = where.os if {mark == 'settings'} else where\n"
        f"setattr(where, {name!r}, lambda *a, **k: os.kill(os.getpid(), signal.SIGKILL))\n"
        "from plugin.cli import main; main(['init'])"
    )
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    dead = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, stdin=subprocess.DEVNULL, timeout=60
    )
    assert dead.returncode == -signal.SIGKILL
    before = (tmp_path / FILE_NAME).read_bytes() if mark != "settings" else None
    assert before is not None or not (tmp_path / FILE_NAME).exists()
    status, said = run(tmp_path, "init")
    assert status == 0 and find_link(said)
    assert before in (None, (tmp_path / FILE_NAME).read_bytes())
    assert run(tmp_path, "check")[0] == 0


def test_a_folder_with_data_of_other_keys_is_told(tmp_path: Path) -> None:
    run(tmp_path, "init")
    (tmp_path / FILE_NAME).unlink()
    code, said = run(tmp_path, "init")
    assert code == 1 and "MOSTRADOR_SECRET_KEYS" in said


def test_a_platform_can_be_connected_after_it(tmp_path: Path) -> None:
    run(tmp_path, "init")
    code, said = run(tmp_path, "stores", "connect", "woocommerce")
    assert code == 0 and said.startswith("http://127.0.0.1:8080/install/woocommerce")
    assert json.loads(run(tmp_path, "adapters", "list", "--json")[1])
