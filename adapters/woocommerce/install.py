"""Connecting a shop: by its own page that asks the merchant for leave, or with pasted keys.

The page (``/wc-auth/v1/authorize``) is the usual way; WooCommerce then posts the keys to us from the shop's server.
Pasting keys works with every shop, also behind a firewall. Whatever comes in is believed only after the shop at the
address *the merchant typed* has accepted the keys: the post is unsigned and names no shop.

Source: https://woocommerce.github.io/woocommerce-rest-api-docs/#rest-api-keys, and observed on WooCommerce 10.5.2
(2026-11-21): the callback must be https and be answered with exactly 200; it passes through text cleaning, so only
letters, digits, ``-`` and ``_`` of the state survive.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from adapters.woocommerce.access import find_way
from adapters.woocommerce.api import Shop
from adapters.woocommerce.site import Site, find_site
from adapters.woocommerce.staff import list_staff
from adapters.woocommerce.typed_address import is_out_of_reach
from adapters.woocommerce.values import clean_text, read_locale
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    Clock,
    Form,
    Http,
    InstallRejected,
    Redirect,
    Setting,
    Store,
    StoreAccess,
    SystemClock,
    Urls,
    WebRequest,
    Words,
)

__all__ = ["begin_install", "finish_install", "list_staff", "read_state"]

APP_NAME = "Mostrador"
AUTHORIZE = "authorize"
"""`kept["by"]` of an installation whose keys the shop's server posts."""
PASTE = frozenset({"1", "true", "on", "yes", "paste"})
FIELDS = (
    Setting(key="url", help=Words("The address of your shop, for example https://shop.example.com")),
    Setting(
        key="consumer_key",
        help=Words("The consumer key, ck_ and 40 characters. Leave empty to connect without reading."),
    ),
    Setting(key="consumer_secret", help=Words("The consumer secret, cs_ and 40 characters."), secret=True),
)
HOW_TO_PASTE = Words(
    "In WordPress, open WooCommerce > Settings > Advanced > REST API, press Add key, choose an administrator and "
    "Read/Write, and paste both values here."
)
NEEDS_TLS = Words(
    "Your shop can hand its keys over by itself only to a server with https, and this one has none. Paste them instead."
)
NEEDS_PUBLIC = Words(
    "Your shop cannot reach this server by itself: it stands in a private network or on an unusual port. Paste the "
    "keys instead."
)
NO_ADDRESS = Words("Type the address of your shop, for example https://shop.example.com")
DENIED = Words(
    "You pressed Deny in your shop, so nothing was connected and nothing was changed. To connect it, begin again and "
    "press Approve."
)
NO_KEYS_YET = Words(
    "Your shop has not handed over its keys. Begin again; if it happens twice, its server may not reach ours: paste "
    "the keys instead."
)
READS_ONLY = Words(
    "Your shop gave keys that may not both read and write. Begin again, and approve the access as it is asked for."
)
INCOMPLETE = Words("These keys are not complete. A key is ck_, a secret cs_, each with 40 characters.")
REFUSED = Words("The shop did not accept the keys. {reason}")
NO_ANSWER = Words("The shop did not give a usable answer. {reason}")
UNREADABLE = Words("The form could not be read. Fill it in again.")
KEY = re.compile(r"ck_[0-9a-f]{40}", re.ASCII)
SECRET = re.compile(r"cs_[0-9a-f]{40}", re.ASCII)
STATE = re.compile(r"[A-Za-z0-9_-]{1,200}", re.ASCII)


def begin_install(http: Http, request: WebRequest, urls: Urls, state: str) -> Redirect | Form:
    """Where the merchant goes: to their shop's own page when they typed its address, else to the form for keys.

    Read are `shop` and, for those who want the form, `keys=1`, of the posted form or of the address. Raises
    `InstallRejected` with what is wrong with the shop's address.
    """
    wish = {name: request.query.get(name, "") for name in ("shop", "keys")} | read_form(request)
    typed = wish.get("shop", "").strip()
    if not typed or wish.get("keys", "").strip().lower() in PASTE:
        return ask_for_keys(typed)
    site = find_site(http, typed)
    why = describe_callback(urls.install_callback, site.url)
    if why is not None:
        return ask_for_keys(site.url, why)
    asked = {
        "app_name": APP_NAME, "scope": "read_write", "user_id": state,
        "return_url": urls.install_callback, "callback_url": urls.install_callback,
    }  # fmt: skip
    keep = {
        "by": AUTHORIZE, "url": site.url, "home": site.home, "name": site.name, "time_zone": site.time_zone,
    }  # fmt: skip
    address = f"{site.url}/wc-auth/v1/authorize?{urlencode(asked, quote_via=quote, safe='')}"
    return Redirect(url=address, keep=keep, by_server=True)


