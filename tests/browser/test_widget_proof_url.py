"""Who is logged in at the shop, asked of the shop's own server by the open panel; and the widget as one flat folder."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from guest_page import NOTHING_KEPT, checkout, open_panel, read_storage, visit, wait_until
from playwright.sync_api import Page, Route, expect
from widget_stub import PROOF, ROOT, STORE, Stub

ADDRESS = "/es/apps/mostrador/proof"
CDN = "https://cdn.shopify.com/extensions/0193-a1/mostrador-7/assets/"
LATER = "Date.now = (now => () => now() + %d)(Date.now)"


def put_proof(stub: Stub, answer: str = json.dumps({"proof": PROOF})) -> None:
    stub.put_page(ADDRESS, answer, {"Content-Type": "application/json"})


def test_before_the_panel_opens_nobody_is_asked_who_this_is(page: Page, stub: Stub) -> None:
    put_proof(stub)
    visit(page, stub, proof_url=ADDRESS)
    page.locator(".bubble").hover()
    page.wait_for_timeout(300)
    assert stub.asked(ADDRESS) == []
    assert read_storage(page) == NOTHING_KEPT


def test_the_shop_s_own_answer_brings_the_order(page: Page, stub: Stub) -> None:
    put_proof(stub)
    page.context.add_cookies([{"name": "cart", "value": "c1", "url": stub.shop}])
    visit(page, stub, proof_url=ADDRESS)
    panel = open_panel(page)
    expect(panel.locator(".card")).to_have_text("En caminoPedido 1042")
    (asked,) = stub.asked(ADDRESS)
    assert asked["headers"]["Cookie"] == "cart=c1"
    assert [r["body"] for r in stub.asked("/order", "POST")] == [{"proof": PROOF}]
    panel.locator("#chat").click()
    panel.locator("textarea").fill("¿Dónde está?")
    panel.locator("textarea").press("Enter")
    panel.locator(".bot").wait_for()
    assert stub.asked("/messages", "POST")[0]["body"]["proof"] == PROOF


def test_it_is_asked_again_only_after_ten_minutes(page: Page, stub: Stub) -> None:
    put_proof(stub)
    visit(page, stub, proof_url=ADDRESS)
    counts = []
    for later, due in ((0, 1), (9 * 60_000, 1), (2 * 60_000, 2)):
        page.evaluate(LATER % later)
        open_panel(page).locator(".card").wait_for()
        wait_until(page, lambda due=due: len(stub.asked(ADDRESS)) >= due)
        page.wait_for_timeout(150)  # for one that is not due
        counts.append(len(stub.asked(ADDRESS)))
        page.keyboard.press("Escape")
    assert counts == [1, 1, 2]


def test_a_proof_in_the_tag_is_enough(page: Page, stub: Stub) -> None:
    put_proof(stub)
    visit(page, stub, proof=PROOF, proof_url=ADDRESS)
    open_panel(page).locator(".card").wait_for()
    assert stub.asked(ADDRESS) == []


@pytest.mark.parametrize(
    "answer",
    ["", "<!doctype html><title>Contraseña</title>", "null", "7", '{"proof": null}', '{"proof": ""}', "[]"],
)
def test_an_answer_that_proves_nothing_is_quiet(page: Page, stub: Stub, answer: str) -> None:
    put_proof(stub, answer)
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    visit(page, stub, proof_url=ADDRESS)
    panel = open_panel(page)
    panel.locator(".row").first.wait_for()
    wait_until(page, lambda: len(stub.asked(ADDRESS)) == 1)
    page.wait_for_timeout(200)  # for what the answer might set off
    assert len(stub.asked(ADDRESS)) == 1
    expect(panel.locator("[role=tab]")).to_have_text(["Ayuda", "Chat"])
    assert (faults, stub.asked("/order", "POST")) == ([], [])


def test_another_origin_is_never_asked_nor_reached_through_ours(page: Page, stub: Stub) -> None:
    def send_away(route: Route) -> None:
        route.fulfill(status=302, headers={"Location": stub.api + "/elsewhere"})

    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.route("**" + ADDRESS, send_away)
    for number, address in enumerate((stub.api + "/elsewhere", ADDRESS, "//[", "javascript:0")):
        visit(page, stub, proof_url=address, steps=f"step{number}")
        open_panel(page).locator(".row").first.wait_for()
        page.wait_for_timeout(200)
    assert stub.asked("/elsewhere") == []
    assert faults == []


def test_as_one_flat_folder_the_loader_finds_its_panel_and_brings_all_words(
    page: Page, stub: Stub, tmp_path: Path
) -> None:
    node = shutil.which("node")
    assert node is not None
    built = [node, str(ROOT / "widget/build.mjs"), "--flat", str(tmp_path)]
    subprocess.run(built, check=True, capture_output=True, timeout=60)
    names = sorted(path.name for path in tmp_path.iterdir())
    loader = "mostrador-loader.js"
    assert [re.sub("[0-9a-f]{12}", "HASH", name) for name in names] == [
        "mostrador-contact-HASH.js", "mostrador-extras-HASH.js", loader, "mostrador-panel-HASH.js",
        "mostrador-watch-HASH.js",
    ]  # fmt: skip
    assert (tmp_path / loader).stat().st_size <= 10_000

    def give(route: Route) -> None:
        name = route.request.url.removeprefix(CDN).partition("?")[0]
        headers = {"Access-Control-Allow-Origin": "*", "Content-Type": "text/javascript"}
        route.fulfill(body=(tmp_path / name).read_bytes(), headers=headers)

    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith(CDN) else None)
    page.route(CDN + "*", give)
    put_proof(stub)
    for locale, word in (("pt-BR", "Ajuda"), ("en", "Help"), ("es", "Ayuda")):
        asked.clear()
        settings = f'<div id="mostrador-settings" hidden data-store="{STORE}" data-api="{stub.api}" data-steps="cart"'
        settings += f' data-locale="{locale}" data-proof-url="{ADDRESS}"></div>'
        visit(page, stub, checkout(settings + f'<script defer src="{CDN}mostrador-loader.js?v=17"></script>'))
        panel = open_panel(page)
        expect(panel.locator("#help")).to_have_text(word)
        panel.locator(".card").wait_for()
        # the order's card is of the second part of the panel
        assert [url.removeprefix(CDN) for url in asked] == ["mostrador-loader.js?v=17", names[3], names[1]]
    assert stub.asked(".json") == []
