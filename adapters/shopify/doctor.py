"""The connection doctor: every question about a shop's connection answered, and mended where we can.

Each `Finding` says what is wrong and what to do. Nothing here raises for an answer of Shopify: trouble is what it is
for. One question that has no answer is *unknown*, and the next is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from adapters.shopify.api import Shop
from adapters.shopify.bodies import InstallationBody
from adapters.shopify.client import API_VERSION
from adapters.shopify.hooks import (
    NO_PERSONAL_DATA,
    SCOPES,
    TOPICS,
    carry_out,
    lacks_personal_data,
    list_hooks,
    plan_hooks,
    read_installation,
    spread_scopes,
    write_metafields,
)
from adapters.shopify.places import EMBED, HANDLES, NOTIFICATIONS, find_admin, find_theme_editor
from adapters.shopify.surfaces import ACTIVE, CANNOT_SEE, read_extensions
from plugin.contract import AdapterError, Finding, FindingState, Step, Store, Urls, Words

GOOD, TROUBLE, MENDED, UNKNOWN = (
    FindingState.good,
    FindingState.trouble,
    FindingState.mended,
    FindingState.unknown,
)

SEE_ABOVE = Words("This could not be looked at: see what is wrong above.")
MAY_READ = Words("Shopify lets us into the shop.")
ALL_SCOPES = Words("The app has all the permissions it asks for.")
LACKS_SCOPES = Words(
    "Permissions are missing: {scopes}. Open the app in Shopify and approve them; what needs them is switched off."
)
FULL_DATA = Words("Shopify shows us what mails to shoppers need: their names and e-mail addresses.")
SAME_VERSION = Words("Shopify answers in the version of its API that we were made for ({version}).")
OTHER_VERSION = Words(
    "Shopify answers in version {version} of its API, and we were made for {ours}, which has ended. Whoever runs your "
    "Mostrador has to update it."
)
DECLARED = Words("Shopify itself keeps the app's webhooks.")
ALL_HOOKS = Words("All {count} webhooks are there.")
MADE_HOOKS = Words("Webhooks that were missing, wrong or there twice, and are right again: {count}.")
BLOCK_KNOWS = Words("The theme's block knows which store it stands in.")
BLOCK_OFF = Words(
    "The chat is not switched on in your theme. The link opens the theme editor; press Save there."
)
NOT_REPORTED = Words(
    "Which of the app's parts are switched on is told when you open the app in Shopify. Open it there once."
)
ALL_ON = Words("Parts of the app that are switched on: {parts}.")
MAILS = Words(
    "Which of Shopify's own mails are switched off, no app can see. If you chose all mails here, look that they are "
    "off there: else shoppers hear everything twice."
)


def examine(shop: Shop, store: Store, urls: Urls) -> Sequence[Finding]:
    """The findings, the most basic first. What depends on something broken is *unknown*, not trouble twice."""
    try:
        installation = read_installation(shop)
    except AdapterError as error:
        access = Finding(key="access", state=TROUBLE, words=error.words, url=find_admin(store, "apps"))
        others = ("scopes", "protected_fields", "api_version", "webhooks", "block", "extensions", "mails")
        return (access, *(Finding(key=key, state=UNKNOWN, words=SEE_ABOVE) for key in others))
    return (
        Finding(key="access", state=GOOD, words=MAY_READ),
        examine_scopes(installation, store),
        answer("protected_fields", lambda: examine_protected_fields(shop)),
        examine_version(shop),
        answer("webhooks", lambda: examine_hooks(shop, urls)),
        answer("block", lambda: examine_block(shop, installation, store, urls)),
        examine_extensions(shop, store),
        Finding(key="mails", state=UNKNOWN, words=MAILS, url=find_admin(store, NOTIFICATIONS)),
    )


def answer(key: str, question: Callable[[], Finding]) -> Finding:
    """The finding, or the trouble that kept it from being found."""
    try:
        return question()
    except AdapterError as error:
        return Finding(key=key, state=TROUBLE, words=error.words)


def examine_scopes(installation: InstallationBody, store: Store) -> Finding:
    scopes = spread_scopes(installation)
    missing = sorted(scope for scope in SCOPES if scope not in scopes)
    if missing:
        words = Words(LACKS_SCOPES, scopes=", ".join(missing))
        return Finding(key="scopes", state=TROUBLE, words=words, url=find_admin(store, "apps"))
    return Finding(key="scopes", state=GOOD, words=ALL_SCOPES)


def examine_protected_fields(shop: Shop) -> Finding:
    if lacks_personal_data(shop):
        return Finding(key="protected_fields", state=TROUBLE, words=NO_PERSONAL_DATA)
    return Finding(key="protected_fields", state=GOOD, words=FULL_DATA)


def examine_version(shop: Shop) -> Finding:
    """Whether Shopify fell forward: a version that has ended is answered with the oldest that has not."""
    told = shop.version
    if not told:
        return Finding(key="api_version", state=UNKNOWN, words=SEE_ABOVE)
    if told != API_VERSION:
        words = Words(OTHER_VERSION, version=told, ours=API_VERSION)
        return Finding(key="api_version", state=TROUBLE, words=words)
    return Finding(key="api_version", state=GOOD, words=Words(SAME_VERSION, version=told))


def examine_hooks(shop: Shop, urls: Urls) -> Finding:
    """A public app's webhooks are Shopify's affair; a custom app's are looked at, and made anew where missing."""
    if shop.identity.is_public:
        return Finding(key="webhooks", state=GOOD, words=DECLARED)
    plan = plan_hooks(list_hooks(shop), urls.webhook)
    made, refused = carry_out(shop, urls, plan)
    if refused:
        return Finding(key="webhooks", state=TROUBLE, words=refused[0])
    if made or plan.drop:
        return Finding(key="webhooks", state=MENDED, words=Words(MADE_HOOKS, count=max(made, len(plan.drop))))
    return Finding(key="webhooks", state=GOOD, words=Words(ALL_HOOKS, count=len(TOPICS)))


def examine_block(shop: Shop, installation: InstallationBody, store: Store, urls: Urls) -> Finding:
    """Whether the theme's block is told its store and our address; told anew where not."""
    is_told = write_metafields(shop, installation, store, urls)
    return Finding(key="block", state=MENDED if is_told else GOOD, words=BLOCK_KNOWS)


def examine_extensions(shop: Shop, store: Store) -> Finding:
    known = read_extensions(store)
    if not known and not shop.identity.is_public:
        return Finding(key="extensions", state=UNKNOWN, words=CANNOT_SEE)
    if not known:
        return Finding(key="extensions", state=UNKNOWN, words=NOT_REPORTED, url=find_admin(store, "apps"))
    if known.get(EMBED) != ACTIVE:
        url = find_theme_editor(store, shop.identity, Step.home)
        return Finding(key="extensions", state=TROUBLE, words=BLOCK_OFF, url=url)
    parts = ", ".join(handle for handle in HANDLES if known.get(handle) == ACTIVE)
    return Finding(key="extensions", state=GOOD, words=Words(ALL_ON, parts=parts))
