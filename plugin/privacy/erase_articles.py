"""Articles are the merchant's own words, made of shoppers' questions: an address that got into one is masked."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from plugin.help import ArticleRow
from plugin.stores.wishes import count_article_change


def mask_articles(tx: Session, store_id: int, address: re.Pattern[str], mask: str) -> int:
    """`mask` in place of what `address` finds in title, text, phrasings and drafts; gives the number of articles."""
    found = 0
    for row in tx.scalars(select(ArticleRow).where(ArticleRow.store_id == store_id).with_for_update()):
        before = (row.title, row.text, row.meta, row.draft)
        title, text, meta, draft = (_mask(one, address, mask) for one in before)
        if (title, text, meta, draft) != before:
            row.title, row.text, row.meta, row.draft = title, text, meta, draft
            row.version += 1
            found += 1
    if found:
        count_article_change(tx, store_id)
    return found


def _mask(value: Any, address: re.Pattern[str], mask: str) -> Any:
    if isinstance(value, str):
        return address.sub(mask, value)
    if isinstance(value, dict):
        return {key: _mask(one, address, mask) for key, one in value.items()}
    if isinstance(value, list):
        return [_mask(one, address, mask) for one in value]
    return value
