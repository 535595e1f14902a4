"""The server and the worker as they are really started: order of patching, one process, a calm end."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from plugin.contract import SystemClock
from plugin.database import ALL, Database, Vault
from plugin.settings import PREFIX, fresh_keys
from plugin.testing.factories import make_database
from plugin.testing.processes import ROOT, AppServer, AppWorker
from plugin.work import Engine, count_due, put


def make_values(url: str, **settings: str) -> dict[str, str]:
    own = {PREFIX + name.upper(): value for name, value in settings.items()}
    return fresh_keys() | {PREFIX + "DATABASE_URL": url} | own


def open_beside(values: dict[str, str]) -> Database:
    """The same database, as another process sees it."""
    vault = Vault([values[PREFIX + "SECRET_KEYS"]], values[PREFIX + "INDEX_KEY"])
    return Database(values[PREFIX + "DATABASE_URL"], vault)


def wait_for(true: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def list_children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True)
    return [int(word) for word in found.stdout.split()]


def list_servers(server: AppServer) -> tuple[int, list[int]]:
    """gunicorn's own process, and the web processes below it."""
    (master,) = [pid for pid in list_children(server.pid) if read_name(pid).startswith(sys.executable)]
    return master, list_children(master)


@pytest.mark.parametrize("module", ["plugin.serve", "plugin.worker", "bench.bare"])
def test_nothing_is_imported_before_it_is_patched(module: str) -> None:
    """gevent warns when ssl and the like were there first; as an error it would end the import."""
    code = f"import {module}; from gevent import monkey; print(monkey.is_module_patched('threading'))"
    run = subprocess.run(
        [
            sys.executable,
            "-W",
            "error::gevent.monkey.MonkeyPatchWarning",
            "-W",
            "error::RuntimeWarning",
            "-c",
            code,
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout.strip() == "True"


def test_serve_starts_with_every_warning_an_error(sqlite_url: str) -> None:
    """`python -m` may import the package first: also then patching must come before all that it touches."""
    values = make_values(sqlite_url) | {"PYTHONWARNINGS": "error::RuntimeWarning"}
    with AppServer(values) as server:
        assert requests.get(f"{server.url}/readyz", timeout=5).text == "ok\n"
        assert "Warning" not in server.log.read_text()


def test_one_web_process_on_a_file_and_no_control_socket(sqlite_url: str) -> None:
    with AppServer(make_values(sqlite_url)) as server:
        master, workers = list_servers(server)
        assert len(workers) == 1
        listening = subprocess.run(["ss", "-xlp"], capture_output=True, text=True).stdout
        own = [
            line
            for line in listening.splitlines()
            if any(f"pid={pid}," in line for pid in (master, *workers))
        ]
        assert own == []
        home = Path(server.folder)
        assert [path for path in home.rglob("*") if path.is_socket()] == []


def test_a_server_told_to_end_finishes_its_answers_and_its_jobs(sqlite_url: str) -> None:
    values = make_values(sqlite_url)
    server = AppServer(values).start()
    try:
        master, (worker,) = list_servers(server)
        with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
            line.sendall(b"POST /hooks/woocommerce/nobody HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n12")
            time.sleep(0.3)
            os.kill(master, signal.SIGTERM)
            time.sleep(0.3)
            line.sendall(b"34")
            assert line.recv(100).startswith(b"HTTP/1.1 404")
        wait_for(lambda: not os.path.exists(f"/proc/{master}") and not os.path.exists(f"/proc/{worker}"), 25)
        with pytest.raises(requests.ConnectionError):
            requests.get(f"{server.url}/healthz", timeout=2)
        assert "Traceback" not in server.log.read_text()
    finally:
        server.stop()
    beside = open_beside(values)
    with beside.reading(ALL, "test") as tx:
        assert count_due(tx, datetime.now(UTC)) == 0
    beside.close()


PROMISE = """
import sys
from datetime import UTC, datetime
from cryptography.fernet import Fernet
from plugin.database import ALL, Database, Vault
from plugin.work import put
db = Database(sys.argv[1], Vault([Fernet.generate_key().decode()], "i" * 32))
for number in range(3):
    with db.transaction(ALL, "another process promises") as tx:
        put(tx, "test", {"n": number}, due_at=datetime.now(UTC))
db.close()
"""


def test_notify_wakes_an_engine_that_would_not_look_by_itself_for_an_hour(
    postgresql_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.work.engine.SAFETY_POLL", 3600.0)
    db, done = make_database(postgresql_url), []
    engine = Engine(db, SystemClock(), {"test": lambda job: done.append(job.payload["n"])}, alone=False)
    engine.start()
    try:
        time.sleep(1)  # it has looked once and found nothing
        run = subprocess.run(
            [sys.executable, "-c", PROMISE, postgresql_url], cwd=ROOT, capture_output=True, text=True
        )
        assert run.returncode == 0, run.stderr
        wait_for(lambda: len(done) == 3)
    finally:
        engine.stop()
        db.close()
    assert sorted(done) == [0, 1, 2]


def test_a_worker_does_what_another_process_promised_and_ends_calmly(postgresql_url: str) -> None:
    values = make_values(postgresql_url, jobs="worker")
    beside = open_beside(values)

    def due() -> int:
        with beside.reading(ALL, "test") as tx:
            return count_due(tx, datetime.now(UTC))

    def promise(kind: str) -> None:
        with beside.transaction(ALL, "test") as tx:
            put(tx, kind, {}, due_at=datetime.now(UTC), key=f"test:{kind}")

    with AppServer(values):
        promise("orders.forget")
        time.sleep(0.5)
        assert due() == 1
        with AppWorker(values) as worker:
            wait_for(lambda: due() == 0)
            promise("orders.reconcile_all")
            wait_for(lambda: due() == 0)
            (process,) = [
                pid for pid in list_children(worker.pid) if read_name(pid).startswith(sys.executable)
            ]
            os.kill(process, signal.SIGTERM)
            wait_for(lambda: not os.path.exists(f"/proc/{process}"))
            assert "Traceback" not in worker.log.read_text()
    beside.close()


def read_name(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


@pytest.mark.parametrize(
    ("jobs", "url", "words"),
    [
        ("embedded", "postgresql://nobody@127.0.0.1:1/none", "MOSTRADOR_JOBS=worker"),
        ("worker", "sqlite:///none.db", "On SQLite the server does the jobs itself"),
        ("worker", "", "MOSTRADOR_SECRET_KEYS is missing"),
    ],
)
def test_a_worker_that_would_do_harm_or_nothing_says_so(
    tmp_path: Path, jobs: str, url: str, words: str
) -> None:
    values = make_values(url, jobs=jobs) if url else {PREFIX + "JOBS": jobs}
    run = subprocess.run(
        [sys.executable, "-m", "plugin.worker"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | values,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode == 2
    assert words in run.stderr
    assert "Traceback" not in run.stderr


def test_what_the_server_says_of_a_broken_request_holds_no_token(sqlite_url: str) -> None:
    with AppServer(make_values(sqlite_url)) as server:
        for end in (b"", b" HTTP/9.x", b" HTTP/1.1 more"):
            with socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
                line.sendall(b"GET /p/x/chat?id_token=planted&shop=planted" + end + b"\r\nHost: x\r\n\r\n")
                assert line.recv(100)
        wait_for(lambda: "Invalid request" in server.log.read_text())
        assert "planted" not in server.log.read_text()
