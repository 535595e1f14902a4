"""Where a merchant goes to connect their shop again."""

from __future__ import annotations

from urllib.parse import urlencode

from plugin.stores import StoreRow, shop_url


def reconnect_url(row: StoreRow) -> str:
    """The door of the store's platform, with the shop's address filled in."""
    return f"/install/{row.platform}?{urlencode({'shop': shop_url(row)})}"
