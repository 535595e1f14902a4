"""Tracking numbers inside an order's notes: the last resort, of low confidence. Pure.

ShipStation, Sendcloud and others write a sentence such as "shipped via … with tracking number …". Notes
also hold what staff tell each other, so only notes to the customer and those written by the system
(author ``WooCommerce``, recorded) are read, and nothing but a plausible number and a known carrier's name
leaves this file: never the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from adapters.woocommerce.carriers import find_carrier
from adapters.woocommerce.places import BARE_NUMBER, unite
from adapters.woocommerce.schemas import NoteBody
from adapters.woocommerce.values import clean_markup, read_optional_time
from plugin.contract import PayloadUnreadable, Shipment, ShipmentStatus

SYSTEM = "WooCommerce"
FROM_A_NOTE = "order note"
"""The parcel's `raw_status`: where it was found."""
MOST_NOTES = 20
NAMES_A_NUMBER = re.compile(
    r"(?:tracking\s+(?:number|no\.?|code|id)|tracking\s*\#"
    r"|n[uú]mero\s+de\s+(?:seguimiento|rastreo|gu[ií]a|env[ií]o|rastreamento|rastreio)"
    r"|c[oó]digo\s+de\s+(?:seguimiento|rastreo|env[ií]o|rastreamento|rastreio)"
    r"|n[.º°o]+\s*(?:de\s+)?(?:seguimiento|gu[ií]a|rastreio)"
    r"|gu[ií]a(?:\s+(?:n[.º°o]*|n[uú]mero|\#))?"
    r"|localizador)"
    r"\s*(?:is|es|é|:|\#|-|=|n[.º°o]+)?\s*[:\#]?\s*"
    r"(?P<number>[A-Za-z0-9][A-Za-z0-9._/-]{4,40})",
    re.IGNORECASE,
)


def read_notes(notes: Iterable[NoteBody]) -> tuple[Shipment, ...]:
    """The parcels that the newest notes name; a number named twice is one parcel."""
    found = []
    for note in list(notes)[:MOST_NOTES]:
        if note.customer_note is not True and note.author != SYSTEM:
            continue
        text = clean_markup(note.note)[:2000]
        for match in NAMES_A_NUMBER.finditer(text):
            number = match["number"].rstrip("._/-")
            if BARE_NUMBER.fullmatch(number):
                found.append(make_parcel(number, find_carrier(text), note))
    return unite(found)


def make_parcel(number: str, carrier: str, note: NoteBody) -> Shipment:
    try:
        written_at = read_optional_time(note.date_created_gmt, "note's date_created_gmt")
    except PayloadUnreadable:
        written_at = None
    return Shipment(
        status=ShipmentStatus.in_transit,
        raw_status=FROM_A_NOTE,
        tracking_number=number,
        carrier=carrier,
        shipped_at=written_at,
    )
