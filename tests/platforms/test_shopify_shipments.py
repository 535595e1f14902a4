"""Parcels of fulfillments: one per number, with keys that stay, and carriers' reports of every word."""

from __future__ import annotations

from typing import Any

import pytest
from shopify_shop import make_parcel

from adapters.shopify.bodies import ParcelBody, read_shape
from adapters.shopify.shipments import read_parcels
from plugin.contract import Shipment, ShipmentStatus


def read(*rows: dict[str, Any]) -> tuple[Shipment, ...]:
    return read_parcels([read_shape(row, ParcelBody, "parcel") for row in rows])


def number(text: str | None, url: str = "", company: str = "Servientrega") -> dict[str, Any]:
    return {"company": company, "number": text, "url": url}


def test_a_fulfillment_with_one_number_is_one_parcel() -> None:
    (parcel,) = read(make_parcel())
    assert (parcel.external_id, parcel.tracking_number, parcel.carrier) == ("901", "SV100", "Servientrega")
    assert parcel.tracking_url == "https://servientrega.example/SV100" and parcel.items == (("701", 2),)
    assert (
        parcel.status is ShipmentStatus.in_transit
        and parcel.raw_status == "IN_TRANSIT"
        and parcel.shipped_at is not None
    )


def test_several_numbers_of_one_fulfillment_are_several_parcels_whose_keys_stay() -> None:
    first = read(make_parcel(trackingInfo=[number("A1"), number("B2")]))
    assert [parcel.external_id for parcel in first] == ["901/A1", "901/B2"]
    turned = read(make_parcel(trackingInfo=[number("C3"), number("B2"), number("A1")]))
    assert {parcel.tracking_number: parcel.external_id for parcel in turned} == {
        "C3": "901/C3",
        "B2": "901/B2",
        "A1": "901/A1",
    }
    assert all(parcel.items == () for parcel in first)


def test_a_number_that_stands_twice_is_one_parcel() -> None:
    assert len(read(make_parcel(trackingInfo=[number("a1"), number("A1")]))) == 1
    assert (
        len(read(make_parcel(1, trackingInfo=[number("A1")]), make_parcel(2, trackingInfo=[number("A1")])))
        == 1
    )


@pytest.mark.parametrize("rows", [[], None, [number(None)], [number("  ")]])
def test_a_fulfillment_without_a_number_is_a_parcel_by_its_id(rows: Any) -> None:
    (parcel,) = read(make_parcel(trackingInfo=rows))
    assert parcel.external_id == "901" and parcel.tracking_number == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "CANCELLED"},
        {"status": "ERROR"},
        {"status": "FAILURE"},
        {"displayStatus": "CANCELED"},
        {"requiresShipping": False, "trackingInfo": []},
    ],
)
def test_what_was_taken_back_or_does_not_travel_is_no_parcel(changes: dict[str, Any]) -> None:
    assert read(make_parcel(**changes)) == ()


WORDS = {
    "ATTEMPTED_DELIVERY": "attempted", "CARRIER_PICKED_UP": "in_transit", "CONFIRMED": "label_created",
    "DELAYED": "delayed", "DELIVERED": "delivered", "FAILURE": "failed", "FULFILLED": "in_transit",
    "IN_TRANSIT": "in_transit", "LABEL_PRINTED": "label_created", "LABEL_PURCHASED": "label_created",
    "LABEL_VOIDED": "unknown", "MARKED_AS_FULFILLED": "in_transit", "NOT_DELIVERED": "failed",
    "OUT_FOR_DELIVERY": "out_for_delivery", "PICKED_UP": "delivered", "READY_FOR_PICKUP": "ready_for_pickup",
    "SUBMITTED": "label_created", "BEAMED_UP": "unknown",
}  # fmt: skip


@pytest.mark.parametrize(("word", "status"), WORDS.items())
def test_every_word_for_a_parcel_has_its_status_and_unknown_ones_survive(word: str, status: str) -> None:
    (parcel,) = read(make_parcel(displayStatus=word))
    assert (parcel.status, parcel.raw_status) == (ShipmentStatus(status), word)
    assert (parcel.shipped_at is None) is (status in ("label_created", "unknown"))


@pytest.mark.parametrize(
    ("word", "status"),
    [("SUCCESS", "in_transit"), ("OPEN", "label_created"), ("PENDING", "label_created"), ("NEW", "unknown")],
)
def test_without_a_display_status_the_fulfillments_own_word_counts(word: str, status: str) -> None:
    (parcel,) = read(make_parcel(displayStatus=None, status=word))
    assert parcel.status is ShipmentStatus(status) and parcel.raw_status == word


def test_carriers_reports_are_told_oldest_first_and_without_a_shoppers_city() -> None:
    rows = [
        {
            "status": "DELIVERED",
            "happenedAt": "2026-11-21T10:00:00Z",
            "message": "Entregado\nen portería",
            "province": "Cundinamarca",
            "country": "Colombia",
            "city": "Bogotá",
        },
        {
            "status": "SORTED_BY_ROBOT",
            "happenedAt": "2026-11-20T10:00:00-05:00",
            "message": None,
            "province": None,
            "country": None,
        },
        {"status": "IN_TRANSIT", "happenedAt": None, "message": "no time"},
        None,
    ]
    (parcel,) = read(
        make_parcel(displayStatus="DELIVERED", events={"nodes": rows, "pageInfo": {"hasNextPage": False}})
    )
    told = [
        (event.status.value, event.raw_status, event.occurred_at.hour, event.message, event.location)
        for event in parcel.events
    ]
    assert told == [
        ("unknown", "SORTED_BY_ROBOT", 15, "", ""),
        ("delivered", "DELIVERED", 10, "Entregado en portería", "Cundinamarca, Colombia"),
    ]


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//x", "ftp://x/y", "https://x y", None])
def test_a_link_that_is_none_is_left_out(url: Any) -> None:
    (parcel,) = read(make_parcel(trackingInfo=[{"company": "X", "number": "N1", "url": url}]))
    assert parcel.tracking_url == ""
