"""What a status of the shop's own can mean, in words a shop owner uses."""

from __future__ import annotations

from plugin.contract import Meaning
from plugin.language import translator


def name_meaning(meaning: str, locale: str) -> str:
    """The choice as the merchant reads it; a word we do not know stays as it is."""
    _ = translator(locale, "web").gettext
    names: dict[str, str] = {
        Meaning.awaiting_payment: _("Waiting for payment"),
        Meaning.on_hold: _("Stopped for now"),
        Meaning.preparing: _("Being prepared in the shop"),
        Meaning.shipped: _("Has left the shop"),
        Meaning.out_for_delivery: _("Out for delivery today"),
        Meaning.ready_for_pickup: _("Ready to be picked up"),
        Meaning.attempted: _("The courier came and found nobody"),
        Meaning.delivered: _("In the shopper's hands"),
        Meaning.returned: _("On its way back, or back"),
        Meaning.cancelled: _("Cancelled"),
        Meaning.nothing: _("Nothing shoppers should hear about"),
    }
    return names.get(meaning, meaning)


def explain_meaning(meaning: str, locale: str) -> str:
    """What is done for an order that comes into such a status."""
    _ = translator(locale, "web").gettext
    said: dict[str, str] = {
        Meaning.awaiting_payment: _("The shopper reads that the payment is still open."),
        Meaning.on_hold: _("The shopper reads that the order is on hold."),
        Meaning.preparing: _("The shopper reads that you are preparing the order."),
        Meaning.shipped: _("The shopper reads that it is on its way, with the tracking number if there is one."),
        Meaning.out_for_delivery: _("The shopper reads that it comes today."),
        Meaning.ready_for_pickup: _("The shopper reads that it can be picked up."),
        Meaning.attempted: _("The shopper reads that nobody was found, and what to do."),
        Meaning.delivered: _("The shopper reads that it has arrived."),
        Meaning.returned: _("The shopper reads that the parcel goes back to you."),
        Meaning.cancelled: _("The shopper reads that the order is cancelled."),
        Meaning.nothing: _("Nothing is sent. For what only concerns you, such as «invoiced»."),
    }
    return said.get(meaning, "")
