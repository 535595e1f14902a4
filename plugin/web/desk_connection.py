"""Disconnecting a shop: what will happen, the button that does it, and what its merchant still has to do there."""

from __future__ import annotations

from flask import Response, request
from sqlalchemy.orm import Session

from plugin.agents import end_bound_sessions
from plugin.stores.disconnect import disconnect_store
from plugin.stores.mail_lease import is_leased
from plugin.web.access import here_store, owners_only, visit
from plugin.web.adapter_words import find_adapter, tell_words
from plugin.web.desk_frame import desk, page_locale, render
from plugin.web.doors import Doors, doors


@desk.get("/<store>/store/disconnect")
@owners_only
def ask_to_disconnect() -> Response:
    """What will happen. Changes nothing."""
    return _show("ask")


@desk.post("/<store>/store/disconnect")
@owners_only
def disconnect() -> Response:
    """Removes what we made at the shop, forgets its keys, and says what is left to do there."""
    if request.form.get("sure") != "yes":
        return _show("ask")
    row, here = here_store(), doors()
    words = let_go(here, row.id)
    silent = words != "" and is_leased(row, here.clock.now())
    return _show("done", tell_words(find_adapter(row.platform), words, page_locale()), silent)


def let_go(here: Doors, store_id: int) -> str:
    """Disconnects a store, and ends the sessions that its shop's word opened. Gives what the platform would not do."""
    now = here.clock.now()

    def also(tx: Session) -> None:
        end_bound_sessions(tx, store_id, now)

    return disconnect_store(here.db, here.registry, store_id, also, here.clock)


def _show(state: str, trouble: str = "", silent: bool = False) -> Response:
    """`silent`: the shop could not be told that it mails by itself again, and will do so when its time is over."""
    row = here_store()
    adapter = find_adapter(row.platform)
    return render(
        "disconnect.html", state=state, store=row, trouble=trouble, platform=adapter.label if adapter else row.platform,
        silent=silent, ends_here=visit().session.bound_to == row.id,
    )  # fmt: skip
