"""The message form in the panel: where nobody is there, a message is left once and answered by mail."""

from __future__ import annotations

import json
from typing import Any

import pytest
from extras_page import KEY, lose_answer, open_modern, press, read_kept, talk
from guest_page import (
    NOTHING_KEPT,
    WATCH_PAGE,
    checkout,
    focused,
    list_listeners,
    open_panel,
    read_storage,
    say,
    visit,
)
from playwright.sync_api import Browser, Locator, Page, expect
from widget_stub import CONSENT, Stub
from widget_stub_form import CONTACT, REFERENCE
from widget_stub_form import WORDS as PROMISE

NAMES = ("title", "send", "chat", "go on", "person", "text", "email", "no text", "no email", "sent")
FORM: dict[str, dict[str, str]] = {
    locale: dict(zip(NAMES, words, strict=True))
    for locale, words in {
        "es": (
            "Escríbenos", "Acepto y envío el mensaje", "Volver al chat", "Seguir con el asistente",
            "Hablar con una persona", "Tu mensaje", "Tu correo", "Cuéntanos qué necesitas.",
            "Escribe un correo completo, como ana@ejemplo.com.", "Hemos recibido tu mensaje.",
        ),
        "en": (
            "Write to us", "Agree and send", "Back to the chat", "Go on with the assistant", "Talk to a person",
            "Your message", "Your e-mail", "Tell us what you need.",
            "Write a whole e-mail address, like ana@example.com.", "We have your message.",
        ),
        "pt": (
            "Escreva para a gente", "Concordo e envio a mensagem", "Voltar ao chat", "Continuar com o assistente",
            "Falar com uma pessoa", "Sua mensagem", "Seu e-mail", "Conte o que você precisa.",
            "Escreva um e-mail completo, como ana@exemplo.com.", "Recebemos sua mensagem.",
        ),
    }.items()
}  # fmt: skip
ES = FORM["es"]
each_language = pytest.mark.parametrize("locale", FORM)
QUESTION = "¿Me pueden enviar las <b>patas</b> del sofá?"


def close_shop(stub: Stub, **boot: Any) -> None:
    """Nobody is there, and the merchant wants the form then."""
    stub.modernize(**{"available": False, "agents": [], "route": "form", **boot})


def open_form(page: Page, stub: Stub, locale: str = "es") -> Locator:
    panel = open_modern(page, stub, "chat", locale)
    panel.locator("form.write").wait_for()
    return panel


def fill(panel: Locator, email: str = "alma@example.com", text: str = QUESTION) -> None:
    panel.locator("#form-text").fill(text)
    panel.locator("#form-email").fill(email)


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


@each_language
def test_who_wishes_a_person_and_finds_nobody_may_write_or_go_on_with_the_bot(
    page: Page, stub: Stub, locale: str
) -> None:
    words = FORM[locale]
    stub.modernize(available=False, agents=[])
    panel = talk(page, stub, locale)
    panel.locator(".line .link").click()
    expect(panel.get_by_role("button", name=words["title"])).to_be_focused()
    assert stub.asked("/conversation/hand-over", "POST") == []
    press(panel, words["go on"])
    expect(panel.locator(".write")).to_have_count(0)
    assert focused(page) == "TEXTAREA"
    say(page, "otra pregunta")
    expect(panel.locator(".bot")).to_have_count(2)
    panel.locator(".line .link").click()
    press(panel, words["title"])
    expect(panel.locator("#form-text")).to_be_focused()
    expect(panel.locator("#form-text")).to_have_value("¿Cuánto tarda?")  # the longest of what was asked
    expect(panel.locator("#form-text")).to_be_in_viewport(ratio=1)
    panel.locator("#form-email").fill("alma@example.com")
    press(panel, words["send"])
    expect(panel.locator(".sent")).to_be_focused()
    expect(panel.locator(".sent")).to_be_in_viewport(ratio=1)
    [asked] = stub.asked("/form", "POST")
    assert asked["headers"]["Authorization"] == "Bearer " + next(iter(stub.talks))
    assert len(stub.talks) == 1
    expect(panel.locator(".shopper")).to_have_count(3)


