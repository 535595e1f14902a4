"""The shop's own statuses: what each tells a shopper, guessed from its name and confirmed by the owner."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, abort, request
from sqlalchemy.orm import Session

from plugin.contract import Meaning
from plugin.orders.raw_statuses import count_by_raw_status
from plugin.stores.models import StatusWordRow
from plugin.stores.status_words import confirm_meaning, list_status_words
from plugin.web.access import here_store, owners_only
from plugin.web.desk_frame import back_to, desk, page_locale, render
from plugin.web.desk_meanings import explain_meaning, name_meaning
from plugin.web.doors import doors


@dataclass(frozen=True)
class OwnStatus:
    """One status as the page shows it. `state`: confirmed, guessed or unmapped; `chosen`: the meaning to begin with."""

    row: StatusWordRow
    state: str
    chosen: str
    orders: int


def count_statuses(tx: Session, store_id: int) -> tuple[int, int]:
    """How many of the shop's own statuses are confirmed, and how many it has."""
    own = [row for row in list_status_words(tx, store_id) if not row.known]
    return sum(row.meaning is not None for row in own), len(own)


@desk.get("/<store>/statuses")
def statuses() -> Response:
    """Every status the shop's orders can have; those of its own invention first."""
    row, locale = here_store(), page_locale()
    with doors().db.reading(row.id) as tx:
        words, orders = list_status_words(tx, row.id), count_by_raw_status(tx, row.id)
    own = [_show(word, orders.get(word.raw_status, 0)) for word in words if not word.known]
    own.sort(key=lambda one: (one.state == "confirmed", one.state == "guessed", -one.orders))
    return render(
        "statuses.html", store=row, own=own, done=request.args.get("done", ""),
        known=[(word, orders.get(word.raw_status, 0)) for word in words if word.known],
        guessed=sum(one.state == "guessed" for one in own), open=sum(one.state != "confirmed" for one in own),
        meanings=[(one.value, name_meaning(one, locale), explain_meaning(one, locale)) for one in Meaning],
        names={one.value: name_meaning(one, locale) for one in Meaning},
    )  # fmt: skip


def _show(word: StatusWordRow, orders: int) -> OwnStatus:
    if word.meaning is not None:
        return OwnStatus(word, "confirmed", word.meaning, orders)
    return OwnStatus(word, "guessed" if word.guess else "unmapped", word.guess or "", orders)


@desk.post("/<store>/statuses/<int:status_id>")
@owners_only
def confirm_status(status_id: int) -> Response:
    """What one status means; an empty choice opens it again, and nothing is sent for it."""
    row, given = here_store(), request.form.get("meaning", "")
    if given and given not in set(Meaning):
        abort(404)
    with doors().db.transaction(row.id) as tx:
        word = next((one for one in list_status_words(tx, row.id) if one.id == status_id and not one.known), None)
        if word is None:
            abort(404)
        confirm_meaning(word, Meaning(given) if given else None, doors().clock.now())
    return back_to("desk.statuses", "status" if given else "status_open", anchor=f"status-{status_id}")


@desk.post("/<store>/statuses")
@owners_only
def confirm_guesses() -> Response:
    """Every guess is right, says the owner; what nobody could guess stays open. Only what the page showed counts: a
    guess that changed meanwhile has to be seen first."""
    row = here_store()
    seen = set(request.form.getlist("guess"))
    with doors().db.transaction(row.id) as tx:
        for word in list_status_words(tx, row.id):
            if not word.known and word.meaning is None and word.guess and f"{word.id}:{word.guess}" in seen:
                confirm_meaning(word, Meaning(word.guess), doors().clock.now())
    return back_to("desk.statuses", "guesses")
