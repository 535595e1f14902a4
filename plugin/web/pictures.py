"""Which hosts the pictures of a store's articles may come from: in the check, and in the pages' policies."""

from __future__ import annotations

from plugin.help import picture_hosts
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow
from plugin.web.doors import doors


def list_picture_hosts(store: StoreRow) -> frozenset[str]:
    """The store's own and its platform's."""
    try:
        return picture_hosts(store, doors().registry.get(store.platform).picture_hosts)
    except UnknownAdapter:
        return picture_hosts(store)
