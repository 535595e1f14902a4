"""The desk's words for what the rooms only name: notices, reasons, outcomes, steps, statuses."""

from __future__ import annotations

from plugin.care.order_view import order_label, payment_label, shipment_label
from plugin.contract import FindingState, Notice, Order, OrderStatus, ShipmentStatus, Step, SurfaceState
from plugin.language import Translator, translator


def _words(locale: str) -> Translator:
    return translator(locale, "web")


def tell_order_status(status: OrderStatus, locale: str) -> str:
    """An order's status, as the shopper reads it too."""
    return order_label(status, translator(locale, "care"))


def tell_order_state(order: Order, own: str, locale: str) -> str:
    """How an order stands, for a list. `own`: the platform's word where it is one of the shop's own invention; it
    stands there as it is until the merchant has said what it means."""
    words = translator(locale, "care")
    if own and order.status is OrderStatus.unknown:
        return own
    if own and order.dispatched:
        known = order.whereabouts is not ShipmentStatus.unknown
        return shipment_label(order.whereabouts if known else ShipmentStatus.in_transit, words)
    return order_label(order.status, words)


def tell_payment(order: Order, locale: str) -> str:
    """How the money stands, as the shopper reads it too."""
    return payment_label(order, translator(locale, "care"))


def name_notice(notice: str, locale: str) -> str:
    """What one mail is about; a word we do not know stays as it is."""
    _ = _words(locale).gettext
    names: dict[str, str] = {
        Notice.order_received: _("Order received"),
        Notice.payment_pending: _("Payment pending"),
        Notice.payment_received: _("Payment received"),
        Notice.payment_failed: _("Payment failed"),
        Notice.on_hold: _("Order on hold"),
        Notice.preparing: _("In preparation"),
        Notice.shipped: _("Shipped"),
        Notice.out_for_delivery: _("Out for delivery"),
        Notice.ready_for_pickup: _("Ready for pickup"),
        Notice.attempted: _("Delivery attempted"),
        Notice.delayed: _("Delayed"),
        Notice.delivered: _("Delivered"),
        Notice.returned: _("Returned"),
        Notice.cancelled: _("Order cancelled"),
        Notice.refunded: _("Refunded"),
        Notice.partly_refunded: _("Partly refunded"),
    }
    return names.get(notice, notice)


def tell_reason(reason: str, locale: str, **facts: str) -> str:
    """Why a mail was sent or not, in a sentence. `facts`: what the sentence may name (`until`, `other`, `words`)."""
    _ = _words(locale).gettext
    sentence = {
        "sent": _("The shopper got this mail."),
        "on_its_way": _(
            "Decided and on its way: the mail server has not taken it yet. We keep trying for a day."
        ),
        "held": _(
            "Waiting for a tracking number until {until}. If none arrives, the mail goes out and says so."
        ),
        "held_for_payment": _(
            "Waiting until {until}: the shopper may still be paying. If the order stays unpaid, the mail goes out."
        ),
        "held_for_platform": _(
            "Waiting until {until}: if you complete the order by then, your platform mails this itself; if not, we do."
        ),
        "overtaken": _("Not sent: something newer had happened by then, and the shopper heard that instead."),
        "told_together": _("Not sent on its own: the mail «{other}» tells it too."),
        "platform_mails": _(
            "Not sent: your platform mails this itself. You can change that on the store page."
        ),
        "preview": _("Not sent: the store was in preview. What was only previewed is never sent afterwards."),
        "before_connection": _("Not sent: it happened before you connected the store."),
        "too_late": _("Not sent: it was more than 48 hours old, too late to be of use."),
        "suppressed": _("Not sent: this shopper asked for no more of these mails."),
        "no_address": _("Not sent: the order has no e-mail address."),
        "failed": _("The mail server refused it for good: {words}"),
    }.get(reason, reason)
    for name, value in facts.items():
        sentence = sentence.replace("{" + name + "}", value)
    return sentence


def name_outcome(outcome: str, locale: str) -> str:
    """What became of a delivery."""
    _ = _words(locale).gettext
    return {
        "applied": _("Applied: something new"),
        "repeated": _("Repeated: known already"),
        "stale": _("Overtaken by newer ones"),
        "refetch": _("Carried no state: we asked for it"),
        "ignored": _("Nothing for us"),
        "buried": _("Could not be read"),
        "unapplied": _("Still to be worked off"),
    }.get(outcome, outcome)


