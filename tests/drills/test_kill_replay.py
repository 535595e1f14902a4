"""`kill -9` in the middle of a replay, taken up again on the same data: nothing lost, nothing told twice.

The moments are chosen from outside, by what is in the database and in the mailbox: while deliveries come in, while
they are applied, while notices are decided, while mails leave. The seed says how far into each. What is compared is
what an undisturbed run ends with: the orders, and the set of mails.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DELIVERIES = ROOT / "tests" / "data" / "woocommerce" / "deliveries"
HANDS = 4
"""Jobs done at once: as many mails may be with the mail server when the process dies."""

Measure = Callable[["Data"], int]


class Data:
    """An instance's folder, looked at from outside while its process runs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, question: str) -> int:
        path = self.folder / "mostrador.db"
        if not path.exists():
            return 0
        try:
            with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0.2)) as file:
                return int(file.execute(question).fetchone()[0])
        except sqlite3.OperationalError:
            return 0  # not made yet, or just being made

    def message_ids(self) -> list[str]:
        """The Message-ID of every accepted mail of all runs, second copies too."""
        journal = self.folder / "mailbox.jsonl"
        lines = journal.read_text().splitlines() if journal.exists() else []
        return [json.loads(line)["message_id"] for line in lines]

    def sent_ids(self) -> set[str]:
        """The Message-IDs that the ledger says were taken."""
        with closing(sqlite3.connect(self.folder / "mostrador.db")) as file:
            rows = file.execute("SELECT message_id FROM notices WHERE sent_at IS NOT NULL").fetchall()
        return {row[0] for row in rows}


def start_replay(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "plugin.cli", "replay", str(DELIVERIES), "--secret", "mostrador-test-secret",
         "--copies", "2", "--shuffle", "5", "--data", str(folder), "--json"],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def finish_replay(folder: Path) -> dict[str, Any]:
    told, trouble = (process := start_replay(folder)).communicate(timeout=150)
    assert process.returncode == 0, trouble
    result: dict[str, Any] = json.loads(told)
    return result


def kill_after(folder: Path, measure: Measure, more: int) -> bool:
    """Starts a replay and kills its whole tree once it got so far; False when it was over before."""
    data = Data(folder)
    far = measure(data) + more
    process = start_replay(folder)
    try:
        while process.poll() is None:
            if measure(data) >= far:
                os.killpg(process.pid, signal.SIGKILL)  # a session of its own
                process.communicate()
                return True
            time.sleep(0.001)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return False


def list_moments(chance: random.Random) -> list[tuple[str, Measure, int]]:
    """One moment of each kind, and how much of that kind a run may do until then: a matter of the seed."""
    return [
        ("sending", lambda data: data.ask("SELECT count(*) FROM receipts"), chance.randrange(5, 150)),
        (
            "applying",
            lambda data: data.ask("SELECT count(*) FROM receipts WHERE outcome > ''"),
            chance.randrange(5, 120),
        ),
        ("deciding", lambda data: data.ask("SELECT count(*) FROM notices"), chance.randrange(1, 12)),
        ("mailing", lambda data: len(data.message_ids()), chance.randrange(1, 12)),
    ]


def list_sent(result: dict[str, Any]) -> Counter[tuple[str, str, str]]:
    return Counter(
        (line["order"], line["notice"], line["about"]) for line in result["notices"] if line["sent"]
    )


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    return finish_replay(tmp_path_factory.mktemp("undisturbed"))


@pytest.mark.xdist_group(name="kill-replay")
@pytest.mark.parametrize("seed", [1, 2])
def test_a_replay_killed_at_four_moments_ends_as_if_nothing_had_happened(
    undisturbed: dict[str, Any], tmp_path: Path, seed: int
) -> None:
    moments = list_moments(random.Random(seed))
    killed = [words for words, measure, more in moments if kill_after(tmp_path, measure, more)]
    assert killed == ["sending", "applying", "deciding", "mailing"]
    result, data = finish_replay(tmp_path), Data(tmp_path)
    assert result["orders"] == undisturbed["orders"]
    assert list_sent(result) == list_sent(undisturbed)
    assert set(list_sent(result).values()) == {1}
    mails = Counter(data.message_ids())
    assert set(mails) == data.sent_ids()
    assert len(mails) == len(list_sent(undisturbed))
    again = sum(count - 1 for count in mails.values())
    assert again <= HANDS * len(killed), "a second copy is only for a mail whose answer was lost"
    assert data.ask("SELECT count(*) FROM receipts WHERE outcome IS NULL") == 0
    assert (
        data.ask("SELECT count(*) FROM outbox WHERE leased_until IS NOT NULL OR buried_at IS NOT NULL") == 0
    )


def test_a_replay_that_is_run_twice_on_the_same_data_tells_nothing_new(
    undisturbed: dict[str, Any], tmp_path: Path
) -> None:
    first = finish_replay(tmp_path)
    mails = Data(tmp_path).message_ids()
    second = finish_replay(tmp_path)
    assert first["orders"] == second["orders"] == undisturbed["orders"]
    assert list_sent(first) == list_sent(second) == list_sent(undisturbed)
    assert Data(tmp_path).message_ids() == mails
    assert len(mails) == len(set(mails))
