"""Who may connect a shop, and the state that binds an installation's end to its beginning.

A *ticket* is a one-time set-up link's secret, signed and good for an hour. A *state* travels through the
platform and back: random, kept as a hash, good once, for ten minutes, and only in the browser it began in; or, where
the platform's server brings the access, by that server's one post, which no other browser's visit can stand for.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from plugin.contract import Clock, SystemClock, Urls, WebRequest
from plugin.settings import Settings
from plugin.stores.models import InstallState, StoreRow

STATE_LIFETIME = timedelta(minutes=10)
TICKET_LIFETIME = timedelta(hours=1)
TURN = 0x6D6F7374726164
"""The advisory lock of whatever settles a store."""


@dataclass(frozen=True)
class Ticket:
    """A set-up link that is still good. `agent_id`: who becomes the new store's owner, or None."""

    hash: str
    agent_id: int | None


def mint_install_ticket(settings: Settings, clock: Clock | None = None, agent_id: int | None = None) -> str:
    """A ticket for one installation within the next hour; see `install_link`. `agent_id`: the new store's owner."""
    ends_at = (clock or SystemClock()).now() + TICKET_LIFETIME
    said = [secrets.token_urlsafe(16), int(ends_at.timestamp()), agent_id or 0]
    return str(_serializer(settings.index_key).dumps(said))


def install_link(settings: Settings, platform: str, ticket: str) -> str:
    """Where the bearer of a ticket connects a shop of this platform."""
    return f"{settings.base_url.rstrip('/')}/install/{platform}?ticket={ticket}"


def find_ticket(tx: Session, settings: Settings, ticket: str, now: datetime) -> Ticket | None:
    """The ticket, when it is ours, not too old, and no shop was connected with it yet."""
    try:
        said = _serializer(settings.index_key).loads(ticket)
        _, ends_at, agent_id = said
        # One signature can be spelled in several ways, and only one spelling is remembered as spent.
        if now.timestamp() >= int(ends_at) or _serializer(settings.index_key).dumps(said) != ticket:
            return None
        found = Ticket(hash_secret(ticket), int(agent_id) or None)
    except (BadSignature, ValueError, TypeError):
        return None
    spent = (InstallState.ticket_hash == found.hash, InstallState.connected.is_not(None))
    return found if tx.scalar(select(InstallState.id).where(*spent)) is None else None


def mint_state(tx: Session, platform: str, browser: str, ticket: Ticket | None, now: datetime) -> str:
    """A state for the browser that holds the cookie `browser`; without a ticket for a signed-in owner."""
    state = secrets.token_urlsafe(24)
    tx.add(
        InstallState(
            state_hash=hash_secret(state), browser_hash=hash_secret(browser), platform=platform, created_at=now,
            ticket_hash=ticket.hash if ticket else None, agent_id=ticket.agent_id if ticket else None,
            expires_at=now + STATE_LIFETIME,
        )
    )  # fmt: skip
    tx.flush()
    return state


def note_begun(
    tx: Session, state: str, kept: Mapping[str, str], by_server: bool, agent_id: int | None = None
) -> None:
    """What the adapter wants to know again, and who brings the access. `agent_id`: whose hand may be trusted with the
    store when no browser of theirs is there to show it."""
    values: dict[str, Any] = {"kept": dict(kept), "by_server": by_server}
    if agent_id is not None:
        values["agent_id"] = agent_id
    tx.execute(update(InstallState).where(InstallState.state_hash == hash_secret(state)).values(values))


def ticket_of(row: InstallState) -> Ticket | None:
    """The ticket that an installation began with."""
    return Ticket(row.ticket_hash, row.agent_id) if row.ticket_hash else None


def take_state(tx: Session, platform: str, state: str, browser: str, now: datetime) -> InstallState | None:
    """Uses a state up. None for anything unknown, used, expired, or begun elsewhere: for another platform or
    in another browser."""
    if not state or not browser:
        return None
    mine = (
        InstallState.state_hash == hash_secret(state), InstallState.platform == platform,
        InstallState.browser_hash == hash_secret(browser), InstallState.used_at.is_(None),
        InstallState.expires_at > now, InstallState.by_server.is_(False),
    )  # fmt: skip
    row = tx.scalar(select(InstallState).where(*mine).with_for_update())
    if row is not None:
        row.used_at = now
    return row


