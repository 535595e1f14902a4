"""What a shop's answer means: its data, or the contract's error in words that its owner understands.

Recorded on WooCommerce 10.5.2 (2026-11-21). WooCommerce's messages come in the shop's language, so nothing is
decided by them alone; its codes and statuses are:

- 401 ``woocommerce_rest_cannot_*``: it noticed no keys at all, or does not know the key (both look the same).
- 401 ``woocommerce_rest_authentication_*``: it knows the key, but the secret, the signature or the key's own
  permission is wrong.
- 403: it knows who asks, and the user who made the keys may not do that.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin, urlsplit

from adapters.woocommerce.schemas import ERROR, ErrorBody, decode
from adapters.woocommerce.values import clean_text
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    Answer,
    NotFound,
    PayloadUnreadable,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Words,
)

GONE = "_invalid_id"
"""How WooCommerce's codes for what it does not have end: ``woocommerce_rest_shop_order_invalid_id`` and its like."""
OWN = "woocommerce_"
NO_ROUTE = "rest_no_route"
AUTHENTICATION = "woocommerce_rest_authentication"
VIEWING = "woocommerce_rest_cannot_view"
MADE_FOR_ANOTHER = "mostrador_other_service"
NO_WRITING = "does not have write permissions"
MOST_DRIFT = timedelta(minutes=14)
"""OAuth lives for fifteen minutes on either side of the shop's clock."""
LONGEST_WAIT = 3600
LONGEST_MESSAGE = 2000
SECRETS = re.compile(r"\b(ck|cs)_[0-9a-zA-Z]{6,}|oauth_[a-z_]{1,40}=[^\s&,;]+")


class NoRoute(PlatformRefused):
    """The shop does not offer this part of WooCommerce's API."""


class KeyReadsOnly(PlatformRefused):
    """The key may read, and what was asked for is writing."""


class KeyRefused(AccessRevoked):
    """The shop noticed our key and did not accept what came with it."""


class KeyUnseen(AccessRevoked):
    """The shop noticed no key, or knows none like it."""


class ApiClosed(AccessRevoked):
    """Something in front of WooCommerce keeps strangers out of the REST API."""


REFUSED_KEY = Words(
    "The shop no longer accepts our API keys. Connect it again, or make new keys under WooCommerce > Settings > "
    "Advanced > REST API. The shop says: {told}"
)
UNSEEN_KEY = Words(
    "The shop does not recognise our API keys: they were revoked, or its server does not pass them on. Connect it "
    "again. The shop says: {told}"
)
NO_RIGHTS = Words(
    "The user who approved our access may no longer see orders. Make them an administrator or shop manager again, "
    "or connect the shop as one. The shop says: {told}"
)
NO_RIGHT_FOR_THIS = Words(
    "The user who approved our access may not do this in the shop. Connect it as an administrator. "
    "The shop says: {told}"
)
READS_ONLY = Words(
    "Our API key may only read. In WooCommerce > Settings > Advanced > REST API, set its permission to Read/Write, "
    "or connect the shop again."
)
CLOSED = Words(
    "A plugin of the shop has closed its REST API to everybody who is not signed in. Allow WooCommerce's part of it "
    "(wc/v3) in that plugin's settings. The shop says: {told}"
)
REDIRECTED = Words(
    "The shop sends our question on to {place}, and keys are never sent after it. Connect the shop with the address "
    "it opens at, and put the same one into WordPress under Settings > General, in both address fields."
)
PAGE = Words(
    "The shop answered {status} with a page instead of data. A maintenance page, a security plugin or a firewall may "
    "stand in front of it: let requests to /wp-json/ through."
)
SLOW_DOWN = Words(
    "The shop takes no more requests of ours for the moment. Wait a few minutes; if it stays so, ask your hosting "
    "company or the maker of your security plugin to raise the limit for /wp-json/."
)
DOWN = Words(
    "The shop answered {status}: it may be down for a moment. Try again in a few minutes; if it stays so, ask your "
    "hosting company what its error log says."
)
REFUSED = Words("The shop refused it. Try it by hand in WooCommerce, which tells more. The shop says: {told}")
OTHER_SERVICE = Words(
    "It was made for another server: delete it in WordPress, and install the mostrador.zip that whoever runs this "
    "Mostrador gives you. The shop says: {told}"
)
NOT_OFFERED = Words(
    "The shop does not offer this. Update WooCommerce, and allow wc/v3 in any plugin that closes parts of its REST "
    "API. The shop says: {told}"
)
NOT_THERE = Words("The shop does not have it: somebody may have deleted it for good. The shop says: {told}")
SITE_LOCKED = Words(
    "The whole site asks for a password before it shows anything, as test sites do. Lift that protection from "
    "addresses that begin with /wp-json/, then try again."
)
PERMALINKS = Words(
    "The shop has no API at this address. In WordPress, open Settings > Permalinks, choose anything but Plain, and "
    "save."
)
CLOCK = Words(
    "The clock of the shop's server is {minutes} minutes away from the right time, therefore it takes our signed "
    "requests for old ones. Ask your hosting company to set its clock."
)

