"""What the forms of the embedded home wish, and who may."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from plugin.agents import find_agent, get_role
from plugin.contract import Merchant
from plugin.database import ALL
from plugin.stores import StoreRow, get_store
from plugin.stores.wishes import MAIL_MODES, set_mail_mode
from plugin.web.doors import doors

_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")

Deed = Callable[[Session], None]


def may_change(row: StoreRow, merchant: Merchant) -> bool:
    """Whether somebody owns the shop, or owns the store here by the address which the platform gave of them."""
    if merchant.is_owner:
        return True
    if not merchant.email.strip():
        return False
    with doors().db.reading(ALL, "may this merchant change the store's wishes") as tx:
        agent = find_agent(tx, merchant.email)
        return agent is not None and get_role(tx, row.id, agent.id) == "owner"


def read_wish(row: StoreRow, wish: Mapping[str, str], now: datetime) -> Deed | dict[str, str] | None:
    """What to do in the store's transaction, or which facts to keep; None for what nobody knows.

    Wishes: ``mail_mode`` (extra_only, all), ``confirm`` and ``withdraw`` with the key of a section that can be
    confirmed. A confirmed one is kept as the time when.
    """
    match dict(wish):
        case {"mail_mode": mode, **others} if not others and mode in MAIL_MODES:
            return lambda tx: set_mail_mode(get_store(tx, row.id), mode, now)
        case {"confirm": key, **others} if not others and _is_confirmable(row, key):
            return {key: now.isoformat()}
        case {"withdraw": key, **others} if not others and key in (row.kept or {}) and _is_confirmable(row, key):
            return {key: ""}
    return None


def _is_confirmable(row: StoreRow, key: str) -> bool:
    """Whether a confirmation may stand under this key: what the page keeps of other facts is not overwritten."""
    kept = (row.kept or {}).get(key, "")
    return _KEY.fullmatch(key) is not None and (not kept or _is_time(kept))


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
