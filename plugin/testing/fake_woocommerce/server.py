"""The fake shop behind a real socket: every request goes through its manners first."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from plugin.contract import Clock
from plugin.testing.fake_woocommerce import rest_beside, rest_facts, rest_orders, rest_plugins, rest_shop
from plugin.testing.fake_woocommerce.access import Access, Asking, NotLetIn
from plugin.testing.fake_woocommerce.authorize import Authorize
from plugin.testing.fake_woocommerce.back_room import BackRoom
from plugin.testing.fake_woocommerce.bodies import write_error, write_json
from plugin.testing.fake_woocommerce.nouns import Body, Manners
from plugin.testing.fake_woocommerce.pages import Sessions, go, page
from plugin.testing.fake_woocommerce.rest import NO_ROUTE, Ask, Refused, Reply, refuse_stranger, show_fields
from plugin.testing.fake_woocommerce.shop import FakeShop
from plugin.testing.fake_woocommerce.storefront import Storefront

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

TABLES = (rest_orders.routes, rest_beside.routes, rest_shop.routes, rest_facts.routes, rest_plugins.routes)
SPEAKS = ("wc/v3", "wc/store/v1", "wp/v2", "oembed/1.0")
JSON = "application/json; charset=UTF-8"


class Application:
    """The WSGI application of one shop. `requests` keeps (method, path) of everything that was asked."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop
        self.access = Access(shop)
        self.sessions = Sessions(shop)
        self.authorize = Authorize(shop, self.sessions)
        self.storefront = Storefront(shop, self.sessions)
        self.back_room = BackRoom(shop, self.sessions)
        self.requests: list[tuple[str, str]] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = Request(environ)
        self.requests.append((request.method, request.path))
        answer = self.answer(request)
        self.shop.webhooks.visit()
        return answer(environ, start_response)

    def answer(self, request: Request) -> Response:
        manners, path = self.shop.manners, request.path
        if manners.redirect_loop:
            return go(request.url, 301)
        if manners.one_host and request.host != urlsplit(self.shop.home).netloc:
            return go(f"{self.shop.home}{request.full_path.rstrip('?')}", 301)
        if manners.maintenance:
            return page(
                "Maintenance", "<h1>Briefly unavailable for scheduled maintenance.</h1>", manners.maintenance
            )
        path = path.removeprefix(urlsplit(self.shop.home).path)
        if manners.plain_permalinks:
            return self.answer_plain(request, path)
        if path.startswith("/wp-json"):
            return self.answer_rest(request, path.removeprefix("/wp-json").strip("/"))
        if path.startswith("/wc-auth/v1/"):
            return self.authorize.answer(request, path.removeprefix("/wc-auth/v1/").strip("/"))
        if path.startswith("/wp-admin"):
            return self.back_room.answer(request)
        return self.storefront.answer(request) or page("No encontrado", "<h1>No encontrado</h1>", 404)

    def answer_plain(self, request: Request, path: str) -> Response:
        """Without pretty permalinks ``/wp-json/`` is the home page, and what lies deeper leads there."""
        route = request.args.get("rest_route", "").strip("/")
        if "rest_route" in request.args:
            if route.startswith("wc/"):
                # WooCommerce believes keys only where the address holds wp-json/wc/.
                return write_answer(refuse_stranger(request.method, route, 401), 401)
            return self.answer_rest(request, route)
        if path.strip("/") in ("", "wp-json"):
            home = self.storefront.show("Inicio", self.storefront.list_goods(), "home")
            return home
        if path.startswith(("/wp-json", "/wc-auth")):
            return go(f"{self.shop.home}/", 301)
        return self.storefront.answer(request) or page("No encontrado", "<h1>No encontrado</h1>", 404)

    def is_secure(self, request: Request) -> bool:
        """What PHP's `is_ssl()` says."""
        return request.is_secure and not self.shop.manners.hides_https

    def answer_rest(self, request: Request, path: str) -> Response:
        if wait := self.shop.manners.retry_after:
            error = write_error("rest_too_many_requests", "Too many requests.", 429)
            return write_answer(error, 429, {"Retry-After": str(wait)})
        if not path:
            return write_answer(self.write_index())
        if path == "wc/store/v1/cart":
            return write_answer(self.write_cart(request))
        if path.rstrip("/") == "wc/v3":
            return write_answer({"namespace": "wc/v3", "routes": {}})
        query = {name: values[-1] for name, values in request.args.lists()}
        authorization = (
            "" if self.shop.manners.strips_authorization else request.headers.get("Authorization", "")
        )
        secure = self.is_secure(request)
        try:
            asking = Asking(request.method, request.path, query, authorization, secure)
            with self.shop.lock:
                reply = self.ask(request, path, asking)
            if reply.afterwards is not None:
                reply.afterwards()
            body = show_fields(reply.body, query.get("_fields", ""))
            return write_answer(body, reply.status, dict(reply.headers))
        except NotLetIn as error:
            return write_answer(error.body, 401)
        except Refused as error:
            return write_answer(error.body, error.status)

    def ask(self, request: Request, path: str, asking: Asking) -> Reply:
        found = next(filter(None, (table.find(asking.method, path) for table in TABLES)), None)
        if found is None:
            raise Refused(NO_ROUTE)
        key = self.access.find_key(asking)
        user = self.shop.users.get(key.user_id) if key else None
        if user is None or not user.manages:
            status = 401 if user is None else 403
            raise Refused(refuse_stranger(asking.method, path, status), status)
        handler, names = found
        believed = bool(asking.authorization)
        return handler(
            Ask(
                self.shop,
                user,
                asking.method,
                path,
                asking.query,
                read_body(request),
                believed,
                asking.secure,
            ),
            **names,
        )

    def write_index(self) -> Body:
        """Public: where home really is, and what can be spoken here."""
        shop = self.shop
        own = ["wc-mostrador/v1"] if shop.plugin.installed else []
        more = [shop.manners.shipment_tracking] if shop.manners.shipment_tracking else []
        return {
            "name": shop.name,
            "description": "",
            "url": shop.site_url,
            "home": shop.home,
            "gmt_offset": int(
                (shop.now().astimezone(shop.zone).utcoffset() or timedelta()).total_seconds() // 3600
            ),
            "timezone_string": shop.zone.key,
            "namespaces": [*SPEAKS, *own, *more],
            "authentication": [],
            "routes": {},
        }

    def write_cart(self, request: Request) -> Body:
        cart = self.storefront.read_cart(request)
        total = int(self.storefront.sum_cart(cart).scaleb(self.shop.manners.decimals))
        return {
            "items_count": sum(cart.values()),
            "totals": {
                "total_price": str(total),
                "currency_code": self.shop.currency,
                "currency_minor_unit": self.shop.manners.decimals,
            },
        }


