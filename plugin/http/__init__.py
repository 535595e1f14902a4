"""The one guarded way out: every address a merchant, a shop or a platform gives us is fetched through here.

For each hop the name is resolved once, every address it has is checked to be a public one, and the
connection is made to exactly the address that was checked (so a name that changes its mind between check
and use gains nothing). TLS still verifies the certificate against the name. Redirects are walked by hand,
at most three, each checked the same way. Time and size are capped, also after decompression.

Whatever goes wrong is a `PlatformDown` whose words are the same for a closed port, a private address and a
silent host, and which never repeat the address: the text of an error must not become a way to map a network.
A certificate that does not verify has words of its own: it is told only of an address that passed the check,
and the shop's owner can put it right.
"""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, urljoin, urlunsplit

import requests
from requests.structures import CaseInsensitiveDict
from urllib3.exceptions import HTTPError

from plugin import __version__
from plugin.contract import Answer, PlatformDown
from plugin.http.addresses import (
    is_public,
    is_same_origin,
    may_be_public_name,
    port_of,
    read_url,
    resolve_name,
)
from plugin.http.connections import Dialler, Pin, PinnedAdapter, Watch

__all__ = ["GuardedHttp", "Resolver"]

Resolver = Callable[[str, int], Sequence[str]]
"""Host name and port → every address it has, as text."""

MAX_REDIRECTS = 3
MAX_ADDRESSES_TRIED = 3
UNREACHABLE = "The address could not be reached."
TOO_LARGE = "The answer is larger than we accept."
TOO_SLOW = "The answer took too long."
BROKEN_CERTIFICATE = "The certificate of the address is not valid."

# What may follow a redirect to another origin. An allow-list, because platforms carry credentials in
# headers of their own naming (X-Api-Key and the like), not only in Authorization.
HARMLESS_HEADERS = frozenset({"accept", "accept-encoding", "accept-language", "content-type", "user-agent"})


class GuardedHttp:
    """`plugin.contract.Http` over requests, with a guard in front of every connection.

    `timeout` is (seconds to connect, seconds of silence), `max_seconds` bounds the whole request with its
    redirects, `max_bytes` the body before and after decompression. `allow_private_hosts` is for the demo
    and for tests. `ca_bundle` names a file of certificates to trust instead of the usual ones.
    Safe to share between threads: nothing is kept from one request to the next.
    """

    def __init__(self, allow_private_hosts: bool = False, timeout: tuple[float, float] = (5, 10),
                 max_bytes: int = 1_000_000, max_seconds: float = 20, ca_bundle: str | None = None,
                 resolve: Resolver | None = None, dial: Dialler | None = None) -> None:
        self.allow_private_hosts = allow_private_hosts
        self.timeout = timeout
        self.max_bytes = max_bytes
        self.max_seconds = max_seconds
        self.verify: str | bool = ca_bundle or True
        self.resolve = resolve or resolve_name
        self.dial = dial or socket.create_connection

    def request(self, method: str, url: str, *, headers: Mapping[str, str] | None = None,
                body: bytes | None = None, redirects: bool = True) -> Answer:
        """The answer, whatever its status; header names may be asked for in any case.

        `redirects=False`: a redirect is returned as the answer, and nothing is sent to where it points.
        Raises `PlatformDown` when there is no answer, or none that we accept.
        """
        ends_at = time.monotonic() + self.max_seconds
        sent = CaseInsensitiveDict({"User-Agent": f"Mostrador/{__version__}", "Accept": "*/*"})
        sent.update(headers or {})
        sent["Accept-Encoding"] = "gzip"
        hop = Hop(method.upper(), read_url(url), sent, body)
        for _ in range(MAX_REDIRECTS + 1):
            answer = self.fetch(hop, ends_at)
            target = answer.headers.get("location", "")
            if not redirects or answer.status not in (301, 302, 303, 307, 308) or not target:
                return answer
            hop = follow_redirect(hop, answer.status, target)
        raise PlatformDown("The address redirects too often.")

    def fetch(self, hop: Hop, ends_at: float) -> Answer:
        """One hop, no redirect: resolve, check, connect to what was checked, read within the caps."""
        with Watch(ends_at) as watch:
            pin = Pin(self.checked_addresses(hop.url), self.dial, watch)
            try:
                with OneHopSession() as session:
                    session.trust_env = False  # no proxy, no .netrc: both would go round the check
                    session.mount("http://", PinnedAdapter(pin))
                    session.mount("https://", PinnedAdapter(pin))
                    with session.request(
                        hop.method, urlunsplit(hop.url), headers=hop.headers, data=hop.body, stream=True,
                        allow_redirects=False, timeout=self.timeout, verify=self.verify,
                    ) as response:
                        body = self.read_body(response)
            except (requests.RequestException, HTTPError, OSError, ValueError) as error:
                # `from None`: their texts name addresses, ports and sometimes whole URLs.
                raise PlatformDown(TOO_SLOW if watch.ended else describe_failure(error)) from None
            if watch.ended:
                raise PlatformDown(TOO_SLOW)
            return Answer(status=response.status_code, headers=response.headers, body=body,
                          url=urlunsplit(hop.url))

    def read_body(self, response: requests.Response) -> bytes:
        """The body, decompressed by hand so that a bomb stops at the cap and not in memory."""
        parts: list[bytes] = []
        left = self.max_bytes
        while part := response.raw.read(min(65_536, left + 1), decode_content=False):
            left -= len(part)
            if left < 0:
                raise PlatformDown(TOO_LARGE)
            parts.append(part)
        body = b"".join(parts)
        encoding = response.headers.get("content-encoding", "").strip().lower()
        if encoding in ("", "identity") or not body:
            return body
        if encoding not in ("gzip", "x-gzip"):
            raise PlatformDown("The answer is compressed in a way we did not ask for.")
        return unzip(body, self.max_bytes)

    def checked_addresses(self, url: SplitResult) -> Sequence[tuple[str, int]]:
        """Where the host may be dialled; raises `PlatformDown` unless every address of it is public."""
        host, port = url.hostname or "", port_of(url)
        if not self.allow_private_hosts and not may_be_public_name(host):
            raise PlatformDown(UNREACHABLE)
        try:
            addresses = list(dict.fromkeys(self.resolve(host, port)))
        except (OSError, ValueError):
            raise PlatformDown(UNREACHABLE) from None
        if not addresses or not (self.allow_private_hosts or all(map(is_public, addresses))):
            raise PlatformDown(UNREACHABLE)
        return [(address, port) for address in addresses[:MAX_ADDRESSES_TRIED]]


