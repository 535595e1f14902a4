"""Articles and ready answers are the merchant's own words, made of what shoppers asked: what names the customer is
taken out of them, and the rest stays. A name is whatever somebody typed for one ("Envío gratis"): it is looked for only
where a question of theirs led to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.agents import AgentRow, MembershipRow
from plugin.care import ConversationRow, MacroRow
from plugin.help import ArticleRow
from plugin.help.phrasings import fold_phrasing
from plugin.privacy.customer import Customer, address_pattern, pages
from plugin.stores import get_store
from plugin.stores.wishes import count_article_change


def mask_articles(tx: Session, customer: Customer, mask: str) -> int:
    """`mask` in place of the customer's addresses. An article that was made of a question of theirs loses their whole
    names too, in every language, and the phrasings that hold one. Where they asked goes. Gives the number of articles,
    each language counted."""
    talks, names = _list_talks(tx, customer), _list_names(tx, customer)
    mine = select(ArticleRow).where(ArticleRow.store_id == customer.store_id)
    rows = tx.scalars(mine.order_by(ArticleRow.id).with_for_update()).all()
    made = {row.article_id for row in rows if not talks.isdisjoint(_list_asking(row))}
    found, address, whole = 0, _Masker(customer, mask), _Masker(customer, mask, names)
    for row in rows:
        named, left = (whole, names) if row.article_id in made else (address, [])
        before = (row.title, row.text, row.meta, row.draft)
        title, text, meta, draft = (named(_leave_out(one, left, talks)) for one in before)
        if (title, text, meta, draft) != before:
            row.title, row.text, row.meta, row.draft = title, text, meta, draft
            row.version += 1
            found += 1
    if found:
        count_article_change(tx, customer.store_id)
    return found


def mask_macros(tx: Session, customer: Customer, mask: str, now: datetime) -> int:
    """`mask` in place of the customer's addresses in the ready answers; gives their number. A form that is open is not
    saved over it."""
    found, named = 0, _Masker(customer, mask)
    mine = select(MacroRow).where(MacroRow.store_id == customer.store_id)
    for row in tx.scalars(mine.order_by(MacroRow.id).with_for_update()):
        masked = named((row.title, row.texts))
        if masked != (row.title, row.texts):
            row.title, row.texts = masked
            row.changed_at = now
            found += 1
    return found


class _Masker:
    """Masks in whatever JSON can say."""

    def __init__(self, customer: Customer, mask: str, names: Iterable[str] = ()) -> None:
        self._mask = mask
        self._patterns = (address_pattern(customer.addresses), _name_pattern(names))

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
    written = "|".join(sorted(r"\s+".join(map(re.escape, one.split())) for one in names))
    return re.compile(rf"(?<!\w)(?:{written or '(?!)'})(?!\w)", re.IGNORECASE)


def _list_names(tx: Session, customer: Customer) -> list[str]:
    """Those of several words, for one alone ("Rosa") is as often a colour; not what the shop or its people are called.
    """
    store, member = get_store(tx, customer.store_id), MembershipRow
    agents = select(AgentRow.name).join(member, member.agent_id == AgentRow.id).where(member.store_id == store.id)
    ours = {fold_phrasing(one) for one in (store.name, store.sender_name, *tx.scalars(agents)) if one}
    folded = {one: fold_phrasing(one) for one in customer.names}
    return [one for one, words in folded.items() if len(set(words.split())) > 1 and words not in ours]


def _list_asking(row: ArticleRow) -> list[str]:
    """The conversations whose questions it was made of, shown or being written."""
    return [str(place[0]) for kept in (row.meta, row.draft or {}) for place in kept.get("asked") or ()]


def _leave_out(value: Any, names: Iterable[str], talks: set[str]) -> Any:
    """`ArticleRow.meta`, or a draft with it inside, without what is the customer's own."""
    if not isinstance(value, dict):
        return value
    kept = {key: _leave_out(one, names, talks) if key == "meta" else one for key, one in value.items()}
    if "phrasings" in kept:
        called = [set(fold_phrasing(one).split()) for one in names]
        told = ((one, set(fold_phrasing(one).split())) for one in kept["phrasings"])
        kept["phrasings"] = [one for one, words in told if not any(name <= words for name in called)]
    if "asked" in kept:
        kept["asked"] = [place for place in kept["asked"] if place[0] not in talks]
    return kept


def _list_talks(tx: Session, customer: Customer) -> set[str]:
    found: set[str] = set()
    for page in pages(customer.visitors):
        mine = (ConversationRow.store_id == customer.store_id, ConversationRow.visitor_id.in_(page))
        found |= set(tx.scalars(select(ConversationRow.public_id).where(*mine)))
    return found
