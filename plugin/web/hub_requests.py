"""My requests: what an address wrote to the shop. Asking for them says the same whatever there is; a mailed link, and
the key it gives, shows them."""

from __future__ import annotations

from typing import Any

from flask import Response, redirect

from plugin import care
from plugin.care import Request
from plugin.language import format_day
from plugin.stores import StoreRow
from plugin.web.doors import doors
from plugin.web.form_limits import count_requests
from plugin.web.hub_frame import frame_form, hub, in_store, read_field, region_of
from plugin.web.hub_key import read_key_of, take_key
from plugin.web.shopper_pages import hub_path, show


@hub.get("/help/<store_id>/<locale>/requests")
@in_store
def show_requests(store: StoreRow, locale: str) -> Response:
    """The talks of the address whose key the browser has; without one the way to get it."""
    email_index = read_key_of(store)
    if not email_index:
        return _ask(store, locale)
    listed = care.list_requests(doors().care, store, email_index)
    return show(
        "hub_requests.html", locale, store=store, requests=[_show(store, locale, one) for one in listed],
        **frame_form(store, locale, "requests"),
    )  # fmt: skip


@hub.post("/help/<store_id>/<locale>/requests")
@in_store
def ask_for_requests(store: StoreRow, locale: str) -> Response:
    """A link goes to the address if it has talks; the page does not tell."""
    email = read_field("email")
    if wait := count_requests(store):
        page = _ask(store, locale, 429, email, trouble="often")
        page.headers["Retry-After"] = str(wait)
        return page
    try:
        care.ask_for_requests(doors().care, store, email, region_of(store, locale))
    except care.NoAddress:
        return _ask(store, locale, 422, email, trouble="address")
    return _ask(store, locale, 200, email, asked=True)


@hub.post("/help/<store_id>/<locale>/requests/leave")
@in_store
def leave_requests(store: StoreRow, locale: str) -> Response:
    """The browser forgets its key."""
    page = redirect(hub_path(store, locale, "requests"), 303)
    take_key(page, store)  # type: ignore[arg-type]
    return page  # type: ignore[return-value]


def _ask(
    store: StoreRow, locale: str, status: int = 200, email: str = "", *, asked: bool = False, trouble: str = ""
) -> Response:
    return show(
        "hub_ask.html", locale, status, store=store, email=email, asked=asked, trouble=trouble,
        **frame_form(store, locale, "requests"),
    )  # fmt: skip


def _show(store: StoreRow, locale: str, one: Request) -> dict[str, Any]:
    reader = region_of(store, locale)
    return {
        "reference": one.reference, "words": one.first_words, "state": one.state,
        "day": format_day(one.last_at, reader, store.time_zone),
        "path": hub_path(store, locale, f"requests/{one.public_id}"),
    }  # fmt: skip
