"""The door of a WooCommerce shop as PHP keeps it, over real sockets: who is believed, and what strangers hear.

Signatures are checked by a calculation of its own (RFC 5849, section 3.4), not by the code under test.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import hmac
import ipaddress
import json
import ssl
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from plugin.testing.local_server import write_answer

REST = Path(__file__).parent.parent / "data" / "woocommerce" / "rest"
KEY, SECRET = "ck_" + "a1" * 20, "cs_" + "b2" * 20
MESSAGES = {message.id for message in import_module("plugin.locales.__main__").collect_words("woocommerce")}
"""Every sentence that translators are given."""
NAMESPACES = ["oembed/1.0", "wc/v3", "wc/v2", "wc/v1", "wc/store/v1", "wp/v2"]
UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def encode(text: str) -> str:
    """RFC 5849, section 3.6, by hand."""
    return "".join(chr(byte) if byte in UNRESERVED else f"%{byte:02X}" for byte in text.encode())


def sign_by_the_book(method: str, url: str, values: dict[str, str], secret: str) -> str:
    """RFC 5849, sections 3.4.1 and 3.4.2, with SHA-256 for SHA-1 as WooCommerce also takes it."""
    pairs = sorted(
        (encode(name), encode(value)) for name, value in values.items() if name != "oauth_signature"
    )
    base = "&".join((method, encode(url), encode("&".join(f"{name}={value}" for name, value in pairs))))
    digest = hmac.new(f"{secret}&".encode(), base.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


class Gate:
    """One shop for `run_server`. `home`: its home address without a slash; its path is where WordPress lives."""

    def __init__(
        self,
        home: str = "",
        *,
        php_sees_https: bool = False,
        passes_header: bool = True,
        permissions: str = "read_write",
        folder: str = "",
    ) -> None:
        self.home = home
        self.folder = folder
        self.php_sees_https = php_sees_https
        self.passes_header = passes_header
        self.permissions = permissions
        self.nonces: set[str] = set()
        self.ways: list[str] = []
        self.lines: list[str] = []
        self.bodies: list[bytes] = []

    def __call__(self, raw: bytes) -> Iterable[bytes]:
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        self.lines.append(first)
        self.bodies.append(body)
        status, told = self.answer(method, target, headers)
        return [
            write_answer(json.dumps(told).encode(), status, content_type="application/json; charset=UTF-8")
        ]

    def answer(self, method: str, target: str, headers: dict[str, str]) -> tuple[str, Any]:
        parts = urlsplit(target)
        path = parts.path.removeprefix(self.folder)
        if path in ("/wp-json/", "/wp-json"):
            return "200 OK", {
                "name": "Tienda &amp; Ficticia",
                "url": self.home,
                "home": self.home,
                "timezone_string": "America/Bogota",
                "namespaces": NAMESPACES,
            }
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        refused = self.believe(method, path, query, headers)
        if refused is not None:
            return "401 Unauthorized", recorded(refused)
        if method != "GET" and self.permissions == "read":
            return "401 Unauthorized", recorded("error_401_read_only_key_writing")
        if path.endswith("/system_status"):
            return "200 OK", recorded("system_status_facts")
        return ("200 OK" if method == "GET" else "201 Created"), []

    def believe(self, method: str, path: str, query: dict[str, str], headers: dict[str, str]) -> str | None:
        """None, or the name of the recorded error."""
        given = headers.get("authorization", "") if self.passes_header else ""
        if given.startswith("Basic ") and self.php_sees_https:
            key, _, secret = base64.b64decode(given[6:]).decode().partition(":")
            if key == KEY:
                self.ways.append("basic")
                return None if secret == SECRET else "error_401_basic_https_wrong_secret"
        values = dict(query)
        if given.startswith("OAuth "):
            pairs = (pair.strip().partition("=") for pair in given[6:].split(","))
            values |= {name: unquote(value.strip('"')) for name, _, value in pairs}
        if "oauth_consumer_key" not in values:
            return "error_401_basic_over_plain_http_ignored"
        if values["oauth_consumer_key"] != KEY:
            return "error_401_wrong_key"
        scheme = "https" if self.php_sees_https else "http"
        url = f"{scheme}://{self.home.partition('://')[2]}{path}"
        spent = values["oauth_nonce"] in self.nonces
        self.nonces.add(values["oauth_nonce"])
        drift = abs(float(values["oauth_timestamp"]) - datetime.datetime.now(datetime.UTC).timestamp())
        if spent or drift > 900 or values["oauth_signature"] != sign_by_the_book(method, url, values, SECRET):
            return "error_401_wrong_secret"
        self.ways.append("header" if given else "query")
        return None


def recorded(name: str) -> Any:
    return json.loads((REST / f"{name}.json").read_bytes())


def make_certificate(folder: Path, *names: str) -> tuple[ssl.SSLContext, str]:
    """A self-signed certificate for these names: the server's context, and the file that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    now = datetime.datetime.now(datetime.UTC)
    others: list[x509.GeneralName] = [
        x509.IPAddress(ipaddress.ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
        for name in names
    ]
    certificate = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(others), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    public, private = folder / "public.pem", folder / "private.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, str(public)
