"""Every page of ours that Shopify frames, calls or passes on, below ``/p/shopify/``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from adapters.shopify import bounce, chat, extension_api, home, proxy
from adapters.shopify.settings import App
from plugin.contract import Page, PageDoors, WebRequest, WebResponse

Handle = Callable[[WebRequest, PageDoors], WebResponse]


def list_pages(app: App) -> Sequence[Page]:
    """The pages of this app. Those of the admin exist for a custom app too: where Shopify frames it they work."""

    def bind(handle: Callable[[App, WebRequest, PageDoors], WebResponse]) -> Handle:
        return partial(handle, app)

    return (
        Page(path="home", handle=partial(visit_home, app), methods=("GET", "POST")),
        Page(path="bounce", handle=bind(bounce.show_bounce)),
        Page(path="home.js", handle=serve("home.js")),
        Page(path="desk", handle=bind(home.open_desk), methods=("POST",)),
        Page(path="extensions", handle=bind(home.note_extensions), methods=("POST",)),
        Page(path="chat", handle=bind(chat.show_chat)),
        Page(path="chat.js", handle=serve("chat.js")),
        Page(path="chat.css", handle=serve("chat.css")),
        Page(path="session", handle=bind(extension_api.open_session), methods=("POST",)),
        Page(path="links", handle=bind(extension_api.list_links), cors=True),
        Page(path="order", handle=bind(extension_api.show_order), methods=("POST",), cors=True),
        Page(path="proxy", handle=bind(proxy.answer_proxy)),
        Page(path="proxy/proof", handle=bind(proxy.answer_proxy)),
    )


def visit_home(app: App, request: WebRequest, doors: PageDoors) -> WebResponse:
    return home.act(app, request, doors) if request.method == "POST" else home.open_home(app, request, doors)


def serve(name: str) -> Handle:
    """A file of ours, for everybody."""
    return lambda request, doors: chat.show_file(name)
