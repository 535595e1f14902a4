"""The merchant sees what the bot learned and what the help offers along the purchase, in a real browser: every width,
by keyboard, without scripts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import open_counter
from test_desk_pages import LOOKS, RULES, Desk, fill, find_small_targets, serve

from plugin import help
from plugin.agents import set_locale
from plugin.contract import Step, Surface, SurfaceState
from plugin.database import ALL
from plugin.stores import get_store
from plugin.stores.coverage import save_coverage
from plugin.testing.factories import MOMENT
from plugin.testing.servers import find_free_port

FACTS = {
    "currency": "EUR", "countries": ["ES", "PT"],
    "payment_methods": [{"id": "cod", "title": "Contra reembolso"}, {"id": "card", "title": "Tarjeta"}],
}  # fmt: skip
WORDS = (
    ("cuando me mandan el paquetito", "delivery-times", "answered"),
    ("no me gusto el color lo puedo cambiar aunque ya lo haya abierto y usado una vez", "how-to-return", "corrected"),
    ("aceptan nequi", "payment-ways", "written"),
)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    port = find_free_port()
    base = f"http://127.0.0.1:{port}"
    with open_counter(tmp_path, base_url=base) as counter, serve(counter, port):
        made = fill(counter, base)
        teach(made)
        yield made
        assert made.complaints == []


def teach(desk: Desk) -> None:
    """Three lessons, one of them undone; clicks; a shop that told something, and a merchant who left it open."""
    counter, store = desk.counter, desk.store
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        row.facts = FACTS
        answers = {key: words for key, words in row.answers["es"].items() if key != "payment_ways"}
        row.answers = {"es": answers | {"delivery_areas": "toda España"}}
        save_coverage(row, [
            Surface(step=step, state=SurfaceState.live, url="https://barro.example/") for step in list(Step)[:9]
        ] + [
            Surface(step=Step.order_pay, state=SurfaceState.needs_step, words="Put the block on the page.",
                    url="https://barro.example/admin"),
            Surface(step=Step.thank_you, state=SurfaceState.not_possible, words="This page belongs to the platform."),
        ])  # fmt: skip
        for number, (text, article, how) in enumerate(WORDS):
            at = MOMENT - timedelta(days=number)
            last = help.teach(tx, row, article, "es", text, how, None, desk.ana.id, at)
        help.undo(tx, store.id, last.public_id, MOMENT)
    for number in range(12):
        help.count(counter.db, store.id, "delivery-costs", "es", "cart", "purchase", "clicked", MOMENT)
        if number % 4 == 0:
            help.count(counter.db, store.id, "delivery-costs", "es", "cart", "purchase", "helped", MOMENT)


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
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context, "learned")
    for path in ("learned", "coverage", "answers"):
        page.goto(desk.url(path))
        check(page)
        for part in page.locator("details").all():
            part.evaluate("part => { part.open = true; }")
        check(page)
    context.close()


def test_a_lesson_is_undone_and_taken_up_by_keyboard_and_without_scripts(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["middle"], java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{desk.base}/sign-in/{desk.counter.mint_link(desk.ana)}")
    with page.expect_navigation():
        page.get_by_role("button", name="Sign in").press("Enter")
    page.goto(desk.url("learned"))
    expect(page.get_by_role("heading", level=2, name="2 questions in use")).to_be_visible()
    first = page.get_by_role("row").nth(1)
    expect(first).to_contain_text(WORDS[0][0])
    first.get_by_role("button", name="Undo").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("Undone.")
    expect(page.get_by_role("heading", level=2, name="1 question in use")).to_be_visible()
    page.get_by_role("row").nth(1).get_by_role("button", name="Use it again").press("Enter")
    expect(page.get_by_role("heading", level=2, name="2 questions in use")).to_be_visible()
    page.get_by_label("The question, as a shopper writes it").fill("hola")
    page.get_by_label("Article that answers it").select_option("payment-ways")
    page.get_by_role("button", name="Teach").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("only a greeting")
    expect(page.get_by_label("Article that answers it")).to_have_value("payment-ways")
    check_words = page.get_by_label("The question, as a shopper writes it")
    check_words.fill("se puede con daviplata?")
    check_words.press("Enter")
    expect(page.get_by_role("row").nth(1)).to_contain_text("se puede con daviplata?")
    context.close()


def test_what_the_shop_told_is_read_with_its_question(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, "answers")
    box = page.locator("#payment_ways-es")
    expect(box).to_have_accessible_description(
        "Every way, separated by commas; also whether instalments are possible. Your shop says: Contra reembolso, "
        "Tarjeta Leave this empty to use it, or write your own words."
    )
    expect(page.locator("#delivery_areas-es-told")).to_contain_text("Your own words go before it.")
    context.close()
