"""What help articles may say of a Shopify shop: how it is really paid, where it really ships, and only what is sure."""

from __future__ import annotations

from typing import Any

import pytest
from fake_shopify_bench import TOML, open_bench
from shopify_over_fake import build, connect
from shopify_shop import (
    Arranged,
    Reply,
    answer_data,
    make_method,
    make_paid_order,
    make_shop,
    make_shop_facts,
    make_zone,
    make_zones,
)

from adapters.shopify.facts import read_facts
from plugin.contract import FindingState, PlatformDown
from plugin.help.fact_rows import read_title
from plugin.testing.fake_shopify.shipping import REST_OF_WORLD, Profile, ShippingMethod, Zone
from plugin.testing.fakes import URLS, make_answer

PROFILE = "gid://shopify/DeliveryProfile/1"
NATIONAL = make_zone("Colombia", ["CO"], [make_method("Nacional", "12000.0")])


def make_profiles(*others: dict[str, Any], more: bool = False) -> dict[str, Any]:
    default = {"id": PROFILE, "default": True, "activeMethodDefinitionsCount": 1}
    return {"deliveryProfiles": {"nodes": [*others, default], "pageInfo": {"hasNextPage": more}}}


def deny(path: str) -> Any:
    error = {"message": f"Access denied for {path} field.", "path": [path], "extensions": {"code": "ACCESS_DENIED"}}
    return answer_data(None, errors=[error])


def tell(
    orders: list[Any] | None = None, zones: Any = None, profiles: Any = None, payments: Any = None, **shop: Any
) -> dict[str, Any]:
    replies: dict[str, Reply] = {
        "shop_facts": make_shop_facts(**shop),
        "recent_payments": payments or {"orders": {"nodes": orders or []}},
        "shipping_profiles": profiles or make_profiles(),
        "shipping_zones": zones or make_zones([NATIONAL]),
    }
    return dict(read_facts(make_shop(Arranged(**replies))[0]))


def name_ways(told: dict[str, Any], language: str = "es") -> list[str]:
    return [read_title(row, language) for row in told["payment_methods"]]


def test_the_ways_that_shoppers_paid_and_the_wallets_are_told_in_each_language() -> None:
    orders = [make_paid_order("Nequi a 300 123"), make_paid_order("Cash on Delivery (COD)"),
              make_paid_order("shopify_payments"), make_paid_order("paypal", "Addi")]  # fmt: skip
    told = tell(orders)
    assert name_ways(told) == [
        "Tarjeta de crédito o débito", "PayPal", "Pago contra entrega", "Addi", "Nequi a 300 123", "Apple Pay",
        "Shop Pay"]  # fmt: skip
    assert name_ways(told, "en")[:3] == ["Credit or debit card", "PayPal", "Cash on delivery"]
    assert name_ways(told, "pt")[:3] == ["Cartão de crédito ou débito", "PayPal", "Pagamento na entrega"]
    assert [row["id"] for row in told["payment_methods"]][:4] == ["card", "paypal", "cash_on_delivery", "addi"]
    assert told["payment_methods_complete"] is False and told["https"] is True
    assert [(row.get("typed"), row.get("by")) for row in told["payment_methods"]][:4] == [
        ("form", "Shopify"), ("account", "PayPal"), (None, None), (None, None)]  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["bogus", "(For Testing) Bogus Gateway", "gift_card", "manual", "cash", "exchange-credit", "shopify_store_credit",
     "klarna_pay_later", "", "  ", "?!"],
)  # fmt: skip
def test_what_no_shopper_would_choose_to_pay_with_is_left_out(name: str) -> None:
    assert name_ways(tell([make_paid_order(name, "paypal")]))[0] == "PayPal"
    assert tell([make_paid_order(name)])["payment_methods"] == []


