"""The chat page inside checkout: how much of the window it takes, and that everybody can use it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from checkout_frame import DESKTOP, PHONE, Checkout, answer, context_of
from guest_page import SETTLE
from playwright.sync_api import Browser, expect

from plugin.testing.factories import make_order, make_shipment
from tests.flows.widget_shop import Shop

RULES = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}


def test_closed_it_takes_a_button_s_room_and_no_more(enter: Callable[..., Checkout], tmp_path: Path) -> None:
    for look in (DESKTOP, PHONE):
        checkout = enter(look).visit()
        box = checkout.button.bounding_box()
        assert box
        width, height = checkout.size
        assert width <= 224 and height <= 72
        assert (width - box["width"], height - box["height"]) < (1, 1)
        view = look["viewport"]
        assert (box["x"] + box["width"], box["y"] + box["height"]) == (view["width"], view["height"])
        assert box["height"] >= 44 and box["width"] >= 44
        expect(checkout.button).to_have_text("Ayuda")
        checkout.show(f"closed-{view['width']}", tmp_path)


@pytest.mark.parametrize(
    ("look", "wanted"),
    [
        (DESKTOP, [415, 700]),
        (PHONE, [390, 785]),
        ({"viewport": {"width": 1000, "height": 560}}, [415, 560]),
        ({"viewport": {"width": 320, "height": 568}}, [320, 529]),
    ],
)
def test_open_it_takes_what_shopify_allows_and_fills_it(
    enter: Callable[..., Checkout], tmp_path: Path, look: dict[str, Any], wanted: list[int]
) -> None:
    checkout = enter(look).visit()
    closed = checkout.size
    panel = checkout.open()
    panel.locator(".row").first.wait_for()
    checkout.wait_for_size(wanted)
    assert checkout.measure_panel(wanted) == wanted
    assert panel.evaluate("e => e.scrollWidth <= e.clientWidth && document.body.scrollHeight <= innerHeight")
    checkout.show(f"open-{wanted[0]}x{wanted[1]}", tmp_path)
    panel.locator(".head .icon").click()
    expect(checkout.button).to_be_visible()
    checkout.wait_for_size(closed)


def test_the_sizes_of_shopify_s_own_properties_win_over_ours(enter: Callable[..., Checkout]) -> None:
    checkout = enter(
        sizes="--shopify-checkout-chat-maximized-max-inline-size: 380px;"
        "--shopify-checkout-chat-maximized-max-block-size: 600px;"
        "--shopify-checkout-chat-minimized-max-inline-size: 90px"
    ).visit()
    checkout.page.wait_for_function("sizes.at(-1)[0] === 90")
    checkout.open()
    checkout.wait_for_size([380, 600])


def test_it_opens_only_when_somebody_wants_it_and_keeps_nothing_before(
    enter: Callable[..., Checkout],
) -> None:
    checkout = enter()
    asked: list[str] = []
    checkout.page.on("request", lambda r: asked.append(r.url) if r.url.startswith(checkout.origin) else None)
    checkout.visit()
    checkout.tell(context_of("payment"))
    checkout.wait_for_sessions(2)
    expect(checkout.panel).to_have_count(0)
    names = {url.partition("?")[0].rpartition("/")[2] for url in asked}
    assert names == {"chat", "chat.js", "chat.css", "document.js", "session"}
    assert checkout.page.evaluate("document.activeElement === document.body")
    assert checkout.page.context.cookies() == []
    alone = enter().visit_alone()
    assert alone.page.evaluate("document.cookie + localStorage.length + sessionStorage.length") == "00"


@pytest.mark.parametrize("look", ["desktop", "phone", "forced colours"])
def test_axe_finds_nothing_in_any_view(browser: Browser, shop: Shop, origin: str, look: str) -> None:
    looks: dict[str, Any] = {
        "desktop": {"viewport": {"width": 415, "height": 700}},
        "phone": PHONE,
        "forced colours": {"viewport": {"width": 415, "height": 700}, "forced_colors": "active"},
    }
    context = browser.new_context(**looks[look])
    checkout = Checkout(context, shop, origin)
    shop.add_order(make_order(external_id="1042", number="1042", shipments=(make_shipment(),)))
    checkout.proof = shop.prove(order="1042")
    page = checkout.visit_alone().page

    def check(view: str) -> None:
        page.evaluate(SETTLE)
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(v["id"], v["nodes"][0]["target"], v["nodes"][0]["failureSummary"]) for v in found] == [], (
            view
        )

    check("closed")
    page.locator(".bubble").click()
    panel = page.locator(".panel")
    panel.locator(".row").first.wait_for()
    check("help")
    panel.locator("#chat").click()
    panel.locator("textarea").fill("¿Cuánto tarda el envío?")
    panel.locator("textarea").press("Enter")
    panel.locator(".bot").wait_for()
    check("chat")
    panel.locator("#order").click()
    panel.locator(".parcel").first.wait_for()
    check("order")
    panel.locator(".head .icon").click()
    answer(shop, "Hola, soy Ana.")
    expect(page.locator(".bubble b")).to_have_text("1")
    check("closed, with news")
    context.close()


def test_by_keyboard_alone_somebody_asks_reads_and_goes_back_to_paying(
    enter: Callable[..., Checkout],
) -> None:
    checkout = enter().visit()
    press = checkout.page.keyboard.press
    checkout.page.get_by_role("button", name="Pagar ahora").focus()
    press("Tab")
    expect(checkout.button).to_be_focused()
    press("Enter")
    panel = checkout.panel
    expect(panel.locator("input")).to_be_focused()
    panel.locator("#help").focus()
    press("ArrowRight")
    expect(panel.locator("#chat")).to_have_attribute("aria-selected", "true")
    for _ in range(9):
        if panel.locator("textarea").evaluate("e => e.getRootNode().activeElement === e"):
            break
        press("Tab")
    checkout.page.keyboard.type("¿Cuánto tarda el envío?")
    press("Enter")
    panel.locator(".bot").wait_for()
    press("Escape")
    expect(panel).to_be_hidden()
    expect(checkout.button).to_be_focused()
    press("Shift+Tab")
    expect(checkout.page.get_by_role("button", name="Pagar ahora")).to_be_focused()


def test_on_a_phone_no_field_takes_the_focus_unasked(enter: Callable[..., Checkout]) -> None:
    checkout = enter(PHONE).visit()
    checkout.open()
    expect(checkout.panel.locator("[aria-selected=true]")).to_be_focused()
    assert checkout.page.evaluate("history.length") <= 2, "Back belongs to the checkout"


@pytest.mark.parametrize(
    ("locale", "word"), [("pt-BR", "Ajuda"), ("en-CA", "Help"), ("es", "Ayuda"), ("fr", "Ayuda")]
)
def test_it_speaks_the_checkout_s_language_else_the_store_s(
    enter: Callable[..., Checkout], locale: str, word: str
) -> None:
    checkout = enter(locale=locale).visit()
    expect(checkout.button).to_have_text(word)
    panel = checkout.open()
    expect(panel.locator("#help")).to_have_text(word)
    checkout.tell(context_of("payment", locale="en"))
    expect(panel.locator("#help")).to_have_text("Help")
    expect(panel.locator(".sheet")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_stays_light_as_checkout_is(enter: Callable[..., Checkout], scheme: str) -> None:
    checkout = enter({**DESKTOP, "color_scheme": scheme}).visit()
    expect(checkout.open()).to_have_css("background-color", "rgb(255, 255, 255)")
