"""One WordPress per worker, put back after each test; the plugin as a merchant uploads it, and a counter beside it.

`wordpress` is the shop with WooCommerce's double alone, `shop` the one with our plugin active, `connected` the one that
a merchant has connected. Whatever a test is about, PHP said nothing during it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import Browser, BrowserContext
from wordpress_bed import PLUGIN, WordPress, build_zip, open_wordpress

if TYPE_CHECKING:
    from wordpress_counter import Counter


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WordPress]:
    """The installation itself: ask for `wordpress`, which is put back after the test."""
    with open_wordpress(tmp_path_factory.mktemp("wordpress")) as made:
        made.keep("bare")
        yield made


@pytest.fixture(scope="session")
def plugin_zip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The archive that a merchant uploads, built anew without an operator's address in it."""
    return build_zip(tmp_path_factory.mktemp("zip") / "mostrador.zip")


@pytest.fixture
def wordpress(request: pytest.FixtureRequest, installation: WordPress) -> Iterator[WordPress]:
    """WordPress with the double active and nothing of ours, unless the test asks for `shop` or `connected`: as it was
    made, whatever the tests before did. PHP has nothing to say about the whole test."""
    wanted = [state for state in ("connected", "shop") if state in request.fixturenames]
    installation.restore(next((state for state in wanted if installation.has(state)), "bare"))
    installation.forget()
    yield installation
    assert installation.log() == ""


@pytest.fixture
def shop(wordpress: WordPress, plugin_zip: Path) -> WordPress:
    """With our plugin active, connected to nobody."""
    if wordpress.state == "bare":
        wordpress.unzip_plugin(plugin_zip)
        wordpress.activate(PLUGIN)
        wordpress.keep("shop")
    return wordpress


@pytest.fixture(scope="session")
def counter(tmp_path_factory: pytest.TempPathFactory, installation: WordPress) -> Iterator[Counter]:
    """A real counter that has the shop as a store of its own."""
    from wordpress_counter import open_counter

    with open_counter(tmp_path_factory.mktemp("counter"), installation.url) as running:
        yield running


@pytest.fixture
def connected(shop: WordPress, counter: Counter) -> WordPress:
    """Connected as the server does it: by REST, with a key of the shop."""
    if shop.state != "connected":
        counter.connect(shop)
        shop.keep("connected")
    return shop


@pytest.fixture
def new_context(browser: Browser, wordpress: WordPress) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browsers: `new_context(user="ana")` is signed in. Nothing they saw failed, and no script complained."""
    made: list[BrowserContext] = []
    faults: list[str] = []

    def make(user: str = "", **look: Any) -> BrowserContext:
        context = browser.new_context(
            **{"locale": "es-CO", "viewport": {"width": 1200, "height": 900}, **look}
        )
        if user:
            signed_in = wordpress.sign_in(user)
            context.add_cookies(
                [
                    {"name": one.name, "value": one.value or "", "url": wordpress.url}
                    for one in signed_in.cookies
                ]
            )
        context.on("console", lambda said: said.type == "error" and faults.append(said.text))
        context.on("weberror", lambda error: faults.append(str(error.error)))
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()
    assert faults == []
