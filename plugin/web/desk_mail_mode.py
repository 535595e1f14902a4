"""Who mails the shoppers: the platform, we, or the platform as long as it does not hear from us."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from plugin.contract import Capability
from plugin.stores import StoreRow
from plugin.stores.mail_lease import is_leased
from plugin.web.desk_words import name_notice


@dataclass(frozen=True)
class MailMode:
    """`state`: platform (it mails itself, we add what it does not) · chosen (handed over once the store is live) · ours
    (handed over, the lease is fresh) · waiting (handed over here, but the shop has not agreed or no longer hears from
    us) · by_hand (the merchant switches the platform's mails off). `can_lease`: the platform can hand its mails over
    by itself."""

    state: str
    can_lease: bool
    names: tuple[str, ...]
    since: datetime | None
    until: datetime | None
    returning: bool = False
    """Back in preview, but the shop may not have heard of it yet: what it leaves to us until then is still told."""

    @property
    def settled(self) -> bool:
        """Whether nothing is left for the merchant to do."""
        return self.state != "waiting"


def tell_mail_mode(row: StoreRow, locale: str, now: datetime) -> MailMode:
    """How it stands now."""
    can_lease = Capability.MAIL_LEASE.value in row.capabilities
    names = tuple(name_notice(name, locale) for name in row.platform_mails)
    returning = can_lease and row.live_at is None and is_leased(row, now)
    state = _state(row, can_lease, now)
    return MailMode(state, can_lease, names, row.mails_since, row.mails_leased_until, returning)


def _state(row: StoreRow, can_lease: bool, now: datetime) -> str:
    if row.mail_mode != "all":
        return "platform"
    if not can_lease:
        return "by_hand"
    if row.live_at is None:
        return "chosen"
    fresh = row.mails_since is not None and is_leased(row, now)
    return "ours" if fresh else "waiting"
