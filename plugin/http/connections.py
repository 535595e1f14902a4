"""Connections that go only to an address that was checked, and end when their time is over."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from plugin.http.addresses import port_of

Dialler = Callable[[tuple[str, int], float], socket.socket]
"""(address, port) and seconds → a connected socket."""


class Watch:
    """Ends every connection it watches at one moment, however slowly the other side still drips.

    Time-outs of sockets count silence only, so a byte every few seconds would hold a worker for hours.
    """

    def __init__(self, ends_at: float) -> None:
        self.ended = False
        self.seconds = max(0.0, ends_at - time.monotonic())
        self.sockets: list[socket.socket] = []
        self.lock = threading.Lock()
        self.timer = threading.Timer(self.seconds, self.end)
        self.timer.daemon = True

    def __enter__(self) -> Self:
        self.timer.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.timer.cancel()
        with self.lock:
            while self.sockets:
                self.sockets.pop().close()

    def add(self, connection: socket.socket) -> None:
        """Watch a connection through a duplicate, which outlives the hand-over to TLS."""
        twin = socket.socket(fileno=os.dup(connection.fileno()))
        with self.lock:
            self.sockets.append(twin)
        if self.ended:
            self.end()

    def end(self) -> None:
        self.ended = True
        with self.lock:
            for connection in self.sockets:
                try:
                    connection.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue  # the other side was quicker


@dataclass(frozen=True)
class Pin:
    """The checked addresses of one hop, and how to reach them."""
    addresses: Sequence[tuple[str, int]]
    dial: Dialler
    watch: Watch

    def connect(self, owner: HTTPConnection) -> socket.socket:
        seconds = owner.timeout if isinstance(owner.timeout, int | float) else self.watch.seconds
        for address in self.addresses:
            if self.watch.ended:
                break
            try:
                connection = self.dial(address, seconds)
            except OSError:
                continue
            self.watch.add(connection)
            return connection
        raise NewConnectionError(owner, "no checked address answered")


class PinnedHTTPConnection(HTTPConnection):
    def __init__(self, *args: Any, pin: Pin, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pin = pin

    def _new_conn(self) -> socket.socket:
        return self.pin.connect(self)


class PinnedHTTPSConnection(HTTPSConnection):
    def __init__(self, *args: Any, pin: Pin, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pin = pin

    def _new_conn(self) -> socket.socket:
        return self.pin.connect(self)


class PinnedHTTPPool(HTTPConnectionPool):
    ConnectionCls = PinnedHTTPConnection


class PinnedHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = PinnedHTTPSConnection


class PinnedAdapter(HTTPAdapter):
    """Sends by name (Host, SNI, certificate) over a socket that goes to the pinned address."""

    def __init__(self, pin: Pin) -> None:
        super().__init__(max_retries=0)
        self.pin = pin

    def get_connection_with_tls_context(self, request: requests.PreparedRequest, verify: Any,
                                        proxies: Any = None, cert: Any = None) -> HTTPConnectionPool:
        url = urlsplit(request.url or "")
        pool = PinnedHTTPSPool if url.scheme == "https" else PinnedHTTPPool
        return pool(url.hostname or "", port_of(url), maxsize=1, pin=self.pin)
