"""What a shop needs from us once it is connected, what we may do in it, and (for a merchant's own app) its webhooks.

A public app's webhooks stand in ``shopify.app.toml``: Shopify makes them for every shop and never deletes them. An app
installed by the authorization-code grant may have none there (`shopify app build` refuses it), so its webhooks are made
here, and mended: Shopify deletes one after eight failures in a row.
https://shopify.dev/docs/apps/build/webhooks/subscribe (read 2026-11-21)

The theme's block reads which store it belongs to from app-data metafields, which only we can write:
https://shopify.dev/docs/apps/build/custom-data/ownership (read 2026-11-21).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from adapters.shopify.answers import UserRefused
from adapters.shopify.api import Shop
from adapters.shopify.bodies import HookRowBody, HookRowsBody, InstallationBody, read_shape
from adapters.shopify.facts import list_hosts
from plugin.contract import (
    AdapterError,
    Capability,
    InstallReport,
    NotFound,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Store,
    Urls,
    Words,
)

NAMESPACE: Final = "mostrador"
ORDER_FIELDS = ("id", "admin_graphql_api_id", "updated_at")
PART_FIELDS = ("id", "admin_graphql_api_id", "order_id", "updated_at")
EVENT_FIELDS = (*PART_FIELDS, "fulfillment_id")
SHOP_FIELDS = ("id", "domain", "myshopify_domain", "updated_at")
TOPICS = {
    "orders/create": ORDER_FIELDS,
    "orders/updated": ORDER_FIELDS,
    "orders/cancelled": ORDER_FIELDS,
    "orders/delete": ORDER_FIELDS,
    "fulfillments/create": PART_FIELDS,
    "fulfillments/update": PART_FIELDS,
    "fulfillment_events/create": EVENT_FIELDS,
    "fulfillment_events/delete": EVENT_FIELDS,
    "refunds/create": (*PART_FIELDS, "created_at"),
    "app/uninstalled": SHOP_FIELDS,
    "shop/update": (*SHOP_FIELDS, "plan_name"),
    "app/scopes_update": ("id", "previous", "current", "shop_id", "updated_at"),
}
"""Every topic we hear, and the fields that are delivered: ``updated_at`` always, because Shopify drops a delivery that
looks like the one before it. Nothing personal is among them."""

SCOPES = frozenset(
    {
        "read_customers",
        "read_fulfillments",
        "read_shipping",
        "write_discounts",
        "write_merchant_managed_fulfillment_orders",
        "write_orders",
    }
)
"""What the app asks for, and no more; the same as in ``app/shopify.app.toml``. Writing includes reading."""

ALWAYS = frozenset({Capability.WEBHOOKS, Capability.PROOFS})
NEEDS = {
    Capability.READ_ORDERS: frozenset({"read_orders"}),
    Capability.BACKFILL: frozenset({"read_orders"}),
    Capability.STORE_FACTS: frozenset(),
    Capability.ADD_SHIPMENT: frozenset({"write_merchant_managed_fulfillment_orders", "write_orders"}),
    Capability.COUPONS: frozenset({"write_discounts"}),
    Capability.ORDER_NOTES: frozenset({"write_orders"}),
    Capability.CANCEL_ORDER: frozenset({"write_orders"}),
}
"""Which scopes a capability needs."""
CAPABILITIES = ALWAYS | frozenset(NEEDS)
MOST_HOOK_PAGES = 5

MISSING_SCOPES = Words(
    "The app has not all the permissions it needs in Shopify: {scopes} is missing. Open the app in Shopify and approve "
    "them; what needs them is switched off until then."
)
NO_PERSONAL_DATA = Words(
    "Shopify keeps shoppers' names and e-mail addresses from us, so no mail can be sent to them. Whoever runs your "
    "Mostrador has to ask Shopify for access to protected customer data."
)
OWN_MAILS = Words(
    "Shopify mails shoppers about orders and parcels by itself, and no app can switch that off. We tell them only what "
    "Shopify does not, unless you switch its mails off under Settings > Notifications and choose all mails here."
)
HOOK_REFUSED = Words("Shopify did not make the webhook {topic}. {reason}")


@dataclass(frozen=True)
class HookPlan:
    """What is to be done with the webhooks of one address."""

    keep: tuple[HookRowBody, ...]
    drop: tuple[HookRowBody, ...]
    create: tuple[str, ...]


def set_up(shop: Shop, store: Store, urls: Urls) -> InstallReport:
    """Tells the theme's block its store, finds what we may do, and makes a custom app's webhooks. A second call changes
    nothing. Raises the contract's error when the shop cannot be read at all."""
    installation = read_installation(shop)
    scopes = spread_scopes(installation)
    warnings: list[str] = []
    try:
        write_metafields(shop, installation, store, urls)
    except PlatformRefused as refusal:
        warnings.append(refusal.words)
    missing = sorted(scope for scope in SCOPES if scope not in scopes)
    if missing:
        warnings.append(Words(MISSING_SCOPES, scopes=", ".join(missing)))
    if "read_orders" in scopes and lacks_personal_data(shop):
        warnings.append(NO_PERSONAL_DATA)
    count, repaired = len(TOPICS), 0
    if not shop.identity.is_public:
        plan = plan_hooks(list_hooks(shop), urls.webhook)
        made, refused = carry_out(shop, urls, plan)
        count, repaired = len(plan.keep) + made, made if plan.keep else 0
        warnings += refused
    return InstallReport(
        webhooks=count,
        capabilities=choose_capabilities(scopes),
        warnings=tuple(warnings),
        repaired=repaired,
        origins=list_origins(shop),
    )


