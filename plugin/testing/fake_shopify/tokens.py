"""Access tokens as Shopify gives them: expiring, with a refresh token that rotates."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from plugin.testing.fake_shopify.nouns import Body

if TYPE_CHECKING:
    from plugin.testing.fake_shopify.shop import FakeShop


@dataclass
class Token:
    """One access. `parent`: the refresh token it was got with, which dies when this one's own is used."""

    access: str = field(repr=False)
    scopes: tuple[str, ...]
    expires_at: datetime | None
    refresh: str = field(default="", repr=False)
    refresh_expires_at: datetime | None = None
    parent: str = field(default="", repr=False)
    user: Body | None = None
    used: int = 0


class TokenBook:
    """The tokens of one shop. `refreshes` counts the pairs made from a refresh token."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop
        self.given: dict[str, Token] = {}
        self.codes: dict[str, tuple[str, ...]] = {}
        self.refreshes = 0
        self.revoked_at: datetime | None = None
        self._random = random.Random(f"{shop.platform.seed} {shop.domain} tokens")

    def make_word(self, prefix: str) -> str:
        return f"{prefix}_{self._random.getrandbits(128):032x}"

    def give(self, *, expiring: bool = True, user: Body | None = None, parent: str = "") -> Token:
        """A new token: online with a `user`, else offline."""
        now, manners = self.shop.platform.now(), self.shop.platform.manners
        token = Token(
            self.make_word("shpat" if user is None else "shpua"),
            self.shop.granted,
            now + manners.life if expiring or user is not None else None,
            user=user,
            parent=parent,
        )
        if user is None and expiring:
            token.refresh, token.refresh_expires_at = self.make_word("shprt"), now + manners.refresh_life
        self.given[token.access] = token
        return token

    def find(self, access: str) -> Token | None:
        """The token behind a word, unless it has expired or was taken back."""
        token = self.given.get(access)
        if token is None or (token.expires_at is not None and self.shop.platform.now() >= token.expires_at):
            return None
        token.used += 1
        return token

    def refresh(self, word: str) -> Token | None:
        """A new pair. The refresh token stays good until the new one's first use, so that a lost answer harms nobody
        (https://shopify.dev/changelog, "more resilient refreshes", 2026-08-28)."""
        token = next((one for one in self.given.values() if one.refresh and one.refresh == word), None)
        if token is None or token.refresh_expires_at is None:
            return None
        if self.shop.platform.now() >= token.refresh_expires_at:
            return None
        for one in self.given.values():
            if token.parent and one.refresh == token.parent:
                one.refresh = ""
        self.refreshes += 1
        return self.give(parent=word)

    def revoke(self) -> None:
        """An uninstall, or a merchant's wish: nothing given so far is good any more."""
        self.given.clear()
        self.codes.clear()
        self.revoked_at = self.shop.platform.now()
