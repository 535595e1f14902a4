"""What the shopper should hear now: a pure function of an order's state, the ledger and the time.

Notices are decided from state, never from an event, so that lost, doubled and shuffled deliveries all tell
the same story. `list_facts` says what is true and worth hearing; `decide` says which of it is mailed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from plugin.contract import Notice, Order, OrderStatus, PaymentStatus
from plugin.notices.facts import RANK, Fact, Key, is_late, is_told_past, list_facts, overtakes
from plugin.orders import Parcel

TOO_LATE = timedelta(hours=48)
PAYING = timedelta(minutes=30)
"""How long an unpaid order is given before its shopper hears of it."""


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
    leased: bool = False
    """The platform keeps its own mails back only where we asked it to and it noted so on the order (`Order.untold`)."""
    mails_since: datetime | None = None
    """Since when the platform's mails are ours: an order placed before keeps the platform's to its end."""
    left_until: datetime | None = None
    """Until when the platform kept its mails back, or may still do so, whatever the merchant wishes by now."""
    own_status: bool = False
    """The order stands in a status of the shop's own, which means what the merchant says."""


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
    open_facts = [fact for fact in facts if _is_open(fact, facts, order, ledger, policy, now)]
    sendable: list[Fact] = []
    for fact in open_facts:
        reason = _blocked(fact, facts, order, policy, first, now)
        held_until = _held_until(fact, order, ledger, policy, now)
        if reason:
            decisions.append(Decision(notice=fact.notice, about=fact.about, reason=reason, fact_at=fact.at))
        elif held_until is not None:
            decisions += _hold(fact, held_until, ledger)
        else:
            sendable.append(fact)
    told = [key for key, entry in ledger.items() if entry.reason in ("sent", "told_together")]
    still_true = [fact for fact in facts if fact.key in told]
    return tuple(decisions + _choose(sendable, told, still_true, first))


def is_left(notice: Notice, order: Order, policy: Policy) -> bool:
    """Whether the platform mails this one itself, so that we must not."""
    if notice not in policy.platform_mails or notice in order.untold:
        return False
    return policy.mail_mode == "extra_only" or policy.leased


def _is_open(
    fact: Fact, facts: Sequence[Fact], order: Order, ledger: Mapping[Key, Entry], policy: Policy, now: datetime
) -> bool:
    """Whether there is something to decide: new, held, or left to a platform that now says it kept silent about it.
    Of a status of the shop's own no platform says such a thing, nor that it will not mail what it once did before."""
    entry = ledger.get(fact.key)
    if entry is None or entry.reason == "held":
        return True
    if entry.reason == "preview":
        return not policy.live and speaks(fact, facts, order, policy, now)
    theirs = policy.mail_mode != "all" and not _is_under_lease(fact, policy)
    return entry.reason == "platform_mails" and not theirs and _is_noted(fact, facts, order, policy)


def speaks(fact: Fact, facts: Sequence[Fact], order: Order, policy: Policy, now: datetime) -> bool:
    """Whether this may be told at all. Live: yes. A store that went back to preview still owes what the platform,
    which had not heard of it yet, left to it: nobody else tells that."""
    if policy.live:
        return True
    recent = policy.left_until is not None and now - policy.left_until <= TOO_LATE
    return recent and _is_under_lease(fact, policy) and _is_noted(fact, facts, order, policy)


def _is_under_lease(fact: Fact, policy: Policy) -> bool:
    return policy.left_until is not None and fact.earliest < policy.left_until


def _is_noted(fact: Fact, facts: Sequence[Fact], order: Order, policy: Policy) -> bool:
    """Whether the platform kept silent about this very fact because we asked it to."""
    if not policy.leased or policy.own_status:
        return False
    if fact.notice is Notice.partly_refunded and fact.about != _newest_refund(order):
        return False  # what the platform noted is about its last mail, and it mails each refund
    if fact.notice is Notice.shipped and not is_late(fact, order) and any(is_late(other, order) for other in facts):
        return False  # it kept silent about the number that came later, not about this one
    noted = fact.notice is not Notice.shipped or order.status is OrderStatus.completed
    return noted and fact.notice in policy.platform_mails and fact.notice in order.untold


def _newest_refund(order: Order) -> str:
    """Its id: by its time, where the platform dates refunds, else the last in its list."""
    dated = sorted(order.refunds, key=lambda refund: refund.created_at or order.created_at)
    return dated[-1].external_id if dated else ""


def _blocked(
    fact: Fact, facts: Sequence[Fact], order: Order, policy: Policy, first: bool, now: datetime
) -> str | None:
    """Why this must not be mailed, or None. Silence is the answer wherever the age of a fact is unknown."""
    if _is_old(fact, policy, first):
        return "before_connection"
    if now - (fact.earliest if first else fact.at) > TOO_LATE:
        return "too_late"
    if not speaks(fact, facts, order, policy, now):
        return "preview"
    if is_left(fact.notice, order, policy):
        return "platform_mails"
    if policy.suppressed:
        return "suppressed"
    return None if order.email else "no_address"


def _is_old(fact: Fact, policy: Policy, first: bool) -> bool:
    """Older than the connection; when it may be either, an order seen for the first time is taken as old."""
    if fact.at < policy.connected_at:
        return True
    return first and fact.earliest < policy.connected_at


def _waits_for_platform(fact: Fact, order: Order, policy: Policy) -> bool:
    """A number was typed, and the merchant usually completes the order next: then the platform's own mail goes out,
    and ours would be the second."""
    untold = fact.notice in policy.platform_mails and fact.notice in order.untold
    waits = fact.notice is Notice.shipped and order.status is OrderStatus.processing and not policy.own_status
    handed_over = policy.mails_since is not None and order.created_at >= policy.mails_since
    theirs = policy.mail_mode == "extra_only" or (policy.leased and not handed_over)
    return untold and waits and theirs


def _held_until(
    fact: Fact, order: Order, ledger: Mapping[Key, Entry], policy: Policy, now: datetime
) -> datetime | None:
    if _may_be_paying(fact, order):
        until = order.created_at + PAYING
        return until if until > now else None
    if not fact.lacks_number and not _waits_for_platform(fact, order, policy):
        return None
    entry = ledger.get(fact.key)
    until = entry.held_until if entry and entry.held_until else now + policy.hold
    return until if until > now else None


def _may_be_paying(fact: Fact, order: Order) -> bool:
    """Banks and wallets take minutes: who stands at their page must not read that the payment is missing, and hears
    of the order together with the payment."""
    unpaid = order.payment_status is PaymentStatus.unpaid and not order.pay_on_delivery
    waits = fact.notice in (Notice.order_received, Notice.payment_pending)
    return waits and unpaid and order.status is OrderStatus.pending


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