def list_origins(shop: Shop) -> tuple[str, ...]:
    """Where the shop's pages stand; those of a fake stand on the fake."""
    fake = (shop.identity.fake_url,) if shop.identity.fake_url else ()
    return (*(f"https://{host}" for host in list_hosts(shop)), *fake)


def read_installation(shop: Shop) -> InstallationBody:
    """What was granted to the app in this shop, and which of our metafields stand there."""
    answer = shop.run("app_installation").get("currentAppInstallation")
    return read_shape(answer, InstallationBody, "app installation")


def spread_scopes(installation: InstallationBody) -> frozenset[str]:
    """The scopes that were granted, and those they include: writing includes reading."""
    given = {row.handle for row in installation.access_scopes}
    return frozenset(
        given | {f"read_{scope.removeprefix('write_')}" for scope in given if scope.startswith("write_")}
    )


def choose_capabilities(scopes: frozenset[str]) -> frozenset[Capability]:
    return ALWAYS | frozenset(capability for capability, needed in NEEDS.items() if needed <= scopes)


def write_metafields(shop: Shop, installation: InstallationBody, store: Store, urls: Urls) -> bool:
    """Tells the theme's block which store it stands in, and where we are; nothing is written that stands already.
    Gives whether something was."""
    parts = urlsplit(urls.webhook)
    wish = {"store": store.public_id, "service": f"{parts.scheme}://{parts.netloc}"}
    known = {"store": installation.store, "service": installation.service}
    rows = [
        {
            "ownerId": installation.id,
            "namespace": NAMESPACE,
            "key": key,
            "type": "single_line_text_field",
            "value": value,
        }
        for key, value in wish.items()
        if (found := known[key]) is None or found.value != value
    ]
    if rows:
        shop.run("app_metafields_set", {"metafields": rows})
    return bool(rows)


def lacks_personal_data(shop: Shop) -> bool:
    """Whether Shopify keeps e-mail addresses from us: the newest order tells, an empty shop tells nothing."""
    return "email" in shop.run("protected_fields").withheld


