"""Whose a shop is that is being connected: who may bring it, who becomes its owner, and who has to leave.

An address everybody knows shows nothing. Keys which the platform confirmed show that somebody of the shop agreed, but
not that it was the one before our page: an approving link can be sent to a merchant by a stranger. So only a hand we
know (a set-up link, a signed-in owner) gets the store by connecting it; whoever else does is told to let the shop's
own staff prove themselves (`plugin.web.install_owner`). Where the platform signs who stands in its back office just
now (`PROVEN`), that person connects and renews the store, and is let into it by the same word (`hand_over.welcome`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session as Transaction

from plugin.agents.people import add_membership, get_role, list_team, remove_membership
from plugin.agents.sessions import end_bound_sessions
from plugin.contract import StoreAccess
from plugin.stores import StoreRow, connect
from plugin.stores.connect import change_hands, find_by_domain, was_proven
from plugin.stores.install import is_first, take_turn


@dataclass(frozen=True)
class Hand:
    """Who connects a shop. `agent_id`: a signed-in owner, or whom a set-up link names. `invited`: by such a link, or
    on the server itself. `vouched`: it may become the owner of a store by connecting it. `proven`: the platform itself
    signed, a moment ago, that one of the shop's staff stands there."""

    agent_id: int | None = None
    invited: bool = False
    vouched: bool = False
    proven: bool = False


PROVEN = Hand(proven=True)
"""Connects what the setting `INSTALLS` lets a stranger connect, and renews its own shop whatever that says."""


class NotTheirs(Exception):
    """The shop stays as it was. `code`: ``taken`` (it is here, and this shows no right to it), ``keys`` (an address
    alone proves nothing), ``ticket`` (nobody new may connect a shop without a set-up link)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def may_begin(tx: Transaction, installs: str) -> bool:
    """Whether a stranger may connect a shop here, by the setting `INSTALLS`."""
    return installs == "open" or (installs == "first" and is_first(tx))


def settle_store(
    tx: Transaction, platform: str, access: StoreAccess, hand: Hand, installs: str, now: datetime
) -> StoreRow:
    """Makes or renews the store and its ownership. A store that only announced itself was let in by nobody yet. Raises
    `NotTheirs`, and then nothing was changed."""
    take_turn(tx)
    known = find_by_domain(tx, platform, access.domain)
    if hand.proven and not access.credentials:
        raise NotTheirs("keys")
    if known is not None and known.status != "announced":
        _check_renewal(tx, known, access, hand, now)
    elif not hand.vouched and not may_begin(tx, installs):
        raise NotTheirs("ticket")
    elif not hand.vouched and not access.credentials:
        raise NotTheirs("keys")
    if known is not None and known.status == "uninstalled":
        # What the shop's word opened before it left is not opened again by whoever brings the shop back.
        end_bound_sessions(tx, known.id, now)
    row = connect(tx, platform, access, now)
    if hand.vouched and hand.agent_id is not None:
        add_membership(tx, row.id, hand.agent_id, "owner", now)
    return row


def _check_renewal(
    tx: Transaction, row: StoreRow, access: StoreAccess, hand: Hand, now: datetime
) -> None:
    """Its owner may, and whoever brings keys that the platform just confirmed. A shop's address everybody knows: alone
    it opens only what nobody owns and nobody proved, and only by a set-up link.

    Whom keys prove wrong leaves: who connected the shop before by its address alone may have done it in its merchant's
    stead, waiting for them.
    """
    if hand.agent_id is not None and get_role(tx, row.id, hand.agent_id) == "owner":
        return
    team = list_team(tx, row.id)
    if not access.credentials:
        if team or was_proven(row) or not hand.invited:
            raise NotTheirs("taken")
        return
    if team and not was_proven(row):
        for one in team:
            remove_membership(tx, row.id, one.agent.id)
        end_bound_sessions(tx, row.id, now)
        change_hands(row, now)
