"""The connection doctor: every question about a shop's connection answered, and mended where we can.

Each `Finding` says what is wrong and what to do in words a shop owner understands. Nothing here raises for
an answer of the shop: trouble is what it is for. One question that has no answer is *unknown*, and the next
is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from adapters.woocommerce import site_findings
from adapters.woocommerce.answers import (
    CLOCK,
    ApiClosed,
    KeyReadsOnly,
    KeyRefused,
    KeyUnseen,
    find_header,
    read_http_date,
)
from adapters.woocommerce.api import Shop
from adapters.woocommerce.bodies import PluginStatus
from adapters.woocommerce.client import OAUTH, OAUTH_QUERY
from adapters.woocommerce.facts import list_mailers, read_site
from adapters.woocommerce.hooks import TOPICS, carry_out, describe_reach, link_plugin, plan_hooks
from adapters.woocommerce.plugin_link import ask_plugin, find_service, find_wp_admin, is_connected
from adapters.woocommerce.site import find_site
from adapters.woocommerce.site_words import CERTIFICATE, PLAIN
from plugin.contract import (
    AdapterError,
    Finding,
    FindingState,
    Http,
    Store,
    Urls,
    Words,
)

GOOD, TROUBLE, MENDED, UNKNOWN = FindingState.good, FindingState.trouble, FindingState.mended, FindingState.unknown
KEYS_SCREEN = "admin.php?page=wc-settings&tab=advanced&section=keys"
HOOKS_SCREEN = "admin.php?page=wc-settings&tab=advanced&section=webhooks"
UPLOAD_SCREEN = "plugin-install.php?tab=upload"


@dataclass
class Visit:
    """One examination: what is asked once and answers several questions."""

    http: Http
    shop: Shop | None
    store: Store
    urls: Urls
    now: datetime
    status: PluginStatus | None = None
    status_error: AdapterError | None = None
    read_error: AdapterError | None = None
    site_error: AdapterError | None = None
    mailers: list[str] = field(default_factory=list)

    def link(self, screen: str) -> str:
        return find_wp_admin(self.store, screen)


def examine(http: Http, shop: Shop | None, store: Store, urls: Urls, now: datetime) -> Sequence[Finding]:
    """The findings, the most basic first. What depends on something broken is *unknown*, not trouble twice."""
    visit = Visit(http, shop, store, urls, now)
    found = [examine_site(visit)]
    if shop is None:
        words = Words("The store is connected without API keys: nothing more can be looked at. Add keys.")
        return (*found, Finding(key="keys", state=TROUBLE, words=words, url=visit.link(KEYS_SCREEN)))
    found += [examine_tls(visit), examine_reading(visit), examine_authorization(visit)]
    if visit.read_error is None:
        ask_status(visit)
    found += [examine_hooks(visit), examine_plugin(visit)]
    around = site_findings.list_findings(visit.status, visit.store, visit.now, visit.mailers)
    return (*found, *(replace_known(visit, finding) for finding in around))


def replace_known(visit: Visit, finding: Finding) -> Finding:
    """What only the plugin could tell, where the shop's silence or its own words told it as well."""
    if finding.state is not UNKNOWN:
        return finding
    if finding.key == "permalinks" and is_about(visit.site_error, PLAIN):
        words = site_findings.PLAIN_ADDRESSES
        return Finding(key="permalinks", state=TROUBLE, words=words, url=visit.link("options-permalink.php"))
    if finding.key == "clock" and visit.read_error is not None and is_about(visit.read_error, CLOCK):
        return Finding(key="clock", state=TROUBLE, words=visit.read_error.words)
    if finding.key == "clock" and visit.site_error is None:
        return site_findings.describe_clock(read_their_time(visit), visit.now)
    return finding


def is_about(error: AdapterError | None, message: str) -> bool:
    return error is not None and isinstance(error.words, Words) and error.words.message == message


