"""What the root of a query gives: lists, single nouns, the shop itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import GraphQLError

from plugin.testing.fake_shopify.bodies import make_gid
from plugin.testing.fake_shopify.lists import connect, list_all
from plugin.testing.fake_shopify.nouns import Body, Discount, Fulfilment, Metafield, Order, Subscription
from plugin.testing.fake_shopify.reading import FULFILLMENT_ORDER, OrderReading, by_id, write_time
from plugin.testing.fake_shopify.search import Search
from plugin.testing.fake_shopify.shipping import write_profile
from plugin.testing.fake_shopify.topics import write_topic

if TYPE_CHECKING:
    from plugin.testing.fake_shopify.shop import FakeShop

SORTS: dict[str, Callable[[Order], tuple[Any, ...]]] = {
    "UPDATED_AT": lambda order: (order.updated_at, order.id),
    "CREATED_AT": lambda order: (order.created_at, order.id),
    "PROCESSED_AT": lambda order: (order.created_at, order.id),
    "ORDER_NUMBER": lambda order: (order.number, order.id),
    "ID": lambda order: (order.id,),
}
HISTORY = timedelta(days=60)
"""How far back an app sees without the scope read_all_orders."""


def read_number(gid: str, kind: str = "") -> int:
    """The number in a GID; 0 when it is of another kind. Raises GraphQLError for what is no GID."""
    prefix, _, number = gid.partition("?")[0].rpartition("/")
    if not prefix.startswith("gid://shopify/") or not number.isdigit():
        raise GraphQLError(f"Invalid global id '{gid}'", extensions={"code": "argumentLiteralsIncompatible"})
    return int(number) if kind in ("", prefix.removeprefix("gid://shopify/")) else 0


class Queries:
    """The fields of QueryRoot, by name. `warnings` gather what a search did not understand."""

    def __init__(self, shop: FakeShop) -> None:
        self.shop = shop
        self.read = OrderReading(shop)
        self.warnings: list[Body] = []

    def write_root(self) -> Body:
        return {
            "shop": lambda _info: self.shop_itself(),
            "shopLocales": lambda _info, **_given: [
                {"locale": self.shop.locale, "name": self.shop.locale, "primary": True, "published": True}
            ],
            "currentAppInstallation": lambda _info: self.installation(),
            "order": lambda _info, id: self.make_order(self.find_order(id)),
            "orderByIdentifier": lambda _info, identifier: self.make_order(self.find_order(identifier.get("id", ""))),
            "orders": self.orders,
            "ordersCount": lambda _info, query="", **_: {
                "count": len(self.find_orders(query or "")),
                "precision": "EXACT",
            },
            "node": lambda _info, id: self.node(id),
            "nodes": lambda _info, ids: [self.node(gid) for gid in ids],
            "fulfillment": lambda _info, id: self.node(id) if "/Fulfillment/" in id else None,
            "fulfillmentOrder": lambda _info, id: self.node(id) if "/FulfillmentOrder/" in id else None,
            "codeDiscountNodeByCode": lambda _info, code: self.discount(code),
            "webhookSubscriptions": self.subscriptions,
            "deliveryProfiles": list_all(write_profile, lambda one: (one.id,), lambda: self.shop.profiles),
            "deliveryProfile": lambda _info, id: self.find_profile(id),
            "locations": list_all(lambda one: one, lambda one: (one["id"],), lambda: [{"id": make_gid("Location", 1)}]),
        }

    def find_order(self, gid: str) -> Order | None:
        order = self.shop.orders.get(read_number(gid, "Order"))
        return order if order is not None and self.is_seen(order) else None

    def is_seen(self, order: Order) -> bool:
        """Orders older than 60 days are there only for who was given all of them."""
        recent = order.created_at >= self.shop.platform.now() - HISTORY
        return recent or self.shop.platform.manners.all_orders or "read_all_orders" in self.shop.granted

    def find_orders(self, query: str) -> list[Order]:
        search = Search(query)
        test = search.read()
        if search.warnings:
            self.warnings.append({"path": ["orders"], "query": query, "warnings": search.warnings})
        return [order for order in self.shop.orders.values() if test(order) and self.is_seen(order)]

    def orders(self, _info: Any, **given: Any) -> Body:
        sort = SORTS.get(given.pop("sortKey", "PROCESSED_AT"))
        if sort is None:
            raise GraphQLError("The fake cannot sort orders like that.")
        found = self.find_orders(given.pop("query", "") or "")
        return connect(found, self.read.order, sort, **given)

    def make_order(self, order: Order | None) -> Body | None:
        return self.read.order(order) if order is not None else None

    def find_profile(self, gid: str) -> Body | None:
        number = read_number(gid, "DeliveryProfile")
        return next((write_profile(one) for one in self.shop.profiles if one.id == number), None)

    def find_fulfilment(self, gid: str) -> tuple[Order, Fulfilment] | None:
        number = read_number(gid, "Fulfillment")
        for order in self.shop.orders.values():
            for one in order.fulfilments:
                if one.id == number:
                    return order, one
        return None

    def node(self, gid: str) -> Body | None:
        kind, number = gid.rpartition("/")[0].removeprefix("gid://shopify/"), read_number(gid)
        if kind == "Order":
            return self.make_order(self.find_order(gid))
        if kind == "Fulfillment" and (found := self.find_fulfilment(gid)) is not None:
            return self.read.fulfilment(found[1], found[0])
        if kind == "FulfillmentOrder" and (order := self.shop.orders.get(number - FULFILLMENT_ORDER)) is not None:
            return self.read.fulfillment_order(order)
        if kind == "Shop" and number == self.shop.id:
            return self.shop_itself()
        if kind == "DiscountCodeNode" and number in self.shop.discounts:
            return self.discount(self.shop.discounts[number].code)
        return None

    def shop_itself(self) -> Body:
        shop = self.shop
        domains = [self.domain(host) for host in dict.fromkeys((shop.primary_domain, shop.domain))]
        version = "NEW_CUSTOMER_ACCOUNTS" if shop.new_accounts else "CLASSIC"
        return {
            "__typename": "Shop",
            "id": make_gid("Shop", shop.id),
            "name": shop.name,
            "email": shop.email,
            "contactEmail": shop.email,
            "shopOwnerName": f"{shop.owner['first_name']} {shop.owner['last_name']}",
            "myshopifyDomain": shop.domain,
            "url": f"https://{shop.primary_domain}",
            "ianaTimezone": shop.zone.key,
            "timezoneAbbreviation": f"{shop.platform.now().astimezone(shop.zone):%Z}",
            "timezoneOffset": f"{shop.platform.now().astimezone(shop.zone):%z}",
            "currencyCode": shop.currency,
            "enabledPresentmentCurrencies": [shop.currency],
            "shipsToCountries": ["CO", "ES"],
            "taxesIncluded": True,
            "paymentSettings": {"supportedDigitalWallets": list(shop.wallets)},
            "features": {"marketDrivenShipping": shop.ships_by_market},
            "createdAt": write_time(shop.opened_at),
            "updatedAt": write_time(shop.updated_at),
            "plan": {
                "publicDisplayName": shop.plan_name,
                "displayName": shop.plan_name,
                "shopifyPlus": shop.is_plus,
                "partnerDevelopment": False,
            },
            "primaryDomain": domains[0],
            "domains": domains,
            "customerAccountsV2": {
                "customerAccountsVersion": version,
                "loginLinksVisibleOnStorefrontAndCheckout": True,
                "loginRequiredAtCheckout": False,
                "url": f"https://shopify.com/{shop.id}/account" if shop.new_accounts else None,
            },
            "shopPolicies": [
                {
                    "id": make_gid("ShopPolicy", number),
                    "type": kind,
                    "title": kind.replace("_", " ").capitalize(),
                    "body": text,
                    "url": f"https://checkout.shopify.com/{shop.id}/policies/{number}.html",
                }
                for number, (kind, text) in enumerate(shop.policies.items(), 1)
            ],
            "metafield": partial(self.metafield, make_gid("Shop", shop.id)),
        }

    def domain(self, host: str) -> Body:
        return {
            "id": make_gid("Domain", len(host)),
            "host": host,
            "url": f"https://{host}",
            "sslEnabled": True,
            "localization": {"defaultLocale": self.shop.locale, "alternateLocales": [], "country": None},
        }

    @property
    def installation_gid(self) -> str:
        return make_gid("AppInstallation", self.shop.id + 1)

    def installation(self) -> Body:
        owner = self.installation_gid
        return {
            "__typename": "AppInstallation",
            "id": owner,
            "accessScopes": [{"handle": scope, "description": scope} for scope in self.shop.granted],
            "launchUrl": f"https://{self.shop.domain}/admin/apps/{self.shop.platform.app.client_id}",
            "app": {"id": make_gid("App", 1), "title": "Mostrador", "handle": "mostrador"},
            "metafield": partial(self.metafield, owner),
            "metafields": lambda _info, namespace="", **given: connect(
                [one for one in self.shop.metafields if one.owner == owner and namespace in ("", one.namespace)],
                self.make_metafield,
                by_id,
                **given,
            ),
        }

    def metafield(self, owner: str, _info: Any, key: str, namespace: str = "") -> Body | None:
        return next(
            (
                self.make_metafield(one)
                for one in self.shop.metafields
                if (one.owner, one.namespace, one.key) == (owner, namespace, key)
            ),
            None,
        )

    def make_metafield(self, one: Metafield) -> Body:
        return {
            "id": make_gid("Metafield", one.id),
            "namespace": one.namespace,
            "key": one.key,
            "value": one.value,
            "type": one.type,
            "updatedAt": write_time(one.updated_at),
        }

    def discount(self, code: str) -> Body | None:
        """A code is the same in any case."""
        found = (one for one in self.shop.discounts.values() if one.code.casefold() == code.casefold())
        one = next(found, None)
        return self.make_discount(one) if one is not None else None

    def make_discount(self, one: Discount) -> Body:
        given, value = one.given, one.given.get("customerGets", {}).get("value", {})
        ends_at, now = given.get("endsAt"), self.shop.platform.now()
        amount = value.get("discountAmount") or {}
        gets: Body = {"__typename": "DiscountPercentage", "percentage": value.get("percentage")}
        if amount:
            money = {"amount": str(amount.get("amount")), "currencyCode": self.shop.currency}
            each = bool(amount.get("appliesOnEachItem"))
            gets = {"__typename": "DiscountAmount", "amount": money, "appliesOnEachItem": each}
        return {
            "__typename": "DiscountCodeNode",
            "id": make_gid("DiscountCodeNode", one.id),
            "codeDiscount": {
                "__typename": "DiscountCodeBasic",
                "title": given.get("title") or one.code,
                "status": "EXPIRED" if ends_at and ends_at <= write_time(now) else "ACTIVE",
                "createdAt": write_time(one.created_at),
                "startsAt": given.get("startsAt") or write_time(one.created_at),
                "endsAt": ends_at,
                "usageLimit": given.get("usageLimit"),
                "asyncUsageCount": 0,
                "appliesOncePerCustomer": bool(given.get("appliesOncePerCustomer")),
                "codes": list_all(
                    lambda made: {"code": made.code, "id": make_gid("DiscountRedeemCode", made.id)},
                    by_id,
                    lambda: [one],
                ),
                "codesCount": {"count": 1, "precision": "EXACT"},
                "customerGets": {"value": gets, "items": {"__typename": "AllDiscountItems", "allItems": True}},
            },
        }

    def subscriptions(self, _info: Any, topics: list[str] | None = None, **given: Any) -> Body:
        """Only what was made by API: what the TOML declares is not listed."""
        found = [one for one in self.shop.subscriptions if not topics or write_topic(one.topic) in topics]
        taken = {
            name: value for name, value in given.items() if name in ("first", "last", "after", "before", "reverse")
        }
        return connect(found, self.make_subscription, lambda one: (one.id or 0,), **taken)

    def make_subscription(self, one: Subscription) -> Body:
        return {
            "__typename": "WebhookSubscription",
            "id": make_gid("WebhookSubscription", one.id or 0),
            "topic": write_topic(one.topic),
            "uri": one.uri,
            "includeFields": list(one.include),
            "name": one.name or None,
            "filter": None,
            "format": "JSON",
            "createdAt": write_time(one.created_at),
            "updatedAt": write_time(one.created_at),
        }
