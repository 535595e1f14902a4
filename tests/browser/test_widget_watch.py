"""The number on the bubble: what was answered since, told to who wrote before, and to nobody else."""

from __future__ import annotations

import re

import pytest
from guest_page import PLACED, checkout, list_listeners, open_panel, overlap, say, visit, wait_until
from playwright.sync_api import Browser, Page, expect
from widget_stub import STORE, Stub

KEY = f"mostrador:{STORE}"


def write(page: Page, stub: Stub, locale: str = "es") -> None:
    """A shopper who wrote, got the bot's answer and closed the panel."""
    visit(page, stub, checkout(stub.tag(locale=locale), lang=locale))
    panel = open_panel(page, "chat")
    say(page, "hola")
    panel.locator(".bot").wait_for()
    stub.wait_for_streams(1)
    panel.locator(".head .icon").click()
    stub.wait_for_streams(0)


def come_back(page: Page) -> None:
    page.reload()
    page.locator(PLACED).wait_for(state="attached")


@pytest.mark.parametrize(
    ("locale", "one", "many"),
    [
        ("es", "Ayuda, 1 mensaje nuevo", "Ayuda, 2 mensajes nuevos"),
        ("en", "Help, 1 new message", "Help, 2 new messages"),
        ("pt", "Ajuda, 1 mensagem nova", "Ajuda, 2 mensagens novas"),
    ],
)
def test_after_a_reload_the_bubble_tells_what_was_answered_meanwhile(
    page: Page, stub: Stub, locale: str, one: str, many: str
) -> None:
    write(page, stub, locale)
    stub.say("system", "Ana se ha unido a la conversación.")
    stub.say("agent", "¿Sigues ahí?", name="Ana")
    come_back(page)
    expect(page.get_by_role("button", name=one)).to_be_visible()
    expect(page.locator(".news")).to_have_text("1")
    stub.say("agent", "Te llega el martes.", name="Ana")
    come_back(page)
    expect(page.get_by_role("button", name=many)).to_be_visible()
    assert list_listeners(page) == []
    open_panel(page, "chat").locator(".agent").last.wait_for()
    page.locator(".panel .head .icon").click()
    expect(page.locator(".news")).to_be_hidden()
    come_back(page)
    page.wait_for_function("document.querySelector('mostrador-widget').shadowRoot.querySelector('.news')")
    page.wait_for_timeout(300)
    expect(page.locator(".news")).to_be_hidden()


def test_it_asks_each_half_minute_while_the_page_is_in_view_and_never_while_it_is_not(
    page: Page, stub: Stub
) -> None:
    page.clock.install()
    visit(page, stub)
    page.evaluate(f"localStorage.setItem('{KEY}', JSON.stringify({{token: 'vt_{0:032d}', seen: '1'}}))")
    stub.post_message(None, {"client_id": "a", "text": "hola"})
    page.reload()
    page.clock.run_for(1000)
    expect(page.locator(".news")).to_have_text("1")  # the bot's answer
    asked = [r["query"] for r in stub.asked("/conversation")]
    assert asked == ["after=1"]
    stub.say("agent", "¿Hola?", name="Ana")
    page.clock.run_for(31_000)
    expect(page.locator(".news")).to_have_text("2")
    assert len(stub.asked("/conversation")) == 2
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.clock.run_for(300_000)
    assert len(stub.asked("/conversation")) == 2
    page.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
    page.clock.run_for(31_000)
    wait_until(page, lambda: len(stub.asked("/conversation")) >= 3)
    expect(page.locator(".news")).to_have_text("2")
    assert len(stub.asked("/conversation")) == 3
    assert all(r["headers"]["Authorization"].startswith("Bearer vt_") for r in stub.asked("/conversation"))
    assert all("vt_" not in r["path"] + r["query"] for r in stub.requests)


def test_who_never_wrote_is_asked_about_nothing_even_with_a_draft(page: Page, stub: Stub) -> None:
    visit(page, stub)
    open_panel(page, "chat").locator("textarea").fill("a medias")
    page.locator(".panel .head .icon").click()
    page.wait_for_timeout(300)
    come_back(page)
    stub.requests.clear()
    page.wait_for_timeout(500)
    assert stub.requests == []


def test_with_consent_required_nothing_is_asked_until_the_shopper_agrees(page: Page, stub: Stub) -> None:
    write(page, stub)
    stub.say("agent", "¿Sigues ahí?", name="Ana")
    page.goto(stub.put_page("/otra", checkout(stub.tag(consent="required"))))
    page.locator("mostrador-widget").wait_for(state="attached")
    stub.requests.clear()
    page.wait_for_timeout(400)
    assert stub.requests == []
    page.evaluate("document.querySelector('mostrador-widget').consent()")
    expect(page.locator(".news")).to_have_text("1")