SILENT = Words(
    "The shop cannot be reached just now. If it opens in your browser, its hosting or firewall keeps our server out: "
    "ask your hosting company to let it in."
)
SILENCES = {
    "The certificate of the address is not valid.": Words(
        "The shop's certificate is not valid any more, so nothing is sent there. Renew it at your hosting company."
    ),
    "The answer took too long.": Words(
        "The shop takes too long to answer. If it stays so, ask your hosting company what slows it down."
    ),
    "The answer is larger than we accept.": Words(
        "The shop's answer is too large to be read. A plugin may write too much into its orders."
    ),
}
"""What the guarded client says for certain, and what to do about it."""


def read_answer(answer: Answer, now: datetime | None = None) -> bytes:
    """The body of a good answer. Raises the contract's error for its status, or when it is no JSON at all."""
    body = answer.body.removeprefix(b"\xef\xbb\xbf").strip()
    is_json = body[:1] in (b"{", b"[")
    if answer.status in (200, 201) and is_json:
        return body
    if answer.status == 429:
        wait = read_retry_after(answer.headers, now)
        raise RateLimited(SLOW_DOWN, retry_after=wait)
    if answer.status in (408, 425) or answer.status >= 500:
        raise describe_outage(answer.status, body if is_json else b"")
    if 300 <= answer.status < 400:
        raise PlatformRefused(Words(REDIRECTED, place=read_place(answer)))
    if not is_json:
        raise describe_page(answer)
    raise describe_error(answer, body, now)


def describe_silence(error: PlatformDown) -> PlatformDown:
    """The same error in words for a merchant: what the guarded client says is for developers."""
    return PlatformDown(SILENCES.get(str(error), SILENT))


def describe_outage(status: int, body: bytes) -> AdapterError:
    """The error for a status of 500 and above. WooCommerce refuses some wishes with 500 or 501 (recorded: a refund
    larger than the order, a webhook deleted without force); its own codes tell those from a shop that is down."""
    code, told = read_error(body) if body else ("", "")
    if status == 501 or (status == 500 and code.startswith("woocommerce_")):
        return PlatformRefused(Words(REFUSED, told=told))
    return PlatformDown(Words(DOWN, status=status))


def describe_page(answer: Answer) -> AdapterError:
    """The error for an answer that is a web page (or nothing) where data belongs."""
    if answer.status == 401 and find_header(answer.headers, "www-authenticate").lower().startswith("basic"):
        return PlatformDown(SITE_LOCKED)
    if answer.status == 404:
        return PlatformRefused(PERMALINKS)
    return PlatformDown(Words(PAGE, status=answer.status))


