"""What the shopper should hear now: a pure function of an order's state, the ledger and the time.

Notices are decided from state, never from an event, so that lost, doubled and shuffled deliveries all tell
the same story. `list_facts` says what is true and worth hearing; `decide` says which of it is mailed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from plugin.contract import Notice, Order, OrderStatus, PaymentStatus, ShipmentStatus
from plugin.orders import Parcel

TOO_LATE = timedelta(hours=48)

PROGRESS = (
    Notice.order_received,
    Notice.payment_pending,
    Notice.on_hold,
    Notice.payment_failed,
    Notice.payment_received,
    Notice.preparing,
)
PARCEL = (
    Notice.shipped,
    Notice.delayed,
    Notice.out_for_delivery,
    Notice.ready_for_pickup,
    Notice.attempted,
    Notice.returned,
    Notice.delivered,
)
CLOSING = (Notice.cancelled, Notice.refunded)
ARRIVED = (Notice.delivered, Notice.returned)
RANK = {notice: rank for rank, notice in enumerate((*PROGRESS, *PARCEL, Notice.partly_refunded, *CLOSING))}

OF_SHIPMENT = {
    ShipmentStatus.in_transit: (Notice.shipped,),
    ShipmentStatus.delayed: (Notice.shipped, Notice.delayed),
    ShipmentStatus.out_for_delivery: (Notice.shipped, Notice.out_for_delivery),
    ShipmentStatus.ready_for_pickup: (Notice.shipped, Notice.ready_for_pickup),
    ShipmentStatus.attempted: (Notice.shipped, Notice.attempted),
    ShipmentStatus.failed: (Notice.shipped,),
    ShipmentStatus.returned: (Notice.shipped, Notice.returned),
    ShipmentStatus.delivered: (Notice.shipped, Notice.delivered),
}

Key = tuple[Notice, str]


@dataclass(frozen=True, kw_only=True)
class Fact:
    """Something true about an order that a shopper should hear once. It became true between `earliest`
    and `at`: platforms date some facts exactly, some to the day, some not at all."""

    notice: Notice
    about: str = ""
    at: datetime
    earliest: datetime
    lacks_number: bool = False

    @property
    def key(self) -> Key:
        return self.notice, self.about


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What the ledger says about one notice."""

    reason: str
    held_until: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Policy:
    """How the store wants it."""

    connected_at: datetime
    live: bool
    mail_mode: str
    platform_mails: frozenset[Notice]
    hold: timedelta
    suppressed: bool = False


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One line for the ledger. `told_in`: the notice whose mail tells this one too."""

    notice: Notice
    about: str
    reason: str
    fact_at: datetime | None = None
    held_until: datetime | None = None
    told_in: Key | None = None
    without_number: bool = False


def list_facts(order: Order, parcels: Sequence[Parcel]) -> tuple[Fact, ...]:
    """What is true now and worth hearing, least advanced first. A draft or unknown state tells nothing."""
    if order.status in (OrderStatus.draft, OrderStatus.unknown):
        return ()
    facts = [_fact(order, Notice.order_received, at=order.created_at)]
    facts += _money_facts(order)
    if order.status is OrderStatus.cancelled:
        facts.append(_fact(order, Notice.cancelled))
    elif not _fully_refunded(order):
        facts += _progress_facts(order, parcels) + _parcel_facts(order, parcels)
    return tuple(sorted(facts, key=lambda fact: (RANK[fact.notice], fact.about)))


def _fact(
    order: Order, notice: Notice, about: str = "", at: datetime | None = None, lacks_number: bool = False
) -> Fact:
    """A fact dated exactly, or (without `at`) some time between the order's making and its last change."""
    earliest, latest = (at, at) if at is not None else (order.created_at, order.modified_at)
    return Fact(notice=notice, about=about, at=latest, earliest=earliest, lacks_number=lacks_number)


def _fully_refunded(order: Order) -> bool:
    return order.status is OrderStatus.refunded or order.payment_status is PaymentStatus.refunded


