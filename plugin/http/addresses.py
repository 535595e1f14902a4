"""Which addresses may be fetched: reading a URL, telling a public address from one of our own network."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from urllib.parse import SplitResult, urlsplit

from plugin.contract import PlatformDown

# Refused although Python calls some of them global: multicast, the 6to4 relay anycast (RFC 7526), the
# address at which Azure serves its virtual machines' metadata, and IPv6 forms that wrap an IPv4 address.
REFUSED_NETWORKS = tuple(ipaddress.ip_network(text) for text in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
    "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24",
    "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4", "168.63.129.16/32",
    "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20",
))
PUBLIC_IPV6 = ipaddress.ip_network("2000::/3")
NAT64 = ipaddress.ip_network("64:ff9b::/96")
PRIVATE_SUFFIXES = (".localhost", ".local", ".internal", ".home.arpa", ".lan", ".intranet", ".corp", ".home")
ENDS_IN_NUMBER = re.compile(r"(^|\.)(\d+|0x[0-9a-f]*)$", re.IGNORECASE)
UNSAFE_IN_URL = re.compile(r"[\x00-\x20\x7f\\]")


def read_url(text: str) -> SplitResult:
    """The parts of an http or https URL, host in ASCII and lower case, no fragment; else `PlatformDown`."""
    try:
        if UNSAFE_IN_URL.search(text):
            raise ValueError
        url = urlsplit(text)
        host = (url.hostname or "").rstrip(".")
        host = host if ":" in host else host.encode("idna").decode("ascii")
        port = url.port
        if url.scheme not in ("http", "https") or not host or "%" in host or "@" in url.netloc:
            raise ValueError
    except ValueError:  # UnicodeError, from a host no name server could know, is one too
        raise PlatformDown("Only plain http and https addresses are fetched.") from None
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")
    return SplitResult(url.scheme, netloc, url.path or "/", url.query, "")


def port_of(url: SplitResult) -> int:
    return url.port if url.port is not None else (443 if url.scheme == "https" else 80)


def is_same_origin(one: SplitResult, other: SplitResult) -> bool:
    """Same host, scheme and port; the step from http to https on the usual ports counts as staying."""
    if one.hostname != other.hostname:
        return False
    upgrade = (one.scheme, port_of(one), other.scheme, port_of(other)) == ("http", 80, "https", 443)
    return upgrade or (one.scheme, port_of(one)) == (other.scheme, port_of(other))


def resolve_name(host: str, port: int) -> Sequence[str]:
    """Every address of a host, by the system's resolver."""
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def may_be_public_name(host: str) -> bool:
    """False for names of this machine or its network, and for numbers spelled oddly (0x7f.1, 2130706433)."""
    if ":" in host:
        return True
    if ENDS_IN_NUMBER.search(host):
        try:
            return bool(ipaddress.IPv4Address(host))
        except ValueError:
            return False
    return "." in host and not host.endswith(PRIVATE_SUFFIXES)


def is_public(text: str) -> bool:
    """Whether an address is one of the open internet; wrapped IPv4 is judged by what it wraps."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if address in NAT64:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        if address not in PUBLIC_IPV6:
            return False
    return address.is_global and not any(address in network for network in REFUSED_NETWORKS
                                         if network.version == address.version)
