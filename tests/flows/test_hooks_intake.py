"""The door for webhooks: what is kept, what is refused, and that nothing hostile ever makes it fall over."""

import base64
import hashlib
import hmac
import json
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from plugin.app import House, build_house
from plugin.database import ALL
from plugin.orders import count_receipts
from plugin.testing.factories import make_settings, make_store
from plugin.work import claim

SECRET = "a-webhook-secret"
RECORDED = Path(__file__).parents[1] / "data/woocommerce/deliveries"
BODY = next(RECORDED.glob("015_*.body")).read_bytes()


def sign(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Door:
    """One store's webhook address in a running app."""

    def __init__(self, house: House) -> None:
        self.house, self.store = house, make_store(house.db, webhook_secret=SECRET)
        self.client: FlaskClient = house.web().test_client()
        self.path = f"/hooks/woocommerce/{self.store.hook_key}"

    def post(self, body: bytes = BODY, path: str = "", **headers: str) -> int:
        given = {"Content-Type": "application/json", "X-WC-Webhook-Topic": "order.updated"}
        given["X-WC-Webhook-Signature"] = sign(body)
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        kept = {name: value for name, value in given.items() if value != "-"}
        return self.client.post(path or self.path, data=body, headers=kept).status_code

    def receipts(self) -> dict[str, int]:
        with self.house.db.reading(self.store.id) as tx:
            return count_receipts(tx, self.store.id)

    def work(self) -> None:
        with self.house.db.transaction(ALL, "test") as tx:
            jobs = claim(tx, self.house.doors.clock.now(), 100)
        for job in jobs:
            if job.kind == "orders.apply":
                self.house.engine.run(job)


@pytest.fixture
def door(database_url: str):
    house = build_house(make_settings(database_url))
    yield Door(house)
    house.db.close()


def test_a_genuine_delivery_is_kept_and_every_arrival_counts(door: Door) -> None:
    assert [door.post(), door.post()] == [200, 200]
    assert door.receipts() == {"unapplied": 2}
    door.work()
    assert door.receipts() == {"applied": 1, "repeated": 1}


@pytest.mark.parametrize(
    "signature",
    [
        "-",
        "",
        "AAAA",
        sign(BODY, "another secret"),
        sign(BODY, ""),
        sign(BODY + b" "),
        sign(BODY).lower(),
        "é",
        "=" * 9999,
    ],
)
def test_what_is_not_signed_by_the_store_is_refused_and_leaves_nothing(door: Door, signature: str) -> None:
    assert door.post(X_WC_Webhook_Signature=signature) == 401
    assert door.receipts() == {}


def test_one_changed_byte_is_enough(door: Door) -> None:
    changed = BODY.replace(b"Ottilie", b"Ottilia", 1)
    assert door.post(changed, X_WC_Webhook_Signature=sign(BODY)) == 401
    assert door.post(json.dumps(json.loads(BODY)).encode(), X_WC_Webhook_Signature=sign(BODY)) == 401
    assert door.receipts() == {}


def test_another_store_s_signature_opens_nothing(door: Door) -> None:
    make_store(door.house.db, domain="other.example", webhook_secret="other")
    assert door.post(X_WC_Webhook_Signature=sign(BODY, "other")) == 401


@pytest.mark.parametrize(
    "path", ["/hooks/woocommerce/unknown", "/hooks/nothing/unknown", "/hooks/demo/{key}", "/hooks/%00/%00"]
)
def test_an_unknown_address_is_404(door: Door, path: str) -> None:
    assert door.post(path=path.format(key=door.store.hook_key)) == 404
    assert door.receipts() == {}


def test_the_unsigned_ping_is_greeted_and_changes_nothing(door: Door) -> None:
    ping = {
        "Content_Type": "application/x-www-form-urlencoded",
        "X_WC_Webhook_Signature": "-",
        "X_WC_Webhook_Topic": "-",
    }
    assert door.post(b"webhook_id=32", **ping) == 200
    assert door.receipts() == {}


def test_more_than_a_megabyte_is_too_much_with_and_without_a_length(door: Door) -> None:
    assert door.post(b" " * 1_000_001) == 413
    chunked = door.client.post(
        door.path, input_stream=__import__("io").BytesIO(b" " * 1_100_000), headers={"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )  # fmt: skip
    assert chunked.status_code == 413
    assert door.receipts() == {}


HOSTILE = {
    "no json": b"<html>not an order</html>",
    "empty": b"",
    "half": BODY[: len(BODY) // 2],
    "deep": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "deep list": b"[" * 100_000 + b"]" * 100_000,
    "huge number": b'{"id":' + b"9" * 5000 + b"}",
    "not a number": BODY.replace(b'"id":61', b'"id":NaN', 1),
    "not utf-8": BODY.replace(b"Ottilie", b"Otti\xff\xfe", 1),
    "twice the same key": BODY[:-1] + b',"id":1,"id":[]}',
    "wrong types": b'{"id":{},"status":[],"line_items":7,"date_modified_gmt":true}',
    "null bytes": BODY.replace(b"Ottilie", b"Otti\\u0000", 1),
    "lone surrogate": BODY.replace(b"Ottilie", b"Otti\\ud800", 1),
    "far future": BODY.replace(b'"date_modified_gmt":"2026', b'"date_modified_gmt":"99999', 1),
    "a list": b"[1,2,3]",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_genuine_body_that_makes_no_sense_is_kept_and_never_a_server_error(door: Door, name: str) -> None:
    assert door.post(HOSTILE[name]) == 200
    door.work()
    counts = door.receipts()
    assert sum(counts.values()) == 1 and set(counts) <= {"buried", "ignored", "applied", "refetch"}, counts


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete"])
def test_only_post_is_a_delivery(door: Door, method: str) -> None:
    assert getattr(door.client, method)(door.path).status_code == 405


def test_what_cannot_be_kept_is_asked_for_again(door: Door) -> None:
    """The table is gone: the platform hears 503 and not 200."""
    from sqlalchemy import text

    with door.house.db.transaction(ALL, "break the database") as tx:
        tx.execute(text("ALTER TABLE receipts RENAME TO receipts_lost"))
    assert door.post() == 503
    with door.house.db.transaction(ALL, "mend the database") as tx:
        tx.execute(text("ALTER TABLE receipts_lost RENAME TO receipts"))
    assert door.receipts() == {}
    assert door.post() == 200
