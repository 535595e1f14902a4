"""Articles and ready answers are the merchant's own words, made of what shoppers asked: what names the customer is
taken out of them, and the rest stays."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.care import ConversationRow, MacroRow
from plugin.help import ArticleRow
from plugin.help.phrasings import fold_phrasing
from plugin.privacy.customer import Customer, address_pattern, pages
from plugin.stores.wishes import count_article_change


def mask_articles(tx: Session, customer: Customer, mask: str) -> int:
    """`mask` in place of the customer's addresses and whole names in title, text, phrasings and drafts. Phrasings that
    hold their name go, and so does where they asked. Gives the number of articles."""
    found, named, talks = 0, _Masker(customer, mask), _list_talks(tx, customer)
    names = [words for one in customer.names if len(words := set(fold_phrasing(one).split())) > 1]
    for row in tx.scalars(select(ArticleRow).where(ArticleRow.store_id == customer.store_id).with_for_update()):
        before = (row.title, row.text, row.meta, row.draft)
        title, text, meta, draft = (named(_leave_out(one, names, talks)) for one in before)
        if (title, text, meta, draft) != before:
            row.title, row.text, row.meta, row.draft = title, text, meta, draft
            row.version += 1
            found += 1
    if found:
        count_article_change(tx, customer.store_id)
    return found


def mask_macros(tx: Session, customer: Customer, mask: str) -> int:
    """The same in the ready answers; gives their number."""
    found, named = 0, _Masker(customer, mask)
    for row in tx.scalars(select(MacroRow).where(MacroRow.store_id == customer.store_id).with_for_update()):
        masked = named((row.title, row.texts))
        if masked != (row.title, row.texts):
            row.title, row.texts = masked
            found += 1
    return found


class _Masker:
    """Masks in whatever JSON can say."""

    def __init__(self, customer: Customer, mask: str) -> None:
        self._mask = mask
        self._patterns = (address_pattern(customer.addresses), _name_pattern(customer.names))

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str):
            for pattern in self._patterns:
                value = pattern.sub(self._mask, value)
            return value
        if isinstance(value, dict):
            return {key: self(one) for key, one in value.items()}
        if isinstance(value, list | tuple):
            return type(value)(self(one) for one in value)
        return value


def _name_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """Names of several words, whole: one alone ("Rosa") is as often a colour."""
    words = (one.split() for one in names)
    written = "|".join(sorted(r"\s+".join(map(re.escape, one)) for one in words if len(one) > 1))
    return re.compile(rf"(?<!\w)(?:{written or '(?!)'})(?!\w)", re.IGNORECASE)


def _leave_out(value: Any, names: list[set[str]], talks: set[str]) -> Any:
    """`ArticleRow.meta`, or a draft with it inside, without what is the customer's own."""
    if not isinstance(value, dict):
        return value
    kept = {key: _leave_out(one, names, talks) if key == "meta" else one for key, one in value.items()}
    if "phrasings" in kept:
        told = ((one, set(fold_phrasing(one).split())) for one in kept["phrasings"])
        kept["phrasings"] = [one for one, words in told if not any(name <= words for name in names)]
    if "asked" in kept:
        kept["asked"] = [place for place in kept["asked"] if place[0] not in talks]
    return kept


def _list_talks(tx: Session, customer: Customer) -> set[str]:
    found: set[str] = set()
    for page in pages(customer.visitors):
        mine = (ConversationRow.store_id == customer.store_id, ConversationRow.visitor_id.in_(page))
        found |= set(tx.scalars(select(ConversationRow.public_id).where(*mine)))
    return found
