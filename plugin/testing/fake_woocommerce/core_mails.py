"""The mails that the shop itself sends, at once, inside the request that changed something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugin.testing.fake_woocommerce.nouns import CoreMail, Order

if TYPE_CHECKING:
    from plugin.testing.fake_woocommerce.shop import FakeShop

OF_STATUS = {
    "processing": "customer_processing_order",
    "on-hold": "customer_on_hold_order",
    "completed": "customer_completed_order",
    "failed": "customer_failed_order",
    "cancelled": "customer_cancelled_order",
}
SWITCHES = {
    **dict.fromkeys(OF_STATUS.values(), "yes"),
    "customer_cancelled_order": "no",
    "customer_refunded_order": "yes",
    "customer_partially_refunded_order": "yes",
    "customer_note": "yes",
    "customer_fulfillment_created": "yes",
    "customer_invoice": "yes",
    "new_order": "yes",
}
"""Mail → whether it is sent, by default."""
LEFT = "_mostrador_left"
"""Order meta: the mails that core was kept from sending about this order."""


class CoreMails:
    """`sent` holds every mail in order; `switches` are the settings ``email_<mail>/enabled``."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop
        self.sent: list[CoreMail] = []
        self.switches = dict(SWITCHES)

    def tell_status(self, order: Order) -> None:
        """Again each time the status is entered: completed, processing, completed mails twice."""
        if mail_id := OF_STATUS.get(order.status):
            self.tell(order, mail_id)

    def tell(self, order: Order, mail_id: str) -> None:
        """Sends, unless it is switched off or the counter's plugin holds core back for this order."""
        to = order.billing.get("email", "")
        if not to or self.switches.get(mail_id) != "yes":
            return
        left = self.shop.plugin.keeps_silent(order, mail_id)
        self.note_left(order, mail_id, left)
        self.sent.append(CoreMail(mail_id, order.id, to, self.shop.now(), left))

    def note_left(self, order: Order, mail_id: str, left: bool) -> None:
        noted = [one for one in (order.read_meta(LEFT) or []) if one != mail_id]
        if left:
            noted.append(mail_id)
        if left or order.read_meta(LEFT) is not None:
            self.shop.set_meta(order, LEFT, noted or None)
