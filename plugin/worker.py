"""Does the jobs in a process of its own: `python -m plugin.worker` (`mostrador worker` does).

For PostgreSQL and MOSTRADOR_JOBS=worker: the server promises, NOTIFY wakes us, and as many workers may run as there is
work for. Greenlets as in the server: with threads, handing Python's one lock around cost half as much again (measured).
On SQLite the server does the jobs itself, since only it hears at once of what it promised.
"""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import signal
import sys
import threading

import gevent

from plugin.app import build_house
from plugin.database import check_migrated
from plugin.logs import set_up_logs
from plugin.settings import Settings, SettingsError, load_settings


def main() -> int:
    """Works until SIGTERM or SIGINT, then finishes what is in hands. Gives the exit code."""
    try:
        settings = load_settings()
        refuse_wrong(settings)
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 2
    set_up_logs(settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, stop.set)
    house = build_house(settings)
    house.start()
    print("This worker works off jobs until it is stopped.", file=sys.stderr, flush=True)
    try:
        stop.wait()
    finally:
        house.stop()
    return 0


def refuse_wrong(settings: Settings) -> None:
    """Raises `SettingsError` where a worker would do harm or nothing."""
    if settings.jobs != "worker":
        raise SettingsError(
            "MOSTRADOR_JOBS is `embedded`: the server does the jobs itself, and would take a worker's for those of a "
            "dead process. Set MOSTRADOR_JOBS=worker for the server and for this worker."
        )
    if settings.database_url.startswith("sqlite"):
        raise SettingsError(
            "On SQLite the server does the jobs itself. Leave MOSTRADOR_JOBS at `embedded`, or use PostgreSQL."
        )
    trouble = check_migrated(settings.database_url)
    if trouble:
        raise SettingsError(trouble)


if __name__ == "__main__":
    sys.exit(main())
