"""What a page says about itself and its shopper, as far as we take it: the page's script may be anybody's."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from plugin import care
from plugin.care.desk import BASKET
from plugin.stores import StoreRow
from plugin.web.doors import doors
from plugin.web.widget_blueprint import STEPS


def plain_steps(steps: Iterable[str] | None) -> tuple[str, ...]:
    """The steps that there are, each once."""
    return tuple(dict.fromkeys(step for step in steps or () if step in STEPS))


def plain_page(page: str | None) -> str | None:
    """The page without what may be secret in it: query, fragment, user. None for anything but a web page."""
    try:
        parts = urlsplit(page or "")
        host = parts.netloc.rpartition("@")[2]
        if parts.scheme in ("http", "https") and parts.hostname:
            return urlunsplit((parts.scheme, host, parts.path, "", ""))[:2000]
    except ValueError:
        return None
    return None


def plain_basket(basket: str | None) -> str | None:
    """An amount and its currency, or None for anything else."""
    return basket if basket and BASKET.fullmatch(basket) else None


def read_proof(row: StoreRow, proof: str | None) -> care.Proven:
    """What the platform's proof proves; nothing while the platform is away: the message counts, not the order."""
    try:
        return care.read_proof(doors().care, row, proof)
    except care.PlatformAway:
        return care.Proven(None, "", "")
