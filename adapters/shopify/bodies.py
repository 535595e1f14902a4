"""The shapes of the Admin API's answers (2026-10), as loosely as they may come: a field that Shopify keeps from us is
null whatever its type says, so nearly everything may be. Only what the documents ask for is named.

Source: the schema of Admin API 2026-10 (https://shopify.dev/docs/api/admin-graphql/2026-10), read 2026-11-21.
"""

from __future__ import annotations

from typing import Any, TypeVar

import msgspec

from plugin.contract import PlatformDown, Words

Shape = TypeVar("Shape")
UNEXPECTED = Words("Shopify answered something we do not understand ({what}). We ask again.")


class Body(msgspec.Struct, gc=False, rename="camel"):
    """Base of all shapes: ``displayStatus`` is `display_status`."""


class IdBody(Body):
    id: str | None = None


class PageBody(Body):
    has_next_page: bool = False
    end_cursor: str | None = None


class AddressBody(Body):
    name: str | None = None
    country_code_v2: str | None = None


class TransactionBody(Body):
    kind: str | None = None
    status: str | None = None
    processed_at: str | None = None


class LineBody(Body):
    id: str
    name: str | None = None
    title: str | None = None
    variant_title: str | None = None
    sku: str | None = None
    quantity: int | None = None
    requires_shipping: bool | None = None
    discounted_total_set: dict[str, Any] | None = None


class LinesBody(Body):
    nodes: list[LineBody] = []
    page_info: PageBody = msgspec.field(default_factory=PageBody)


class RefundBody(Body):
    id: str
    created_at: str | None = None
    note: str | None = None
    total_refunded_set: dict[str, Any] | None = None


class TrackingBody(Body):
    company: str | None = None
    number: str | None = None
    url: str | None = None


class EventBody(Body):
    status: str | None = None
    happened_at: str | None = None
    message: str | None = None
    province: str | None = None
    country: str | None = None


class EventsBody(Body):
    nodes: list[EventBody | None] = []
    page_info: PageBody = msgspec.field(default_factory=PageBody)


class ParcelLineBody(Body):
    quantity: int | None = None
    line_item: IdBody | None = None


class ParcelLinesBody(Body):
    nodes: list[ParcelLineBody | None] = []
    page_info: PageBody = msgspec.field(default_factory=PageBody)


class ParcelBody(Body):
    """One ``Fulfillment``."""

    id: str
    status: str | None = None
    display_status: str | None = None
    created_at: str | None = None
    estimated_delivery_at: str | None = None
    requires_shipping: bool | None = None
    tracking_info: list[TrackingBody] | None = None
    events: EventsBody | None = None
    fulfillment_line_items: ParcelLinesBody | None = None


class CountBody(Body):
    count: int = 0


class OrderBody(Body):
    """One ``Order`` as the fragment ``OrderFields`` asks for it."""

    id: str
    name: str
    created_at: str
    updated_at: str
    display_fulfillment_status: str
    total_price_set: dict[str, Any]
    cancelled_at: str | None = None
    test: bool = False
    tags: list[str] | None = None
    email: str | None = None
    customer_locale: str | None = None
    requires_shipping: bool | None = None
    display_financial_status: str | None = None
    payment_gateway_names: list[str] | None = None
    customer: IdBody | None = None
    shipping_address: AddressBody | None = None
    billing_address: AddressBody | None = None
    transactions: list[TransactionBody] | None = None
    line_items: LinesBody = msgspec.field(default_factory=LinesBody)
    refunds: list[RefundBody] | None = None
    fulfillments_count: CountBody | None = None
    fulfillments: list[ParcelBody] | None = None


class OrderRowBody(Body):
    """An order in a list, before it is read whole."""

    id: str
    updated_at: str = ""
    name: str = ""
    number: int | None = None
    test: bool = False


class OrderRowsBody(Body):
    nodes: list[OrderRowBody] = []
    page_info: PageBody = msgspec.field(default_factory=PageBody)


class KeysBody(Body):
    id: str
    created_at: str | None = None
    confirmation_number: str | None = None
    checkout_token: str | None = None
    customer: IdBody | None = None


class ChangingBody(Body):
    """What is looked at before an order is changed."""

    id: str
    note: str | None = None
    tags: list[str] | None = None
    cancelled_at: str | None = None
    display_financial_status: str | None = None
    display_fulfillment_status: str | None = None
    fulfillments_count: CountBody | None = None


class LocalizationBody(Body):
    default_locale: str | None = None
    alternate_locales: list[str] | None = None


class DomainBody(Body):
    host: str = ""
    ssl_enabled: bool | None = None
    localization: LocalizationBody | None = None


class PlanBody(Body):
    public_display_name: str | None = None
    shopify_plus: bool = False
    partner_development: bool = False


class AccountsBody(Body):
    customer_accounts_version: str | None = None
    login_required_at_checkout: bool | None = None
    url: str | None = None


class PaymentSettingsBody(Body):
    supported_digital_wallets: list[str] | None = None