def test_where_somebody_came_meanwhile_the_wish_reaches_them(page: Page, stub: Stub) -> None:
    stub.modernize(available=False, agents=[])
    panel = talk(page, stub)
    stub.boot["available"] = True
    panel.locator(".line .link").click()
    expect(panel.locator(".system")).to_have_count(1)
    assert len(stub.asked("/conversation/hand-over", "POST")) == 1
    assert panel.locator(".write").count() == 0


def test_the_server_may_ask_for_the_form_and_who_is_writing_goes_on_writing(page: Page, stub: Stub) -> None:
    stub.modernize(available=False, agents=[])
    panel = talk(page, stub)
    panel.locator(".composer textarea").press_sequentially("y además ")
    stub.set_state(form=True, status="open")
    expect(panel.locator("#form-text")).to_be_focused()
    page.keyboard.type("cuesta?")
    expect(panel.locator("#form-text")).to_have_value("y además cuesta?")
    assert panel.locator(".composer").count() == 0
    stub.set_state(form=False)  # somebody took it, and the shopper is still writing
    stub.say("agent", "Hola, soy Ana.", name="Ana")
    expect(panel.locator(".agent")).to_have_count(1)
    expect(panel.locator("#form-text")).to_have_value("y además cuesta?")
    press(panel, ES["chat"])
    expect(panel.locator(".composer textarea")).to_have_value("y además cuesta?")
    expect(panel.locator(".composer textarea")).to_be_focused()


def test_who_goes_back_to_the_chat_may_still_write_later(page: Page, stub: Stub) -> None:
    stub.modernize(available=False, agents=[])
    panel = talk(page, stub)
    stub.set_state(form=True, status="open")
    press(panel, ES["chat"])
    expect(panel.locator(".composer textarea")).to_have_value("")
    press(panel, ES["title"])
    expect(panel.locator("#form-text")).to_have_value("¿Cuánto tarda?")
    assert panel.get_by_role("button", name=ES["go on"]).count() == 0


def test_the_shop_s_own_field_keeps_the_focus_when_the_form_comes(page: Page, stub: Stub) -> None:
    stub.modernize(available=False, agents=[])
    panel = talk(page, stub)
    page.locator("#nombre").focus()
    stub.set_state(form=True, status="open")
    panel.locator("form.write").wait_for()
    page.keyboard.type("Alma")
    assert page.locator("#nombre").input_value() == "Alma"


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


def test_the_form_is_fetched_only_when_it_is_wanted(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = talk(page, stub)
    page.reload()
    panel = open_panel(page, "chat")
    panel.locator(".bot").wait_for()
    asked = len(stub.asked("/contact.js"))
    assert asked == 1, "by the help, once; a page that keeps to the chat needs none"
    stub.set_state(form=True, status="open")
    panel.locator("form.write").wait_for()
    assert len(stub.asked("/contact.js")) in (1, 2)  # the browser has it


def test_where_the_form_does_not_come_there_is_the_page_that_does_the_same(page: Page, stub: Stub) -> None:
    close_shop(stub)
    page.route("**/contact.js*", lambda route: route.abort())
    panel = open_modern(page, stub)
    for tab in ("help", "chat"):
        panel.locator(f"#{tab}").click()
        for name, url in ((ES["title"], CONTACT["form_url"]), ("Mis consultas", CONTACT["requests_url"])):
            link = panel.get_by_role("link", name=name)
            assert link.get_attribute("href") == url
            assert (link.get_attribute("target"), link.get_attribute("rel")) == (
                "_blank",
                "noopener noreferrer",
            )
    say(page, "hola")  # and the chat works
    panel.locator(".bot").wait_for()
    panel.get_by_role("button", name=ES["person"]).click()
    expect(panel.locator(".system")).to_have_count(1)


def test_a_server_that_knows_no_form_is_asked_for_none(page: Page, stub: Stub) -> None:
    stub.boot["available"] = False
    visit(page, stub)
    panel = open_panel(page)
    panel.locator(".row").first.wait_for()
    panel.locator("#chat").click()
    panel.locator(".welcome").get_by_role("button", name=ES["person"]).click()
    expect(panel.locator(".system")).to_have_count(1)
    stub.wait_for_streams(1)
    assert panel.locator(".write, .reach").count() == 0
    assert stub.asked("/contact.js") == [] == stub.asked("/form", "POST")


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
