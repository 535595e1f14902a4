"""Stores that were taken off are forgotten in time; what stays is a receipt that names nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from privacy_scene import EMAIL, NAME, everything, fill, open_house
from sqlalchemy import select

from plugin.agents.ownership import PROVEN, settle_store
from plugin.app import House
from plugin.contract import StoreAccess
from plugin.database import ALL
from plugin.privacy import ErasureReceipt, erase_store, list_receipts, sweep_uninstalled
from plugin.registry import Registry
from plugin.stores import StoreRow, get_store, list_stores
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_store
from plugin.work import list_promised

AFTER = timedelta(days=3)


class Keeps:
    """As much of an adapter as the round asks for."""

    erase_after: timedelta | None = None


class Forgets(Keeps):
    erase_after = AFTER


REGISTRY = Registry({"forgets": Forgets(), "keeps": Keeps()})


@pytest.fixture
def house(database_url: str) -> Iterator[House]:
    opened = open_house(database_url)
    yield opened
    opened.db.close()


def take_off(house: House, platform: str, **values: Any) -> StoreRow:
    given: dict[str, Any] = {"status": "uninstalled", "uninstalled_at": MOMENT, "domain": f"{platform}.example"}
    given |= values
    return make_store(house.db, platform=platform, **given)


def list_left(house: House) -> list[str]:
    with house.db.reading(ALL, "who is left") as tx:
        return [row.domain for row in list_stores(tx)]


@pytest.mark.parametrize(
    ("platform", "status", "since", "swept"),
    [
        ("forgets", "uninstalled", AFTER, 1),
        ("forgets", "uninstalled", AFTER - timedelta(seconds=1), 0),
        ("forgets", "connected", AFTER, 0),
        ("forgets", "parked", AFTER, 0),
        ("forgets", "uninstalled", None, 0),
        ("keeps", "uninstalled", timedelta(days=9999), 0),
        ("nobody_knows", "uninstalled", timedelta(days=9999), 0),
    ],
)
def test_only_what_was_taken_off_long_enough_ago_goes(
    house: House, platform: str, status: str, since: timedelta | None, swept: int
) -> None:
    take_off(house, platform, status=status, uninstalled_at=MOMENT - since if since is not None else None)
    assert sweep_uninstalled(house.db, REGISTRY, FrozenClock(MOMENT)) == swept
    assert len(list_left(house)) == 1 - swept


def test_a_swept_store_leaves_a_receipt_and_nothing_else(house: House) -> None:
    store = fill(house)
    take_off(house, "keeps")
    with house.db.transaction(ALL, "taken off") as tx:
        row = get_store(tx, store.id)
        row.status, row.uninstalled_at, row.platform = "uninstalled", MOMENT, "forgets"
    clock = FrozenClock(MOMENT + AFTER)
    assert sweep_uninstalled(house.db, REGISTRY, clock) == 1
    assert sweep_uninstalled(house.db, REGISTRY, clock) == 0
    assert list_left(house) == ["keeps.example"]
    text = everything(house)
    assert EMAIL not in text and NAME not in text and "5001" not in text
    with house.db.reading(ALL, "the receipt") as tx:
        [receipt] = list_receipts(tx)
    assert receipt.public_id.startswith("er_")
    assert (receipt.why, receipt.platform, receipt.domain) == ("swept", "forgets", "shop.example")
    assert (receipt.asked_at, receipt.done_at) == (MOMENT, MOMENT + AFTER)
    assert (receipt.counts["orders"], receipt.counts["conversations"], receipt.counts["stores"]) == (3, 2, 1)


def test_one_store_that_cannot_be_erased_stops_no_other(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    first, _ = take_off(house, "forgets"), take_off(house, "forgets", domain="second.example")
    module = sys.modules["plugin.privacy.sweep"]
    real = module.erase_store

    def fail(db: Any, store_id: int, **values: Any) -> dict[str, int]:
        if store_id == first.id:
            raise OSError("the disk is full")
        done: dict[str, int] = real(db, store_id, **values)
        return done

    monkeypatch.setattr(module, "erase_store", fail)
    assert sweep_uninstalled(house.db, REGISTRY, FrozenClock(MOMENT + AFTER)) == 1
    assert list_left(house) == ["forgets.example"]


def test_a_store_that_is_back_before_its_turn_stays(house: House) -> None:
    store = take_off(house, "forgets")
    with house.db.transaction(ALL, "back again") as tx:
        row = get_store(tx, store.id)
        row.status, row.uninstalled_at = "connected", None
    assert erase_store(house.db, store.id, why="swept", asked_at=MOMENT) == {}
    assert list_left(house) == ["forgets.example"]
    with house.db.reading(ALL, "no receipt") as tx:
        assert list(tx.scalars(select(ErasureReceipt))) == []


@pytest.mark.parametrize("table", ["orders", "memberships"])
def test_a_merchant_who_comes_back_while_the_store_is_erased_stays_connected(
    house: House, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    import sys

    store = fill(house)
    with house.db.transaction(ALL, "taken off") as tx:
        row = get_store(tx, store.id)
        row.status, row.uninstalled_at, row.reconciled_at = "uninstalled", MOMENT, MOMENT
    module = sys.modules["plugin.privacy.store_erasure"]
    real = module._delete_rows

    def come_back(db: Any, store_id: int, emptied: Any) -> int:
        gone: int = real(db, store_id, emptied)
        if emptied.name == table:
            access = StoreAccess(domain=store.domain, name="Back", credentials={"key": "new"})
            with db.transaction(ALL, "the merchant is back") as tx:
                settle_store(tx, store.platform, access, PROVEN, "invite", MOMENT + AFTER)
        return gone

    monkeypatch.setattr(module, "_delete_rows", come_back)
    counts = erase_store(house.db, store.id, why="swept", asked_at=MOMENT, now=MOMENT + AFTER)
    assert "stores" not in counts and counts["orders"] == 3
    text = everything(house)
    assert EMAIL not in text and NAME not in text
    with house.db.reading(ALL, "what is left") as tx:
        row = get_store(tx, store.id)
        assert (row.status, row.name, row.kept, row.reconciled_at) == ("connected", "Back", {}, None)
        assert len(list_promised(tx, "stores.set_up", store.id)) == 1
        assert [one.counts for one in list_receipts(tx)] == [counts]
