"""The private servers of `plugin.testing.servers`, and what conftest.py builds on them."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from plugin.testing.servers import PostgreSQL, Redis, Server, ServerFailed, find_free_port


def is_alive(pid: int) -> bool:
    """A zombie is over too: nobody reaped it yet, but it serves nothing."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def read_postmaster(server: PostgreSQL) -> int:
    return int((server.folder / "data" / "postmaster.pid").read_text().split()[0])


def wait_until_gone(pid: int) -> bool:
    for _ in range(200):
        if not is_alive(pid):
            return True
        time.sleep(0.05)
    return False


def test_postgresql_never_runs_as_root(postgres_server: Any) -> None:
    status = Path(f"/proc/{read_postmaster(postgres_server)}/status").read_text()
    uids = re.search(r"^Uid:\s+(.+)$", status, re.M)
    assert uids and "0" not in uids[1].split()


def test_postgresql_listens_on_loopback_alone_and_wants_its_password(postgres_server: Any) -> None:
    with psycopg.connect(postgres_server._conninfo("postgres")) as connection:
        listening = connection.execute("show listen_addresses").fetchone()
    assert listening == ("127.0.0.1",)
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(
            host="127.0.0.1", port=postgres_server.port, user="mostrador", password="wrong", dbname="postgres"
        )


def test_a_database_is_a_copy_of_its_template_and_its_own(postgres_server: Any) -> None:
    template = postgres_server.create_database()
    with psycopg.connect(postgres_server._conninfo(template)) as connection:
        connection.execute("create table kept as select 7 as number")
    copies = [postgres_server.create_database(template) for _ in range(2)]
    with psycopg.connect(postgres_server._conninfo(copies[0])) as connection:
        connection.execute("delete from kept")
    with psycopg.connect(postgres_server._conninfo(copies[1])) as connection:
        assert connection.execute("select number from kept").fetchall() == [(7,)]
    for name in [*copies, template]:
        postgres_server.drop_database(name)


def test_a_stopped_server_leaves_no_process_and_no_folder() -> None:
    with PostgreSQL() as server:
        pid, folder = read_postmaster(server), server.folder
        assert is_alive(pid)
    assert not is_alive(pid)
    assert not folder.exists()


HOLDS_A_SERVER = """
import time
from plugin.testing.servers import PostgreSQL
print(PostgreSQL().start().folder, flush=True)
time.sleep(600)
"""


def test_a_server_ends_when_the_process_that_started_it_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", HOLDS_A_SERVER], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    folder = Path(parent.stdout.readline().strip())
    pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert wait_until_gone(pid)
    subprocess.run(["rm", "-rf", "--", folder], check=True)


def test_a_taken_port_is_answered_with_another(monkeypatch: pytest.MonkeyPatch) -> None:
    import plugin.testing.servers as servers

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        ports = iter([taken.getsockname()[1], servers.find_free_port()])
        monkeypatch.setattr(servers, "find_free_port", lambda: next(ports))
        with PostgreSQL() as server:
            assert server.answers()
            assert server.port != taken.getsockname()[1]


def test_a_port_that_was_found_is_held_for_whoever_listens_on_it() -> None:
    port = find_free_port()
    with socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(("127.0.0.1", port))
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port), timeout=5)
    with socket.create_server(("127.0.0.1", port)):  # with SO_REUSEADDR
        socket.create_connection(("127.0.0.1", port), timeout=5).close()


def test_a_server_that_cannot_start_says_why_and_leaves_nothing() -> None:
    class Broken(PostgreSQL):
        def command(self, port: int) -> list[str]:
            return [*super().command(port), "-c", "no_such_setting_at_all=1"]

    server: Server = Broken()
    with pytest.raises(ServerFailed, match="no_such_setting_at_all"):
        server.start()
    assert not server.folder.exists()


def test_redis_answers_and_keeps_nothing_on_disk(redis_server: Redis) -> None:
    import redis

    with redis.Redis.from_url(redis_server.url()) as client:
        assert client.set("a", b"1") and client.get("a") == b"1"
        assert client.config_get("save") == {"save": ""}
        assert client.config_get("bind") == {"bind": "127.0.0.1"}


def test_every_test_gets_a_migrated_database_of_its_own(database_url: str) -> None:
    from plugin.database import check_migrated

    assert check_migrated(database_url) is None
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    tables = set(sa.inspect(engine).get_table_names())
    assert "alembic_version" in tables and "only_here" not in tables
    with engine.begin() as connection:
        connection.exec_driver_sql("create table only_here (n integer)")


def test_the_other_engine_or_a_second_run_does_not_see_it(database_url: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    assert "only_here" not in sa.inspect(engine).get_table_names()


def test_an_empty_database_is_empty(empty_database_url: str) -> None:
    engine = sa.create_engine(empty_database_url, poolclass=sa.NullPool)
    assert sa.inspect(engine).get_table_names() == []


SKIPPING = """
import pytest
def test_that_passes(): pass
def test_that_is_skipped(): pytest.skip("no browser here")
@pytest.mark.skip(reason="later")
def test_that_is_marked(): pass
@pytest.mark.xfail(reason="known", strict=True)
def test_known(): assert False
"""


def test_a_skipped_test_fails_with_a_sentence(tmp_path: Path) -> None:
    tests = tmp_path / "tests"
    tests.mkdir()
    (tests / "conftest.py").write_bytes((Path(__file__).parents[1] / "conftest.py").read_bytes())
    (tests / "test_skipping.py").write_text(SKIPPING)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-q", tests],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1
    assert "1 failed, 1 passed, 1 xfailed, 1 error" in run.stdout
    assert run.stdout.count("No test may be skipped") >= 2
