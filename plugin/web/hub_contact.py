"""Write to us: the message form of the hub, on its page and bare in a frame of the shop's own pages. It works without
JavaScript and without a cookie, keeps what was typed when something is wrong, and sent again it adds nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, request

from plugin import care
from plugin.stores import StoreRow
from plugin.web.doors import doors
from plugin.web.form_limits import count_form, is_trapped
from plugin.web.hub_data import privacy_url
from plugin.web.hub_frame import frame_form, hub, in_store, mint_key, read_field, read_key, region_of
from plugin.web.hub_reach import show_reach
from plugin.web.shopper_pages import show

EMBEDDED = "contact/form"
"""The same form for a frame: only pages at the store's own origins may show it."""


@dataclass(frozen=True)
class Typed:
    """What stands in the form."""

    text: str = ""
    email: str = ""
    name: str = ""
    number: str = ""


@hub.get("/help/<store_id>/<locale>/contact")
@hub.get(f"/help/<store_id>/<locale>/{EMBEDDED}")
@in_store
def show_contact_form(store: StoreRow, locale: str) -> Response:
    """The form, and when a person answers who writes now."""
    return _ask(store, locale, Typed())


@hub.post("/help/<store_id>/<locale>/contact")
@hub.post(f"/help/<store_id>/<locale>/{EMBEDDED}")
@in_store
def send_contact_form(store: StoreRow, locale: str) -> Response:
    """Keeps the message; the page tells its reference and when a person answers by."""
    typed = Typed(*(read_field(name) for name in ("text", "email", "name", "number")))
    wrong = _look_over(typed)
    if wrong:
        return _ask(store, locale, typed, 422, wrong)
    key = read_key(typed.text, typed.email, typed.name, typed.number)
    if wait := count_form(store, typed.email, key):
        page = _ask(store, locale, typed, 429, trouble="often")
        page.headers["Retry-After"] = str(wait)
        return page
    form = care.Form(
        text=typed.text, email=typed.email, client_id=key, consent=request.form.get("consent", ""),
        locale=region_of(store, locale), name=typed.name or None, order_number=typed.number or None,
    )  # fmt: skip
    try:
        sent = _send(store, form)
    except care.NoAddress:
        return _ask(store, locale, typed, 422, {"email": "address"})
    except care.NoText:
        return _ask(store, locale, typed, 422, {"text": "length"})
    except care.OtherConsent:
        return _ask(store, locale, typed, 422, trouble="consent")
    return _tell(store, locale, typed.email, sent.reference, sent.words)


def _send(store: StoreRow, form: care.Form) -> care.Sent:
    """What a machine filled in, also the field that no person sees, is answered alike and not kept."""
    if is_trapped(read_field("website")):
        return care.feign_form(doors().care, store, form)
    return care.send_form(doors().care, store, None, form)


def _look_over(typed: Typed) -> dict[str, str]:
    """Field → what is wrong with it."""
    wrong = {}
    if not 0 < len(typed.text) <= care.LONGEST_TEXT:
        wrong["text"] = "length" if typed.text else "empty"
    try:
        care.read_address(typed.email)
    except care.NoAddress:
        wrong["email"] = "address"
    if len(typed.name) > care.LONGEST_NAME:
        wrong["name"] = "length"
    if len(typed.number) > care.LONGEST_NUMBER:
        wrong["number"] = "length"
    return wrong


def _promise(store: StoreRow, locale: str) -> str:
    """When a person answers who writes now, and who, in words."""
    now = doors().clock.now()
    with doors().db.reading(store.id) as tx:
        seconds = care.median_answer_seconds(tx, store.id, now)
    when = care.promise_words(store, region_of(store, locale), now, seconds)
    return f"{when} {care.people_words(doors().care, store, locale, now)}".strip()


def _ask(
    store: StoreRow, locale: str, typed: Typed, status: int = 200, wrong: dict[str, str] | None = None,
    trouble: str = "",
) -> Response:  # fmt: skip
    return show(
        "hub_contact.html", locale, status, store=store, typed=typed, wrong=wrong or {}, trouble=trouble,
        client_id=request.form.get("client_id") or mint_key(), consent=care.consent_words(store, locale),
        promise=_promise(store, locale), reach=show_reach(store, region_of(store, locale)),
        privacy=privacy_url(store, locale), longest=care.LONGEST_TEXT,
        action=request.path, **_frame(store, locale, indexed=status == 200),
    )  # fmt: skip


def _tell(store: StoreRow, locale: str, email: str, reference: str, words: str) -> Response:
    return show(
        "hub_sent.html", locale, store=store, email=email, reference=reference, words=words,
        **_frame(store, locale),
    )  # fmt: skip


def _frame(store: StoreRow, locale: str, indexed: bool = False) -> dict[str, Any]:
    if request.path.endswith(f"/{EMBEDDED}"):
        return frame_form(store, locale, EMBEDDED) | {"frames": tuple(store.origins)}
    return frame_form(store, locale, "contact", indexed)
