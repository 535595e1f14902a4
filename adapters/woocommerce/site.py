"""From the address a merchant typed to the address their shop answers at, with one sentence for each way to fail.

Everything here is public and asked without keys: the index at ``/wp-json/``, and the home page when that is none.
Redirects are walked by hand, so that the last address is known and a circle is seen.

Sources: https://developer.wordpress.org/rest-api/using-the-rest-api/discovery/ (2026-11-21), and observed on
WordPress 7.1: with plain permalinks ``/wp-json/`` is the HTML home page with 200 (deeper paths redirect) while
``?rest_route=/`` is the index; a server that passes the host on without its port makes WordPress redirect every
page to itself; `home` in the index begins with http:// when a proxy ends TLS without telling PHP.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

import msgspec

from adapters.woocommerce.answers import SITE_LOCKED, conceal, find_header, read_error
from adapters.woocommerce.client import change_scheme
from adapters.woocommerce.patience import Patience
from adapters.woocommerce.schemas import decode
from adapters.woocommerce.site_words import (
    ASTRAY,
    BLOCKED,
    BUSY,
    CERTIFICATE,
    CIRCLE,
    HTML,
    NO_WOOCOMMERCE,
    NO_WORDPRESS,
    PLAIN,
    PRIVATE,
    SLOW,
    SLOW_DOWN,
    SWITCHED_OFF,
    TOO_OLD,
    UNREACHABLE,
)
from adapters.woocommerce.typed_address import is_private_name, read_address
from adapters.woocommerce.values import clean_text
from plugin.contract import (
    AdapterError,
    Answer,
    Http,
    InstallRejected,
    PayloadUnreadable,
    PlatformDown,
    Words,
)

MOST_HOPS = 6
HEADERS = {"Accept": "application/json, text/html;q=0.9"}
ONLY = "_fields=name,home,namespaces,timezone_string"
"""Without it the index lists every route of every plugin: often more than the guarded client reads."""
LINK_TAG = re.compile(r"<link\s[^<>]{1,1000}>", re.IGNORECASE)
"""Bounded, and never past the next tag: a page made to be searched for hours is searched in a moment."""
API_REL = re.compile(r"""rel=["']https://api\.w\.org/["']""", re.IGNORECASE)
HREF = re.compile(r"""href=["']([^"']{1,500})["']""", re.IGNORECASE)
LINK_HEADER = re.compile(r"""<([^<>]{1,500})>;\s*rel=["']https://api\.w\.org/["']""", re.IGNORECASE)
WORDPRESS_TRACES = re.compile(
    rb"/wp-(content|includes|json|login\.php)|api\.w\.org|content=[\"']WordPress", re.IGNORECASE
)

# What the guarded client says for certain; everything else it says is "unreachable".
KNOWN_DOWN = {"The certificate of the address is not valid.": CERTIFICATE, "The answer took too long.": SLOW}
UNREAD = "The answer is larger than we accept."


class SiteIndex(msgspec.Struct, gc=False):
    """What is read of the public index."""

    namespaces: list[str]
    name: Any = ""
    home: Any = ""
    timezone_string: Any = ""


INDEX = msgspec.json.Decoder(SiteIndex)


@dataclass(frozen=True)
class Site:
    """A shop's canonical address, without a slash at the end.

    `url`: where requests go. `home`: the address as WordPress knows it, which OAuth signs for.
    """

    url: str
    home: str
    name: str
    time_zone: str

    @property
    def hides_https(self) -> bool:
        """Whether we reach the shop over https and its PHP believes in http."""
        return self.url.startswith("https://") and self.home.startswith("http://")

    @property
    def domain(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.netloc}{parts.path}"


class NotHere(InstallRejected):
    """This address has no index; another one may."""


class Silent(NotHere):
    """Nothing answers, so nothing will under another folder of the same place either."""


def find_site(http: Http, typed: str) -> Site:
    """The shop at the address a merchant typed: over https before http, at the path as typed before the top.

    Raises `InstallRejected` with what is wrong and what to do.
    """
    address, http = read_address(typed), Patience(http)
    trouble: InstallRejected | None = None
    for scheme in address.schemes:
        for path in dict.fromkeys((address.path, "")):
            try:
                found, index = read_site_index(http, f"{scheme}://{address.place}{path}")
                return settle_site(http, found, index)
            except NotHere as error:
                # What was said of the address as typed is nearer to the merchant than what is said of its parent.
                trouble = trouble or error
                if isinstance(error, Silent):
                    break
    raise trouble or InstallRejected(Words(NO_WORDPRESS, place=address.place))


def read_site_index(http: Http, base: str) -> tuple[str, SiteIndex]:
    """(the address at which the index was found, the index). Raises `NotHere` where there is none, and
    `InstallRejected` where there is one that does not help."""
    answer = walk(http, f"{base}/wp-json/?{ONLY}")
    index = read_index(answer)
    if index is not None:
        found = urlsplit(answer.url)
        if "/wp-json" not in found.path:
            raise InstallRejected(PLAIN)
        check_namespaces(index, name_place(base))
        return cut_api(found), index
    check_refusal(answer, name_place(base))
    return look_elsewhere(http, base, answer)


def walk(http: Http, url: str) -> Answer:
    """The answer at the end of the redirects, `url` being its address. Nothing secret is sent on the way."""
    place, seen = name_place(url), {url}
    for _ in range(MOST_HOPS):
        try:
            answer = http.request("GET", url, headers=HEADERS, redirects=False)
        except PlatformDown as error:
            raise Silent(describe_silence(error, url)) from error
        target = find_header(answer.headers, "location")
        if not (300 <= answer.status < 400 and target):
            return Answer(status=answer.status, headers=answer.headers, body=answer.body, url=url)
        url = follow(url, target, place)
        if url in seen:
            break
        seen.add(url)
    raise NotHere(Words(CIRCLE, place=place))


def follow(url: str, target: str, place: str) -> str:
    try:
        parts = urlsplit(urljoin(url, target))
        host = (parts.hostname or "").rstrip(".")
        if parts.scheme in ("http", "https") and host and parts.port != 0 and "@" not in parts.netloc:
            # One spelling per address: by it a store is known again.
            name = f"[{host}]" if ":" in host else host
            usual = parts.port in (None, 443 if parts.scheme == "https" else 80)
            netloc = name if usual else f"{name}:{parts.port}"
            return urlunsplit((parts.scheme, netloc, parts.path, parts.query, ""))
    except ValueError:
        pass
    raise NotHere(Words(ASTRAY, place=place))


def describe_silence(error: PlatformDown, url: str) -> Words:
    """The sentence for no answer at all."""
    place = name_place(url)
    message = KNOWN_DOWN.get(str(error), UNREACHABLE)
    if message == UNREACHABLE and is_private_name(urlsplit(url).hostname or ""):
        message = PRIVATE
    return Words(HTML if str(error) == UNREAD else message, place=place)


def read_index(answer: Answer) -> SiteIndex | None:
    """The index in an answer, or None when it holds something else."""
    body = answer.body.removeprefix(b"\xef\xbb\xbf").strip()
    if answer.status != 200 or body[:1] != b"{":
        return None
    try:
        return decode(INDEX, body, "index of the site")
    except PayloadUnreadable:
        return None


def check_namespaces(index: SiteIndex, place: str) -> None:
    """Raises `InstallRejected` unless WooCommerce answers here, in a version we speak."""
    if "wc/v3" in index.namespaces:
        return
    old = any(space in ("wc/v1", "wc/v2") for space in index.namespaces)
    raise InstallRejected(Words(TOO_OLD if old else NO_WOOCOMMERCE, place=place))


def check_refusal(answer: Answer, place: str) -> None:
    """Raises `InstallRejected` when the answer is a refusal whose reason is known."""
    body = answer.body.lstrip(b"\xef\xbb\xbf \r\n\t")
    if body[:1] == b"{" and answer.status in (200, 401, 403, 404, 405, 410):
        code, told = read_error(body)
        if code:
            raise InstallRejected(Words(SWITCHED_OFF, place=place, told=told or code))
    if answer.status == 401:
        raise InstallRejected(SITE_LOCKED)
    if answer.status == 429:
        raise InstallRejected(Words(SLOW_DOWN, place=place))
    if answer.status in (403, 406):
        raise InstallRejected(Words(BLOCKED, place=place, status=answer.status))
    if answer.status in (408, 425) or answer.status >= 500:
        raise InstallRejected(Words(BUSY, place=place, status=answer.status))


def look_elsewhere(http: Http, base: str, answer: Answer) -> tuple[str, SiteIndex]:
    """There is a page where the index should be: plain permalinks, WordPress in a folder, or no WordPress."""
    place = name_place(base)
    if has_plain_index(http, base):
        raise InstallRejected(PLAIN)
    pages = [answer, *read_home_page(http, base)]
    for page in pages:
        root = find_api_root(page)
        if "rest_route=" in root:
            raise InstallRejected(PLAIN)
        parts = urlsplit(root)
        if "/wp-json" in parts.path and cut_api(parts) != base and parts.hostname == urlsplit(base).hostname:
            there = walk(http, f"{cut_api(parts)}/wp-json/?{ONLY}")
            index = read_index(there)
            if index is not None:
                check_namespaces(index, place)
                return cut_api(urlsplit(there.url)), index
    is_wordpress = any(WORDPRESS_TRACES.search(page.body) for page in pages)
    raise NotHere(Words(HTML if is_wordpress else NO_WORDPRESS, place=place))


def has_plain_index(http: Http, base: str) -> bool:
    """Whether the index stands where it does with plain permalinks."""
    try:
        return read_index(walk(http, f"{base}/?rest_route=/&{ONLY}")) is not None
    except InstallRejected:
        return False


def read_home_page(http: Http, base: str) -> list[Answer]:
    try:
        return [walk(http, f"{base}/")]
    except InstallRejected:
        return []


def find_api_root(page: Answer) -> str:
    """Where a page of WordPress says that its API is, or ''."""
    found = LINK_HEADER.search(find_header(page.headers, "link"))
    if found is None:
        tags = LINK_TAG.findall(page.body.decode("utf-8", "replace"))
        tag = next((one for one in tags if API_REL.search(one)), "")
        found = HREF.search(tag)
    try:
        return urljoin(page.url, str(found.group(1))) if found is not None else ""
    except ValueError:
        return ""


def settle_site(http: Http, base: str, index: SiteIndex) -> Site:
    """The site at `base`, or at its own home when that differs by www. or http only and answers just as well.

    Another host than the one that was typed is never taken from an index: it could name anybody's.
    """
    home = read_home(index.home)
    if home and home != base and is_same_shop(home, base):
        better = change_scheme(home, "https") if base.startswith("https://") else home
        if better != base and answers_as(http, better, index):
            base = better
    return Site(
        url=base, home=home or base, name=clean_text(index.name)[:200] or urlsplit(base).netloc,
        time_zone=read_zone(index.timezone_string),
    )  # fmt: skip


def is_same_shop(home: str, base: str) -> bool:
    one, other = urlsplit(home), urlsplit(base)
    names = {(each.hostname or "").removeprefix("www.") for each in (one, other)}
    return len(names) == 1 and (one.port, one.path) == (other.port, other.path)


def answers_as(http: Http, base: str, index: SiteIndex) -> bool:
    """Whether the same index stands at `base` itself, without a redirect."""
    try:
        answer = http.request("GET", f"{base}/wp-json/?{ONLY}", headers=HEADERS, redirects=False)
    except AdapterError:
        return False
    there = read_index(answer)
    return there is not None and (there.name, there.namespaces) == (index.name, index.namespaces)


def read_home(value: Any) -> str:
    """`home` of an index as an address, or ''."""
    try:
        parts = urlsplit(value) if isinstance(value, str) and value.isprintable() else urlsplit("")
        usable = parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return ""
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}".rstrip("/") if usable else ""


def cut_api(parts: SplitResult) -> str:
    """The address before ``/wp-json``."""
    return f"{parts.scheme}://{parts.netloc}{parts.path.partition('/wp-json')[0]}".rstrip("/")


def name_place(url: str) -> str:
    """An address as people write it: host and folder."""
    parts = urlsplit(url)
    return conceal(clean_text(f"{parts.netloc}{parts.path.partition('/wp-json')[0]}".rstrip("/")))[:200]


def read_zone(name: Any) -> str:
    """An IANA time zone, or UTC for a shop that is set to a bare offset."""
    try:
        return ZoneInfo(name).key if isinstance(name, str) and name else "UTC"
    except (ValueError, OSError, KeyError):
        return "UTC"
