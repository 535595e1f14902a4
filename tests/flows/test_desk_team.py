"""An owner changes what a colleague may, or lets them go: at once, never the last owner, and nobody else does it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from plugin.agents import AgentRow, AgentSessionRow, get_role, open_session
from plugin.care import agents_here, is_staffed
from plugin.database import ALL
from plugin.stores import StoreRow


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
    assert f'href="/desk/{store.public_id}/team"' in browser.get(f"/desk/{store.public_id}/store").text
    page = browser.get(f"/desk/{store.public_id}/team").text
    path = f"/desk/{store.public_id}/team/{leo.id}/remove"
    assert f'href="{path}"' in page and 'aria-label="Remove Leo"' in page
    asked = browser.get(path).text
    assert "Remove Leo from" in asked and "leo@example.com" in asked and "This is you" not in asked
    assert "Remove Leo from" in remove(browser, store, leo, sure="").text
    assert role(counter, store, leo) == "agent"
    answer = remove(browser, store, leo)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/team?about=people&done=removed")
    page = browser.get(answer.headers["Location"]).text
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
    page = browser.get(f"/desk/{store.public_id}/team").text
    assert f"team/{ana.id}/" not in page and "A store always has an owner" in page
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
    page = helper.get(f"/desk/{store.public_id}/team").text
    assert "ana@example.com" in page and not any(one in page for one in ("/remove", "<form", "/invite"))
    assert remove(foreign, store, leo).status_code == 404
    assert remove(foreign, other, leo).status_code == 404
    assert remove(counter.browser(), store, leo).status_code == 401
    for site in ("cross-site", "same-site"):
        assert remove(owner, store, leo, **{"Sec-Fetch-Site": site}).status_code == 403
    assert remove(owner, store, leo, Origin="https://evil.example").status_code == 403
    assert counter.dump()["memberships"] == before


# Roles


def give_role(browser: FlaskClient, store: StoreRow, agent: AgentRow, role: str, **headers: str) -> Any:
    path = f"/desk/{store.public_id}/team/{agent.id}/role"
    return browser.post(path, data={"role": role}, headers=headers or OURS)


def test_an_owner_changes_what_a_colleague_may(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow
) -> None:
    browser, theirs = counter.sign_in(ana), counter.sign_in(leo)
    talk = f"/desk/{store.public_id}/conversations/{counter.write(store, 'hola')}"
    words = {"text": "hola", "client_id": "00000000-0000-4000-8000-000000000000"}
    answer = give_role(browser, store, leo, "viewer")
    assert answer.status_code == 303 and "Saved." in browser.get(answer.headers["Location"]).text
    assert role(counter, store, leo) == "viewer"
    assert theirs.post(f"{talk}/reply", data=words, headers=OURS).status_code == 403
    assert theirs.get(talk).status_code == 200
    give_role(browser, store, leo, "agent")
    assert theirs.post(f"{talk}/reply", data=words, headers=OURS).status_code == 303
    assert theirs.post(f"/desk/{store.public_id}/store/preview", headers=OURS).status_code == 403
    give_role(browser, store, leo, "owner")
    assert theirs.post(f"/desk/{store.public_id}/store/preview", headers=OURS).status_code == 303


def test_the_last_owner_stays_owner_until_there_is_another(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow
) -> None:
    browser = counter.sign_in(ana)
    for lower in ("agent", "viewer"):
        answer = give_role(browser, store, ana, lower)
        assert answer.status_code == 422 and "make somebody else its owner first" in answer.text
    assert role(counter, store, ana) == "owner"
    give_role(browser, store, leo, "owner")
    assert give_role(browser, store, ana, "agent").status_code == 303
    assert role(counter, store, ana) == "agent"
    assert give_role(browser, store, leo, "agent").status_code == 403, "who is no owner any more changes nobody"


@pytest.mark.parametrize("odd", ["", "Owner", "admin", "owner ", "owner\x00", "viewer;owner"])
def test_a_role_that_is_none_changes_nothing(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow, odd: str
) -> None:
    before = counter.dump()["memberships"]
    answer = give_role(counter.sign_in(ana), store, leo, odd)
    assert answer.status_code == 422 and "Choose one of the roles" in answer.text
    assert counter.dump()["memberships"] == before


def test_only_an_owner_gives_roles_in_their_own_store_from_our_page(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow
) -> None:
    other = counter.add_store("b.example")
    foreign, helper, owner = (counter.sign_in(one) for one in (counter.add_agent("Eva", other), leo, ana))
    before = counter.dump()["memberships"]
    assert give_role(helper, store, leo, "owner").status_code == 403
    assert give_role(foreign, store, leo, "owner").status_code == 404
    assert give_role(foreign, other, leo, "owner").status_code == 404, "of their store there is no such person"
    assert give_role(counter.browser(), store, leo, "owner").status_code == 401
    assert give_role(owner, store, leo, "owner", **{"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert counter.dump()["memberships"] == before


def test_who_only_looks_is_not_at_the_counter(counter: Counter, store: StoreRow, leo: AgentRow) -> None:
    vera = counter.add_agent("Vera", store, role="viewer")
    care = counter.house.doors.care
    with counter.sign_in(vera).get(f"/desk/{store.public_id}/live", buffered=False) as live:
        assert b"refresh" in next(iter(live.response))
        assert agents_here(care, store.id) == ()
        with counter.sign_in(leo).get(f"/desk/{store.public_id}/live", buffered=False) as other:
            assert b"refresh" in next(iter(other.response))
            assert agents_here(care, store.id) == ("Leo",)


def test_an_open_page_is_made_anew_when_its_agent_s_role_changes(
    counter: Counter, store: StoreRow, ana: AgentRow, leo: AgentRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("plugin.web.desk_live.LOOK_EVERY", 0.05)
    live = counter.sign_in(leo).get(f"/desk/{store.public_id}/live", buffered=False)
    lines = iter(live.response)
    assert b"refresh" in next(lines)
    give_role(counter.sign_in(ana), store, leo, "viewer")
    assert len([line for line in lines if b"list" in line or b"thread" in line]) == 0
    live.close()


def test_whoever_only_looks_is_shown_nothing_that_writes(counter: Counter, store: StoreRow) -> None:
    """But signing out and their own account; what only owners change may be shown to them, locked."""
    browser = counter.sign_in(counter.add_agent("Vera", store, role="viewer"))
    talk, order = counter.write(store, "quiero una persona", person=True), counter.add_order(store)
    paths = ("", "conversations", f"conversations/{talk}", f"conversations/{talk}/about",
             f"conversations/{talk}/articles", "orders",
             f"orders/{order.id}", "shipments", "deliveries", "doctor", "hours", "learned", "store", "statuses",
             "answers", "", "team")  # fmt: skip
    for path in paths:
        answer = browser.get(f"/desk/{store.public_id}/{path}")
        assert answer.status_code == 200, path
        for form in re.findall(r"<form.*?</form>", answer.text, re.DOTALL):
            writes = re.search(r'method="post"|hx-post', form) is not None
            open_ones = re.findall(r"<button(?![^>]*disabled)[^>]*>", form)
            assert not (writes and open_ones), (path, form[:300])
        outside = re.sub(r"<form.*?</form>", "", answer.text, flags=re.DOTALL)
        assert re.findall(r'hx-post="(?!/desk/account/seen)[^"]*"', outside) == [], path


def test_who_only_looks_on_is_nobody_a_shopper_can_wait_for(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
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
