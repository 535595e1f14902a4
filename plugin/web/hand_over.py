"""From the shop's own back office to the desk: the shop signs who stands there, we open the desk of that shop.

The word comes as a form post from another site, so our cookies do not come with it (SameSite): the first answer is a
page of ours whose form, sent at once or by its button, brings them. What it carries is signed by us, good for five
minutes and once. Nothing but POST signs in, and whoever is somebody else here already is asked first: otherwise a
stranger's page could put them into a stranger's desk without a sign.
https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Set-Cookie#samesitesamesite-value (2026-11-21)
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, redirect, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer
from limits import RateLimitItemPerHour
from sqlalchemy.orm import Session as Transaction

from plugin.agents import AgentRow, Session, get_agent, get_role, open_session, use_word, welcome
from plugin.contract import AdapterError, Capability, Merchant, StoreAdapter
from plugin.database import ALL
from plugin.mail import MailInvalid
from plugin.stores import StoreRow, as_contract, find_by_public_id, get_store
from plugin.web.access import give_cookie, read_session
from plugin.web.adapter_words import find_adapter
from plugin.web.desk_entry import name_browser
from plugin.web.desk_frame import entry, render
from plugin.web.doors import doors
from plugin.web.widget_limits import count_hit

LIVES_SECONDS = 300
LONGEST_WORD = 4000
WORDS = RateLimitItemPerHour(120)
"""From one neighbourhood: a whole office may stand behind one address."""


@dataclass(frozen=True)
class Arrival:
    """Whom a shop named, on the way in."""

    token: str
    agent: AgentRow
    store: StoreRow


@entry.post("/desk/enter/<platform>")
def take_word(platform: str) -> Response:
    """Believes the shop's word, uses it up, and gives the page that goes on from here."""
    word = request.form.get("proof", "")
    adapter = find_adapter(platform)
    if adapter is None or not 0 < len(word) <= LONGEST_WORD:
        return _refuse("wrong", 400)
    if count_hit(WORDS, "hand-overs"):
        return _refuse("often", 429)
    store, merchant = _believe(adapter, word)
    if store is None or merchant is None:
        return _refuse("wrong", 403)
    here = doors()
    try:
        with here.db.transaction(ALL, "a shop names who comes in") as tx:
            agent = let_in(tx, store.id, merchant, here.clock.now())
            if not use_word(tx, word, agent.id, here.clock.now()):
                return _refuse("used", 403)
    except MailInvalid:
        return _refuse("address", 403)
    return render("hand_over.html", state="go", token=sign_word(agent.id, store.id), agent=agent, store=store)


def let_in(tx: Transaction, store_id: int, merchant: Merchant, now: datetime) -> AgentRow:
    """The agent whom a platform's word names, with their place in its store. Raises `MailInvalid`."""
    locale, role = get_store(tx, store_id).locale, "owner" if merchant.is_owner else "agent"
    anybody = doors().settings.installs == "open"
    return welcome(tx, store_id, merchant.email, merchant.name, locale, now, role, anybody=anybody)


@entry.post("/desk/arrive")
def arrive() -> Response:
    """From our own page: keeps a session that may enter, or opens one that opens this store alone."""
    here, found = doors(), _read(request.form.get("token", ""))
    if found is None:
        return _refuse("used", 403)
    session = read_session()
    inside = session is not None and _may_enter(session, found.store)
    if session is not None and inside and session.bound_to is None:
        return _go_in(found.store)
    another = session is not None and session.agent.id != found.agent.id
    if session is not None and another and request.form.get("sure") != "yes":
        return render("hand_over.html", state="ask", token=found.token, agent=found.agent, store=found.store,
                      other=session.agent)  # fmt: skip
    with here.db.transaction(ALL, "open the desk for whom a shop named") as tx:
        if not use_word(tx, found.token, found.agent.id, here.clock.now()):
            return _go_in(found.store) if inside else _refuse("used", 403)
        cookie = open_session(tx, found.agent.id, here.clock.now(), name_browser(), bound_to=found.store.id)
    answer = _go_in(found.store)
    give_cookie(answer, cookie)
    return answer


def _believe(adapter: StoreAdapter, word: str) -> tuple[StoreRow | None, Merchant | None]:
    """The store that the word speaks for and whom it names; only a member of its staff counts, and only while the
    store is connected."""
    here = doors()
    if Capability.PROOFS not in adapter.capabilities:
        return None, None
    try:
        proof = adapter.read_proof(word)
        with here.db.reading(ALL, "which store does a word claim to speak for") as tx:
            store = find_by_public_id(tx, proof.claimed_store)
        if store is None or store.platform != adapter.name:
            return None, None
        proven = adapter.verify_proof(proof, as_contract(store))
    except AdapterError:
        return None, None
    return store, proven if isinstance(proven, Merchant) else None


def _may_enter(session: Session, store: StoreRow) -> bool:
    if session.bound_to not in (None, store.id):
        return False
    with doors().db.reading(ALL, "may a signed-in agent enter the store of a hand-over") as tx:
        return get_role(tx, store.id, session.agent.id) is not None


def sign_word(agent_id: int, store_id: int) -> str:
    """Our own word for `arrive`, for whom a platform proved just now."""
    # The nonce makes every word another one, so that each can be used up by itself.
    ends_at = int(doors().clock.now().timestamp()) + LIVES_SECONDS
    return str(_serializer().dumps([agent_id, store_id, secrets.token_urlsafe(12), ends_at]))


def _read(token: str) -> Arrival | None:
    """Whom we signed for a moment ago; None for what is no word of ours, too old, or about what is gone."""
    here = doors()
    try:
        said: Any = _serializer().loads(token[:LONGEST_WORD])
        agent_id, store_id, _, ends_at = said
        if _serializer().dumps(said) != token:
            return None  # the same signature, spelled another way: it would be good once more
    except (BadSignature, ValueError, TypeError):
        return None
    if here.clock.now().timestamp() >= ends_at:
        return None
    with here.db.reading(ALL, "who arrives, and where") as tx:
        agent = get_agent(tx, agent_id)
        try:
            store = get_store(tx, store_id)
        except LookupError:
            return None
        inside = agent is not None and get_role(tx, store_id, agent_id) is not None
    if agent is None or not inside or store.status == "uninstalled":
        return None
    return Arrival(token, agent, store)


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(doors().settings.index_key, salt="mostrador-hand-over")


def _go_in(store: StoreRow) -> Response:
    return redirect(url_for("desk.home", store=store.public_id), 303)  # type: ignore[return-value]


def _refuse(why: str, status: int) -> Response:
    return render("hand_over.html", status, state=why, token="", agent=None, store=None)
