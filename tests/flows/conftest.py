"""What most flows begin with: a counter with one store and its owner, or a shop with a page of one shopper."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_house import Counter, open_counter
from flask.testing import FlaskClient
from widget_shop import Page, Shop

from plugin.agents import AgentRow
from plugin.stores import StoreRow
from plugin.testing.clock import FrozenClock


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    """An instance on SQLite with nothing in it."""
    with open_counter(tmp_path) as made:
        yield made


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    """The counter's only store."""
    return counter.add_store("a.example")


@pytest.fixture
def ana(counter: Counter, store: StoreRow) -> AgentRow:
    """The store's owner."""
    return counter.add_agent("Ana", store)


@pytest.fixture
def client(counter: Counter, ana: AgentRow) -> FlaskClient:
    """Ana's browser, signed in."""
    return counter.sign_in(ana)


@pytest.fixture
def clock() -> FrozenClock:
    """Stands still unless a test moves it."""
    return FrozenClock()


@pytest.fixture
def shop(database_url: str, clock: FrozenClock) -> Iterator[Shop]:
    """A store whose articles are filled, on each engine."""
    made = Shop(database_url, clock)
    yield made
    made.close()


@pytest.fixture
def panel(shop: Shop) -> Page:
    """The widget on one page of one shopper."""
    return shop.page()
