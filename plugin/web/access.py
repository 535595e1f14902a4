"""Who is at the desk: the session in the cookie, the store by membership, and writes from our own pages only.

Everything a desk view reads or writes is scoped by what is found here; nothing of it comes from parameters. A store
that an agent has no membership of is answered like one that does not exist.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlsplit

from flask import Response, abort, g, request

from plugin.agents import AgentRow, Session, find_session, get_role, has_other_stores
from plugin.care import ConversationRow
from plugin.care.desk import find_talk
from plugin.database import ALL
from plugin.stores import StoreRow, find_by_public_id
from plugin.web.doors import doors

SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
COOKIE_SECONDS = 400 * 24 * 3600
"""As long as browsers let a cookie live; the session's own 30 idle days decide."""

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True)
class Visit:
    """A signed-in agent and, below ``/desk/<store>/``, the store they are in. `role`: owner, agent, viewer or ''."""

    session: Session
    store: StoreRow | None
    role: str

    @property
    def agent(self) -> AgentRow:
        return self.session.agent

    @property
    def is_owner(self) -> bool:
        return self.role == "owner"

    @property
    def may_write(self) -> bool:
        """Whether they may answer shoppers and have orders read again; a viewer only looks."""
        return self.role != "viewer"


def our_origin() -> str:
    """Scheme, host and port under which browsers reach us."""
    parts = urlsplit(doors().settings.base_url)
    return f"{parts.scheme}://{parts.netloc}"


def is_from_our_page() -> bool:
    """Whether a browser sent this because of one of our own pages, or because its owner wished so.

    Browsers say so themselves in Sec-Fetch-Site, where the connection is one they trust; elsewhere Origin does. A
    request with neither is no browser's form, and refused.
    https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site (read 2026-11-21)
    """
    said = request.headers.get("Sec-Fetch-Site")
    if said is not None:
        return said in ("same-origin", "none")
    return request.headers.get("Origin") == our_origin()


def refuse_foreign_writes() -> None:
    """Before every view: nothing is changed for a page that is not ours (403)."""
    if request.method not in SAFE and not is_from_our_page():
        abort(403)


def _is_https() -> bool:
    return doors().settings.base_url.startswith("https://")


def cookie_name() -> str:
    """``__Host-`` binds the cookie to our host and to https; on a plain-http machine of one's own it cannot be."""
    return "__Host-mostrador-desk" if _is_https() else "mostrador-desk"


def give_cookie(answer: Response, token: str) -> None:
    """Signs the browser in: out of reach of scripts, never sent along from other sites' forms."""
    answer.set_cookie(
        cookie_name(),
        token,
        max_age=COOKIE_SECONDS,
        path="/",
        secure=_is_https(),
        httponly=True,
        samesite="Lax",
    )


def take_cookie(answer: Response) -> None:
    """Signs the browser out."""
    answer.delete_cookie(cookie_name(), path="/", secure=_is_https(), httponly=True, samesite="Lax")


def read_session() -> Session | None:
    """The session of the cookie, or None."""
    here, token = doors(), request.cookies.get(cookie_name(), "")
    if not token:
        return None
    with here.db.reading(ALL, "find the session of a cookie") as tx:
        return find_session(tx, token, here.clock.now())


def enter(session: Session, public_id: str | None) -> Visit:
    """The visit of a signed-in agent; 404 for a store that is not theirs, or not this session's."""
    if public_id is None:
        return Visit(session, None, "")
    with doors().db.reading(ALL, "find the store of an address, and the agent's part in it") as tx:
        store = find_by_public_id(tx, public_id)
        role = get_role(tx, store.id, session.agent.id) if store is not None else None
    if store is None or role is None or session.bound_to not in (None, store.id):
        abort(404)
    return Visit(session, store, role)


def visit() -> Visit:
    """The visit of this request."""
    found: Visit = g.desk_visit
    return found


def here_store() -> StoreRow:
    """The store of this request's address."""
    store = visit().store
    assert store is not None
    return store


def here_conversation(public_id: str) -> ConversationRow:
    """The conversation of this request's address; 404 when its store has none of this id."""
    store = here_store()
    with doors().db.reading(store.id) as tx:
        return find_talk(tx, store.id, public_id) or abort(404)


def themselves_only(view: View) -> View:
    """For what belongs to the agent and not to one store. A session that a shop's word opened is not surely theirs:
    who runs the shop may have named the agent of another. It gets 403 as soon as the agent has another store."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        session = visit().session
        if session.bound_to is not None:
            with doors().db.reading(ALL, "has the agent of a bound session other stores") as tx:
                if has_other_stores(tx, session.agent.id, session.bound_to):
                    abort(403)
        return view(*args, **kwargs)

    return guarded  # type: ignore[return-value]


def owners_only(view: View) -> View:
    """Others of the store are told that only its owner may (403)."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        if not visit().is_owner:
            abort(403)
        return view(*args, **kwargs)

    return guarded  # type: ignore[return-value]
