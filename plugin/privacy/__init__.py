"""Export, erase, retain: the only room that may touch every table."""

from plugin.privacy.erase import erase_customer, erase_store
from plugin.privacy.export import export_customer
from plugin.privacy.models import PrivacyRequest
from plugin.privacy.requests import (
    erase_requested_customer,
    erase_requested_store,
    export_requested_customer,
    list_requests,
)
from plugin.privacy.retain import retain

__all__ = [
    "PrivacyRequest", "erase_customer", "erase_requested_customer", "erase_requested_store", "erase_store",
    "export_customer", "export_requested_customer", "list_requests", "retain",
]  # fmt: skip
