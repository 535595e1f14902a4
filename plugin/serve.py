"""Serves everything with gunicorn and gevent. Run as ``python -m plugin.serve`` (`mostrador serve` does).

Patching comes before any other import. The engine starts in the worker: threads do not survive a fork.
SQLite or live events inside the process mean one web process; `mostrador check` refuses more.
"""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import gc
from typing import Any

import gevent
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from plugin.app import House, build_house
from plugin.logs import set_up_logs
from plugin.settings import Settings, load_settings


# gunicorn carries no types: its classes cannot be checked, what is built upon them is.
class ServerLog(Logger):  # type: ignore[misc]
    """What gunicorn itself has to say, without secrets like everything else: it writes whole addresses, and platforms
    put tokens there."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn with our settings instead of its command line."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.house: House | None = None
        super().__init__()

    def load_config(self) -> None:
        settings = self.settings
        for name, value in {
            "bind": f"{settings.host}:{settings.port}",
            "worker_class": "gevent",
            "workers": 1,
            "worker_connections": 5000,
            "control_socket_disable": True,
            "graceful_timeout": 20,
            "timeout": 60,
            "accesslog": None,
            "loglevel": "warning",
            "logger_class": ServerLog,
            "post_worker_init": self._start,
            "worker_exit": self._stop,
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        self.house = build_house(self.settings)
        return self.house.web()

    def _start(self, worker: Any) -> None:
        if self.house is not None:
            gevent.spawn(self._end_streams, worker, self.house)
            if self.settings.jobs == "embedded":
                self.house.start()
        # What is here now stays: looking through it again and again would stop everybody for a while each time.
        gc.collect()
        gc.freeze()

    def _end_streams(self, worker: Any, house: House) -> None:
        """Open streams are requests that never end: gunicorn would wait for them until its patience is over."""
        while worker.alive:
            gevent.sleep(0.2)
        house.doors.hub.close()

    def _stop(self, _server: Any, _worker: Any) -> None:
        if self.house is not None:
            self.house.stop()


def main() -> None:
    settings = load_settings()
    set_up_logs(settings.log_level)
    Server(settings).run()


if __name__ == "__main__":
    main()