def _money_facts(order: Order) -> list[Fact]:
    if _fully_refunded(order):
        dated = [refund.created_at for refund in order.refunds if refund.created_at]
        return [_fact(order, Notice.refunded, at=max(dated) if dated else None)]
    facts = [
        _fact(order, Notice.partly_refunded, refund.external_id, refund.created_at)
        for refund in order.refunds
    ]
    received = order.payment_status in (PaymentStatus.paid, PaymentStatus.partly_refunded)
    if received and not order.pay_on_delivery and order.status is not OrderStatus.failed:
        facts.append(_fact(order, Notice.payment_received, at=order.paid_at))
    return facts


def _progress_facts(order: Order, parcels: Sequence[Parcel]) -> list[Fact]:
    unpaid = order.payment_status is PaymentStatus.unpaid and not order.pay_on_delivery
    if order.status is OrderStatus.pending and unpaid:
        return [_fact(order, Notice.payment_pending)]
    if order.status is OrderStatus.failed or order.payment_status is PaymentStatus.failed:
        return [_fact(order, Notice.payment_failed)]
    if order.status is OrderStatus.on_hold:
        return [_fact(order, Notice.on_hold)]
    moving = order.dispatched or any(parcel.shipment.status in OF_SHIPMENT for parcel in parcels)
    if order.status is OrderStatus.processing and order.needs_shipping and not moving:
        return [_fact(order, Notice.preparing)]
    return []


def _parcel_facts(order: Order, parcels: Sequence[Parcel]) -> list[Fact]:
    facts = [
        _parcel_fact(order, parcel, notice)
        for parcel in parcels
        for notice in OF_SHIPMENT.get(parcel.shipment.status, ())
    ]
    if not parcels and order.dispatched and order.needs_shipping:
        facts.append(_fact(order, Notice.shipped, at=order.completed_at, lacks_number=True))
    return facts


def _parcel_fact(order: Order, parcel: Parcel, notice: Notice) -> Fact:
    shipment = parcel.shipment
    if notice is not Notice.shipped:
        dated = [event.occurred_at for event in shipment.events if event.status is shipment.status]
        return _fact(order, notice, parcel.key, max(dated) if dated else None)
    lacks = shipment.status is ShipmentStatus.in_transit and not shipment.tracking_number
    fact = _fact(order, notice, parcel.key, lacks_number=lacks)
    if shipment.shipped_at is None:
        return fact
    # Shops type the day of shipping, sometimes tomorrow's: it dates the fact to the day and no better.
    earliest = max(min(shipment.shipped_at, order.modified_at), order.created_at)
    latest = max(min(shipment.shipped_at + timedelta(days=1), order.modified_at), order.created_at)
    return replace(fact, earliest=earliest, at=latest)


def overtakes(one: Fact, other: Fact) -> bool:
    """Whether hearing `one` makes `other` old news.

    Progress is one line; each parcel is a line of its own that ends all progress; the end of an order ends
    everything; a partial refund stands beside the rest.
    """
    if one.notice is Notice.refunded:
        return RANK[other.notice] < RANK[one.notice]
    if Notice.partly_refunded in (one.notice, other.notice):
        return False
    if one.notice is Notice.cancelled:
        return RANK[other.notice] < RANK[one.notice]
    if one.notice in PARCEL and other.notice in PARCEL:
        return one.about == other.about and RANK[other.notice] < RANK[one.notice]
    return RANK[other.notice] < RANK[one.notice] and other.notice in PROGRESS


def is_told_past(fact: Fact, told: Iterable[Key]) -> bool:
    """Whether a mail that went out already makes this a step backwards, even where it is no longer true: after a
    parcel's first mail nobody hears of preparing, and a parcel once delivered or returned has arrived for good."""
    for notice, about in told:
        if notice in PARCEL and fact.notice in PROGRESS and fact.notice is not Notice.payment_received:
            return True
        if (
            notice in ARRIVED
            and fact.notice in PARCEL
            and about == fact.about
            and RANK[fact.notice] < RANK[notice]
        ):
            return True
    return False