@pytest.mark.parametrize(
    "changes",
    [{"test": True}, {"cancelledAt": "2026-11-21T12:00:00Z"}, {"sourceName": "pos"}, {"sourceName": None},
     {"sourceName": "shopify_draft_order"}, {"createdAt": "2026-10-01T10:00:00Z"}, {"createdAt": None}],
)  # fmt: skip
def test_an_order_that_no_shopper_bought_lately_in_the_shop_tells_nothing(changes: dict[str, Any]) -> None:
    assert tell([make_paid_order("paypal", **changes)])["payment_methods"] == []


def test_one_way_under_two_names_is_told_once() -> None:
    orders = [make_paid_order("amazon_payments", "Bank Deposit"), make_paid_order("Shopify Payments", "bank deposit")]
    wallets = {"supportedDigitalWallets": ["AMAZON_PAY", "ANDROID_PAY", "GOOGLE_PAY", "PAY_BY_ROBOT"]}
    told = tell(orders, paymentSettings=wallets)
    assert name_ways(told) == ["Tarjeta de crédito o débito", "Amazon Pay", "Depósito bancario", "Google Pay"]


def test_wallets_alone_are_not_told_as_if_they_were_all() -> None:
    assert tell([])["payment_methods"] == [] and tell(payments=deny("orders"))["payment_methods"] == []


def test_a_zone_is_told_with_its_countries_and_the_prices_that_always_hold() -> None:
    rows = [make_method("Nacional", "12000.0"), make_method("Apagado", "1.0", active=False)]
    told = tell(zones=make_zones([make_zone("Colombia", ["CO"], rows), make_zone("Resto", ["*"], [])]))
    assert told["shipping_zones"] == [
        {"name": "Colombia", "places": ["CO"],
         "methods": [{"title": "Nacional", "price": "12000.00", "pick_up": None}]},
        {"name": "Resto", "places": [], "methods": []},
    ]  # fmt: skip


@pytest.mark.parametrize(
    "method",
    [make_method("A", "5.0", methodConditions=[{"id": "gid://shopify/DeliveryCondition/1"}]),
     make_method("A", "0.0", methodConditions=[{"id": "gid://shopify/DeliveryCondition/1"}]),
     make_method("A", "5.0", rateProvider={}), make_method("A", "5.0", rateProvider=None),
     make_method("A", "5.0", currency="USD"), make_method("A", "5.0", methodConditions=None),
     make_method("A", "five")],
)  # fmt: skip
def test_a_price_that_hangs_on_something_is_not_told(method: dict[str, Any]) -> None:
    (zone,) = tell(zones=make_zones([make_zone("Colombia", ["CO"], [method])]))["shipping_zones"]
    assert zone["methods"] == [{"title": "A", "price": "", "pick_up": None}]


def list_prices(told: dict[str, Any]) -> set[str]:
    return {one["price"] for zone in told["shipping_zones"] for one in zone["methods"]}


def test_no_price_is_told_where_goods_or_places_have_others() -> None:
    assert list_prices(tell()) == {"12000.00"}
    heavy = {"id": "gid://shopify/DeliveryProfile/2", "default": False, "activeMethodDefinitionsCount": 2}
    assert list_prices(tell(profiles=make_profiles(heavy))) == {""}
    assert list_prices(tell(profiles=make_profiles(heavy | {"activeMethodDefinitionsCount": 0}))) == {"12000.00"}
    assert list_prices(tell(profiles=make_profiles(more=True))) == {""}
    twice = tell(zones=make_zones([NATIONAL], [NATIONAL]))
    assert list_prices(twice) == {""} and len(twice["shipping_zones"]) == 1
    cut = make_zones([make_zone("Colombia", ["CO"], [make_method("A", "5.0")], more=True)])
    assert list_prices(tell(zones=cut)) == {""}


def test_a_country_in_two_zones_is_told_by_its_provinces() -> None:
    method = [make_method("A", "5.0")]
    rows = [make_zone("Bogotá", ["CO"], method, CO=["DC"]), make_zone("Otros", ["CO", "PE"], method, CO=["ANT", "VAC"])]
    told = tell(zones=make_zones([*rows, make_zone("España", ["ES"], method, ES=["M"])]))
    assert [zone["places"] for zone in told["shipping_zones"]] == [["CO:DC"], ["CO:ANT", "CO:VAC", "PE"], ["ES"]]


