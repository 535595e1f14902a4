"""The widget's guests: a stub server per test, and a browser that keeps pages for Back as a shopper's does."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from widget_stub import Stub


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Playwright turns the back-forward cache off; real browsers have it, and the widget must live with it."""
    return {**browser_type_launch_args, "ignore_default_args": ["--disable-back-forward-cache"]}


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A shop and a widget API of this test's own."""
    running = Stub()
    yield running
    running.close()
