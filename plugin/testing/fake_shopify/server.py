"""The fake Shopify behind a real socket: ``/shops/<shop>/…`` is what the app asks, the rest is for a browser."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from plugin.contract import Clock
from plugin.testing.fake_shopify.admin_api import AdminApi
from plugin.testing.fake_shopify.bodies import write_json
from plugin.testing.fake_shopify.bridges import SCRIPTS
from plugin.testing.fake_shopify.nouns import App, Body, Manners
from plugin.testing.fake_shopify.oauth import OAuth, OAuthError
from plugin.testing.fake_shopify.pages import STEPS, Pages, write_page
from plugin.testing.fake_shopify.platform import FakeShopify
from plugin.testing.fake_shopify.shop import FakeShop

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment



class Application:
    """The WSGI application. What was asked stands in `platform.asked` and `api.calls`."""

    def __init__(self, platform: FakeShopify, app_folder: Path | None = None) -> None:
        self.platform = platform
        self.api = AdminApi(platform)
        self.oauth = OAuth(platform)
        self.pages = Pages(platform, app_folder)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        self.platform.asked.append((request.method, request.path))
        answer = self.answer(request)
        if request.path.endswith("/access_token") and self.cuts_off(answer.status_code):
            cut_off(environ)
        return answer(environ, start_response)

    def cuts_off(self, status: int) -> bool:
        manners = self.platform.manners
        with self.platform.lock:
            lost = status == 200 and manners.lose_answers > 0
            manners.lose_answers -= lost
        return lost

    def answer(self, request: Request) -> Response:
        first, _, rest = request.path.strip("/").partition("/")
        domain, _, inside = rest.partition("/")
        if first == "shops":
            return self.answer_shop(request, domain, inside)
        if request.path in SCRIPTS:
            return Response(SCRIPTS[request.path], content_type="text/javascript; charset=utf-8")
        if not first:
            return show(self.pages.write_index())
        shop = self.platform.find_shop(f"{domain}.myshopify.com")
        if shop is None:
            return show(write_page("Not found", "<p>There is no such shop.</p>"), 404)
        if first == "admin":
            return self.answer_admin(request, shop, inside)
        if first == "storefront":
            return self.answer_storefront(request, shop, inside)
        if first == "checkout" and inside == "token":
            return show_json({"id_token": self.platform.mint_id_token(shop.domain, "checkout")})
        if first == "checkout" and inside in STEPS:
            return show(self.pages.write_checkout(shop, inside))
        return show(write_page("Not found", ""), 404)

    # What the app asks

    def answer_shop(self, request: Request, domain: str, path: str) -> Response:
        if self.platform.manners.down:
            return show("<h1>Something went wrong</h1>", self.platform.manners.down)
        if path.startswith("admin/api/") and path.endswith("/graphql.json"):
            if request.method != "POST":
                return show_json({"errors": "Not Found"}, 404)
            self.note_foreign(domain, request.headers.get("X-Shopify-Access-Token", ""))
            reply = self.api.answer(domain, path.split("/")[2], dict(request.headers), request.get_data())
            return Response(
                reply.write(), reply.status, dict(reply.headers), content_type="application/json; charset=utf-8"
            )
        shop = self.platform.find_shop(domain)
        if shop is None:
            return show_json({"errors": "Not Found"}, 404)
        if path == "admin/oauth/access_token" and request.method == "POST":
            return self.answer_token(request, shop)
        if path == "admin/oauth/authorize":
            return self.answer_authorize(request, shop)
        return show_json({"errors": "Not Found"}, 404)

    def note_foreign(self, domain: str, token: str) -> None:
        """Remembers a token that was sent to a shop which never gave it, while another did."""
        for other, shop in self.platform.shops.items():
            if other != domain and token in shop.tokens.given:
                self.platform.foreign.append((domain, other))

    def answer_token(self, request: Request, shop: FakeShop) -> Response:
        if wait := self.platform.manners.oauth_retry_after:
            return show_json({"errors": "Too Many Requests"}, 429, {"Retry-After": str(wait)})
        if self.platform.manners.frozen:
            return show_json({"errors": "Unavailable Shop"}, self.platform.manners.frozen)
        try:
            with self.platform.lock:
                return show_json(self.oauth.give_token(shop, read_fields(request)))
        except OAuthError as error:
            return show_json(error.body, error.status)

    def answer_authorize(self, request: Request, shop: FakeShop) -> Response:
        try:
            if request.method == "POST":
                return Response(status=302, headers={"Location": self.oauth.approve(shop, request.form.to_dict())})
            return show(write_page("Install app", self.oauth.ask_merchant(shop, request.args.to_dict())))
        except OAuthError as error:
            return show(
                write_page("Oauth error", f"<p>{escape(str(error.body['error']))}: {escape(str(error))}</p>"), 400
            )

    # What a browser sees

    def answer_admin(self, request: Request, shop: FakeShop, path: str) -> Response:
        if path == "token":
            return show_json({"id_token": self.platform.mint_id_token(shop.domain, sub=request.args.get("staff", "1"))})
        if request.method == "POST":
            order = shop.find_order(request.form.get("order", ""))
            self.pages.act(shop, request.form.get("act", ""), order)
            return Response(status=303, headers={"Location": request.path})
        return show(self.pages.write_admin(shop))

    def answer_storefront(self, request: Request, shop: FakeShop, path: str) -> Response:
        if path.startswith("assets/"):
            read = self.pages.read_asset(path)
            return Response(
                read or b"", 200 if read is not None else 404, content_type="text/javascript; charset=utf-8"
            )
        if path.startswith("apps/mostrador/"):
            status, kind, body = self.pages.pass_on(shop, path, request.args.to_dict())
            return Response(body, status, content_type=kind)
        return show(self.pages.write_storefront(shop, customer="customer" in request.args))


def read_fields(request: Request) -> Mapping[str, Any]:
    """JSON or a form, as Shopify takes both."""
    if "json" in (request.content_type or ""):
        try:
            read = json.loads(request.get_data())
        except ValueError:
            raise OAuthError("invalid_request", "The body is no JSON.") from None
        return read if isinstance(read, dict) else {}
    return request.form.to_dict()


def show(text: str, status: int = 200) -> Response:
    return Response(text, status, content_type="text/html; charset=utf-8")


def show_json(body: Body, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(write_json(body), status, dict(headers or {}), content_type="application/json; charset=utf-8")


def cut_off(environ: WSGIEnvironment) -> None:
    """Ends the connection before the answer: everything was done, and nobody hears of it."""
    with suppress(OSError, KeyError):
        environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Queries hold session tokens: nothing is written down."""

    def log_error(self, format: str, *args: Any) -> None:
        """Nor is a connection that was cut off on purpose."""


