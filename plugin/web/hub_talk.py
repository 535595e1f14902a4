"""One of my requests: the whole talk, and the next word in it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from flask import Response, redirect, request

from plugin import care
from plugin.care import ConversationRow, MessageRow
from plugin.help import get_article
from plugin.language import format_day, format_time
from plugin.stores import StoreRow
from plugin.web.doors import doors
from plugin.web.hub_frame import (
    frame_form,
    hub,
    in_store,
    mint_key,
    read_field,
    read_key,
    region_of,
    tell_missing,
)
from plugin.web.hub_key import read_key_of
from plugin.web.hub_rich import draw_tree
from plugin.web.shopper_pages import hub_path, show
from plugin.web.widget_limits import MESSAGES, count_hit


@hub.get("/help/<store_id>/<locale>/requests/<talk>")
@in_store
def show_talk(store: StoreRow, locale: str, talk: str) -> Response:
    """The talk, if it is one of the address whose key the browser has."""
    return _show(store, locale, talk)


@hub.post("/help/<store_id>/<locale>/requests/<talk>")
@in_store
def reply_in_talk(store: StoreRow, locale: str, talk: str) -> Response:
    """Adds the shopper's message; sent again it adds nothing."""
    email_index, text = read_key_of(store), read_field("text")
    if not email_index:
        return tell_missing(store, locale)
    if not 0 < len(text) <= care.LONGEST_TEXT:
        return _show(store, locale, talk, 422, text, "length" if text else "empty")
    if wait := count_hit(MESSAGES, "message", str(store.id), talk[:80]):
        page = _show(store, locale, talk, 429, text, "often")
        page.headers["Retry-After"] = str(wait)
        return page
    posted = care.reply_to_request(
        doors().care, store, email_index, talk, text, read_key(text), region_of(store, locale)
    )
    if posted is None:
        return tell_missing(store, locale)
    return redirect(hub_path(store, locale, f"requests/{talk}") + "?sent=1#newest", 303)  # type: ignore[return-value]


def _show(
    store: StoreRow, locale: str, talk: str, status: int = 200, text: str = "", trouble: str = ""
) -> Response:
    email_index = read_key_of(store)
    found = care.read_request(doors().care, store, email_index, talk) if email_index else None
    if found is None:
        return tell_missing(store, locale)
    row, messages = found
    return show(
        "hub_talk.html", locale, status, store=store, reference=row.reference, state=_tell_state(row),
        messages=_show_messages(store, locale, messages), text=text, trouble=trouble, client_id=mint_key(),
        longest=care.LONGEST_TEXT, sent="sent" in request.args, path=hub_path(store, locale, f"requests/{talk}"),
        shared=not care.is_of_its_order(doors().care, row),
        **frame_form(store, locale, f"requests/{talk}"),
    )  # fmt: skip


def _tell_state(row: ConversationRow) -> str:
    """``resolved``, ``waiting`` or ''."""
    if row.status == "resolved":
        return "resolved"
    return "waiting" if row.waiting_since is not None else ""


def _show_messages(store: StoreRow, locale: str, messages: Sequence[MessageRow]) -> list[dict[str, Any]]:
    """Each with its day and time in the store's zone, which the first one names."""
    reader, shown = region_of(store, locale), []
    for place, row in enumerate(messages):
        clock = format_time(row.created_at, reader, store.time_zone, store.time_zone if place else "")
        source = get_article(store, row.source_article_id, locale) if row.source_article_id else None
        shown.append({
            "author": row.author, "name": row.agent_name or "", "text": row.text,
            "body": draw_tree(json.loads(row.body)) if row.body else None, "at": care.write_time(row.created_at),
            "when": f"{format_day(row.created_at, reader, store.time_zone)}, {clock}",
            "source": {"title": source.title, "path": hub_path(store, locale, source.article_id)} if source else None,
        })  # fmt: skip
    return shown
