"""What the extensions and the chat page ask us: who they talk for, which help fits, how an order stands.

Each call carries a session token, which proves a shop and this app. It proves a person only where it names a customer:
an order is shown whole to its customer alone. The token of its checkout and its confirmation number also stand on the
page that a mail's link opens, for whoever has that mail (``pre_authenticated``): with them one sees how the order
stands. Only while an order is fresh does its checkout's token prove who bought it, for the chat of the thank-you page.
Everything else is the same 404.

Sources: the types of `@shopify/ui-extensions` 2026.7.4 (``orderConfirmation``, ``checkoutToken``,
``authenticationState``); https://shopify.dev/docs/api/checkout-ui-extensions/latest/apis/session-token (2026-11-21).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeVar

import msgspec

from adapters.shopify.api import OrderKeys, read_order_keys
from adapters.shopify.proof import SHOPPER, Claims, get_bearer, mint_proof, read_kind
from adapters.shopify.proxy import tell
from adapters.shopify.settings import App
from adapters.shopify.values import clean_text, make_gid, read_gid, read_locale
from plugin.contract import (
    AdapterError,
    NotFound,
    PageDoors,
    PlatformDown,
    RateLimited,
    Step,
    Store,
    TrackingLink,
    Visitor,
    WebhookRejected,
    WebRequest,
    WebResponse,
)

STEPS = {
    "cart": ("cart",), "checkout": ("checkout",), "information": ("checkout", "contact"),
    "shipping": ("checkout", "shipping"), "payment": ("checkout", "payment"), "review": ("checkout", "review"),
    "thank-you": ("thank_you",), "order-status": ("order_status",),
}  # fmt: skip
"""``buyerJourney.activeStep.handle`` in our words; our own words pass as they are."""
KNOWN_STEPS = frozenset(step.value for step in Step)
MOST_STEPS = 10
LONGEST_BASKET = 60
LONGEST_KEY = 200
ORDER_KINDS = ("Order", "OrderIdentity")
"""How the Admin API and a thank-you page name the same order: the number is one."""
FRESH = timedelta(hours=2)
"""How long after an order was placed its thank-you page still stands open with whoever placed it. What leads to the
order later is a link in a mail, and a mail is passed on."""
T = TypeVar("T")


def open_session(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    """What the chat page needs to be the panel of this store: ``{"store", "api", "locale", "accent", "steps",
    "basket", "proof", "document"}``. What the extension says of the visit is a hint, and comes back cleaned."""
    found = find_store(app, request, doors)
    if isinstance(found, WebResponse):
        return found
    claims, store = found
    said, now = read_fields(request), app.clock.now()
    order = prove_order(app, doors, store, said) if said.get("order") and said.get("checkout_token") else ""
    proof = mint_proof(store, now, order=order) if order else mint_proof(store, now, customer=claims.sub)
    return tell({
        "store": store.public_id, "api": doors.base_url, "accent": store.accent,
        "locale": read_locale(said.get("locale")) or store.locale,
        "steps": read_steps(said.get("steps"), said.get("step")),
        "basket": clean_text(said.get("basket"))[:LONGEST_BASKET], "proof": proof or None,
        "document": doors.widget_file("document.js"),
    })  # fmt: skip


def list_links(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    """``{"hub_url", "links"}`` for ``?step=`` (several parted by commas) in ``?locale=``."""
    found = find_store(app, request, doors)
    if isinstance(found, WebResponse):
        return found
    steps = read_steps(request.query.get("step", "").split(","))
    return tell(dict(doors.list_links(found[1], steps, read_locale(request.query.get("locale")))))


def show_order(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    """``{"order", "redacted"}``, or the one 404 for everything that may not be seen. Raises `PlatformDown` and
    `RateLimited`, without the words that are for the merchant."""
    found = find_store(app, request, doors)
    if isinstance(found, WebResponse):
        return found
    claims, store = found
    said = read_fields(request)
    # Who shows nothing that could be compared costs the shop no question.
    shown = claims.sub or said.get("checkout_token") or said.get("confirmation_number")
    order = read_order_id(said.get("order")) if shown else ""
    keys = ask_quietly(lambda: find_keys(app, doors, store, order)) if order else None
    who = name_visitor(claims, order, keys, said) if order else None
    told = doors.show_order(store, who, read_locale(said.get("locale"))) if who is not None else None
    if told is None:
        return tell({"message": "There is no such order."}, 404)
    return tell({"order": dict(told), "redacted": not isinstance(who, Visitor)})


def find_store(app: App, request: WebRequest, doors: PageDoors) -> tuple[Claims, Store] | WebResponse:
    """Whose token it is, or the refusal: the shop is the token's, whatever else the request says."""
    try:
        claims = read_kind(get_bearer(request), app.identity, app.clock.now(), SHOPPER)
    except WebhookRejected:
        return tell({"message": "The session token is not good (any more)."}, 401)
    store = doors.find_store(claims.shop)
    return (claims, store) if store is not None else tell({"message": "There is no such store."}, 404)


