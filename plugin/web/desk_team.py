"""Who stands behind the store's counter: the list, what each may do, and letting a colleague go."""

from __future__ import annotations

from flask import Response, abort, request

from plugin.agents import (
    ROLES,
    Colleague,
    end_bound_sessions,
    get_role,
    is_last_owner,
    list_invitations,
    list_team,
    remove_membership,
    set_role,
    withdraw_invitations,
)
from plugin.database import ALL
from plugin.web.access import here_store, owners_only, visit
from plugin.web.desk_frame import back_to, desk, page_locale, render
from plugin.web.desk_words import name_role, tell_role, tell_unwanted
from plugin.web.doors import doors

LONGEST_TYPED = 254


@desk.get("/<store>/team")
def team() -> Response:
    """The team; for its owners also whom they asked and have not heard from."""
    return show_team()


def show_team(status: int = 200, fault: str = "", about: str = "") -> Response:
    """The page, with what is wrong (`fault`) beside the part it is `about`: ``people`` or ``invite``. Beside a fault
    the fields keep what was typed."""
    row, locale, here = here_store(), page_locale(), doors()
    with here.db.reading(ALL, "the team of a store") as tx:
        people = list_team(tx, row.id)
        asked = list_invitations(tx, row.id, here.clock.now()) if visit().is_owner else []
    return render(
        "team.html", status, store=row, team=people, asked=asked, fault=fault, endpoint="desk.team",
        about=about or request.args.get("about", ""), done=request.args.get("done", ""),
        owners=sum(one.role == "owner" for one in people),
        typed=request.form.get("email", "")[:LONGEST_TYPED] if fault else "",
        chosen=request.form.get("role", "agent") if fault and about == "invite" else "agent",
        mail_locale=request.form.get("locale", locale) if fault else locale,
        roles=[(role, name_role(role, locale), tell_role(role, locale)) for role in ROLES],
        name_role=lambda role: name_role(role, locale),
    )  # fmt: skip


@desk.post("/<store>/team/<int:agent>/role")
@owners_only
def change_role(agent: int) -> Response:
    """Makes a colleague owner, agent or viewer. Never the last owner (422); open pages follow within five seconds."""
    colleague, row, role = find_colleague(agent), here_store(), request.form.get("role", "")
    if role not in ROLES:
        return show_team(422, tell_unwanted("role", page_locale()), "people")
    if role == colleague.role:
        return back_to("desk.team", "saved", about="people")
    with doors().db.transaction(ALL, "an owner changes what a colleague may") as tx:
        changed = set_role(tx, row.id, agent, role)
        left = not changed and get_role(tx, row.id, agent) is None
    if left:
        abort(404)
    if not changed:
        return show_team(422, tell_unwanted("last_owner_role", page_locale()), "people")
    return back_to("desk.team", "saved", about="people")


@desk.get("/<store>/team/<int:agent>/remove")
@owners_only
def ask_to_remove(agent: int) -> Response:
    """What will happen. Changes nothing."""
    colleague = find_colleague(agent)
    return render("remove.html", store=here_store(), colleague=colleague, themselves=agent == visit().agent.id)


@desk.post("/<store>/team/<int:agent>/remove")
@owners_only
def remove(agent: int) -> Response:
    """Takes the agent out of this store, signs out what only its shop's word had opened, and withdraws what invites
    them back. Never the last owner (422).

    Open pages close by themselves: the stream and every view look whether the agent is still of the store.
    """
    colleague, row, here = find_colleague(agent), here_store(), doors()
    if request.form.get("sure") != "yes":
        return render("remove.html", store=row, colleague=colleague, themselves=agent == visit().agent.id)
    with here.db.transaction(ALL, "an owner removes an agent from a store") as tx:
        last = is_last_owner(tx, row.id, agent)
        if not last:
            remove_membership(tx, row.id, agent)
            end_bound_sessions(tx, row.id, here.clock.now(), agent)
            withdraw_invitations(tx, row.id, here.clock.now(), colleague.agent.email_index)
    if last:
        return show_team(422, tell_unwanted("last_owner", page_locale()), "people")
    if agent == visit().agent.id:
        return back_to("desk.choose")
    return back_to("desk.team", "removed", about="people")


def find_colleague(agent_id: int) -> Colleague:
    """The colleague of this store; 404 for whoever is none."""
    with doors().db.reading(ALL, "a colleague in a store") as tx:
        people = list_team(tx, here_store().id)
    found = next((one for one in people if one.agent.id == agent_id), None)
    return found or abort(404)