class FeaturesBody(Body):
    market_driven_shipping: bool | None = None


class ShopBody(Body):
    name: str = ""
    email: str | None = None
    contact_email: str | None = None
    shop_owner_name: str | None = None
    myshopify_domain: str = ""
    iana_timezone: str | None = None
    currency_code: str | None = None
    enabled_presentment_currencies: list[str] | None = None
    ships_to_countries: list[str] | None = None
    taxes_included: bool | None = None
    payment_settings: PaymentSettingsBody | None = None
    features: FeaturesBody | None = None
    plan: PlanBody | None = None
    primary_domain: DomainBody | None = None
    customer_accounts_v2: AccountsBody | None = msgspec.field(default=None, name="customerAccountsV2")
    domains: list[DomainBody] | None = None


class ScopeBody(Body):
    handle: str = ""


class MetafieldBody(Body):
    value: str | None = None


class InstallationBody(Body):
    id: str
    access_scopes: list[ScopeBody] = []
    store: MetafieldBody | None = None
    service: MetafieldBody | None = None


class HookRowBody(Body):
    id: str
    topic: str = ""
    uri: str = ""
    include_fields: list[str] | None = None


class HookRowsBody(Body):
    nodes: list[HookRowBody] = []
    page_info: PageBody = msgspec.field(default_factory=PageBody)


class ActionBody(Body):
    action: str | None = None


class PackingLineBody(Body):
    id: str
    remaining_quantity: int = 0
    line_item: IdBody | None = None


class PackingLinesBody(Body):
    nodes: list[PackingLineBody] = []
    page_info: PageBody = msgspec.field(default_factory=PageBody)


class PackingBody(Body):
    """One ``FulfillmentOrder``: what one place has to send."""

    id: str
    status: str = ""
    supported_actions: list[ActionBody] | None = None
    line_items: PackingLinesBody = msgspec.field(default_factory=PackingLinesBody)


class PackingsBody(Body):
    nodes: list[PackingBody] = []
    page_info: PageBody = msgspec.field(default_factory=PageBody)


class CodesBody(Body):
    nodes: list[dict[str, Any]] = []


class CouponGetsBody(Body):
    value: dict[str, Any] = {}
    items: dict[str, Any] = {}


class CouponBody(Body):
    """A ``DiscountCodeBasic``; every other kind of discount comes without these fields."""

    status: str | None = None
    usage_limit: int | None = None
    applies_once_per_customer: bool | None = None
    ends_at: str | None = None
    codes: CodesBody | None = None
    customer_gets: CouponGetsBody | None = None


class PaidOrderBody(Body):
    """An order of which only the way it was paid is asked."""

    created_at: str | None = None
    cancelled_at: str | None = None
    test: bool = False
    source_name: str | None = None
    payment_gateway_names: list[str] | None = None


class PaidOrdersBody(Body):
    nodes: list[PaidOrderBody] = []


class ProfileRowBody(Body):
    id: str
    default: bool = False
    active_method_definitions_count: int = 0


class ProfileRowsBody(Body):
    nodes: list[ProfileRowBody] = []
    page_info: PageBody = msgspec.field(default_factory=PageBody)


class CountryCodeBody(Body):
    country_code: str | None = None
    rest_of_world: bool = False


class ProvinceBody(Body):
    code: str | None = None


class CountryBody(Body):
    code: CountryCodeBody | None = None
    provinces: list[ProvinceBody] | None = None


class ZoneBody(Body):
    name: str = ""
    countries: list[CountryBody] | None = None


class RateBody(Body):
    """A ``DeliveryRateDefinition``; what a carrier reckons comes without a price."""

    price: dict[str, Any] | None = None


class MethodBody(Body):
    """A ``DeliveryMethodDefinition``."""

    name: str = ""
    active: bool = False
    method_conditions: list[IdBody] | None = None
    rate_provider: RateBody | None = None


class MethodsBody(Body):
    nodes: list[MethodBody] = []
    page_info: PageBody = msgspec.field(default_factory=PageBody)


class ServedZoneBody(Body):
    """A zone with the shipping methods of one group of places that is sent from."""

    zone: ZoneBody
    method_definitions: MethodsBody = msgspec.field(default_factory=MethodsBody)


class ServedZonesBody(Body):
    nodes: list[ServedZoneBody] = []
    page_info: PageBody = msgspec.field(default_factory=PageBody)


class PlaceGroupBody(Body):
    location_group_zones: ServedZonesBody = msgspec.field(default_factory=ServedZonesBody)


class ProfileBody(Body):
    profile_location_groups: list[PlaceGroupBody] = []


def read_shape(value: Any, shape: type[Shape], what: str) -> Shape:
    """`value` of an answer as `shape`. Raises `PlatformDown` when it is of another one: an answer like that has been
    cut or altered on its way, and is asked for again."""
    try:
        return msgspec.convert(value, shape)
    except (msgspec.ValidationError, RecursionError):
        raise PlatformDown(Words(UNEXPECTED, what=what)) from None
