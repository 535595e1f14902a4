"""What is counted of the hub's articles: who says that one helped, and who came to it from another page of the hub.

Nobody is known here, not even by a cookie, so one address counts once a day for an article, and its neighbourhood five
times. What comes by itself is not counted: a search engine, a page fetched ahead, a link in a mail looked into.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import request
from limits import RateLimitItemPerDay, RateLimitItemPerHour

from plugin import help
from plugin.stores import StoreRow
from plugin.web.access import our_origin
from plugin.web.doors import doors
from plugin.web.widget_limits import count_hit, count_hit_of

VERDICTS = RateLimitItemPerHour(60)
"""Presses of one neighbourhood in one store."""
ONE = RateLimitItemPerDay(1)
"""Of one address on one article. Shoppers who share one are counted as one: too few rather than too many."""
SEVERAL = RateLimitItemPerDay(5)
"""Of one neighbourhood on one article: within his own network anybody has addresses enough."""


def count_verdict(store: StoreRow, article_id: str, locale: str, helped: bool) -> int:
    """Counts whether an article helped; 0, or the seconds to wait. A press that counts no more is none too many."""
    if wait := count_hit(VERDICTS, "helped", str(store.id)):
        return wait
    _count(store, article_id, locale, "helped" if helped else "not_helped", "verdict")
    return 0


def count_opening(store: StoreRow, article_id: str, locale: str) -> None:
    """Counts an article that a person followed a link of the hub to: a search, a section, an answer."""
    if _was_followed(store):
        _count(store, article_id, locale, "opened", "opening")


def _count(store: StoreRow, article_id: str, locale: str, kind: str, what: str) -> None:
    here, about = doors(), (str(store.id), article_id)
    address = here.db.vault.index("hub-reader", request.remote_addr or "")
    if not count_hit_of(ONE, f"hub-{what}", *about, address) and not count_hit(SEVERAL, f"hub-{what}-near", *about):
        help.count(here.db, store.id, article_id, locale, "", "", kind, here.clock.now())


def _was_followed(store: StoreRow) -> bool:
    """Whether somebody pressed a link on a page of this hub; a browser that does not say so is not believed to be one.
    https://www.w3.org/TR/fetch-metadata/ and https://wicg.github.io/nav-speculation/prefetch.html (read 2026-11-22)
    """
    said = request.headers
    came_from = urlsplit(said.get("Referer", ""))
    return (
        request.method == "GET"
        and "Sec-Purpose" not in said
        and "Purpose" not in said
        and (said.get("Sec-Fetch-User"), said.get("Sec-Fetch-Site")) == ("?1", "same-origin")
        and f"{came_from.scheme}://{came_from.netloc}" == our_origin()
        and came_from.path.startswith(f"/help/{store.public_id}/")
    )
