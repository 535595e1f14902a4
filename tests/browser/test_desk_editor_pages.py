"""Articles are written, previewed and told in a real browser: every width, by keyboard, without scripts."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import open_counter
from test_desk_pages import LOOKS, RULES, Desk, fill, find_small_targets, serve

from plugin import help
from plugin.agents import set_locale
from plugin.database import ALL
from plugin.testing.factories import MOMENT
from plugin.testing.servers import find_free_port

QUESTIONS = ("grabas nombres en la taza?", "puedo poner mi nombre grabado en una taza", "tienen horno de leña?")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    port = find_free_port()
    base = f"http://127.0.0.1:{port}"
    with open_counter(tmp_path, base_url=base) as counter, serve(counter, port):
        made = fill(counter, base)
        made.waiting, *_ = [counter.write(made.store, words) for words in QUESTIONS]
        written = help.Written(
            "¿Hacen talleres?", "talleres-de-verano", "Sí.\n\n## Cuándo\n\n- Sábados\n- Domingos",
            section_title="Talleres de verano y otoño",
        )  # fmt: skip
        places = [(made.waiting, 1), (counter.write(made.store, "do you give pottery classes", locale="en"), 1),
                  *((counter.write(made.store, "dan clases los domingos?"), 1) for _ in range(2))]
        with counter.db.transaction(made.store.id) as tx:
            writer = help.Writer(made.ana.id, MOMENT)
            shown = help.show(tx, made.store.id, "talleres", "es", written, 0, writer, places)
            help.save_draft(tx, made.store.id, "talleres", "es", written, shown.version, writer)
            help.hide(tx, made.store.id, "gift-cards", writer)
        counter.clock.advance(10)
        counter.run_jobs()  # the questions are put together
        yield made
        assert made.complaints == []


PAGES = ("editor", "editor/new", "editor/new?conversation={waiting}&position=1",
         "editor/article?article=talleres&language=es", "editor/article?article=talleres&language=pt",
         "editor/article?article=gift-cards&language=en", "gaps", "gaps?state=dismissed", "test-box",
         "test-box?q=cuanto+tarda+el+envio&language=es", "test-box?q=zxcv&language=pt",
         "conversations/{waiting}")  # fmt: skip


def hide_section(desk: Desk, section: str) -> None:
    """Nothing of it is shown, in no language; a draft of one's own is not yet."""
    store, writer = desk.store, help.Writer(desk.ana.id, MOMENT)
    catalogue = help.catalogue_of(store)
    ids = [one.article_id for one in catalogue.articles("es") if one.section == section]
    with desk.counter.db.transaction(store.id) as tx:
        for one in ids:
            help.hide(tx, store.id, one, writer)
        draft = help.Written("¿Recogen en casa?", section, "Sí.")
        help.save_draft(tx, store.id, "recogida", "es", draft, 0, writer)


def check(page: Page) -> None:
    page.wait_for_load_state()
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in found] == [], page.url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, page.url
    assert find_small_targets(page) == [], page.url


@pytest.mark.parametrize(("look", "locale"), [
    ("320 px", "es"), ("390 px dark", "pt"), ("light", "en"), ("dark", "es"), ("middle", "pt"),
    ("forced colours", "en"),
])  # fmt: skip
def test_the_pages_fit_and_are_for_everybody(browser: Browser, desk: Desk, look: str, locale: str) -> None:
    with desk.counter.db.transaction(ALL, "the reader's language") as tx:
        set_locale(tx, desk.ana.id, locale)
    hide_section(desk, "returns")
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context, "editor")
    expect(page.locator(".whys")).to_have_count(2)  # one with the draft, one for the other languages
    for path in ("", *PAGES):
        page.goto(desk.url(path.format(waiting=desk.waiting)))
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        check(page)
    page.goto(desk.url("editor/article?article=talleres&language=es"))
    page.locator("form[action$='editor/take-away'] button").click()
    expect(page.locator("button[name='sure']")).to_be_visible()
    check(page)
    with page.expect_navigation():
        page.locator(".choices a.button").click()
    page.goto(desk.url("editor/new"))
    page.locator("#title").fill("hacen talleres")
    page.locator("#text").fill("{{nada}}\n\n![El horno](https://elsewhere.example/a.png)")
    page.locator("button[formaction$='editor/show']").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("#preview .no-picture strong")).to_have_text("El horno")
    expect(page.locator("#namesake a")).to_have_text("¿Hacen talleres?")
    check(page)
    desk.complaints[:] = [said for said in desk.complaints if "422" not in said]
    context.close()


