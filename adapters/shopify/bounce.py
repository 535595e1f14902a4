"""Pages in the admin's frame beside the home: on the way to a fresh session token, and those that only say why not.

A document without a good token is sent to `bounce`, an empty page whose App Bridge brings a fresh one and goes to the
path in ``shopify-reload``. Nobody is known here yet: what frames these pages is the shop that the address names, its
form checked, and there is nothing in them. Source: `shopifyapp` 1.0.2, read whole (2026-11-21).
"""

from __future__ import annotations

import gettext
import re
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

from adapters.shopify.client import SHOP, check_shop
from adapters.shopify.settings import App
from adapters.shopify.values import read_locale
from plugin.contract import PageDoors, PlatformRefused, WebRequest, WebResponse, Words

ROOT: Final = "/p/shopify"
HOME: Final = f"{ROOT}/home"
BOUNCE: Final = f"{ROOT}/bounce"
ADMIN_ORIGIN: Final = "https://admin.shopify.com"
APP_BRIDGE: Final = "/shopifycloud/app-bridge.js"
CATALOGUES = Path(__file__).parent / "locales"
KEPT_QUERY = {
    "embedded": re.compile(r"1"),
    "host": re.compile(r"[A-Za-z0-9_=-]{1,200}"),
    "locale": re.compile(r"[A-Za-z-]{2,12}"),
}
"""What of Shopify's query goes along on the way to a fresh token, beside ``shop``."""
AGAIN = "again"
"""Marks the way back from `bounce` with its time: a token that is refused there too would go round for ever."""
AGAIN_SECONDS = 60
STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
HOME_QUERY = {**KEPT_QUERY, "shop": SHOP, AGAIN: STAMP}
"""What the way back may carry; another value in it could be another address (values of one name come joined)."""
OPEN_IN_ADMIN = Words("Open Mostrador from your Shopify admin: Apps > Mostrador.")
NOT_VERIFIED = Words(
    "Shopify's sign-in could not be verified. Load the page again; if it stays so, the operator of this server has to "
    "check the app's client ID and secret and the server's clock."
)


def list_frames(app: App, shop: str) -> tuple[str, ...]:
    """Who may frame the home of a shop whose form was checked: itself and the admin, nobody else's."""
    fake = (app.identity.fake_url,) if app.identity.fake_url else ()
    return (f"https://{check_shop(shop)}", ADMIN_ORIGIN, *fake)


def seek_token(app: App, request: WebRequest) -> WebResponse:
    """For a document without a good token: to `bounce` inside the admin, into the admin from outside of it."""
    try:
        shop = check_shop(request.query.get("shop", ""))
    except PlatformRefused:
        return show_words(app, "", OPEN_IN_ADMIN, request, 400)
    now, came = int(app.clock.now().timestamp()), request.query.get(AGAIN, "")
    if STAMP.fullmatch(came) and abs(now - int(came)) < AGAIN_SECONDS:
        return show_words(app, shop, NOT_VERIFIED, request, 401)
    kept = {
        name: value
        for name, shape in KEPT_QUERY.items()
        if shape.fullmatch(value := request.query.get(name, ""))
    }
    if "embedded" not in kept and "host" not in kept and app.identity.is_public and not app.identity.fake_url:
        name = shop.removesuffix(".myshopify.com")
        return redirect(f"{ADMIN_ORIGIN}/store/{name}/apps/{app.identity.client_id}")
    query = {"shop": shop, **kept}
    back = f"{HOME}?{urlencode({**query, AGAIN: now})}"
    return redirect(f"{BOUNCE}?{urlencode({**query, 'shopify-reload': back})}")


def show_bounce(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    """The page where App Bridge fetches a fresh token and goes to ``shopify-reload``: our own home, or nowhere."""
    try:
        shop = check_shop(request.query.get("shop", ""))
    except PlatformRefused:
        return show_words(app, "", OPEN_IN_ADMIN, request, 400)
    if not is_home(request.query.get("shopify-reload", "")):
        return show_words(app, shop, OPEN_IN_ADMIN, request, 400)
    return WebResponse(
        body=write_document(app, ""), frame_ancestors=list_frames(app, shop), script_origins=(app.identity.cdn,),
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip


def is_home(path: str) -> bool:
    """Whether an address is our own home's path with nothing but known parameters: no other page, no other host."""
    try:
        parts = urlsplit(path)
        pairs = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=10)
    except ValueError:
        return False
    known = all(name in HOME_QUERY and HOME_QUERY[name].fullmatch(value) for name, value in pairs)
    plain = path.isascii() and path.isprintable() and "\\" not in path and len(path) < 1000
    here = path.startswith(HOME) and parts.path == HOME
    return known and plain and here and not (parts.scheme or parts.netloc or parts.fragment)


def redirect(address: str) -> WebResponse:
    return WebResponse(status=302, headers={"Location": address, "Cache-Control": "no-store"})


def show_words(app: App, shop: str, words: str, request: WebRequest, status: int) -> WebResponse:
    """A page that only says something; inside the admin of `shop`, or nowhere when it is ''."""
    language = read_locale(request.query.get("locale"))
    body = write_document(app, f"<main><p>{escape(translate(words, language))}</p></main>", language)
    frames = list_frames(app, shop) if shop else ()
    return WebResponse(
        status=status,
        body=body,
        frame_ancestors=frames,
        script_origins=(app.identity.cdn,),
        headers={"Cache-Control": "no-store"},
    )


def write_document(app: App, body: str, language: str = "") -> bytes:
    """A document with App Bridge in its head, as every document of an embedded app."""
    key, shown = escape(app.identity.client_id), escape(language.replace("_", "-") or "en")
    bridge = escape(app.identity.cdn) + APP_BRIDGE
    text = (
        f'<!doctype html><html lang="{shown}"><head><meta charset="utf-8"><title>Mostrador</title>'
        f'<meta name="viewport" content="width=device-width"><meta name="shopify-api-key" content="{key}">'
        f'<script src="{bridge}" data-api-key="{key}"></script></head><body>{body}</body></html>'
    )
    return text.encode()


def translate(words: str, language: str) -> str:
    """`Words` of ours in this language, by our own catalogues; the core translates only what it shows itself."""
    if not isinstance(words, Words):
        return words
    found = gettext.translation("shopify", CATALOGUES, [language, language.partition("_")[0]], fallback=True)
    text = found.gettext(words.message)
    values = {
        name: translate(value, language) if isinstance(value, str) else value
        for name, value in words.values.items()
    }
    return text.format(**values) if values else text
