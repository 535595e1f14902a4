"""Export, erase, retain: the only room that may touch every table."""

from plugin.privacy.access_log import find_new, list_accesses, list_lookers, note_access
from plugin.privacy.erase import erase_customer
from plugin.privacy.export import export_customer, name_order
from plugin.privacy.models import AccessRow, ErasureReceipt, PrivacyRequest
from plugin.privacy.requests import (
    ask_for_customer,
    erase_requested_customer,
    erase_requested_store,
    export_requested_customer,
    find_request,
    list_requests,
    list_waiting,
)
from plugin.privacy.retain import KEEP_ACCESSES, KEEP_COPIES, retain
from plugin.privacy.store_erasure import erase_store, list_receipts
from plugin.privacy.sweep import sweep_uninstalled

__all__ = [
    "KEEP_ACCESSES", "KEEP_COPIES", "AccessRow", "ErasureReceipt", "PrivacyRequest", "ask_for_customer",
    "erase_customer", "erase_requested_customer", "erase_requested_store", "erase_store", "export_customer",
    "export_requested_customer", "find_new", "find_request", "list_accesses", "list_lookers", "list_receipts",
    "list_requests", "list_waiting", "name_order", "note_access", "retain", "sweep_uninstalled",
]  # fmt: skip
