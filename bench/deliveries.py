"""The recorded order deliveries as whole HTTP requests, signed for one store."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

RECORDED = Path(__file__).parents[1] / "tests" / "data" / "woocommerce" / "deliveries"
PLATFORM = "woocommerce"
SIGNATURE = "X-WC-Webhook-Signature"
SECRET = "the-secret-of-the-bench"
FIRST_ID = 1_000_000
_LEFT_OUT = ("host", "content-length", "connection", SIGNATURE.lower())


def sign(body: bytes, secret: str = SECRET) -> str:
    """The platform's signature of a body."""
    signature: str = import_module(f"adapters.{PLATFORM}").sign(body, secret)
    return signature


def read_requests(path: str) -> list[bytes]:
    """One HTTP/1.1 request per recorded order delivery, as the shop sent it, to `path` on a kept connection."""
    return [_write(path, body) for body in sorted(RECORDED.glob("*_order.*.body"))]


def make_new_orders(path: str, count: int) -> list[bytes]:
    """So many orders never seen before, placed now: a recorded placement with ids, addresses and dates of its own."""
    (file,) = RECORDED.glob("*_order.created_classic-guest-cod-placed.body")
    placed = json.loads(file.read_bytes())
    now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S")
    dates = dict.fromkeys(("date_created", "date_modified", "date_created_gmt", "date_modified_gmt"), now)
    orders = []
    for number in range(FIRST_ID, FIRST_ID + count):
        billing = placed["billing"] | {"email": f"shopper{number}@example.com"}
        own = {"id": number, "number": str(number), "billing": billing}
        orders.append(_write(path, file, json.dumps(placed | dates | own).encode()))
    return orders


def _write(path: str, file: Path, body: bytes | None = None) -> bytes:
    body = file.read_bytes() if body is None else body
    headers = json.loads(file.with_name(file.name.removesuffix(".body") + ".headers.json").read_text("utf-8"))
    kept = {name: value for name, value in headers.items() if name.lower() not in _LEFT_OUT}
    kept |= {
        "Host": "127.0.0.1",
        "Content-Length": str(len(body)),
        SIGNATURE: sign(body),
        "Connection": "keep-alive",
    }
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in kept.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