def test_who_only_looks_reads_an_article(browser: Browser, desk: Desk) -> None:
    vera = desk.counter.add_agent("Vera", desk.store, role="viewer")
    for look in ("320 px", "dark"):
        context = browser.new_context(**LOOKS[look])
        page = context.new_page()
        page.goto(f"{desk.base}/sign-in/{desk.counter.mint_link(vera)}")
        with page.expect_navigation():
            page.get_by_role("button", name="Sign in").click()
        page.goto(desk.url("editor"))
        page.locator("#a-talleres a").first.click()
        expect(page.locator(".prose h4")).to_have_text("Cuándo")
        expect(page.locator(".facts")).to_contain_text("Talleres de verano y otoño")
        expect(page.locator("main").locator("form, button, input, textarea")).to_have_count(0)
        check(page)
        context.close()


def test_the_preview_follows_the_typing_and_keeps_the_caret(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, "editor/article?article=how-to-return&language=es")
    box, preview = page.get_by_label("Answer", exact=True), page.locator("#preview")
    expect(preview).to_contain_text("Tienes 30 días desde que lo recibes.")
    box.fill("## Pasos\n\n1. Uno\n2. **Dos**\n\n<img src=x onerror=window.ran=1>\n\n[x](javascript:window.ran=1)")
    expect(preview.locator("h4")).to_have_text("Pasos")
    expect(preview.locator("ol > li")).to_have_count(2)
    expect(preview).to_contain_text("<img src=x onerror=window.ran=1>")
    expect(preview).to_contain_text("Line 8: The link to “javascript:window.ran=1” would not be shown.")
    expect(box).to_be_focused()
    box.press("End")
    page.keyboard.type(" y más")
    expect(box).to_have_value("## Pasos\n\n1. Uno\n2. **Dos**\n\n<img src=x onerror=window.ran=1>\n\n"
                              "[x](javascript:window.ran=1) y más")  # fmt: skip
    page.get_by_label("Title: the question, as shoppers ask it").fill("Devolver <b>")
    expect(preview.locator("h3")).to_have_text("Devolver <b>")
    assert page.evaluate("window.ran") is None
    context.close()


def test_from_a_question_to_the_told_asker_by_keyboard_and_without_scripts(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["390 px dark"], java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{desk.base}/sign-in/{desk.counter.mint_link(desk.ana)}")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").press("Enter")
    page.goto(desk.url(f"conversations/{desk.waiting}"))
    page.get_by_role("link", name="Make an article of it").press("Enter")
    title = page.get_by_label("Title: the question, as shoppers ask it")
    expect(title).to_have_value("")
    expect(page.locator("#title-help q")).to_have_text("grabas nombres en la taza?")
    title.fill("¿Grabas nombres en la taza?")
    page.get_by_role("button", name="Show to shoppers").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Write the answer.")
    page.get_by_role("link", name="Write the answer.").press("Enter")
    expect(page.get_by_label("Answer", exact=True)).to_be_in_viewport()
    page.get_by_label("Answer", exact=True).fill("Sí, hasta **diez** letras.")
    page.get_by_role("button", name="Preview").press("Enter")
    expect(page.locator("#preview strong")).to_have_text("diez")
    page.get_by_role("button", name="Show to shoppers").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Shoppers read it from now on")
    page.get_by_role("button", name=re.compile("Send it.*Shopper")).press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Sent to 1 shopper.")
    page.locator("#tell").get_by_role("link", name="Shopper").press("Enter")
    expect(page.locator(".from-agent .said")).to_contain_text("Sí, hasta diez letras.")
    with context.expect_page() as opened:
        page.get_by_role("link", name="¿Grabas nombres en la taza?").press("Enter")
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("¿Grabas nombres en la taza?")
    context.close()


def test_questions_are_put_aside_and_the_bot_is_tried_by_keyboard(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["middle"])
    page = desk.open(context, "gaps")
    expect(page.locator(".gap-list > li")).to_have_count(3)
    page.get_by_role("button", name=re.compile("Not for us.*puedo poner")).press("Enter")
    expect(page.locator(".gap-list > li")).to_have_count(2)
    page.get_by_role("link", name="Not for us").press("Enter")
    page.get_by_role("button", name="Back to the open ones").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Back in the list.")
    page.goto(desk.url("test-box"))
    expect(page.get_by_label("Question", exact=True)).to_be_focused()
    page.keyboard.type("cuanto tarda en llegar mi pedido")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="The bot answers with this article.")).to_be_visible()
    expect(page.locator(".reasons > li")).not_to_have_count(0)
    context.close()
