"""The widget in a browser, on the real pages of the shop, beside a real counter."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Locator, Page
from wordpress_bed import BLOCK_THEME, CLASSIC_THEME, CONTENTS, WordPress
from wordpress_counter import Counter

pytestmark = pytest.mark.xdist_group("wordpress")

KINDS = [(theme, kind) for theme in (BLOCK_THEME, CLASSIC_THEME) for kind in CONTENTS]
RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}
KEPT = """(async () => ({local: {...localStorage}, session: {...sessionStorage},
  databases: (await indexedDB.databases()).length, ours: document.cookie.includes('mostrador')}))()"""


def note_requests(context: BrowserContext) -> list[str]:
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    return asked


def away_from(shop: WordPress, asked: list[str]) -> list[str]:
    """Of these requests, those to anybody but the shop."""
    return [
        url for url in asked if urlsplit(url).netloc != urlsplit(shop.url).netloc and url.startswith("http")
    ]


def enter(page: Page, shop: WordPress, address: str) -> Locator:
    """Opens a page; gives the widget's bubble."""
    page.goto(address if address.startswith("http") else shop.url + address)
    bubble = page.locator("mostrador-widget .bubble")
    bubble.wait_for(state="attached")
    page.wait_for_timeout(300)  # the bubble looks for buttons 150 ms after it was drawn
    return bubble


def open_panel(page: Page, bubble: Locator) -> Locator:
    bubble.click()
    panel = page.locator("mostrador-widget .panel")
    panel.locator(".head .quiet").wait_for()
    panel.locator(".row").first.wait_for()
    return panel


@pytest.mark.parametrize(("theme", "kind"), KINDS)
def test_on_cart_and_checkout_the_panel_opens_and_knows_the_basket(
    connected: WordPress, counter: Counter, new_context: Callable[..., BrowserContext], theme: str, kind: str
) -> None:
    connected.set_theme(theme)
    connected.set_kind(kind)
    context = new_context()
    asked = note_requests(context)
    page = context.new_page()
    page.goto(f"{connected.url}/cart/?add-to-cart={connected.made['product']}")
    for address in ("/cart/", "/checkout/"):
        bubble = enter(page, connected, address)
        element = page.locator("mostrador-widget")
        assert away_from(connected, asked) == []
        assert page.evaluate(KEPT) == {"local": {}, "session": {}, "databases": 0, "ours": False}
        assert element.get_attribute("data-basket") is None
        open_panel(page, bubble)
        page.wait_for_function("document.querySelector('mostrador-widget').dataset.basket === '62900 COP'")
        assert any(url.startswith(counter.url + "/api/widget/v1/") for url in asked)
        code = [url for url in asked if url.split("?")[0].endswith((".js", "words.json"))]
        assert away_from(connected, code) == []
        asked.clear()


def test_the_order_of_a_guest_with_the_key_is_shown_and_of_one_without_not(
    connected: WordPress, counter: Counter, new_context: Callable[..., BrowserContext]
) -> None:
    order = connected.make_order()
    counter.add_order(str(order["id"]))
    page = new_context().new_page()
    panel = open_panel(page, enter(page, connected, order["received"]))
    panel.locator("#order").click()
    panel.get_by_text("Taza Sol").first.wait_for()
    bubble = enter(page, connected, order["received"].partition("?")[0])
    panel = open_panel(page, bubble)
    assert panel.locator("#order").count() == 0


