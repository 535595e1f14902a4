"""The pages about the connection in a real browser: checklist, doctor, statuses, store, whole and broken, in every look
and language."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import Counter, open_counter
from test_desk_pages import LOOKS, RULES, Desk, find_small_targets, serve

from adapters.demo import DemoAdapter
from faq_links import EXAMPLE_ANSWERS
from plugin.contract import (
    Capability,
    Finding,
    FindingState,
    OrderStatus,
    StatusWord,
    Step,
    Surface,
    SurfaceState,
    Words,
)
from plugin.stores import StoreRow, get_store
from plugin.stores.coverage import save_coverage, save_findings
from plugin.stores.status_words import learn_statuses
from plugin.stores.words import pack
from plugin.testing.factories import MOMENT
from plugin.testing.servers import find_free_port

SURFACES = (
    Surface(step=Step.home, state=SurfaceState.live, url="https://barro.example/"),
    Surface(step=Step.product, state=SurfaceState.live, url="https://barro.example/p"),
    Surface(step=Step.cart, state=SurfaceState.needs_step, url="https://barro.example/wp-admin",
            words="Tu plugin de caché retrasa nuestro script. Exclúyelo en sus ajustes."),
    Surface(step=Step.checkout, state=SurfaceState.live, url="https://barro.example/checkout"),
    Surface(step=Step.thank_you, state=SurfaceState.live),
    Surface(step=Step.review, state=SurfaceState.not_possible, words="Tu tienda no tiene esta página."),
    Surface(step=Step.account, state=SurfaceState.live, url="https://barro.example/account"),
)  # fmt: skip
FINDINGS = (
    Finding(key="authorization", state=FindingState.good),
    Finding(key="permalinks", state=FindingState.good),
    Finding(key="webhooks", state=FindingState.mended, words="2 avisos estaban apagados y los hicimos de nuevo."),
    Finding(key="cron", state=FindingState.trouble, url="https://barro.example/wp-admin/tools",
            words="Las tareas de WordPress no corren desde hace 5 horas: los avisos de pedidos llegan tarde. Pide a tu "
                  "hosting un cron de verdad."),
    Finding(key="clock", state=FindingState.unknown, words="Tu tienda no dice qué hora es."),
)  # fmt: skip
WORDS = (
    StatusWord(raw_status="processing", name="En proceso", known=True),
    StatusWord(raw_status="completed", name="Completado", known=True),
    StatusWord(raw_status="despachado", name="Despachado por Servientrega"),
    StatusWord(raw_status="alistando", name="En alistamiento"),
    StatusWord(raw_status="esperando-a-que-el-proveedor-mande", name="Esperando a que el proveedor mande"),
)
PAGES = ("", "store", "statuses", "doctor")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    port = find_free_port()
    base = f"http://127.0.0.1:{port}"
    with open_counter(tmp_path, base_url=base) as counter, serve(counter, port):
        made = fill(counter, base)
        yield made
        assert made.complaints == []


def fill(counter: Counter, base: str) -> Desk:
    store = counter.add_store(
        "barro.example", name="Barro y Sol", live_at=None, answers={"es": dict(EXAMPLE_ANSWERS["es"])}, recovered=3,
        repaired=2, reconciled_at=MOMENT, orders_checked_at=MOMENT, mail_mode="extra_only",
        platform_mails=["order_received", "shipped", "refunded"],
        capabilities=[Capability.BACKFILL.value, Capability.MAIL_LEASE.value],
    )  # fmt: skip
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        save_coverage(row, SURFACES)
        save_findings(row, FINDINGS, MOMENT)
        learn_statuses(tx, store.id, WORDS)
    order = counter.add_order(store, status=OrderStatus.unknown, raw_status="despachado")
    ana = counter.add_agent("Ana", store)
    return Desk(counter, base, store, ana, order, "", "")


def change(desk: Desk, **values: object) -> None:
    with desk.counter.db.transaction(desk.store.id) as tx:
        row: StoreRow = get_store(tx, desk.store.id)
        for name, value in values.items():
            setattr(row, name, value)


def check(page: Page, url: str, picture: str = "") -> None:
    page.goto(url)
    folder = os.environ.get("DESK_PICTURES", "")
    if folder and picture:
        page.screenshot(path=f"{folder}/{picture}.png", full_page=True)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in found] == [], url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, url
    assert find_small_targets(page) == [], url


@pytest.mark.parametrize("look", LOOKS)
def test_every_page_about_the_connection_is_for_everybody_and_fits(browser: Browser, desk: Desk, look: str) -> None:
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context)
    for path in PAGES:
        check(page, desk.url(path), f"{look}-whole-{path or 'home'}")
    change(
        desk, status="parked", mail_mode="all", live_at=MOMENT, examined_at=None, findings=[], coverage=[],
        trouble=pack(Words("The shop answered that our key was deleted. Connect it again.")),
    )  # fmt: skip
    for path in PAGES:
        check(page, desk.url(path), f"{look}-broken-{path or 'home'}")
    context.close()


@pytest.mark.parametrize("look", LOOKS)
def test_letting_a_colleague_go_and_mails_on_their_way_back_fit_too(browser: Browser, desk: Desk, look: str) -> None:
    long = desk.counter.add_agent("Maximiliana-Esperanza-de-los-Remedios-Villavicencio", desk.store, role="agent")
    change(desk, mails_leased_until=MOMENT + timedelta(minutes=40))
    context = browser.new_context(**LOOKS[look])
    page = desk.open(context)
    check(page, desk.url("store"), f"{look}-team")
    assert page.locator("#go-live .notice-warn").count() == 1
    with page.expect_navigation():
        page.locator("#team a").click()
    check(page, desk.url(f"team/{long.id}/remove"), f"{look}-remove")
    page.locator("button[name=sure]").click()
    page.wait_for_url("**/team?about=people&done=removed")
    assert page.locator(".people li").count() == 1
    context.close()


@pytest.mark.parametrize("language", ["Español", "Português"])
def test_every_page_fits_in_every_language(browser: Browser, desk: Desk, language: str) -> None:
    context = browser.new_context(**LOOKS["320 px"])
    page = desk.open(context)
    page.goto(f"{desk.base}/desk/account")
    page.get_by_role("button", name=language).click()
    expect(page.locator("html")).not_to_have_attribute("lang", "en")
    for path in PAGES:
        check(page, desk.url(path), f"{language}-{path or 'home'}")
    context.close()


def test_the_doctor_s_answer_appears_without_loading_the_page(
    browser: Browser, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def examine(*_: object) -> Sequence[Finding]:
        return (Finding(key="cron", state=FindingState.good),)

    monkeypatch.setattr(DemoAdapter, "examine", examine)
    context = browser.new_context(**LOOKS["light"])
    page = desk.open(context, "doctor")
    page.get_by_role("button", name="Examine now").click()
    expect(page.locator("#findings-title")).to_have_text("The doctor is looking …")
    page.evaluate("window.stays = true")
    with page.expect_response("**/doctor/findings?looks=*"):
        pass
    desk.counter.run_jobs()
    expect(page.locator("#findings-title")).to_have_text("Nothing is wrong")
    expect(page.locator(".findings li")).to_have_count(1)
    expect(page.get_by_role("status").first).to_have_text("Nothing is wrong")
    assert page.evaluate("window.stays") is True
    context.close()


def test_statuses_are_confirmed_without_scripts(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(java_script_enabled=False, **LOOKS["390 px dark"])
    page = desk.open(context, "statuses")
    page.get_by_role("button", name="Confirm all guesses").click()
    expect(page.get_by_role("status").first).to_contain_text("Confirmed")
    expect(page.locator(".status-list .tag-ok")).to_have_count(2)
    card = page.locator(".status-list li").filter(has_text="proveedor")
    card.get_by_role("combobox").select_option(label="Being prepared in the shop")
    card.get_by_role("button", name="Confirm").click()
    expect(page.locator(".status-list .tag-ok")).to_have_count(3)
    context.close()