def read_their_time(visit: Visit) -> datetime | None:
    """The time in the Date header of a public answer, or None; a page cache may keep an old one, so the index
    is asked for, which none keeps."""
    address = visit.store.credentials.get("url") or f"https://{visit.store.domain}"
    try:
        answer = visit.http.request("GET", f"{address.rstrip('/')}/wp-json/", redirects=False)
    except AdapterError:
        return None
    return read_http_date(find_header(answer.headers, "date"))


def examine_site(visit: Visit) -> Finding:
    """Whether the shop's public index answers at the address we know: reachable, permalinks, a redirect."""
    address = visit.store.credentials.get("url") or f"https://{visit.store.domain}"
    try:
        site = find_site(visit.http, address)
    except AdapterError as error:
        visit.site_error = error
        return Finding(key="reachable", state=TROUBLE, words=error.words, url=address)
    if site.url != address.rstrip("/"):
        words = Words(
            "The shop has moved to {place}. Connect it again with that address.", place=site.url
        )
        return Finding(key="reachable", state=TROUBLE, words=words, url=site.url)
    return Finding(key="reachable", state=GOOD, words=Words("The shop answers at {place}.", place=site.url))


def examine_tls(visit: Visit) -> Finding:
    """Whether the way to the shop is encrypted, and whether its PHP knows."""
    given = visit.store.credentials
    if is_about(visit.site_error, CERTIFICATE):
        words = Words("The shop's certificate is not valid: see what is wrong above.")
        return Finding(key="tls", state=TROUBLE, words=words)
    if not given.get("url", "https://").startswith("https://"):
        words = Words(
            "The shop is not reached over https: what it tells can be read on the way. Ask your hosting company for a "
            "certificate, then connect the shop again with https."
        )
        return Finding(key="tls", state=TROUBLE, words=words, url=visit.link("options-general.php"))
    if given.get("auth") in (OAUTH, OAUTH_QUERY):
        words = Words(
            "The shop is reached over https, but its own server does not know that (a proxy ends the encryption and "
            "does not tell WordPress). We get along; some other plugins will not. Ask your hosting company to pass "
            "X-Forwarded-Proto on and to set HTTPS for PHP."
        )
        return Finding(key="tls", state=GOOD, words=words)
    return Finding(key="tls", state=GOOD, words=Words("The way to the shop is encrypted."))


def examine_reading(visit: Visit) -> Finding:
    """Whether our keys may read orders."""
    assert visit.shop is not None
    try:
        visit.shop.check_reading()
    except AdapterError as error:
        visit.read_error = error
        return Finding(key="keys", state=TROUBLE, words=error.words, url=visit.link(KEYS_SCREEN))
    return Finding(key="keys", state=GOOD, words=Words("Our API keys may read the shop's orders."))


def examine_authorization(visit: Visit) -> Finding:
    """Whether the header with our keys arrives. Without it WooCommerce does not even notice the keys."""
    error = visit.read_error
    if isinstance(error, (KeyUnseen, ApiClosed)):
        words = Words(
            "The shop did not notice our keys. If they still exist there, its server keeps the Authorization header "
            "back: ask your hosting company to pass it on to PHP (in Apache: CGIPassAuth On)."
        )
        return Finding(key="authorization", state=TROUBLE, words=words, url=visit.link(KEYS_SCREEN))
    if isinstance(error, KeyRefused) or error is None:
        if visit.store.credentials.get("auth") == OAUTH_QUERY:
            words = Words(
                "The shop's server keeps the Authorization header back. We get along by signing each address; ask your "
                "hosting company to pass the header on to PHP."
            )
            return Finding(key="authorization", state=GOOD, words=words)
        return Finding(key="authorization", state=GOOD, words=Words("The header with our keys arrives."))
    return Finding(
        key="authorization", state=UNKNOWN, words=Words("This could not be looked at: see what is wrong above.")
    )


