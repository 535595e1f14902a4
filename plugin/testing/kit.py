"""The ground the conformance kit stands on: recorded deliveries, stores that must not mix, a closed network."""

from __future__ import annotations

import base64
import dataclasses
import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar
from unittest.mock import patch

import pytest

from plugin.contract import (
    Answer,
    Capability,
    Clock,
    HookRequest,
    Http,
    Store,
    StoreAdapter,
    WebhookDelivery,
)
from plugin.testing.fakes import make_answer

Test = TypeVar("Test", bound=Callable[..., object])
OTHER_SECRET = "kit-secret-of-quite-another-store"  # noqa: S105


@dataclass(frozen=True)
class Recorded:
    """One webhook as it arrived: header names in any case, `body` byte for byte, and what it was signed with.

    Without `secret` it was signed with the secret that the fixtures `store` or `adapter` already hold.
    """
    headers: Mapping[str, str]
    body: bytes
    secret: str | None = None
    hook_key: str = "kit"
    name: str = ""

    def request(self) -> HookRequest:
        """The request as the core hands it over: header names in lower case."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        return HookRequest(hook_key=self.hook_key, headers=headers, body=self.body)

    def store_of(self, store: Store) -> Store:
        return store if self.secret is None else dataclasses.replace(store, webhook_secret=self.secret)

    def changed(self, *, body: bytes | None = None, headers: Mapping[str, str] | None = None) -> Recorded:
        return dataclasses.replace(self, body=self.body if body is None else body,
                                   headers=self.headers if headers is None else headers)


def load_recorded(folder: Path, secret: str | None = None) -> list[Recorded]:
    """Every ``NAME.body`` of a folder with the ``NAME.headers.json`` beside it (one object), in order of name."""
    recorded = []
    for path in sorted(folder.glob("*.body")):
        headers = json.loads(path.with_suffix(".headers.json").read_text(encoding="utf-8"))
        recorded.append(Recorded(headers=headers, body=path.read_bytes(), secret=secret, name=path.stem))
    return recorded


class KitBase:
    """What every part of the kit shares. A subclass may set the class values and override the hooks."""

    order_id = "1"
    """An ``external_id`` of the form the platform uses."""
    order_number = "1"
    """An order's number of the form the platform shows."""
    not_found: ClassVar[Answer] = make_answer(404, json_body={"error": "not found"})
    """What the platform answers for an order it does not have; a 404 of another form may be a firewall's."""

    @pytest.fixture(autouse=True)
    def skip_what_does_not_apply(self, request: pytest.FixtureRequest, adapter: StoreAdapter) -> None:
        needed: Capability | None = getattr(request.function, "needs_capability", None)
        if needed is not None and needed not in adapter.capabilities:
            pytest.skip(f"{adapter.label} does not claim {needed.value}")
        # Over no deliveries a loop would be green; the one test that asks for recordings is red instead.
        if "deliveries" in request.fixturenames and not request.getfixturevalue("deliveries"):
            if not getattr(request.function, "asks_for_recordings", False):
                pytest.skip("no deliveries were recorded yet")

    def handshakes(self) -> Sequence[Recorded]:
        """Hook: greetings the platform sends, answered 200 and forgotten."""
        return ()

    def sign(self, recorded: Recorded, secret: str, known: Sequence[str]) -> Recorded | None:
        """Hook: the same delivery signed with another secret. `known` are the secrets it may be signed with now.

        Finds HMACs of the raw body by itself; override it for any other scheme.
        """
        return sign_like(recorded, secret, known)

    def with_unknown_status(self, recorded: Recorded, status: str, unknown: str) -> Recorded | None:
        """Hook: the same delivery with the platform's word `status` replaced by one nobody knows."""
        changed, count = change_words(recorded.body, status, unknown)
        return recorded.changed(body=changed) if count else None

    def with_unknown_fields(self, recorded: Recorded) -> Recorded | None:
        """Hook: the same delivery with a new field in every object."""
        body = add_fields(recorded.body)
        return None if body is None else recorded.changed(body=body)


def needs(capability: Capability) -> Callable[[Test], Test]:
    """Marks a kit test that applies only to adapters which claim a capability."""
    def mark(test: Test) -> Test:
        test.needs_capability = capability  # type: ignore[attr-defined]
        return test
    return mark


def rebuild(adapter: StoreAdapter, *, http: Http | None = None, clock: Clock | None = None,
            values: Mapping[str, str] | None = None) -> StoreAdapter:
    """The same adapter built anew with something exchanged, as the registry builds it."""
    return type(adapter)(adapter.values if values is None else values, http or adapter.http, clock or adapter.clock)


