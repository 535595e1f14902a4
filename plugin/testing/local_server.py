"""A web server on this machine that answers exactly the bytes a test gives it: the worst platform of the world."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

Talk = Callable[[bytes], Iterable[bytes]]
"""One request (head and body) → the raw bytes of the answer, piece by piece; it may wait between pieces."""


class LocalServer:
    """Listens on a free port of 127.0.0.1; `requests` are the raw requests it received, in order."""

    def __init__(self, talk: Talk, tls: ssl.SSLContext | None = None) -> None:
        self.talk = talk
        self.tls = tls
        self.requests: list[bytes] = []
        self.connections = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.socket.getsockname()[1]
        self.closing = threading.Event()
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    def accept(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection: socket.socket) -> None:
        try:
            with connection if self.tls is None else self.tls.wrap_socket(connection, server_side=True) as stream:
                request = read_request(stream)
                self.requests.append(request)
                for piece in self.talk(request):
                    if self.closing.is_set():
                        return
                    stream.sendall(piece)
        except OSError:
            return  # the other side went away, which is what many of these tests are about

    def close(self) -> None:
        self.closing.set()
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(5)


@contextmanager
def run_server(talk: Talk, tls: ssl.SSLContext | None = None) -> Iterator[LocalServer]:
    """A `LocalServer` for the length of a ``with``."""
    server = LocalServer(talk, tls)
    try:
        yield server
    finally:
        server.close()


def read_request(stream: socket.socket) -> bytes:
    """One whole request: its head, and as much body as its Content-Length says."""
    data = b""
    while b"\r\n\r\n" not in data:
        part = stream.recv(65_536)
        if not part:
            return data
        data += part
    head, _, body = data.partition(b"\r\n\r\n")
    lengths = [int(line.split(b":")[1]) for line in head.lower().split(b"\r\n")
               if line.startswith(b"content-length:")]
    while lengths and len(body) < lengths[0]:
        part = stream.recv(65_536)
        if not part:
            break
        body += part
    return head + b"\r\n\r\n" + body


def write_answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """The bytes of an HTTP/1.1 answer; ``content_type="text/html"`` becomes the header Content-Type."""
    named = {"content-length": str(len(body)), "connection": "close"}
    named.update({name.lower().replace("_", "-"): value for name, value in headers.items()})
    lines = [f"HTTP/1.1 {status}", *(f"{name}: {value}" for name, value in named.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