def describe_error(answer: Answer, body: bytes, now: datetime | None) -> AdapterError:
    """The error for a refusal in WooCommerce's own words."""
    status = answer.status
    code, told = read_error(body)
    told = told or f"{status} {code}".strip()
    if status == 401:
        return describe_strangeness(answer, code, told, now)
    if status == 403:
        if code == VIEWING or not code.startswith("woocommerce_rest_"):
            return AccessRevoked(Words(NO_RIGHTS, told=told))
        return PlatformRefused(Words(NO_RIGHT_FOR_THIS, told=told))
    if code == MADE_FOR_ANOTHER:
        return PlatformRefused(Words(OTHER_SERVICE, told=told))
    if status == 404 and code == NO_ROUTE:
        return NoRoute(Words(NOT_OFFERED, told=told))
    if status in (404, 410) and code.startswith(OWN) and (status == 410 or code.endswith(GONE)):
        return NotFound(Words(NOT_THERE, told=told))
    if status in (404, 410) and not code:
        # Something in front of WooCommerce: an order is taken for deleted on WooCommerce's own word alone.
        return PlatformDown(Words(PAGE, status=status))
    return PlatformRefused(Words(REFUSED, told=told))


def describe_strangeness(answer: Answer, code: str, told: str, now: datetime | None) -> AdapterError:
    """The error for 401: who asks was not believed."""
    if code.startswith(AUTHENTICATION):
        if NO_WRITING in told:
            return KeyReadsOnly(READS_ONLY)
        minutes = read_drift(answer, now)
        return KeyRefused(Words(CLOCK, minutes=minutes) if minutes else Words(REFUSED_KEY, told=told))
    if code and not code.startswith("woocommerce_") and code != "rest_forbidden":
        return ApiClosed(Words(CLOSED, told=told))
    return KeyUnseen(Words(UNSEEN_KEY, told=told))


def read_error(body: bytes) -> tuple[str, str]:
    """(code, message and code for people) of an error body; no key is ever repeated from it."""
    try:
        error = decode(ERROR, body, "error")
    except PayloadUnreadable:
        error = ErrorBody(code="")
    code = conceal(clean_text(error.code)[:100])
    words = conceal(clean_text(error.message)[:LONGEST_MESSAGE])[:300]
    return code, f"{words} ({code})" if words and code else words


def conceal(text: str) -> str:
    """`text` without anything that looks like a key or a signature."""
    return SECRETS.sub("…", text)


def read_place(answer: Answer) -> str:
    """Where a redirect points, for people: scheme, host and path, without ``/wp-json`` and the query."""
    try:
        parts = urlsplit(urljoin(answer.url, find_header(answer.headers, "location")))
        place = f"{parts.scheme}://{parts.hostname or ''}{f':{parts.port}' if parts.port else ''}"
    except ValueError:
        return "?"
    path = parts.path.partition("/wp-json")[0].rstrip("/")
    return conceal(clean_text(place + path))[:200] if parts.hostname else "?"


def read_retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float:
    """Seconds to wait, of a number or an HTTP date; a minute when the shop does not say, an hour at most.

    Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after (2026-11-21)
    """
    value = find_header(headers, "retry-after").strip()
    if value.isascii() and value.isdigit() and len(value) < 9:
        return float(min(max(int(value), 1), LONGEST_WAIT))
    moment = read_http_date(value)
    if moment is None:
        return 60.0
    left = (moment - (now or datetime.now(UTC))).total_seconds()
    return float(min(max(left, 1), LONGEST_WAIT))


def read_drift(answer: Answer, now: datetime | None) -> int:
    """How many minutes the shop's clock is away from ours, when that alone spoils every signature; else 0."""
    told = read_http_date(find_header(answer.headers, "date"))
    if told is None or now is None or abs(told - now) < MOST_DRIFT:
        return 0
    return int(abs(told - now).total_seconds() // 60)


def read_http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value) if value and len(value) < 100 else None
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC) if moment else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def find_header(headers: Mapping[str, str], name: str) -> str:
    return next((value for given, value in headers.items() if given.lower() == name), "")
