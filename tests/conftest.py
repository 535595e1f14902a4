"""What every test may ask for: a migrated database on each engine, private servers, a browser.

`database_url` runs a test twice, on SQLite and on PostgreSQL; `sqlite_url` and `postgresql_url` once. Each test gets
a database of its own, copied from one that was migrated once per worker. `empty_database_url` is for migrations.
A test that is skipped fails instead: what is missing gets installed, or said (`make test`).
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from werkzeug.routing import Rule

# A busy machine proves nothing, so no example has a time; and what CI says is the same when it says it again.
settings.register_profile("house", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("house")

# Only the conformance kit may leave a question out, when an adapter does not claim the capability that it is about.
MAY_SKIP = f"{os.sep}plugin{os.sep}testing{os.sep}"

# Where there is room PostgreSQL keeps its files in memory: a database of 300 files, made and dropped for each of
# thousands of tests, waits for a disk that four workers write to. Four clusters may take half of this.
MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30

# Of several `--disable-features` Chromium heeds the last, so Playwright's own stand here again. The last three are the
# address bar's pop-ups, two pages of Chromium's own for each context: more work than most pages that a test opens.
NO_FEATURES = (
    "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades",
    "HttpsFirstBalancedModeAutoEnable", "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning",
    "AvoidCorsURLLoaderRestartOnRedirect", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
    "PreconnectToSearch", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
)  # fmt: skip
CHROMIUM_FLAGS = [
    "--no-sandbox",  # the sandbox refuses root; the only pages opened are our own
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    f"--disable-features={','.join(NO_FEATURES)}",
]


def pytest_configure(config: pytest.Config) -> None:
    """The developer's own settings never leak into a test."""
    for name in [
        name for name in os.environ if name.startswith("MOSTRADOR_") and name != "MOSTRADOR_CHROMIUM"
    ]:
        del os.environ[name]
    remember_builders()


def remember_builders() -> None:
    """Werkzeug compiles two functions for each address of an app, which is most of what building it takes, and
    thousands of tests build one. They depend on the address alone, but where it has defaults."""
    compile_builder = Rule._compile_builder
    made: dict[Any, Any] = {}

    def remember(rule: Rule, append_unknown: bool = True) -> Any:
        if rule.defaults:
            return compile_builder(rule, append_unknown)
        key = (tuple(rule._trace), append_unknown)
        if key not in made:
            made[key] = compile_builder(rule, append_unknown)
        return made[key]

    Rule._compile_builder = remember  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    report = yield
    if report.skipped and not hasattr(report, "wasxfail"):
        path, line, reason = (
            report.longrepr if isinstance(report.longrepr, tuple) else ("", 0, str(report.longrepr))
        )
        if MAY_SKIP not in path:
            report.outcome = "failed"
            report.longrepr = (
                f"{path}:{line}: {reason}\nNo test may be skipped: install what it needs, or take it out."
            )
    return report


def find_room(memory: Path) -> int:
    """Bytes that files in memory may take: what the folder has left, and what the machine has. 0: there is none."""
    if not memory.is_dir():
        return 0
    available = [line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines() if "MemAvailable" in line]
    return min(shutil.disk_usage(memory).free, *(int(one) * 1024 for one in available))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A private PostgreSQL per worker: `url(name)`, `create_database()`, `drop_database(name)`."""
    from plugin.testing.servers import PostgreSQL

    with PostgreSQL(MEMORY if find_room(MEMORY) > ROOM else None) as server:
        yield server


@pytest.fixture(scope="session")
def redis_server() -> Iterator[Any]:
    """A private Redis per worker: `url(database)`, `port`. Use keys of your own: the worker's tests share it."""
    from plugin.testing.servers import Redis

    with Redis() as server:
        yield server


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with every migration applied, which nobody has open: it may be copied as a file."""
    from plugin.database import migrate

    path = tmp_path_factory.mktemp("template") / "mostrador.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgresql_template(postgres_server: Any) -> str:
    """The name of a database with every migration applied."""
    from plugin.database import migrate
    from plugin.testing.servers import make_template

    return make_template(postgres_server, migrate)


@pytest.fixture
def sqlite_url(tmp_path: Path, sqlite_template: Path) -> str:
    """The address of this test's own migrated SQLite database."""
    path = tmp_path / "mostrador.db"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite:///{path}"


@pytest.fixture
def postgresql_url(postgres_server: Any, postgresql_template: str) -> Iterator[str]:
    """The address of this test's own migrated PostgreSQL database."""
    name = postgres_server.create_database(postgresql_template)
    yield postgres_server.url(name)
    postgres_server.drop_database(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of this test's own; the test runs on both engines."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database with nothing in it, on both engines."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = server.create_database()
    yield server.url(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The system's Chromium; `MOSTRADOR_CHROMIUM` names another."""
    if named := os.environ.get("MOSTRADOR_CHROMIUM"):
        return named
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if found := shutil.which(name):
            return found
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path
    if not Path(own).exists():
        pytest.fail(
            "Chromium is missing: `make test` installs it as root, or `apt-get install chromium`.",
            pytrace=False,
        )
    return own


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], chromium_path: str) -> dict[str, Any]:
    """Playwright's own fixtures (`page`, `context`, `new_context`) drive the system's Chromium, which keeps pages
    for Back as a shopper's browser does (Playwright turns that off). One browser serves a worker's whole run, so what
    it is launched with stands here and not in one folder's conftest."""
    return {
        **browser_type_launch_args,
        "executable_path": chromium_path,
        "args": CHROMIUM_FLAGS,
        "ignore_default_args": ["--disable-back-forward-cache"],
    }
