"""What only a platform needs of its merchant, on the store's page at the desk: texts to copy, a thing to confirm."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from desk_house import OURS, Counter, open_counter

from plugin.stores import StoreRow, get_store
from plugin.testing.factories import MOMENT

PAPER = "paper=paper_shop:Paper"
CONFIRM = {"confirm": "policy_links"}


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with open_counter(tmp_path, adapters=PAPER) as made:
        yield made


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("one.example", platform="paper", credentials={"key": "1"}, kept={"plan_seen": "x"})


def read_kept(counter: Counter, store: StoreRow) -> dict[str, str]:
    with counter.db.reading(store.id) as tx:
        return dict(get_store(tx, store.id).kept)


def test_an_owner_copies_the_texts_and_confirms_and_the_pages_are_counted_anew(
    counter: Counter, store: StoreRow
) -> None:
    ana = counter.sign_in(counter.add_agent("Ana", store))
    page = f"/desk/{store.public_id}/store"
    text = ana.get(page).text
    assert "Copy each text into its policy." in text and "Questions? &lt;a&gt; https://help.example" in text
    assert 'href="https://one.example/policies"' in text and "javascript:1" not in text
    answer = ana.post(f"{page}/sections", data=CONFIRM, headers=OURS)
    assert answer.status_code == 303 and answer.location.endswith("#about-policy_links")
    assert read_kept(counter, store) == {"plan_seen": "x", "policy_links": MOMENT.isoformat()}
    counter.run_jobs()
    text = ana.get(page).text
    assert "1 by a link in your policies" in text and 'name="withdraw" value="policy_links"' in text
    assert ana.post(f"{page}/sections", data={"withdraw": "policy_links"}, headers=OURS).status_code == 303
    assert read_kept(counter, store) == {"plan_seen": "x"}


@pytest.mark.parametrize("form", [
    {}, {"confirm": "plan"}, {"confirm": "plan_seen"}, {"withdraw": "plan_seen"}, {"confirm": "../x"},
    {"mail_mode": "all"}, {"confirm": "policy_links", "withdraw": "policy_links"},
    {"confirm": "policy_links", "mail_mode": "all"},
])  # fmt: skip
def test_nothing_is_confirmed_that_no_section_asks_for(
    counter: Counter, store: StoreRow, form: dict[str, str]
) -> None:
    ana = counter.sign_in(counter.add_agent("Ana", store))
    assert ana.post(f"/desk/{store.public_id}/store/sections", data=form, headers=OURS).status_code == 422
    assert read_kept(counter, store) == {"plan_seen": "x"}


def test_an_agent_reads_it_and_a_stranger_to_the_store_does_not(counter: Counter, store: StoreRow) -> None:
    page = f"/desk/{store.public_id}/store"
    luis = counter.sign_in(counter.add_agent("Luis", store, role="agent"))
    assert "Links in your policies" in luis.get(page).text and CONFIRM["confirm"] + '">' not in luis.get(page).text
    other = counter.sign_in(counter.add_agent("Eva", counter.add_store("two.example")))
    for browser, status in ((luis, 403), (other, 404)):
        assert browser.post(f"{page}/sections", data=CONFIRM, headers=OURS).status_code == status
    owner = counter.sign_in(counter.add_agent("Ana", store))
    assert owner.post(f"{page}/sections", data=CONFIRM).status_code == 403
    assert read_kept(counter, store) == {"plan_seen": "x"}
