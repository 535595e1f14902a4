"""Which store a webhook's address belongs to, or the shop that an app-level one names; remembered for a moment.

Every delivery asks, and in a rush all of them ask the same: looking it up each time costs as much as keeping the
delivery. What is remembered is never the last word against a sender: ask again with `fresh` before refusing one.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections import OrderedDict

from sqlalchemy import bindparam, select

from plugin.contract import Store
from plugin.database import ALL, Database, Prepared
from plugin.stores.models import StoreRow

REMEMBERED_SECONDS = 1.0
MOST = 1000
KEY = re.compile(r"[A-Za-z0-9_-]{1,200}")
DOMAIN = re.compile(r"[\x21-\x7e]{1,255}")

Known = tuple[int, Store]

_COLUMNS = StoreRow.__table__.c
_READ = (
    "id",
    "public_id",
    "platform",
    "domain",
    "webhook_secret",
    "credentials",
    "currency",
    "locale",
    "time_zone",
)


def _finding(column: str) -> Prepared:
    return Prepared(
        lambda _: select(*(_COLUMNS[name] for name in _READ)).where(
            _COLUMNS.platform == bindparam("platform"), _COLUMNS[column] == bindparam("named")
        )
    )


_FIND = {column: _finding(column) for column in ("hook_key", "domain")}


def fold_domain(claimed: str) -> str:
    """The shop that a delivery names, as stores are called; '' for what names none."""
    folded = claimed.strip().lower()
    return folded if DOMAIN.fullmatch(folded) else ""


class HookAddresses:
    """The addresses of one instance's stores."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: OrderedDict[tuple[str, str, str], tuple[float, Known]] = OrderedDict()
        self._guard = threading.Lock()

    def find(self, platform: str, hook_key: str, *, fresh: bool = False) -> Known | None:
        """The store's row id and the store as its adapter sees it, at most a second old."""
        return None if KEY.fullmatch(hook_key) is None else self._find("hook_key", platform, hook_key, fresh)

    def find_shop(self, platform: str, domain: str, *, fresh: bool = False) -> Known | None:
        """The same by the shop's address at its platform, as `fold_domain` gives it."""
        return self._find("domain", platform, domain, fresh)

    def _find(self, column: str, platform: str, named: str, fresh: bool) -> Known | None:
        address = (column, platform, named)
        kept = self._known.get(address)
        if kept is not None and not fresh and time.monotonic() - kept[0] < REMEMBERED_SECONDS:
            return kept[1]
        found = self._look_up(column, platform, named)
        with self._guard:
            self._known.pop(address, None)
            if found is not None:
                self._known[address] = (time.monotonic(), found)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found

    def _look_up(self, column: str, platform: str, named: str) -> Known | None:
        with self._db.plain_reading(ALL, "find the store of a webhook address") as tx:
            rows = _FIND[column].read(tx, {"platform": platform, "named": named})
        if not rows:
            return None
        values = rows[0]._asdict()
        store_id: int = values.pop("id")
        values["credentials"] = json.loads(values["credentials"]) if values["credentials"] else {}
        return store_id, Store(**values)