def test_before_connect_neither_the_shop_nor_the_screen_asks_anybody_else(
    shop: WordPress, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context(user="ana")
    asked = note_requests(context)
    page = context.new_page()
    order = shop.make_order()
    addresses = ("/", "/shop/", "/product/taza-sol/", f"/cart/?add-to-cart={shop.made['product']}", "/checkout/",
                 "/myaccount/", order["received"], order["edit"], "/wp-admin/admin.php?page=mostrador")  # fmt: skip
    for address in addresses:
        page.goto(address if address.startswith("http") else shop.url + address)
        page.wait_for_load_state("networkidle")
    assert away_from(shop, asked) == []
    assert [one for one in shop.requests() if one["ours"]] == []
    assert page.get_by_label("server").or_(page.locator("#mostrador-server")).first.is_visible()


def test_the_server_is_typed_and_connect_leads_to_its_prefilled_page(
    shop: WordPress, counter: Counter, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(user="maria").new_page()
    page.goto(shop.url + "/wp-admin/admin.php?page=mostrador")
    page.locator("#mostrador-server").fill(counter.url)
    with page.expect_navigation():
        page.locator("#submit").click()
    form = page.locator(f'form[action="{counter.url}/install/woocommerce"]')
    assert form.locator('input[name="shop"]').input_value() == shop.url
    with page.expect_navigation():
        form.locator("button").click()
    assert page.url.startswith(f"{counter.url}/install/woocommerce?shop=")
    assert page.locator('input[name="shop"]').input_value() == shop.url
    assert [one for one in shop.requests() if one["ours"]] == []


def test_a_page_is_switched_off_and_the_colour_chosen_on_the_screen(
    connected: WordPress, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(user="maria").new_page()
    page.goto(connected.url + "/wp-admin/admin.php?page=mostrador")
    page.locator('input[name="pages[]"][value="product"]').uncheck()
    page.locator('input[name="accent"]').fill("#aa0000")
    with page.expect_navigation():
        page.locator("#submit").click()
    assert not page.locator('input[name="pages[]"][value="product"]').is_checked()
    page.goto(connected.url + "/product/taza-sol/")
    assert page.locator("script[data-store]").count() == 0
    enter(page, connected, "/shop/")
    assert page.locator("script[data-store]").get_attribute("data-accent") == "#aa0000"


def test_the_button_opens_the_desk_by_a_proof_in_the_body(
    connected: WordPress, counter: Counter, new_context: Callable[..., BrowserContext]
) -> None:
    from plugin.contract import Merchant

    context = new_context(user="maria")
    taken: list[str] = []

    def take(route: Any) -> None:
        taken.extend([route.request.method, route.request.url, route.request.post_data or ""])
        route.fulfill(body="<!doctype html><title>desk</title>", content_type="text/html")

    context.route(f"{counter.url}/desk/**", take)
    page = context.new_page()
    page.goto(connected.url + "/wp-admin/admin.php?page=mostrador")
    with context.expect_page() as opened:
        page.locator('form[target="_blank"] button').click()
    opened.value.wait_for_url(counter.url + "/desk/enter/woocommerce")
    method, url, body = taken[:3]
    assert (method, url) == ("POST", counter.url + "/desk/enter/woocommerce")
    name, _, proof = body.partition("=")
    proven = counter.verify(proof)
    assert name == "proof" and isinstance(proven, Merchant)
    assert (proven.external_id, proven.email) == (str(connected.made["maria"]), "maria@example.com")


@pytest.mark.parametrize("locale", ["en_US", "es_CO", "pt_PT"])
@pytest.mark.parametrize("look", [{}, PHONE], ids=["desktop", "phone"])
def test_axe_finds_nothing_on_our_screens(
    connected: WordPress, new_context: Callable[..., BrowserContext], locale: str, look: dict[str, Any]
) -> None:
    connected.run_php(
        "update_user_meta( $given['id'], 'locale', $given['locale'] );",
        id=connected.made["maria"],
        locale=locale,
    )
    page = new_context(user="maria", **look).new_page()
    page.goto(connected.url + "/wp-admin/admin.php?page=mostrador")
    check(page, "#wpbody-content .wrap")
    order = connected.make_order()
    page.goto(order["edit"])
    page.locator("#mostrador-parcels summary").click()
    check(page, "#mostrador-parcels")


def check(page: Page, part: str) -> None:
    """Only the part that is ours: WordPress' own frame is not for us to mend."""
    found = Axe().run(page, context=part, options=RULES).response["violations"]
    assert [(v["id"], v["nodes"][0]["target"], v["nodes"][0]["failureSummary"]) for v in found] == []


@pytest.mark.parametrize(
    ("locale", "words"),
    [("es_CO", ("Conectado a", "Abrir", "Guardar", "Desconectar")),
     ("pt_PT", ("Conectado a", "Abrir", "Salvar", "Desconectar")),
     ("en_US", ("Connected to", "Open the desk", "Save", "Disconnect"))],
)  # fmt: skip
def test_the_merchant_reads_the_screen_in_their_language(
    connected: WordPress, new_context: Callable[..., BrowserContext], locale: str, words: tuple[str, ...]
) -> None:
    connected.set_language(locale)
    connected.run_php(
        "update_user_meta( $given['id'], 'locale', $given['locale'] );",
        id=connected.made["maria"],
        locale=locale,
    )
    page = new_context(user="maria").new_page()
    page.goto(connected.url + "/wp-admin/admin.php?page=mostrador")
    told = page.locator("#wpbody-content").inner_text() + " ".join(
        page.locator("#wpbody-content input[type=submit]").evaluate_all("list => list.map(one => one.value)")
    )
    assert [word for word in words if word not in told] == []


def test_the_widget_does_not_cover_the_pay_button_on_a_phone(
    connected: WordPress, new_context: Callable[..., BrowserContext]
) -> None:
    page = new_context(**PHONE).new_page()
    page.goto(f"{connected.url}/cart/?add-to-cart={connected.made['product']}")
    bubble = enter(page, connected, "/checkout/")
    page.locator("#place_order").scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    button, ours = page.locator("#place_order").bounding_box(), bubble.bounding_box()
    assert button and ours
    apart = (ours["x"] >= button["x"] + button["width"] or ours["x"] + ours["width"] <= button["x"]
             or ours["y"] >= button["y"] + button["height"] or ours["y"] + ours["height"] <= button["y"])  # fmt: skip
    assert apart
