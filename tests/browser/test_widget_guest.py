"""The widget as a guest on a shop's page: what it takes, what it covers, what it leaves behind."""

from __future__ import annotations

import re
from typing import Any

import pytest
from guest_page import (
    NOTHING_KEPT,
    SETTLE,
    STYLE,
    WATCH_PAGE,
    checkout,
    focused,
    list_listeners,
    open_panel,
    overlap,
    read_storage,
    say,
    visit,
    wait_until,
)
from playwright.sync_api import Browser, BrowserContext, Page, expect
from widget_stub import PROOF, Stub

STRICT = (
    "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; style-src 'nonce-abc'; connect-src {api};"
    " img-src data:; base-uri 'none'; object-src 'none'; form-action 'self';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)
PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 780}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def phone(browser: Browser) -> Any:
    context = browser.new_context(**PHONE)
    yield context.new_page()
    context.close()


def test_before_the_first_click_it_costs_one_request_no_storage_and_no_listener(
    page: Page, stub: Stub
) -> None:
    visit(page, stub, proof=PROOF)
    assert [r["path"] for r in stub.requests] == ["/pago", "/widget/loader.js"]
    assert read_storage(page) == NOTHING_KEPT
    assert list_listeners(page) == []
    open_panel(page)
    assert "document keydown" in list_listeners(page), "the count must be able to find one"


def test_opening_asks_for_three_things_more_and_keeps_nothing(page: Page, stub: Stub) -> None:
    visit(page, stub)
    open_panel(page).locator(".row").first.wait_for()
    widget = [r["path"] for r in stub.requests if r["path"] != "/pago"]
    assert len(widget) == 4, widget
    assert [re.sub("[0-9a-f]{12}", "HASH", path) for path in sorted(widget)] == [
        "/api/widget/v1/stores/st_demo/boot",
        "/widget/HASH/locales/es.json",
        "/widget/HASH/panel.js",
        "/widget/loader.js",
    ]
    assert read_storage(page) == NOTHING_KEPT


def test_closing_leaves_no_listener_and_destroy_leaves_nothing(page: Page, stub: Stub) -> None:
    visit(page, stub)
    panel = open_panel(page, "chat")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    panel.locator(".head .icon").click()
    assert list_listeners(page) == []
    stub.wait_for_streams(0)
    open_panel(page)
    page.evaluate("document.querySelector('mostrador-widget').destroy()")
    assert page.locator("mostrador-widget").count() == 0
    assert list_listeners(page) == []
    stub.wait_for_streams(0)


def add_tag(page: Page, tag: str) -> None:
    """Run the script tag once more, as shops do that replace parts of their pages."""
    page.evaluate(
        """text => { const s = document.createElement('script')
        for (const [, k, v] of text.matchAll(/([\\w-]+)="([^"]*)"/g)) s.setAttribute(k, v)
        document.head.append(s) }""",
        tag,
    )


def test_after_destroy_the_tag_may_start_anew(page: Page, stub: Stub) -> None:
    visit(page, stub)
    open_panel(page)
    page.evaluate("document.querySelector('mostrador-widget').destroy()")
    add_tag(page, stub.tag())
    open_panel(page).locator(".row").first.wait_for()
    assert page.locator("mostrador-widget").count() == 1


def test_a_second_tag_never_makes_a_second_widget_and_brings_its_step(page: Page, stub: Stub) -> None:
    visit(page, stub)
    add_tag(page, stub.tag(steps="shipping,review", z_index="7"))
    page.wait_for_function("document.querySelector('mostrador-widget').style.zIndex === '7'")
    assert page.locator("mostrador-widget").count() == 1
    open_panel(page).locator(".row").first.wait_for()
    assert [r["query"] for r in stub.asked("/boot")] == ["locale=es&steps=shipping%2Creview"]


def test_two_tags_at_once_make_one_widget(page: Page, stub: Stub) -> None:
    visit(page, stub, checkout(stub.tag() + stub.tag()))
    assert page.locator("mostrador-widget").count() == 1
    assert page.locator(".bubble").count() == 1


