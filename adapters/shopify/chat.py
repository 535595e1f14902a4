"""The chat page that checkout frames (`<s-chat>`): one address for all shops, told apart by the token alone.

Shopify appends ``id_token``, ``locale`` and ``handle`` to it. The page's own scripts stand in ``static/``; before them
runs App Bridge for checkout, which gives fresh tokens. Which origins frame it is not documented to the last: the shop's
own domains, Shopify's checkout and editor, and Shop; another shop's never.
Source: https://shopify.dev/docs/apps/build/checkout/chat (2026-11-21).
"""

from __future__ import annotations

from html import escape
from pathlib import Path

from adapters.shopify.proof import SHOPPER, read_kind
from adapters.shopify.settings import CDN, App
from plugin.contract import PageDoors, Store, WebhookRejected, WebRequest, WebResponse

STATIC = Path(__file__).parent / "static"
CHECKOUT_ORIGINS = ("https://checkout.shopify.com", "https://shop.app", "https://*.shopify.com")
"""Shopify's own, where no shop's pages stand."""
KINDS = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


def show_chat(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    """The document, framed by this shop's checkout; 401 and framed by nobody without a good token."""
    try:
        claims = read_kind(request.query.get("id_token", ""), app.identity, app.clock.now(), SHOPPER)
    except WebhookRejected:
        return refuse(401)
    store = doors.find_store(claims.shop)
    if store is None:
        return refuse(404)
    frames = (f"https://{claims.shop}", *CHECKOUT_ORIGINS, *store.origins)
    if app.identity.fake_url:
        frames += (app.identity.fake_url,)
    return WebResponse(
        body=write_document(app, store, doors), frame_ancestors=frames, script_origins=(app.identity.cdn,),
        headers={"Cache-Control": "no-store"},
    )  # fmt: skip


def write_document(app: App, store: Store, doors: PageDoors) -> bytes:
    """The page with the addresses that it cannot know: the widget's as it is built, and the store's help."""
    places = {
        "__DOCUMENT__": doors.widget_file("document.js"), "__HELP__": f"{doors.base_url}/help/{store.public_id}/",
        CDN: app.identity.cdn,
    }  # fmt: skip
    text = (STATIC / "chat.html").read_text("utf-8")
    for name, address in places.items():
        text = text.replace(name, escape(address))
    return text.encode()


def refuse(status: int) -> WebResponse:
    return WebResponse(
        status=status, body=b"<!doctype html><title>-</title>", headers={"Cache-Control": "no-store"}
    )


def show_file(name: str) -> WebResponse:
    """A script or style of ours; its address stays, so it is asked for again after five minutes."""
    path = STATIC / name
    return WebResponse(
        body=path.read_bytes(), content_type=KINDS[path.suffix], headers={"Cache-Control": "public, max-age=300"}
    )  # fmt: skip