def list_hooks(shop: Shop) -> list[HookRowBody]:
    """The webhooks that our app made in this shop by API; others' are never shown to us."""
    found: list[HookRowBody] = []
    after = None
    for _ in range(MOST_HOOK_PAGES):
        answer = shop.run("webhooks_list", {"after": after}).get("webhookSubscriptions")
        page = read_shape(answer, HookRowsBody, "list of webhooks")
        found += page.nodes
        after = page.page_info.end_cursor
        if not page.page_info.has_next_page or not after:
            break
    return found


def plan_hooks(rows: list[HookRowBody], address: str) -> HookPlan:
    """One webhook per topic stays, with exactly our fields; every other one that leads to us goes. Pure."""
    keep: dict[str, HookRowBody] = {}
    for row in sorted(rows, key=lambda row: row.id):
        topic = TOPIC_NAMES.get(row.topic, "")
        if topic and row.uri == address and set(row.include_fields or ()) == set(TOPICS[topic]):
            keep.setdefault(topic, row)
    kept = {row.id for row in keep.values()}
    ours = [row for row in rows if row.uri == address or urlsplit(row.uri).path.startswith("/hooks/shopify/")]
    return HookPlan(
        keep=tuple(keep.values()),
        drop=tuple(row for row in ours if row.id not in kept),
        create=tuple(topic for topic in TOPICS if topic not in keep),
    )


def name_topic(topic: str) -> str:
    """``orders/create`` as the API's enum writes it: ``ORDERS_CREATE``."""
    return topic.replace("/", "_").upper()


TOPIC_NAMES = {name_topic(topic): topic for topic in TOPICS}


def carry_out(shop: Shop, urls: Urls, plan: HookPlan) -> tuple[int, list[str]]:
    """Deletes what is to go, creates what is missing: how many were made, and what Shopify refused, in words."""
    for row in plan.drop:
        delete_hook(shop, row)
    made, refused = 0, list[str]()
    for topic in plan.create:
        subscription = {"uri": urls.webhook, "includeFields": list(TOPICS[topic])}
        try:
            shop.run("webhook_create", {"topic": name_topic(topic), "subscription": subscription})
            made += 1
        except PlatformRefused as refusal:
            refused.append(Words(HOOK_REFUSED, topic=topic, reason=refusal.words))
    return made, refused


def delete_hook(shop: Shop, row: HookRowBody) -> None:
    """Deletes one; one that somebody deleted meanwhile is gone as well."""
    try:
        shop.run("webhook_delete", {"id": row.id})
    except (UserRefused, NotFound):
        return


def mend_webhooks(shop: Shop, store: Store, urls: Urls) -> int:
    """Makes a custom app's missing webhooks anew and gives how many; of a public app Shopify keeps them itself."""
    if shop.identity.is_public:
        return 0
    made, _ = carry_out(shop, urls, plan_hooks(list_hooks(shop), urls.webhook))
    return made


def tear_down(shop: Shop, store: Store) -> None:
    """Removes what `set_up` made, as far as Shopify lets us: an access already gone is no error.

    Everything is tried. Raises `PlatformDown` or `RateLimited` when Shopify did not answer to some of it, so that it
    can be tried again.
    """
    trouble: AdapterError | None = None
    for step in (forget_metafields, remove_hooks):
        try:
            step(shop)
        except AdapterError as error:
            if isinstance(error, (PlatformDown, RateLimited)):
                trouble = trouble or error
    if trouble is not None:
        raise trouble


def forget_metafields(shop: Shop) -> None:
    """Without them the theme's block shows nothing."""
    installation = read_installation(shop)
    known = {"store": installation.store, "service": installation.service}
    rows: list[dict[str, Any]] = [
        {"ownerId": installation.id, "namespace": NAMESPACE, "key": key}
        for key, found in known.items()
        if found
    ]
    if rows:
        shop.run("app_metafields_delete", {"metafields": rows})


def remove_hooks(shop: Shop) -> None:
    if not shop.identity.is_public:
        for row in list_hooks(shop):
            delete_hook(shop, row)
