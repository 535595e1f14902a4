"""The desk's live stream: says that something changed, and the page asks for what it shows again.

Nothing that anybody wrote travels in it, and nothing can be missed but who is typing: after every new connection the
page refreshes. While it is open its agent counts as present, but for who only looks. It ends within five seconds once
the session or the membership does, or the role is another one.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

from flask import Response, request

from plugin.agents import get_role, has_come, is_session_good, note_came
from plugin.care import Agent, desk_channel, note_agent_typing
from plugin.care.company import note_writing
from plugin.database import ALL
from plugin.push import Event, Gone, Subscription, TooMany, write_event
from plugin.push.sse import BEAT
from plugin.web.access import Visit, here_conversation, here_store, visit
from plugin.web.desk_frame import desk
from plugin.web.doors import Doors, doors

LOOK_EVERY = 3.0
"""Seconds between two looks whether the agent may still listen, and between two beats of a silent line."""

REFRESH = Event("refresh", "{}")
LIST = Event("list", "{}")
THREAD = Event("thread", "{}")


@desk.get("/<store>/live")
def live() -> Response:
    """Server-Sent Events ``refresh``, ``list``, ``thread`` (of the conversation named by the page), and ``typing``: the
    shopper of ``{"conversation": id}`` is; ``page``: they are on another one. ``company``: somebody else looks at one,
    or writes in it; ``assigned``: see `plugin.care.sorting`."""
    here, found, store = doors(), visit(), here_store()
    try:
        # Who only looks on is nobody whom a shopper can wait for, and is not named as being there.
        subscription = here.hub.subscribe(desk_channel(store.id), found.agent.name if found.may_write else "")
    except (Gone, TooMany):
        return Response("There is no room for this stream now; connect again.\n", 503, mimetype="text/plain")
    if found.session.bound_to is None and found.may_write:
        _note_came(here, found)
    shown = request.args.get("conversation", "")
    answer = Response(_tell(here, found, subscription, shown), mimetype="text/event-stream")
    answer.headers["X-Accel-Buffering"] = "no"
    # Whoever hangs up before the first byte never starts the generator, so it cannot clean up after itself.
    answer.call_on_close(subscription.close)
    return answer


def _note_came(here: Doors, found: Visit) -> None:
    """Whoever stands at this desk in a session of their own is its agent by their own will, whoever named them."""
    assert found.store is not None
    with here.db.reading(ALL, "whether an agent has come to a desk before") as tx:
        known = has_come(tx, found.store.id, found.agent.id)
    if not known:
        with here.db.transaction(ALL, "an agent has come to a desk") as tx:
            note_came(tx, found.store.id, found.agent.id)


def _tell(here: Doors, found: Visit, subscription: Subscription, shown: str) -> Iterator[bytes]:
    looked_at = time.monotonic()
    with subscription:
        yield write_event(REFRESH)
        while True:
            try:
                event = subscription.wait(LOOK_EVERY)
            except Gone:
                return
            now = time.monotonic()
            if now - looked_at >= LOOK_EVERY:
                looked_at = now
                if not _may_listen(here, found):
                    return
            if event is None:
                # Only writing shows that the page is gone, and its agent no longer present.
                yield BEAT
            else:
                yield from (write_event(one) for one in _events_for(event, shown))


def _events_for(event: Event, shown: str) -> Iterator[Event]:
    if event.name in ("typing", "page", "company", "assigned"):
        yield event
        return
    yield LIST
    if shown and json.loads(event.data).get("conversation") == shown:
        yield THREAD


@desk.post("/<store>/conversations/<conversation>/typing")
def note_typing(conversation: str) -> Response:
    """The agent is typing: 204, whoever hears it. The room of care sees to how often that is told, and to whom."""
    agent, store, here = visit().agent, here_store(), doors()
    here_conversation(conversation)
    note_agent_typing(here.care, store.id, conversation, Agent(agent.id, agent.name))
    note_writing(here.care, store.id, conversation, Agent(agent.id, agent.name))
    return Response(status=204)


def _may_listen(here: Doors, found: Visit) -> bool:
    assert found.store is not None
    with here.db.reading(ALL, "may an agent still listen") as tx:
        good = is_session_good(tx, found.session.id, here.clock.now())
        # With another role the page has to be another one: it connects again, and shows what may be done now.
        return good and get_role(tx, found.store.id, found.agent.id) == found.role