def test_it_comes_along_when_the_shop_replaces_the_body(page: Page, stub: Stub) -> None:
    visit(page, stub)
    open_panel(page)
    page.evaluate(
        """() => { const body = document.createElement('body'); body.append(document.body.cloneNode(true).firstChild)
        body.append(document.createElement('mostrador-widget')); document.body = body }"""
    )
    expect(page.locator("mostrador-widget")).to_have_count(1)
    page.wait_for_function("document.querySelector('mostrador-widget')?.shadowRoot?.querySelector('.bubble')")
    expect(page.locator(".panel .row").first).to_be_visible()


def test_running_the_tag_again_does_not_disturb_an_open_panel_on_a_phone(phone: Page, stub: Stub) -> None:
    visit(phone, stub)
    open_panel(phone)
    add_tag(phone, stub.tag(steps="review", z_index="7"))
    phone.wait_for_function("document.querySelector('mostrador-widget').style.zIndex === '7'")
    assert phone.locator(".panel").evaluate("e => e.matches(':modal')")


def test_an_open_panel_on_a_phone_stays_modal_when_the_body_is_replaced(phone: Page, stub: Stub) -> None:
    visit(phone, stub)
    open_panel(phone)
    phone.evaluate("document.body = document.createElement('body')")
    expect(phone.locator(".panel")).to_be_visible()
    assert phone.locator(".panel").evaluate("e => e.matches(':modal')")


def test_with_consent_required_nothing_is_drawn_until_the_shopper_agrees(page: Page, stub: Stub) -> None:
    page.goto(stub.put_page("/pago", checkout(stub.tag(consent="required"))))
    page.locator("mostrador-widget").wait_for(state="attached")
    assert page.evaluate("document.querySelector('mostrador-widget').shadowRoot.childElementCount") == 0
    page.evaluate("document.querySelector('mostrador-widget').consent()")
    expect(page.locator(".bubble")).to_be_visible()


def test_a_policy_that_trusts_no_script_and_no_html_is_never_broken(page: Page, stub: Stub) -> None:
    page.add_init_script(WATCH_PAGE)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    policy = {"Content-Security-Policy": STRICT.format(api=stub.api)}
    visit(page, stub, checkout(stub.tag(proof=PROOF, nonce="abc", accent="#ffd400"), nonce="abc"), policy)
    panel = open_panel(page)
    panel.locator(".row").first.click()
    panel.locator("article").wait_for()
    panel.locator("#chat").click()
    say(page, "¿Cuánto tarda el envío?")
    panel.locator(".bot").wait_for()
    panel.locator("#order").click()
    panel.locator(".parcel").first.wait_for()
    panel.locator(".head .icon").click()
    stub.say("agent", "¿Sigues ahí?", name="Ana")
    page.reload()
    page.locator(".news").wait_for()
    client = page.context.new_cdp_session(page)  # the page's own policy refuses evaluated strings
    found = client.send(
        "Runtime.evaluate", {"expression": "JSON.stringify(__violations)", "returnByValue": True}
    )
    assert found["result"]["value"] == "[]"
    assert said == []


def test_the_shop_s_hostile_styles_do_not_come_in(page: Page, stub: Stub) -> None:
    hostile = (
        "*{color:red!important;font-size:40px!important;display:block!important;letter-spacing:9px!important}"
    )
    hostile += "button,input{background:lime!important;padding:90px!important;min-height:300px!important}"
    visit(page, stub, checkout(stub.tag(), style=hostile))
    open_panel(page).locator(".row").first.wait_for()
    seen = page.evaluate(
        """() => [...document.querySelector('mostrador-widget').shadowRoot.querySelectorAll('*')].filter(e => {
        const s = getComputedStyle(e)
        return s.color === 'rgb(255, 0, 0)' || s.fontSize === '40px' || s.letterSpacing === '9px'
          || s.backgroundColor === 'rgb(0, 255, 0)' || s.paddingTop === '90px' }).map(e => e.outerHTML.slice(0, 80))"""
    )
    assert seen == []
    box = page.locator(".panel").bounding_box()
    assert box is not None and box["width"] == 392


