"""The other ways to reach the shop, at the foot of the help: told as they are, and safe to press."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from extras_page import open_modern
from guest_page import checkout, open_panel, visit
from playwright.sync_api import Browser, Page, expect
from test_widget_access import SMALL, VIEWS, WIDE, check
from widget_stub import Stub
from widget_stub_form import CONTACT

WORDS = {
    "es": ("Otras formas de contacto", "Mis consultas"),
    "en": ("Other ways to reach us", "My requests"),
    "pt": ("Outras formas de contato", "Minhas solicitações"),
}


@pytest.mark.parametrize("locale", WORDS)
def test_each_way_is_told_with_its_hours_and_what_it_costs(page: Page, stub: Stub, locale: str) -> None:
    title, requests = WORDS[locale]
    free, charged = (one["note"] for one in CONTACT["phones"])
    stub.modernize()
    panel = open_modern(page, stub, locale=locale)
    reach = panel.get_by_role("region", name=title)
    expect(reach.locator(".quiet")).to_contain_text([free, charged, "+57 300 123 4567", CONTACT["email"]])
    links = {a.get_attribute("href"): a for a in reach.get_by_role("link").all()}
    assert list(links) == [
        "tel:+34911223344", "tel:+576011234567", "https://wa.me/573001234567", "mailto:hola@casalima.example",
        "https://www.instagram.com/casalima", "https://www.tiktok.com/@casalima", CONTACT["requests_url"],
    ]  # fmt: skip
    for href, link in links.items():
        outside = str(href).startswith("https:")
        assert (link.get_attribute("target"), link.get_attribute("rel")) == (
            ("_blank", "noopener noreferrer") if outside else (None, None)
        )
    expect(links[CONTACT["requests_url"]]).to_contain_text(requests)
    assert len(stub.asked("/contact.js")) == 1


def test_what_is_not_told_is_not_there_and_writing_always_is(page: Page, stub: Stub) -> None:
    told = {**copy.deepcopy(CONTACT), "email": "", "phones": [], "whatsapp": None, "social": []}
    stub.modernize(contact=told)
    panel = open_modern(page, stub)
    reach = panel.locator(".reach")
    expect(reach.locator("li")).to_have_count(1)
    expect(reach.get_by_role("link")).to_have_count(1)
    reach.get_by_role("button", name="Escríbenos").press("Enter")
    expect(panel.locator("#form-text")).to_be_focused()
    expect(panel.locator("#chat")).to_have_attribute("aria-selected", "true")
    panel.get_by_role("button", name="Volver al chat").press("Enter")
    expect(panel.locator(".welcome")).to_be_visible()
    expect(panel.locator(".composer textarea")).to_be_focused()


def test_an_address_that_could_run_is_no_link(page: Page, stub: Stub) -> None:
    evil: dict[str, Any] = copy.deepcopy(CONTACT)
    evil["phones"][0]["url"] = "javascript:document.title=1"
    evil["whatsapp"]["url"] = "javascript:document.title=1"
    evil["social"][0] = {"name": "<img src=x onerror=document.title=1>", "url": "data:text/html,x"}
    evil["social"][1]["name"] = "<img src=x onerror=document.title=1>"
    evil["email"] = "a@b.example?bcc=c@d.example"
    evil["requests_url"] = "javascript:document.title=1"
    stub.modernize(contact=evil)
    panel = open_modern(page, stub)
    reach = panel.locator(".reach")
    expect(reach.get_by_role("link")).to_have_count(3)
    assert [a.get_attribute("href") for a in reach.get_by_role("link").all()] == [
        "tel:+576011234567", "mailto:a@b.example%3Fbcc%3Dc%40d.example", "https://www.tiktok.com/@casalima",
    ]  # fmt: skip
    assert reach.locator("img").count() == 0 and page.title() == "Pago"


@pytest.mark.parametrize("locale", ["es", "en"])
@pytest.mark.parametrize("look", VIEWS)
def test_axe_finds_nothing_in_form_and_ways_and_every_target_is_large(
    browser: Browser, stub: Stub, look: str, locale: str
) -> None:
    stub.modernize(available=False, agents=[])
    context = browser.new_context(**{"viewport": {"width": 1100, "height": 760}, **VIEWS[look]})
    page = context.new_page()
    style = "body{background:Canvas;color:CanvasText;color-scheme:light dark}"
    visit(page, stub, checkout(stub.tag(accent="#0b57d0", locale=locale), style=style, lang=locale))
    panel = open_panel(page)

    def look_at(view: str) -> None:
        check(page, view)
        assert panel.evaluate(SMALL) == [], view
        assert panel.evaluate(WIDE) == [], view

    panel.locator(".reach").wait_for()
    look_at("ways")
    panel.locator(".reach button").click()
    panel.locator("form.write").wait_for()
    look_at("form")
    panel.locator(".write > .main").click()
    expect(panel.get_by_role("alert")).to_have_count(2)
    look_at("form with faults")
    panel.locator(".write .foot button").click()
    panel.locator(".welcome .ways button").last.click()
    panel.locator(".write .main").wait_for()
    look_at("offer")
    panel.locator(".write .main").click()
    panel.locator("#form-text").fill("una_palabra_muy_larga_" * 12)
    panel.locator("#form-email").fill("alma@example.com")
    stub.fail_next("/form", 429)
    panel.locator(".write > .main").click()
    panel.locator(".write > .bad").wait_for()
    look_at("form refused")
    panel.locator(".write > .main").click()
    panel.locator(".sent").wait_for()
    look_at("sent")
    stub.wait_for_streams(1)
    stub.set_state(form=True)
    panel.locator(".write .main").wait_for()
    look_at("asked for")
    context.close()
