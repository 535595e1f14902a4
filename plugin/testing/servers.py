"""Private servers for tests and benches: a PostgreSQL and a Redis of one's own, on loopback, gone at the end.

Each server is the child of a small shell that waits on a pipe held by this process. When this process ends, even
by ``kill -9``, the pipe closes and the shell stops the server: nothing is left behind.

PostgreSQL never runs as root: it refuses to, and so do we. As root, the cluster belongs to the system's user
``postgres`` (or ``nobody``). Nothing here is for real data: no fsync, no persistence.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    import psycopg

START_SECONDS = 60.0
PORT_TRIES = 5
HELD_PORTS = 16
_held: deque[socket.socket] = deque()

# Ends when the server ends; stops the server when its own standard input closes.
KEEPER = """
exec 3<&0
"$@" 3<&- </dev/null &
server=$!
{ cat <&3 >/dev/null; kill -s "$STOP_SIGNAL" "$server" 2>/dev/null; } &
exec 3<&-
wait "$server"
"""


class ServerMissing(Exception):
    """A program is not installed here; the words say what to install."""


class ServerFailed(Exception):
    """A server did not start; the words hold the end of its log."""


def find_postgresql() -> Path:
    """The folder with ``initdb`` and ``postgres``, newest version first. Raises `ServerMissing`."""

    def version(folder: Path) -> float:
        name = folder.parent.name
        return float(name) if name.replace(".", "", 1).isdigit() else 0.0

    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=version, reverse=True)
    if on_path := shutil.which("initdb"):
        folders.append(Path(on_path).resolve().parent)
    for folder in folders:
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise ServerMissing(
        "PostgreSQL is missing: `make test` installs it as root, or `apt-get install postgresql`."
    )


def find_redis() -> Path:
    """The program ``redis-server``. Raises `ServerMissing`."""
    if found := shutil.which("redis-server"):
        return Path(found)
    raise ServerMissing(
        "Redis is missing: `make test` installs it as root, or `apt-get install redis-server`."
    )


def find_free_port() -> int:
    """A loopback port that nobody listens on. On Linux nobody who asks for any port is given this one either, until
    `HELD_PORTS` more were found: it stays bound, and a server that sets SO_REUSEADDR, as they do, may listen on it.
    Elsewhere it was free a moment ago; whoever uses it must be ready to try another.
    """
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    probe.bind(("127.0.0.1", 0))
    port: int = probe.getsockname()[1]
    _held.append(probe)
    while len(_held) > (HELD_PORTS if sys.platform == "linux" else 0):
        _held.popleft().close()
    return port


def _find_unprivileged_user() -> str | None:
    """Whom a server runs as: None is oneself, a name is somebody else because we are root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            if pwd.getpwnam(name).pw_uid != 0:
                return name
        except KeyError:
            continue
    raise ServerMissing(
        "PostgreSQL never runs as root, and there is no user `postgres` or `nobody` to run it as."
    )


