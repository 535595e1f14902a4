"""Requests name their customer by address, id or orders, and each leaves one receipt that names nobody."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from privacy_scene import (
    EMAIL,
    NAME,
    OTHER,
    SAID,
    add_order,
    everything,
    fill,
    list_subjects,
    look,
    open_house,
    promise,
    run_privacy_jobs,
    talk,
)

from plugin.app import House, build_house
from plugin.cli import main
from plugin.database import ALL
from plugin.orders import find_order, view_order
from plugin.privacy import (
    ask_for_customer,
    erase_customer,
    export_customer,
    list_receipts,
    list_requests,
    list_waiting,
)
from plugin.settings import PREFIX, fresh_keys, load_settings
from plugin.stores import StoreRow
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_store

ERASE, COPY = "privacy.erase_customer", "privacy.export_customer"


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = open_house(database_url)
    yield opened
    opened.db.close()


def read_names(house: House, store: StoreRow) -> list[str]:
    """Who still stands in the orders, oldest first."""
    names = []
    with house.db.reading(store.id) as tx:
        for external_id in ("5001", "5002", "5003"):
            row = find_order(tx, store.id, external_id)
            assert row is not None
            names.append(view_order(tx, row).order.customer_name)
    return names


@pytest.mark.parametrize(
    ("named", "left"),
    [
        ({"email": EMAIL}, ["", "", "Otra"]),
        ({"customer_id": "c7"}, ["", "", "Otra"]),
        ({"orders": ["5001"]}, ["", NAME, "Otra"]),
        ({"orders": ["5001", "no such", ""]}, ["", NAME, "Otra"]),
        ({"email": OTHER, "customer_id": "", "orders": ["5002"]}, [NAME, "", ""]),
        ({"email": "", "customer_id": "c7", "orders": ["5003"]}, ["", "", ""]),
    ],
)
def test_a_customer_is_found_by_any_of_the_three(house: House, named: dict[str, Any], left: list[str]) -> None:
    store = fill(house)
    promise(house, store, ERASE, **named)
    assert run_privacy_jobs(house) == 1
    assert read_names(house, store) == left
    with house.db.reading(store.id) as tx:
        [receipt] = [one for one in list_requests(tx, store.id) if one.kind == "erasure"]
    assert receipt.public_id.startswith("pr_") and receipt.counts["orders"] == left.count("")
    assert receipt.email_index == "" and receipt.copy is None


def test_bodies_about_an_order_that_never_reached_us_are_emptied(house: House) -> None:
    from plugin.orders import Receipt

    store = make_store(house.db)
    with house.db.transaction(store.id) as tx:
        tx.add(Receipt(store_id=store.id, topic="order", delivery=b'{"name": "Alma"}', received_at=MOMENT,
                       order_external_id="9009", outcome="buried", applied_at=MOMENT))  # fmt: skip
    assert erase_customer(house.db, store.id, orders=["9009"])["receipts"] == 1
    assert "Alma" not in everything(house)


def test_who_is_not_known_leaves_a_receipt_of_zeroes(house: House) -> None:
    store = fill(house)
    promise(house, store, ERASE, email="nobody@example.com", customer_id="c999")
    promise(house, store, COPY, email="nobody@example.com")
    run_privacy_jobs(house)
    with house.db.reading(store.id) as tx:
        copy, erasure = list_requests(tx, store.id)[:2]
    assert (copy.kind, erasure.kind) == ("copy", "erasure")
    assert set(erasure.counts.values()) == set(copy.counts.values()) == {0}
    assert read_names(house, store) == [NAME, NAME, "Otra"]


@pytest.mark.parametrize("kind", [ERASE, COPY])
def test_a_request_that_names_nobody_rests_with_words(house: House, kind: str) -> None:
    store = fill(house)
    promise(house, store, kind, email=" ", customer_id="", orders=[])
    run_privacy_jobs(house)
    with house.db.reading(store.id) as tx:
        [waiting] = list_waiting(tx, house.db, store.id)
        assert [one.kind for one in list_requests(tx, store.id)] == ["copy"]
    assert waiting.buried and waiting.is_nobody
    assert waiting.words == "The request names no e-mail address, no customer and no order. Nothing was done."
    assert read_names(house, store) == [NAME, NAME, "Otra"]


def test_the_time_of_asking_is_the_one_that_was_told(house: House) -> None:
    store = fill(house)
    asked_at = MOMENT - timedelta(days=9)
    promise(house, store, ERASE, email=EMAIL, asked_at=asked_at.isoformat())
    run_privacy_jobs(house)
    with house.db.reading(store.id) as tx:
        receipt = list_requests(tx, store.id)[0]
    assert (receipt.asked_at, receipt.done_at) == (asked_at, MOMENT)


def test_an_owner_s_own_request_says_so_and_knows_its_receipt(house: House) -> None:
    store = fill(house)
    with house.db.transaction(store.id) as tx:
        public_id = ask_for_customer(tx, house.db, store.id, "erasure", EMAIL, MOMENT)
    with house.db.reading(store.id) as tx:
        assert [one.kind for one in list_waiting(tx, house.db, store.id)] == ["own_erasure"]
    run_privacy_jobs(house)
    with house.db.reading(store.id) as tx:
        receipt = list_requests(tx, store.id)[0]
        assert list_waiting(tx, house.db, store.id) == []
    assert (receipt.public_id, receipt.kind, receipt.counts["orders"]) == (public_id, "own_erasure", 2)


@pytest.mark.parametrize("asked", [{"email": EMAIL}, {"customer_id": "c7"}, {"orders": ["5001"]}])
def test_a_later_erasure_takes_every_copy_by_whatever_name_it_was_asked(house: House, asked: dict[str, Any]) -> None:
    store = fill(house)
    promise(house, store, COPY, **asked)
    promise(house, store, COPY, email=OTHER)
    run_privacy_jobs(house)
    promise(house, store, ERASE, email=EMAIL)
    run_privacy_jobs(house)
    with house.db.reading(store.id) as tx:
        copies = [one.copy for one in list_requests(tx, store.id) if one.copy is not None]
    assert len(copies) == 1 and json.loads(copies[0])["addresses"] == [OTHER]
    assert EMAIL not in everything(house)


def test_a_copy_tells_when_it_was_looked_at_and_names_no_colleague(house: House) -> None:
    store = make_store(house.db)
    row = add_order(house, store, "5001")
    public_id = talk(house, store, SAID, row.id)
    look(house, store, "order", "5001")
    look(house, store, "conversation", public_id)
    look(house, store, "order", "#777")
    looks = export_customer(house.db, store.id, EMAIL)["looks"]
    assert [(one["kind"], one["subject"], one["person"]) for one in looks] == [
        ("order", "5001", 1), ("conversation", public_id, 2),
    ]  # fmt: skip
    assert looks[0]["at"] == MOMENT.isoformat() and "counter.example" not in json.dumps(looks)


def test_the_log_keeps_numbers_and_ids_but_nothing_that_was_typed(house: House) -> None:
    store = fill(house)
    look(house, store, "mail", "busco a palma@example.com")
    before = list_subjects(house, store)
    assert EMAIL in before["search"]
    erase_customer(house.db, store.id, EMAIL)
    after = list_subjects(house, store)
    assert after == {**before, "search": ""} and after["mail"] == "busco a palma@example.com"


def test_the_operator_s_command_tells_receipts_and_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from plugin.database import migrate

    url = f"sqlite:///{tmp_path / 'shop.db'}"
    migrate(url)
    monkeypatch.chdir(tmp_path)
    for name, value in (fresh_keys() | {f"{PREFIX}DATABASE_URL": url}).items():
        monkeypatch.setenv(name, value)
    run = CliRunner().invoke
    assert run(main, ["privacy", "receipts"]).output == "No store was erased so far.\n"
    house = build_house(load_settings(), FrozenClock(MOMENT))
    store = fill(house)
    promise(house, store, ERASE, email=EMAIL, asked_at=MOMENT.isoformat())
    run_privacy_jobs(house)
    promise(house, store, COPY, email=" ")
    told = run(main, ["privacy", "requests", store.public_id])
    assert told.exit_code == 0 and "erasure" in told.output and "orders 2" in told.output and EMAIL not in told.output
    assert told.output.startswith("waiting")
    printed = run(main, ["privacy", "requests", store.public_id, "--json"]).output
    lines = [json.loads(line) for line in printed.splitlines()]
    kinds = [(one["kind"], one["done"] is None) for one in lines]
    assert kinds == [("copy", True), ("erasure", False), ("copy", False)]
    promise(house, store, "privacy.erase_store")
    run_privacy_jobs(house)
    with house.db.reading(ALL, "the receipt") as tx:
        [receipt] = list_receipts(tx)
    house.db.close()
    one = json.loads(run(main, ["privacy", "receipts", "--json"]).output)
    assert (one["id"], one["why"], one["counts"]["orders"]) == (receipt.public_id, "asked", 3)
    assert receipt.public_id in run(main, ["privacy", "receipts"]).output
    missing = run(main, ["privacy", "requests", "st_nothing"])
    assert missing.exit_code == 1 and "There is no store st_nothing" in missing.output
