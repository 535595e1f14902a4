"""Kit: what an adapter says of itself is true, and it keeps nothing of any store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from plugin.contract import (
    CONTRACT_VERSION,
    AdapterError,
    Capability,
    Form,
    InstallRejected,
    Notice,
    PlatformDown,
    Redirect,
    Setting,
    Step,
    Store,
    StoreAccess,
    StoreAdapter,
    SurfaceState,
    Unsupported,
    WebRequest,
)
from plugin.registry import NAME
from plugin.testing.event_checks import find_faults
from plugin.testing.fakes import URLS, RecordingHttp, make_answer
from plugin.testing.kit import KitBase, closed_network, make_other_store, rebuild, secrets_of, store_secrets
from plugin.testing.platform_calls import list_calls

STATE = "kit-state-8d1f"


class FactTests(KitBase):
    """Asks for the fixtures `adapter` and `store` only."""

    def test_the_adapter_says_who_it_is(self, adapter: StoreAdapter, store: Store) -> None:
        assert NAME.fullmatch(adapter.name), "name: lower case letters, digits and _, starting with a letter"
        assert adapter.label.strip(), "label: the platform's name as people write it"
        assert adapter.contract_version == CONTRACT_VERSION
        assert isinstance(adapter.capabilities, frozenset)
        assert all(isinstance(capability, Capability) for capability in adapter.capabilities)
        assert store.platform == adapter.name, "The fixture `store` is one of another platform."

    def test_each_setting_has_a_key_and_a_sentence_and_no_secret_a_default(self, adapter: StoreAdapter) -> None:
        for setting in adapter.settings:
            assert isinstance(setting, Setting) and re.fullmatch(r"[A-Z][A-Z0-9_]*", setting.key), f"{setting!r}"
            assert setting.help.strip(), f"{setting.key} does not say what it is for"
            assert not (setting.secret and setting.default), f"{setting.key} is a secret with a default"

    def test_what_is_not_claimed_is_unsupported(self, adapter: StoreAdapter, store: Store) -> None:
        """Every method behind a capability that is not claimed raises `Unsupported` with that capability."""
        silent = rebuild(adapter, http=RecordingHttp(PlatformDown()))
        for call in list_calls(self.order_id, self.order_number):
            if call.capability in (None, *adapter.capabilities):
                continue
            with pytest.raises(Unsupported) as refusal:
                call.make(silent, store)
            assert refusal.value.capability is call.capability, f"{call.name} names another capability"

    def test_what_is_claimed_is_supported(self, adapter: StoreAdapter, store: Store) -> None:
        """No method behind a claimed capability raises `Unsupported`."""
        silent = rebuild(adapter, http=RecordingHttp(PlatformDown()))
        for call in list_calls(self.order_id, self.order_number):
            if call.capability in adapter.capabilities:
                try:
                    call.make(silent, store)
                except Unsupported:
                    pytest.fail(f"{call.name} is unsupported, but {call.capability} is claimed.")
                except AdapterError:
                    continue

    def test_every_page_of_the_purchase_is_told_once_and_with_words_unless_live(
            self, adapter: StoreAdapter, store: Store) -> None:
        surfaces = adapter.surfaces(store)
        told = [surface.step for surface in surfaces]
        assert sorted(told) == sorted(Step), (
            f"missing: {', '.join(sorted(set(Step) - set(told))) or 'none'}; "
            f"twice: {', '.join(sorted({step for step in told if told.count(step) > 1})) or 'none'}")
        for surface in surfaces:
            assert not (faults := find_faults(surface)), "; ".join(faults)
            assert surface.state is SurfaceState.live or surface.words.strip(), (
                f"{surface.step} is {surface.state} and does not say what to do or why not")
            assert re.match(r"(https?://|$)", surface.url), f"{surface.step} has the address {surface.url!r}"

    def test_the_mails_of_the_platform_are_notices(self, adapter: StoreAdapter, store: Store) -> None:
        try:
            mails = adapter.platform_mails(store)
        except PlatformDown:
            return  # an adapter that asks must not guess: what the platform mails too would be mailed twice
        assert isinstance(mails, frozenset) and all(isinstance(notice, Notice) for notice in mails)

    def test_an_installation_begins_with_a_redirect_that_carries_the_state_or_with_a_form(
            self, adapter: StoreAdapter) -> None:
        visit = WebRequest(method="GET", path=f"/install/{adapter.name}", query={}, headers={})
        try:
            begun = adapter.begin_install(visit, URLS, STATE)
        except InstallRejected as refusal:
            assert str(refusal).strip(), "The installation is refused without a word."
            return
        if isinstance(begun, Redirect):
            assert STATE in begun.url, "The state is lost on the way: anybody could finish this installation."
            assert begun.url.startswith(("https://", "http://"))
        else:
            assert isinstance(begun, Form) and begun.fields and all(isinstance(f, Setting) for f in begun.fields)

    @pytest.mark.parametrize("query", [{}, {"code": "kit"}, {"success": "0", "user_id": "x"}, {"code": "\0\ud800"}])
    @pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 50_000, b'{"key_id": []}'])
    def test_a_callback_nobody_asked_for_connects_nothing(
            self, adapter: StoreAdapter, query: Mapping[str, str], body: bytes) -> None:
        stranger = rebuild(adapter, http=RecordingHttp(make_answer(400, json_body={"error": "invalid_grant"})))
        callback = WebRequest(method="POST" if body else "GET", path="/install/kit/callback", query=query,
                              headers={"content-type": "application/json"}, body=body)
        with closed_network(), pytest.raises(AdapterError):
            access = stranger.finish_install(callback)
            assert not isinstance(access, StoreAccess), "A callback of nobody connected a store."

    def test_nothing_of_a_store_is_kept(self, adapter: StoreAdapter, store: Store) -> None:
        """Two stores take turns; afterwards the adapter knows neither, and no request carried the other's keys."""
        other = make_other_store(store)
        http = RecordingHttp(make_answer(500))
        busy = rebuild(adapter, http=http)
        owners: list[tuple[Store, int]] = []
        for owner in (store, other, store):
            for call in list_calls(self.order_id, self.order_number):
                if call.capability is None or call.capability in adapter.capabilities:
                    forgive(call.make, busy, owner)
            owners.append((owner, len(http.requests)))
        begin = 0
        for owner, end in owners:
            foreign = store_secrets(other if owner is store else store)
            for sent in http.requests[begin:end]:
                text = sent.readable()
                assert not [secret for secret in foreign if secret in text], "A request carried another store's keys."
            begin = end
        kept = list(walk({key: value for key, value in vars(busy).items() if key not in ("http", "clock", "values")}))
        for owner in (store, other):
            private = [*store_secrets(owner), owner.public_id]
            assert not [text for text in kept if any(secret in text for secret in private)], (
                "The adapter keeps something of a store in itself; every call gets the store.")

    def test_no_secret_shows_in_what_is_printed(self, adapter: StoreAdapter, store: Store) -> None:
        printed = "\n".join(form(thing) for thing in (adapter, store) for form in (str, repr))
        assert not [secret for secret in secrets_of(adapter, store) if secret in printed]


def forgive(call: Callable[..., object], *given: object) -> None:
    """Make a call whose outcome is another test's affair."""
    try:
        call(*given)
    except AdapterError:
        return


def walk(value: Any, seen: set[int] | None = None) -> Iterator[str]:
    """Every text that can be reached from a value through containers and the attributes of objects."""
    seen = set() if seen is None else seen
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, bytes):
        yield value.decode("latin-1")
    elif isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from walk(key, seen)
            yield from walk(item, seen)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for item in value:
            yield from walk(item, seen)
    elif hasattr(value, "__dict__") and not isinstance(value, type) and not callable(value):
        yield from walk(vars(value), seen)