def name_step(step: str, locale: str) -> str:
    """A page of the purchase."""
    _ = _words(locale).gettext
    names: dict[str, str] = {
        Step.home: _("Home page"),
        Step.catalogue: _("Catalogue"),
        Step.product: _("Product page"),
        Step.cart: _("Cart"),
        Step.checkout: _("Checkout"),
        Step.contact: _("Contact details"),
        Step.shipping: _("Delivery options"),
        Step.payment: _("Payment"),
        Step.review: _("Review"),
        Step.order_pay: _("Paying an open order"),
        Step.thank_you: _("Thank-you page"),
        Step.order_status: _("Order status"),
        Step.account: _("Customer account"),
    }
    return names.get(step, step)


def name_phase(phase: str, locale: str) -> str:
    """Where a shopper stands in the purchase."""
    _ = _words(locale).gettext
    return {
        "pre_purchase": _("Before buying"),
        "purchase": _("Buying, until delivered"),
        "post_sale": _("After delivery"),
    }.get(phase, phase)


def name_why(why: str, locale: str) -> str:
    """Why a conversation came to people, for a badge; '' for a reason that is none of ours."""
    _ = _words(locale).gettext
    return {
        "wished": _("Asked for a person"),
        "anger": _("Angry"),
        "failures": _("The bot could not help"),
        "table": _("A person first"),
    }.get(why, "")


def name_surface_state(state: str, locale: str) -> str:
    """How the widget stands on a page."""
    _ = _words(locale).gettext
    return {
        SurfaceState.live: _("Live"),
        SurfaceState.policy_link: _("By a link in your policies"),
        SurfaceState.needs_step: _("Needs a step of yours"),
        SurfaceState.not_possible: _("Not possible"),
    }[SurfaceState(state)]


def name_finding(key: str, locale: str) -> str:
    """What the connection doctor asked; '' for a question only the adapter knows: its words have to do."""
    _ = _words(locale).gettext
    return {
        "access": _("Access to the shop"),
        "authorization": _("Our key reaches the shop"),
        "caching": _("Speed plugins"),
        "checkout": _("Cart and checkout pages"),
        "clock": _("Clock of the shop's server"),
        "cron": _("Background tasks"),
        "keys": _("What our key may do"),
        "lease": _("Handing over the mails"),
        "mailers": _("Who else mails about parcels"),
        "permalinks": _("Addresses of the shop's pages"),
        "plugin": _("Mostrador's plugin in the shop"),
        "reachable": _("The shop answers"),
        "tls": _("Encrypted connection"),
        "webhooks": _("News about orders"),
    }.get(key, "")


def name_finding_state(state: str, locale: str) -> str:
    """How an answer of the connection doctor stands."""
    _ = _words(locale).gettext
    return {
        FindingState.good: _("All is well"),
        FindingState.trouble: _("Needs you"),
        FindingState.mended: _("We mended it"),
        FindingState.unknown: _("Could not be found out"),
    }[FindingState(state)]


def tell_unwanted(code: str, locale: str) -> str:
    """What is wrong with a merchant's wish, and what to write instead."""
    _ = _words(locale).gettext
    return {
        "name": _("The sender name may have 60 characters and no @."),
        "reply_to": _("The answer address must be one e-mail address, such as help@your-shop.com."),
        "mail_mode": _("Choose one of the two ways."),
        "settle": _("The settling time is between 5 and 600 seconds."),
        "hold": _("A mail can wait for a tracking number for up to 72 hours."),
        "last_owner_role": _("A store needs an owner: make somebody else its owner first."),
        "role": _("Choose one of the roles."),
        "last_owner": _("A store needs an owner: the last one cannot be removed."),
        "accent": _("A colour is written like #1f6f5c."),
        "hours": _("Write an opening and a closing time, like 09:00 and 18:00. On a closed day leave both empty."),
        "hours_day": _("One of the special days has no date that can be. Choose it again, or remove it."),
        "hours_twice": _("This date stands there twice. Remove one of them, or give it another date."),
        "privacy_url": _("The privacy page is the whole address of a page, and begins with https://."),
        "wrong_target": _("Write a number between 1 and 30."),
    }.get(code, code)