def test_it_puts_no_style_on_the_shop(page: Page, stub: Stub) -> None:
    read = (
        "() => [...document.querySelectorAll('main, main *')].map(e => JSON.stringify(getComputedStyle(e)))"
    )
    page.goto(stub.put_page("/pago", checkout("")))
    bare = page.evaluate(read)
    visit(page, stub)
    open_panel(page)
    page.locator("#nombre").focus()
    page.evaluate("document.activeElement.blur()")
    assert page.evaluate(read) == bare


def test_nothing_on_the_page_moves_while_it_loads_opens_and_closes(page: Page, stub: Stub) -> None:
    page.add_init_script(WATCH_PAGE)
    visit(page, stub)
    panel = open_panel(page, "chat")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    page.keyboard.press("Escape")
    page.wait_for_timeout(200)
    assert page.evaluate("__shift") == 0


STICKY = "form button{position:fixed;bottom:0;left:0;right:0;height:72px;margin:0!important}"
TALL = "<div style='height:1500px'></div>"
LAYOUTS = {
    "the button at the end of the form": {},
    "a bar that sticks to the bottom": {"style": STYLE + STICKY},
    "a button to scroll past": {"before": "<div style='height:400px'></div>", "after": TALL},
    "a list of products to buy": {
        "after": "".join(f"<form><p>{n}</p><button>Comprar</button></form>" for n in range(12))
    },
}


BUBBLE_ABOVE = """line => document.querySelector('mostrador-widget').shadowRoot.querySelector('.bubble')
  .getBoundingClientRect().bottom <= line"""
TWO_FRAMES = """() => new Promise(done =>
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20))))"""


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("width", [320, 360, 390, 430])
def test_the_bubble_never_covers_a_pay_button(browser: Browser, stub: Stub, width: int, layout: str) -> None:
    context = browser.new_context(viewport={"width": width, "height": 640})
    page = context.new_page()
    visit(page, stub, checkout(stub.tag(), **LAYOUTS[layout]))
    bottom = page.evaluate("document.documentElement.scrollHeight - innerHeight")
    covered, shown = {}, 0
    for top in range(0, max(bottom, 1), 37):
        page.evaluate(f"scrollTo(0, {top})")
        page.evaluate(TWO_FRAMES)
        wait_until(page, lambda: not overlap(page), seconds=2)
        shown += page.locator(".bubble").is_visible()
        if overlap(page):
            covered[top] = overlap(page)
    assert covered == {}
    assert shown, "the bubble was never to be seen"
    context.close()


def test_the_bubble_makes_way_for_a_button_that_comes_later(phone: Page, stub: Stub) -> None:
    visit(phone, stub, checkout(stub.tag(), style=STYLE + "form{display:none}"))
    before = phone.locator(".bubble").bounding_box()
    phone.evaluate(
        """() => { const b = document.createElement('button'); b.type = 'submit'; b.textContent = 'Pagar'
        b.style.cssText = 'position:fixed;bottom:0;left:0;width:100%;height:60px'; document.body.append(b) }"""
    )
    phone.wait_for_function(BUBBLE_ABOVE, arg=780 - 60 - 8)
    after = phone.locator(".bubble").bounding_box()
    assert before and after and after["y"] + after["height"] <= 780 - 60 - 8 < before["y"] + before["height"]
    phone.evaluate("document.querySelector('body > button').remove()")
    wait_until(phone, lambda: phone.locator(".bubble").bounding_box() == before)
    assert phone.locator(".bubble").bounding_box() == before


def test_corner_offset_layer_and_hidden_obey_the_shop(page: Page, stub: Stub) -> None:
    visit(page, stub, corner="start", offset_bottom="90", offset_side="30", z_index="7")
    box = page.locator(".bubble").bounding_box()
    size = page.viewport_size
    assert box and size and (box["x"], round(size["height"] - box["y"] - box["height"])) == (30, 90)
    assert page.evaluate("getComputedStyle(document.querySelector('mostrador-widget')).zIndex") == "7"
    page.evaluate("document.querySelector('mostrador-widget').hidden = true")
    expect(page.locator(".bubble")).to_be_hidden()
    page.evaluate("document.querySelector('mostrador-widget').hidden = false")
    page.emulate_media(media="print")
    expect(page.locator(".bubble")).to_be_hidden()