class OneHopSession(requests.Session):
    """Looks at no redirect. The usual one, even when told not to follow, reads the whole body of a redirect and
    unzips it in memory, past every cap."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


@dataclass(frozen=True)
class Hop:
    """One request on the way to an answer."""
    method: str
    url: SplitResult
    headers: CaseInsensitiveDict[str]
    body: bytes | None


def follow_redirect(hop: Hop, status: int, target: str) -> Hop:
    """The next hop. Leaving the origin costs every header that could carry a credential, and the body."""
    url = read_url(urljoin(urlunsplit(hop.url), target))
    if hop.url.scheme == "https" and url.scheme == "http":
        raise PlatformDown("The address redirects to an unprotected one.")
    # 301 and 302 turn a POST into a GET in every browser, 303 by its definition.
    to_get = status == 303 and hop.method != "HEAD" or status in (301, 302) and hop.method == "POST"
    method, body = ("GET", None) if to_get else (hop.method, hop.body)
    headers = hop.headers.copy()
    if not is_same_origin(hop.url, url):
        if body is not None or method not in ("GET", "HEAD"):
            raise PlatformDown("The address redirects what we send to another host.")
        headers = CaseInsensitiveDict({k: v for k, v in headers.items() if k.lower() in HARMLESS_HEADERS})
    if body is None:
        headers.pop("Content-Type", None)
    return Hop(method, url, headers, body)


def describe_failure(error: Exception) -> str:
    """`UNREACHABLE`, unless the other side was reached and its certificate did not verify."""
    seen: BaseException | None = error
    for _ in range(8):
        if isinstance(seen, ssl.SSLCertVerificationError):
            return BROKEN_CERTIFICATE
        inner = [part for part in (getattr(seen, "reason", None), *getattr(seen, "args", ()))
                 if isinstance(part, BaseException)]
        seen = inner[0] if inner else None
    return UNREACHABLE


def unzip(body: bytes, max_bytes: int) -> bytes:
    """A gzip body in the clear; raises `PlatformDown` when it is larger than the cap, broken or cut off."""
    decoder = zlib.decompressobj(wbits=31)
    try:
        plain = decoder.decompress(body, max_bytes + 1)
    except zlib.error:
        raise PlatformDown("The answer could not be decompressed.") from None
    if len(plain) > max_bytes:
        raise PlatformDown(TOO_LARGE)
    if not decoder.eof:
        raise PlatformDown("The answer was cut off.")
    return plain
