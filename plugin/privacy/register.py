"""Every table, and how what is in it is forgotten. A test compares this list with all tables there are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

ERASED = "erased"
"""Emptied, or gone with its row, when its customer is erased."""

MERCHANT = "merchant"
"""The store's own secret or wish; goes with the store."""

STAFF = "staff"
"""About a person who answers; goes with the agent, who goes with their last store."""


@dataclass(frozen=True)
class Treatment:
    """`columns`: each encrypted one → ERASED, MERCHANT or STAFF. `goes_with`: ``store``: its rows are deleted with
    their store; ``agent``: with their agent; ``nothing``: nobody stands in them, they stay. `words`: columns in which
    a server's, a platform's or an agent's own words stand; they are emptied where they name the customer. `masked`: the
    merchant's own words, of which only what names the customer goes."""

    columns: Mapping[str, str] = field(default_factory=dict)
    goes_with: str = "store"
    words: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()


REGISTER: Mapping[str, Treatment] = MappingProxyType({
    "stores": Treatment({
        "webhook_secret": MERCHANT, "credentials": MERCHANT, "previous_credentials": MERCHANT, "reply_to": MERCHANT,
    }),
    "install_states": Treatment(),
    "status_words": Treatment(),
    "outbox": Treatment(words=("words",)),
    "receipts": Treatment({"delivery": ERASED}, words=("words",)),
    "orders": Treatment({"snapshot": ERASED}),
    "shipments": Treatment({"snapshot": ERASED, "aliases": ERASED}),
    "timeline": Treatment({"detail": ERASED}),
    "notices": Treatment({"mail": ERASED}, words=("words",)),
    "suppressions": Treatment(),
    "visitors": Treatment(),
    "conversations": Treatment({
        "agent_name": ERASED, "context": ERASED, "email": ERASED, "email_consent": ERASED, "writer_name": ERASED,
    }),
    "order_codes": Treatment({"number": ERASED, "email": ERASED}),
    "acknowledgements": Treatment(),
    "ratings": Treatment({"comment": ERASED}),
    "article_counts": Treatment(),
    "learned_phrasings": Treatment({"text": ERASED}),
    "messages": Treatment({"agent_name": ERASED, "text": ERASED, "body": ERASED}),
    "notes": Treatment({"agent_name": ERASED, "text": ERASED}),
    "message_words": Treatment(),
    "macros": Treatment(masked=("title", "texts")),
    "waits": Treatment(),
    "promises": Treatment(),
    "articles": Treatment(masked=("title", "text", "meta", "draft")),
    "memberships": Treatment(),
    "invitations": Treatment({"email": STAFF}),
    "agents": Treatment({"email": STAFF, "name": STAFF}, goes_with="agent"),
    "agent_sessions": Treatment({"browser": STAFF}, goes_with="agent"),
    "sign_in_links": Treatment(goes_with="agent"),
    "hand_overs": Treatment(goes_with="agent"),
    "privacy_requests": Treatment({"copy": ERASED}),
    "accesses": Treatment({"agent": STAFF}, words=("subject",)),
    "erasure_receipts": Treatment(goes_with="nothing"),
})  # fmt: skip
