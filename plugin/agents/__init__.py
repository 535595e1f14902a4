"""People who answer: who they are, how they sign in, and in which stores they stand behind the counter."""

from plugin.agents.entry import (
    LINK_LIFETIME,
    MOST_LINKS,
    find_agent_by_link,
    mint_link_for_address,
    mint_sign_in_link,
    sign_in,
)
from plugin.agents.models import AgentRow, AgentSessionRow, MembershipRow, SignInLinkRow
from plugin.agents.people import (
    AddressTaken,
    Colleague,
    add_membership,
    create_agent,
    find_agent,
    get_agent,
    get_role,
    list_memberships,
    list_team,
    remove_membership,
    rename_agent,
    set_locale,
)
from plugin.agents.sessions import (
    IDLE,
    Session,
    find_session,
    is_session_good,
    list_sessions,
    note_seen,
    revoke_other_sessions,
    revoke_session,
)

__all__ = [
    "IDLE", "LINK_LIFETIME", "MOST_LINKS", "AddressTaken", "AgentRow", "AgentSessionRow", "Colleague", "MembershipRow",
    "Session", "SignInLinkRow", "add_membership", "create_agent", "find_agent", "find_agent_by_link", "find_session",
    "get_agent", "get_role", "is_session_good", "list_memberships", "list_sessions", "list_team", "mint_link_for_address",
    "mint_sign_in_link", "note_seen", "remove_membership", "rename_agent", "revoke_other_sessions", "revoke_session",
    "set_locale", "sign_in",
]  # fmt: skip
