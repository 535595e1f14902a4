"""Connecting a shop with pasted keys, and what can honestly be said about it afterwards.

Pasting keys is the way that works with every shop, also behind a firewall. The words below are English
message ids.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from adapters.woocommerce.api import Shop, read_index
from adapters.woocommerce.schemas import IndexBody
from adapters.woocommerce.values import clean_text, read_locale
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    Capability,
    Form,
    Http,
    InstallRejected,
    InstallReport,
    PlatformRefused,
    Setting,
    Step,
    Store,
    StoreAccess,
    Surface,
    SurfaceState,
    Urls,
    WebRequest,
)

FIELDS = (
    Setting(key="url", help="The address of your shop, for example https://shop.example.com"),
    Setting(
        key="consumer_key",
        help="The consumer key, ck_ and 40 characters. Leave empty to connect without reading.",
    ),
    Setting(key="consumer_secret", help="The consumer secret, cs_ and 40 characters.", secret=True),
)
WORDS = (
    "In WordPress, open WooCommerce > Settings > Advanced > REST API, press Add key, choose Read, and "
    "paste both values here."
)
TOPICS = ("order.created", "order.updated", "order.deleted", "order.restored")
KEY = re.compile(r"ck_[0-9a-f]{40}", re.ASCII)
SECRET = re.compile(r"cs_[0-9a-f]{40}", re.ASCII)
STEP_WORDS = (
    "Add Mostrador's script to the footer of your theme. "
    "It then stands on every page of the shop, this one included."
)


def ask_for_keys() -> Form:
    """The form that connects a shop."""
    return Form(fields=FIELDS, words=WORDS)


def connect(http: Http, callback: WebRequest) -> StoreAccess:
    """The access to the shop whose address (and keys, unless both are empty) the merchant typed.

    The shop is asked before anything is believed. Raises `InstallRejected` with what to do.
    """
    values = read_form(callback)
    base = read_address(values.get("url", ""))
    key, secret = values.get("consumer_key", "").strip(), values.get("consumer_secret", "").strip()
    if (key or secret) and not (KEY.fullmatch(key) and SECRET.fullmatch(secret)):
        raise InstallRejected(
            "These keys are not complete. A key is ck_, a secret cs_, each with 40 characters."
        )
    try:
        index = read_index(http, base)
        base = choose_home(base, index)
        return read_access(http, base, index, key, secret)
    except InstallRejected:
        raise
    except AccessRevoked as error:
        raise InstallRejected(
            f"The shop refused the keys. Make them as an administrator, with permission Read. {error}"
        ) from error
    except AdapterError as error:
        raise InstallRejected(f"The shop could not be reached as a WooCommerce shop. {error}") from error


def read_form(callback: WebRequest) -> dict[str, str]:
    """The posted fields; query parameters are not read, so that no key ever stands in an address."""
    kind = callback.headers.get("content-type", "").partition(";")[0].strip().lower()
    try:
        text = callback.body.decode("utf-8")
        if kind == "application/json":
            values = json.loads(text)
            return (
                {str(k): v for k, v in values.items() if isinstance(v, str)}
                if isinstance(values, dict)
                else {}
            )
        return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=20))
    except (ValueError, RecursionError):
        raise InstallRejected("The form could not be read. Fill it in again.") from None


def read_address(typed: str) -> str:
    """``https://host[/path]`` of what the merchant typed. Raises `InstallRejected`."""
    typed = typed.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if not host or not typed.isprintable() or " " in typed or parts.username or parts.password:
        raise InstallRejected("This is not the address of a shop. It looks like https://shop.example.com")
    if parts.scheme != "https":
        raise InstallRejected(
            "WooCommerce accepts keys only over https. Give the shop a certificate, then try again."
        )
    place = host if port in (None, 443) else f"{host}:{port}"
    path = parts.path.partition("/wp-json")[0].partition("/wp-admin")[0].rstrip("/")
    return urlunsplit(("https", place, path, "", ""))


