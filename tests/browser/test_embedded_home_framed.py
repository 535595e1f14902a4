"""The embedded home in a real browser, inside the frame of a back office on another origin."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, expect
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

sys.path.insert(0, str(Path(__file__).parents[1] / "flows"))
from desk_house import Counter, open_counter
from paper_shop import Paper
from test_desk_pages import LOOKS, RULES, find_small_targets, serve

from plugin.contract import Finding, FindingState, HomeFrame, Store
from plugin.stores import as_contract, get_store
from plugin.stores.coverage import save_coverage, save_findings
from plugin.testing.factories import MOMENT
from plugin.testing.servers import find_free_port

BRIDGE = "window.bridge = {loaded: document.querySelectorAll('link[rel=stylesheet]').length};"
OWNER = "one.example|marta@shop.example|owner"
STAFF = "one.example|luis@shop.example|staff"


@dataclass
class Office:
    """The platform's back office on its own origin: it frames what is named, and serves the platform's script."""

    counter: Counter
    base: str
    origin: str
    complaints: list[str] = field(default_factory=list)

    def address(self, token: str = OWNER, locale: str = "en") -> str:
        return f"{self.base}/p/paper/home?{urlencode({'token': token, 'locale': locale})}"

    def open(self, context: BrowserContext, **who: str) -> Page:
        """The home in a tab of its own, for what looks at one document."""
        page = context.new_page()
        page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.address(**who))
        return page

    def frame(self, context: BrowserContext, **who: str) -> tuple[Page, FrameLocator]:
        page = context.new_page()
        page.on("console", lambda said: said.type in ("error", "warning") and self.complaints.append(said.text))
        page.goto(f"{self.origin}/admin?{urlencode({'frame': self.address(**who)})}")
        return page, page.frame_locator("iframe")


@contextmanager
def run_office(port: int) -> Iterator[None]:
    @Request.application
    def answer(request: Request) -> Response:
        if request.path == "/bridge.js":
            return Response(BRIDGE, mimetype="text/javascript")
        if request.path == "/favicon.ico":
            return Response(status=204)
        page = Response(
            "<!doctype html><html lang=en><title>Back office</title><style>body{margin:0}iframe{border:0;width:100%;"
            "height:900px}</style><iframe title=Home allow=clipboard-write></iframe>", mimetype="text/html",
        )  # fmt: skip
        page.data = page.data.replace(b"<iframe ", b'<iframe src="' + request.args["frame"].replace(
            "&", "&amp;").encode() + b'" ')  # fmt: skip
        return page

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
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    port, there = find_free_port(), find_free_port()
    base, origin = f"http://127.0.0.1:{port}", f"http://localhost:{there}"
    monkeypatch.setattr(Paper, "origin", origin)
    monkeypatch.setattr(Paper, "make_frame", lambda self, store: frame_by(self, store, origin))
    listed = "paper=paper_shop:Paper"
    with open_counter(tmp_path, base_url=base, adapters=listed) as counter, serve(counter, port), run_office(there):
        row = counter.add_store(
            "one.example", platform="paper", credentials={"key": "k"}, live_at=None, mail_mode="extra_only",
            platform_mails=["order_received", "shipped", "delivered"], name="Barro y Sol",
        )  # fmt: skip
        with counter.db.transaction(row.id) as tx:
            store = get_store(tx, row.id)
            save_coverage(store, counter.house.doors.registry.get("paper").surfaces(as_contract(store)))
            save_findings(store, [Finding(key="clock", state=FindingState.trouble, words="Off.")], MOMENT)
        counter.write(row, "quiero una persona", person=True)
        made = Office(counter, base, origin)
        yield made
        assert made.complaints == []


def frame_by(adapter: Paper, store: Store, origin: str) -> HomeFrame:
    """The adapter's frame, with the back office of this test allowed."""
    made = FRAME(adapter, store)
    return HomeFrame(**{**vars(made), "frame_ancestors": (origin,)})


FRAME = Paper.make_frame


@pytest.mark.parametrize("locale", ["es", "en", "pt"])
@pytest.mark.parametrize("look", LOOKS)
def test_the_home_is_for_everybody_and_fits(browser: Browser, office: Office, look: str, locale: str) -> None:
    context = browser.new_context(**LOOKS[look])
    page = office.open(context, locale=locale, token=OWNER if locale != "pt" else STAFF)
    expect(page.get_by_role("heading", level=1)).to_have_text("Barro y Sol")
    found = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["target"], one["nodes"][0]["failureSummary"]) for one in found] == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert find_small_targets(page) == []
    if folder := os.environ.get("DESK_PICTURES"):
        page.screenshot(path=f"{folder}/home-{look.replace(' ', '-')}-{locale}.png", full_page=True)
    context.close()


def test_the_platform_s_script_runs_before_our_style_and_the_frame_is_theirs_alone(
    browser: Browser, office: Office
) -> None:
    context = browser.new_context(**LOOKS["light"])
    page, home = office.frame(context)
    expect(home.get_by_role("heading", level=1)).to_have_text("Barro y Sol")
    assert page.frames[1].evaluate("window.bridge.loaded") == 0
    stranger = context.new_page()
    stranger.goto(f"{office.origin.replace('localhost', '127.0.0.1')}/admin?{urlencode({'frame': office.address()})}")
    stranger.wait_for_timeout(500)
    assert "Barro y Sol" not in (stranger.frames[1].content() if len(stranger.frames) > 1 else "")
    context.close()


def test_forms_change_the_page_in_place(browser: Browser, office: Office) -> None:
    context = browser.new_context(**LOOKS["light"])
    _, home = office.frame(context)
    home.get_by_label("We write all of them: I have switched my shop's own off").check()
    home.get_by_role("button", name="Save: Which mails we send").click()
    expect(home.get_by_role("status").first).to_have_text("Saved.")
    expect(home.get_by_label("We write all of them: I have switched my shop's own off")).to_be_checked()
    home.get_by_role("button", name="I have done this: Links in your policies").click()
    expect(home.get_by_role("button", name="Take this back: Links in your policies")).to_be_visible()
    office.counter.run_jobs()
    page = office.open(context)
    expect(page.locator("#coverage-title")).to_contain_text("1 of 3 pages live, 1 by a link in your policies")
    context.close()


def test_texts_are_copied_and_the_desk_opens_beside_the_back_office(browser: Browser, office: Office) -> None:
    context: Any = browser.new_context(**LOOKS["light"])
    context.grant_permissions(["clipboard-read", "clipboard-write"], origin=office.base)
    _, home = office.frame(context)
    expect(home.get_by_label("Refund policy", exact=True)).to_have_value("Questions? <a> https://help.example")
    home.get_by_role("button", name="Copy: Refund policy").click()
    expect(home.get_by_text("Copied.")).to_be_visible()
    with context.expect_page() as opened:
        home.get_by_role("button", name="Open the desk", exact=True).click()
    opened.value.wait_for_url("**/desk/st_*/")
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("Hola, Marta")
    expect(home.get_by_role("heading", level=1)).to_have_text("Barro y Sol")
    context.close()


def test_without_scripts_the_page_says_so_and_a_form_changes_nothing(browser: Browser, office: Office) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(office.address())
    assert "<noscript><p" in page.content() and "This page needs scripts." in page.content()
    page.get_by_label("We write all of them").check()
    with page.expect_response("**/p/paper/home") as answer:
        page.get_by_role("button", name="Save: Which mails we send").click()
    assert answer.value.status == 401
    with office.counter.db.reading(1) as tx:
        assert get_store(tx, 1).mail_mode == "extra_only"
    context.close()
