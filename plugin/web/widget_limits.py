"""How much one visitor may do, counted in Redis when there are several processes, else in this one."""

from __future__ import annotations

import ipaddress
import logging
import math
import time

from flask import current_app, request
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import storage_from_string
from limits.strategies import MovingWindowRateLimiter

from plugin.care import Refusal
from plugin.settings import Settings
from plugin.web.widget_errors import Refused

log = logging.getLogger("mostrador.web.widget")

MESSAGES = RateLimitItemPerMinute(30)
CONVERSATIONS = RateLimitItemPerHour(30)
"""New ones of one neighbourhood: behind a mobile carrier's few addresses stand many shoppers."""
ASKING = RateLimitItemPerHour(60)
"""New ones that begin by asking for a person, which the two above never refuse: a ceiling against floods alone."""
LOOK_UPS = RateLimitItemPerHour(60)
"""In one store, as all that is counted by neighbourhood: a carrier's shoppers share its addresses, not their shops."""
CODES = RateLimitItemPerHour(120)
"""Codes tried from one neighbourhood; each handle has its five tries besides."""
FEEDBACK = RateLimitItemPerMinute(30)
"""Ratings, verdicts, addresses of one visitor."""
TYPING = RateLimitItemPerMinute(60)
PAGES = RateLimitItemPerMinute(30)
COUNTS = RateLimitItemPerMinute(120)
SEARCHES = RateLimitItemPerMinute(120)


def open_limiter(settings: Settings) -> MovingWindowRateLimiter:
    """The counters of this instance."""
    return MovingWindowRateLimiter(storage_from_string(settings.redis_url or "memory://"))


def network_of(address: str | None) -> str:
    """The address's neighbourhood: IPv4 /24, IPv6 /56; whoever has one address there has them all."""
    try:
        ip = ipaddress.ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return str(ipaddress.ip_network((ip, 24 if ip.version == 4 else 56), strict=False))


def count_hit(item: RateLimitItem, what: str, *about: str) -> int:
    """Counts one more of the asking neighbourhood; 0 when it is allowed, else the seconds to wait. Counters that do
    not answer allow."""
    return count_hit_of(item, what, *about, network_of(request.remote_addr))


def count_hit_of(item: RateLimitItem, what: str, *about: str) -> int:
    """The same, wherever it comes from."""
    limiter: MovingWindowRateLimiter = current_app.extensions["mostrador-limits"]
    ids = (what, *about)
    try:
        if limiter.hit(item, *ids):
            return 0
        return max(1, math.ceil(limiter.get_window_stats(item, *ids).reset_time - time.time()))
    except Exception as error:
        # A shopper is not turned away because a counter is away.
        log.warning("The rate limits could not be counted: %s", type(error).__name__)
        return 0


def limit(item: RateLimitItem, what: str, *about: str) -> None:
    """Counts one more. Raises `Refused` (429 with Retry-After)."""
    wait = count_hit(item, what, *about)
    if wait:
        raise Refused(Refusal.too_many, retry_after=wait)
