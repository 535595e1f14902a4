"""What stands beside a conversation: where its shopper is, and whose it is, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from flask import Response

from plugin.care import ConversationRow
from plugin.care.card import Customer, read_customer
from plugin.care.desk import read_where
from plugin.contract import Meaning
from plugin.language import format_money, language_of
from plugin.notices.mail_facts import safe_link
from plugin.orders import get_order, view_order
from plugin.privacy import name_order
from plugin.stores import StoreRow
from plugin.stores.status_words import read_meanings
from plugin.web.access import here_conversation, here_store
from plugin.web.desk_frame import _, desk, page_locale, render
from plugin.web.desk_inbox import tell_way
from plugin.web.desk_looks import note_look
from plugin.web.desk_orders import sum_up, tell_line
from plugin.web.desk_words import name_notice, name_phase, name_step
from plugin.web.doors import doors


@desk.get("/<store>/conversations/<conversation>/about")
def about(conversation: str) -> Response:
    """A part of the page, asked for when something changed: an order may be proven, an address left meanwhile."""
    row = here_conversation(conversation)
    note_look("conversation", row.public_id)
    return render("side.html", **read_about(row))


def read_about(row: ConversationRow) -> dict[str, Any]:
    """What its template needs. Each order that is named there is a look at it."""
    locale = page_locale()
    with doors().db.reading(row.store_id) as tx:
        customer, meanings = read_customer(tx, row), read_meanings(tx, row.store_id)
        proven = get_order(tx, row.store_id, row.order_id) if row.order_id is not None else None
        order = view_order(tx, proven) if proven is not None else None
    where = read_where(row)
    page = safe_link(where.page or "")
    note_look("order", *(name_order(one) for one in (*customer.orders, *customer.claimed)))
    return {
        "row": row, "order": sum_up(order) if order is not None else None,
        "page": page, "page_name": name_page(page, here_store()), "page_at": where.at,
        "steps": [name_step(step, locale) for step in where.steps], "phase": name_phase(row.phase, locale),
        "basket": format_money(where.basket, locale) if where.basket else "", "way": tell_way(row),
        "customer": tell_customer(customer, meanings, locale), "language": name_language(row.locale, locale),
    }  # fmt: skip


def name_page(page: str, store: StoreRow) -> str:
    """The path as it is written, after the host where that is none of the store's."""
    parts = urlsplit(page)
    own = {store.domain, *(urlsplit(one).netloc for one in store.origins)}
    return ("" if parts.netloc.lower() in own else parts.netloc) + (parts.path or "/")


def tell_customer(customer: Customer, meanings: Mapping[str, Meaning], locale: str) -> dict[str, Any]:
    """Orders as lines of a list; talks, ratings and mails as they are kept, these each with its name."""
    return {
        "orders": [tell_line(row, meanings) for row in customer.orders],
        "claimed": [tell_line(row, meanings) for row in customer.claimed],
        "talks": customer.talks, "claimed_talks": customer.claimed_talks, "ratings": customer.ratings,
        "mails": [(one, _name_mail(one.kind, locale)) for one in customer.mails],
    }  # fmt: skip


def _name_mail(kind: str, locale: str) -> str:
    letters = {
        "acknowledgement": _("Acknowledgement of a message"), "requests": _("Link to their requests"),
        "answer": _("Your team's answer"),
    }  # fmt: skip
    return letters.get(kind) or name_notice(kind, locale)


def name_language(locale: str, reader: str) -> str:
    """``español`` for ``es-CO``, in the reader's language."""
    return str(Locale.parse(language_of(locale)).get_display_name(reader) or locale)