@pytest.mark.parametrize(("theme", "shade"), [("dark", "rgb(23, 26, 32)"), ("light", "rgb(255, 255, 255)")])
def test_the_shop_may_choose_the_theme(browser: Browser, stub: Stub, theme: str, shade: str) -> None:
    context = browser.new_context(color_scheme="light" if theme == "dark" else "dark")
    page = context.new_page()
    visit(page, stub, theme=theme)
    expect(open_panel(page)).to_have_css("background-color", shade)
    context.close()


def test_in_a_page_from_right_to_left_it_stands_on_the_left(page: Page, stub: Stub) -> None:
    visit(page, stub, checkout(stub.tag()).replace('lang="es"', 'lang="ar" dir="rtl"'))
    box = page.locator(".bubble").bounding_box()
    assert box and box["x"] == 16
    open_panel(page)
    box = page.locator(".panel").bounding_box()
    assert box and box["x"] == 16


def test_on_a_phone_back_closes_the_panel_and_the_checkout_keeps_what_was_typed(
    phone: Page, stub: Stub
) -> None:
    visit(phone, stub)
    phone.locator("#nombre").fill("Marta")
    entries = phone.evaluate("history.length")
    panel = open_panel(phone)
    assert phone.locator(".panel").evaluate("e => e.matches(':modal')")
    assert phone.evaluate("history.length") == entries + 1
    panel.evaluate("e => Promise.all(e.getAnimations().map(a => a.finished))")
    box = panel.bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 780}
    phone.evaluate("history.back()")
    expect(panel).to_be_hidden()
    assert phone.locator("#nombre").input_value() == "Marta"
    assert phone.url.endswith("/pago")
    assert focused(phone) == "bubble"


def test_on_a_phone_closing_takes_its_own_step_back(phone: Page, stub: Stub) -> None:
    phone.goto(stub.put_page("/carrito", checkout("")))
    visit(phone, stub)
    entries = phone.evaluate("history.length")
    panel = phone.locator(".panel")
    for close in ("Escape", "the cross"):
        open_panel(phone)
        if close == "Escape":
            phone.keyboard.press("Escape")
        else:
            panel.locator(".head .icon").press("Enter")
        expect(panel).to_be_hidden()
        phone.wait_for_function("!history.state?.mostrador")
    assert phone.evaluate("history.length") == entries + 1, "one entry is pushed, and used again"
    assert list_listeners(phone) == []
    phone.evaluate("history.back()")
    phone.wait_for_url("**/carrito", wait_until="commit")


def test_on_a_phone_no_field_takes_the_focus_unasked(phone: Page, stub: Stub) -> None:
    visit(phone, stub)
    open_panel(phone)
    assert focused(phone) == "BUTTON"
    assert phone.locator(".panel input").evaluate("e => parseFloat(getComputedStyle(e).fontSize)") >= 16


