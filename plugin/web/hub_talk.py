"""One of my requests: the whole talk, the next word in it, and how it was."""

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
from plugin.web.widget_limits import FEEDBACK, MESSAGES, count_hit

SCORES = ("1", "2", "3", "4", "5")


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


@hub.post("/help/<store_id>/<locale>/requests/<talk>/rating")
@in_store
def rate_talk(store: StoreRow, locale: str, talk: str) -> Response:
    """``score``: 1 (bad) to 5 (very good), of the newest answer; ``comment``. Sent again it changes what was said."""
    email_index, score, comment = read_key_of(store), read_field("score"), read_field("comment")
    if not email_index:
        return tell_missing(store, locale)
    wrong = "score" if score not in SCORES else "comment" if len(comment) > care.LONGEST_COMMENT else ""
    if wrong:
        return _show(store, locale, talk, 422, trouble=wrong, rating=(score, comment))
    if wait := count_hit(FEEDBACK, "rating", str(store.id), talk[:80]):
        page = _show(store, locale, talk, 429, trouble="rating", rating=(score, comment))
        page.headers["Retry-After"] = str(wait)
        return page
    try:
        row = care.rate_request(doors().care, store, email_index, talk, int(score), comment or None)
    except care.NothingToRate:
        return _show(store, locale, talk, 409)
    if row is None:
        return tell_missing(store, locale)
    return redirect(hub_path(store, locale, f"requests/{talk}") + "?rated=1#rating", 303)  # type: ignore[return-value]


def _show(
    store: StoreRow,
    locale: str,
    talk: str,
    status: int = 200,
    text: str = "",
    trouble: str = "",
    rating: tuple[str, str] | None = None,
) -> Response:
    """`rating`: the score and the comment that were refused."""
    email_index = read_key_of(store)
    found = care.read_request(doors().care, store, email_index, talk) if email_index else None
    if found is None:
        return tell_missing(store, locale)
    row, messages = found
    return show(
        "hub_talk.html", locale, status, store=store, reference=row.reference, state=_tell_state(row),
        messages=_show_messages(store, locale, messages), text=text, trouble=trouble, client_id=mint_key(),
        longest=care.LONGEST_TEXT, sent="sent" in request.args, path=hub_path(store, locale, f"requests/{talk}"),
        shared=not care.is_of_its_order(doors().care, row), rated="rated" in request.args and row.rating is not None,
        rating=row.rating, can_rate=_can_rate(row), given=rating or (str(row.rating or ""), ""),
        longest_comment=care.LONGEST_COMMENT,
        **frame_form(store, locale, f"requests/{talk}"),
    )  # fmt: skip


def _tell_state(row: ConversationRow) -> str:
    """``resolved``, ``waiting`` or ''."""
    if row.status == "resolved":
        return "resolved"
    return "waiting" if row.waiting_since is not None else ""


def _can_rate(row: ConversationRow) -> bool:
    """Whether how it was is asked: there is an answer, and none is waited for; what was said may always be changed."""
    return row.last_answer is not None and (row.waiting_since is None or row.rating is not None)


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
