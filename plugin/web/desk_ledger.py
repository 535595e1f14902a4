"""The ledger of an order for people: every mail, sent or not, with its reason in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from plugin.contract import Notice
from plugin.notices import LedgerRow
from plugin.notices.mail_facts import clean
from plugin.orders import OrderView
from plugin.web.desk_times import Times
from plugin.web.desk_words import name_notice, tell_reason


@dataclass(frozen=True)
class ToldLine:
    """One mail. `state`: sent, waiting, silent or failed; `subject` and `text`: the mail as it was handed over."""

    title: str
    about: str
    state: str
    reason: str
    row: LedgerRow
    subject: str
    text: str


def tell_ledger(
    lines: Sequence[LedgerRow], mails: Mapping[int, tuple[str, str]], view: OrderView, times: Times
) -> list[ToldLine]:
    """The lines in the order of deciding. `mails`: ledger row id → (subject, text)."""
    titles = {line.id: name_notice(line.notice, times.locale) for line in lines}
    return [_tell(line, titles, mails.get(line.id, ("", "")), view, times) for line in lines]


def _tell(
    line: LedgerRow, titles: dict[int, str], mail: tuple[str, str], view: OrderView, times: Times
) -> ToldLine:
    reason = "on_its_way" if line.reason == "sent" and line.sent_at is None else line.reason
    if reason == "held" and line.notice in (Notice.order_received, Notice.payment_pending):
        reason = "held_for_payment"
    elif reason == "held" and _has_number(line.about, view):
        reason = "held_for_platform"
    return ToldLine(
        title=titles[line.id], about=_about(line.about, view), state=_state(reason),
        reason=tell_reason(
            reason, times.locale, until=times.when(line.held_until) if line.held_until else "…",
            other=titles.get(line.told_in or 0, "…"), words=clean(line.words or "", 300),
        ),
        row=line, subject=mail[0], text=mail[1],
    )  # fmt: skip


def _state(reason: str) -> str:
    if reason in ("held", "held_for_payment", "held_for_platform", "on_its_way"):
        return "waiting"
    return reason if reason in ("sent", "failed") else "silent"


def _has_number(about: str, view: OrderView) -> bool:
    """Whether the parcel a line is about can be followed: then it does not wait for a number."""
    return any(parcel.key == about and parcel.shipment.tracking_number for parcel in view.parcels)


def _about(about: str, view: OrderView) -> str:
    """Which parcel (its carrier's number) or refund; '' for the whole order."""
    for parcel in view.parcels:
        if parcel.key == about:
            shipment = parcel.shipment
            return clean(" ".join(filter(None, (shipment.carrier, shipment.tracking_number))) or about, 100)
    return clean(about, 100)
