"""Which hosts the pictures of a store's articles may come from: in the check, in the pages' policies, and what stands
in a preview in place of the others."""

from __future__ import annotations

import re
from collections.abc import Collection
from html import escape, unescape
from urllib.parse import urlsplit

from plugin.help import is_own_drawing, picture_hosts
from plugin.registry import UnknownAdapter
from plugin.stores import StoreRow
from plugin.web.doors import doors

_PICTURE = re.compile(r'<img src="([^"]*)" alt="([^"]*)"[^>]*>')
"""As the articles' own renderer writes it."""


def list_picture_hosts(store: StoreRow) -> frozenset[str]:
    """The store's own and its platform's."""
    try:
        return picture_hosts(store, doors().registry.get(store.platform).picture_hosts)
    except UnknownAdapter:
        return picture_hosts(store)


def box_foreign_pictures(html: str, hosts: Collection[str], why: str, locale: str) -> str:
    """The HTML of an article with a box in place of each picture from elsewhere, which no page would load: its
    alternative text and `why`, words of `locale`."""

    def replace(found: re.Match[str]) -> str:
        address = unescape(found[1])
        if is_own_drawing(address) or urlsplit(address).netloc.lower() in hosts:
            return found[0]
        words = f"<strong>{found[2]}</strong> " if found[2] else ""
        return f'<span class="no-picture">{words}<span lang="{escape(locale)}">{escape(why)}</span></span>'

    return _PICTURE.sub(replace, html)