def ask_for_keys(url: str = "", why: Words | None = None) -> Form:
    """The form that connects a shop with pasted keys; `why` the merchant sees it instead of their shop's page."""
    fields = (replace(FIELDS[0], default=url), *FIELDS[1:])
    return Form(fields=fields, words=HOW_TO_PASTE if why is None else Words("{why} {how}", why=why, how=HOW_TO_PASTE))


def describe_callback(callback: str, shop: str) -> Words | None:
    """Why the shop's server could not post to us, or None. Two neighbours in one private network reach each other."""
    if urlsplit(callback).scheme != "https":
        return NEEDS_TLS
    return NEEDS_PUBLIC if is_out_of_reach(callback, shop) else None


def read_state(callback: WebRequest) -> str:
    """Our state in the shop's post (JSON) or in the browser's return (query), or ''."""
    posted = callback.method == "POST" and is_json(callback)
    try:
        given = read_form(callback).get("user_id", "") if posted else callback.query.get("user_id", "")
    except InstallRejected:
        return ""
    return given if STATE.fullmatch(given) else ""


def finish_install(http: Http, callback: WebRequest, clock: Clock | None = None) -> StoreAccess:
    """The access to the shop, from its server's post or from the form with pasted keys (or with the address alone).

    The shop is asked before anything is believed. Raises `InstallRejected` with what to do.
    """
    clock = clock or SystemClock()
    if callback.kept.get("by") == AUTHORIZE:
        site, key, secret = read_post(callback)
    else:
        if callback.query.get("success") == "0":
            raise InstallRejected(DENIED)
        values = read_form(callback)
        key, secret = values.get("consumer_key", "").strip(), values.get("consumer_secret", "").strip()
        if key or secret:
            check_shape(key, secret)
        site = find_site(http, values.get("url", ""))
    if not key:
        return StoreAccess(domain=site.domain, name=site.name, credentials={}, time_zone=site.time_zone)
    try:
        return read_access(http, clock, site, key, secret)
    except AccessRevoked as error:
        raise InstallRejected(Words(REFUSED, reason=error.words)) from error
    except AdapterError as error:
        raise InstallRejected(Words(NO_ANSWER, reason=error.words)) from error


def read_post(callback: WebRequest) -> tuple[Site, str, str]:
    """The keys in the post of the shop's server, for the shop we had sent the merchant to: whatever the post itself
    says about an address is not read."""
    kept = callback.kept
    if callback.method != "POST":
        denied = callback.query.get("success") == "0"
        raise InstallRejected(DENIED if denied else NO_KEYS_YET)
    values = read_form(callback)
    key, secret = values.get("consumer_key", ""), values.get("consumer_secret", "")
    check_shape(key, secret)
    if values.get("key_permissions") != "read_write":
        raise InstallRejected(READS_ONLY)
    url = kept.get("url", "")
    if not url:
        raise InstallRejected(NO_ADDRESS)
    site = Site(
        url=url, home=kept.get("home") or url, name=kept.get("name") or urlsplit(url).netloc,
        time_zone=kept.get("time_zone") or "UTC",
    )  # fmt: skip
    return site, key, secret


def check_shape(key: str, secret: str) -> None:
    if not (KEY.fullmatch(key) and SECRET.fullmatch(secret)):
        raise InstallRejected(INCOMPLETE)


def is_json(request: WebRequest) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"


def read_form(request: WebRequest) -> dict[str, str]:
    """The posted fields; query parameters are not read, so that no key ever stands in an address."""
    try:
        text = request.body.decode("utf-8")
        if is_json(request):
            values = json.loads(text) if text else {}
            known = values if isinstance(values, dict) else {}
            return {name: value for name, value in known.items() if isinstance(value, str)}
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=20))
    except (ValueError, RecursionError):
        raise InstallRejected(UNREADABLE) from None


def read_access(http: Http, clock: Clock, site: Site, key: str, secret: str) -> StoreAccess:
    """The access, once the shop has let these keys read its orders."""
    way = find_way(http, clock, site.url, site.home, key, secret)
    credentials = {
        "url": site.url, "home": way.home, "auth": way.auth, "consumer_key": key, "consumer_secret": secret,
    }  # fmt: skip
    store = Store(public_id="", platform="woocommerce", domain=site.domain, credentials=credentials)
    language, currency = read_shop_facts(Shop(http, store, clock))
    return StoreAccess(
        domain=site.domain, name=site.name, credentials=credentials, currency=currency, locale=language,
        time_zone=site.time_zone,
    )  # fmt: skip


def read_shop_facts(shop: Shop) -> tuple[str, str]:
    """Language and currency, or '' each when the keys may read orders but not the shop's settings, or when the shop
    is too slow to tell (its system status is the heaviest thing it has)."""
    try:
        system = shop.read_system()
    except AdapterError:
        return "", ""
    language = system.environment.language if system.environment else None
    currency = system.settings.currency if system.settings else None
    return read_locale(language), clean_text(currency).upper()
