"""The shop itself: what it is called, what it sells in, how far its plan reaches, and who owns it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from adapters.shopify.bodies import DomainBody, LocalizationBody, ShopBody, read_shape
from adapters.shopify.payments import list_payment_methods
from adapters.shopify.values import clean_text, read_country, read_email, read_locale
from adapters.shopify.zones import list_zones
from plugin.contract import AccessExpired, AccessRevoked, AdapterError, Merchant, PlatformDown, RateLimited

if TYPE_CHECKING:
    from adapters.shopify.api import Shop

NEW_ACCOUNTS = "NEW_CUSTOMER_ACCOUNTS"
MOST_HOSTS = 20
MOST_COUNTRIES = 300
GRAVE = (AccessExpired, AccessRevoked, PlatformDown, RateLimited)


@dataclass(frozen=True)
class ShopFacts:
    """What ``shop`` tells. `locale` as ``es`` or ``pt_BR``, `time_zone` an IANA name, `currency` an ISO code.

    `has_new_accounts`: customer accounts of the new kind, on whose pages extensions can stand. `wallets`: words of the
    enum ``DigitalWallet``. `ships_by_market`: its shipping is set up in its markets, and not in delivery profiles.
    """

    name: str
    domain: str
    currency: str
    time_zone: str
    locale: str = ""
    languages: tuple[str, ...] = ()
    email: str = ""
    contact_email: str = ""
    owner_name: str = ""
    plan_name: str = ""
    is_plus: bool = False
    is_development: bool = False
    primary_host: str = ""
    has_new_accounts: bool = False
    asks_login: bool = False
    countries: tuple[str, ...] = ()
    currencies: tuple[str, ...] = ()
    taxes_included: bool | None = None
    wallets: tuple[str, ...] = ()
    ships_by_market: bool | None = None

    @property
    def origins(self) -> tuple[str, ...]:
        """Where the shop's pages stand: ``https://`` and a host."""
        hosts = dict.fromkeys(host for host in (self.primary_host, self.domain) if host)
        return tuple(f"https://{host}" for host in hosts)


def read_shop_facts(answer: Any) -> ShopFacts:
    """Raises `PlatformDown` when the answer is no shop."""
    body = read_shape(answer, ShopBody, "shop")
    host = body.primary_domain or DomainBody()
    words = host.localization or LocalizationBody()
    locale = read_locale(words.default_locale)
    others = [read_locale(word) for word in words.alternate_locales or ()]
    accounts = body.customer_accounts_v2
    return ShopFacts(
        name=clean_text(body.name),
        domain=clean_text(body.myshopify_domain).lower(),
        currency=clean_text(body.currency_code).upper(),
        time_zone=clean_text(body.iana_timezone) or "UTC",
        locale=locale,
        languages=tuple(dict.fromkeys(word for word in (locale, *others) if word)),
        email=read_email(body.email),
        contact_email=read_email(body.contact_email),
        owner_name=clean_text(body.shop_owner_name),
        plan_name=clean_text(body.plan.public_display_name) if body.plan else "",
        is_plus=body.plan is not None and body.plan.shopify_plus,
        is_development=body.plan is not None and body.plan.partner_development,
        primary_host=clean_text(host.host).lower(),
        has_new_accounts=accounts is not None and accounts.customer_accounts_version == NEW_ACCOUNTS,
        asks_login=accounts is not None and accounts.login_required_at_checkout is True,
        countries=tuple(filter(None, map(read_country, (body.ships_to_countries or ())[:MOST_COUNTRIES]))),
        currencies=tuple(clean_text(code).upper() for code in body.enabled_presentment_currencies or ()),
        taxes_included=body.taxes_included,
        wallets=tuple(body.payment_settings.supported_digital_wallets or ()) if body.payment_settings else (),
        ships_by_market=body.features.market_driven_shipping if body.features else None,
    )


def list_hosts(shop: Shop) -> tuple[str, ...]:
    """Every host the storefront answers at, the shop's own first."""
    facts = shop.read_facts()
    found = [facts.primary_host]
    try:
        rows = shop.run("shop_domains").find("shop", "domains")
        found += [row.host for row in read_shape(rows, list[DomainBody], "list of domains")]
    except GRAVE:
        raise
    except AdapterError:
        pass
    hosts = [clean_text(host).lower() for host in (*found, shop.store.domain)]
    return tuple(dict.fromkeys(host for host in hosts if host))[:MOST_HOSTS]


def read_facts(shop: Shop) -> Mapping[str, Any]:
    """``{"currency", "currencies": [..], "languages": [..], "countries": [..], "taxes_included": bool or None,
    "plan": str, "asks_login": bool, "https": True,
    "payment_methods": [{"id", "title" or "label": {language: title}, perhaps "typed", "by"}],
    "shipping_zones": [{"name", "places": [..], "methods": [{"title", "price": "9.00" or "", "pick_up": None}]}],
    "payment_methods_complete": False}``.

    Every page of a shop is https, as in `ShopFacts.origins`. Ways to pay are those of `payments`, never surely all,
    zones those of `zones`; either is empty when Shopify does not let us see it.
    Raises the contract's errors.
    """
    facts = shop.read_facts()
    return {
        "currency": facts.currency,
        "currencies": list(facts.currencies),
        "languages": list(facts.languages),
        "countries": list(facts.countries),
        "taxes_included": facts.taxes_included,
        "plan": facts.plan_name,
        "asks_login": facts.asks_login,
        "https": True,
        "payment_methods": list_payment_methods(shop, facts.wallets),
        "payment_methods_complete": False,
        "shipping_zones": list_zones(shop, facts.currency) if facts.ships_by_market is False else [],
    }


def list_staff(shop: Shop) -> Sequence[Merchant]:
    """The shop's owner, by the address that Shopify writes to. Without a scope for staff nobody else is told of, and a
    shop's public contact address proves nobody an owner."""
    facts = shop.read_facts()
    if not facts.email:
        return ()
    return (Merchant(external_id="owner", email=facts.email, name=facts.owner_name, is_owner=True),)
