"""The hub's message form in a frame of a shop's page on another origin: sent there without JavaScript and without
cookies, accessible, fitting the smallest phone, light and dark; and no page of another origin shows it."""

from __future__ import annotations

import logging
import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from test_desk_pages import serve
from test_hub_pages import WORDS
from test_shopper_pages import faults
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import OURS, Counter, open_counter
from hub_house import EMAIL, add_hub
from test_hub_contact import REFERENCE, read_talks

from plugin.stores import StoreRow, get_store
from plugin.testing.servers import find_free_port

LOOK = "[getComputedStyle(document.documentElement).colorScheme, getComputedStyle(document.body).backgroundColor]"
VIEWS = (("es", 320, "light"), ("en", 1280, "dark"), ("pt", 390, "dark"))


@dataclass
class Place:
    """A counter that browsers reach, the shop's page at `shop`, and somebody else's at `other`: both show what the
    desk gives to be copied."""

    counter: Counter
    store: StoreRow
    base: str
    shop: str
    other: str

    def form(self, locale: str) -> str:
        return f"{self.base}/help/{self.store.public_id}/{locale}/contact/form"


@contextmanager
def run_page(port: int, bodies: dict[str, str]) -> Iterator[None]:
    """A page in each language, as a shop's theme has one."""

    @Request.application
    def answer(request: Request) -> Response:
        locale = request.path.strip("/")
        if locale not in bodies:
            return Response(status=204)
        return Response(
            f'<!doctype html><html lang="{locale}"><meta name="viewport" content="width=device-width">'
            f"<title>Barro y Sol</title><main><h1>Barro y Sol</h1>{bodies[locale]}</main>", mimetype="text/html",
        )  # fmt: skip

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", port, answer, threaded=True)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join(10)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    port, shop, other = (find_free_port() for _ in range(3))
    base, bodies = f"http://127.0.0.1:{port}", dict[str, str]()
    # Other hosts than ours, so that the frame is a third party's for every rule that a browser has.
    made = [f"http://localhost:{one}" for one in (shop, other)]
    with open_counter(tmp_path, base_url=base) as counter:
        store = add_hub(counter, accent="#a8431e", locale="es_CO")
        with counter.db.transaction(store.id) as tx:
            get_store(tx, store.id).origins = [made[0]]
        ana = counter.sign_in(counter.add_agent("Ana", store))
        bodies |= {locale: copy_frame(ana.get(f"/desk/{store.public_id}/contact", headers=OURS).text, locale)
                   for locale in ("es", "en", "pt")}  # fmt: skip
        with serve(counter, port), run_page(shop, bodies), run_page(other, bodies):
            yield Place(counter, store, base, *made)


def copy_frame(page: str, locale: str) -> str:
    """What a merchant copies at the desk."""
    [code] = re.findall(rf'<textarea id="frame-{locale}" readonly[^>]*>([^<]*)</textarea>', page)
    return str(code.replace("&lt;", "<").replace("&gt;", ">").replace("&#34;", '"').replace("&quot;", '"'))


def open_page(browser: Browser, view: tuple[str, int, str], scripts: bool) -> Page:
    locale, width, scheme = view
    context = browser.new_context(
        viewport={"width": width, "height": 1000}, color_scheme="dark" if scheme == "dark" else "light",
        locale=locale, java_script_enabled=scripts,
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(20_000)
    return page


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_a_shopper_writes_in_the_shop_s_page_without_javascript(
    place: Place, browser: Browser, view: tuple[str, int, str]
) -> None:
    words, page = WORDS[view[0]], open_page(browser, view, scripts=False)
    page.goto(f"{place.shop}/{view[0]}")
    frame = page.frame_locator("iframe")
    frame.get_by_label(words["message"]).fill("¿Hacéis envíos a Cali?")
    frame.get_by_label(words["email"]).fill(EMAIL)
    frame.get_by_role("button", name=words["send"], exact=True).click()
    expect(frame.get_by_role("heading", name=words["here"])).to_be_visible()
    shown = REFERENCE.findall(frame.locator("body").inner_text())
    [(talk, said)] = read_talks(place.counter)
    assert said == ["¿Hacéis envíos a Cali?"] and set(shown) == {talk.reference}
    assert page.url == f"{place.shop}/{view[0]}" and page.context.cookies() == []
    frame.get_by_role("link", name=words["requests"]).click()
    page.wait_for_url(f"{place.base}/help/{place.store.public_id}/{view[0]}/requests")
    page.context.close()


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_the_form_in_the_frame_is_accessible_and_fits(
    place: Place, browser: Browser, view: tuple[str, int, str]
) -> None:
    words, page = WORDS[view[0]], open_page(browser, view, scripts=True)
    page.goto(f"{place.shop}/{view[0]}")
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("button", name=words["send"], exact=True)).to_be_visible()
    # The frame's own document is looked into too.
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []
    inner = page.frames[1]
    assert inner.evaluate("document.documentElement.scrollHeight <= innerHeight"), "nothing of it is to be scrolled to"
    assert inner.evaluate(LOOK) == ["light", "rgb(255, 255, 255)"], "a shop's page is not dark because its reader's are"
    page.goto(place.form(view[0]))
    found = faults(page, "form")
    page.get_by_label(words["message"]).fill("Hola")
    page.get_by_label(words["email"]).fill(EMAIL)
    page.get_by_role("button", name=words["send"], exact=True).click()
    expect(page.get_by_role("heading", name=words["here"])).to_be_visible()
    assert found + faults(page, "sent") == []
    page.context.close()


def test_a_page_of_another_origin_shows_nothing_of_it(place: Place, browser: Browser) -> None:
    page, said = open_page(browser, VIEWS[0], scripts=True), list[str]()
    page.on("console", lambda one: said.append(one.text))
    with page.expect_event("console", lambda one: "frame-ancestors" in one.text):
        page.goto(f"{place.other}/es")
    assert page.frame_locator("iframe").get_by_role("button").count() == 0, said
    page.context.close()


def test_the_desk_s_button_copies_the_frame_and_is_not_there_without_javascript(
    place: Place, browser: Browser
) -> None:
    link = place.counter.mint_link(place.counter.add_agent("Luis", place.store, locale="es"))
    page = open_page(browser, ("es", 390, "light"), scripts=True)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=place.base)
    page.goto(f"{place.base}/sign-in/{link}")
    with page.expect_navigation():
        page.locator('form[action$="/sign-in/enter"] button').click()
    page.goto(f"{place.base}/desk/{place.store.public_id}/contact")
    page.get_by_role("button", name="Copiar: Español").click()
    expect(page.get_by_role("status").filter(has_text="Copiado.")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.locator("#frame-es").input_value()
    page.context.close()
