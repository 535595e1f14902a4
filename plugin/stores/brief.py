"""What jobs need to know of a store, read without the ORM and without opening its secrets."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from plugin.database import Prepared, Transaction
from plugin.stores.models import StoreRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreBrief:
    """Columns of `StoreRow` by their names; nothing that could be changed through it."""

    id: int
    public_id: str
    platform: str
    domain: str
    name: str
    status: str
    locale: str
    time_zone: str
    accent: str
    sender_name: str
    reply_to: str
    connected_at: datetime
    live_at: datetime | None
    mail_mode: str
    mails_since: datetime | None
    mails_leased_until: datetime | None
    platform_mails: list[str]
    capabilities: list[str]
    settle_seconds: int
    hold_seconds: int
    contact: dict[str, Any]
    hours: dict[str, Any]

    @property
    def speaks(self) -> bool:
        """Whether mails may go out: the merchant switched them on and has not taken the app off."""
        return self.live_at is not None and self.status != "uninstalled"


def read_store_brief(tx: Transaction, store_id: int) -> StoreBrief:
    """The store with this row id. Raises `LookupError`."""
    rows = _READ.read(tx, {"store": store_id})
    if not rows:
        raise LookupError(f"There is no store {store_id}.")
    return StoreBrief(**rows[0]._asdict())


_COLUMNS = StoreRow.__table__.c
_READ = Prepared(
    lambda _: select(*(_COLUMNS[field.name] for field in fields(StoreBrief))).where(
        _COLUMNS.id == bindparam("store")
    )
)
