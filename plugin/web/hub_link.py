"""Where a mailed link to one's requests leads: a page with a button, and behind the button the key to them.

Mails are forwarded and their links are opened by machines, so the page tells nothing of the talk and changes nothing.
"""

from __future__ import annotations

from flask import Response, redirect, request

from plugin import care
from plugin.care import TalkLink
from plugin.language import LOCALES, language_of
from plugin.web.doors import doors
from plugin.web.hub_frame import hub, keep_private
from plugin.web.hub_key import give_key
from plugin.web.shopper_pages import hub_path, show, show_missing


@hub.get("/c/<token>")
def show_link(token: str) -> Response:
    """Whose shop it is, what the button opens, and the button."""
    found = care.read_talk_token(doors().care, token)
    if found is None:
        return _refuse()
    language, rates = _language_of(found), _is_to_rate(found)
    page = show(
        "hub_link.html", language, store=found.store, one=bool(found.public_id), rates=rates,
        action=f"/c/{token}{'?to=rating' if rates else ''}", hub=hub_path(found.store, language),
    )  # fmt: skip
    return _hide(page)


@hub.post("/c/<token>")
def use_link(token: str) -> Response:
    """Gives the browser the key, and leads to what the link is about."""
    found = care.read_talk_token(doors().care, token)
    if found is None:
        return _refuse()
    where = "requests"
    if found.public_id:
        where = f"requests/{found.public_id}{'#rating' if _is_to_rate(found) else ''}"
    page = redirect(hub_path(found.store, _language_of(found), where), 303)
    give_key(page, found.store, found.email_index)  # type: ignore[arg-type]
    return _hide(page)  # type: ignore[arg-type]


def _is_to_rate(found: TalkLink) -> bool:
    """Whether the mail's link asked how it was; it rates nothing itself."""
    return bool(found.public_id) and request.args.get("to") == "rating"


def _language_of(found: TalkLink) -> str:
    """The talk's, else the one the browser asks for, else the store's."""
    if found.public_id:
        read = care.read_request(doors().care, found.store, found.email_index, found.public_id)
        if read is not None:
            return language_of(read[0].locale)
    return request.accept_languages.best_match(LOCALES) or language_of(found.store.locale)


def _refuse() -> Response:
    return _hide(show_missing("requests"))


def _hide(page: Response) -> Response:
    page = keep_private(page)
    # The address is the secret here: not even our own next page is told it.
    page.headers["Referrer-Policy"] = "strict-origin"
    page.vary.add("Accept-Language")
    return page