def decide(
    order: Order,
    parcels: Sequence[Parcel],
    gone: bool,
    ledger: Mapping[Key, Entry],
    policy: Policy,
    now: datetime,
) -> tuple[Decision, ...]:
    """The new lines of the ledger. Pure: same state, ledger and time give the same lines.

    The most advanced notice that may be sent now is sent and overtakes lower ones; one that is held or
    blocked overtakes nothing; the first mail about an order tells everything together.
    """
    facts = () if gone else list_facts(order, parcels)
    true_now = {fact.key for fact in facts}
    decisions = [
        Decision(notice=notice, about=about, reason="overtaken")
        for (notice, about), entry in ledger.items()
        if entry.reason == "held" and (notice, about) not in true_now
    ]
    first = all(entry.reason == "held" for entry in ledger.values())
    open_facts = [fact for fact in facts if fact.key not in ledger or ledger[fact.key].reason == "held"]
    sendable: list[Fact] = []
    for fact in open_facts:
        reason = _blocked(fact, order, policy, first, now)
        held_until = _held_until(fact, ledger, policy, now)
        if reason:
            decisions.append(Decision(notice=fact.notice, about=fact.about, reason=reason, fact_at=fact.at))
        elif held_until is not None:
            decisions += _hold(fact, held_until, ledger)
        else:
            sendable.append(fact)
    told = [key for key, entry in ledger.items() if entry.reason in ("sent", "told_together")]
    still_true = [fact for fact in facts if fact.key in told]
    return tuple(decisions + _choose(sendable, told, still_true, first))


def _blocked(fact: Fact, order: Order, policy: Policy, first: bool, now: datetime) -> str | None:
    """Why this must not be mailed, or None. Silence is the answer wherever the age of a fact is unknown."""
    if _is_old(fact, policy, first):
        return "before_connection"
    if now - (fact.earliest if first else fact.at) > TOO_LATE:
        return "too_late"
    if not policy.live:
        return "preview"
    if policy.mail_mode == "extra_only" and fact.notice in policy.platform_mails:
        return "platform_mails"
    if policy.suppressed:
        return "suppressed"
    return None if order.email else "no_address"


def _is_old(fact: Fact, policy: Policy, first: bool) -> bool:
    """Older than the connection; when it may be either, an order seen for the first time is taken as old."""
    if fact.at < policy.connected_at:
        return True
    return first and fact.earliest < policy.connected_at


def _held_until(fact: Fact, ledger: Mapping[Key, Entry], policy: Policy, now: datetime) -> datetime | None:
    if not fact.lacks_number:
        return None
    entry = ledger.get(fact.key)
    until = entry.held_until if entry and entry.held_until else now + policy.hold
    return until if until > now else None


def _hold(fact: Fact, until: datetime, ledger: Mapping[Key, Entry]) -> list[Decision]:
    if fact.key in ledger:
        return []
    return [Decision(notice=fact.notice, about=fact.about, reason="held", fact_at=fact.at, held_until=until)]


def _choose(
    sendable: Sequence[Fact], told: Sequence[Key], still_true: Sequence[Fact], first: bool
) -> list[Decision]:
    if not sendable:
        return []
    if first:
        return _tell_together(sendable)
    decisions = []
    for fact in sendable:
        newer = is_told_past(fact, told) or any(
            overtakes(other, fact)
            for other in (*sendable, *([] if fact.notice is Notice.payment_received else still_true))
        )
        reason = "overtaken" if newer else "sent"
        decisions.append(
            Decision(
                notice=fact.notice,
                about=fact.about,
                reason=reason,
                fact_at=fact.at,
                without_number=fact.lacks_number,
            )
        )
    return decisions


def _tell_together(sendable: Sequence[Fact]) -> list[Decision]:
    """The first mail about an order: its most advanced notice, telling all the others too."""
    winner = max(sendable, key=lambda fact: (RANK[fact.notice], fact.at, fact.about))
    sent = Decision(
        notice=winner.notice,
        about=winner.about,
        reason="sent",
        fact_at=winner.at,
        without_number=winner.lacks_number,
    )
    rest = [
        Decision(
            notice=fact.notice, about=fact.about, reason="told_together", fact_at=fact.at, told_in=winner.key
        )
        for fact in sendable
        if fact is not winner
    ]
    return [sent, *rest]
