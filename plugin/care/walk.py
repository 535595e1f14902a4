"""Where a shopper walks in the shop while people hold their talk: the page they are on now, for whoever answers."""

from __future__ import annotations

import json
from collections.abc import Sequence

from plugin.care.doors import Care
from plugin.care.models import VisitorRow
from plugin.care.shapes import desk_channel
from plugin.care.threads import lock_of_visitor
from plugin.care.visitors import hold_visitor
from plugin.push import Event, tell

HELD = ("open", "snoozed")


def note_page(
    care: Care, visitor: VisitorRow, steps: Sequence[str], page: str | None, basket: str | None
) -> bool:
    """Notes the page beside the one where they wrote, and tells the desk: event ``page``, ``{"conversation": id}``.
    Phase, counts and what comes next go by where they wrote. False: the bot holds the talk, so nobody is to see it, or
    they are where they were."""
    here = {"steps": list(steps), "page": page, "basket": basket}
    with care.db.transaction(visitor.store_id) as tx:
        hold_visitor(tx, visitor)
        row = lock_of_visitor(tx, visitor)
        if row is None or row.status not in HELD:
            return False
        context = json.loads(row.context)
        last = context.get("walked", context)
        if all(last.get(name) == said for name, said in here.items()):
            return False
        context["walked"] = here | {"page_at": care.clock.now().isoformat()}
        row.context = json.dumps(context, ensure_ascii=False)
        event = Event("page", json.dumps({"conversation": row.public_id}))
        tell(tx, care.hub, desk_channel(row.store_id), event)
    return True