def test_on_a_desktop_the_page_stays_usable_and_the_keyboard_finds_its_way(page: Page, stub: Stub) -> None:
    page.add_init_script(WATCH_PAGE + "addEventListener('keydown', e => __keys.push(e.key))")
    visit(page, stub)
    page.locator(".bubble").focus()
    page.keyboard.press("Enter")
    panel = page.locator(".panel")
    panel.locator(".row").first.wait_for()
    assert focused(page) == "INPUT"
    assert panel.evaluate("e => e.matches('[open]') && !e.matches(':modal')")
    page.keyboard.type("kg")
    panel.locator("#help").focus()
    page.keyboard.press("ArrowRight")
    expect(panel.locator("#chat")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowRight")
    expect(panel.locator("#help")).to_have_attribute("aria-selected", "true")
    assert page.evaluate("__keys.filter(k => k !== 'Enter')") == [], "a key leaked to the shop"
    page.locator("#nombre").fill("Luis")
    page.keyboard.press("Escape")
    expect(panel).to_be_visible()
    panel.locator("#help").focus()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    assert focused(page) == "bubble"
    expect(page.locator(".bubble")).to_have_attribute("aria-expanded", "false")


WIDE = """e => [e, ...e.querySelectorAll('.sheet, .body, .log')]
  .filter(x => x.scrollWidth > x.clientWidth).map(x => x.className)"""


def test_every_target_is_44_px_and_nothing_is_wider_than_a_320_px_phone(browser: Browser, stub: Stub) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 568})
    page = context.new_page()
    visit(page, stub, proof=PROOF)
    panel = open_panel(page)

    def check(view: str) -> None:
        found = panel.evaluate(
            """panel => [...panel.querySelectorAll('button, a, input, textarea, summary')].filter(e => {
            const r = e.getBoundingClientRect()
            const inText = e.closest('.rich, .say') && e.tagName === 'A'
            return r.width && !inText && (r.width < 44 || r.height < 44) }).map(e => e.outerHTML.slice(0, 90))"""
        )
        assert found == [], view
        assert panel.evaluate(WIDE) == [], view

    panel.locator("summary").first.click()
    check("help")
    panel.locator(".row").first.click()
    panel.locator("article").wait_for()
    check("article")
    panel.locator("#chat").click()
    check("empty chat")
    say(page, "una_palabra_muy_larga_" * 12)
    panel.locator(".bot").wait_for()
    stub.fail_next("/messages", 429)
    say(page, "otra")
    panel.locator(".failed").wait_for()
    check("chat")
    panel.locator("#order").click()
    panel.locator(".parcel").first.wait_for()
    check("order")
    context.close()


def test_when_the_panel_cannot_be_fetched_the_bubble_says_so_and_tries_again(phone: Page, stub: Stub) -> None:
    visit(phone, stub)
    phone.route("**/panel.js*", lambda route: route.abort())
    phone.locator(".bubble").click()
    expect(phone.locator(".bubble")).to_have_text("Reintentar")
    assert phone.locator(".bubble span").evaluate("e => getComputedStyle(e).fontSize") == "16px"
    phone.unroute("**/panel.js*")
    open_panel(phone).locator(".row").first.wait_for()


BACK_AGAIN = "window.__kept === true || (!window.__left && document.readyState === 'complete')"


def test_a_page_kept_for_back_comes_back_with_its_panel_and_line(context: BrowserContext, stub: Stub) -> None:
    page = context.new_page()
    page.add_init_script("addEventListener('pageshow', e => { if (e.persisted) window.__kept = true })")
    devtools = context.new_cdp_session(page)
    devtools.send("Page.enable")
    devtools.send("Memory.setPressureNotificationsSuppressed", {"suppressed": True})
    refused: list[dict[str, str]] = []
    devtools.on(
        "Page.backForwardCacheNotUsed", lambda event: refused.extend(event["notRestoredExplanations"])
    )
    # A busy browser drops a kept page for reasons of its own, or decides before it has heard that the
    # page let go of its stream; then the way is walked again. What the widget does wrong, it does each time.
    for _ in range(5):
        visit(page, stub)
        open_panel(page, "chat")
        say(page, "hola")
        page.locator(".panel .bot").last.wait_for()
        stub.wait_for_streams(1)
        page.evaluate("window.__left = true")
        page.goto(stub.put_page("/otra", checkout("")))
        stub.wait_for_streams(0)
        stub.say("agent", "¿Sigues ahí?", name="Ana")
        page.evaluate("setTimeout(() => history.back(), 0)")
        page.wait_for_url("**/pago", wait_until="commit")
        page.wait_for_function(BACK_AGAIN)
        if page.evaluate("window.__kept === true"):
            break
    else:
        pytest.fail(f"the page never came out of the back-forward cache: {refused}")
    expect(page.locator(".panel .agent").last).to_have_text(re.compile("Sigues ahí"))
    stub.wait_for_streams(1)


def test_when_the_keyboard_takes_half_the_screen_the_field_and_the_last_message_stay(
    phone: Page, stub: Stub
) -> None:
    visit(phone, stub)
    panel = open_panel(phone, "chat")
    say(phone, "hola")
    panel.locator(".bot").wait_for()
    phone.evaluate(SETTLE)
    phone.set_viewport_size({"width": 390, "height": 400})
    expect(panel).to_have_css("height", "400px")
    for part in (panel.locator("textarea"), panel.locator(".bot .source")):
        box = part.bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 400
