"""What a platform's delivery is answered with, and what is in the database afterwards, on both engines."""

from __future__ import annotations

import http.client
import json
import sqlite3
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from plugin.app import House, build_house
from plugin.database import ALL, migrate
from plugin.orders import count_receipts, list_buried, list_orders
from plugin.settings import PREFIX, fresh_keys
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_settings, make_store
from plugin.testing.processes import AppServer
from plugin.testing.servers import PostgreSQL
from plugin.work import claim, count_due

DELIVERIES = Path(__file__).parents[1] / "data" / "woocommerce" / "deliveries"
SECRET = "the-secret-of-this-shop"
SIGNATURE = "X-WC-Webhook-Signature"
LARGEST = 1_000_000


def sign(body: bytes, secret: str = SECRET) -> str:
    signature: str = import_module("adapters.woocommerce").sign(body, secret)
    return signature


def signed(body: bytes, secret: str = SECRET, topic: str = "order.updated") -> dict[str, str]:
    return {SIGNATURE: sign(body, secret), "X-WC-Webhook-Topic": topic, "Content-Type": "application/json"}


def read_body(name: str) -> bytes:
    (path,) = DELIVERIES.glob(f"{name}_*.body")
    return path.read_bytes()


class Counter:
    """One shop at one counter; the engine stands still, so that the tests say when work is done."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.store = make_store(house.db, webhook_secret=SECRET)
        self.path = f"/hooks/woocommerce/{self.store.hook_key}"
        self.client: FlaskClient = house.web().test_client()

    def post(self, body: bytes, headers: dict[str, str] | None = None, path: str = "") -> TestResponse:
        return self.client.post(
            path or self.path, data=body, headers=signed(body) if headers is None else headers
        )

    def counts(self) -> dict[str, int]:
        with self.house.db.reading(self.store.id) as tx:
            return count_receipts(tx, self.store.id)

    def work(self) -> None:
        """Does what is due now, as the engine would."""
        for _ in range(100):
            with self.house.db.transaction(ALL, "test") as tx:
                jobs = claim(tx, self.house.doors.clock.now(), 10)
            if not jobs:
                return
            for job in jobs:
                self.house.engine.run(job)
        raise AssertionError("the work never ended")

    def jobs(self) -> int:
        with self.house.db.reading(ALL, "test") as tx:
            return count_due(tx, self.house.doors.clock.now())


@pytest.fixture
def counter(database_url: str) -> Iterator[Counter]:
    house = build_house(make_settings(database_url), FrozenClock(MOMENT))
    yield Counter(house)
    house.db.close()


@pytest.mark.parametrize("name", sorted(path.name[:3] for path in DELIVERIES.glob("*_order.*.body")))
def test_every_recorded_delivery_is_kept_and_ends_in_one_outcome(sqlite_url: str, name: str) -> None:
    house = build_house(make_settings(sqlite_url), FrozenClock(MOMENT))
    counter = Counter(house)
    answer = counter.post(read_body(name))
    assert (answer.status_code, answer.text) == (200, "kept\n")
    assert counter.counts() == {"unapplied": 1}
    assert counter.jobs() == 1
    counter.work()
    assert sum(counter.counts().values()) == 1 and "unapplied" not in counter.counts()
    house.db.close()


def test_a_delivery_is_kept_and_promised_on_both_engines_and_applied_afterwards(counter: Counter) -> None:
    body = read_body("005")
    assert counter.post(body).status_code == 200
    assert (counter.counts(), counter.jobs()) == ({"unapplied": 1}, 1)
    counter.work()
    assert counter.counts() == {"applied": 1}
    with counter.house.db.reading(counter.store.id) as tx:
        assert [row.external_id for row in list_orders(tx, counter.store.id)] == ["59"]


def test_the_same_bytes_twice_are_two_arrivals(counter: Counter) -> None:
    body = read_body("005")
    assert [counter.post(body).status_code for _ in range(2)] == [200, 200]
    assert counter.counts() == {"unapplied": 2}


def change_byte(body: bytes, place: int) -> bytes:
    return body[:place] + bytes([body[place] ^ 1]) + body[place + 1 :]


def test_whatever_is_not_genuine_is_refused_and_leaves_nothing(counter: Counter) -> None:
    body = read_body("005")
    good = sign(body)
    signatures = {
        "missing": None,
        "empty": "",
        "blank": "   ",
        "foreign": sign(body, "the-secret-of-another-shop"),
        "of other bytes": sign(body + b" "),
        "cut": good[:-4],
        "lengthened": good + "AAAA",
        "lower case": good.lower(),
        "in hex": b64decode(good).hex(),
        "not ASCII": "ñ" * 44,
        "one sign off": ("A" if good[0] != "A" else "B") + good[1:],
    }
    for words, signature in signatures.items():
        headers = signed(body) | ({} if signature is None else {SIGNATURE: signature})
        if signature is None:
            headers.pop(SIGNATURE)
        answer = counter.post(body, headers)
        assert (words, answer.status_code, answer.text) == (words, 401, "not genuine\n")
    for place in (0, len(body) // 2, len(body) - 1):
        assert counter.post(change_byte(body, place), signed(body)).status_code == 401
    for other in (b"", body + b"\n", body[:-1], b"\xef\xbb\xbf" + body):
        assert counter.post(other, signed(body)).status_code == 401
    assert (counter.counts(), counter.jobs()) == ({}, 0)


def test_another_shops_secret_opens_nothing_here(counter: Counter) -> None:
    other = make_store(counter.house.db, domain="other.example", webhook_secret="another-secret")
    body = read_body("005")
    assert counter.post(body, path=f"/hooks/woocommerce/{other.hook_key}").status_code == 401
    assert counter.counts() == {}


def test_a_secret_that_changed_a_moment_ago_is_the_one_that_counts(counter: Counter) -> None:
    """The address is remembered for a moment; what is remembered never refuses anybody."""
    body = read_body("005")
    assert counter.post(body).status_code == 200
    with counter.house.db.transaction(ALL, "test") as tx:
        tx.merge(counter.store).webhook_secret = "the-next-secret"
    assert counter.post(body, signed(body, "the-next-secret")).status_code == 200
    assert counter.post(body).status_code == 401
    assert counter.counts() == {"unapplied": 2}


def test_unknown_addresses_are_no_addresses(counter: Counter) -> None:
    body, key = read_body("005"), counter.store.hook_key
    for path in (
        f"/hooks/woocommerce/{key[:-1]}",
        f"/hooks/woocommerce/{key}x",
        f"/hooks/woocommerce/{key.swapcase()}",
        "/hooks/woocommerce/unknown",
        "/hooks/woocommerce/%00",
        "/hooks/woocommerce/ñ",
        "/hooks/woocommerce/" + "k" * 5000,
        f"/hooks/nothing/{key}",
        f"/hooks/demo/{key}",
        f"/hooks/Woocommerce/{key}",
        f"/hooks/woocommerce/{key}/",
        f"/hooks/woocommerce/{key}/more",
        "/hooks/woocommerce/",
        "/hooks/",
    ):
        assert (path, counter.post(body, path=path).status_code) == (path, 404)
    assert counter.counts() == {}


def test_the_unsigned_ping_is_greeted_and_changes_nothing(counter: Counter) -> None:
    for name in ("001", "002"):
        (path,) = DELIVERIES.glob(f"{name}_*.body")
        headers = json.loads(path.with_name(path.name.removesuffix(".body") + ".headers.json").read_text())
        kept = {key: value for key, value in headers.items() if key.lower() not in ("host", "content-length")}
        answer = counter.post(path.read_bytes(), kept)
        assert (answer.status_code, answer.text) == (200, "hello\n")
    assert (counter.counts(), counter.jobs()) == ({}, 0)


def test_what_only_looks_like_a_ping_is_no_ping(counter: Counter) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    for body in (b"webhook_id=1&status=completed", b"webhook_id=", b"webhook_id=1x", b"", b"{}", b"id=1"):
        assert (body, counter.post(body, form).status_code) == (body, 401)
    assert counter.counts() == {}


def test_any_other_method_is_refused(counter: Counter) -> None:
    for method in ("GET", "PUT", "PATCH", "DELETE", "TRACE", "NONSENSE"):
        answer = counter.client.open(counter.path, method=method, data=read_body("005"))
        assert (method, answer.status_code) == (method, 405)
    assert counter.counts() == {}


def test_answers_show_nothing_and_are_kept_by_nobody(counter: Counter) -> None:
    for answer in (
        counter.post(read_body("005")),
        counter.post(b"{}", {}),
        counter.post(b"", path="/hooks/x/y"),
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert SECRET not in str(answer.headers) + answer.text
        assert "Set-Cookie" not in answer.headers


HOSTILE: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"status=completed",
    "cut off": b'{"id": 59, "status": "process',
    "deep lists": b"[" * 100_000,
    "deep and whole": b'{"id":1,"line_items":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "a huge integer": b'{"id": ' + b"9" * 5000 + b', "line_items": [], "billing": {}}',
    "a huge exponent": b'{"id": 1e999999999, "line_items": [], "billing": {}}',
    "NaN": b'{"id": NaN, "line_items": [], "billing": {}}',
    "Infinity": b'{"id": 5, "total": Infinity, "line_items": [], "billing": {}}',
    "invalid UTF-8": b'{"id": 5, "status": "\xff\xfe", "line_items": [], "billing": {}}',
    "half a surrogate": b'{"id": 5, "status": "\\ud800", "line_items": [], "billing": {}}',
    "a NUL": b'{"id": "5\\u0000", "status": "processing", "line_items": [], "billing": {}}',
    "a list": b"[1, 2, 3]",
    "a word": b'"order"',
    "null": b"null",
    "an order of nothing": b'{"id": null, "line_items": null, "billing": null}',
    "the same key a thousand times": b"{" + b",".join([b'"id": 1'] * 1000) + b"}",
    "another encoding": '{"id": 5, "line_items": [], "billing": {}}'.encode("utf-16"),
    "a megabyte": b'{"id": "' + b"x" * (LARGEST - 10) + b'"}',
}


@pytest.mark.parametrize("words", HOSTILE)
def test_genuine_and_unreadable_is_kept_and_buried_with_words(sqlite_url: str, words: str) -> None:
    house = build_house(make_settings(sqlite_url), FrozenClock(MOMENT))
    counter, body = Counter(house), HOSTILE[words]
    assert counter.post(body).status_code == 200
    counter.work()
    assert counter.counts() in ({"buried": 1}, {"ignored": 1}, {"refetch": 1})
    with house.db.reading(counter.store.id) as tx:
        assert all(receipt.words for receipt in list_buried(tx, counter.store.id))
        assert list_orders(tx, counter.store.id) == []
    assert counter.jobs() == 0
    house.db.close()


def test_hostile_bodies_stop_nobody_behind_them(counter: Counter) -> None:
    for body in HOSTILE.values():
        assert counter.post(body).status_code == 200
    assert counter.post(read_body("005")).status_code == 200
    counter.work()
    counts = counter.counts()
    assert counts.pop("applied") == 1
    assert sum(counts.values()) == len(HOSTILE)
    assert "unapplied" not in counts


@pytest.mark.parametrize("size", [LARGEST, LARGEST + 1])
def test_a_million_bytes_are_kept_and_one_more_is_too_large(counter: Counter, size: int) -> None:
    body = b'{"id": "' + b"x" * (size - 10) + b'"}'
    assert len(body) == size
    assert counter.post(body).status_code == (200 if size <= LARGEST else 413)
    assert sum(counter.counts().values()) == (1 if size <= LARGEST else 0)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[AppServer, Any, Any]]:
    """The real server, nobody working, and a shop in its database."""
    url = f"sqlite:///{tmp_path_factory.mktemp('intake') / 'mostrador.db'}"
    migrate(url)
    values = fresh_keys() | {PREFIX + "DATABASE_URL": url, PREFIX + "JOBS": "worker"}
    with AppServer(values) as running:
        house = build_house(running.settings)
        store = make_store(house.db, webhook_secret=SECRET)
        yield running, house, store
        house.db.close()


def send(port: int, path: str, headers: dict[str, str], chunks: list[bytes]) -> int:
    """Posts a body in pieces, without a length."""
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    with closing(line):
        line.request("POST", path, iter(chunks), headers, encode_chunked=True)
        return line.getresponse().status


def test_a_body_without_a_length_is_read_and_bounded(server: tuple[AppServer, Any, Any]) -> None:
    running, house, store = server
    path, body = f"/hooks/woocommerce/{store.hook_key}", read_body("005")
    chunked = {"Transfer-Encoding": "chunked"}
    before = _count(house, store)
    assert send(running.port, path, signed(body) | chunked, [body[:1000], body[1000:]]) == 200
    large = [b" " * 50_000] * 21
    assert send(running.port, path, signed(b"".join(large)) | chunked, large) == 413
    assert send(running.port, path, chunked, [body]) == 401
    assert _count(house, store) == before + 1


def test_a_length_over_the_bound_is_answered_without_reading(server: tuple[AppServer, Any, Any]) -> None:
    running, house, store = server
    before = _count(house, store)
    line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    with closing(line):
        line.putrequest("POST", f"/hooks/woocommerce/{store.hook_key}")
        line.putheader("Content-Length", str(10**12))
        line.endheaders()
        assert line.getresponse().status == 413
    assert _count(house, store) == before


def test_a_body_that_never_ends_is_no_delivery(server: tuple[AppServer, Any, Any]) -> None:
    running, house, store = server
    body, before = read_body("005"), _count(house, store)
    line = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
    with closing(line):
        line.putrequest("POST", f"/hooks/woocommerce/{store.hook_key}")
        for name, value in (signed(body) | {"Content-Length": str(len(body))}).items():
            line.putheader(name, value)
        line.endheaders()
        line.send(body[:100])
    assert send(running.port, f"/hooks/woocommerce/{store.hook_key}", signed(b"{}"), [b"{}"]) == 200
    assert _count(house, store) == before + 1


def _count(house: House, store: Any) -> int:
    with house.db.reading(store.id) as tx:
        return sum(count_receipts(tx, store.id).values())


def test_a_file_that_cannot_be_written_gives_503_and_keeps_nothing(sqlite_url: str) -> None:
    """Somebody else holds the file for writing, longer than the server will wait."""
    house = build_house(make_settings(sqlite_url), FrozenClock(MOMENT))
    counter, body = Counter(house), read_body("005")
    for engine in (house.db.writer, house.db.reader):
        engine.dispose()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = counter.post(body)
        assert (answer.status_code, answer.text) == (503, "could not be kept, send it again\n")
        assert counter.post(change_byte(body, 5), signed(body)).status_code == 401
        other.execute("ROLLBACK")
    assert counter.counts() == {}
    assert counter.post(body).status_code == 200
    assert counter.counts() == {"unapplied": 1}
    house.db.close()


def test_a_read_only_file_gives_503_and_keeps_nothing(sqlite_url: str) -> None:
    house = build_house(make_settings(sqlite_url), FrozenClock(MOMENT))
    Counter(house)
    house.db.close()
    with closing(sqlite3.connect(sqlite_url.removeprefix("sqlite:///"))) as file:
        (key,) = file.execute("SELECT hook_key FROM stores").fetchone()
    url = sqlite_url.replace("sqlite:///", "sqlite:///file:") + "?mode=ro&uri=true"
    shut = build_house(replace(house.doors.settings, database_url=url), FrozenClock(MOMENT))
    body = read_body("005")
    answer = shut.web().test_client().post(f"/hooks/woocommerce/{key}", data=body, headers=signed(body))
    assert (answer.status_code, answer.text) == (503, "could not be kept, send it again\n")
    shut.db.close()


def test_a_database_that_went_away_gives_503_and_everything_kept_is_there_when_it_is_back() -> None:
    with PostgreSQL() as postgres:
        name = postgres.create_database()
        migrate(postgres.url(name))
        house = build_house(make_settings(postgres.url(name)), FrozenClock(MOMENT))
        counter, body = Counter(house), read_body("005")
        assert counter.post(body).status_code == 200
        postgres._end_keeper()
        answers = [counter.post(body) for _ in range(3)]
        assert {(answer.status_code, answer.text) for answer in answers} == {
            (503, "could not be kept, send it again\n")
        }
        assert counter.client.get("/readyz").status_code == 503
        assert counter.client.get("/healthz").status_code == 200
        assert postgres._start_on(postgres.port)
        back = [counter.post(body).status_code for _ in range(4)]
        assert back[1:] == [200, 200, 200]
        assert counter.counts() == {"unapplied": 1 + back.count(200)}
        house.db.close()
