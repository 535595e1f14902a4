"""Kit: only genuine deliveries are believed."""

from __future__ import annotations

import copy
import dataclasses
from collections.abc import Sequence

import pytest

from plugin.contract import Capability, Handshake, Store, StoreAdapter, WebhookRejected
from plugin.testing.kit import (
    OTHER_SECRET,
    KitBase,
    Recorded,
    make_other_store,
    needs,
    receive,
    secret_settings,
    with_secrets,
)


class DeliveryTests(KitBase):
    """Asks for the fixture `deliveries`, a list of `Recorded`, of adapters that claim WEBHOOKS."""

    @needs(Capability.WEBHOOKS)
    def test_deliveries_of_a_changed_order_were_recorded(self, adapter: StoreAdapter,
                                                         deliveries: Sequence[Recorded]) -> None:
        assert deliveries, "Record some deliveries of a real store first: the fixture `deliveries` is empty."
        found = {type(event).__name__ for one in deliveries for event in adapter.parse_webhook(receive(adapter, one))}
        assert found & {"OrderChanged", "ShipmentChanged", "Refetch"}, (
            f"No delivery tells of a changed order; they only give {', '.join(sorted(found)) or 'nothing'}.")

    test_deliveries_of_a_changed_order_were_recorded.asks_for_recordings = True  # type: ignore[attr-defined]

    @needs(Capability.WEBHOOKS)
    def test_a_genuine_delivery_is_accepted_with_header_names_in_lower_case(
            self, adapter: StoreAdapter, store: Store, deliveries: Sequence[Recorded]) -> None:
        for recorded in deliveries:
            assert is_believed(adapter, recorded, recorded.store_of(store)), f"{recorded.name} was rejected"

    @needs(Capability.WEBHOOKS)
    def test_a_delivery_with_one_byte_changed_is_rejected(
            self, adapter: StoreAdapter, store: Store, deliveries: Sequence[Recorded]) -> None:
        for recorded in deliveries:
            for place in sorted({0, len(recorded.body) // 2, len(recorded.body) - 1}):
                body = bytearray(recorded.body)
                body[place] ^= 1
                forged = recorded.changed(body=bytes(body))
                assert not is_believed(adapter, forged, recorded.store_of(store)), (
                    f"{recorded.name} was believed although byte {place} was changed. Verify the raw bytes.")
            longer = recorded.changed(body=recorded.body + b" ")
            assert not is_believed(adapter, longer, recorded.store_of(store)), "A byte added to the body was believed."

    @needs(Capability.WEBHOOKS)
    def test_a_missing_empty_cut_or_wrong_signature_is_rejected(
            self, adapter: StoreAdapter, store: Store, deliveries: Sequence[Recorded]) -> None:
        for recorded in deliveries:
            owner = recorded.store_of(store)
            guards = find_signature_headers(adapter, recorded, owner)
            assert guards, f"{recorded.name} is believed whatever its headers say: nothing checks a signature."
            for name in guards:
                value = recorded.headers[name]
                for wrong in ("", " ", value[:-2], value + "A", value[::-1], "\u00e9", "null", "0"):
                    forged = recorded.changed(headers={**recorded.headers, name: wrong})
                    assert not is_believed(adapter, forged, owner), f"{name}: {wrong!r} was believed"
            bare = recorded.changed(headers={k: v for k, v in recorded.headers.items() if k not in guards})
            assert not is_believed(adapter, bare, owner), "A delivery without its signature was believed."

    @needs(Capability.WEBHOOKS)
    def test_a_delivery_signed_for_another_store_is_rejected(
            self, adapter: StoreAdapter, store: Store, deliveries: Sequence[Recorded]) -> None:
        for recorded in deliveries:
            owner = recorded.store_of(store)
            stranger = with_secrets(adapter, OTHER_SECRET)
            assert not is_believed(stranger, recorded, make_other_store(owner)), "Another secret did as well."
            forged = self.forge(adapter, owner, recorded, OTHER_SECRET)
            assert not is_believed(adapter, forged, owner), "A signature made with another secret was believed."
            if not secret_settings(adapter):
                assert not is_believed(adapter, recorded, make_other_store(owner)), "Stores share a secret."
                assert not is_believed(adapter, recorded, None), "A delivery for no known store was believed."

    @needs(Capability.WEBHOOKS)
    def test_an_empty_secret_verifies_nothing(
            self, adapter: StoreAdapter, store: Store, deliveries: Sequence[Recorded]) -> None:
        for recorded in deliveries:
            careless, owner = with_secrets(adapter, ""), recorded.store_of(store)
            forged = self.forge(adapter, owner, recorded, "")
            empty = dataclasses.replace(owner, webhook_secret="")
            for given in (recorded, forged):
                assert not is_believed(careless, given, empty), (
                    "A store without a secret believed a delivery; anybody can sign with an empty secret.")
            assert not is_believed(careless, forged, None), "An empty secret of the app believed a delivery."

    @needs(Capability.WEBHOOKS)
    def test_a_greeting_keeps_nothing(self, adapter: StoreAdapter) -> None:
        for recorded in self.handshakes():
            before = copy.copy(vars(adapter))
            greeting = adapter.read_webhook(recorded.request())
            assert isinstance(greeting, Handshake), f"{recorded.name} is not taken as a greeting"
            assert vars(adapter) == before, "A greeting changed the adapter."

    def forge(self, adapter: StoreAdapter, store: Store, recorded: Recorded, secret: str) -> Recorded:
        known = [text for text in (store.webhook_secret, *secret_settings(adapter).values()) if text]
        forged = self.sign(recorded, secret, known)
        assert forged is not None, (
            f"{recorded.name}: the kit does not see how it is signed. Is it signed with the secret of the fixture "
            "`store`? If the scheme is no plain HMAC of the body, override the hook `sign`.")
        return forged


def is_believed(adapter: StoreAdapter, recorded: Recorded, store: Store | None) -> bool:
    """Whether the way of a delivery through the front door ends with belief."""
    try:
        delivery = adapter.read_webhook(recorded.request())
        if isinstance(delivery, Handshake):
            pytest.fail(f"{recorded.name}: a delivery was taken for a greeting, which is answered 200.")
        adapter.verify_webhook(delivery, store)
    except WebhookRejected:
        return False
    return True


def find_signature_headers(adapter: StoreAdapter, recorded: Recorded, store: Store) -> list[str]:
    """The headers without which, and with one character of which changed, the delivery is rejected."""
    found = []
    for name, value in recorded.headers.items():
        without = {key: text for key, text in recorded.headers.items() if key != name}
        place = len(value) // 2
        digit = "1" if value[place: place + 1] == "0" else "0"
        changed = {**recorded.headers, name: value[:place] + digit + value[place + 1:]}
        if not any(is_believed(adapter, recorded.changed(headers=headers), store) for headers in (without, changed)):
            found.append(name)
    return found
