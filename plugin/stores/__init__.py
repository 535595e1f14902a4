"""A merchant's connected store: access, capabilities, look, go-live switch."""

from plugin.stores.access import ask_platform, lock_store, park
from plugin.stores.addresses import store_urls
from plugin.stores.brief import StoreBrief, read_store_brief
from plugin.stores.connect import (
    as_contract,
    connect,
    find_by_public_id,
    get_store,
    has_access,
    list_stores,
    note_set_up,
    shop_url,
)
from plugin.stores.hook_addresses import HookAddresses, fold_domain
from plugin.stores.install import install_link, mint_install_ticket
from plugin.stores.models import StoreRow

__all__ = [
    "HookAddresses",
    "StoreBrief",
    "StoreRow",
    "as_contract",
    "ask_platform",
    "connect",
    "find_by_public_id",
    "fold_domain",
    "get_store",
    "has_access",
    "install_link",
    "list_stores",
    "lock_store",
    "mint_install_ticket",
    "note_set_up",
    "park",
    "read_store_brief",
    "shop_url",
    "store_urls",
]
