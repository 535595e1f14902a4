"""The message form in the panel: where nobody is there, a message is left once and answered by mail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from extras_page import KEY, lose_answer, press, read_kept
from form_page import ES, FORM, QUESTION, close_shop, each_language, fill, open_form
from guest_page import (
    NOTHING_KEPT,
    WATCH_PAGE,
    checkout,
    list_listeners,
    open_panel,
    read_storage,
    visit,
)
from playwright.sync_api import Browser, Page, expect
from widget_stub import CONSENT, Stub
from widget_stub_form import REFERENCE
from widget_stub_form import WORDS as PROMISE


def read_tree(page: Page, selector: str) -> dict[str, Any]:
    """What assistive technology is given of one element of the panel: role, name, description, whether it is wrong."""
    client = page.context.new_cdp_session(page)
    reach = f"document.querySelector('mostrador-widget').shadowRoot.querySelector({selector!r})"
    found = client.send("Runtime.evaluate", {"expression": reach})["result"]["objectId"]
    [node] = client.send("Accessibility.getPartialAXTree", {"objectId": found, "fetchRelatives": False})[
        "nodes"
    ]
    told = {p["name"]: p["value"].get("value") for p in node["properties"]}
    client.detach()
    return {
        "role": node["role"]["value"], "name": node["name"]["value"],
        "description": node.get("description", {}).get("value", ""), "invalid": told.get("invalid"),
        "required": told.get("required"),
    }  # fmt: skip


HEAR = """() => { window.__heard = []
  const live = e => e.nodeType === 1 && (e.matches('[role=alert]') ? [e] : [...e.querySelectorAll('[role=alert]')])
  new MutationObserver(list => { for (const m of list) for (const n of m.addedNodes) for (const e of live(n) || [])
    __heard.push(e.textContent) })
    .observe(document.querySelector('mostrador-widget').shadowRoot, {childList: true, subtree: true}) }"""


@each_language
def test_by_keys_alone_a_message_is_left_and_its_reference_is_heard(
    page: Page, stub: Stub, locale: str
) -> None:
    words = FORM[locale]
    close_shop(stub)
    panel = open_form(page, stub, locale)
    assert panel.locator(".welcome, .composer").count() == 0
    panel.locator("#chat").focus()
    for field in ("log", "form-text", "form-email", "form-name", "form-number"):
        page.keyboard.press("Tab")
        if field != "log":
            assert page.evaluate("document.activeElement.shadowRoot.activeElement.id") == field
            page.keyboard.type({"form-email": "alma@example.com", "form-name": "Alma"}.get(field, "1042"))
    page.keyboard.press("Tab")
    button = panel.get_by_role("button", name=words["send"])
    expect(button).to_be_focused()
    assert read_tree(page, ".write > .main")["description"] == CONSENT
    page.keyboard.press("Enter")
    sent = panel.locator(".sent")
    expect(sent).to_be_focused()
    expect(sent).to_contain_text(words["sent"])
    expect(sent).to_contain_text(REFERENCE)
    expect(panel.get_by_role("log").locator(".system")).to_have_text([PROMISE])
    expect(panel.get_by_role("log")).to_have_attribute("aria-live", "polite")
    expect(panel.locator(".shopper .say")).to_have_text(["1042"])
    expect(panel.locator(".composer")).to_be_visible()  # the same talk goes on
    [asked] = stub.asked("/form", "POST")
    body = asked["body"]
    assert len(body.pop("client_id")) == 36
    assert body == {
        "text": "1042", "email": "alma@example.com", "name": "Alma", "order_number": "1042", "locale": locale,
        "consent": CONSENT, "page": stub.shop + "/pago", "steps": ["payment"], "basket": None, "proof": None,
        "website": "",
    }  # fmt: skip
    assert "Authorization" not in asked["headers"]
    assert read_kept(page) == {"token": next(iter(stub.talks)), "seen": "2"}
    stub.wait_for_streams(1)
    stub.say("agent", "Sí, hoy salen.", name="Ana")
    expect(panel.locator(".agent")).to_have_count(1)
    expect(sent).to_have_count(0)


@each_language
def test_what_is_missing_is_said_beside_its_field_and_heard(page: Page, stub: Stub, locale: str) -> None:
    words = FORM[locale]
    close_shop(stub)
    panel = open_form(page, stub, locale)
    page.evaluate(HEAR)
    panel.locator("#form-email").fill("alma@")
    press(panel, words["send"])
    expect(panel.locator("#form-text")).to_be_focused()
    expect(panel.get_by_role("alert")).to_have_text([words["no text"], words["no email"]])
    assert page.evaluate("__heard") == [words["no text"], words["no email"]]
    assert read_tree(page, "#form-text") == {
        "role": "textbox", "name": words["text"], "description": words["no text"], "invalid": "true",
        "required": True,
    }  # fmt: skip
    assert read_tree(page, "#form-email")["description"] == words["no email"]
    panel.locator("#form-text").fill(QUESTION)
    press(panel, words["send"])
    expect(panel.locator("#form-email")).to_be_focused()
    expect(panel.locator("#form-email")).to_have_value("alma@")
    expect(panel.get_by_role("alert")).to_have_text([words["no email"]])
    assert read_tree(page, "#form-text")["invalid"] == "false"
    assert stub.asked("/form", "POST") == []


def test_a_refusal_is_told_in_the_server_s_words_and_nothing_typed_is_lost(page: Page, stub: Stub) -> None:
    close_shop(stub)
    panel = open_form(page, stub)
    page.evaluate(HEAR)
    fill(panel, "alma@refused.example")
    press(panel, ES["send"])
    expect(panel.get_by_role("alert")).to_have_text([ES["no email"]])
    stub.fail_next("/form", 429)
    fill(panel)
    press(panel, ES["send"])
    expect(panel.get_by_role("alert")).to_contain_text("Espera un minuto")
    stub.down = True
    press(panel, ES["send"])
    expect(panel.get_by_role("alert")).to_contain_text("Tu mensaje sigue aquí")
    assert len(page.evaluate("__heard")) == 3
    stub.down = False
    expect(panel.locator("#form-text")).to_have_value(QUESTION)
    expect(panel.locator("#form-email")).to_have_value("alma@example.com")
    press(panel, ES["send"])
    expect(panel.locator(".shopper .say")).to_have_text([QUESTION])
    assert len(stub.forms) == 1


def test_what_was_typed_is_there_again_after_closing_and_the_text_after_a_reload(
    page: Page, stub: Stub
) -> None:
    close_shop(stub)
    panel = open_form(page, stub)
    fill(panel)
    panel.locator("#form-name").fill("Alma")
    panel.locator("#help").click()
    panel.locator(".head .icon").click()
    open_panel(page, "chat")
    assert [panel.locator(f"#form-{f}").input_value() for f in ("text", "email", "name")] == [
        QUESTION, "alma@example.com", "Alma",
    ]  # fmt: skip
    assert "alma" not in json.dumps(read_storage(page)).lower(), "address and name are kept nowhere"
    page.reload()
    panel = open_panel(page, "chat")
    expect(panel.locator("#form-text")).to_have_value(QUESTION)
    expect(panel.locator("#form-email")).to_have_value("")


def test_pressed_twice_or_after_a_lost_answer_and_a_reload_it_is_one_message(page: Page, stub: Stub) -> None:
    close_shop(stub)
    panel = open_form(page, stub)
    fill(panel)
    lose_answer(page, "/form")
    panel.locator(".write > .main").evaluate("e => { e.click(); e.click() }")
    expect(panel.get_by_role("alert")).to_be_visible()
    assert len(stub.asked("/form", "POST")) == 1
    assert "alma" not in json.dumps(read_storage(page))
    page.reload()
    panel = open_panel(page, "chat")
    fill(panel)
    press(panel, ES["send"])
    expect(panel.locator(".sent")).to_contain_text(REFERENCE)
    first, second = (r["body"]["client_id"] for r in stub.asked("/form", "POST"))
    assert first == second and len(stub.forms) == 1
    expect(panel.locator(".shopper")).to_have_count(1)
    assert set(read_kept(page)) <= {"token", "seen"}


def test_what_was_changed_after_a_lost_answer_is_a_message_of_its_own(page: Page, stub: Stub) -> None:
    close_shop(stub)
    panel = open_form(page, stub)
    fill(panel)
    lose_answer(page, "/form")
    press(panel, ES["send"])
    expect(panel.get_by_role("alert")).to_be_visible()
    fill(panel, text="Son cuatro patas.")
    press(panel, ES["send"])
    panel.locator(".sent").wait_for()
    first, second = (r["body"]["client_id"] for r in stub.asked("/form", "POST"))
    assert first != second, "else the server would take it for the first and forget the change"


@pytest.mark.parametrize("width", [390, 320])
def test_on_a_phone_the_form_fits_and_what_is_written_in_stays_in_view(
    browser: Browser, stub: Stub, width: int
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 640}, has_touch=True, is_mobile=True, device_scale_factor=1
    )
    page = context.new_page()
    close_shop(stub)
    panel = open_form(page, stub)
    for field in ("form-text", "form-email", "form-name", "form-number"):
        panel.locator(f"#{field}").tap()
        page.set_viewport_size({"width": width, "height": 380})  # the keyboard
        expect(panel).to_have_css("height", "380px")
        page.keyboard.type("hola, soy yo")
        box = panel.locator(f"#{field}").bounding_box()
        assert box and box["y"] >= 0 and box["y"] + box["height"] <= 380, (field, box)
        page.set_viewport_size({"width": width, "height": 640})
        expect(panel).to_have_css("height", "640px")
    context.close()


def test_destroy_takes_the_form_away_and_a_new_start_knows_nothing_of_it(page: Page, stub: Stub) -> None:
    close_shop(stub)
    panel = open_form(page, stub)
    fill(panel)
    page.evaluate("document.querySelector('mostrador-widget').destroy()")
    assert page.locator("mostrador-widget").count() == 0
    assert list_listeners(page) == []
    page.evaluate(f"localStorage.removeItem('{KEY}')")
    page.evaluate(
        """text => { const s = document.createElement('script')
        for (const [, k, v] of text.matchAll(/([\\w-]+)="([^"]*)"/g)) s.setAttribute(k, v)
        document.head.append(s) }""",
        stub.tag(),
    )
    page.locator(".bubble").wait_for()
    panel = open_panel(page, "chat")
    expect(panel.locator("#form-text")).to_have_value("")
    expect(panel.locator("#form-email")).to_have_value("")
    panel.locator(".head .icon").click()
    assert list_listeners(page) == []
    assert read_storage(page) == NOTHING_KEPT


def test_a_form_that_is_answered_after_destroy_leaves_nothing_running(page: Page, stub: Stub) -> None:
    close_shop(stub)
    panel = open_form(page, stub)
    fill(panel)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    with page.expect_response("**/form"):
        panel.locator(".write > .main").evaluate(
            "e => { e.click(); document.querySelector('mostrador-widget').destroy() }"
        )
    page.wait_for_function(f"!JSON.parse(localStorage.getItem('{KEY}') || '{{}}').form")
    stub.wait_for_streams(0)
    assert page.locator("mostrador-widget").count() == 0
    assert (faults, list_listeners(page)) == ([], [])


STRICT = (
    "default-src 'none'; script-src 'nonce-abc' 'strict-dynamic'; style-src 'nonce-abc'; connect-src {api};"
    " img-src data:; base-uri 'none'; object-src 'none'; form-action 'none';"
    " require-trusted-types-for 'script'; trusted-types 'none'"
)


def test_a_policy_that_trusts_no_script_no_html_and_no_form_is_never_broken(page: Page, stub: Stub) -> None:
    page.add_init_script(WATCH_PAGE)
    close_shop(stub)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    policy = {"Content-Security-Policy": STRICT.format(api=stub.api)}
    visit(page, stub, checkout(stub.tag(nonce="abc"), nonce="abc"), policy)
    panel = open_panel(page)
    panel.locator(".reach").wait_for()
    panel.locator("#chat").click()
    fill(panel)
    panel.locator("#form-email").press("Enter")
    panel.locator(".sent").wait_for()
    assert said == []
    assert page.url.endswith("/pago")
