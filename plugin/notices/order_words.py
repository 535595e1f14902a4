"""What is said about an order and its money. The store speaks to its shopper: warm, short, exact.

Nothing is said about money that the order does not say: who pays at the door never reads that a payment
arrived, and a cancelled order promises no refund.
"""

from __future__ import annotations

from plugin.contract import Money, PaymentStatus
from plugin.notices.mail_facts import (
    NoticeMail,
    all_parcels,
    has_left_the_shop,
    is_arrived,
    is_paid_at_door,
    is_unpaid_at_door,
    money_due,
    refunded_money,
    this_refund,
)
from plugin.notices.speaker import Speaker, Told, joined


def tell_order_received(say: Speaker) -> Told:
    _ = say.gettext
    after = (
        _("Thank you for your order. We will write to you when it leaves.")
        if say.mail.order.needs_shipping
        else _("Thank you for your order. We will write to you when there is news.")
    )
    return Told(_("received"), _("We have your order"), (after,))


def tell_payment_pending(say: Speaker) -> Told:
    _, amount = say.gettext, say.money(money_due(say.mail))
    lead = joined(
        _("As soon as your payment of {amount} arrives, we will get started.").format(amount=amount),
        _("If you have already paid, there is nothing else to do."),
    )
    return Told(_("waiting for payment"), _("Your order is waiting for payment"), (lead,))


def tell_payment_received(say: Speaker) -> Told:
    _, amount = say.gettext, say.money(say.mail.order.total)
    arrived = _("Your payment of {amount} has arrived.").format(amount=amount)
    after = _("We will write to you when your order leaves.") if say.mail.order.needs_shipping else ""
    return Told(_("payment received"), _("Payment received, thank you"), (joined(arrived, after),))


def tell_payment_failed(say: Speaker) -> Told:
    _, amount = say.gettext, say.money(money_due(say.mail))
    lead = joined(
        _("Without the payment of {amount} we cannot prepare your order yet.").format(amount=amount),
        _("You can try again in the store, or choose another way to pay."),
    )
    return Told(_("the payment did not go through"), _("The payment did not go through"), (lead,))


def tell_on_hold(say: Speaker) -> Told:
    _, order = say.gettext, say.mail.order
    if order.payment_status == PaymentStatus.unpaid and not is_paid_at_door(order):
        lead = joined(
            _("We are waiting to see your payment of {amount}.").format(amount=say.money(money_due(say.mail))),
            _("A bank transfer can take one or two working days; as soon as we see it, we prepare your order."),
            _("If you have already paid, there is nothing else to do."),
        )
    else:
        lead = joined(
            _("We are checking one detail before we prepare it."),
            _("There is nothing you need to do; we will write to you as soon as it moves on."),
        )
    return Told(_("on hold"), _("Your order is on hold"), (lead,))


def tell_preparing(say: Speaker) -> Told:
    _ = say.gettext
    return Told(_("being prepared"), _("We are preparing your order"), (_("We will write to you when it leaves."),))


def tell_cancelled(say: Speaker) -> Told:
    _, mail = say.gettext, say.mail
    refunded, status = refunded_money(mail), mail.order.payment_status
    if is_paid_at_door(mail.order) and not has_left_the_shop(mail):
        money = _("You do not have to pay anything.")
    elif refunded.amount > 0:
        money = _refund_sentence(say, refunded)
    elif status == PaymentStatus.refunded:
        money = _refund_sentence(say, mail.order.total)
    elif status in (PaymentStatus.unpaid, PaymentStatus.failed):
        money = _("No payment for it has reached us. If you did pay, write to us.")
    elif status == PaymentStatus.paid:
        money = _("Your payment of {amount} has not been refunded so far; if it is, we will write to you.").format(
            amount=say.money(mail.order.total))
    else:
        money = ""
    lead = tuple(part for part in (money, _("If you have a question, write to us.")) if part)
    return Told(_("cancelled"), _("Your order is cancelled"), lead)


def _refund_sentence(say: Speaker, amount: Money) -> str:
    refund = say.gettext("We are refunding {amount} to you").format(amount=say.money(amount))
    return joined(f"{refund}.", _bank_days(say))


def tell_refunded(say: Speaker) -> Told:
    _, mail, refund = say.gettext, say.mail, this_refund(say.mail)
    if is_paid_at_door(mail.order) and not has_left_the_shop(mail):
        return Told(_("nothing to pay"), _("You do not have to pay anything for your order"),
                    (_("We took {amount} off it.").format(amount=say.money(refund)),))
    so_far, total = refunded_money(mail), mail.order.total
    whole = ""
    if refund.amount == total.amount:
        whole = _("That is the whole amount of your order.")
    elif so_far.amount == total.amount:
        whole = _("With this, your order of {total} is refunded in full.").format(total=say.money(total))
    return Told(
        _("refund of {amount}").format(amount=say.money(refund)),
        _("We are refunding {amount} to you").format(amount=say.money(refund)),
        (joined(whole, _bank_days(say)),),
    )


def _bank_days(say: Speaker) -> str:
    return say.gettext("Depending on your bank, it can take a few days to show.")


def tell_partly_refunded(say: Speaker) -> Told:
    _, mail, refund = say.gettext, say.mail, this_refund(say.mail)
    amount, total = say.money(refund), say.money(mail.order.total)
    if is_unpaid_at_door(mail):
        lead = _("It was {total}.").format(total=total)
        return Told(_("{amount} less to pay").format(amount=amount),
                    _("We took {amount} off your order").format(amount=amount), (lead,))
    so_far = refunded_money(mail)
    part = _("This is part of your order of {total}.").format(total=total)
    if so_far.amount > refund.amount:
        part = _("So far, {sum} of {total} has been refunded.").format(sum=say.money(so_far), total=total)
    bank = _bank_days(say)
    if is_paid_at_door(mail.order) and not _all_arrived(mail):
        bank = _("If you have not paid at the door yet, you pay {rest} there.").format(rest=say.money(money_due(mail)))
    return Told(_("partial refund of {amount}").format(amount=amount),
                _("We are refunding {amount} of your order").format(amount=amount), (joined(part, bank),))


def _all_arrived(mail: NoticeMail) -> bool:
    parcels = all_parcels(mail)
    return bool(parcels) and all(is_arrived(parcel) for parcel in parcels)
