"""The connection doctor: what it found, what it mended, and a button that asks it again."""

from __future__ import annotations

from flask import Response, request

from plugin.stores import get_store
from plugin.stores.coverage import is_at_work, promise_examination
from plugin.web.access import here_store, owners_only
from plugin.web.adapter_words import tell_trouble
from plugin.web.desk_coverage import tell_findings
from plugin.web.desk_frame import back_to, desk, is_htmx, page_locale, render
from plugin.web.doors import doors

MOST_LOOKS = 40
"""How often the page looks by itself whether the examination is over, two seconds apart."""


@desk.get("/<store>/doctor")
def doctor() -> Response:
    """Every question the doctor asked, with its answer."""
    return _show(0, part=False)


@desk.get("/<store>/doctor/findings")
def show_findings() -> Response:
    """The findings alone, which the page asks for while the doctor is at work; without htmx the whole page."""
    asked = request.args.get("looks", "")
    looks = min(int(asked), MOST_LOOKS) if asked.isascii() and asked.isdecimal() and len(asked) < 4 else MOST_LOOKS
    return _show(looks, part=is_htmx())


def _show(looks: int, *, part: bool) -> Response:
    row = here_store()
    with doors().db.reading(row.id) as tx:
        busy = is_at_work(tx, row.id, "stores.examine")
    findings = tell_findings(row, page_locale())
    return render(
        "doctor_findings.html" if part else "doctor.html", store=row, part=part, findings=findings, busy=busy,
        looks=looks + 1, asks_again=busy and looks < MOST_LOOKS,
        wrong=sum(one["state"] == "trouble" for one in findings), trouble=tell_trouble(row, page_locale()),
        mended=sum(one["state"] == "mended" for one in findings), done=request.args.get("done", ""),
    )  # fmt: skip


@desk.post("/<store>/doctor")
@owners_only
def examine() -> Response:
    """A job asks the doctor; the page shows what it found once it is done."""
    row, now = here_store(), doors().clock.now()
    with doors().db.transaction(row.id) as tx:
        promise_examination(tx, get_store(tx, row.id), now)
    return back_to("desk.doctor")
