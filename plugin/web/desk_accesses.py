"""Who looked at which shopper's data: the access log for the store's owners, on a page and as a CSV file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Response, request, stream_with_context

from plugin.care import write_time
from plugin.privacy import KEEP_ACCESSES, AccessRow, list_accesses, list_lookers
from plugin.web.access import here_store, owners_only
from plugin.web.desk_frame import _, desk, render
from plugin.web.doors import doors
from plugin.web.row_ids import read_row_id

AT_ONCE = 100
CSV_AT_ONCE = 1000
COLUMNS = ("at", "agent", "kind", "subject")
"""Of the CSV file, which programs read: in no language."""
STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class _Wish:
    """What of the log is asked for."""

    agent: int | None
    subject: str


@dataclass(frozen=True)
class ToldLook:
    """One line of the log for people. `subject`: a number or an id to filter by; '' for a list."""

    row: AccessRow
    kind: str
    subject: str


@desk.get("/<store>/accesses")
@owners_only
def accesses() -> Response:
    """The newest looks, 100 at a time; ``?agent=`` (row id), ``?subject=`` and ``?before=`` (the last row's id)."""
    store, wish = here_store(), _read_wish()
    with doors().db.reading(store.id) as tx:
        rows = list_accesses(
            tx, store.id, agent_id=wish.agent, subject=wish.subject, before=read_row_id("before"), most=AT_ONCE + 1
        )
        lookers = list_lookers(tx, store.id)
    shown = rows[:AT_ONCE]
    return render(
        "accesses.html", looks=[_tell(row) for row in shown], lookers=lookers, agent=wish.agent, subject=wish.subject,
        older=shown[-1].id if len(rows) > AT_ONCE else None, newest=read_row_id("before") is None,
        days=KEEP_ACCESSES.days,
    )  # fmt: skip


@desk.get("/<store>/accesses.csv")
@owners_only
def accesses_file() -> Response:
    """All that the filter leaves, as CSV: UTF-8, times in UTC, and no cell that a spreadsheet would compute."""
    lines = stream_with_context(_write_lines(here_store().id, _read_wish()))
    answer = Response(lines, mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="accesses.csv"'
    return answer


def _read_wish() -> _Wish:
    return _Wish(read_row_id("agent"), " ".join(request.args.get("subject", "").split())[:120])


def _tell(row: AccessRow) -> ToldLook:
    lists = {"orders": _("List of orders"), "conversations": _("List of conversations"),
             "shipments": _("List of parcels"), "learned": _("What the bot has learned"),
             "gaps": _("Questions without an answer")}  # fmt: skip
    if row.kind == "list":
        return ToldLook(row, lists.get(row.subject, _("List")), "")
    names = {
        "order": _("Order, with its mails"), "conversation": _("Conversation"), "mail": _("Mail"),
        "copy": _("Copy of a customer's data"), "erasure": _("Erasure of a customer"), "search": _("Search"),
    }  # fmt: skip
    return ToldLook(row, names.get(row.kind, row.kind), row.subject)


def _write_lines(store_id: int, wish: _Wish) -> Iterator[str]:
    """The file in pieces, each read in a short transaction of its own."""
    yield "\ufeff" + _write_rows([COLUMNS])  # without the mark Excel takes UTF-8 for something else
    before: int | None = None
    while True:
        with doors().db.reading(store_id) as tx:
            rows = list_accesses(
                tx, store_id, agent_id=wish.agent, subject=wish.subject, before=before, most=CSV_AT_ONCE
            )
        if rows:
            yield _write_rows([(write_time(row.at), row.agent, row.kind, row.subject) for row in rows])
        if len(rows) < CSV_AT_ONCE:
            return
        before = rows[-1].id


def _write_rows(rows: list[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([[defuse(cell) for cell in row] for row in rows])
    return out.getvalue()


def defuse(cell: str) -> str:
    """The cell with an apostrophe before what a spreadsheet would take for a formula.
    https://owasp.org/www-community/attacks/CSV_Injection"""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(STARTS_FORMULA) else cell