class FakeServer:
    """A Shopify that is being served: `platform`, `app`, `api`, `oauth`, and its `url`, the app's FAKE_URL."""

    def __init__(self, platform: FakeShopify, application: Application, server: BaseWSGIServer) -> None:
        self.platform, self.application, self.server = platform, application, server
        self.url = platform.url
        self.add_shop = platform.add_shop

    @property
    def app(self) -> App:
        return self.platform.app

    @property
    def api(self) -> AdminApi:
        return self.application.api

    @property
    def oauth(self) -> OAuth:
        return self.application.oauth

    @property
    def manners(self) -> Manners:
        return self.platform.manners

    @property
    def port(self) -> int:
        return self.server.server_port


@contextmanager
def serve_shopify(
    port: int = 0,
    *,
    clock: Clock | None = None,
    seed: int = 0,
    manners: Manners | None = None,
    app_origin: str = "",
    toml: Path | None = None,
    host: str = "127.0.0.1",
) -> Iterator[FakeServer]:
    """A fake Shopify on loopback for the length of a ``with``. `toml`: the app's own: its scopes and webhooks count."""
    platform = FakeShopify(clock=clock, seed=seed, manners=manners, app_origin=app_origin, toml=toml)
    application = Application(platform, toml.parent if toml is not None else None)
    server = make_server(host, port, application, threaded=True, request_handler=_Quiet)
    platform.url = f"http://{host}:{server.server_port}"
    over = threading.Event()
    threads = [threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)]
    if platform.manners.eager:
        threads.append(threading.Thread(target=_tick, args=(platform, over), daemon=True))
    for thread in threads:
        thread.start()
    try:
        yield FakeServer(platform, application, server)
    finally:
        over.set()
        server.shutdown()
        server.server_close()
        for thread in threads:
            thread.join(5)


def _tick(platform: FakeShopify, over: threading.Event) -> None:
    while not over.wait(0.5):
        platform.run_hooks()