def ask_quietly(question: Callable[[], T]) -> T:
    """For pages of shoppers: why a shop cannot be asked (its bill, what Shopify says of our app) is its merchant's
    business. Raises `PlatformDown` and `RateLimited` without words."""
    try:
        return question()
    except RateLimited as error:
        raise RateLimited(retry_after=error.retry_after) from None
    except AdapterError:
        raise PlatformDown from None


def prove_order(app: App, doors: PageDoors, store: Store, said: Mapping[str, Any]) -> str:
    """The order's number when it is fresh and the checkout it came from is the one whose token is shown, or ''. Right
    after the payment the Admin API may not know the order yet; and when it does not answer, the chat stands all the
    same."""
    order = read_order_id(said.get("order"))
    try:
        keys = find_keys(app, doors, store, order) if order else None
    except AdapterError:
        return ""
    if keys is None or not is_fresh(keys, app.clock.now()):
        return ""
    return order if fits(said.get("checkout_token"), keys.checkout_token) else ""


def is_fresh(keys: OrderKeys, now: datetime) -> bool:
    return keys.created_at is not None and abs(now - keys.created_at) <= FRESH


def find_keys(app: App, doors: PageDoors, store: Store, order: str) -> OrderKeys | None:
    """What proves an order, as the platform has it now; None when there is no such order."""
    gid = make_gid("Order", order)
    try:
        return doors.ask(store, lambda shop: read_order_keys(app.http, app.identity, shop, app.clock, gid))
    except NotFound:
        return None


def name_visitor(
    claims: Claims, order: str, keys: OrderKeys | None, said: Mapping[str, Any]
) -> Visitor | TrackingLink | None:  # fmt: skip
    """As whom somebody may see the order. All three are compared, so that an answer's time tells nothing. A token that
    names no customer may be anybody's who has the mail with the link, whatever else they show."""
    held = keys or OrderKeys(order_id="", customer_id="", checkout_token="", confirmation_number="")
    is_customer = fits(claims.sub, held.customer_id)
    is_buyer = fits(said.get("checkout_token"), held.checkout_token)
    knows_number = fits(said.get("confirmation_number"), held.confirmation_number)
    if is_customer:
        return Visitor(order_external_id=order)
    return TrackingLink(order_external_id=order) if is_buyer or knows_number else None


def fits(given: Any, held: str) -> bool:
    """Whether both are the same and something at all, compared in constant time."""
    text = given if isinstance(given, str) and len(given) <= LONGEST_KEY else ""
    same = hmac.compare_digest(text.encode("utf-8", "replace"), held.encode("utf-8", "replace"))
    return same and bool(held)


def read_order_id(value: Any) -> str:
    """The number of an order's GID, or ''."""
    return next((found for kind in ORDER_KINDS if (found := read_gid(value, kind))), "")


def read_steps(*values: Any) -> list[str]:
    """Known steps in our words, each once, of lists and of single words."""
    words = [word for value in values for word in (value if isinstance(value, list) else [value])]
    known = [step for word in words[:MOST_STEPS] if isinstance(word, str)
             for step in STEPS.get(word.strip(), (word.strip(),))]  # fmt: skip
    return list(dict.fromkeys(step for step in known if step in KNOWN_STEPS))


def read_fields(request: WebRequest) -> dict[str, Any]:
    """The fields of a JSON body; none of one that cannot be read."""
    try:
        said = msgspec.json.decode(request.body)
    except (msgspec.MsgspecError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
