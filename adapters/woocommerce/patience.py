"""How long one search for a shop may keep us busy: the addresses it leads through are anybody's."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from plugin.contract import Answer, Http, PlatformDown

MOST_REQUESTS = 40
"""No real shop needs more than thirty: two schemes, two folders, a few redirects each, three places to look in."""
MOST_SECONDS = 60.0
TOO_SLOW = "The answer took too long."
"""As `plugin.http` says it."""


class Patience:
    """`Http` that gives up after so many requests or so many seconds altogether: then each raises `PlatformDown`."""

    def __init__(self, http: Http, seconds: Callable[[], float] = time.monotonic) -> None:
        self.http = http
        self.seconds = seconds
        self.ends_at = seconds() + MOST_SECONDS
        self.left = MOST_REQUESTS

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str] | None = None, body: bytes | None = None,
        redirects: bool = True,
    ) -> Answer:  # fmt: skip
        """As `plugin.contract.Http`."""
        if self.left <= 0 or self.seconds() >= self.ends_at:
            raise PlatformDown(TOO_SLOW)
        self.left -= 1
        return self.http.request(method, url, headers=headers, body=body, redirects=redirects)
