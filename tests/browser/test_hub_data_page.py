"""What a talk keeps and for how long, in a real browser: every width, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect
from test_hub_pages import VIEWS, Place, place
from test_shopper_pages import faults

__all__ = ["place"]  # the fixture


@pytest.mark.parametrize(("locale", "width", "scheme"), VIEWS)
def test_the_page_is_for_everybody_and_fits(
    browser: Browser, place: Place, locale: str, width: int, scheme: str
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 844}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(place.hub(locale, "data"))
    expect(page.locator("h1")).to_be_visible()
    expect(page.locator(".facts div")).to_have_count(7)
    assert faults(page, f"data {locale} {width}") == []
    page.get_by_role("main").get_by_role("link").nth(1).click()
    expect(page).to_have_url(place.hub(locale, "contact"))
    context.close()
