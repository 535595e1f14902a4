"""From the commit that promised a job to the first line of that job.

In the same process: the engine as it is embedded in the server, with greenlets. In another process (PostgreSQL):
one process promises, another one is woken by NOTIFY. The clock starts just before the commit, so the commit is in.

``python -m bench.jobs engine|put|both`` is one of those processes; a wish (JSON) comes in, times (JSON) go out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

from bench.figures import Figure, spread

PART = "commit to job start"
RATE = 50.0


def measure(quick: bool) -> list[Figure]:
    """An idle engine, a job every 20 ms."""
    from bench.instances import ENGINES, Databases, Instance

    count, figures = 25 if quick else 400, []
    with ExitStack() as stack:
        databases = Databases(stack)
        for engine in ENGINES:
            instance = Instance(databases.make(engine))
            wish = {"url": instance.values["MOSTRADOR_DATABASE_URL"], "count": count}
            instance.db.close()
            case = f"{engine}, same process"
            figures += spread(PART, case, "commit to start", _compare(_run("both", wish)))
            if engine == "PostgreSQL":
                figures += spread(PART, f"{engine}, another process", "commit to start", _apart(wish))
    return figures


def _run(role: str, wish: dict[str, Any]) -> dict[str, Any]:
    with _start(role, wish) as process:
        told, _ = process.communicate(timeout=120)
    seen: dict[str, Any] = json.loads(told)
    return seen


def _start(role: str, wish: dict[str, Any]) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.jobs", role], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    process.stdin.write(json.dumps(wish) + "\n")
    process.stdin.flush()
    return process


def _apart(wish: dict[str, Any]) -> list[float]:
    with _start("engine", wish) as engine:
        assert engine.stdout is not None
        engine.stdout.readline()  # it listens
        put = _run("put", wish)
        told, _ = engine.communicate(timeout=120)
    return _compare(put | json.loads(told))


def _compare(seen: dict[str, Any]) -> list[float]:
    """Both sides read the machine's one monotonic clock."""
    put, started = seen["put"], seen["started"]
    if set(put) != set(started):
        raise RuntimeError(f"{len(put)} jobs were promised and {len(started)} started.")
    return [started[number] - put[number] for number in put]


def act(role: str) -> None:
    """The other side of `_start`."""
    from gevent import monkey

    monkey.patch_all()
    from plugin.contract import SystemClock
    from plugin.database import ALL, Database, Vault
    from plugin.settings import PREFIX, fresh_keys
    from plugin.work import Claimed, Engine, put

    wish, keys = json.loads(sys.stdin.readline()), fresh_keys()
    db = Database(wish["url"], Vault([keys[PREFIX + "SECRET_KEYS"]], keys[PREFIX + "INDEX_KEY"]))
    times: dict[str, dict[str, float]] = {"put": {}, "started": {}}

    def start(job: Claimed) -> None:
        times["started"][str(job.payload["n"])] = time.perf_counter()

    engine = Engine(db, SystemClock(), {"bench": start}, alone=role == "both")
    if role != "put":
        engine.start()
        time.sleep(0.3)
    if role == "engine":
        print("ready", flush=True)
        _wait_for(times["started"], wish["count"])
    else:
        for number in range(wish["count"]):
            time.sleep(1 / RATE)
            with db.transaction(ALL, "bench") as tx:
                put(tx, "bench", {"n": number}, due_at=datetime.now(UTC))
                times["put"][str(number)] = time.perf_counter()
    if role == "both":
        _wait_for(times["started"], wish["count"])
    engine.stop()
    db.close()
    json.dump({name: values for name, values in times.items() if values}, sys.stdout)


def _wait_for(seen: dict[str, float], count: int) -> None:
    give_up_at = time.monotonic() + 60
    while len(seen) < count and time.monotonic() < give_up_at:
        time.sleep(0.01)


if __name__ == "__main__":
    act(sys.argv[1])
