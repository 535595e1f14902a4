"""The guide "How do I place an order?" on the help pages: its drawings are there, in their own light, on any screen."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from test_hub_pages import VIEWS, Looked, Place, place

__all__ = ["place"]

STANDING = "[...document.images].map(one => [one.complete && one.naturalWidth, one.getBoundingClientRect().right])"


@pytest.mark.parametrize("view", VIEWS, ids=str)
def test_every_step_has_its_drawing_and_the_page_is_accessible(
    place: Place, browser: Browser, view: tuple[str, int, str]
) -> None:
    locale, width, _ = view
    shopper = Looked(browser, *view)
    shopper.page.goto(place.hub(locale, "how-to-buy"))
    pictures = shopper.page.locator(".prose li img")
    for number in range(5):
        # They are loaded when they come near.
        pictures.nth(number).scroll_into_view_if_needed()
    shopper.page.wait_for_function("document.images.length === 5 && [...document.images].every(one => one.complete)")
    standing = shopper.page.evaluate(STANDING)
    assert [loaded for loaded, _ in standing] == [320] * 5 and all(right <= width for _, right in standing)
    shopper.look("guide")
    assert shopper.found == []
    shopper.close()
