"""The running process: sockets on this machine only, threads, and an end that leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from adapters.demo.shop.app import create_app
from adapters.demo.shop.mailbox import Mailbox, SmtpServer
from adapters.demo.shop.mailbox_pages import create_mailbox_app
from adapters.demo.shop.records import Records
from adapters.demo.shop.shop import Shop

HOST = "127.0.0.1"
PARENT_CHECK_SECONDS = 0.5


class _QuietHandler(WSGIRequestHandler):
    """Requests are not logged: their paths tell who bought what."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        return


def open_shop(folder: Path, token: str, port: int, ending: ExitStack) -> tuple[Shop, dict[str, str | None]]:
    """The storefront and its webhooks; `ending` closes them. Gives the shop and its addresses."""
    shop = Shop(folder, token)
    ending.callback(shop.records.close)
    sock = bind(port, shop.records, "port")
    shop.origin = f"http://{HOST}:{sock.getsockname()[1]}"
    _serve(create_app(shop), sock, ending)
    shop.deliveries.start()
    ending.callback(shop.deliveries.stop)
    return shop, {"shop": shop.origin, "admin": f"{shop.origin}/admin/?key={shop.admin_key}"}


def open_mailbox(records: Records, port: int, smtp_port: int, ending: ExitStack) -> dict[str, str | None]:
    """The mailbox's page and its SMTP server; `ending` closes them. Gives their addresses."""
    mailbox = Mailbox(records)
    sock = bind(port, records, "mailbox_port")
    smtp_sock = bind(smtp_port, records, "smtp_port")
    page_port, mail_port = sock.getsockname()[1], smtp_sock.getsockname()[1]
    smtp = SmtpServer(mailbox, smtp_sock)
    smtp.start()
    ending.callback(smtp.stop)
    _serve(create_mailbox_app(mailbox, page_port), sock, ending)
    return {"mailbox": f"http://{HOST}:{page_port}", "smtp": f"smtp://{HOST}:{mail_port}"}


def bind(port: int, records: Records, key: str) -> socket.socket:
    """A listening socket. Port 0 means last time's if it is free, so that addresses outlive a restart."""
    wishes = [port] if port else [records.get_fact(key, 0), 0]
    for wish in wishes:
        sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind((HOST, wish))
            # At once: a bound port which nobody listens on can still be taken by somebody else.
            sock.listen(128)
        except OSError:
            sock.close()
            continue
        records.set_fact(key, sock.getsockname()[1])
        return sock
    raise SystemExit(f"Port {port} of {HOST} is taken. Choose another one, or 0 for any free one.")


def watch_for_the_end(ended: threading.Event) -> None:
    """`ended` is set by SIGTERM, by SIGINT, and when the parent process dies."""
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    parent = os.getppid()
    # Not PR_SET_PDEATHSIG: that fires when the thread which started us ends, however alive its process is.
    threading.Thread(target=_wait_for_orphanage, args=(parent, ended), name="parent", daemon=True).start()


def _wait_for_orphanage(parent: int, ended: threading.Event) -> None:
    while not ended.wait(PARENT_CHECK_SECONDS):
        if os.getppid() != parent:
            ended.set()


def _serve(app: Flask, sock: socket.socket, ending: ExitStack) -> None:
    port = sock.getsockname()[1]
    server: BaseWSGIServer = make_server(
        HOST, port, app, threaded=True, request_handler=_QuietHandler, fd=sock.fileno()
    )
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.1}, name="pages", daemon=True
    )
    thread.start()
    ending.callback(_stop(server, thread, sock))


def _stop(server: BaseWSGIServer, thread: threading.Thread, sock: socket.socket) -> Callable[[], None]:
    def stop() -> None:
        server.shutdown()
        thread.join(timeout=5)
        server.server_close()
        sock.close()

    return stop
