"""An owner lets a colleague go: out at once, never the last owner, and nobody else does it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_house import OURS, Counter, open_counter
from flask.testing import FlaskClient

from plugin.agents import AgentRow, AgentSessionRow, get_role, open_session
from plugin.care import agents_here, is_staffed
from plugin.database import ALL
from plugin.stores import StoreRow


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    with open_counter(tmp_path) as made:
        yield made


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example")


@pytest.fixture
def ana(counter: Counter, store: StoreRow) -> AgentRow:
    return counter.add_agent("Ana", store)


@pytest.fixture
def leo(counter: Counter, store: StoreRow) -> AgentRow:
    return counter.add_agent("Leo", store, role="agent")


def remove(browser: FlaskClient, store: StoreRow, agent: AgentRow, sure: str = "yes", **headers: str) -> Any:
    path = f"/desk/{store.public_id}/team/{agent.id}/remove"
    return browser.post(path, data={"sure": sure}, headers=headers or OURS)


def role(counter: Counter, store: StoreRow, agent: AgentRow) -> str | None:
    with counter.db.reading(ALL, "a role for a test") as tx:
        return get_role(tx, store.id, agent.id)


def ended(counter: Counter, agent: AgentRow) -> dict[int | None, bool]:
    """The store a session is bound to → whether it ended."""
    with counter.db.reading(ALL, "the sessions of a test") as tx:
        rows = tx.query(AgentSessionRow).filter(AgentSessionRow.agent_id == agent.id).all()
    return {row.bound_to: row.revoked_at is not None for row in rows}


def test_an_owner_removes_a_colleague_after_a_second_look(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow
) -> None:
    browser, theirs = counter.sign_in(ana), counter.sign_in(leo)
    page = browser.get(f"/desk/{store.public_id}/store").text
    path = f"/desk/{store.public_id}/team/{leo.id}/remove"
    assert f'href="{path}"' in page and 'aria-label="Remove Leo"' in page
    asked = browser.get(path).text
    assert "Remove Leo from" in asked and "leo@example.com" in asked and "This is you" not in asked
    assert "Remove Leo from" in remove(browser, store, leo, sure="").text
    assert role(counter, store, leo) == "agent"
    answer = remove(browser, store, leo)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("store?about=team&done=removed#team")
    page = browser.get(f"/desk/{store.public_id}/store?done=removed").text
    assert "no longer gets into the store" in page and "leo@example.com" not in page
    assert theirs.get(f"/desk/{store.public_id}/orders").status_code == 404
    assert theirs.get("/desk/account").status_code == 200
    assert remove(browser, store, leo).status_code == 404


def test_sessions_that_the_shop_s_word_opened_end_and_the_others_stay(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow
) -> None:
    other = counter.add_store("b.example")
    counter.sign_in(leo)
    with counter.db.transaction(ALL, "sessions for a test") as tx:
        for agent, bound in ((leo, store.id), (leo, other.id), (ana, store.id)):
            open_session(tx, agent.id, counter.clock.now(), "Firefox", bound_to=bound)
    remove(counter.sign_in(ana), store, leo)
    assert ended(counter, leo) == {None: False, store.id: True, other.id: False}
    assert not any(ended(counter, ana).values())


def test_an_open_page_of_who_is_removed_ends_by_itself(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.web.desk_live.LOOK_EVERY", 0.05)
    live = counter.sign_in(leo).get(f"/desk/{store.public_id}/live", buffered=False)
    lines = iter(live.response)
    assert b"refresh" in next(lines)
    remove(counter.sign_in(ana), store, leo)
    assert len([line for line in lines if b"list" in line or b"thread" in line]) == 0
    live.close()


def test_the_last_owner_stays(counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow) -> None:
    browser = counter.sign_in(ana)
    assert f"team/{ana.id}/remove" not in browser.get(f"/desk/{store.public_id}/store").text
    answer = remove(browser, store, ana)
    assert answer.status_code == 422 and "the last one cannot be removed" in answer.text
    assert role(counter, store, ana) == "owner"


def test_of_two_owners_one_may_go_and_is_told_who_it_is(counter: Counter, store: StoreRow, ana: AgentRow) -> None:
    eva, browser = counter.add_agent("Eva", store), counter.sign_in(ana)
    assert "This is you" in browser.get(f"/desk/{store.public_id}/team/{ana.id}/remove").text
    answer = remove(browser, store, ana)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")
    assert (role(counter, store, ana), role(counter, store, eva)) == (None, "owner")
    assert browser.get(f"/desk/{store.public_id}/store").status_code == 404
    assert remove(counter.sign_in(eva), store, eva).status_code == 422


def test_only_an_owner_removes_only_their_own_and_only_from_our_page(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow
) -> None:
    other = counter.add_store("b.example")
    eva = counter.add_agent("Eva", other)
    helper, foreign, owner = counter.sign_in(leo), counter.sign_in(eva), counter.sign_in(ana)
    before = counter.dump()["memberships"]
    assert remove(helper, store, ana).status_code == 403
    assert helper.get(f"/desk/{store.public_id}/team/{ana.id}/remove").status_code == 403
    assert "/remove" not in helper.get(f"/desk/{store.public_id}/store").text
    assert remove(foreign, store, leo).status_code == 404
    assert remove(foreign, other, leo).status_code == 404
    assert remove(counter.browser(), store, leo).status_code == 401
    for site in ("cross-site", "same-site"):
        assert remove(owner, store, leo, **{"Sec-Fetch-Site": site}).status_code == 403
    assert remove(owner, store, leo, Origin="https://evil.example").status_code == 403
    assert counter.dump()["memberships"] == before


def test_who_only_looks_on_is_nobody_a_shopper_can_wait_for(
    counter: Counter, store: StoreRow, ana: AgentRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.agents.people.ROLES", ("owner", "agent", "viewer"))
    here = counter.house.doors
    viewer = counter.add_agent("Vera", store, role="viewer")
    open_pages = [counter.sign_in(viewer).get(f"/desk/{store.public_id}/live", buffered=False) for _ in range(2)]
    lines = iter(open_pages[0].response)
    assert b"refresh" in next(lines)
    assert agents_here(here.care, store.id) == () and not is_staffed(here.care, store, here.clock.now())
    live = counter.sign_in(ana).get(f"/desk/{store.public_id}/live", buffered=False)
    assert agents_here(here.care, store.id) == ("Ana",) and is_staffed(here.care, store, here.clock.now())
    for page in (*open_pages, live):
        page.close()
    assert agents_here(here.care, store.id) == ()
