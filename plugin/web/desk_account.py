"""What an agent may see and change about themselves: name, language, calls to the desk, where they are signed in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Response, abort, g, redirect, request, url_for

from plugin.agents import (
    end_all_sessions,
    get_role,
    list_memberships,
    list_sessions,
    note_seen,
    rename_agent,
    revoke_other_sessions,
    revoke_session,
    set_locale,
    set_takes_calls,
)
from plugin.database import ALL
from plugin.language import LOCALES
from plugin.stores import StoreRow, find_by_public_id, get_store
from plugin.web.access import take_cookie, themselves_only, visit
from plugin.web.desk_frame import back_to, desk, render
from plugin.web.doors import doors


@dataclass(frozen=True)
class Place:
    """A store of the agent's, what they are there, and whether they are called to its desk."""

    store: StoreRow
    role: str
    takes_calls: bool


@desk.get("/account")
@themselves_only
def account() -> Response:
    """The agent's name and language, who calls them to the desk, and where they are signed in; in the frame of the
    store from which they came."""
    here, found = doors(), visit()
    with here.db.reading(ALL, "the sessions and the stores of an agent") as tx:
        sessions = list_sessions(tx, found.agent.id, here.clock.now())
        bound = {one.bound_to: get_store(tx, one.bound_to).name for one in sessions if one.bound_to is not None}
        every = [
            Place(get_store(tx, row.store_id), row.role, bool(row.takes_calls))
            for row in list_memberships(tx, found.agent.id)
        ]
    places = [one for one in every if one.store.status != "uninstalled"]
    asked = request.args.get("store")
    frame = next((one for one in places if one.store.public_id == asked), None)
    # None but the one from which they came: to open a store's frame is to come to its desk.
    if frame is not None:
        g.desk_visit = replace(found, store=frame.store, role=frame.role)
    return render(
        "account.html", sessions=sessions, bound=bound, done=request.args.get("done", ""),
        places=[one for one in places if one.role != "viewer"], about=request.args.get("about", ""),
        may_wish_calls=_may_wish_calls(),
    )  # fmt: skip


def _may_wish_calls() -> bool:
    """Where anybody may connect a shop, a session that the shop's word opened asks for no mails: whoever runs the shop
    may have named a stranger."""
    return visit().session.bound_to is None or doors().settings.installs != "open"


@desk.post("/account/calls")
@themselves_only
def change_calls() -> Response:
    """Whether the agent is mailed when a shopper of one of their stores waits and nobody is at the desk."""
    wants, agent = request.form.get("calls") == "yes", visit().agent
    if wants and not _may_wish_calls():
        abort(403)
    with doors().db.transaction(ALL, "whether an agent is called to a desk") as tx:
        store = find_by_public_id(tx, request.form.get("store", ""))
        # Who only looks is called nowhere; a store that is not theirs looks like none.
        answers = store is not None and get_role(tx, store.id, agent.id) in ("owner", "agent")
        if store is not None and answers:
            set_takes_calls(tx, store.id, agent.id, wants)
    if not answers:
        abort(404)
    return back_to("desk.account", "called" if wants else "not_called", about="calls", anchor="calls")


@desk.post("/account/name")
@themselves_only
def rename() -> Response:
    """The name shoppers see."""
    with doors().db.transaction(ALL, "an agent's name") as tx:
        renamed = rename_agent(tx, visit().agent.id, request.form.get("name", ""))
    return back_to("desk.account", "name" if renamed else "no_name")


@desk.post("/account/language")
@themselves_only
def language() -> Response:
    """The language of the desk; then back to where the agent was."""
    wanted, back = request.form.get("locale", ""), request.form.get("back", "")
    if wanted in LOCALES:
        with doors().db.transaction(ALL, "an agent's language") as tx:
            set_locale(tx, visit().agent.id, wanted)
    return Response(status=303, headers={"Location": _safe_path(back)})


def _safe_path(back: str) -> str:
    """A page of the desk, never another site: browsers read ``//host`` and ``/\\host`` as one."""
    plain = back.isascii() and back.isprintable() and "\\" not in back and "//" not in back
    return back if plain and back.startswith("/desk/") and len(back) < 500 else url_for("desk.choose")


@desk.post("/account/seen")
def seen() -> Response:
    """The agent has a page open: asked by the page itself about twice a day, so that reading changes nothing."""
    here = doors()
    with here.db.transaction(ALL, "an agent is here") as tx:
        note_seen(tx, visit().session.id, here.clock.now())
    return Response(status=204)


@desk.post("/account/sessions/<session>/end")
@themselves_only
def end_session(session: str) -> Response:
    """Signs one browser out; its open pages learn it within five seconds."""
    here = doors()
    with here.db.transaction(ALL, "end a session") as tx:
        revoke_session(tx, visit().agent.id, session, here.clock.now())
    return back_to("desk.account", "ended")


@desk.post("/account/sessions/end-others")
@themselves_only
def end_others() -> Response:
    """Signs every other browser out."""
    here = doors()
    with here.db.transaction(ALL, "end the other sessions") as tx:
        revoke_other_sessions(tx, visit().agent.id, visit().session.id, here.clock.now())
    return back_to("desk.account", "ended")


@desk.post("/account/sessions/end-all")
@themselves_only
def end_all() -> Response:
    """Signs every browser out, this one too."""
    here = doors()
    with here.db.transaction(ALL, "end all sessions") as tx:
        end_all_sessions(tx, visit().agent.id, here.clock.now())
    return _to_the_door()


@desk.post("/sign-out")
def sign_out() -> Response:
    """Ends this session; the cookie alone would live on in copies."""
    here = doors()
    with here.db.transaction(ALL, "sign out") as tx:
        revoke_session(tx, visit().agent.id, visit().session.public_id, here.clock.now())
    return _to_the_door()


def _to_the_door() -> Response:
    answer = redirect(url_for("entry.show_form"), 303)
    take_cookie(answer)  # type: ignore[arg-type]
    return answer  # type: ignore[return-value]
