"""What stands on a page of the shop: the widget's tag with what it is told, and the plain links to the help pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

import requests
from wordpress_bed import WordPress

PERSONAL = ("alma@example.com", "clara@example.com", "Carrera Séptima", "300 555 0101", "Ruiz")
"""What an order of the double holds about its shopper; none of it may get into anything of ours."""
CHECKOUT = "checkout contact shipping payment review"


@dataclass
class Shown:
    """A page as it arrived. `tag`: the attributes of our loader's script element, None when it is not there."""

    status: int
    headers: dict[str, str]
    html: str
    scripts: list[dict[str, str]] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)

    @property
    def tag(self) -> dict[str, str] | None:
        found = [one for one in self.scripts if "data-store" in one]
        assert len(found) <= 1, "the loader stands twice on a page"
        return found[0] if found else None

    @property
    def told(self) -> dict[str, str]:
        """The attributes of the tag; fails where there is none."""
        assert self.tag is not None, self.html[-3000:]
        return self.tag

    @property
    def ours(self) -> list[str]:
        """Addresses of everything on the page that comes out of our plugin's folder."""
        return [one["src"] for one in self.scripts if "/plugins/mostrador/" in one.get("src", "")]

    def help_links(self, service: str) -> list[dict[str, str]]:
        return [one for one in self.links if one.get("href", "").startswith(service + "/help/")]


class _Reader(HTMLParser):
    def __init__(self, shown: Shown) -> None:
        super().__init__()
        self.shown, self.in_script = shown, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "script":
            self.shown.scripts.append(given)
            self.in_script = True
        if tag == "a":
            self.shown.links.append(given)

    def handle_endtag(self, tag: str) -> None:
        self.in_script = self.in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self.in_script and data.strip():
            self.shown.inline.append(data)


def read_page(answer: requests.Response) -> Shown:
    shown = Shown(
        answer.status_code, {name.lower(): value for name, value in answer.headers.items()}, answer.text
    )
    _Reader(shown).feed(answer.text)
    return shown


class Visitor:
    """Somebody without a browser: keeps cookies, follows redirects."""

    def __init__(self, shop: WordPress, user: str = "") -> None:
        self.shop = shop
        self.session = shop.sign_in(user) if user else requests.Session()

    def see(self, address: str) -> Shown:
        """A page by its path or its whole address."""
        whole = address if address.startswith("http") else self.shop.url + address
        return read_page(self.session.get(whole, timeout=30))

    def fill_cart(self) -> None:
        self.see(f"/cart/?add-to-cart={self.shop.made['product']}")
