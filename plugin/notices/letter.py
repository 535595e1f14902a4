"""Everything a mail shows, as words: the templates only lay it out, so that HTML and text say the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plugin.contract import Notice, OrderLine, PaymentStatus, Shipment, ShipmentStatus
from plugin.language import language_of
from plugin.notices.contact_words import WaysToReachUs, write_ways
from plugin.notices.mail_facts import (
    NoticeMail,
    all_parcels,
    clean,
    greeting_name,
    is_paid_at_door,
    is_unpaid_at_door,
    known_refunds,
    money_due,
    parcel_place,
    refunded_money,
    safe_link,
)
from plugin.notices.speaker import Speaker
from plugin.notices.words import tell, told_also

# Mail programs cut a mail at about 100 kB; what is left out is counted, and stands on the order's page.
MOST_LINES = 40
MOST_PARCELS = 20
MOST_REFUNDS = 10

_STEP_OF = {
    Notice.order_received: 0, Notice.payment_pending: 0, Notice.payment_received: 0, Notice.on_hold: 0,
    Notice.preparing: 1, Notice.shipped: 2, Notice.out_for_delivery: 2, Notice.ready_for_pickup: 2,
    Notice.attempted: 2, Notice.delayed: 2, Notice.delivered: 3,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """Where a click leads, always http or https."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class StepWords:
    """One of the four steps of an order; `state` is ``done``, ``now`` or ``next``."""

    title: str
    state: str


@dataclass(frozen=True, slots=True)
class ParcelWords:
    """One parcel: its title with where it is, then lines about it."""

    title: str
    status: str
    lines: tuple[str, ...]
    link: Link | None


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail in words. Empty parts are left out."""

    language: str
    store: str
    store_url: str
    subject: str
    headline: str
    greeting: str
    lead: tuple[str, ...]
    at_door: str
    action: Link | None
    steps: tuple[StepWords, ...]
    also_title: str
    also: tuple[str, ...]
    parcels_title: str
    parcels: tuple[ParcelWords, ...]
    order_title: str
    lines: tuple[str, ...]
    sums: tuple[tuple[str, str], ...]
    help_title: str
    help: tuple[Link, ...]
    closing: str
    ways: WaysToReachUs
    reason: str
    unsubscribe: Link | None

    @property
    def preview(self) -> str:
        """What mailbox lists show beside the subject: the status, then the first words."""
        return " ".join((f"{self.headline}.", self.at_door, *self.lead))[:200].strip()


def write_letter(mail: NoticeMail) -> Letter:
    """The whole mail in its reader's words. Raises `UntrueNotice`."""
    say, told = Speaker(mail), tell(mail)
    _, store = say.gettext, clean(mail.store_name, 80)
    number, name = clean(mail.order.number or mail.order.external_id, 40), greeting_name(mail.order.customer_name)
    return Letter(
        language=language_of(mail.locale),
        store=store,
        store_url=safe_link(mail.store_url),
        subject=_subject(say, number, told.status),
        headline=told.headline,
        greeting=_("Hello, {name}:").format(name=name) if name else "",
        lead=told.lead,
        at_door=say.at_door() if is_unpaid_at_door(mail) else "",
        action=_action(say),
        steps=_steps(say),
        also_title=_("So far"),
        also=tuple(_capital(words) for words in told_also(mail)),
        parcels_title=_("Where things are"),
        parcels=_parcels(say),
        order_title=_("Your order {number}").format(number=number),
        lines=_lines(say),
        sums=_sums(say),
        help_title=_("This may help you"),
        help=_help(mail),
        closing=_("If you need anything, just answer this mail.") if mail.can_reply else "",
        ways=write_ways(mail.ways, mail.locale, safe_link(mail.help_url)),
        reason=_reason(say, number, store),
        unsubscribe=_link(_("Stop these mails"), mail.unsubscribe_url),
    )


def _subject(say: Speaker, number: str, status: str) -> str:
    _, place = say.gettext, parcel_place(say.mail)
    if place is None:
        return _("Order {number}: {status}").format(number=number, status=status)
    pattern = _("Order {number}, parcel {place} of {count}: {status}")
    return pattern.format(number=number, place=place[0], count=place[1], status=status)


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _link(title: str, url: str) -> Link | None:
    return Link(title, url) if safe_link(url) else None


def _reason(say: Speaker, number: str, store: str) -> str:
    if store:
        return say.gettext("You are getting this mail because of your order {number} at {store}.").format(
            number=number, store=store
        )
    return say.gettext("You are getting this mail because of your order {number}.").format(number=number)


def _action(say: Speaker) -> Link | None:
    mail, _ = say.mail, say.gettext
    title = _("Follow your order") if mail.notice in _STEP_OF and mail.order.needs_shipping else _("See your order")
    return _link(title, mail.tracking_url) or _link(title, mail.order.status_url)


def _help(mail: NoticeMail) -> tuple[Link, ...]:
    links = (_link(clean(title, 120), url) for title, url in mail.help_links[:5])
    return tuple(link for link in links if link and link.title)


def _steps(say: Speaker) -> tuple[StepWords, ...]:
    mail, _ = say.mail, say.gettext
    if mail.notice not in _STEP_OF or not mail.order.needs_shipping:
        return ()
    now = _STEP_OF[mail.notice]
    if mail.notice is Notice.delivered and any(one.status != ShipmentStatus.delivered for one in all_parcels(mail)):
        now = 2
    titles = (_("Received"), _("Preparing"), _("On its way"), _("Delivered"))
    last = len(titles) - 1
    return tuple(
        StepWords(title, "done" if place < now or now == last else "now" if place == now else "next")
        for place, title in enumerate(titles)
    )


