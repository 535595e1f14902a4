"""How many messages the form takes, here and on the help pages, and how often requests are asked for."""

from __future__ import annotations

from limits import RateLimitItemPerDay, RateLimitItemPerHour

from plugin import care
from plugin.care import Proven, VisitorRow
from plugin.stores import StoreRow
from plugin.web.doors import doors
from plugin.web.widget_limits import MESSAGES, count_hit, count_hit_of

FORMS = RateLimitItemPerHour(5)
"""Of one neighbourhood in one store."""
FORMS_OF_ADDRESS = RateLimitItemPerDay(3)
"""That name one mailbox, however its address is written, in all stores: anybody can type anybody's."""
REQUESTS = RateLimitItemPerHour(10)
"""Of one neighbourhood: mails with a link to what an address wrote."""


def count_form(
    row: StoreRow, email: str, client_id: str, visitor: VisitorRow | None = None, proven: Proven | None = None
) -> int:
    """Counts one form; 0 when it is taken, else the seconds to wait. One sent again is no new one, and whoever the
    platform has proven to be a customer of the store is not refused. Raises `NoAddress`."""
    if care.was_sent(doors().care, row, visitor, client_id):
        return 0
    if _is_known(visitor, proven):
        return count_hit(MESSAGES, "proven-form", str(row.id))
    index = care.index_mailbox(doors().db.vault, care.read_address(email))
    wait = count_hit(FORMS, "form", str(row.id)) or count_hit_of(FORMS_OF_ADDRESS, "form-address", index)
    # The first of two at the same moment may be kept by now.
    return 0 if wait and care.was_sent(doors().care, row, visitor, client_id) else wait


def _is_known(visitor: VisitorRow | None, proven: Proven | None) -> bool:
    if proven is not None and (proven.order is not None or proven.customer_index):
        return True
    return visitor is not None and care.is_proven(doors().care, visitor)


def count_requests(row: StoreRow) -> int:
    """Counts one wish to be mailed a link; 0 when it is taken, else the seconds to wait."""
    return count_hit(REQUESTS, "requests", str(row.id))


def is_trapped(website: str | None) -> bool:
    """Whether a machine filled in the field that no person sees."""
    return bool((website or "").strip())
