"""What a talk with the shop keeps and for how long: a page of the hub, and where shoppers read it before they write."""

from __future__ import annotations

from datetime import timedelta

from flask import Response

from plugin import help
from plugin.care.visitors import LIFETIME
from plugin.notices.mail_facts import safe_link
from plugin.privacy.retain import KEEP_ACCESSES, KEEP_CODES, KEEP_CONVERSATIONS, KEEP_MAILS, KEEP_PERSONS
from plugin.stores import StoreRow
from plugin.stores.addresses import find_privacy_page
from plugin.stores.contact import read_contact
from plugin.web.hub_frame import frame_form, hub, in_store
from plugin.web.hub_helped import ONE
from plugin.web.shopper_pages import base_url, show

PAGE = "data"


@hub.get(f"/help/<store_id>/<locale>/{PAGE}")
@in_store
def show_data(store: StoreRow, locale: str) -> Response:
    """Every kind of data with the days after which it is forgotten: by `privacy.retain`, and the longest counters."""
    days = {
        "key": LIFETIME, "talks": KEEP_CONVERSATIONS, "orders": KEEP_PERSONS, "mails": KEEP_MAILS,
        "codes": KEEP_CODES, "accesses": KEEP_ACCESSES, "counters": timedelta(seconds=ONE.get_expiry()),
    }  # fmt: skip
    return show(
        "hub_data.html", locale, store=store, days={kind: kept.days for kind, kept in days.items()},
        policy=safe_link(find_privacy_page(store)), email=read_contact(store, locale).email,
        **frame_form(store, locale, PAGE, indexed=True),
    )  # fmt: skip


def privacy_url(store: StoreRow, locale: str) -> str:
    """Where shoppers read what becomes of what they write: the shop's own page where it has one, else ours."""
    return safe_link(find_privacy_page(store)) or help.hub_url(base_url(), store, locale, PAGE)
