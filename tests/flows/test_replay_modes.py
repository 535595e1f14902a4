"""`mostrador replay` beside its fresh instance: against a running one, on kept data, with recordings that are none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from plugin.app import build_house
from plugin.database import migrate
from plugin.settings import FILE_NAME, PREFIX, fresh_keys, load_settings, write_settings
from plugin.stores import StoreRow
from plugin.testing.factories import make_store
from plugin.testing.processes import AppServer
from plugin.testing.replay import Replay, ReplayError, run_replay
from plugin.testing.servers import find_free_port
from plugin.testing.smtp import Mailbox, open_mailbox

ROOT = Path(__file__).parents[2]
DELIVERIES = ROOT / "tests" / "data" / "woocommerce" / "deliveries"
SECRET = "mostrador-test-secret"

pytestmark = pytest.mark.xdist_group(name="replay-modes")


def write_recording(folder: Path, number: int, secret: str = SECRET, **values: Any) -> None:
    """An order placed just now, signed as its shop would, as a recording."""
    folder.mkdir(exist_ok=True)
    (path,) = DELIVERIES.glob("005_*.body")
    placed, now = json.loads(path.read_bytes()), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    dates = dict.fromkeys(("date_created", "date_modified", "date_created_gmt", "date_modified_gmt"), now)
    body = json.dumps(placed | dates | {"id": number, "number": str(number)} | values).encode()
    signature = import_module("adapters.woocommerce").sign(body, secret)
    headers = {"X-WC-Webhook-Signature": signature, "X-WC-Webhook-Topic": "order.updated"}
    (folder / f"{number}.body").write_bytes(body)
    (folder / f"{number}.headers.json").write_text(json.dumps(headers))


def make_instance(folder: Path, url: str = "", **store: Any) -> StoreRow:
    """A folder like `mostrador init` leaves it, with one live store."""
    folder.mkdir(exist_ok=True)
    write_settings(folder, fresh_keys() | ({PREFIX + "DATABASE_URL": url} if url else {}))
    settings = replace(load_settings(folder, {}), database_url=url or f"sqlite:///{folder / 'mostrador.db'}")
    migrate(settings.database_url)
    house = build_house(settings)
    row = make_store(
        house.db, connected_at=datetime.now(UTC) - timedelta(hours=1), webhook_secret=SECRET, **store
    )
    house.db.close()
    return row


@contextmanager
def run_instance(folder: Path, url: str = "") -> Iterator[tuple[AppServer, Mailbox]]:
    own = load_settings(folder, {}).environment.items()
    keys = {name: value for name, value in own if name.endswith(("_KEYS", "_KEY"))}
    with open_mailbox() as mailbox:
        values = {"DATABASE_URL": url or f"sqlite:///{folder / 'mostrador.db'}", "SMTP_URL": mailbox.url}
        with AppServer(keys | {PREFIX + name: value for name, value in values.items()}) as server:
            yield server, mailbox


@pytest.mark.parametrize("engine", ["sqlite", "postgresql"])
def test_against_a_running_instance_it_waits_for_decisions_and_mails_and_leaves_held_ones(
    tmp_path: Path, engine: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = request.getfixturevalue("postgresql_url") if engine == "postgresql" else ""
    row = make_instance(tmp_path / "instance", url, settle_seconds=2)
    for number in range(7001, 7006):
        write_recording(tmp_path / "recorded", number)
    write_recording(tmp_path / "recorded", 7006, status="completed")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with run_instance(tmp_path / "instance", url) as (server, mailbox):
        wish = Replay(
            directory=tmp_path / "recorded", secret=SECRET, copies=2, data=tmp_path / "instance",
            against=server.url + "/", store=row.public_id,
        )  # fmt: skip
        result = run_replay(wish)
        mails = len(mailbox.mails)
    assert os.listdir(tmp_path / "elsewhere") == []
    assert set(result["orders"]) == {str(number) for number in range(7001, 7007)}
    assert sum(result["receipts"].values()) == 12
    sent = Counter(line["order"] for line in result["notices"] if line["sent"])
    assert set(sent) == set(result["orders"]) and sum(sent.values()) == mails
    assert {line["reason"] for line in result["notices"] if line["order"] == "7006"} >= {"held"}
    assert not any(line["reason"] == "sent" and not line["sent"] for line in result["notices"])


def test_against_an_instance_it_reads_a_relative_database_in_the_folder_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = make_instance(tmp_path / "instance")
    (tmp_path / "instance" / "mostrador.db").rename(tmp_path / "instance" / "shop.db")
    with (tmp_path / "instance" / FILE_NAME).open("a") as file:
        file.write(f"{PREFIX}DATABASE_URL=sqlite:///shop.db\n")
    write_recording(tmp_path / "recorded", 7001)
    make_instance(tmp_path / "decoy")
    monkeypatch.chdir(tmp_path / "decoy")
    wish = Replay(
        directory=tmp_path / "recorded", secret=SECRET, data=tmp_path / "instance",
        against=f"http://127.0.0.1:{find_free_port()}", store=row.public_id,
    )  # fmt: skip
    with pytest.raises(ReplayError, match="could not be sent to") as refused:  # so far it came: the store is known
        run_replay(wish)
    assert row.hook_key not in str(refused.value)
    with pytest.raises(ReplayError, match="There is no store"):
        run_replay(replace(wish, data=None))


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("", "There is no database at"),
        ("postgresql://me:planted@127.0.0.1:1/none", "does not answer"),
        ("empty", "mostrador db upgrade"),
    ],
)
def test_against_a_database_that_cannot_be_used_is_one_sentence(tmp_path: Path, url: str, words: str) -> None:
    if url == "empty":
        url = f"sqlite:///{tmp_path / 'empty.db'}"
        (tmp_path / "empty.db").touch()
    write_settings(tmp_path, fresh_keys() | ({PREFIX + "DATABASE_URL": url} if url else {}))
    wish = Replay(
        directory=DELIVERIES, secret=SECRET, data=tmp_path, against="http://127.0.0.1:1", store="st_none"
    )
    with pytest.raises(ReplayError, match=words) as refused:
        run_replay(wish)
    assert "planted" not in str(refused.value) and "\n" not in str(refused.value)
    assert not (tmp_path / "mostrador.db").exists()


def test_another_secret_on_the_same_data_becomes_the_stores_secret(tmp_path: Path) -> None:
    write_recording(tmp_path / "first", 7001, secret="the first secret")
    write_recording(tmp_path / "second", 7002, secret="the second secret")
    wish = Replay(directory=tmp_path / "first", secret="the first secret", data=tmp_path / "data")
    assert run_replay(wish)["receipts"]["applied"] == 1
    again = run_replay(replace(wish, directory=tmp_path / "second", secret="the second secret"))
    assert (again["receipts"]["applied"], again["receipts"]["rejected"]) == (1, 0)
    assert set(again["orders"]) == {"7001", "7002"}
    assert run_replay(wish)["receipts"]["rejected"] == 0


def test_an_instance_with_other_stores_is_left_alone(tmp_path: Path) -> None:
    make_instance(tmp_path / "instance")
    before = {path.name: path.read_bytes() for path in (tmp_path / "instance").iterdir()}
    with pytest.raises(ReplayError, match="holds an instance with other stores"):
        run_replay(Replay(directory=DELIVERIES, secret=SECRET, data=tmp_path / "instance"))
    assert {path.name: path.read_bytes() for path in (tmp_path / "instance").iterdir()} == before


def test_a_folder_whose_database_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "mostrador.db").write_bytes(b"this is no database at all, but a letter" * 50)
    with pytest.raises(ReplayError, match="cannot be read as a database"):
        run_replay(Replay(directory=DELIVERIES, secret=SECRET, data=tmp_path))


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        (None, "is missing"),
        ("{", "cannot be read as JSON"),
        ("\udcff", "cannot be read as JSON"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("[]", "must be a JSON object of strings"),
        ('{"X-Number": 1}', "must be a JSON object of strings"),
        ('{"X-Name": "a\\nb"}', "could not be sent"),
    ],
)
def test_recordings_whose_headers_are_none_are_told(tmp_path: Path, headers: str | None, words: str) -> None:
    write_recording(tmp_path, 7001)
    path = tmp_path / "7001.headers.json"
    path.unlink()
    if headers is not None:
        path.write_bytes(headers.encode("utf-8", "surrogateescape"))
    with pytest.raises(ReplayError, match=words):
        run_replay(Replay(directory=tmp_path, secret=SECRET))


@pytest.mark.parametrize(
    "words",
    [
        ("--platform", "nowhere"),
        ("--smtp", "ftp://mail.example"),
        ("--against", "http://127.0.0.1:1", "--store", "st_none", "--data", "nothing"),
        ("--data", "a-file"),
    ],
)
def test_the_command_says_in_words_what_cannot_be(tmp_path: Path, words: tuple[str, ...]) -> None:
    (tmp_path / "a-file").touch()
    run = subprocess.run(
        [sys.executable, "-m", "plugin.cli", "replay", str(DELIVERIES), "--secret", SECRET, *words],
        cwd=tmp_path, env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}, capture_output=True, text=True,
        timeout=60,
    )  # fmt: skip
    assert run.returncode in (1, 2) and "Error" in run.stderr and "Traceback" not in run.stderr
