"""Twins of the outside world for an adapter's tests: a platform that answers what it is told to."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from requests.structures import CaseInsensitiveDict

from plugin.contract import Answer, Store, Urls

Reply = Answer | Exception
URLS = Urls(webhook="https://care.example/hooks/platform/kit", install_callback="https://care.example/install/platform/callback",
            widget_loader="https://care.example/widget/loader.js", desk="https://care.example/desk/kit")


@dataclass(frozen=True)
class SentRequest:
    """One request that an adapter made."""
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    redirects: bool = True
    """Whether a redirect would have been followed."""

    def json(self) -> Any:
        return json.loads(self.body or b"null")

    def readable(self) -> str:
        """All of it as text, HTTP's Basic scheme decoded: for looking whether something is in there."""
        kind, _, word = self.headers.get("Authorization", "").partition(" ")
        plain = base64.b64decode(word).decode("utf-8", "replace") if kind.lower() == "basic" else ""
        return f"{self.method} {self.url}\n{dict(self.headers)}\n{plain}\n{self.body!r}"


class RecordingHttp:
    """`plugin.contract.Http` that goes nowhere: notes each request in `requests` and replies as told.

    Give replies in order (the last one repeats), or one function from `SentRequest` to a reply. An
    exception as a reply is raised. Like the real one it hands out headers that ignore case, and raises
    nothing by itself for a status of 400 and above.
    """

    def __init__(self, *replies: Reply | Callable[[SentRequest], Reply]) -> None:
        self.replies = list(replies)
        self.requests: list[SentRequest] = []

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None,
                body: bytes | None = None, redirects: bool = True) -> Answer:
        sent = SentRequest(method.upper(), url, CaseInsensitiveDict(headers or {}), body, redirects)
        self.requests.append(sent)
        if not self.replies:
            raise AssertionError(f"Nothing was arranged for {sent.method} {sent.url}.")
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if callable(reply) and not isinstance(reply, Answer | Exception):
            reply = reply(sent)
        if isinstance(reply, Exception):
            raise reply
        return Answer(status=reply.status, headers=CaseInsensitiveDict(reply.headers), body=reply.body,
                      url=reply.url or url)


def make_answer(status: int = 200, *, json_body: Any = None, body: bytes = b"",
                headers: Mapping[str, str] | None = None) -> Answer:
    """An answer of a platform; `json_body` is written as JSON and says so in its content type."""
    kind = {} if json_body is None else {"Content-Type": "application/json"}
    content = body if json_body is None else json.dumps(json_body).encode()
    return Answer(status=status, headers=CaseInsensitiveDict(kind | dict(headers or {})), body=content, url="")


def make_store(platform: str, **changes: Any) -> Store:
    """A connected store that exists only in tests."""
    values: dict[str, Any] = {
        "public_id": "kit-store", "domain": "shop.example", "webhook_secret": "kit-webhook-secret-of-this-store",
        "currency": "EUR", "locale": "es", "time_zone": "Europe/Madrid",
    }
    return Store(platform=platform, **values | changes)