def _parcels(say: Speaker) -> tuple[ParcelWords, ...]:
    _, parcels = say.gettext, all_parcels(say.mail)
    shown = tuple(
        _parcel(say, parcel, place, len(parcels)) for place, parcel in enumerate(parcels[:MOST_PARCELS], start=1)
    )
    left = len(parcels) - MOST_PARCELS
    if left > 0:
        words = say.ngettext("{count} more parcel", "{count} more parcels", left).format(count=left)
        return (*shown, ParcelWords(words, "", (), None))
    return shown


def _parcel(say: Speaker, parcel: Shipment, place: int, count: int) -> ParcelWords:
    _ = say.gettext
    title = _("Parcel {place} of {count}").format(place=place, count=count) if count > 1 else _("Your parcel")
    carrier, number = clean(parcel.carrier, 60), clean(parcel.tracking_number, 60)
    lines = [f"{carrier} · {number}" if carrier and number else carrier or number]
    if not number and _is_moving(parcel):
        lines.append(_("No tracking number so far"))
    if parcel.expected_at and _is_moving(parcel):
        lines.append(_("Expected: {day}").format(day=say.day(parcel.expected_at)))
    if count > 1:
        lines.append(_contents(say, parcel))
    link = _link(_("Follow it with the carrier") if not carrier else _("Follow it with {carrier}").format(
        carrier=carrier), parcel.tracking_url)
    return ParcelWords(title, _whereabouts(say, parcel), tuple(line for line in lines if line), link)


def _is_moving(parcel: Shipment) -> bool:
    return parcel.status in (
        ShipmentStatus.in_transit, ShipmentStatus.out_for_delivery, ShipmentStatus.attempted, ShipmentStatus.delayed,
    )  # fmt: skip


def _whereabouts(say: Speaker, parcel: Shipment) -> str:
    """The parcel's status, with the day when it was delivered; nothing when it is unknown."""
    _, status = say.gettext, parcel.status
    words = {
        ShipmentStatus.label_created: _("ready to leave"),
        ShipmentStatus.in_transit: _("on its way"),
        ShipmentStatus.out_for_delivery: _("out for delivery"),
        ShipmentStatus.ready_for_pickup: _("ready to pick up"),
        ShipmentStatus.attempted: _("delivery attempted"),
        ShipmentStatus.delayed: _("delayed"),
        ShipmentStatus.delivered: _("delivered"),
        ShipmentStatus.failed: _("could not be delivered"),
        ShipmentStatus.returned: _("coming back to us"),
    }.get(status, "")
    day = _day_of(say, parcel, status) if status == ShipmentStatus.delivered else ""
    return f"{words}, {day}" if day else words


def _day_of(say: Speaker, parcel: Shipment, status: ShipmentStatus) -> str:
    days: list[datetime] = [event.occurred_at for event in parcel.events if event.status == status]
    return say.day(max(days)) if days else ""


def _contents(say: Speaker, parcel: Shipment) -> str:
    names = {line.external_id: clean(line.name, 80) for line in say.mail.order.lines}
    inside = [f"{quantity} × {names[line]}" for line, quantity in parcel.items[:10] if names.get(line)]
    return say.gettext("Inside: {things}").format(things=", ".join(inside)) if inside else ""


def _lines(say: Speaker) -> tuple[str, ...]:
    lines = say.mail.order.lines
    shown = tuple(_line(line) for line in lines[:MOST_LINES])
    left = len(lines) - MOST_LINES
    if left > 0:
        more = say.ngettext("… and {count} more line", "… and {count} more lines", left)
        return (*shown, more.format(count=left))
    return shown


def _line(line: OrderLine) -> str:
    details = ", ".join(filter(None, (clean(detail, 60) for detail in line.details[:5])))
    name = clean(line.name, 120)
    return f"{line.quantity} × {name} ({details})" if details else f"{line.quantity} × {name}"


def _sums(say: Speaker) -> tuple[tuple[str, str], ...]:
    """Total, refunds and how it is paid, each a title and a value."""
    _, mail = say.gettext, say.mail
    rows = [(_("Total"), say.money(mail.order.total)), *_refund_rows(say)]
    if is_unpaid_at_door(mail):
        when = _("To pay when you pick it up") if mail.notice is Notice.ready_for_pickup else _("To pay at the door")
        return (*rows, (when, say.money(money_due(mail))))
    payment = _payment(say)
    return (*rows, (_("Payment"), payment)) if payment else tuple(rows)


def _refund_rows(say: Speaker) -> list[tuple[str, str]]:
    _, mail = say.gettext, say.mail
    refunds = known_refunds(mail)
    if len(refunds) > MOST_REFUNDS:
        return [(_("Refunded"), f"−{say.money(refunded_money(mail))}")]
    rows = []
    for refund in refunds:
        reason = clean(refund.reason, 60)
        title = _("Refund: {reason}").format(reason=reason) if reason else _("Refund")
        rows.append((title, f"−{say.money(refund.amount)}"))
    return rows


def _payment(say: Speaker) -> str:
    _, order = say.gettext, say.mail.order
    if is_paid_at_door(order):
        return _("on delivery")
    return {
        PaymentStatus.unpaid: _("still to come"),
        PaymentStatus.authorized: _("reserved, not charged yet"),
        PaymentStatus.paid: _("paid"),
        PaymentStatus.partly_refunded: _("paid, partly refunded"),
        PaymentStatus.refunded: _("refunded"),
        PaymentStatus.failed: _("did not go through"),
    }.get(order.payment_status, "")