def choose_home(base: str, index: IndexBody) -> str:
    """The address the shop itself uses when it differs only by ``www.``; any other host stays as typed.

    A redirect from one to the other would drop the keys on the way.
    """
    if "wc/v3" not in index.namespaces:
        raise InstallRejected("WooCommerce is not active on this site, or its REST API is switched off.")
    home = urlsplit(index.home)
    if home.scheme != "https" or not home.hostname:
        return base
    typed = urlsplit(base)
    same = (home.hostname.removeprefix("www."), home.port) == (
        (typed.hostname or "").removeprefix("www."),
        typed.port,
    )
    return index.home.rstrip("/") if same else base


def read_access(http: Http, base: str, index: IndexBody, key: str, secret: str) -> StoreAccess:
    parts = urlsplit(base)
    domain = f"{parts.netloc}{parts.path}"
    name = clean_text(index.name) or parts.netloc
    zone = read_zone(index.timezone_string or "")
    if not key:
        return StoreAccess(domain=domain, name=name, credentials={}, time_zone=zone)
    credentials = {"url": base, "consumer_key": key, "consumer_secret": secret}
    shop = Shop(http, Store(public_id="", platform="woocommerce", domain=domain, credentials=credentials))
    shop.check_reading()
    language, currency = read_shop_facts(shop)
    return StoreAccess(
        domain=domain, name=name, credentials=credentials, currency=currency, locale=language, time_zone=zone
    )


def read_shop_facts(shop: Shop) -> tuple[str, str]:
    """Language and currency, or '' each when the keys may read orders but not the shop's settings."""
    try:
        system = shop.read_system()
    except (AccessRevoked, PlatformRefused):
        return "", ""
    language = system.environment.language if system.environment else None
    currency = system.settings.currency if system.settings else None
    return read_locale(language), clean_text(currency).upper()


def read_zone(name: str) -> str:
    """An IANA time zone, or UTC for a shop that is set to a bare offset."""
    try:
        return ZoneInfo(name).key if name else "UTC"
    except (ValueError, OSError, KeyError):
        return "UTC"


def report(http: Http, store: Store, urls: Urls) -> InstallReport:
    """What this store can do, found by asking. Nothing is made or changed in the shop."""
    if not store.credentials.get("consumer_key"):
        return InstallReport(
            capabilities=frozenset({Capability.WEBHOOKS}),
            warnings=(
                "Connected without API keys: orders are known only from webhooks, and parcels of "
                "WooCommerce's own fulfillments stay unknown.",
                describe_webhooks(urls),
            ),
        )
    shop = Shop(http, store)
    shop.check_reading()
    found = frozenset({Capability.WEBHOOKS, Capability.READ_ORDERS, Capability.BACKFILL})
    try:
        webhooks = shop.list_webhooks()
    except (AccessRevoked, PlatformRefused):
        return InstallReport(
            capabilities=found, warnings=("The keys may not list webhooks.", describe_webhooks(urls))
        )
    active = {
        hook.topic for hook in webhooks if hook.delivery_url == urls.webhook and hook.status == "active"
    }
    missing = [topic for topic in TOPICS if topic not in active]
    warnings = (describe_webhooks(urls, missing),) if missing else ()
    return InstallReport(webhooks=len(active), capabilities=found, warnings=warnings)


def describe_webhooks(urls: Urls, topics: list[str] | tuple[str, ...] = TOPICS) -> str:
    return (
        f"Add a webhook for {', '.join(topics)} under WooCommerce > Settings > Advanced > Webhooks, with the "
        f"delivery URL {urls.webhook} and the secret shown on the store's page."
    )


def list_surfaces(store: Store) -> tuple[Surface, ...]:
    """Every page of the purchase: nothing puts the widget there by itself, so each needs the merchant."""
    address: Mapping[str, str] = store.credentials
    url = f"{address['url'].rstrip('/')}/wp-admin/themes.php" if address.get("url") else ""
    return tuple(
        Surface(step=step, state=SurfaceState.needs_step, words=STEP_WORDS, url=url) for step in Step
    )
