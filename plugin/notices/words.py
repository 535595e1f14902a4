"""What one notice says: its status in a few words, the first line of the mail, and a short paragraph or two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from plugin.contract import Notice
from plugin.notices import order_words as order
from plugin.notices import parcel_words as parcel
from plugin.notices.mail_facts import NoticeMail, is_paid_at_door
from plugin.notices.speaker import Speaker, Told


class UntrueNotice(ValueError):
    """Nobody who pays at the door may be told that a payment was received."""


_TELLERS: dict[Notice, Callable[[Speaker], Told]] = {
    Notice.order_received: order.tell_order_received,
    Notice.payment_pending: order.tell_payment_pending,
    Notice.payment_received: order.tell_payment_received,
    Notice.payment_failed: order.tell_payment_failed,
    Notice.on_hold: order.tell_on_hold,
    Notice.preparing: order.tell_preparing,
    Notice.shipped: parcel.tell_shipped,
    Notice.out_for_delivery: parcel.tell_out_for_delivery,
    Notice.ready_for_pickup: parcel.tell_ready_for_pickup,
    Notice.attempted: parcel.tell_attempted,
    Notice.delayed: parcel.tell_delayed,
    Notice.delivered: parcel.tell_delivered,
    Notice.returned: parcel.tell_returned,
    Notice.cancelled: order.tell_cancelled,
    Notice.refunded: order.tell_refunded,
    Notice.partly_refunded: order.tell_partly_refunded,
}


def tell(mail: NoticeMail) -> Told:
    """The words of this notice in its reader's language. Raises `UntrueNotice`."""
    if mail.notice is Notice.payment_received and is_paid_at_door(mail.order):
        raise UntrueNotice(f"Order {mail.order.external_id} is paid at the door: no payment was received.")
    return _TELLERS[mail.notice](Speaker(mail))


def told_also(mail: NoticeMail) -> tuple[str, ...]:
    """What this mail also tells, each in a few words; without doublets, and nothing untrue about money."""
    untrue = {mail.notice} | ({Notice.payment_received} if is_paid_at_door(mail.order) else set())
    others = [notice for notice in dict.fromkeys(mail.told_together) if notice not in untrue]
    return tuple(tell(replace(mail, notice=notice, refund=None)).status for notice in others)
