"""What a shopper says of an answer and of a talk, the address they leave, and who is writing."""

from __future__ import annotations

import json

from extras_page import WORDS, both, open_modern, press, talk
from guest_page import NOTHING_KEPT, focused, open_panel, read_storage, say, wait_until
from playwright.sync_api import Page, Route, expect
from widget_stub import CONSENT, Stub


@both
def test_an_answer_of_the_bot_is_judged_and_the_judgement_may_change(
    page: Page, stub: Stub, locale: str
) -> None:
    words = WORDS[locale]
    stub.modernize()
    panel = talk(page, stub, locale)
    group = panel.get_by_role("group", name=words["helped"])
    yes, no = (group.get_by_role("button", name=words[name], exact=True) for name in ("yes", "no"))
    yes.click()
    expect(yes).to_have_attribute("aria-pressed", "true")
    expect(yes).to_be_focused()
    no.click()
    expect(no).to_have_attribute("aria-pressed", "true")
    expect(yes).to_have_attribute("aria-pressed", "false")
    expect(panel.locator(".bot")).to_have_count(2)  # it offers a person
    assert [r["body"] for r in stub.asked("/conversation/verdict", "POST")] == [
        {"position": 2, "helped": True},
        {"position": 2, "helped": False},
    ]
    no.click()
    assert len(stub.asked("/conversation/verdict", "POST")) == 2
    page.reload()
    panel = open_panel(page, "chat")
    expect(panel.get_by_role("button", name=words["no"], exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )


def test_of_two_judgements_in_one_round_trip_the_later_one_stands(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = talk(page, stub)
    held: list[Route] = []
    over = False
    page.route("**/conversation/verdict", lambda route: route.continue_() if held and over else held.append(route))
    yes, no = (panel.get_by_role("button", name=name, exact=True) for name in ("Sí", "No"))
    yes.click()
    no.click()
    expect(no).to_have_attribute("aria-pressed", "true")
    wait_until(page, lambda: bool(held))
    assert [route.request.post_data_json["helped"] for route in held] == [True], "one at a time"
    over = True
    held[0].abort()  # what became of the earlier one changes nothing
    expect(panel.locator(".bot")).to_have_count(2)
    assert [one["body"]["helped"] for one in stub.asked("/conversation/verdict", "POST")] == [False]
    expect(no).to_have_attribute("aria-pressed", "true")


def test_a_judgement_that_did_not_arrive_is_not_shown_as_given(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = talk(page, stub)
    stub.fail_next("conversation/verdict", 500)
    panel.get_by_role("button", name="Sí", exact=True).click()
    expect(panel.get_by_role("button", name="Sí", exact=True)).to_have_attribute("aria-pressed", "false")


def test_clicks_on_links_and_openings_are_counted_without_a_name(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = open_modern(page, stub, steps="payment,review")

    def wait_for_counts(count: int) -> None:
        """Each on its way alone: of several the server may hear another first."""
        wait_until(page, lambda: len(stub.asked("/count", "POST")) >= count)

    panel.locator(".row").first.click()
    panel.locator("article .helped").wait_for()
    wait_for_counts(1)
    press(panel, "Sí")
    wait_for_counts(2)
    panel.locator(".back").click()
    panel.locator("summary").nth(1).click()
    panel.locator('details [data-article="delivery-areas"]').click()
    panel.locator("article .helped").wait_for()
    wait_for_counts(3)
    press(panel, "No")
    expect(panel.get_by_role("button", name="No", exact=True)).to_have_attribute("aria-pressed", "true")
    wait_for_counts(4)
    counted = stub.asked("/count", "POST")
    told = {"locale": "es", "step": "payment", "phase": "pre_purchase"}
    assert [(r["path"].split("/")[-2], r["body"]) for r in counted] == [
        ("payment-methods", {"kind": "clicked", **told}),
        ("payment-methods", {"kind": "helped", **told}),
        ("delivery-areas", {"kind": "opened", **told}),
        ("delivery-areas", {"kind": "not_helped", **told}),
    ]
    assert all("Authorization" not in r["headers"] for r in counted)
    assert read_storage(page) == NOTHING_KEPT


@both
def test_a_closed_talk_is_rated_by_keys_alone_and_the_rating_may_change(
    page: Page, stub: Stub, locale: str
) -> None:
    words = WORDS[locale]
    stub.modernize()
    panel = talk(page, stub, locale)
    stub.say("agent", "Hola, soy Ana.", name="Ana")
    stub.set_state(status="resolved", can_rate=True)
    radios = panel.get_by_role("radio")
    expect(radios).to_have_count(5)
    radios.first.focus()
    page.keyboard.press("Space")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    expect(radios.nth(3)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("Muy <b>bien</b>")
    page.keyboard.press("Tab")
    expect(panel.get_by_role("button", name=words["rate"])).to_be_focused()
    page.keyboard.press("Enter")
    expect(panel.locator(".rated")).to_contain_text("4")
    expect(panel.locator(".rated")).to_be_focused()
    press(panel, words["change"])
    expect(radios.nth(3)).to_be_checked()
    radios.nth(0).check(force=True)
    press(panel, words["rate"])
    expect(panel.locator(".system")).to_have_count(1)  # the server brings it back to a person
    expect(panel.locator(".rated")).to_contain_text("1")
    assert [r["body"] for r in stub.asked("/conversation/rating", "POST")] == [
        {"score": 4, "comment": "Muy <b>bien</b>"},
        {"score": 1, "comment": "Muy <b>bien</b>"},
    ]


def test_a_rating_that_is_refused_says_so_and_keeps_what_was_typed(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = talk(page, stub)
    stub.set_state(status="resolved", can_rate=True)
    press(panel, "Enviar valoración")
    expect(panel.get_by_role("alert")).to_have_text("Elige primero de 1 a 5 estrellas.")
    panel.get_by_role("radio").nth(1).check(force=True)
    panel.locator(".card-form textarea").fill("lento")
    stub.fail_next("conversation/rating", 429)
    press(panel, "Enviar valoración")
    expect(panel.get_by_role("alert")).to_contain_text("Espera un minuto")
    expect(panel.locator(".card-form textarea")).to_have_value("lento")


@both
def test_an_address_is_asked_once_with_its_consent_and_may_be_declined(
    page: Page, stub: Stub, locale: str
) -> None:
    words = WORDS[locale]
    stub.modernize()
    panel = talk(page, stub, locale)
    stub.set_state(ask_email=True)
    form = panel.locator(".card-form")
    expect(form.locator("#consent")).to_have_text(CONSENT)
    assert form.locator("input").count() == 1, "no box that could come ticked"
    expect(form.locator("input")).to_be_hidden()  # folded, so that the bot's answer is seen
    form.locator("summary").click()
    press(panel, words["agree"])
    expect(panel.get_by_role("alert")).to_be_visible()
    expect(panel.locator("#address")).to_be_focused()
    panel.locator("#address").fill("alma@example.com")
    press(panel, words["agree"])
    expect(panel.locator(".left")).to_contain_text("alma@example.com")
    expect(panel.locator(".left")).to_be_focused()
    assert [r["body"] for r in stub.asked("/conversation/email", "POST")] == [
        {"email": "alma@example.com", "consent": CONSENT}
    ]
    assert "alma" not in json.dumps(read_storage(page))
    say(page, "gracias")
    expect(panel.locator(".left")).to_have_count(0)
    stub.set_state(ask_email=True, email=False, status="open")
    press(panel, words["decline"])  # nobody answers just now: it stands open
    expect(panel.locator("#address")).to_have_count(0)
    assert focused(page) == "TEXTAREA"
    page.reload()
    panel = open_panel(page, "chat")
    panel.locator(".helped").wait_for()
    expect(panel.locator("#address")).to_have_count(0)


@both
def test_who_is_writing_is_seen_and_heard_once_for_each_answer(page: Page, stub: Stub, locale: str) -> None:
    words = WORDS[locale]
    stub.modernize()
    panel = talk(page, stub, locale)
    stub.set_state(status="open", agent={"name": "Ana"})
    panel.locator(".line").filter(has_text="Ana").wait_for()
    page.evaluate(
        """() => { window.__heard = []
        const root = document.querySelector('mostrador-widget').shadowRoot
        for (const e of root.querySelectorAll('[role=status], [role=log]')) new MutationObserver(list => {
          for (const m of list) for (const n of [...m.addedNodes, ...(m.type === 'characterData' ? [m.target] : [])])
            if (!n.parentElement?.closest('[aria-live=off]')) __heard.push(n.textContent)
        }).observe(e, {childList: true, subtree: true, characterData: true}) }"""
    )
    stub.type_as("Ana")
    expect(panel.locator(".typing")).to_contain_text(words["typing"])
    expect(panel.locator(".shopper .when").first).to_contain_text({"es": "Leído", "en": "Read"}[locale])
    expect(panel.locator(".typing")).to_have_count(0)
    stub.type_as("Ana")
    panel.locator(".typing").wait_for()
    stub.say("agent", "Llega el martes.", name="Ana")
    expect(panel.locator(".agent")).to_have_count(1)
    expect(panel.locator(".typing")).to_have_count(0)
    heard = page.evaluate("__heard.map(t => t.trim()).filter(Boolean)")
    assert heard.count(words["typing"]) == 1, heard
    assert len([text for text in heard if "Llega el martes." in text]) == 1, heard


def test_what_was_said_before_is_not_announced_again_and_marks_of_delivery_never(
    page: Page, stub: Stub
) -> None:
    page.clock.install()  # frames and pauses in their order, however late a busy machine draws
    stub.modernize()
    talk(page, stub)
    stub.say("agent", "Hola, soy Ana.", name="Ana")
    page.add_init_script(
        """window.__lives = []
        const note = e => __lives.push(e.closest('[role=log]').getAttribute('aria-live'))
        const seen = new MutationObserver(list => {
          for (const n of list.flatMap(m => [...m.addedNodes]))
            for (const e of n.localName === 'li' ? [n] : n.querySelectorAll?.('[role=log] li') || [])
              // once what was drawn has been seen, as a screen reader is told of it
              requestAnimationFrame(() => requestAnimationFrame(() => note(e)))
        })
        const attach = Element.prototype.attachShadow
        Element.prototype.attachShadow = function (how) {
          const root = attach.call(this, how)
          seen.observe(root, {childList: true, subtree: true})
          return root
        }"""
    )
    page.reload()
    panel = open_panel(page, "chat")
    expect(panel.locator(".log .agent")).to_have_count(1)
    expect(panel.locator("[role=log]")).to_have_attribute("aria-live", "polite")
    assert set(page.evaluate("__lives")) == {"off"}
    stub.say("agent", "¿Sigues ahí?", name="Ana")
    expect(panel.locator(".log .agent")).to_have_count(2)
    page.wait_for_function("__lives.at(-1) === 'polite'")
    assert panel.locator(".log .when:not([aria-live=off])").count() == 0


def test_a_person_hears_that_the_shopper_writes_and_the_bot_does_not(page: Page, stub: Stub) -> None:
    stub.modernize()
    panel = talk(page, stub)
    field = panel.locator(".composer textarea")
    field.press_sequentially("hola")
    assert stub.asked("/conversation/typing", "POST") == []
    stub.set_state(status="open", agent={"name": "Ana"})
    panel.locator(".line").filter(has_text="Ana").wait_for()
    # All keys in one task: a machine so busy that they take more than three seconds would rightly say it twice.
    field.evaluate(
        """(area, text) => {
            for (const one of text) {
                area.value += one
                area.dispatchEvent(new InputEvent('input', {bubbles: true, composed: true}))
            }
        }""",
        ", sigo aquí y escribo bastante",
    )
    wait_until(page, lambda: bool(stub.asked("/conversation/typing", "POST")))
    page.wait_for_timeout(300)
    assert len(stub.asked("/conversation/typing", "POST")) == 1, "once each three seconds"
