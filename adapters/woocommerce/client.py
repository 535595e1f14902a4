"""The `woocommerce` package's `API` with its transport replaced by the guarded way out, and its OAuth mended.

What is taken from the package: how an address is put together, and the OAuth 1.0a signature. What is not: its
`requests.request` (no guard, five seconds, follows redirects with the keys), its query sent twice, its nonce of
eight digits, its switch that writes the secret into the address.

Sources: the package `woocommerce` 3.0.0, read whole;
https://woocommerce.github.io/woocommerce-rest-api-docs/#authentication-over-http; and, for what a shop makes of a
request, core's ``includes/rest-api/class-wc-rest-authentication.php``
(https://woocommerce.github.io/code-reference/, 2026-11-21):

- Basic counts only where PHP sees https (``is_ssl()``), OAuth everywhere.
- OAuth's values may stand in the header ``Authorization: OAuth`` (preferred: addresses end in access logs) or in the
  query (for servers which do not pass that header on).
- The signature covers the method, the shop's *home* address as PHP sees it (also when we call another name of it),
  and the query, each part encoded by RFC 3986 twice. A list in the query breaks it, a comma does not.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote, urlsplit

from woocommerce import API
from woocommerce.oauth import OAuth

from plugin.contract import Answer, Clock, Http

BASIC: Final = "basic"
OAUTH: Final = "oauth"
OAUTH_QUERY: Final = "oauth-query"
WAYS = (BASIC, OAUTH, OAUTH_QUERY)
"""How keys are shown to a shop; the value of `credentials["auth"]`."""

Query = Mapping[str, "str | int | bool | Sequence[str | int]"]


# The package carries no types: what is built upon its classes can be checked, the classes themselves cannot.
class Signature(OAuth):  # type: ignore[misc]
    """The package's signature, encoded as the shop encodes it: the package leaves ``/`` as it is."""

    @staticmethod
    def normalize_parameters(params: Mapping[str, Any]) -> dict[str, str]:
        return {escape(escape(key)): escape(escape(str(value))) for key, value in params.items()}

    @staticmethod
    def sorted_params(params: Mapping[str, Any]) -> dict[str, Any]:
        return dict(sorted(params.items()))


class GuardedApi(API):  # type: ignore[misc]
    """One shop's API under one root (``wc/v3``), asked through `Http`; redirects are answers, never followed.

    `base` is where requests go, `home` what OAuth signs for, `way` one of `WAYS`.
    """

    def __init__(
        self, http: Http, clock: Clock, base: str, home: str, way: str, key: str, secret: str, root: str
    ) -> None:  # fmt: skip
        super().__init__(base, key, secret, version=root)
        self.http = http
        self.clock = clock
        self.home = home
        self.way = way

    def __repr__(self) -> str:
        return f"GuardedApi({self.url!r}, {self.version!r}, {self.way!r})"

    def ask(
        self, method: str, endpoint: str, body: Mapping[str, Any] | None = None, query: Query | None = None
    ) -> Answer:  # fmt: skip
        """The shop's answer, whatever it is. Raises `PlatformDown`."""
        url: str = self._API__get_url(endpoint)
        values = {name: write_value(value) for name, value in (query or {}).items()}
        headers = {"Accept": "application/json"}
        if self.way == BASIC:
            headers["Authorization"] = write_basic(self.consumer_key, self.consumer_secret)
        else:
            signed = self.sign(method, url, values)
            if self.way == OAUTH:
                headers["Authorization"] = write_oauth(signed)
            else:
                values = values | signed
        data = None
        if body is not None:
            data = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
            headers["Content-Type"] = "application/json; charset=utf-8"
        address = f"{url}?{write_query(values)}" if values else url
        return self.http.request(method, address, headers=headers, body=data, redirects=False)

    # The package's own verbs (`get`, `post`, ...) end here; the name is what Python makes of its `__request`.
    def _API__request(
        self, method: str, endpoint: str, data: Any, params: Query | None = None, **_: Any
    ) -> Answer:  # fmt: skip
        return self.ask(method, endpoint, data, params)

    def sign(self, method: str, url: str, values: Mapping[str, str]) -> dict[str, str]:
        """OAuth's values for one request, the signature among them; good once and for fifteen minutes."""
        oauth = {
            "oauth_consumer_key": str(self.consumer_key),
            "oauth_timestamp": str(int(self.clock.now().timestamp())),
            "oauth_nonce": secrets.token_hex(16),
            "oauth_signature_method": "HMAC-SHA256",
        }
        signer = Signature(url, self.consumer_key, self.consumer_secret, version=self.version, method=method)
        target = self.home.rstrip("/") + url.removeprefix(str(self.url).rstrip("/"))
        oauth["oauth_signature"] = signer.generate_oauth_signature({**values, **oauth}, target)
        return oauth


def choose_way(given: str, base: str) -> str:
    """The way that was found for the shop; for one connected before it was looked for, what its address allows."""
    if not base.startswith("https://"):
        return given if given in (OAUTH, OAUTH_QUERY) else OAUTH
    return given if given in WAYS else BASIC


def write_value(value: str | int | bool | Sequence[str | int]) -> str:
    """A value as WooCommerce reads it; a list as a comma string, which is understood and can be signed."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, (str, int)) else ",".join(str(part) for part in value)


def write_query(values: Mapping[str, str]) -> str:
    return "&".join(f"{escape(name)}={escape(value)}" for name, value in values.items())


def write_basic(key: str, secret: str) -> str:
    return "Basic " + base64.b64encode(f"{key}:{secret}".encode()).decode("ascii")


def write_oauth(signed: Mapping[str, str]) -> str:
    return "OAuth " + ", ".join(f'{name}="{escape(value)}"' for name, value in signed.items())


def escape(text: str) -> str:
    """RFC 3986, as PHP's ``rawurlencode``."""
    return quote(text, safe="~", errors="replace")


def change_scheme(url: str, scheme: str) -> str:
    """The same address as PHP sees it over `scheme`."""
    parts = urlsplit(url)
    return f"{scheme}://{parts.netloc}{parts.path}".rstrip("/")
