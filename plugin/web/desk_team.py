"""Letting a colleague go: what will happen, and the button that does it."""

from __future__ import annotations

from flask import Response, abort, request

from plugin.agents import Colleague, end_bound_sessions, is_last_owner, list_team, remove_membership
from plugin.database import ALL
from plugin.web.access import here_store, owners_only, visit
from plugin.web.desk_frame import back_to, desk, page_locale, render
from plugin.web.desk_store import show_store
from plugin.web.desk_words import tell_unwanted
from plugin.web.doors import doors


@desk.get("/<store>/team/<int:agent>/remove")
@owners_only
def ask_to_remove(agent: int) -> Response:
    """What will happen. Changes nothing."""
    return render("remove.html", store=here_store(), colleague=_find(agent), themselves=agent == visit().agent.id)


@desk.post("/<store>/team/<int:agent>/remove")
@owners_only
def remove(agent: int) -> Response:
    """Takes the agent out of this store and signs out what only its shop's word had opened. Never the last owner (422).

    Open pages close by themselves: the stream and every view look whether the agent is still of the store.
    """
    colleague, row, here = _find(agent), here_store(), doors()
    if request.form.get("sure") != "yes":
        return render("remove.html", store=row, colleague=colleague, themselves=agent == visit().agent.id)
    with here.db.transaction(ALL, "an owner removes an agent from a store") as tx:
        last = is_last_owner(tx, row.id, agent)
        if not last:
            remove_membership(tx, row.id, agent)
            end_bound_sessions(tx, row.id, here.clock.now(), agent)
    if last:
        return show_store(422, tell_unwanted("last_owner", page_locale()), "team")
    if agent == visit().agent.id:
        return back_to("desk.choose")
    return back_to("desk.store", "removed", anchor="team", about="team")


def _find(agent_id: int) -> Colleague:
    """The colleague of this store; 404 for whoever is none."""
    with doors().db.reading(ALL, "a colleague in a store") as tx:
        team = list_team(tx, here_store().id)
    found = next((one for one in team if one.agent.id == agent_id), None)
    return found or abort(404)
