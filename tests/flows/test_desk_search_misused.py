"""The desk against misuse: links that search in somebody's name; searching, trying and previewing without end."""

from __future__ import annotations

from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient
from limits import RateLimitItemPerMinute
from sqlalchemy import select

from plugin.agents import AgentRow
from plugin.privacy import AccessRow
from plugin.stores import StoreRow
from plugin.web import desk_editor_form, desk_test_box
from plugin.web.desk_search import SEARCHES


def search(browser: FlaskClient, store: StoreRow, typed: str, came_from: str = "same-origin") -> tuple[int, str]:
    path = f"/desk/{store.public_id}/search"
    answer = browser.get(path, query_string={"q": typed}, headers={"Sec-Fetch-Site": came_from})
    return answer.status_code, answer.text


def list_looks(counter: Counter, store: StoreRow) -> list[tuple[str, str]]:
    with counter.db.reading(store.id) as tx:
        rows = tx.scalars(select(AccessRow).where(AccessRow.store_id == store.id))
        return [(row.kind, row.subject) for row in rows]


@pytest.mark.parametrize("came_from", ["cross-site", "same-site"])
def test_a_link_on_another_page_searches_nothing_in_the_agent_s_name(
    counter: Counter, store: StoreRow, ana: AgentRow, came_from: str
) -> None:
    counter.write(store, "la jarra azul")
    browser = counter.sign_in(ana)
    status, page = search(browser, store, "jarra", came_from)
    assert status == 200 and 'value="jarra"' in page and "<mark>" not in page
    assert list_looks(counter, store) == []
    for place in ("same-origin", "none"):
        assert "<mark>jarra</mark>" in search(browser, store, "jarra", place)[1]
    assert list_looks(counter, store) == [("search", "jarra")]


def test_an_agent_searches_thirty_times_a_minute_and_a_colleague_still_can(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    leo, browser = counter.sign_in(counter.add_agent("Leo", store, role="viewer")), counter.sign_in(ana)
    said = [search(browser, store, "jarra")[0] for _ in range(SEARCHES.amount + 1)]
    assert said == [200] * SEARCHES.amount + [429]
    status, page = search(browser, store, "jarra")
    assert status == 429 and "Try again in a few minutes" in page
    assert search(leo, store, "jarra")[0] == 200
    assert browser.get(f"/desk/{store.public_id}/search", headers=OURS).status_code == 200


@pytest.mark.parametrize(
    ("room", "limit", "method", "path"),
    [
        (desk_test_box, "TRIES", "GET", "test-box?q=cuanto+tarda"),
        (desk_editor_form, "PREVIEWS", "POST", "editor/preview"),
    ],
)
def test_trying_and_previewing_have_an_end_of_which_a_colleague_knows_nothing(
    counter: Counter, store: StoreRow, ana: AgentRow, monkeypatch: pytest.MonkeyPatch,
    room: Any, limit: str, method: str, path: str,
) -> None:  # fmt: skip
    assert getattr(room, limit) == RateLimitItemPerMinute(120)
    monkeypatch.setattr(room, limit, RateLimitItemPerMinute(3))
    leo = counter.sign_in(counter.add_agent("Leo", store, role="agent"))

    def ask(browser: FlaskClient) -> int:
        return browser.open(f"/desk/{store.public_id}/{path}", method=method, headers=OURS).status_code

    browser = counter.sign_in(ana)
    assert [ask(browser) for _ in range(4)] == [200] * 3 + [429]
    assert ask(leo) == 200
    assert browser.get(f"/desk/{store.public_id}/test-box", headers=OURS).status_code == 200
