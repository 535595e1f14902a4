"""Addresses as merchants type them: what is meant, and whether anybody outside could reach it."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from plugin.contract import InstallRejected, Words

NO_ADDRESS = Words("This is not the address of a shop. It looks like https://shop.example.com")
PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".lan", ".intranet", ".home", ".test", ".invalid")
OF_WORDPRESS = ("/wp-json", "/wp-admin", "/wp-login.php", "/wc-auth", "/index.php")
LONGEST = 500
USUAL_PORTS = (None, 80, 443, 8080)
"""Where a shop's server posts to: WordPress refuses every other port and every private address."""


@dataclass(frozen=True)
class Typed:
    """A typed address. `place`: host and port; `path`: '' or ``/folder``; `schemes`: in the order to try them."""

    place: str
    path: str
    schemes: tuple[str, ...]


def read_address(typed: str) -> Typed:
    """What a merchant typed, cut down to where the shop may be. Raises `InstallRejected`."""
    typed = typed.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host if ":" in host else host.encode("idna").decode("ascii")
    except ValueError:  # UnicodeError, from a host no name server could know, is one too
        host, port, parts = "", None, urlsplit("")
    odd = not typed.isprintable() or " " in typed or "\\" in typed or len(typed) > LONGEST or port == 0
    if not host or odd or parts.username or parts.password or parts.scheme not in ("http", "https"):
        raise InstallRejected(NO_ADDRESS)
    name = f"[{host}]" if ":" in host else host
    place = name if port in (None, 443 if parts.scheme == "https" else 80) else f"{name}:{port}"
    return Typed(place, cut_path(parts.path), choose_schemes(typed, place != name))


def choose_schemes(typed: str, has_port: bool) -> tuple[str, ...]:
    """https always comes first, also before a typed http:// of the usual port: most shops have both."""
    if "://" not in typed or not has_port:
        return ("https",) if typed.lower().startswith("https://") else ("https", "http")
    return (typed.partition("://")[0].lower(),)


def cut_path(path: str) -> str:
    """The folder in a path, without what belongs to WordPress itself."""
    for part in OF_WORDPRESS:
        path = path.partition(part)[0]
    return path.rstrip("/")


def is_out_of_reach(ours: str, shop: str) -> bool:
    """Whether the server of the shop at `shop` would refuse to post to `ours`. Two neighbours in one private network
    are taken to reach each other.

    Source: ``wp_http_validate_url`` (https://developer.wordpress.org/reference/functions/wp_http_validate_url/,
    2026-11-21); observed: a webhook may be registered for such an address, and no delivery ever comes.
    """
    parts = urlsplit(ours)
    hidden = is_private_name(parts.hostname or "") or parts.port not in USUAL_PORTS
    return hidden and not is_private_name(urlsplit(shop).hostname or "")


def is_private_name(host: str) -> bool:
    """Whether a host is, as written, one of this machine or its network; names are not looked up."""
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(PRIVATE_SUFFIXES)