class Server:
    """One private server with its own folder in `place`; a context manager, so that it is always stopped."""

    stop_signal = "TERM"

    def __init__(self, place: Path | None = None) -> None:
        self.port = 0
        self.user = _find_unprivileged_user()
        self.folder = Path(tempfile.mkdtemp(prefix=f"mostrador-{type(self).__name__.lower()}-", dir=place))
        if self.user:
            shutil.chown(self.folder, self.user)
        self._keeper: subprocess.Popen[bytes] | None = None

    def command(self, port: int) -> Sequence[str]:
        """What starts the server in the foreground on this port."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether the server does its work by now."""
        raise NotImplementedError

    def prepare(self) -> None:
        """What is done once before the first start."""

    @property
    def log(self) -> Path:
        return self.folder / "log"

    def start(self) -> Self:
        """Starts on a free port; raises `ServerFailed` with the log's end, and cleans up then too."""
        try:
            self.prepare()
            for _ in range(PORT_TRIES):
                if self._start_on(find_free_port()):
                    return self
            raise ServerFailed(f"{type(self).__name__} did not start:\n{self._read_log()}")
        except BaseException:
            self.stop()
            raise

    def _start_on(self, port: int) -> bool:
        self.port = port
        with self.log.open("ab") as log:
            self._keeper = subprocess.Popen(
                ["/bin/sh", "-c", KEEPER, "sh", *self.command(port)],
                stdin=subprocess.PIPE, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
                **self._identity(STOP_SIGNAL=self.stop_signal),
            )  # fmt: skip
        give_up_at = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up_at and self._keeper.poll() is None:
            if self.answers():
                return True
            time.sleep(0.02)
        self._end_keeper()
        return False

    def _identity(self, **environment: str) -> dict[str, Any]:
        """Popen's words for: as that user, in our folder, with a small environment."""
        wanted: dict[str, Any] = {
            "cwd": self.folder,
            "env": {
                "PATH": os.environ.get("PATH", "/usr/bin:/bin"),
                "LC_ALL": "C",
                "HOME": str(self.folder),
                **environment,
            },
        }
        if self.user:
            wanted |= {"user": self.user, "group": pwd.getpwnam(self.user).pw_gid, "extra_groups": []}
        return wanted

    def _read_log(self) -> str:
        return self.log.read_text(errors="replace")[-3000:] if self.log.exists() else ""

    def _end_keeper(self) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is None or keeper.stdin is None:
            return
        keeper.stdin.close()
        try:
            keeper.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(keeper.pid, signal.SIGKILL)  # its own session: the shell and its server, nobody else
            keeper.wait()

    def stop(self) -> None:
        """Stops the server and removes its folder. May be called twice."""
        self._end_keeper()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class PostgreSQL(Server):
    """A private cluster. ``with PostgreSQL() as server: url = server.create_database()``."""

    stop_signal = "INT"  # fast shutdown: does not wait for clients

    def __init__(self, place: Path | None = None) -> None:
        self.programs = find_postgresql()
        self._password = secrets.token_urlsafe(12)
        self._line: psycopg.Connection | None = None
        super().__init__(place)

    def prepare(self) -> None:
        word = self.folder / "password"
        word.write_text(_seal(self._password))
        if self.user:
            shutil.chown(word, self.user)
        made = subprocess.run(
            [self.programs / "initdb", "-D", self.folder / "data", "-U", "mostrador", "--pwfile", word,
             "-A", "password",
             "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"],
            capture_output=True, text=True, **self._identity(),
        )  # fmt: skip
        word.unlink()
        if made.returncode:
            raise ServerFailed(f"initdb failed:\n{made.stdout[-1500:]}{made.stderr[-1500:]}")

    def command(self, port: int) -> Sequence[str]:
        options = {
            "listen_addresses": "127.0.0.1", "port": str(port), "unix_socket_directories": "", "fsync": "off",
            "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200", "timezone": "UTC",
            "shared_buffers": "64MB", "autovacuum": "off", "max_wal_size": "512MB",
        }  # fmt: skip
        return [
            str(self.programs / "postgres"), "-D", str(self.folder / "data"),
            *(word for key, value in options.items() for word in ("-c", f"{key}={value}")),
        ]  # fmt: skip

    def answers(self) -> bool:
        import psycopg

        try:
            psycopg.connect(self._conninfo("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _conninfo(self, database: str) -> str:
        return f"host=127.0.0.1 port={self.port} user=mostrador password={self._password} dbname={database}"

    def url(self, database: str) -> str:
        """SQLAlchemy's address of one database of this cluster."""
        return f"postgresql+psycopg://mostrador:{self._password}@127.0.0.1:{self.port}/{database}"

    def create_database(self, template: str = "template0") -> str:
        """Makes a database with a random name, as a copy of `template`; returns its name."""
        name = f"t_{secrets.token_hex(6)}"
        line = self._administrator()
        # Twice as fast as the way that 15 and later would choose: every page through the log. Before, it was the only.
        way = "STRATEGY FILE_COPY" if line.info.server_version >= 150_000 else ""
        line.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {way}'.encode())
        return name

    def drop_database(self, name: str) -> None:
        """Drops it even while somebody is connected."""
        self._administrator().execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'.encode())

    def _administrator(self) -> psycopg.Connection:
        """One connection for all that is made and dropped: another for each would take longer than many a test."""
        import psycopg

        if self._line is None or self._line.closed:
            self._line = psycopg.connect(self._conninfo("postgres"), autocommit=True)
        return self._line

    def stop(self) -> None:
        if self._line is not None:
            self._line.close()
        super().stop()


class Redis(Server):
    """A private Redis that keeps nothing on disk. ``with Redis() as server: server.url()``."""

    def __init__(self) -> None:
        self.program = find_redis()
        super().__init__()

    def command(self, port: int) -> Sequence[str]:
        return [
            str(self.program), "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no",
            "--dir", str(self.folder), "--daemonize", "no",
        ]  # fmt: skip

    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as line:
                line.sendall(b"PING\r\n")
                return line.recv(16).startswith(b"+PONG")
        except OSError:
            return False

    def url(self, database: int = 0) -> str:
        return f"redis://127.0.0.1:{self.port}/{database}"


def _seal(password: str) -> str:
    """What PostgreSQL keeps of a password, sealed once and not 4096 times: it lives as long as a test run, and whoever
    connects waits for the sealing."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, 1)
    client, server = (hmac.digest(salted, name, "sha256") for name in (b"Client Key", b"Server Key"))
    salt_, stored, server_ = (b64encode(one).decode() for one in (salt, hashlib.sha256(client).digest(), server))
    return f"SCRAM-SHA-256$1:{salt_}${stored}:{server_}"


def make_template(server: PostgreSQL, fill: Callable[[str], object]) -> str:
    """A database that `fill(url)` has filled (its migrations, say), to copy from: much faster than filling each."""
    name = server.create_database()
    fill(server.url(name))
    return name