def test_a_zone_without_a_place_is_never_taken_for_the_whole_world() -> None:
    assert tell(zones=make_zones([make_zone("?", [], []), make_zone("?", ["ZZ"], [])]))["shipping_zones"] == []


@pytest.mark.parametrize("features", [None, {"marketDrivenShipping": True}, {"marketDrivenShipping": None}])
def test_profiles_that_may_be_out_of_date_are_not_asked_for(features: Any) -> None:
    arranged = Arranged(
        shop_facts=make_shop_facts(features=features), recent_payments={"orders": {"nodes": []}}
    )
    assert read_facts(make_shop(arranged)[0])["shipping_zones"] == []
    assert arranged.names == ["shop_facts", "recent_payments"]


def test_more_zones_than_one_answer_holds_are_not_told_as_all() -> None:
    assert tell(zones=make_zones([NATIONAL], more=True))["shipping_zones"] == []
    assert tell(zones={"deliveryProfile": None})["shipping_zones"] == []


def test_without_the_permission_zones_stay_empty_and_the_rest_is_told() -> None:
    for told in (tell([make_paid_order("paypal")], profiles=deny("deliveryProfiles")),
                 tell([make_paid_order("paypal")], zones=deny("deliveryProfile"))):  # fmt: skip
        assert told["shipping_zones"] == [] and name_ways(told)[0] == "PayPal" and told["countries"] == ["CO", "US"]


def test_a_platform_that_is_away_is_no_empty_list() -> None:
    for name in ("payments", "profiles", "zones"):
        with pytest.raises(PlatformDown):
            tell(**{name: make_answer(503)})


@pytest.fixture
def bench():
    with open_bench(toml=TOML) as opened:
        yield opened


def test_over_the_fake_the_shop_s_own_orders_and_zones_are_told(bench) -> None:
    adapter = build(bench)
    store = connect(bench, adapter)
    bench.shop.place_order(paid=True)
    bench.shop.place_order()
    bench.shop.place_order(gateway="Efectivo en tienda", source="pos")
    told = adapter.store_facts(store)
    assert [row["id"] for row in told["payment_methods"]] == [
        "card", "cash_on_delivery", "apple_pay", "google_pay", "shop_pay"]  # fmt: skip
    assert [(zone["places"], zone["methods"][0]["price"]) for zone in told["shipping_zones"]] == [
        (["CO"], "9900.00"), (["ES"], "89000.00")]  # fmt: skip
    rest = Zone("Mundo", {REST_OF_WORLD: ()}, [ShippingMethod("Barco", bench.shop.profiles[0].groups[0][0]
                .methods[0].price, "COP", conditions=1)])  # fmt: skip
    bench.shop.profiles[0].groups[0].append(rest)
    bench.shop.profiles.append(Profile(bench.platform.next_id(), "Pesados", []))
    assert adapter.store_facts(store)["shipping_zones"][2] == {
        "name": "Mundo", "places": [], "methods": [{"title": "Barco", "price": "", "pick_up": None}]}  # fmt: skip
    bench.shop.ships_by_market = True
    assert adapter.store_facts(store)["shipping_zones"] == []


def test_over_the_fake_a_shop_that_has_not_approved_it_keeps_working_and_is_told(bench) -> None:
    adapter = build(bench)
    store = connect(bench, adapter)
    bench.shop.place_order(paid=True)
    bench.shop.install([scope for scope in bench.shop.granted if scope != "read_shipping"])
    store = connect(bench, adapter)
    told = adapter.store_facts(store)
    assert told["shipping_zones"] == [] and told["countries"] == ["CO", "ES"] and told["payment_methods"]
    (finding,) = [one for one in adapter.examine(store, URLS) if one.key == "scopes"]
    assert finding.state is FindingState.trouble and "read_shipping" in finding.words
    assert "read_shipping" in " ".join(adapter.set_up(store, URLS).warnings)
