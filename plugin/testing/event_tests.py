"""Kit: what a genuine delivery means is read the same way every time, whatever the platform invents."""

from __future__ import annotations

import copy
import dataclasses
import json
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from plugin.contract import (
    Capability,
    Event,
    OrderChanged,
    OrderStatus,
    PayloadUnreadable,
    ShipmentChanged,
    ShipmentStatus,
    StoreAdapter,
    WebhookDelivery,
)
from plugin.testing.clock import FrozenClock
from plugin.testing.event_checks import find_event_faults, find_gaps
from plugin.testing.fakes import RecordingHttp
from plugin.testing.kit import KitBase, Recorded, closed_network, needs, read_json, rebuild, receive

UNKNOWN = "kit-never-heard-of"
GARBAGE = [b"", b" ", b"{", b"\xff\xfe\x00", b"<!doctype html><title>502</title>", b"{" * 100_000, b"[" * 100_000,
           b'{"a":' * 100_000, b"\0" * 1_000_000]
WRONG_VALUES: list[Any] = [None, [], {}, "", "x", "\0", "\ud800", -1, 1e308, True, [[None]], {"id": {}}, "9" * 400,
                           "NaN", "-Infinity"]
MOST_TRIED = 12
MOST_SPOILED = 8


class EventTests(KitBase):
    """Asks for the fixture `deliveries`, a list of `Recorded`, of adapters that claim WEBHOOKS."""

    @needs(Capability.WEBHOOKS)
    def test_events_have_the_types_of_the_contract_and_lack_nothing(
            self, adapter: StoreAdapter, deliveries: Sequence[Recorded]) -> None:
        for recorded in deliveries:
            events = adapter.parse_webhook(receive(adapter, recorded))
            faults = find_event_faults(events) or [gap for event in events for gap in find_gaps(event)]
            assert not faults, f"{recorded.name}: " + "; ".join(faults[:8])
            for event in events:
                assert hash(event) == hash(copy.deepcopy(event))
                with pytest.raises(dataclasses.FrozenInstanceError):
                    event.kit = 1  # type: ignore[union-attr]

    @needs(Capability.WEBHOOKS)
    def test_parsing_needs_no_network_no_clock_and_no_memory(
            self, adapter: StoreAdapter, deliveries: Sequence[Recorded]) -> None:
        http = RecordingHttp()
        later = rebuild(adapter, http=http, clock=FrozenClock(datetime(2041, 2, 3, tzinfo=UTC)))
        with closed_network():
            first = [adapter.parse_webhook(receive(adapter, one)) for one in deliveries]
            twice = [adapter.parse_webhook(receive(adapter, one)) for one in deliveries]
            again = [later.parse_webhook(receive(later, one)) for one in reversed(deliveries)]
        assert http.requests == [], "parse_webhook asked the platform; it must only read what it was given."
        assert twice == first, "The same delivery was read otherwise the second time."
        assert again[::-1] == first, "The same delivery was read otherwise at another time."

    @needs(Capability.WEBHOOKS)
    def test_a_field_nobody_knows_changes_nothing(
            self, adapter: StoreAdapter, deliveries: Sequence[Recorded]) -> None:
        tried = 0
        for recorded, events in state_deliveries(adapter, deliveries):
            richer = self.with_unknown_fields(recorded)
            if richer is not None:
                tried += 1
                assert list(parse(adapter, recorded, richer.body)) == list(events), f"{recorded.name} reads otherwise"
        assert tried or not any(state_deliveries(adapter, deliveries)), (
            "The bodies are no JSON objects: override the hook `with_unknown_fields`.")

    @needs(Capability.WEBHOOKS)
    def test_a_status_nobody_knows_is_a_value_and_keeps_the_word(
            self, adapter: StoreAdapter, deliveries: Sequence[Recorded]) -> None:
        tried = 0
        for recorded, events in state_deliveries(adapter, deliveries):
            for word in sorted({word for event in events for word in raw_words(event)}):
                changed = self.with_unknown_status(recorded, word, UNKNOWN)
                if changed is None:
                    continue
                tried += 1
                after = parse(adapter, recorded, changed.body)
                assert not (faults := find_event_faults(after)), "; ".join(faults[:5])
                found = [status for event in after for status in statuses_for(event, UNKNOWN)]
                assert found and all(status.value == "unknown" for status in found), (
                    f"{recorded.name}: the status {UNKNOWN!r} instead of {word!r} was read as {found or 'nothing'}.")
        assert tried or not any(state_deliveries(adapter, deliveries)), (
            "The platform's word for a status is not in the bodies as such: override the hook `with_unknown_status`.")

    @needs(Capability.WEBHOOKS)
    def test_a_topic_nobody_knows_is_no_crash(self, adapter: StoreAdapter, deliveries: Sequence[Recorded]) -> None:
        for recorded in deliveries:
            delivery = dataclasses.replace(receive(adapter, recorded), topic=f"kit.{UNKNOWN}")
            assert not (faults := try_parse(adapter, delivery)), "; ".join(faults)

    @needs(Capability.WEBHOOKS)
    def test_a_body_that_cannot_be_read_is_unreadable_and_nothing_else(
            self, adapter: StoreAdapter, deliveries: Sequence[Recorded]) -> None:
        for recorded, _ in list(state_deliveries(adapter, deliveries))[:MOST_TRIED]:
            for body in [*GARBAGE, recorded.body[: len(recorded.body) // 2]]:
                with pytest.raises(PayloadUnreadable):
                    parse(adapter, recorded, body)

    @needs(Capability.WEBHOOKS)
    def test_a_wrong_value_anywhere_is_read_or_unreadable(
            self, adapter: StoreAdapter, deliveries: Sequence[Recorded]) -> None:
        for recorded in list({receive(adapter, one).topic: one for one in deliveries}.values())[:MOST_SPOILED]:
            delivery = receive(adapter, recorded)
            for where, body in spoil(recorded.body):
                faults = try_parse(adapter, dataclasses.replace(delivery, body=body))
                assert not faults, f"{recorded.name} with {where}: {'; '.join(faults[:5])}"


def parse(adapter: StoreAdapter, recorded: Recorded, body: bytes) -> Sequence[Event]:
    return adapter.parse_webhook(dataclasses.replace(receive(adapter, recorded), body=body))


def try_parse(adapter: StoreAdapter, delivery: WebhookDelivery) -> list[str]:
    """What is wrong with how a delivery was read; being unreadable is nothing wrong."""
    try:
        return find_event_faults(adapter.parse_webhook(delivery))
    except PayloadUnreadable:
        return []
    except Exception as error:
        return [f"parse_webhook raised {type(error).__name__}: {error!s:.200}"]


def state_deliveries(adapter: StoreAdapter,
                     deliveries: Sequence[Recorded]) -> Iterator[tuple[Recorded, Sequence[Event]]]:
    """The recordings that carry the state of an order or a parcel, with what they mean."""
    for recorded in deliveries:
        events = adapter.parse_webhook(receive(adapter, recorded))
        if any(isinstance(event, (OrderChanged, ShipmentChanged)) for event in events):
            yield recorded, events


def raw_words(event: Event) -> Iterator[str]:
    """The platform's own words for where the order and its parcels stand."""
    if isinstance(event, OrderChanged):
        yield event.order.raw_status
        yield from (parcel.raw_status for parcel in event.order.shipments or () if parcel.raw_status)
    if isinstance(event, ShipmentChanged) and event.shipment.raw_status:
        yield event.shipment.raw_status


def statuses_for(event: Event, word: str) -> Iterator[OrderStatus | ShipmentStatus]:
    """What we made of the platform's word, wherever it stands."""
    nouns: list[Any] = [event.order, *(event.order.shipments or ())] if isinstance(event, OrderChanged) else []
    nouns += [event.shipment] if isinstance(event, ShipmentChanged) else []
    yield from (noun.status for noun in nouns if noun.raw_status == word)


def spoil(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The body with each field of its JSON object, and of its first inner objects, replaced or left out."""
    read = read_json(body)
    if not isinstance(read, dict):
        return
    for holder, path in [(read, ""), *inner_objects(read)]:
        for key, value in list(holder.items()):
            for wrong in WRONG_VALUES:
                holder[key] = wrong
                yield f"{path}{key} = {wrong!r:.40}", json.dumps(read).encode()
            del holder[key]
            yield f"{path}{key} left out", json.dumps(read).encode()
            holder[key] = value


def inner_objects(read: dict[str, Any]) -> list[tuple[dict[str, Any], str]]:
    found = []
    for key, value in read.items():
        first = value[0] if isinstance(value, list) and value else value
        if isinstance(first, dict) and first:
            found.append((first, f"{key}."))
    return found
