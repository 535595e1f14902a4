"""The way out of an order's mails: the link shows a button, mail programs post it themselves (RFC 8058).

Opening the link changes nothing: scanners open links. Posting needs no cookie and is not redirected; the token in
the address is its proof, so a forged form could only do what the link is for. https://www.rfc-editor.org/rfc/rfc8058
"""

from __future__ import annotations

from flask import Blueprint, Response, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from plugin.mail.unsubscribe import ONE_CLICK
from plugin.notices import UNSUBSCRIBE, read_token, suppress
from plugin.notices.suppressions import allow_again, is_suppressed
from plugin.orders import get_order
from plugin.stores import StoreRow, get_store
from plugin.web.doors import doors
from plugin.web.shopper_pages import hub_path, show, show_missing

LARGEST = 4_000

unsubscribe = Blueprint("unsubscribe", __name__)


@unsubscribe.get("/u/<token>")
def ask(token: str) -> Response:
    """A page with a button."""
    found = _find(token)
    return _show(token, *found) if found is not None else show_missing("link")


@unsubscribe.post("/u/<token>")
def stop(token: str) -> Response:
    """No tracking mails to this address from this store any more. Repeating changes nothing."""
    found = _find(token)
    if found is None:
        return show_missing("link")
    store, locale, email_index, _ = found
    if not _is_one_click():
        page = _show(token, *found)
        page.status_code = 400
        return page
    with doors().db.transaction(store.id) as tx:
        suppress(tx, store.id, email_index, doors().clock.now())
    return _show(token, store, locale, email_index, stopped=True)


@unsubscribe.post("/u/<token>/again")
def start_again(token: str) -> Response:
    """The way back."""
    found = _find(token)
    if found is None:
        return show_missing("link")
    store, locale, email_index, _ = found
    with doors().db.transaction(store.id) as tx:
        allow_again(tx, store.id, email_index)
    return _show(token, store, locale, email_index, stopped=False, again=True)


def _is_one_click() -> bool:
    request.max_content_length = LARGEST
    name, _, value = ONE_CLICK.partition("=")
    try:
        return request.form.get(name) == value
    except HTTPException:
        return False


def _find(token: str) -> tuple[StoreRow, str, str, bool] | None:
    """(store, locale of the order, the address's index, whether its mails are stopped)."""
    here = doors()
    ids = read_token(here.settings.index_key, UNSUBSCRIBE, token)
    if ids is None:
        return None
    with here.db.reading(ids[0]) as tx:
        return _look_up(tx, *ids)


def _look_up(tx: Session, store_id: int, order_id: int) -> tuple[StoreRow, str, str, bool] | None:
    row = get_order(tx, store_id, order_id)
    if row is None:
        return None
    return get_store(tx, store_id), row.locale, row.email_index, is_suppressed(tx, store_id, row.email_index)


def _show(
    token: str, store: StoreRow, locale: str, email_index: str, stopped: bool, again: bool = False
) -> Response:
    return show(
        "unsubscribe.html", locale, store=store, hub=hub_path(store, locale), path=f"/u/{token}", stopped=stopped,
        again=again,
    )  # fmt: skip
