"""Our own addresses for one store, as its adapter is told them, and the shop's own privacy page."""

from __future__ import annotations

from plugin.contract import Urls
from plugin.language import language_of
from plugin.stores.brief import StoreBrief
from plugin.stores.models import StoreRow
from plugin.stores.wishes import is_page


def store_urls(row: StoreRow, base_url: str) -> Urls:
    """The store's webhook, widget, desk and help below `base_url`."""
    return Urls(
        webhook=f"{base_url}/hooks/{row.platform}/{row.hook_key}",
        install_callback=f"{base_url}/install/{row.platform}/callback",
        widget_loader=f"{base_url}/widget/loader.js",
        desk=f"{base_url}/desk/{row.public_id}/",
        help=f"{base_url}/help/{row.public_id}/",
    )


def help_url(base_url: str, store: StoreRow | StoreBrief, locale: str) -> str:
    """The first page of the store's help, in a reader's language."""
    return f"{base_url.rstrip('/')}/help/{store.public_id}/{language_of(locale)}/"


def find_privacy_page(row: StoreRow) -> str:
    """The shop's own privacy page: the one its merchant named, else the one its platform told of (`StoreRow.facts`,
    ``privacy_url``); '' where neither did."""
    told = (row.facts or {}).get("privacy_url")
    return row.privacy_url or (told if isinstance(told, str) and is_page(told) else "")
