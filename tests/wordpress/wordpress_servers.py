"""A private MariaDB and PHP's own web server, as `plugin.testing.servers` runs its own: they end with who began
them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import requests

from plugin.testing.servers import Server, ServerFailed, ServerMissing

ROUTER = Path(__file__).parent / "bed/router.php"

# The parent's workers are its children: whoever ends the shell above them ends them all.
PHP_WITH_WORKERS = 'trap "trap - TERM; kill -TERM 0" TERM; "$@" & wait $!; wait $!'
PHP_OPTIONS = ("-d", "opcache.enable_cli=1", "-d", "opcache.revalidate_freq=0", "-d", "error_reporting=-1")


def find_program(name: str, package: str) -> str:
    """A program of the system, sbin included. Raises `ServerMissing`."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/sbin")
    if not found:
        raise ServerMissing(
            f"{name} is missing: `make test` installs it as root, or `apt-get install {package}`."
        )
    return found


class MariaDB(Server):
    """A private MariaDB that listens on a socket in its own folder and on no port."""

    def __init__(self) -> None:
        self.program = find_program("mariadbd", "mariadb-server")
        super().__init__()

    @property
    def socket(self) -> str:
        return str(self.folder / "socket")

    def prepare(self) -> None:
        made = subprocess.run(
            [find_program("mariadb-install-db", "mariadb-server"), "--no-defaults", f"--datadir={self.folder}/data",
             "--auth-root-authentication-method=normal", "--skip-test-db", "--skip-name-resolve",
             "--innodb-log-file-size=8M", "--innodb-flush-log-at-trx-commit=0"],
            capture_output=True, text=True, **self._identity(),
        )  # fmt: skip
        if made.returncode:
            raise ServerFailed(f"mariadb-install-db failed:\n{made.stdout[-1500:]}{made.stderr[-1500:]}")

    def command(self, port: int) -> Sequence[str]:
        return [
            self.program, "--no-defaults", f"--datadir={self.folder}/data", f"--socket={self.socket}",
            f"--pid-file={self.folder}/pid", "--skip-networking", "--innodb-flush-log-at-trx-commit=0",
            "--innodb-log-file-size=8M", "--innodb-buffer-pool-size=64M", "--skip-log-bin",
            "--innodb-flush-method=nosync", "--innodb-doublewrite=0",
        ]  # fmt: skip

    def answers(self) -> bool:
        return self.run_sql("SELECT 1", database="", check=False).returncode == 0

    def run_sql(
        self, statements: str, *, database: str = "wordpress", check: bool = True
    ) -> subprocess.CompletedProcess[str]:
        """Runs SQL as the database's own root; raises `ServerFailed` unless `check` is off."""
        words = [
            find_program("mariadb", "mariadb-client"),
            "--no-defaults",
            f"--socket={self.socket}",
            "-uroot",
        ]
        run = subprocess.run(
            [*words, *([database] if database else [])], input=statements, capture_output=True, text=True
        )
        if check and run.returncode:
            raise ServerFailed(f"MariaDB refused: {run.stderr[-1500:]}")
        return run

    def dump(self) -> str:
        """The whole database as statements that bring it back."""
        words = [
            find_program("mariadb-dump", "mariadb-client"),
            "--no-defaults",
            f"--socket={self.socket}",
            "-uroot",
        ]
        return subprocess.run(
            [*words, "--add-drop-table", "--skip-comments", "wordpress"],
            capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip


class PHPServer(Server):
    """`php -S` with four workers over a folder; see `bed/router.php`."""

    def __init__(self, site: Path) -> None:
        super().__init__()
        self.user = None
        self.site = site

    def command(self, port: int) -> Sequence[str]:
        php = find_program("php", "php-cli")
        served = [php, *PHP_OPTIONS, "-d", "log_errors=1", "-S", f"127.0.0.1:{port}", "-t", str(self.site)]
        return ["/bin/sh", "-c", PHP_WITH_WORKERS, "sh", *served, str(ROUTER)]

    def _start_on(self, port: int) -> bool:
        site = self.site.parent / "site.json"
        site.write_text(json.dumps(json.loads(site.read_text()) | {"url": f"http://127.0.0.1:{port}"}))
        return super()._start_on(port)

    def answers(self) -> bool:
        try:
            asked = requests.get(f"http://127.0.0.1:{self.port}/wp-includes/version.php", timeout=5)
        except requests.RequestException:
            return False
        return asked.status_code == 200

    def _identity(self, **environment: str) -> dict[str, Any]:
        return super()._identity(PHP_CLI_SERVER_WORKERS="4", **environment)
