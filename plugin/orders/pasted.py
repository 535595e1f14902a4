"""Tracking numbers pasted as text: `order;carrier;number[;link]` per line, or as a spreadsheet copies it."""

from __future__ import annotations

import csv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy.orm import Session

from plugin.contract import Shipment
from plugin.orders.find import find_by_number
from plugin.orders.models import OrderRow
from plugin.orders.shipments import Wish, clean_number, is_there, list_wishes, make_typed

MOST_LINES = 500
LONGEST_LINE = 2000
Fate = Literal["ok", "unknown_order", "there", "wrong_number", "unreadable"]


@dataclass(frozen=True)
class PastedLine:
    """One line as it was read. `place` counts from 1, as in the text field."""

    place: int
    order: str
    carrier: str
    number: str
    link: str


@dataclass(frozen=True)
class Checked:
    """One line with its fate; `row` and `shipment` where there is one."""

    line: PastedLine
    fate: Fate
    row: OrderRow | None = None
    shipment: Shipment | None = None


def read_pasted(text: str) -> list[PastedLine]:
    """The lines that say something, at most `MOST_LINES`; a heading above them is left out."""
    lines: list[PastedLine] = []
    for place, written in enumerate(text.lstrip("\ufeff").splitlines(), start=1):
        cells = _split(written.replace("\x00", "")[:LONGEST_LINE])
        if not any(cells):
            continue
        if len(cells) == 2:  # without the carrier's name
            cells = [cells[0], "", cells[1]]
        line = PastedLine(place, *(cells + [""] * 4)[:4])
        if not lines and _is_heading(line):
            continue
        lines.append(line)
        if len(lines) == MOST_LINES:
            break
    return lines


def _split(written: str) -> list[str]:
    sign = next((sign for sign in "\t;," if sign in written), ";")
    try:
        cells = next(csv.reader([written], delimiter=sign), [])
    except csv.Error:
        cells = written.split(sign)
    return [" ".join(cell.replace("\ufeff", "").split()) for cell in cells]


def _is_heading(line: PastedLine) -> bool:
    return not any(sign.isdigit() for sign in line.order + line.number)


def check_pasted(tx: Session, store_id: int, text: str, now: datetime) -> list[Checked]:
    """What would become of each line. An order is found by the exact number people see, with and without
    its sign, and in capitals where it was typed without."""
    vault = tx.get_bind().dialect.mostrador_vault  # type: ignore[attr-defined]

    def find_exactly(number: str) -> OrderRow | None:
        bare = number.lstrip("#")
        variants = dict.fromkeys((number, bare, f"#{bare}", bare.upper()))
        return next((row for one in variants if (row := find_by_number(tx, vault, store_id, one))), None)

    wishes = list_wishes(tx, store_id)
    checked: list[Checked] = []
    wished: set[tuple[int, str]] = set()
    for line in read_pasted(text):
        one = _check(tx, line, find_exactly, wishes, now)
        if one.row is not None and one.shipment is not None and one.fate == "ok":
            mark = (one.row.id, one.shipment.tracking_number.upper())
            one = Checked(line, "there", one.row) if mark in wished else one
            wished.add(mark)
        checked.append(one)
    return checked


def _check(
    tx: Session, line: PastedLine, find: Callable[[str], OrderRow | None], wishes: Sequence[Wish], now: datetime
) -> Checked:
    if not line.order or not line.number:
        return Checked(line, "unreadable")
    row = find(line.order[:80])
    if row is None or row.gone_at is not None:
        return Checked(line, "unknown_order")
    if not clean_number(line.number):
        return Checked(line, "wrong_number", row)
    shipment = make_typed(line.carrier, line.number, line.link, now)
    return Checked(line, "there" if is_there(tx, row, shipment, wishes) else "ok", row, shipment)
