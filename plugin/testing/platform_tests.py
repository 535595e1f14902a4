"""Kit: when the platform misbehaves the adapter says so with the right class, because the core acts on it alone."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Iterator

import pytest

from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    AdapterError,
    Capability,
    NotFound,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Record,
    Store,
    StoreAdapter,
)
from plugin.testing.event_checks import find_faults
from plugin.testing.fakes import RecordingHttp, Reply, SentRequest, make_answer
from plugin.testing.kit import KitBase, closed_network, needs, rebuild, secrets_of
from plugin.testing.platform_calls import Call, list_calls

HTML = make_answer(200, body=b"<!doctype html><title>Just a moment</title>", headers={"Content-Type": "text/html"})
DATE = {"Retry-After": "Wed, 21 Oct 2037 07:28:00 GMT"}
Errors = tuple[type[AdapterError], ...]
TROUBLES: list[tuple[str, Reply, Errors]] = [
    ("401", make_answer(401, json_body={"error": "unauthorized"}), (AccessExpired, AccessRevoked)),
    ("403", make_answer(403, json_body={"error": "forbidden"}), (AccessExpired, AccessRevoked, PlatformRefused)),
    ("429", make_answer(429, json_body={}), (RateLimited,)),
    ("429 until a date", make_answer(429, json_body={}, headers=DATE), (RateLimited,)),
    ("429 with nonsense", make_answer(429, body=b"slow", headers={"Retry-After": "soon"}), (RateLimited,)),
    ("500", make_answer(500, body=b"<h1>Oops</h1>"), (PlatformDown,)),
    ("502", make_answer(502), (PlatformDown,)),
    ("503", make_answer(503, headers={"Retry-After": "5"}), (PlatformDown, RateLimited)),
    ("a time-out", PlatformDown("The answer took too long."), (PlatformDown,)),
    ("HTML with 200", HTML, (PlatformDown,)),
]
ODD_BODIES = [b"", b"null", b"[]", b"{}", b'"x"', b"[[[]]]", b'{"id": null}', b'[{"id": {}}]', b"[" * 50_000,
              b'{"orders": 5}', b"\xff\xfe", b'{"id": 1, "status": [], "total": {}}']


class PlatformTests(KitBase):
    """Asks for the fixtures `adapter` and `store`; the store needs credentials of the platform's form."""

    def calls(self, adapter: StoreAdapter) -> Iterator[Call]:
        """The calls of this adapter that ask the platform something."""
        for call in list_calls(self.order_id, self.order_number):
            if call.asks and call.capability in adapter.capabilities:
                yield call

    def test_each_call_goes_out_through_the_guarded_client(self, adapter: StoreAdapter, store: Store) -> None:
        for call in self.calls(adapter):
            sent, error = attempt(adapter, store, call, make_answer(500))
            assert sent, (f"{call.name} asked nothing of the platform (it gave {error!r}). Give the fixture `store` "
                          "credentials of the platform's form, and use self.http.")

    @pytest.mark.parametrize(("trouble", "reply", "allowed"), TROUBLES, ids=[name for name, _, _ in TROUBLES])
    def test_trouble_has_the_right_class(self, adapter: StoreAdapter, store: Store, trouble: str, reply: Reply,
                                         allowed: Errors) -> None:
        names = " or ".join(kind.__name__ for kind in allowed)
        for call in self.calls(adapter):
            _, error = attempt(adapter, store, call, reply)
            assert isinstance(error, allowed), f"{call.name} met {trouble}: {names} expected, not {describe(error)}"
            if isinstance(error, RateLimited):
                assert 0 < error.retry_after < 10**9, f"{call.name} met {trouble}: retry_after is {error.retry_after}"

    def test_how_long_to_wait_is_what_the_platform_says(self, adapter: StoreAdapter, store: Store) -> None:
        for call in self.calls(adapter):
            _, error = attempt(adapter, store, call, make_answer(429, headers={"Retry-After": "7"}))
            assert isinstance(error, RateLimited) and error.retry_after == 7, f"{call.name}: {describe(error)}"

    def test_an_order_that_does_not_exist_is_not_found(self, adapter: StoreAdapter, store: Store) -> None:
        for call in self.calls(adapter):
            _, error = attempt(adapter, store, call, self.not_found)
            if call.name == "get_order":
                assert isinstance(error, NotFound), f"get_order met 404: {describe(error)}"
            assert error is None or isinstance(error, AdapterError), f"{call.name} met 404: {describe(error)}"

    def test_setting_up_and_tearing_down_meet_trouble_with_the_right_class(
            self, adapter: StoreAdapter, store: Store) -> None:
        for call in list_calls(self.order_id, self.order_number):
            if call.capability is None:
                for trouble, reply, allowed in TROUBLES:
                    _, error = attempt(adapter, store, call, reply)
                    assert error is None or isinstance(error, allowed), f"{call.name} met {trouble}: {describe(error)}"

    @pytest.mark.parametrize("body", ODD_BODIES, ids=[f"{body[:24]!r}" for body in ODD_BODIES])
    def test_an_odd_answer_is_an_error_of_the_contract_or_a_sound_value(
            self, adapter: StoreAdapter, store: Store, body: bytes) -> None:
        reply = make_answer(200, body=body, headers={"Content-Type": "application/json"})
        for call in list_calls(self.order_id, self.order_number):
            if call.capability is None or (call.asks and call.capability in adapter.capabilities):
                given: list[object] = []
                _, error = attempt(adapter, store, call, reply, given)
                assert error is None or isinstance(error, AdapterError), f"{call.name}: {describe(error)}"
                for thing in given:
                    assert not (isinstance(thing, Record) and find_faults(thing)), f"{call.name} gave {thing!r:.200}"

    def test_no_secret_shows_in_an_error_a_log_or_an_address(
            self, adapter: StoreAdapter, store: Store, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG)
        secrets = secrets_of(adapter, store)
        for call in list_calls(self.order_id, self.order_number):
            if call.capability is None or call.capability in adapter.capabilities:
                for _, reply, _ in TROUBLES:
                    sent, error = attempt(adapter, store, call, reply)
                    words = "".join(traceback.format_exception(error)) if error else ""
                    assert not find(secrets, words), f"{call.name} tells a secret in {describe(error)}"
                    assert not find(secrets, "".join(request.url for request in sent)), (
                        f"{call.name} sends a secret in the address, where logs keep it; use a header.")
        assert not find(secrets, caplog.text), "A secret was logged."

    @needs(Capability.BACKFILL)
    def test_the_changes_of_an_empty_store_come_to_an_end(self, adapter: StoreAdapter, store: Store) -> None:
        call = next(call for call in self.calls(adapter) if call.name == "changed_orders")
        sent, _ = attempt(adapter, store, call, make_answer(200, json_body=[]))
        assert 0 < len(sent) <= 3, f"changed_orders asked {len(sent)} times of a store that has nothing."


def attempt(adapter: StoreAdapter, store: Store, call: Call, reply: Reply,
            given: list[object] | None = None) -> tuple[list[SentRequest], BaseException | None]:
    """One call with the network closed and the platform answering `reply`: what was sent, and what it raised."""
    http = RecordingHttp(reply)
    with closed_network():
        try:
            result = call.make(rebuild(adapter, http=http), store)
        except NotImplementedError:
            raise  # a hole in a new adapter's skeleton, whose words say what to do
        except Exception as error:
            return http.requests, error
    if given is not None:
        given.extend(result if isinstance(result, list) else [result])
    return http.requests, None


def describe(error: BaseException | None) -> str:
    return "no error" if error is None else f"{type(error).__name__}: {error!s:.200}"


def find(secrets: list[str], text: str) -> list[str]:
    """Which secrets stand in a text, plainly or as HTTP's Basic scheme writes them."""
    return [secret for secret in secrets if secret in text or base64.b64encode(secret.encode()).decode() in text]
