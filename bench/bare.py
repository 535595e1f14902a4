"""The floor: the same server, Flask, and nothing but checking the HMAC and inserting the body. No product lives here.

Run as ``python -m bench.bare`` with BARE_URL (a database) and the settings of `plugin.serve` (HOST, PORT).
"""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import hmac
import os
import sqlite3
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from queue import LifoQueue
from typing import Any

from flask import Flask, Response, request
from sqlalchemy.engine import make_url

from bench.deliveries import SECRET, SIGNATURE
from plugin.serve import Server
from plugin.settings import load_settings

Insert = Callable[[bytes], None]


class BareServer(Server):
    """gunicorn set up as for the product, with the bare app in it."""

    def load(self) -> Any:
        return make_app(open_database(os.environ["BARE_URL"]))


def make_app(insert: Insert) -> Flask:
    app = Flask("bare", static_folder=None)

    @app.get("/healthz")
    def alive() -> str:
        return "ok\n"

    @app.post("/hook")
    def receive() -> Response:
        body = request.get_data()
        wanted = b64encode(hmac.new(SECRET.encode(), body, sha256).digest()).decode()
        if not hmac.compare_digest(wanted, request.headers.get(SIGNATURE, "")):
            return Response("no\n", 401)
        insert(body)
        return Response("kept\n", 200)

    return app


def open_database(url: str) -> Insert:
    """A function that keeps a body in its own transaction, durable as the product's."""
    return _open_sqlite(url) if make_url(url).get_backend_name() == "sqlite" else _open_postgresql(url)


def _open_sqlite(url: str) -> Insert:
    connection = sqlite3.connect(str(make_url(url).database), isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE IF NOT EXISTS bare (id INTEGER PRIMARY KEY, body BLOB)")

    def insert(body: bytes) -> None:
        connection.execute("INSERT INTO bare (body) VALUES (?)", (body,))

    return insert


def _open_postgresql(url: str) -> Insert:
    import psycopg

    plain = url.replace("postgresql+psycopg://", "postgresql://")
    idle: LifoQueue[psycopg.Connection] = LifoQueue()
    with psycopg.connect(plain) as first:
        first.execute("CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, body bytea)")
    for _ in range(8):
        idle.put(psycopg.connect(plain))

    def insert(body: bytes) -> None:
        connection = idle.get()
        try:
            connection.execute("INSERT INTO bare (body) VALUES (%s)", (body,))
            connection.commit()
        finally:
            idle.put(connection)

    return insert


if __name__ == "__main__":
    BareServer(load_settings()).run()
