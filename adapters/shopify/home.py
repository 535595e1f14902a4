"""The app's home in the Shopify admin: the store's checklist, framed there, opened by a session token and no cookie.

The first document carries the token in its address (``id_token``); without a good one the browser goes by `bounce`.
What scripts ask later carries it in ``Authorization``; 401 with a header of Shopify's makes App Bridge ask again with a
fresh one. Sources: https://shopify.dev/docs/apps/build/authentication-authorization/set-embedded-app-authorization and
https://shopify.dev/docs/api/app-home/latest/apis/authentication-and-data/app-api (2026-11-21), `shopifyapp` 1.0.2.
"""

from __future__ import annotations

import json
from typing import Any, Final

from adapters.shopify import tokens
from adapters.shopify.bounce import APP_BRIDGE, HOME, ROOT, list_frames, seek_token, show_words
from adapters.shopify.extension_api import read_fields
from adapters.shopify.policies import list_sections
from adapters.shopify.proof import ADMIN, Claims, get_bearer, name_proven, read_kind
from adapters.shopify.proxy import tell
from adapters.shopify.settings import App
from adapters.shopify.tokens import StaleToken
from adapters.shopify.values import read_locale
from plugin.contract import (
    AdapterError,
    HomeFrame,
    InstallRejected,
    Merchant,
    PageDoors,
    Proof,
    RateLimited,
    Store,
    WebhookRejected,
    WebRequest,
    WebResponse,
    Words,
)

POLARIS: Final = "/shopifycloud/polaris.js"
RETRY = {"X-Shopify-Retry-Invalid-Session-Request": "1", "Cache-Control": "no-store"}
HANDLES = frozenset({"mostrador-embed", "mostrador-chat", "mostrador-checkout", "mostrador-order-status"})
MOST_EXTENSIONS = 50
NO_EMAIL = Words(
    "Shopify has not confirmed your e-mail address, so we cannot know who you are at the desk. Confirm it in your "
    "Shopify account and try again."
)
SOMEBODY_ELSE = Words("Shopify named somebody else than who is signed in here. Load the page again.")
UNREADABLE = Words("The form could not be read. Load the page again.")


