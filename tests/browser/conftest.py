"""The widget's guests: a stub server per test.

For the purchases: one whole demo per module, shoppers with browsers of their own, and an agent at the desk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import DEFAULT_OPTIONS, Axe, AxeResults
from checkout_frame import enter, origin, shop
from playwright.sync_api import Browser, Page, expect
from purchase import DESKTOP, PATIENCE, Desk, Shopper, sign_in
from widget_stub import Stub

from plugin.testing.demo import Demo, open_demo

__all__ = ["enter", "origin", "shop"]  # the chat page in checkout

# Playwright's five seconds are not enough where four browsers and their servers share a small machine.
expect.set_options(timeout=PATIENCE * 1000)


def run_axe(axe: Axe, page: Page, context: Any = None, options: Any = DEFAULT_OPTIONS) -> AxeResults:
    """As `Axe.run`, but what axe says of all that is well stays in the page: telling it costs as much as finding it."""
    if page.evaluate("!window.axe"):
        page.evaluate(f"{axe.axe_script};0")
    how = axe._format_script_args(context=context, options=options)
    return AxeResults(page.evaluate(f"axe.run({how}).then(({{violations}}) => ({{violations}}))"))


@pytest.fixture(scope="session", autouse=True)
def only_violations() -> Iterator[None]:
    """Nobody here reads more of axe's answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Axe, "run", run_axe)
        yield


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A shop and a widget API of this test's own."""
    running = Stub()
    yield running
    running.close()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The counter and the demo shop, connected and live. A module's tests share it, each with an e-mail address of
    its own; not more, because the counter lets one network begin thirty conversations an hour."""
    with open_demo(tmp_path_factory.mktemp("demo"), settle_seconds=1, hold_seconds=60) as running:
        yield running


@pytest.fixture
def new_shopper(browser: Browser, demo: Demo) -> Iterator[Callable[..., Shopper]]:
    """Makes shoppers: `new_shopper(PHONE)`. Whatever a test is about, afterwards no policy was broken, nothing was
    said in a console and nothing was refused on any page they saw."""
    made: list[Shopper] = []

    def make(look: dict[str, Any], **more: Any) -> Shopper:
        made.append(Shopper(browser, demo, look, **more))
        return made[-1]

    yield make
    faults = [fault for shopper in made for fault in shopper.watch.faults]
    for shopper in made:
        shopper.close()
    assert faults == []


@pytest.fixture(scope="module")
def desk_state(browser: Browser, demo: Demo) -> Any:
    """The cookie of an agent who signed in by the one-time link."""
    context = browser.new_context()
    sign_in(context.new_page(), demo)
    kept = context.storage_state()
    context.close()
    return kept


@pytest.fixture
def desk(browser: Browser, demo: Demo, desk_state: Any) -> Iterator[Desk]:
    """An agent's browser, signed in, at the list of conversations."""
    context = browser.new_context(storage_state=desk_state, locale="es-ES", **DESKTOP)
    here = Desk(demo, context)
    here.open_list()
    yield here
    context.close()
    assert here.watch.faults == []