def secret_settings(adapter: StoreAdapter) -> dict[str, str]:
    return {setting.key: adapter.values.get(setting.key, "") for setting in adapter.settings if setting.secret}


def secrets_of(adapter: StoreAdapter, store: Store) -> list[str]:
    """Every value that must never be seen; addresses among the credentials are none."""
    return [*store_secrets(store), *(text for text in secret_settings(adapter).values() if len(text) >= 6)]


def store_secrets(store: Store) -> list[str]:
    """The secrets of one store, ours and the platform's."""
    found = [store.webhook_secret, *store.credentials.values()]
    return [text for text in found if len(text) >= 6 and not text.startswith(("http://", "https://"))]


def make_other_store(store: Store, secret: str = OTHER_SECRET) -> Store:
    """A store of the same platform that shares nothing with the first."""
    credentials = {key: f"https://other-{number}.example" if "://" in value else f"other-{value[::-1]}"
                   for number, (key, value) in enumerate(store.credentials.items())}
    return dataclasses.replace(store, public_id=f"other-{store.public_id}", domain=f"other.{store.domain}",
                               webhook_secret=secret, credentials=credentials)


def with_secrets(adapter: StoreAdapter, secret: str) -> StoreAdapter:
    """The adapter with another value in each of its secret settings."""
    return rebuild(adapter, values={**adapter.values, **dict.fromkeys(secret_settings(adapter), secret)})


def receive(adapter: StoreAdapter, recorded: Recorded) -> WebhookDelivery:
    """The delivery inside a recording that must be one."""
    delivery = adapter.read_webhook(recorded.request())
    assert isinstance(delivery, WebhookDelivery), (
        f"{recorded.name or 'A recording'} was taken for a greeting. Greetings belong into the hook `handshakes`.")
    return delivery


@contextmanager
def closed_network() -> Iterator[None]:
    """Inside it every connection and every name look-up fails, and fails the test even when swallowed."""
    tried: list[str] = []

    def refuse(*given: object, **named: object) -> Any:
        tried.append(repr(given[1:] if given and isinstance(given[0], socket.socket) else given))
        raise ConnectionRefusedError("The kit keeps the network closed here.")
    with patch.object(socket.socket, "connect", refuse), patch.object(socket.socket, "connect_ex", refuse), \
            patch.object(socket.socket, "sendto", refuse), patch.object(socket, "getaddrinfo", refuse):
        yield
    assert not tried, f"The adapter went to the network by itself: {tried[0]}. It may only use self.http."


def sign_like(recorded: Recorded, secret: str, known: Sequence[str]) -> Recorded | None:
    """The recording signed with another secret, when its signature is a usual HMAC of its body."""
    for name, value in recorded.headers.items():
        for algorithm in ("sha256", "sha1", "sha512"):
            for write in (write_base64, write_hex):
                for current in known:
                    old = write(current, recorded.body, algorithm)
                    if value.endswith(old):
                        new = value.removesuffix(old) + write(secret, recorded.body, algorithm)
                        return recorded.changed(headers={**recorded.headers, name: new})
    return None


def write_base64(secret: str, body: bytes, algorithm: str) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).digest()).decode()


def write_hex(secret: str, body: bytes, algorithm: str) -> str:
    return hmac.new(secret.encode(), body, getattr(hashlib, algorithm)).hexdigest()


def read_json(body: bytes) -> Any:
    """The JSON of a body, or None when it is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def change_words(body: bytes, old: str, new: str) -> tuple[bytes, int]:
    """The body with every JSON text that equals `old` replaced, and how many there were."""
    count = 0

    def walk(value: Any) -> Any:
        nonlocal count
        if isinstance(value, dict):
            return {key: walk(item) for key, item in value.items()}
        if isinstance(value, list):
            return [walk(item) for item in value]
        count += value == old
        return new if value == old else value
    changed = walk(read_json(body))
    return json.dumps(changed).encode(), count


def add_fields(body: bytes) -> bytes | None:
    """The body with one more field in every JSON object, or None when there is no object."""
    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            # A field of an empty object would make a "none" into a "some" ({} for an empty PHP array).
            extra = {"kit_unknown_field": {"new": ["since", "yesterday"]}} if value else {}
            return {key: walk(item) for key, item in value.items()} | extra
        return [walk(item) for item in value] if isinstance(value, list) else value
    read = read_json(body)
    return json.dumps(walk(read)).encode() if isinstance(read, dict) else None
