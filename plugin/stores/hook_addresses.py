"""Which store a webhook's address belongs to, remembered for a moment.

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
_FIND = Prepared(
    lambda _: select(*(_COLUMNS[name] for name in _READ)).where(
        _COLUMNS.platform == bindparam("platform"), _COLUMNS.hook_key == bindparam("hook_key")
    )
)


class HookAddresses:
    """The addresses of one instance's stores."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: OrderedDict[tuple[str, str], tuple[float, Known]] = OrderedDict()
        self._guard = threading.Lock()

    def find(self, platform: str, hook_key: str, *, fresh: bool = False) -> Known | None:
        """The store's row id and the store as its adapter sees it, at most a second old."""
        if KEY.fullmatch(hook_key) is None:
            return None
        address = (platform, hook_key)
        kept = self._known.get(address)
        if kept is not None and not fresh and time.monotonic() - kept[0] < REMEMBERED_SECONDS:
            return kept[1]
        found = self._look_up(platform, hook_key)
        with self._guard:
            self._known.pop(address, None)
            if found is not None:
                self._known[address] = (time.monotonic(), found)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return found

    def _look_up(self, platform: str, hook_key: str) -> Known | None:
        with self._db.plain_reading(ALL, "find the store of a webhook address") as tx:
            rows = _FIND.read(tx, {"platform": platform, "hook_key": hook_key})
        if not rows:
            return None
        values = rows[0]._asdict()
        store_id: int = values.pop("id")
        values["credentials"] = json.loads(values["credentials"]) if values["credentials"] else {}
        return store_id, Store(**values)