def ask_status(visit: Visit) -> None:
    assert visit.shop is not None
    try:
        visit.status = ask_plugin(visit.shop)
    except AdapterError as error:
        visit.status_error = error
    try:
        visit.mailers = list_mailers(read_site(visit.shop))
    except AdapterError:
        visit.mailers = []


def examine_hooks(visit: Visit) -> Finding:
    """Whether every webhook is there and active; made anew where not."""
    assert visit.shop is not None
    if visit.read_error is not None:
        return cannot_tell("webhooks")
    screen = visit.link(HOOKS_SCREEN)
    try:
        plan = plan_hooks(visit.shop.list_webhooks(), visit.urls.webhook)
        made = carry_out(visit.shop, visit.store, visit.urls, plan)
    except KeyReadsOnly as error:
        return Finding(key="webhooks", state=TROUBLE, words=error.words, url=visit.link(KEYS_SCREEN))
    except AdapterError as error:
        words = Words(
            "The webhooks could not be put right. {reason} Until then the shop is asked every few minutes instead.",
            reason=error.words,
        )
        return Finding(key="webhooks", state=TROUBLE, words=words, url=screen)
    for words in describe_reach(visit.shop, visit.urls):
        return Finding(key="webhooks", state=TROUBLE, words=words)
    if made or plan.drop:
        words = Words(
            "Webhooks that were switched off, missing or there twice, and are right again: {count}. WooCommerce "
            "switches one off when seven deliveries in a row fail.",
            count=max(made, len(plan.drop)),
        )
        return Finding(key="webhooks", state=MENDED, words=words, url=screen)
    if visit.status is not None and visit.status.hooks_failing:
        words = Words(
            "Webhooks whose last delivery did not reach us: {count}. What was missed is fetched every few minutes; if "
            "it stays so, ask your hosting company whether the shop may reach our server.",
            count=visit.status.hooks_failing,
        )
        return Finding(key="webhooks", state=TROUBLE, words=words, url=screen)
    words = Words("All {count} webhooks are there and active.", count=len(TOPICS))
    return Finding(key="webhooks", state=GOOD, words=words, url=screen)


def examine_plugin(visit: Visit) -> Finding:
    """Whether our WordPress plugin is there and belongs to this store; connected where it is not."""
    assert visit.shop is not None
    if visit.read_error is not None:
        return cannot_tell("plugin")
    if visit.status_error is not None:
        return Finding(key="plugin", state=TROUBLE, words=visit.status_error.words, url=visit.link("plugins.php"))
    if visit.status is None:
        words = Words(
            "The Mostrador plugin is not installed in WordPress: the chat is on no page. Install it under Plugins > "
            "Add New > Upload Plugin."
        )
        return Finding(key="plugin", state=TROUBLE, words=words, url=visit.link(UPLOAD_SCREEN))
    service = (visit.status.service or "").rstrip("/").lower()
    if is_connected(visit.status, visit.store) and service == find_service(visit.urls).lower():
        words = Words("The Mostrador plugin {version} is connected.", version=visit.status.version)
        return Finding(key="plugin", state=GOOD, words=words, url=visit.link("admin.php?page=mostrador"))
    return connect_again(visit)


def connect_again(visit: Visit) -> Finding:
    assert visit.shop is not None
    screen = visit.link("admin.php?page=mostrador")
    try:
        version, warnings = link_plugin(visit.shop, visit.store, visit.urls)
        if version:
            visit.status = ask_plugin(visit.shop)
            words = Words("The Mostrador plugin was not connected to this store; it is again.")
            return Finding(key="plugin", state=MENDED, words=words, url=screen)
    except AdapterError as error:
        warnings = (error.words,)
    return Finding(key="plugin", state=TROUBLE, words=warnings[0], url=screen)


def cannot_tell(key: str) -> Finding:
    return Finding(key=key, state=UNKNOWN, words=Words("This could not be looked at: see what is wrong above."))
