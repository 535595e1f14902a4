"""The widget's API and files as shops get them: served by gunicorn with gevent, in a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from flask import Flask
from widget_shop import ANA, ORIGIN, ROOT, Shop, message, serving

from plugin.care import reply, revoke_visitor
from plugin.care.visitors import find_visitor
from plugin.push import Event
from plugin.settings import PREFIX
from plugin.testing.servers import find_free_port
from plugin.web.widget_files import BUILT, install_widget_files

REPOSITORY = Path(__file__).parents[2]


class Served:
    """`python -m plugin.serve` over the database of a `Shop`."""

    def __init__(self, shop: Shop, folder: Path, **values: str) -> None:
        settings = shop.house.doors.settings
        self.port = find_free_port()
        given = {
            "SECRET_KEYS": ",".join(settings.secret_keys),
            "INDEX_KEY": settings.index_key,
            "DATABASE_URL": settings.database_url,
            "PORT": str(self.port),
            "LOG_LEVEL": "WARNING",
            **values,
        }
        environment = {**os.environ, **{PREFIX + name: value for name, value in given.items()}}
        self.log = (folder / f"serve-{self.port}.log").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "plugin.serve"],
            cwd=folder,
            stderr=self.log,
            stdout=self.log,
            env={**environment, "PYTHONPATH": str(REPOSITORY)},
        )
        self.origin = f"http://127.0.0.1:{self.port}"
        until = time.monotonic() + 40
        while True:
            try:
                if requests.get(f"{self.origin}/healthz", timeout=2).ok:
                    return
            except (requests.ConnectionError, requests.Timeout):
                assert self.process.poll() is None and time.monotonic() < until, self.words()
                time.sleep(0.05)

    def words(self) -> str:
        self.log.flush()
        self.log.seek(0)
        return self.log.read().decode()

    def stop(self) -> int:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@pytest.fixture
def shop(sqlite_url: str) -> Iterator[Shop]:
    shop = Shop(sqlite_url)
    yield shop
    shop.close()


@pytest.fixture
def served(shop: Shop, tmp_path: Path) -> Iterator[Served]:
    served = Served(shop, tmp_path)
    yield served
    served.stop()


def open_line(port: int, token: str) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    line.request("GET", f"{ROOT}/stream", headers={"Authorization": f"Bearer {token}"})
    return line, line.getresponse()


def read_until(answer: http.client.HTTPResponse, needle: str) -> list[str]:
    lines: list[str] = []
    while line := answer.readline():
        lines.append(line.decode().rstrip("\n"))
        if needle in lines[-1]:
            return lines
    raise AssertionError(f"{needle!r} never came: {lines}")


def say(served: Served, shop: Shop, words: str, token: str = "") -> dict[str, Any]:
    headers = {"Origin": ORIGIN} | ({"Authorization": f"Bearer {token}"} if token else {})
    url = f"{served.origin}{ROOT}/stores/{shop.store.public_id}/messages"
    answer = requests.post(url, json=message(words), headers=headers, timeout=20)
    assert answer.status_code == 201, answer.text
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    said: dict[str, Any] = answer.json()
    return said


def test_many_streams_and_writers_on_greenlets_then_a_stop_that_waits_for_nobody(
    shop: Shop, served: Served
) -> None:
    first = say(served, shop, "¿Cuánto tarda el envío?")
    assert first["messages"][1]["source"]["article_id"] == "delivery-times"
    token = first["token"]
    others = [say(served, shop, "quiero hablar con una persona")["token"] for _ in range(12)]
    lines = [open_line(served.port, token) for _ in range(8)] + [
        open_line(served.port, one) for one in others
    ]
    for _, answer in lines:
        assert answer.status == 200
        read_until(answer, "event: conversation")
    failures: list[BaseException] = []

    def write() -> None:
        try:
            for _ in range(4):
                say(served, shop, "¿Cuánto tarda el envío?", token)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=write) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures, failures[0]
    last = f"id: {first['conversation']['id']}:{2 + 2 * 24}"
    seen = [read_until(answer, last) for _, answer in lines[:8]]
    positions = [[line for line in one if line.startswith("id: ")] for one in seen]
    assert all(one == positions[0] for one in positions) and len(positions[0]) == 48

    at = time.monotonic()
    code = served.stop()
    assert code == 0 and time.monotonic() - at < 10, (
        "20 s is gunicorn's patience with requests that never end"
    )
    for line, answer in lines:
        assert "Traceback" not in answer.read().decode()
        line.close()
    log = served.words()
    assert "Traceback" not in log and token not in log


def test_a_revocation_by_another_process_ends_a_served_stream(shop: Shop, served: Served) -> None:
    token = say(served, shop, "hola")["token"]
    line, answer = open_line(served.port, token)
    read_until(answer, "event: conversation")
    visitor = find_visitor(shop.care, token)
    assert visitor is not None
    at = time.monotonic()
    revoke_visitor(shop.care, shop.store.id, visitor.id)
    answer.read()
    assert time.monotonic() - at <= 5
    line.close()


def test_two_processes_joined_by_redis_hear_each_other(
    postgresql_url: str, redis_server: Any, tmp_path: Path
) -> None:
    redis_url = redis_server.url(5)
    shop = Shop(postgresql_url, redis_url=redis_url)
    served = Served(shop, tmp_path, REDIS_URL=redis_url)
    try:
        said = say(served, shop, "quiero hablar con una persona")
        line, answer = open_line(served.port, said["token"])
        read_until(answer, "event: conversation")
        reply(
            shop.care, shop.store.id, said["conversation"]["id"], ANA, "desde otro proceso", str(uuid.uuid4())
        )
        assert "desde otro proceso" in "\n".join(read_until(answer, "desde otro proceso"))
        with shop.care.hub.subscribe(f"desk:{shop.store.id}", "Ana"):
            boot = requests.get(
                f"{served.origin}{ROOT}/stores/{shop.store.public_id}/boot", timeout=10
            ).json()
            assert (boot["available"], boot["agents"]) == (True, [{"name": "Ana"}])
        line.close()
    finally:
        assert served.stop() == 0
        shop.close()


def test_the_built_widget_is_served_to_every_page_and_kept_by_browsers(shop: Shop) -> None:
    client = shop.app.test_client()
    loader = client.get("/widget/loader.js", headers={"Origin": "https://any.example"})
    assert loader.status_code == 200 and loader.data == (BUILT / "loader.js").read_bytes()
    assert loader.headers["Content-Type"].startswith("text/javascript")
    assert loader.headers["Cache-Control"] == "public, max-age=600, stale-while-revalidate=86400"
    hashed = [path for path in BUILT.rglob("*") if path.is_file() and path.name != "loader.js"]
    assert len(hashed) >= 4
    for path in hashed:
        url = f"/widget/{path.relative_to(BUILT).as_posix()}"
        answer = client.get(url, headers={"Origin": "https://any.example"})
        assert answer.status_code == 200 and answer.data == path.read_bytes()
        assert (
            "immutable" in answer.headers["Cache-Control"] and "max-age=31" in answer.headers["Cache-Control"]
        )
        kind = {".js": "text/javascript", ".json": "application/json"}[path.suffix]
        assert answer.headers["Content-Type"].startswith(kind)
        for one in (answer, loader):
            assert one.headers["Access-Control-Allow-Origin"] == "*"
            assert one.headers["X-Content-Type-Options"] == "nosniff"
            assert "Set-Cookie" not in one.headers
    for url in (
        "/widget/",
        "/widget/none.js",
        "/widget/../settings.py",
        "/widget/%2e%2e/settings.py",
        "/widget//loader.js",
    ):
        assert client.get(url).status_code == 404


def test_files_compressed_beforehand_are_preferred_by_those_who_can_read_them(tmp_path: Path) -> None:
    (tmp_path / "abcdef123456").mkdir()
    for name in ("loader.js", "abcdef123456/panel.js"):
        (tmp_path / name).write_text("plain " * 100)
        (tmp_path / f"{name}.br").write_bytes(b"brotli")
        (tmp_path / f"{name}.gz").write_bytes(b"gzip, longer")
    app = Flask(__name__)
    install_widget_files(app, tmp_path)
    client = app.test_client()
    for accepted, body, coding in (
        ("gzip, br", b"brotli", "br"),
        ("gzip", b"gzip, longer", "gzip"),
        ("identity", b"plain " * 100, None),
    ):
        answer = client.get("/widget/abcdef123456/panel.js", headers={"Accept-Encoding": accepted})
        assert (answer.data, answer.headers.get("Content-Encoding")) == (body, coding)
        assert "Accept-Encoding" in answer.headers["Vary"]
    assert client.get("/widget/loader.js.br").status_code == 404


def test_without_a_build_the_app_still_starts(tmp_path: Path) -> None:
    app = Flask(__name__)
    install_widget_files(app, tmp_path / "none")
    assert app.test_client().get("/widget/loader.js").status_code == 404


def test_a_werkzeug_server_streams_too(shop: Shop) -> None:
    token = shop.page().say("hola").json["token"]
    with serving(shop.app) as origin:
        line, answer = open_line(int(origin.rpartition(":")[2]), token)
        assert json.loads(read_until(answer, "data: {")[-1].removeprefix("data: "))["position"] == 1
        shop.care.hub.publish("nobody", Event("message", "{}"))
        shop.care.hub.close()
        answer.read()
        line.close()
