"""The agent's own page stands in the frame of the store from which they came, and stays there."""

from __future__ import annotations

import re

import pytest
from desk_house import OURS, Counter

from plugin.agents import add_membership
from plugin.stores import StoreRow


def read_frame(page: str) -> list[str]:
    """The stores to whose pages the tabs lead."""
    tabs = re.findall(r'<nav class="tabs".*?</nav>', page, re.DOTALL)
    return sorted({one for nav in tabs for one in re.findall(r'href="/desk/([^/"]+)/', nav)})


@pytest.mark.parametrize("role", ["owner", "viewer"])
def test_it_stays_in_the_store_one_came_from_also_after_saving(counter: Counter, store: StoreRow, role: str) -> None:
    other = counter.add_store("b.example", name="Otra", time_zone="America/Bogota")
    ana = counter.add_agent("Ana", store, role=role)
    with counter.db.transaction(other.id) as tx:
        add_membership(tx, other.id, ana.id, role, counter.clock.now())
    browser = counter.sign_in(ana)
    counter.sign_in(ana)
    [mine] = re.findall(r'class="me" href="([^"]+)"', browser.get(f"/desk/{other.public_id}/orders").text)
    page = browser.get(mine)
    assert page.status_code == 200 and read_frame(page.text) == [other.public_id]
    assert re.search(r"Last seen: <time[^>]*>1:00", page.text), "18:00 UTC"
    [form] = re.findall(r'<form method="post" action="(/desk/account/name[^"]*)"', page.text)
    saved = browser.post(form, data={"name": "Ana María"}, headers=OURS)
    page = browser.get(saved.headers["Location"])
    assert "Ana María" in page.text and read_frame(page.text) == [other.public_id]
    assert read_frame(browser.get("/desk/account").text) == [], "came from none"


def test_a_store_that_is_not_theirs_is_no_frame_and_who_has_none_has_none(counter: Counter, store: StoreRow) -> None:
    theirs = counter.add_store("b.example")
    for named in (theirs.public_id, "st_AAAAAAAAAAAAAAAA", "\x00"):
        browser = counter.sign_in(counter.add_agent(f"A{named[3:6]}", store))
        page = browser.get("/desk/account", query_string={"store": named})
        assert page.status_code == 200 and read_frame(page.text) == []
    page = counter.sign_in(counter.add_agent("Eva")).get("/desk/account", query_string={"store": store.public_id})
    assert page.status_code == 200 and read_frame(page.text) == [] and store.name not in page.text
