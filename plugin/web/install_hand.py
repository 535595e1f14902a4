"""Whose hand holds the browser (or the platform's post) that connects a shop."""

from __future__ import annotations

from sqlalchemy.orm import Session

from plugin.agents import get_agent, get_role, list_memberships
from plugin.agents.ownership import Hand, may_begin, settle_store
from plugin.contract import StoreAccess
from plugin.database import ALL
from plugin.stores.install import Ticket, find_ticket, is_first, note_connected
from plugin.stores.models import InstallState
from plugin.stores.set_up import promise_set_up
from plugin.web.access import is_from_our_page, read_session
from plugin.web.doors import doors


def read_ticket(ticket: str) -> Ticket | None:
    """The set-up link's ticket, while it is good."""
    here = doors()
    if not ticket:
        return None
    with here.db.reading(ALL, "is this set-up link still good") as tx:
        return find_ticket(tx, here.settings, ticket, here.clock.now())


def find_owner() -> int | None:
    """The signed-in agent who may connect shops: an owner somewhere, or anybody while there is no store at all. A
    session that a shop's word opened speaks for that shop alone, not for its agent."""
    session = read_session()
    if session is None or session.bound_to is not None:
        return None
    with doors().db.reading(ALL, "may this agent connect a shop") as tx:
        roles = {row.role for row in list_memberships(tx, session.agent.id)}
        return session.agent.id if "owner" in roles or is_first(tx) else None


def may_ask(ticket: Ticket | None) -> bool:
    """Whether this browser may see the page that begins an installation."""
    if ticket is not None or find_owner() is not None or _owns_what_it_is_bound_to():
        return True
    with doors().db.reading(ALL, "may a stranger connect a shop") as tx:
        return may_begin(tx, doors().settings.installs)


def may_start(ticket: Ticket | None) -> bool:
    """Whether this browser may begin one: in a signed-in owner's name only from our own page."""
    return ticket is not None or (is_from_our_page() and may_ask(None))


def _owns_what_it_is_bound_to() -> bool:
    """The owner in a session of the shop's own word: what comes of it must be that very shop, by its keys."""
    session = read_session()
    if session is None or session.bound_to is None:
        return False
    with doors().db.reading(ALL, "does a bound session's agent own its store") as tx:
        return get_role(tx, session.bound_to, session.agent.id) == "owner"


def connect_shop(platform: str, access: StoreAccess, taken: InstallState) -> None:
    """The store, what it came of, and its set-up promised, in one transaction. Raises
    `plugin.agents.ownership.NotTheirs`."""
    here = doors()
    # A platform's post carries no session of ours, whatever cookie somebody may send with it.
    signed_in, now = None if taken.by_server else find_owner(), here.clock.now()
    with here.db.transaction(ALL, "a shop is connected") as tx:
        hand = _name_hand(tx, taken, signed_in)
        row = settle_store(tx, platform, access, hand, here.settings.installs, now)
        note_connected(tx, taken.id, row.id)
        promise_set_up(tx, row, now)


def _name_hand(tx: Session, taken: InstallState, signed_in: int | None) -> Hand:
    """Where everybody may connect shops, everybody is an owner somewhere: then a sign-in vouches for nothing but the
    stores it owns already."""
    invited, is_open = taken.ticket_hash is not None, doors().settings.installs == "open"
    agent_id = None if invited and is_open else signed_in
    if agent_id is None and taken.agent_id is not None and get_agent(tx, taken.agent_id) is not None:
        agent_id = taken.agent_id
    return Hand(agent_id, invited, vouched=invited or (agent_id is not None and not is_open))