def take_server_state(tx: Session, platform: str, state: str, now: datetime) -> InstallState | None:
    """Uses up a state which the platform's server brings. One statement compares and sets, so that of two posts at
    the same moment one wins. None for anything unknown, used, expired, or a browser's to bring."""
    if not state:
        return None
    which = (InstallState.state_hash == hash_secret(state), InstallState.platform == platform)
    good = (InstallState.by_server.is_(True), InstallState.used_at.is_(None), InstallState.expires_at > now)
    used = tx.execute(update(InstallState).where(*which, *good).values(used_at=now))
    if getattr(used, "rowcount", 0) != 1:
        return None
    return tx.scalar(select(InstallState).where(*which))


def find_server_state(tx: Session, platform: str, state: str, browser: str) -> InstallState | None:
    """What became of an installation whose access the server brings; for the browser that began it alone."""
    if not state or not browser:
        return None
    mine = (
        InstallState.state_hash == hash_secret(state), InstallState.platform == platform,
        InstallState.browser_hash == hash_secret(browser), InstallState.by_server.is_(True),
    )  # fmt: skip
    return tx.scalar(select(InstallState).where(*mine))


def note_refused(tx: Session, state_id: int, words: str) -> None:
    """Why nothing came of an installation, packed; its state stays used up."""
    tx.execute(update(InstallState).where(InstallState.id == state_id).values(trouble=words))


def find_result(tx: Session, state: str) -> InstallState | None:
    """The installation of a state, as it stands now: for who began it on the command line, which has no cookie."""
    return tx.scalar(select(InstallState).where(InstallState.state_hash == hash_secret(state)))


def find_ticket_result(tx: Session, ticket: str) -> InstallState | None:
    """The installation that a set-up link's bearer brought to an end, if any."""
    done = (InstallState.ticket_hash == hash_secret(ticket), InstallState.connected.is_not(None))
    return tx.scalar(select(InstallState).where(*done))


def take_turn(tx: Session) -> None:
    """Installations settle one after the other, until their transaction ends: of two strangers' in the same instant one
    is the first. SQLite's writers always take turns."""
    if tx.get_bind().dialect.name == "postgresql":
        tx.execute(select(func.pg_advisory_xact_lock(TURN)))


def is_first(tx: Session) -> bool:
    """Whether no shop was ever connected here. One that only announced itself was not."""
    return tx.scalar(select(StoreRow.id).where(StoreRow.status != "announced").limit(1)) is None


def note_connected(tx: Session, state_id: int, store_id: int) -> None:
    """Writes down what came of an installation; its ticket is spent from now on."""
    tx.execute(update(InstallState).where(InstallState.id == state_id).values(connected=store_id))


def find_connected(tx: Session, platform: str, browser: str, now: datetime) -> StoreRow | None:
    """The store which this browser connected last, within the hour."""
    if not browser:
        return None
    mine = (
        InstallState.browser_hash == hash_secret(browser), InstallState.platform == platform,
        InstallState.created_at > now - TICKET_LIFETIME,
    )  # fmt: skip
    newest = select(StoreRow).join(InstallState, InstallState.connected == StoreRow.id).where(*mine)
    return tx.scalars(newest.order_by(InstallState.id.desc())).first()


def begin_request(platform: str, shop: str, keys: bool = False) -> WebRequest:
    """The wish to connect as an adapter sees it: the shop's address in the field ``shop``, ``keys=1`` for whoever
    would rather paste keys; and no ticket of ours."""
    given = ({"shop": shop} if shop else {}) | ({"keys": "1"} if keys else {})
    return WebRequest(
        method="POST", path=f"/install/{platform}", query={}, body=urlencode(given).encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )  # fmt: skip


def platform_urls(platform: str, base_url: str) -> Urls:
    """Our addresses before a store is known."""
    return Urls(
        webhook=f"{base_url}/hooks/{platform}", install_callback=f"{base_url}/install/{platform}/callback",
        widget_loader=f"{base_url}/widget/loader.js", desk=f"{base_url}/desk/",
    )  # fmt: skip


def hash_secret(secret: str) -> str:
    """SHA-256 in hex: our secrets are random, so nobody can guess them from it."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _serializer(index_key: str) -> URLSafeSerializer:
    return URLSafeSerializer(index_key, salt="mostrador-install-ticket")
