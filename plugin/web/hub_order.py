"""Where is my order: number and e-mail, six digits from the mailbox, and the order itself.

The page says the same whether there is such an order or not; the code goes to the address in the order. The handle
that goes with the code travels in the form, so that the browser keeps nothing.
"""

from __future__ import annotations

from flask import Response, request

from plugin import care, help
from plugin.care import Opened
from plugin.care.order_view import reader_locale
from plugin.language import format_day
from plugin.stores import StoreRow
from plugin.web.doors import doors
from plugin.web.hub_frame import frame_form, hub, in_store, mint_key, read_field, read_key, region_of
from plugin.web.order_facts import tell_due, tell_parcels, tell_steps, tell_story
from plugin.web.shopper_pages import hub_path, show
from plugin.web.widget_limits import CODES, LOOK_UPS, count_hit

LONGEST_CODE = 20
ORDER_STEP = ("order_status",)


@hub.get("/help/<store_id>/<locale>/order")
@in_store
def show_order_form(store: StoreRow, locale: str) -> Response:
    """Number and e-mail."""
    return _ask(store, locale)


@hub.post("/help/<store_id>/<locale>/order")
@in_store
def ask_for_order(store: StoreRow, locale: str) -> Response:
    """A code goes to the address in the order, if there is such an order; the page does not tell. With the handle of
    an earlier wish a new code takes the old one's place."""
    number, email, handle = read_field("number"), read_field("email"), read_field("handle")
    wrong = _look_over(number, email)
    if wrong:
        return _ask(store, locale, 422, number=number, email=email, wrong=wrong)
    if wait := count_hit(LOOK_UPS, "order-code", str(store.id)):
        return _retry(_ask(store, locale, 429, number=number, email=email, trouble="often"), wait)
    try:
        asked = care.ask_for_code(doors().care, store, number, email, handle or None, region_of(store, locale))
    except care.TooManyLooks as error:
        return _retry(_ask(store, locale, 429, number=number, email=email, trouble="looks"), error.seconds)
    return _ask_for_code(store, locale, 200, number, email, asked.handle, again=bool(handle))


@hub.post("/help/<store_id>/<locale>/order/code")
@in_store
def open_order(store: StoreRow, locale: str) -> Response:
    """The order, to whoever brings the code."""
    number, email, handle = read_field("number"), read_field("email"), read_field("handle")
    if wait := count_hit(CODES, "order-code-check", str(store.id)):
        return _retry(_ask_for_code(store, locale, 429, number, email, handle, trouble="often"), wait)
    code, reader = read_field("code")[:LONGEST_CODE], region_of(store, locale)
    if not code:
        return _ask_for_code(store, locale, 422, number, email, handle, trouble="empty")
    try:
        opened = care.check_code(doors().care, store, None, handle, code, reader, read_key("order", handle))
    except care.WrongCode as error:
        return _ask_for_code(store, locale, 422, number, email, handle, left=error.left)
    return _show_opened(store, locale, opened)


def _look_over(number: str, email: str) -> dict[str, str]:
    """Field → what is wrong with it."""
    wrong = {}
    if not 0 < len(number) <= care.LONGEST_NUMBER:
        wrong["number"] = "long" if number else "empty"
    try:
        care.read_address(email)
    except care.NoAddress:
        wrong["email"] = "address"
    return wrong


def _ask(
    store: StoreRow, locale: str, status: int = 200, *, number: str = "", email: str = "",
    wrong: dict[str, str] | None = None, trouble: str = "",
) -> Response:  # fmt: skip
    return show(
        "hub_order.html", locale, status, store=store, number=number, email=email, wrong=wrong or {}, trouble=trouble,
        **frame_form(store, locale, "order"),
    )  # fmt: skip


def _ask_for_code(
    store: StoreRow, locale: str, status: int, number: str, email: str, handle: str, *, left: int | None = None,
    again: bool = False, trouble: str = "",
) -> Response:  # fmt: skip
    """`left`: after a wrong code, how many tries are left."""
    return show(
        "hub_code.html", locale, status, store=store, number=number, email=email, handle=handle, left=left,
        again=again, trouble=trouble, client_id=request.form.get("client_id") or mint_key(),
        **frame_form(store, locale, "order"),
    )  # fmt: skip


def _show_opened(store: StoreRow, locale: str, opened: Opened) -> Response:
    """The whole order: its mailbox has proven to be the shopper's."""
    view, zone = opened.view, store.time_zone
    reader = reader_locale(view, region_of(store, locale))
    shown = care.show_order(view, reader)
    phase = care.find_phase(ORDER_STEP, False, view, doors().clock.now())
    links = help.links_for_steps(
        store, ORDER_STEP, locale, phase=phase, products=[one.name for one in view.order.lines]
    )
    return show(
        "hub_opened.html", locale, store=store, shown=shown, steps=tell_steps(view), due=tell_due(view),
        placed_on=format_day(view.order.created_at, reader, zone), parcels=tell_parcels(view, shown, reader, zone),
        story=tell_story(shown, reader, zone),
        links=[{"title": one.title, "path": hub_path(store, locale, one.article_id)} for one in links],
        **frame_form(store, locale, "order"),
    )  # fmt: skip


def _retry(page: Response, seconds: int) -> Response:
    page.headers["Retry-After"] = str(seconds)
    return page
