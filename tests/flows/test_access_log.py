"""Who looked at which shopper's data is written down, once per look, and only the store's owners read it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient
from sqlalchemy import select

from plugin.agents import AgentRow
from plugin.database import ALL
from plugin.orders import OrderRow
from plugin.privacy import KEEP_ACCESSES, AccessRow, erase_store, note_access, retain
from plugin.stores import StoreRow
from plugin.testing.factories import MOMENT
from plugin.web.desk_accesses import defuse


@pytest.fixture
def order(counter: Counter, store: StoreRow) -> OrderRow:
    return counter.add_order(store, external_id="5001", number="#1001")


@pytest.fixture
def browser(counter: Counter, ana: AgentRow) -> FlaskClient:
    return counter.sign_in(ana)


def list_looks(counter: Counter, store: StoreRow) -> list[tuple[str, str, str]]:
    """(agent, kind, subject) of every row, oldest first."""
    with counter.db.reading(store.id) as tx:
        rows = tx.scalars(select(AccessRow).where(AccessRow.store_id == store.id).order_by(AccessRow.id))
        return [(row.agent.partition("@")[0], row.kind, row.subject) for row in rows]


def note(counter: Counter, store: StoreRow, agent: AgentRow, kind: str, subject: str, at: Any = MOMENT) -> None:
    with counter.db.transaction(store.id) as tx:
        assert note_access(tx, store.id, agent, kind, subject, at)


def test_every_page_with_a_shopper_s_data_leaves_a_look(
    counter: Counter, store: StoreRow, order: OrderRow, browser: FlaskClient
) -> None:
    talk = counter.write(store, "hola", order_id=order.id)
    base = f"/desk/{store.public_id}"
    seen: list[list[tuple[str, str, str]]] = []
    for path in ("", "orders?number=none", "shipments", "store", "deliveries", "waiting", "orders",
                 f"orders/{order.id}", "conversations/list", f"conversations/{talk}/thread"):  # fmt: skip
        before = list_looks(counter, store)
        assert browser.get(f"{base}/{path}").status_code == 200, path
        seen.append(list_looks(counter, store)[len(before):])
    mine = "ana"
    assert seen == [
        [], [], [], [], [], [], [(mine, "list", "orders")], [(mine, "order", "#1001")],
        [(mine, "list", "conversations")], [(mine, "conversation", talk)],
    ]  # fmt: skip


def test_a_conversation_with_a_proven_order_is_a_look_at_both(
    counter: Counter, store: StoreRow, order: OrderRow, browser: FlaskClient
) -> None:
    talk = counter.write(store, "hola", order_id=order.id)
    from plugin.care import ConversationRow

    with counter.db.transaction(store.id) as tx:
        which = (ConversationRow.store_id == store.id, ConversationRow.public_id == talk)
        tx.scalars(select(ConversationRow).where(*which)).one().order_id = order.id
    assert browser.get(f"/desk/{store.public_id}/conversations/{talk}").status_code == 200
    assert {("ana", "conversation", talk), ("ana", "order", "#1001")} <= set(list_looks(counter, store))


def test_an_answer_from_the_page_is_a_look_too(counter: Counter, store: StoreRow, browser: FlaskClient) -> None:
    talk = counter.write(store, "hola", person=True)
    answer = browser.post(
        f"/desk/{store.public_id}/conversations/{talk}/reply", data={"text": ""}, headers=OURS
    )
    assert answer.status_code == 422 and ("ana", "conversation", talk) in list_looks(counter, store)


def test_looking_again_within_ten_minutes_is_one_look(
    counter: Counter, store: StoreRow, order: OrderRow, browser: FlaskClient
) -> None:
    leo = counter.sign_in(counter.add_agent("Leo", store, role="agent"))
    url = f"/desk/{store.public_id}/orders/{order.id}"
    for who, seconds in ((browser, 0), (browser, 599), (leo, 0), (browser, 1), (leo, 598)):
        counter.clock.advance(seconds)
        assert who.get(url).status_code == 200
    # Ana at 0, 599 and 600 s, Leo at 599 and 1198: ten minutes later it is another look.
    assert [who for who, _, _ in list_looks(counter, store)] == ["ana", "leo", "ana"]
    counter.clock.advance(1)
    leo.get(url)
    assert [who for who, _, _ in list_looks(counter, store)] == ["ana", "leo", "ana", "leo"]


def test_nobody_s_page_fails_when_the_log_cannot_be_written(
    counter: Counter, store: StoreRow, order: OrderRow, browser: FlaskClient, monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    def fail(*_: Any) -> bool:
        raise OSError("the disk is full")

    monkeypatch.setattr("plugin.web.desk_looks.note_access", fail)
    page = browser.get(f"/desk/{store.public_id}/orders/{order.id}")
    assert page.status_code == 200 and "Alma Ruiz" in page.text
    assert "could not be noted" in caplog.text and "Alma" not in caplog.text
    assert list_looks(counter, store) == []


def test_only_owners_read_the_log(counter: Counter, store: StoreRow, browser: FlaskClient) -> None:
    leo = counter.sign_in(counter.add_agent("Leo", store, role="agent"))
    for name in ("accesses", "accesses.csv"):
        assert leo.get(f"/desk/{store.public_id}/{name}").status_code == 403
        assert browser.get(f"/desk/{store.public_id}/{name}").status_code == 200
    assert "Access log" in browser.get(f"/desk/{store.public_id}/store").text
    assert "Access log" not in leo.get(f"/desk/{store.public_id}/store").text


def test_the_log_is_read_in_pages_of_a_hundred_newest_first(
    counter: Counter, store: StoreRow, ana: AgentRow, browser: FlaskClient
) -> None:
    for n in range(205):
        note(counter, store, ana, "order", str(9000 + n), MOMENT + timedelta(seconds=n // 3))
    url, found = f"/desk/{store.public_id}/accesses", []
    for _ in range(3):
        page = browser.get(url).text
        found.append([n for n in range(205) if f">{9000 + n}</a>" in page])
        older = page.partition('">Older</a>')[0].rpartition('href="')[2].replace("&amp;", "&")
        url = older if "before=" in older else ""
    assert [len(one) for one in found] == [100, 100, 5] and url == ""
    assert [n for one in found for n in sorted(one, reverse=True)] == list(range(204, -1, -1))


def test_the_log_is_filtered_by_person_and_by_subject_and_by_both(
    counter: Counter, store: StoreRow, ana: AgentRow, browser: FlaskClient
) -> None:
    leo = counter.add_agent("Leo", store, role="agent")
    for agent, subject in ((ana, "#1001"), (leo, "#1001"), (leo, "1002")):
        note(counter, store, agent, "order", subject)

    def show(**query: Any) -> list[tuple[str, str]]:
        text = browser.get(f"/desk/{store.public_id}/accesses.csv", query_string=query).get_data(as_text=True)
        rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
        assert rows[0] == ["at", "agent", "kind", "subject"]
        return [(row[1].partition("@")[0], row[3]) for row in rows[1:]]

    assert show(subject="1001") == show(subject=" #1001 ") == [("leo", "#1001"), ("ana", "#1001")]
    assert show(agent=leo.id) == [("leo", "1002"), ("leo", "#1001")]
    assert show(agent=leo.id, subject="1001") == [("leo", "#1001")]
    assert show(subject="100") == [] and len(show(agent="x'; --")) == 3
    page = browser.get(f"/desk/{store.public_id}/accesses?agent={leo.id}").text
    assert f'<option value="{leo.id}" selected>leo@example.com</option>' in page and ">#1001</a>" in page


def test_another_store_s_looks_are_nowhere(counter: Counter, store: StoreRow, browser: FlaskClient) -> None:
    other = counter.add_store("b.example")
    eva = counter.add_agent("Eva", other)
    note(counter, other, eva, "order", "7007")
    with counter.db.reading(ALL, "its row") as tx:
        row_id = tx.scalars(select(AccessRow.id)).one()
    for query in ("", "?subject=7007", f"?agent={eva.id}", f"?before={row_id + 1}", f"?before={row_id}"):
        page = browser.get(f"/desk/{store.public_id}/accesses{query}").text
        assert "eva@" not in page and ">7007<" not in page
    assert "7007" not in browser.get(f"/desk/{store.public_id}/accesses.csv").get_data(as_text=True)


HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "＝1"]


@pytest.mark.parametrize("cell", HOSTILE)
def test_no_cell_becomes_a_formula(cell: str) -> None:
    assert defuse(cell).startswith("'")
    assert [defuse(one) for one in ("#1001", "1001", "", "a=b", "'x")] == ["#1001", "1001", "", "a=b", "'x"]


def test_the_file_holds_a_shop_s_strangest_number_as_text(
    counter: Counter, store: StoreRow, browser: FlaskClient
) -> None:
    strange = '=HYPERLINK("https://evil.example","1")'
    row = counter.add_order(store, external_id="1", number=strange)
    assert browser.get(f"/desk/{store.public_id}/orders/{row.id}").status_code == 200
    answer = browser.get(f"/desk/{store.public_id}/accesses.csv")
    assert answer.mimetype == "text/csv" and answer.headers["Content-Disposition"].startswith("attachment")
    text = answer.get_data(as_text=True)
    assert text.startswith("\ufeff")
    assert list(csv.reader(io.StringIO(text[1:])))[1][2:] == ["order", f"'{strange}"]
    assert "<script" not in browser.get(f"/desk/{store.public_id}/accesses").text.partition("<main")[2]


def test_a_colleague_who_was_erased_stays_in_the_log_by_their_address(
    counter: Counter, store: StoreRow, browser: FlaskClient
) -> None:
    leo = counter.add_agent("Leo", store, role="agent")
    note(counter, store, leo, "order", "1001")
    with counter.db.transaction(ALL, "an agent is deleted") as tx:
        tx.delete(tx.get(AgentRow, leo.id))
    page = browser.get(f"/desk/{store.public_id}/accesses").text
    assert "leo@example.com" in page and "<option" in page and ">leo@example.com</option>" not in page


def test_a_look_is_kept_for_a_year_and_goes_with_its_store(
    counter: Counter, store: StoreRow, ana: AgentRow
) -> None:
    note(counter, store, ana, "order", "old", MOMENT)
    note(counter, store, ana, "order", "new", MOMENT + timedelta(days=1))
    counter.clock.move_to(MOMENT + KEEP_ACCESSES)
    assert "accesses" not in retain(counter.db, counter.clock)
    counter.clock.advance(1)
    assert retain(counter.db, counter.clock)["accesses"] == 1
    assert [subject for _, _, subject in list_looks(counter, store)] == ["new"]
    assert erase_store(counter.db, store.id)["accesses"] == 1
