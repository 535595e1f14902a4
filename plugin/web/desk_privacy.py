"""What was asked about customers' data, by the platform or by an owner: the list, a receipt for each, the copies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Response, abort, request

from plugin.mail import MailInvalid, check_address
from plugin.privacy import (
    KEEP_COPIES,
    PrivacyRequest,
    ask_for_customer,
    find_request,
    list_requests,
    list_waiting,
)
from plugin.privacy.requests import Waiting
from plugin.registry import UnknownAdapter
from plugin.web.access import here_store, owners_only
from plugin.web.desk_frame import _, back_to, desk, page_locale, render
from plugin.web.desk_looks import note_look
from plugin.web.desk_times import Times
from plugin.web.doors import doors
from plugin.web.row_ids import read_row_id

WISHES = ("copy", "erasure")
AT_ONCE = 100
MOST_WAITING = 20
"""An owner's own requests at once: each looks through everything of the store."""


@dataclass(frozen=True)
class ToldRequest:
    """One request for people. `counted`: what was found, (name, count); `until`: how long its copy can be had."""

    row: PrivacyRequest
    kind: str
    by: str
    took: str
    counted: list[tuple[str, int]]
    until: datetime | None


@dataclass(frozen=True)
class ToldWaiting:
    """One that is not done yet."""

    kind: str
    by: str
    asked_at: datetime
    words: str


@desk.get("/<store>/privacy")
@owners_only
def privacy() -> Response:
    """The list, newest first and 100 at a time (``?before=`` the last row's id), with what still waits, and where an
    owner asks for a copy or an erasure."""
    return _show()


def _show(status: int = 200, fault: str = "", email: str = "") -> Response:
    store, here, before = here_store(), doors(), read_row_id("before")
    with here.db.reading(store.id) as tx:
        rows = list_requests(tx, store.id, before=before, most=AT_ONCE + 1)
        waiting = list_waiting(tx, here.db, store.id) if before is None else []
    done = {
        "copy": _("The copy is being made. Load this page again in a moment."),
        "erasure": _("The customer is being erased. Load this page again in a moment."),
    }.get(request.args.get("done", ""), "")
    return render(
        "privacy.html", status, requests=[_tell(row) for row in rows[:AT_ONCE]], fault=fault, email=email, done=done,
        waiting=[_tell_waiting(one) for one in waiting], platform=_label(), newest=before is None,
        older=rows[AT_ONCE - 1].id if len(rows) > AT_ONCE else None,
    )  # fmt: skip


def _tell_waiting(one: Waiting) -> ToldWaiting:
    words = ""
    if one.is_nobody:
        words = _("It names no e-mail address, no customer and no order, so nobody could be looked for.")
    elif one.buried:
        words = _("It was given up: {words} Play it again under What rests.").format(words=one.words)
    elif one.words:
        words = _("It could not be done so far, and is tried again: {words}").format(words=one.words)
    return ToldWaiting(_name_kind(one.kind), _name_asker(one.kind), one.asked_at, words)


@desk.get("/<store>/privacy/<receipt>")
@owners_only
def privacy_receipt(receipt: str) -> Response:
    """One request on a page to print, and nothing on it that says whom it was about."""
    row = _find(receipt)
    return render("privacy_receipt.html", told=_tell(row), store=here_store(), platform=_label())


@desk.get("/<store>/privacy/<receipt>/copy.json")
@owners_only
def privacy_copy(receipt: str) -> Response:
    """The copy of a customer's data, to be handed on to them; noted, and 404 once it is gone."""
    row = _find(receipt)
    if row.copy is None:
        abort(404)
    note_look("copy", row.public_id)
    answer = Response(row.copy, mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{row.public_id}.json"'
    return answer


@desk.post("/<store>/privacy/ask")
@owners_only
def ask_about_customer() -> Response:
    """First what will happen, then with ``sure`` it is promised. Whom it is about travels in forms, never in a URL."""
    wish, written = request.form.get("wish", ""), request.form.get("email", "").strip()
    if wish not in WISHES:
        abort(404)
    email = written.lower()
    try:
        check_address(email)
    except MailInvalid:
        return _show(422, _("Write the customer's e-mail address, as it stands in their orders."), written[:254])
    if request.form.get("sure") != "yes":
        return render("privacy_ask.html", wish=wish, email=email, store=here_store(), days=KEEP_COPIES.days)
    store, here = here_store(), doors()
    with here.db.reading(store.id) as tx:
        busy = len(list_waiting(tx, here.db, store.id)) >= MOST_WAITING
    if busy:
        return _show(429, _("Many requests are waiting already. Ask again when they are done."), email)
    with here.db.transaction(store.id) as tx:
        receipt = ask_for_customer(tx, here.db, store.id, wish, email, here.clock.now())
    note_look(wish, receipt)
    return back_to("desk.privacy", wish)


def _find(public_id: str) -> PrivacyRequest:
    """The request of this store; 404 for any other."""
    store = here_store()
    with doors().db.reading(store.id) as tx:
        row = find_request(tx, store.id, public_id)
    return row or abort(404)


def _label() -> str:
    store = here_store()
    try:
        return doors().registry.get(store.platform).label
    except UnknownAdapter:
        return store.platform


def _tell(row: PrivacyRequest) -> ToldRequest:
    return ToldRequest(
        row=row, kind=_name_kind(row.kind), by=_name_asker(row.kind), took=_tell_time(row.asked_at, row.done_at),
        counted=_name_counts(row.counts), until=row.done_at + KEEP_COPIES if row.copy is not None else None,
    )  # fmt: skip


def _name_kind(kind: str) -> str:
    return _("Copy of the data") if kind.endswith("copy") else _("Erasure")


def _name_asker(kind: str) -> str:
    return _("An owner of the store") if kind.startswith("own_") else _("The platform ({name})").format(name=_label())


def _tell_time(asked_at: datetime, done_at: datetime) -> str:
    """How long it took, in one unit."""
    if (done_at - asked_at).total_seconds() < 60:
        return _("less than a minute")
    return Times(page_locale(), "UTC", done_at).since(asked_at)


def _name_counts(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """What was found, in the order people ask for it; a kind that has no name here is left out."""
    names = {
        "orders": _("Orders"), "shipments": _("Parcels"), "conversations": _("Conversations"),
        "mentions": _("Messages elsewhere that name the address"), "receipts": _("Deliveries of the platform"),
        "looks": _("Looks noted in the access log"),
    }  # fmt: skip
    return [(name, counts[key]) for key, name in names.items() if key in counts]
