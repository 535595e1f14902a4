"""When the message form comes in the panel, and what there is instead: whoever writes, or wants to chat, goes on."""

from __future__ import annotations

from extras_page import open_modern, press, talk
from form_page import ES, FORM, close_shop, each_language
from guest_page import focused, open_panel, say, visit
from playwright.sync_api import Page, expect
from widget_stub import Stub
from widget_stub_form import CONTACT


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


def test_beside_the_form_stand_hours_names_how_long_it_takes_and_what_becomes_of_the_data(
    page: Page, stub: Stub
) -> None:
    hours = {"open": False, "opens_at": "2026-11-23T14:00:00Z", "closes_at": None, "intervals": []}
    stub.modernize(available=False, agents=[], route="form", hours=hours, answer_seconds=200)
    page.clock.set_fixed_time("2026-11-22T20:00:00Z")
    panel = open_modern(page, stub, "chat")
    expect(panel.locator(".write")).to_contain_text("Quienes responden aquí: Ana y Luis.")
    expect(panel.locator(".log")).to_contain_text("Una persona suele responder en 4 min")
    expect(panel.locator(".head .quiet")).to_contain_text("Abrimos")
    expect(panel.locator(".write .foot a")).to_have_attribute("href", stub.boot["privacy_url"])
    assert panel.locator("#form-text").input_value() == ""


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


def test_with_the_form_the_panel_asks_again_who_is_there(page: Page, stub: Stub) -> None:
    page.clock.install()
    stub.modernize()
    panel = talk(page, stub)
    expect(panel.locator(".head")).to_contain_text("aquí ahora")
    stub.boot["available"] = False
    page.clock.fast_forward(25_000)
    stub.set_state(form=True, status="open")
    panel.locator("form.write").wait_for()
    expect(panel.locator(".head")).not_to_contain_text("aquí ahora")


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
