"""Core's own mails to shoppers: which are on, and handing them over to us for a while.

Which ones our WordPress plugin silences is decided per order over there; a lease only says which it may.
"""

from __future__ import annotations

from adapters.woocommerce.api import NoRoute, Shop
from adapters.woocommerce.bodies import SETTING
from adapters.woocommerce.mapping import MAIL_NOTICES, PLATFORM_MAILS
from adapters.woocommerce.plugin_link import ROOT
from adapters.woocommerce.proof import derive_secret, sign_token
from adapters.woocommerce.schemas import decode
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    Capability,
    MailLease,
    NotFound,
    Notice,
    PayloadUnreadable,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Store,
    Unsupported,
)

SWITCHES = {
    "customer_partially_refunded_order": "customer_refunded_order",
}
"""Mails without a switch of their own: core has one class, and one setting, for both refunds."""


def list_mails(shop: Shop) -> frozenset[Notice]:
    """The notices which this shop's core mails really tell; the defaults where the settings cannot be read.

    A notice told by two mails counts while one of them is on. Source: ``settings/email_<id>/enabled``
    (observed to switch the shopper's mail alone). Raises `PlatformDown` and `RateLimited`: a shop that is silent
    for a moment has not changed its settings.
    """
    switches = {SWITCHES.get(mail, mail) for mail in MAIL_NOTICES if mail != "customer_fulfillment_created"}
    try:
        enabled = {mail for mail in sorted(switches) if is_enabled(shop, mail)}
    except (PlatformDown, RateLimited):
        raise
    except AdapterError:
        return PLATFORM_MAILS
    told = [notices for mail, notices in MAIL_NOTICES.items() if SWITCHES.get(mail, mail) in enabled]
    return frozenset().union(*told)


def is_enabled(shop: Shop, mail: str) -> bool:
    """Whether a mail is on; a shop without this switch (older, or a plugin took it) has the default: on."""
    try:
        value = decode(SETTING, shop.get(f"settings/email_{mail}/enabled"), "setting").value
    except (PlatformRefused, NotFound, AccessRevoked, PayloadUnreadable):
        return True
    return str(value) != "no"


def lease_mails(shop: Shop, store: Store, lease: MailLease | None) -> None:
    """Lets the plugin silence core's mails until the lease ends, or (None) takes the lease back at once.

    Raises `Unsupported` when the shop has no plugin that could.
    """
    try:
        if lease is None:
            shop.send("DELETE", "lease", root=ROOT)
        else:
            shop.send("PUT", "lease", {"lease": sign_lease(store, lease)}, root=ROOT)
    except NoRoute as refusal:
        if lease is not None:
            raise Unsupported(Capability.MAIL_LEASE) from refusal


def sign_lease(store: Store, lease: MailLease) -> str:
    """The token the plugin checks: which mails, about orders made since when, until when (Unix seconds)."""
    payload = {
        "s": store.public_id,
        "mails": list_leased(lease.notices),
        "since": int(lease.orders_since.timestamp()),
        "e": int(lease.expires_at.timestamp()),
    }
    return sign_token("lease", payload, derive_secret(store))


def list_leased(notices: frozenset[Notice]) -> list[str]:
    """The mails of which every notice is ours: half a mail cannot be silenced, so core keeps it."""
    return sorted(mail for mail, told in MAIL_NOTICES.items() if told <= notices)