def read_body(request: Request) -> Body:
    """The JSON object of a request, {} when there is none. Raises `Refused` for what is no JSON."""
    raw = request.get_data()
    if not raw.strip():
        return {}
    try:
        read: Any = json.loads(raw)
    except ValueError:
        raise Refused(write_error("rest_invalid_json", "Invalid JSON body passed.", 400)) from None
    return read if isinstance(read, dict) else {}


def write_answer(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    given = {
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache, must-revalidate, max-age=0, no-store, private",
    }
    return Response(write_json(body), status, {**given, **(headers or {})}, content_type=JSON)


class _Quiet(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Queries hold keys when a client signs in the address: nothing is written down."""


class FakeServer:
    """A shop that is being served: `shop`, its `url`, and `application` with what was asked."""

    def __init__(
        self, shop: FakeShop, application: Application, server: BaseWSGIServer, certificate: Path | None
    ) -> None:
        self.shop, self.application, self.server = shop, application, server
        self.certificate = certificate
        self.url = shop.home

    @property
    def port(self) -> int:
        return self.server.server_port


@contextmanager
def serve_shop(
    port: int = 0,
    *,
    https: bool = False,
    clock: Clock | None = None,
    seed: int = 0,
    manners: Manners | None = None,
    host: str = "127.0.0.1",
    folder: str = "",
) -> Iterator[FakeServer]:
    """A fake shop on loopback for the length of a ``with``. `folder`: the sub-folder it lives in, like ``/tienda``."""
    manners = manners or Manners()
    manners.https = https
    with TemporaryDirectory(prefix="fake-shop-") as place:
        shop = FakeShop(clock=clock, seed=seed, manners=manners)
        application = Application(shop)
        certificate = make_certificate(Path(place)) if https else None
        server = make_server(
            host,
            port,
            application,
            threaded=True,
            request_handler=_Quiet,
            ssl_context=_load(certificate) if certificate else None,
        )
        shop.home = shop.site_url = f"{'https' if https else 'http'}://{host}:{server.server_port}{folder}"
        threads = [threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)]
        over = threading.Event()
        if manners.cron == "eager":
            threads.append(threading.Thread(target=_tick, args=(shop, over), daemon=True))
        for thread in threads:
            thread.start()
        try:
            yield FakeServer(shop, application, server, certificate)
        finally:
            over.set()
            server.shutdown()
            server.server_close()
            for thread in threads:
                thread.join(5)


def _tick(shop: FakeShop, over: threading.Event) -> None:
    while not over.wait(1.0):
        shop.webhooks.run_cron()


def _load(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def make_certificate(folder: Path) -> Path:
    """A certificate that nobody trusts, for 127.0.0.1 and localhost, with its key in the same file."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(names, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(private + made.public_bytes(pem))
    return path
