"""A piece of the internet made of arranged answers, in which a shop may be looked for."""

from __future__ import annotations

from typing import Any

from woo_gate import NAMESPACES

from adapters.woocommerce.site import ONLY
from plugin.contract import (
    Answer,
    PlatformDown,
)
from plugin.testing.fakes import RecordingHttp, SentRequest, make_answer

PAGE = b"<!doctype html><title>My page</title><p>Hello.</p>"
WP_PAGE = b"<!doctype html><link rel='stylesheet' href='/wp-content/themes/x/style.css'><p>Soon.</p>"
DOWN = PlatformDown("The address could not be reached.")


def make_index(home: str = "https://shop.example.com", **changes: Any) -> Answer:
    return make_answer(
        json_body={
            "name": "Tienda &amp; Ficticia",
            "url": home,
            "home": home,
            "timezone_string": "America/Bogota",
            "namespaces": NAMESPACES,
        }
        | changes
    )


def go(target: str, status: int = 301) -> Answer:
    return make_answer(status, headers={"Location": target})


def plain(url: str) -> str:
    """An address without the wish for a few fields of the index."""
    return url.replace(f"?{ONLY}", "").replace(f"&{ONLY}", "")


class Web:
    """A piece of the internet: address → answer; everything else does not exist."""

    def __init__(self, pages: dict[str, Answer | Exception]) -> None:
        self.pages = pages
        self.http = RecordingHttp(self.answer)

    def answer(self, sent: SentRequest) -> Answer | Exception:
        assert "Authorization" not in sent.headers, "looking for a shop needs no keys"
        assert sent.redirects is False
        known = self.pages.get(plain(sent.url))
        if known is not None:
            return known
        place = sent.url.partition("/wp-json")[0]
        return make_answer(404, body=PAGE) if any(url.startswith(place) for url in self.pages) else DOWN

    @property
    def asked(self) -> list[str]:
        return [plain(sent.url) for sent in self.http.requests]
