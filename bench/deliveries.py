"""The recorded order deliveries as whole HTTP requests, signed for one store."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

RECORDED = Path(__file__).parents[1] / "tests" / "data" / "woocommerce" / "deliveries"
PLATFORM = "woocommerce"
SIGNATURE = "X-WC-Webhook-Signature"
SECRET = "the-secret-of-the-bench"
_LEFT_OUT = ("host", "content-length", "connection", SIGNATURE.lower())


def sign(body: bytes, secret: str = SECRET) -> str:
    """The platform's signature of a body."""
    signature: str = import_module(f"adapters.{PLATFORM}").sign(body, secret)
    return signature


def read_requests(path: str) -> list[bytes]:
    """One HTTP/1.1 request per recorded order delivery, as the shop sent it, to `path` on a kept connection."""
    return [_write(path, body) for body in sorted(RECORDED.glob("*_order.*.body"))]


def _write(path: str, file: Path) -> bytes:
    body = file.read_bytes()
    headers = json.loads(file.with_name(file.name.removesuffix(".body") + ".headers.json").read_text("utf-8"))
    kept = {name: value for name, value in headers.items() if name.lower() not in _LEFT_OUT}
    kept |= {"Host": "127.0.0.1", "Content-Length": str(len(body)), SIGNATURE: sign(body), "Connection": "keep-alive"}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in kept.items())]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body