def test_a_talk_of_the_release_before_is_no_news(page: Page, stub: Stub) -> None:
    visit(page, stub)
    stub.post_message(None, {"client_id": "a", "text": "hola"})
    page.evaluate(f"localStorage.setItem('{KEY}', JSON.stringify({{token: 'vt_{0:032d}'}}))")
    come_back(page)
    page.wait_for_function(f"JSON.parse(localStorage.getItem('{KEY}')).seen === '2'")
    expect(page.locator(".news")).to_be_hidden()
    stub.say("agent", "¿Sigues ahí?", name="Ana")
    come_back(page)
    expect(page.locator(".news")).to_have_text("1")


def test_a_token_that_opens_nothing_is_forgotten_and_not_asked_with_again(page: Page, stub: Stub) -> None:
    page.clock.install()
    visit(page, stub)
    page.evaluate(
        f"localStorage.setItem('{KEY}', JSON.stringify({{token: 'vt_old', seen: '9', draft: 'a medias'}}))"
    )
    page.reload()
    page.clock.run_for(1000)
    page.wait_for_function(f"localStorage.getItem('{KEY}') === JSON.stringify({{draft: 'a medias'}})")
    page.clock.run_for(120_000)
    assert len(stub.asked("/conversation")) == 1


def test_the_number_makes_the_bubble_no_wider_and_covers_no_pay_button(browser: Browser, stub: Stub) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    write(page, stub)
    come_back(page)
    before = page.locator(".bubble").bounding_box()
    for n in range(12):
        stub.say("agent", f"mensaje {n}", name="Ana")
    come_back(page)
    expect(page.locator(".news")).to_have_text("9+")
    assert page.locator(".bubble").bounding_box() == before
    assert overlap(page) == 0
    context.close()


def test_the_files_come_from_the_build_of_the_loader(page: Page, stub: Stub) -> None:
    write(page, stub)
    come_back(page)
    page.wait_for_function("document.querySelector('mostrador-widget').shadowRoot.querySelector('.news')")
    files = {
        re.sub("[0-9a-f]{12}", "HASH", r["path"]) for r in stub.requests if r["path"].startswith("/widget/")
    }
    assert files == {
        "/widget/loader.js", "/widget/HASH/panel.js", "/widget/HASH/extras.js", "/widget/HASH/watch.js",
        "/widget/HASH/locales/es.json",
    }  # fmt: skip


def test_people_who_hold_the_talk_hear_which_page_the_shopper_is_on(page: Page, stub: Stub) -> None:
    write(page, stub)
    come_back(page)
    page.wait_for_function("document.querySelector('mostrador-widget').shadowRoot.querySelector('.news')")
    page.wait_for_timeout(300)
    assert stub.asked("/conversation/page", "POST") == [], "the bot holds it, and looks at no page"
    [talk] = stub.talks.values()
    stub.hand_over(talk)
    page.clock.install()
    page.goto(stub.put_page("/zapatos", checkout(stub.tag(steps="product"))) + "?key=wc_1#talla")
    page.clock.run_for(1000)
    wait_until(page, lambda: len(stub.asked("/conversation/page", "POST")) == 1)
    page.evaluate("history.pushState({}, '', '/botas?q=42')")
    page.clock.run_for(31_000)
    wait_until(page, lambda: len(stub.asked("/conversation/page", "POST")) == 2)
    page.evaluate(
        """() => {
          const widget = document.querySelector('mostrador-widget'), tag = document.querySelector('script[data-store]')
          widget.adopt({...tag.dataset, steps: 'cart,payment'}, tag.src)
          widget.dataset.basket = '125800 COP'
        }"""
    )
    page.clock.run_for(31_000)
    wait_until(page, lambda: len(stub.asked("/conversation/page", "POST")) == 3)
    page.evaluate("Object.defineProperty(document, 'hidden', {value: true, configurable: true})")
    page.clock.run_for(300_000)
    told = stub.asked("/conversation/page", "POST")
    assert [one["body"] for one in told] == [
        {"page": f"{stub.shop}/zapatos", "steps": ["product"], "basket": None},
        {"page": f"{stub.shop}/botas", "steps": [], "basket": None},
        {"page": f"{stub.shop}/botas", "steps": ["cart", "payment"], "basket": "125800 COP"},
    ]
    assert all("vt_" not in one["path"] + one["query"] for one in told)


def test_a_server_that_knows_of_no_pages_changes_nothing(page: Page, stub: Stub) -> None:
    write(page, stub)
    [talk] = stub.talks.values()
    stub.hand_over(talk)
    stub.fail_next("/conversation/page", 404)
    stub.say("agent", "¿Sigues ahí?", name="Ana")
    come_back(page)
    wait_until(page, lambda: len(stub.asked("/conversation/page", "POST")) == 1)
    expect(page.locator(".news")).to_have_text("1")