def open_home(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    """The document in the admin's frame, or the way to a fresh token."""
    token = request.query.get("id_token", "")
    try:
        claims = read_kind(token, app.identity, app.clock.now(), ADMIN)
    except WebhookRejected:
        return seek_token(app, request)
    try:
        store = doors.admit(Proof(token=token, claimed_domain=claims.shop))
        merchant = read_merchant_softly(app, doors, store, claims, token)
        return render(app, doors, store, merchant, read_locale(request.query.get("locale")))
    except StaleToken:
        return seek_token(app, request)
    except AdapterError as error:
        status = 503 if isinstance(error, RateLimited) else 422
        return show_words(app, claims.shop, error.words, request, status)


def act(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    """Does what a form of the home wishes and gives the home anew."""
    token = get_bearer(request)
    try:
        claims = read_kind(token, app.identity, app.clock.now(), ADMIN)
        store = doors.admit(Proof(token=token, claimed_domain=claims.shop))
        wish = read_wish(request)
        merchant = read_merchant(app, doors, store, claims, token)
    except (WebhookRejected, StaleToken):
        return ask_again()
    doors.act(store, merchant, wish)
    fresh = doors.find_store(claims.shop) or store
    return render(app, doors, fresh, merchant, read_locale(request.query.get("locale")))


def open_desk(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    """``{"token"}`` with which whoever is signed in at Shopify comes to the desk, once."""
    token = get_bearer(request)
    try:
        claims = read_kind(token, app.identity, app.clock.now(), ADMIN)
        store = doors.admit(Proof(token=token, claimed_domain=claims.shop))
        merchant = read_merchant(app, doors, store, claims, token)
    except (WebhookRejected, StaleToken):
        return ask_again()
    if not merchant.email:
        raise InstallRejected(NO_EMAIL)
    return tell({"token": doors.hand_over(store, merchant)})


def note_extensions(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    """Keeps which of our extensions stand in the shop, as App Bridge reports it."""
    try:
        claims = read_kind(get_bearer(request), app.identity, app.clock.now(), ADMIN)
    except WebhookRejected:
        return ask_again()
    store = doors.find_store(claims.shop)
    if store is None:
        return tell({"message": "There is no such store."}, 404)
    kept = {}
    reported = read_fields(request).get("extensions")
    if isinstance(reported, list):
        kept["extensions"] = json.dumps(read_extensions(reported), sort_keys=True)
    doors.keep(store, {key: fact for key, fact in kept.items() if store.kept.get(key) != fact})
    return tell({"kept": sorted(kept)})


def read_merchant(app: App, doors: PageDoors, store: Store, claims: Claims, token: str) -> Merchant:
    """Who is signed in, with their address and whether the shop is theirs: an online token names them. It is not
    kept. Raises what `tokens.exchange` raises."""
    given = doors.ask(
        store,
        lambda shop: tokens.exchange(app.identity, app.http, app.clock, claims.shop, token, online=True),
    )
    person = given.person
    if person is None or person.external_id != claims.sub:
        raise InstallRejected(SOMEBODY_ELSE)
    return Merchant(
        external_id=person.external_id, email=person.email, name=person.name, is_owner=person.is_owner
    )  # fmt: skip


def read_merchant_softly(app: App, doors: PageDoors, store: Store, claims: Claims, token: str) -> Merchant:
    """As `read_merchant`; when Shopify does not say, somebody of the staff who may look and change nothing."""
    try:
        return read_merchant(app, doors, store, claims, token)
    except StaleToken:
        raise
    except AdapterError:
        proven = name_proven(claims)
        assert isinstance(proven, Merchant)
        return proven


def render(app: App, doors: PageDoors, store: Store, merchant: Merchant, locale: str) -> WebResponse:
    frame = HomeFrame(
        meta={"shopify-api-key": app.identity.client_id},
        head_scripts=(app.identity.cdn + APP_BRIDGE, app.identity.cdn + POLARIS),
        scripts=(f"{ROOT}/home.js",),
        act_url=HOME,
        frame_ancestors=list_frames(app, store.domain),
        script_origins=(app.identity.cdn,),
        sections=tuple(list_sections(store, doors.base_url)),
    )
    return doors.show_home(store, merchant, frame, locale)


def ask_again() -> WebResponse:
    """To a script whose token is not good: App Bridge asks once more with a fresh one."""
    answer = tell({"message": "The session token is not good (any more)."}, 401)
    return WebResponse(status=401, body=answer.body, content_type=answer.content_type, headers=RETRY)


def read_wish(request: WebRequest) -> dict[str, str]:
    """The fields of a form, all of them text. Raises `InstallRejected`."""
    said = read_fields(request)
    if (
        not said
        or len(said) > 20
        or not all(isinstance(value, str) and len(value) <= 2000 for value in said.values())
    ):
        raise InstallRejected(UNREADABLE)
    return said


def read_extensions(reported: list[Any]) -> dict[str, str]:
    """``{"<handle>": "active"|"inactive"}`` of ours. The handle of a theme extension is not dependable: App Bridge
    gives the one it was first deployed with, and there is only one."""
    states: dict[str, str] = {}
    for one in reported[:MOST_EXTENSIONS]:
        if not isinstance(one, dict):
            continue
        is_theme = one.get("type") == "theme_app_extension"
        handle = "mostrador-embed" if is_theme else one.get("handle")
        found = one.get("activations")
        parts = [part for part in found if isinstance(part, dict)] if isinstance(found, list) else []
        # A theme's block is listed also where nobody placed it; then it is `available`, not `active`.
        active = any(part.get("status") == "active" for part in parts) if is_theme else bool(parts)
        if isinstance(handle, str) and handle in HANDLES:
            states[handle] = "active" if active or states.get(handle) == "active" else "inactive"
    return states
