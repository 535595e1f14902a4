"""Many who need a new access at the same moment: one renews it, in whatever thread or process, dead or slow."""

from __future__ import annotations

import json
import multiprocessing
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from token_shop import HOUR, Place, TokenPlatform, TokenShop, ask

from plugin.contract import PlatformDown
from plugin.database import Database, Vault
from plugin.stores import access as access_module
from plugin.stores import as_contract, ask_platform
from plugin.stores.access import renew_access
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_settings

SECOND = timedelta(seconds=1)


@pytest.fixture
def place(database_url: str, tmp_path: Path) -> Iterator[Place]:
    made = Place(make_settings(database_url), tmp_path)
    yield made
    made.db.close()


def test_twenty_at_once_with_an_expired_access_renew_it_once(place: Place) -> None:
    place.expire()
    place.shop.takes = 0.2
    gate = threading.Barrier(20)

    def run(_: int) -> str:
        gate.wait()
        return place.ask()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(run, range(20)))
    assert answers == ["a2"] * 20 and place.platform.log == ["r1"]


def test_twenty_that_wait_for_a_renewal_that_fails_ask_for_no_other(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting: set[int] = set()

    def sleep(seconds: float) -> None:
        waiting.add(threading.get_ident())
        time.sleep(seconds)

    monkeypatch.setattr(access_module, "time", SimpleNamespace(sleep=sleep, monotonic=time.monotonic))
    place.expire()
    place.shop.loses = 1
    place.shop.meanwhile = lambda: wait_until(lambda: len(waiting) == 19)

    def run(_: int) -> str:
        try:
            return place.ask()
        except PlatformDown:
            return "later"

    with ThreadPoolExecutor(20) as pool:
        first = pool.submit(run, 0)
        wait_until(lambda: len(place.platform.log) == 1)
        answers = list(pool.map(run, range(19)))
    assert first.result() == "later" and answers == ["later"] * 19 and place.platform.log == ["r1"]


def test_nobody_waits_for_a_new_access_while_the_old_one_is_good(place: Place) -> None:
    place.clock.advance(HOUR - SECOND)
    answers: list[str] = []
    other = TokenShop(place.clock, place.platform)
    other.platform = _AlwaysGood(place.platform.folder)
    place.shop.meanwhile = lambda: answers.append(
        ask_platform(place.db, other, place.store_id, ask)
    )
    assert place.ask() == "a2" and answers == ["a1"] and place.platform.log == ["r1"]


class _AlwaysGood(TokenPlatform):
    def answer(self, token: str) -> str:
        return token


def test_who_renews_too_slowly_does_not_undo_what_another_brought(place: Place) -> None:
    place.expire()
    other = TokenShop(place.clock, place.platform)

    def overtake() -> None:
        place.shop.meanwhile = lambda: None
        place.clock.advance(access_module.CLAIM + SECOND)
        used = as_contract(place.row)
        assert dict(renew_access(place.db, other, place.store_id, used).credentials)["access"] == "a3"

    place.shop.meanwhile = overtake
    assert place.ask() == "a3"
    assert place.pair == {"access": "a3", "refresh": "r3"} and place.row.refresh_claimed_until is None


def test_of_two_renewals_the_one_that_took_over_last_is_kept_with_the_other_beside_it(place: Place) -> None:
    """The slow one comes home after it was given up, and before the one that took over does."""
    place.expire()
    used, slow, quick = as_contract(place.row), threading.Event(), threading.Event()
    second = TokenShop(place.clock, place.platform)
    place.shop.meanwhile = lambda: slow.wait(20)
    second.meanwhile = lambda: quick.wait(20)
    with ThreadPoolExecutor(2) as pool:
        first_home = pool.submit(renew_access, place.db, place.shop, place.store_id, used)
        wait_until(lambda: len(place.platform.log) == 1)
        place.clock.advance(access_module.CLAIM + SECOND)
        second_home = pool.submit(renew_access, place.db, second, place.store_id, used)
        wait_until(lambda: len(place.platform.log) == 2)
        slow.set()
        assert first_home.result().credentials["access"] == "a2"
        assert place.row.refresh_claimed_until is not None
        quick.set()
        assert second_home.result().credentials["access"] == "a3"
    assert (place.pair["refresh"], place.pair_before["refresh"]) == ("r3", "r2")
    assert place.row.refresh_claimed_until is None


def test_several_processes_with_an_expired_access_renew_it_once(place: Place) -> None:
    place.expire()
    children = [start(work_in_a_process, place, f"out-{n}") for n in range(3)]
    folder = place.platform.folder
    wait_until(lambda: len(list(folder.glob("out-*.ready"))) == 3)
    (folder / "go").touch()
    for child in children:
        child.join(60)
    answers = [json.loads((folder / f"out-{n}").read_text()) for n in range(3)]
    assert answers == [["a2"] * 4] * 3 and place.platform.log == ["r1"]


def test_a_process_killed_while_it_renews_holds_the_others_up_no_longer_than_its_claim(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.expire()
    child = start(die_renewing, place, "dead")
    wait_until(lambda: (place.platform.folder / "dead.ready").exists())
    child.kill()
    child.join(60)
    monkeypatch.setattr(access_module, "LONGEST_WAIT", 0.2)
    with pytest.raises(PlatformDown):
        place.ask()
    assert place.platform.log == ["r1"] and place.row.status == "connected"
    place.clock.advance(access_module.CLAIM)
    assert place.ask() == "a3" and place.platform.log == ["r1", "r1"]
    assert place.row.refresh_claimed_until is None


def start(target: Any, place: Place, name: str) -> Any:
    settings = place.settings
    given = (settings.database_url, list(settings.secret_keys), settings.index_key, str(place.platform.folder))
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=target, args=(*given, place.clock.now(), place.store_id, name))
    child.start()
    return child


def work_in_a_process(
    url: str, keys: list[str], index_key: str, folder: str, now: datetime, store_id: int, name: str
) -> None:
    db, path = Database(url, Vault(keys, index_key)), Path(folder)
    shop = TokenShop(FrozenClock(now), TokenPlatform(path), takes=0.5)
    (path / f"{name}.ready").touch()
    wait_until(lambda: (path / "go").exists())
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: ask_platform(db, shop, store_id, ask), range(4)))
    (path / name).write_text(json.dumps(answers))
    db.close()


def die_renewing(
    url: str, keys: list[str], index_key: str, folder: str, now: datetime, store_id: int, name: str
) -> None:
    db, path = Database(url, Vault(keys, index_key)), Path(folder)
    shop = TokenShop(FrozenClock(now), TokenPlatform(path))

    def hang() -> None:
        (path / f"{name}.ready").touch()
        time.sleep(100)

    shop.meanwhile = hang
    ask_platform(db, shop, store_id, ask)


def wait_until(happened: Any) -> None:
    ends_at = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < ends_at, "It never happened."
        time.sleep(0.01)
