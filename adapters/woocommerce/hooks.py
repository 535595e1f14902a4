"""The shop's webhooks, kept right: one per topic, active, signed with our secret; and what a store can do.

Observed on 10.5.2 (2026-11-21): the same topic and address may be registered twice, and each delivers; after
the seventh failure in a row a webhook is disabled without a word, and re-enabling keeps the counter, so one
more failure disables it again; deleting needs ``force=true``. Creating one sends a ping to us while our own
request is still open. Webhooks of others are never touched.
"""

from __future__ import annotations

from dataclasses import dataclass

from adapters.woocommerce.answers import KeyReadsOnly
from adapters.woocommerce.api import Shop
from adapters.woocommerce.plugin_link import connect_plugin, forget_plugin
from adapters.woocommerce.schemas import WebhookBody
from adapters.woocommerce.typed_address import is_out_of_reach
from plugin.contract import (
    AccessRevoked,
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

TOPICS = ("order.created", "order.updated", "order.deleted", "order.restored")
ACTIVE = "active"
READING = frozenset(
    {Capability.WEBHOOKS, Capability.READ_ORDERS, Capability.BACKFILL, Capability.STORE_FACTS}
)
WRITING = frozenset(
    {Capability.ADD_SHIPMENT, Capability.COUPONS, Capability.ORDER_NOTES, Capability.CANCEL_ORDER}
)
WITH_PLUGIN = frozenset({Capability.PROOFS, Capability.MAIL_LEASE})


OUT_OF_REACH = Words(
    "The shop's server posts nothing to {address}: WordPress reaches no private network, and only the ports 80, 443 "
    "and 8080. Orders are read every few minutes instead; whoever runs your Mostrador can give it a public address."
)


@dataclass(frozen=True)
class HookPlan:
    """What is to be done with the webhooks of one address."""

    keep: tuple[WebhookBody, ...]
    drop: tuple[WebhookBody, ...]
    create: tuple[str, ...]

    @property
    def untouched(self) -> bool:
        """There is none of ours at all: nothing is broken, nothing was ever made."""
        return not self.keep and not self.drop


def plan_hooks(rows: list[WebhookBody], address: str) -> HookPlan:
    """One active webhook per topic stays, the oldest; every other one of this address goes. Pure."""
    ours = sorted((row for row in rows if row.delivery_url == address), key=lambda row: row.id)
    keep: dict[str, WebhookBody] = {}
    for row in ours:
        if row.topic in TOPICS and row.status == ACTIVE:
            keep.setdefault(row.topic, row)
    kept = {row.id for row in keep.values()}
    return HookPlan(
        keep=tuple(keep.values()),
        drop=tuple(row for row in ours if row.id not in kept),
        create=tuple(topic for topic in TOPICS if topic not in keep),
    )


def name_hook(store: Store, topic: str) -> str:
    """How ours are called in the merchant's list, and how `tear_down` finds them again."""
    return f"Mostrador {store.public_id} {topic}"


def set_up(shop: Shop, store: Store, urls: Urls) -> InstallReport:
    """Makes the webhooks, tells the plugin, and finds what this store can do. A second call changes nothing.

    Raises the contract's error when the shop cannot be read at all.
    """
    shop.check_reading()
    try:
        plan = plan_hooks(shop.list_webhooks(), urls.webhook)
    except (AccessRevoked, PlatformRefused):
        return InstallReport(capabilities=READING, warnings=(describe_hands(urls, TOPICS),))
    try:
        active = {row.id for row in plan.keep}
        for row in plan.keep:
            # Shows that the key may write, and gives one made by hand our secret. It pings nobody.
            told = {"name": name_hook(store, row.topic), "secret": store.webhook_secret}
            shop.send("PUT", f"webhooks/{row.id}", told)
        made = carry_out(shop, store, urls, plan)
    except (KeyReadsOnly, AccessRevoked, PlatformRefused) as refusal:
        kept = {row.topic for row in plan.keep}
        missing = [topic for topic in TOPICS if topic not in kept]
        warnings = (refusal.words, *([describe_hands(urls, missing)] if missing else ()))
        return InstallReport(webhooks=len(kept), capabilities=READING, warnings=warnings)
    version, warnings = link_plugin(shop, store, urls)
    warnings = (*describe_reach(shop, urls), *warnings)
    return InstallReport(
        webhooks=len(active) + made,
        capabilities=READING | WRITING | (WITH_PLUGIN if version else frozenset()),
        warnings=warnings,
        repaired=0 if plan.untouched else made,
    )


def link_plugin(shop: Shop, store: Store, urls: Urls) -> tuple[str, tuple[str, ...]]:
    """(the plugin's version, or '' when it is not there or not ours; what the merchant should know)."""
    try:
        version = connect_plugin(shop, store, urls)
    except PlatformRefused as refusal:
        return "", (
            Words("The Mostrador plugin in WordPress did not accept the connection. {reason}", reason=refusal.words),
        )
    if version:
        return version, ()
    return "", (
        Words(
            "The Mostrador plugin is not installed in WordPress yet: the chat is on no page, and mails carry no "
            "tracking link. Install it under Plugins > Add New > Upload Plugin."
        ),
    )


def describe_reach(shop: Shop, urls: Urls) -> tuple[Words, ...]:
    """What to know where no delivery can ever come: WooCommerce takes such a webhook without a word."""
    if not is_out_of_reach(urls.webhook, shop.home):
        return ()
    return (Words(OUT_OF_REACH, address=urls.webhook.partition("/hooks/")[0]),)


def mend_webhooks(shop: Shop, store: Store, urls: Urls) -> int:
    """Makes what is disabled or missing anew and gives how many; one question when all is well."""
    plan = plan_hooks(shop.list_webhooks(), urls.webhook)
    return carry_out(shop, store, urls, plan)


def carry_out(shop: Shop, store: Store, urls: Urls, plan: HookPlan) -> int:
    """Deletes what is to go, creates what is missing. Gives how many were created."""
    for row in plan.drop:
        delete_hook(shop, row)
    for topic in plan.create:
        told = {
            "name": name_hook(store, topic),
            "topic": topic,
            "delivery_url": urls.webhook,
            "secret": store.webhook_secret,
            "status": ACTIVE,
        }
        shop.send("POST", "webhooks", told)
    return len(plan.create)


def delete_hook(shop: Shop, row: WebhookBody) -> None:
    """Deletes one; one that somebody deleted meanwhile is gone as well."""
    try:
        shop.send("DELETE", f"webhooks/{row.id}", query={"force": "true"})
    except NotFound:
        return


def tear_down(shop: Shop, store: Store) -> None:
    """Removes what `set_up` made, as far as the shop lets us: an access already gone is no error.

    Everything is tried. Raises `PlatformDown` or `RateLimited` when the shop did not answer to some of it, so
    that it can be tried again.
    """
    trouble: AdapterError | None = None
    for step in (remove_hooks, lambda shop, _: forget_plugin(shop)):
        try:
            step(shop, store)
        except (PlatformDown, RateLimited) as error:
            trouble = trouble or error
        except AdapterError:
            continue
    if trouble is not None:
        raise trouble


def remove_hooks(shop: Shop, store: Store) -> None:
    names = {name_hook(store, topic) for topic in TOPICS}
    for row in shop.list_webhooks():
        if row.name in names:
            delete_hook(shop, row)


def describe_hands(urls: Urls, topics: list[str] | tuple[str, ...]) -> str:
    return Words(
        "Add a webhook for each of {topics} under WooCommerce > Settings > Advanced > Webhooks, with the delivery "
        "URL {address} and the secret shown on the store's page.",
        topics=", ".join(topics),
        address=urls.webhook,
    )


def report_without_keys(urls: Urls) -> InstallReport:
    """What can be said of a store that was connected without keys: it lives by webhooks made by hand."""
    return InstallReport(
        capabilities=frozenset({Capability.WEBHOOKS}),
        warnings=(
            Words(
                "Connected without API keys: orders are known only from webhooks, and parcels of WooCommerce's own "
                "fulfillments stay unknown."
            ),
            describe_hands(urls, TOPICS),
        ),
    )
