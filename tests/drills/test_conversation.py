"""The drill of talks over bad lines: each message once and in one order, one owner always; and it can fail."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import delete, select, update

from plugin.care import ConversationRow, MessageRow
from plugin.cli.drill import drill
from plugin.database import Database
from plugin.testing.conversation import SIZES, Drill, run_conversations, went_well
from plugin.testing.servers import PostgreSQL

ROOT = Path(__file__).parents[2]
ZEROES = ("lost", "doubled", "ghosts", "order_differs", "two_owners")


def check_talks(result: dict[str, Any]) -> None:
    assert result["faults"] == [] and went_well(result), result
    assert result["messages"] >= 1000 and result["conversations"] == 40
    assert result["answers_cut"] > 80 and result["streams"] > 2 * 40 and result["server_killed"] == 1
    assert result["taken_back"] >= 5, "Agents fell silent."
    assert result["races_refused"] >= 40, "Of two agents who reach for a talk at once, one is refused."


@pytest.mark.slow
def test_a_thousand_messages_over_bad_lines_are_each_there_once_for_all(postgres_server: PostgreSQL) -> None:
    name = postgres_server.create_database()
    check_talks(run_conversations(Drill(seed=11, url=postgres_server.url(name))))
    postgres_server.drop_database(name)


@pytest.mark.slow
def test_the_command_plays_them_on_sqlite_prints_what_came_of_it_and_says_by_its_exit_that_all_went_well() -> None:
    command = [sys.executable, "-m", "plugin.cli", "drill", "conversation", "--json", "--seed", "2", "--size", "quick"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=280)
    assert run.returncode == 0, run.stdout + run.stderr
    check_talks(json.loads(run.stdout))


@pytest.mark.slow
def test_who_sends_again_under_another_id_says_it_twice_and_the_drill_says_so() -> None:
    result = run_conversations(Drill(seed=5, shoppers=8, new_ids=True))
    assert result["doubled"] > 0 and not went_well(result)


def tamper(db: Database, store_id: int) -> None:
    """Of five talks: a message is gone, one stands twice, one nobody wrote, two have changed places, and the bot spoke
    while an agent held it."""
    with db.transaction(store_id) as tx:
        talks = list(tx.scalars(select(ConversationRow.id).where(ConversationRow.store_id == store_id)))
        for place, change in enumerate((drop, double, invent, swap, speak)):
            mine = (MessageRow.store_id == store_id, MessageRow.conversation_id == talks[place])
            rows = list(tx.scalars(select(MessageRow).where(*mine).order_by(MessageRow.position)))
            change(tx, rows)


def one_of(rows: list[MessageRow], author: str) -> MessageRow:
    return [row for row in rows if row.author == author][-1]


def set_row(tx, row: MessageRow, **values: object) -> None:
    which = (MessageRow.store_id == row.store_id, MessageRow.id == row.id)
    tx.execute(update(MessageRow).where(*which).values(**values))


def drop(tx, rows: list[MessageRow]) -> None:
    row = one_of(rows, "shopper")
    tx.execute(delete(MessageRow).where(MessageRow.store_id == row.store_id, MessageRow.id == row.id))


def double(tx, rows: list[MessageRow]) -> None:
    set_row(tx, one_of(rows, "agent"), text=next(row.text for row in rows if row.author == "agent"))


def invent(tx, rows: list[MessageRow]) -> None:
    set_row(tx, one_of(rows, "shopper"), text="This was never written.")


def swap(tx, rows: list[MessageRow]) -> None:
    first, last = rows[2], rows[-1]
    texts = first.text, last.text
    set_row(tx, first, text=texts[1])
    set_row(tx, last, text=texts[0])


def speak(tx, rows: list[MessageRow]) -> None:
    set_row(tx, one_of(rows, "agent"), author="bot", agent_name=None)


@pytest.mark.slow
def test_every_kind_of_fault_is_seen() -> None:
    result = run_conversations(Drill(seed=7, shoppers=6, tamper=tamper))
    assert all(result[name] > 0 for name in ZEROES), result
    assert not went_well(result)


@pytest.mark.slow
def test_a_drill_in_which_nobody_said_anything_did_not_go_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SIZES, "quick", 0)
    run = CliRunner().invoke(drill, ["conversation", "--json", "--size", "quick"])
    told = json.loads(run.stdout)
    assert [told[name] for name in ("messages", *ZEROES)] == [0] * 6 and told["faults"] == []
    assert run.exit_code == 1
