"""An erasure whose process dies ends the same when it is run again: nothing is left, and there is one receipt."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from privacy_scene import (
    EMAIL,
    NAME,
    OTHER,
    SAID,
    copy_template,
    count_rows,
    everything,
    fill,
    free_leases,
    list_subjects,
    open_house,
    promise,
    run_privacy_jobs,
)
from sqlalchemy import select

from plugin.app import House
from plugin.database import ALL
from plugin.privacy import ErasureReceipt, PrivacyRequest
from plugin.stores import StoreRow
from plugin.work import claim
from plugin.work.models import Job

MOST_TRANSACTIONS = 120


class Killed(BaseException):
    """The process is gone: no handler of errors runs any more."""


@contextmanager
def die_after(house: House, transactions: int) -> Iterator[list[int]]:
    """Lets so many transactions be committed, and kills at the next. Gives how many there were."""
    real, seen = house.db.transaction, [0]

    def counted(*args: Any, **kwargs: Any) -> Any:
        seen[0] += 1
        if seen[0] > transactions:
            raise Killed
        return real(*args, **kwargs)

    house.db.transaction = counted
    try:
        yield seen
    finally:
        house.db.transaction = real


def run_killed(
    template: Path, folder: Path, kind: str, transactions: int, **named: Any
) -> tuple[House, StoreRow, bool]:
    """The scene after a job that died after so many transactions and was run again; whether it died."""
    house = open_house(copy_template(template, folder / f"{transactions}.db"))
    store = fill(house)
    promise(house, store, kind, **named)
    died = False
    with die_after(house, transactions):
        try:
            run_privacy_jobs(house)
        except Killed:
            died = True
    free_leases(house)
    run_privacy_jobs(house)
    return house, store, died


def list_requests_made(house: House) -> list[PrivacyRequest]:
    with house.db.reading(ALL, "the receipts") as tx:
        return list(tx.scalars(select(PrivacyRequest).where(PrivacyRequest.kind == "erasure")))


WHOM: list[dict[str, Any]] = [
    {"email": EMAIL},
    {"customer_id": "c7"},
    {"email": "", "customer_id": "", "orders": ["5001", "5002"]},
]


@pytest.mark.parametrize("named", WHOM, ids=["address", "customer", "orders"])
def test_a_customer_s_erasure_ends_the_same_wherever_it_was_interrupted(
    sqlite_template: Path, tmp_path: Path, named: dict[str, Any]
) -> None:
    ends, deaths = [], 0
    for transactions in range(MOST_TRANSACTIONS):
        house, store, died = run_killed(sqlite_template, tmp_path, "privacy.erase_customer", transactions, **named)
        text = everything(house)
        assert [word for word in (EMAIL, NAME, SAID) if word in text] == [], transactions
        assert OTHER in text
        [receipt] = list_requests_made(house)
        seen = sorted((kind, subject[:1]) for kind, subject in list_subjects(house, store).items())
        ends.append((receipt.counts, count_rows(house), seen))
        house.db.close()
        deaths += died
        if not died:
            break
    assert deaths >= 8 and len(ends) == deaths + 1
    assert all(end == ends[-1] for end in ends)
    assert ends[-1][0] == {"orders": 2, "receipts": 1, "mentions": 1, "conversations": 1, "shipments": 2}
    assert ends[-1][2] == [("conversation", "c"), ("order", "#"), ("search", "")]


def test_a_store_s_erasure_ends_the_same_wherever_it_was_interrupted(sqlite_template: Path, tmp_path: Path) -> None:
    ends, deaths = [], 0
    for transactions in range(MOST_TRANSACTIONS):
        house, _, died = run_killed(sqlite_template, tmp_path, "privacy.erase_store", transactions)
        with house.db.reading(ALL, "the receipt") as tx:
            [receipt] = tx.scalars(select(ErasureReceipt))
            assert list(tx.scalars(select(Job))) == []
        rows = count_rows(house)
        house.db.close()
        # Of the three agents one stays, or nobody could sign in any more.
        left = {name: count for name, count in rows.items() if count}
        assert left == {"erasure_receipts": 1, "agents": 1}, transactions
        ends.append((receipt.why, receipt.platform, receipt.domain, receipt.counts))
        deaths += died
        if not died:
            break
    assert deaths >= 8 and len(ends) == deaths + 1
    assert all(end == ends[-1] for end in ends)
    counts = ends[-1][3]
    assert (counts["orders"], counts["accesses"], counts["agents"], counts["stores"]) == (3, 3, 2, 1)


def test_two_hands_at_one_request_leave_one_receipt(sqlite_url: str) -> None:
    house = open_house(sqlite_url)
    store = fill(house)
    promise(house, store, "privacy.erase_customer", email=EMAIL)
    with house.db.transaction(ALL, "claimed twice: the first lease ran out") as tx:
        [first] = [job for job in claim(tx, house.doors.clock.now(), 50) if job.kind == "privacy.erase_customer"]
    free_leases(house)
    with house.db.transaction(ALL, "claimed again") as tx:
        [second] = [job for job in claim(tx, house.doors.clock.now(), 50) if job.kind == "privacy.erase_customer"]
    begun = {"counts": {}, "receipt": "pr_the_same"}
    first.payload, second.payload = {**first.payload, "begun": begun}, {**second.payload, "begun": begun}
    house.engine.run(first)
    house.engine.run(second)
    assert [one.public_id for one in list_requests_made(house)] == ["pr_the_same"]
    house.db.close()