def tell_not_invited(code: str, locale: str) -> str:
    """Why nobody was asked to the store, and what to do; ``{address}`` in it is the asking agent's own."""
    _ = _words(locale).gettext
    return {
        "role": _("Choose one of the roles."),
        "inside": _("This person is in the team already. Change their role in the list above."),
        "often_address": _("This address was invited three times within a day. Try again tomorrow."),
        "often_store": _("This store has sent 20 invitations within a day. Try again tomorrow."),
        "unproven": _(
            "Your shop says that {address} is yours, but nobody has shown it yet. Sign out and sign in with this "
            "address: we mail it a link. Once that link was used, you can invite others."
        ),
    }.get(code, code)


def name_role(role: str, locale: str) -> str:
    """What somebody is in a store's team."""
    _ = _words(locale).gettext
    return {"owner": _("Owner"), "agent": _("Agent"), "viewer": _("Viewer")}.get(role, role)


def tell_role(role: str, locale: str) -> str:
    """What that lets them do."""
    _ = _words(locale).gettext
    return {
        "owner": _("answers shoppers, and changes how the store wants things and who is in the team"),
        "agent": _("answers shoppers, and asks your shop about an order again"),
        "viewer": _("sees everything and changes nothing"),
    }.get(role, role)


def tell_shipment_fate(fate: str, locale: str) -> str:
    """What becomes of one pasted line."""
    _ = _words(locale).gettext
    return {
        "ok": _("Will be written"),
        "promised": _("Being written into your shop"),
        "there": _("Already there"),
        "unknown_order": _("We know no order with this number"),
        "wrong_number": _("This does not look like a tracking number"),
        "unreadable": _("An order and a tracking number are needed"),
    }.get(fate, fate)


def tell_shipping_trouble(code: str, locale: str) -> str:
    """Why tracking numbers cannot be typed here and what to do; '' when they can."""
    _ = _words(locale).gettext
    return {
        "platform": _("Your platform takes no tracking numbers from us. Type them there: we read them."),
        "access": _(
            "The connection to your shop is broken. Connect it again on the store page, then type the numbers."
        ),
        "store": _(
            "Your shop does not let us write tracking numbers. Give our key the right to write, then have the "
            "connection checked on the store page."
        ),
    }.get(code, "")


def tell_done(code: str, locale: str) -> str:
    """What has just been done; '' for a word that is none of ours."""
    _ = _words(locale).gettext
    return {
        "live": _("The store is live. New changes of orders are mailed from now on."),
        "preview": _("The store is in preview. Nothing is sent."),
        "saved": _("Saved."),
        "invited": _("The invitation is on its way by mail. Its link works once, within a day."),
        "withdrawn": _("Taken back. The link in the mail opens nothing any more."),
        "called": _("Saved. We mail you when a shopper waits and nobody is at the desk."),
        "not_called": _("Saved. We do not mail you when a shopper waits."),
        "removed": _("Removed. This person no longer gets into the store."),
        "answers": _("Your answers are saved, and the articles show them already."),
        "test_mail": _("The test mail is on its way to your own address."),
        "refetch": _("We are asking the platform about this order."),
        "repair": _("We are checking the connection. Load this page again in a moment."),
        "orders": _("We are comparing the shop's orders with ours. Load this page again in a moment."),
        "look": _("We are asking your shop where the widget stands. Load this page again in a moment."),
        "status": _("Confirmed. From now on orders in this status are told so."),
        "status_open": _("Nothing is sent for this status until you say what it means."),
        "guesses": _("Confirmed. What we could not guess is still open."),
        "replayed": _("Everything that rested is being played again."),
        "name": _("Shoppers see your new name from your next answer on."),
        "no_name": _("A name needs at least one letter. Nothing was changed."),
        "ended": _("Signed out there."),
        "shipment": _("The tracking number is being written into your shop."),
        "wrong_number": _("This does not look like a tracking number. Copy it from the carrier's label."),
        "wrong_link": _("The link must begin with https:// or be left empty. Nothing was changed."),
        "there": _("The order has this tracking number already. Nothing was changed."),
    }.get(code, "")
