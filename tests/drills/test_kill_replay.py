"""Killed in the middle and started again on the same data: nothing lost, nothing twice.

The one exception is a mail whose server took it while we died: it may come again, with the same Message-ID.
"""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from plugin.testing.replay import Replay, run_replay

DELIVERIES = Path(__file__).parents[1] / "data/woocommerce/deliveries"
SECRET = "mostrador-test-secret"


def command(data: Path) -> list[str]:
    return [
        sys.executable, "-m", "plugin.cli", "replay", str(DELIVERIES), "--secret", SECRET, "--copies", "2",
        "--shuffle", "5", "--data", str(data), "--json",
    ]  # fmt: skip


def count_receipts(data: Path) -> int:
    import sqlite3

    try:
        with sqlite3.connect(f"file:{data / 'mostrador.db'}?mode=ro", uri=True) as raw:
            found: int = raw.execute("select count(*) from receipts").fetchone()[0]
            return found
    except sqlite3.Error:
        return 0


def count_mails(data: Path) -> int:
    journal = data / "mailbox.jsonl"
    return len(journal.read_text("utf-8").splitlines()) if journal.exists() else 0


def kill_when(data: Path, reached: Any) -> None:
    process = subprocess.Popen(command(data), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not reached() and process.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.002)
    assert process.poll() is None, "it was over before it could be killed"
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)


def outcome(result: dict[str, Any]) -> tuple[Any, list[tuple[str, str, str]]]:
    sent = [(line["order"], line["notice"], line["about"]) for line in result["notices"] if line["sent"]]
    return result["orders"], sorted(sent)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    data = tmp_path_factory.mktemp("undisturbed")
    return run_replay(Replay(directory=DELIVERIES, secret=SECRET, copies=2, shuffle=5, data=data))


@pytest.mark.parametrize(("receipts", "mails"), [(20, 0), (120, 0), (0, 2), (0, 12)])
def test_a_kill_loses_nothing_and_doubles_nothing_but_a_mail_in_flight(
    receipts: int, mails: int, undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    kill_when(tmp_path, lambda: count_receipts(tmp_path) >= receipts and count_mails(tmp_path) >= mails)
    answered = count_receipts(tmp_path)
    again = subprocess.run(command(tmp_path), capture_output=True, text=True, timeout=120)
    assert again.returncode == 0, again.stderr
    result = json.loads(again.stdout)
    assert outcome(result) == outcome(undisturbed)
    assert count_receipts(tmp_path) >= answered
    journal = [json.loads(line) for line in (tmp_path / "mailbox.jsonl").read_text("utf-8").splitlines()]
    copies = Counter(mail["message_id"] for mail in journal)
    assert len(copies) == len(outcome(undisturbed)[1])
    assert sum(copies.values()) - len(copies) <= 4, "more came twice than were in four hands"
