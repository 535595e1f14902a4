"""Connecting stores and finding them again."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from plugin.contract import Capability, Notice, Store, StoreAccess
from plugin.stores.brief import StoreBrief
from plugin.stores.install import take_turn
from plugin.stores.models import DEFAULT_WRONG_TARGET, StoreRow

PUBLIC_ID = re.compile(r"st_[A-Za-z0-9_-]{8,64}")
ORIGIN = re.compile(
    r"(https://[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?|http://(localhost|127\.0\.0\.1|\[::1\]))(:[0-9]{1,5})?"
)
MOST_ORIGINS = 20


def connect(
    tx: Session, platform: str, access: StoreAccess, now: datetime, *, webhook_secret: str | None = None
) -> StoreRow:
    """Makes or renews a store; who may renew one is for the caller to ask. A renewed one keeps its ids and its secret,
    its credentials when `access` brings none, and its connection time unless it had only been announced until now, or
    the app had been removed meanwhile."""
    row = find_by_domain(tx, platform, access.domain)
    if row is None:
        # A first delivery of this shop may announce it in the same moment.
        take_turn(tx)
        row = find_by_domain(tx, platform, access.domain)
    if row is None:
        row = make_row(platform, access.domain, now, webhook_secret)
        tx.add(row)
    if row.status in ("announced", "uninstalled"):
        _begin_quietly(row, now)
    if access.credentials:
        save_access(row, access)
    row.name, row.status, row.uninstalled_at = access.name or access.domain, "connected", None
    row.trouble, row.trouble_told_at = None, None
    row.currency = access.currency or row.currency or ""
    row.locale = access.locale or row.locale or "es"
    row.time_zone = access.time_zone or "UTC"
    tx.flush()
    return row


def make_row(platform: str, domain: str, now: datetime, webhook_secret: str | None = None) -> StoreRow:
    """A store that nobody has heard of before, with ids and secrets of its own; in no transaction yet."""
    return StoreRow(
        public_id="st_" + secrets.token_urlsafe(12),
        platform=platform,
        domain=domain,
        name=domain,
        hook_key=secrets.token_urlsafe(24),
        webhook_secret=webhook_secret or secrets.token_urlsafe(32),
        connected_at=now,
        capabilities=[],
        platform_mails=[],
        origins=list_origins(domain),
    )


def save_access(row: StoreRow, access: StoreAccess) -> None:
    """Keeps an access with its end, and the one before beside it. Whoever was refreshing the old one is too late."""
    fresh = json.dumps(dict(access.credentials))
    if fresh != row.credentials:
        row.previous_credentials, row.credentials = row.credentials, fresh
    row.access_expires_at, row.refresh_before = access.expires_at, access.refresh_before
    row.refresh_claimed_until = None


def _begin_quietly(row: StoreRow, now: datetime) -> None:
    """Nothing is sent about what happened before now, and nothing at all until the merchant goes live."""
    row.connected_at, row.live_at = now, None


def was_proven(row: StoreRow) -> bool:
    """Whether the platform ever confirmed that who connected this store holds its keys."""
    return row.credentials is not None or row.previous_credentials is not None


def change_hands(row: StoreRow, now: datetime) -> None:
    """The store is another's from now on: what its earlier owner knew opens nothing, what they wrote is not said."""
    row.hook_key, row.webhook_secret = secrets.token_urlsafe(24), secrets.token_urlsafe(32)
    row.sender_name, row.reply_to, row.answers = "", "", {}
    row.hours, row.privacy_url, row.wrong_target, row.calibration = {}, "", DEFAULT_WRONG_TARGET, {}
    _begin_quietly(row, now)


def find_by_domain(tx: Session, platform: str, domain: str) -> StoreRow | None:
    """The store at this address of a platform, whatever became of it; locked until the transaction ends."""
    which = (StoreRow.platform == platform, StoreRow.domain == domain)
    return tx.scalar(select(StoreRow).where(*which).with_for_update())


def list_origins(domain: str, others: Sequence[str] = ()) -> list[str]:
    """The origins of a shop's pages, those of its domain first; only a shop on one's own machine may be plain http.
    `others`: where else they stand, as the platform says; whatever is no plain origin is left out."""
    netloc = urlsplit(f"//{domain}").netloc
    own = [f"https://{netloc}"] + ([f"http://{netloc}"] if _is_at_home(domain) else [])
    said = [one for other in others if ORIGIN.fullmatch(one := other.strip().lower().rstrip("/"))]
    return list(dict.fromkeys([*own, *said]))[:MOST_ORIGINS]


def _is_at_home(domain: str) -> bool:
    return urlsplit(f"//{domain}").hostname in ("localhost", "127.0.0.1", "::1")


def shop_url(row: StoreRow | StoreBrief) -> str:
    """The shop's own pages, for a link in a mail."""
    return f"{'http' if _is_at_home(row.domain) else 'https'}://{row.domain}"


def note_set_up(row: StoreRow, capabilities: Iterable[Capability], platform_mails: Iterable[Notice]) -> None:
    """Writes down what `set_up` found."""
    row.capabilities = sorted(capability.value for capability in capabilities)
    row.platform_mails = sorted(notice.value for notice in platform_mails)


def as_contract(row: StoreRow) -> Store:
    """The store as an adapter sees it."""
    return Store(
        public_id=row.public_id,
        platform=row.platform,
        domain=row.domain,
        webhook_secret=row.webhook_secret,
        credentials=json.loads(row.credentials) if row.credentials else {},
        currency=row.currency,
        locale=row.locale,
        time_zone=row.time_zone,
        name=row.name,
        accent=row.accent,
        origins=tuple(row.origins or ()),
        kept=dict(row.kept or {}),
    )


def find_by_public_id(tx: Session, public_id: str) -> StoreRow | None:
    """The store behind the widget's `data-store`, while a merchant has it here."""
    if PUBLIC_ID.fullmatch(public_id) is None:
        return None  # PostgreSQL cannot even be asked for every text: it takes no NUL
    return tx.scalar(
        select(StoreRow).where(
            StoreRow.public_id == public_id, StoreRow.status.not_in(("announced", "uninstalled"))
        )
    )


def get_store(tx: Session, store_id: int) -> StoreRow:
    """The store with this row id. Where only few columns are read, often: `read_store_brief`."""
    row = tx.scalar(_BY_ID, {"store": store_id})
    if row is None:
        raise LookupError(f"There is no store {store_id}.")
    return row


_BY_ID = select(StoreRow).where(StoreRow.id == bindparam("store"))


def list_stores(tx: Session) -> Sequence[StoreRow]:
    """All stores, oldest first."""
    return list(tx.scalars(select(StoreRow).order_by(StoreRow.id)))


def has_access(row: StoreRow) -> bool:
    """Whether the platform can be asked. A store that only sends hooks is a legal state."""
    return row.status == "connected" and row.credentials is not None
