"""What set-up writes down of a store: what it can, its pages, its statuses, its trouble; and what follows at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from desk_house import Counter

from adapters.demo import DemoAdapter
from plugin.contract import (
    AccessRevoked,
    Capability,
    InstallReport,
    Notice,
    PlatformDown,
    PlatformRefused,
    StatusWord,
    Step,
    Surface,
    SurfaceState,
    Words,
)
from plugin.database import ALL
from plugin.stores import StoreRow, get_store
from plugin.stores.coverage import examine_all
from plugin.stores.set_up import promise_set_up
from plugin.stores.status_words import list_status_words
from plugin.stores.words import tell
from plugin.work import claim

ABLE = frozenset({Capability.BACKFILL, Capability.READ_ORDERS})
REPORT = InstallReport(
    webhooks=2, capabilities=ABLE | {Capability.COUPONS}, repaired=2,
    warnings=(Words("Switch {name} on.", name="<cron>"), "Second."),
)  # fmt: skip
ANSWERS: dict[str, Any] = {
    "set_up": REPORT,
    "platform_mails": frozenset({Notice.shipped}),
    "surfaces": (Surface(step=Step.cart, state=SurfaceState.needs_step, words=Words("Add {it}.", it="it")),),
    "list_statuses": (
        StatusWord(raw_status="done", name="Done", known=True), StatusWord(raw_status="despachado", name="Despachado"),
    ),
}  # fmt: skip


def answer(monkeypatch: pytest.MonkeyPatch, **given: Any) -> list[str]:
    """Lets the demo adapter answer so; gives the questions as they are asked."""
    asked: list[str] = []

    def teach(question: str, said: Any) -> None:
        def tell_it(*_: object) -> Any:
            asked.append(question)
            if isinstance(said, Exception):
                raise said
            return said

        monkeypatch.setattr(DemoAdapter, question, tell_it)

    for question, said in (ANSWERS | given).items():
        teach(question, said)
    return asked


def set_up(counter: Counter, store: StoreRow) -> StoreRow:
    """Runs the one job, not what it promises."""
    with counter.db.transaction(store.id) as tx:
        promise_set_up(tx, get_store(tx, store.id), counter.clock.now())
    with counter.db.transaction(store.id) as tx:
        [job] = claim(tx, counter.clock.now(), 10)
    counter.house.engine.run(job)
    with counter.db.reading(store.id) as tx:
        return get_store(tx, store.id)


def kinds(counter: Counter) -> Sequence[str]:
    known = ("orders.reconcile", "stores.examine", "stores.set_up", "stores.alert")
    return sorted(kind for row in counter.dump()["outbox"] for kind in known if kind in row)


def test_one_visit_tells_everything_and_the_first_look_follows(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch)
    row = set_up(counter, store)
    assert sorted(asked) == sorted(ANSWERS)
    assert row.capabilities == sorted(one.value for one in ABLE), "never more than the adapter can"
    assert row.platform_mails == ["shipped"] and row.repaired == 2
    assert tell(row.trouble, None, "en") == "Switch <cron> on. Second."
    assert [(one["step"], one["state"], tell(one["words"], None, "en")) for one in row.coverage] == [
        ("cart", "needs_step", "Add it.")
    ]
    with counter.db.reading(store.id) as tx:
        found = {word.raw_status: (word.known, word.guess) for word in list_status_words(tx, store.id)}
    assert found == {"done": (True, None), "despachado": (False, "shipped")}
    assert kinds(counter) == ["orders.reconcile", "stores.examine"]


def test_again_changes_nothing_but_the_count_of_what_was_repaired(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch)
    set_up(counter, store)
    with counter.db.transaction(store.id) as tx:
        claim(tx, counter.clock.now(), 10)
    row = set_up(counter, store)
    assert row.repaired == 4 and len(row.coverage) == 1
    answer(monkeypatch, set_up=InstallReport(webhooks=2, capabilities=ABLE))
    with counter.db.transaction(store.id) as tx:
        claim(tx, counter.clock.now(), 10)
    row = set_up(counter, store)
    assert row.trouble is None and row.repaired == 4


@pytest.mark.parametrize("question", ["platform_mails", "surfaces", "list_statuses"])
def test_what_the_platform_would_not_say_just_now_stays_as_it_was(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    answer(monkeypatch)
    before = set_up(counter, store)
    with counter.db.transaction(store.id) as tx:
        claim(tx, counter.clock.now(), 10)
    answer(monkeypatch, **{question: PlatformRefused("No")})
    row = set_up(counter, store)
    assert (row.platform_mails, row.coverage) == (before.platform_mails, before.coverage)
    with counter.db.reading(store.id) as tx:
        assert len(list_status_words(tx, store.id)) == 2
    assert "stores.set_up" not in kinds(counter)


def test_a_shop_that_goes_down_before_it_told_its_mails_is_asked_again(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, platform_mails=PlatformDown(Words("It answered {status}.", status=503)))
    set_up(counter, store)
    assert "stores.set_up" in kinds(counter)


def test_a_parked_store_is_asked_every_day_whether_it_lets_us_in_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    parked = counter.add_store("parked.example", status="parked", credentials={"token": "t"})
    counter.add_store("gone.example", status="uninstalled", credentials={"token": "t"})
    counter.add_store("bare.example", status="parked", credentials=None)
    answer(monkeypatch)
    examine_all(counter.db, counter.clock)
    with counter.db.transaction(ALL, "what the round promised") as tx:
        [job] = [one for one in claim(tx, counter.clock.now(), 20) if one.kind == "stores.set_up"]
    counter.house.engine.run(job)
    with counter.db.reading(parked.id) as tx:
        assert get_store(tx, parked.id).status == "connected"


def test_where_nothing_keeps_the_platforms_mails_back_any_more_they_are_the_platforms_again(
    counter: Counter, monkeypatch: pytest.MonkeyPatch
) -> None:
    able = [Capability.MAIL_LEASE.value]
    lost = counter.add_store("lost.example", capabilities=able, mail_mode="all", mails_since=counter.clock.now())
    never = counter.add_store("never.example", capabilities=[], mail_mode="all", mails_since=counter.clock.now())
    answer(monkeypatch)
    told = set_up(counter, lost)
    with counter.db.transaction(lost.id) as tx:
        claim(tx, counter.clock.now(), 10)
    assert (told.mail_mode, told.mails_since, set_up(counter, never).mail_mode) == ("extra_only", None, "all")


def test_the_doctor_also_asks_which_mails_the_platform_sends_now(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch)
    assert set_up(counter, store).platform_mails == ["shipped"]
    answer(monkeypatch, platform_mails=frozenset())
    with counter.db.transaction(store.id) as tx:
        jobs = claim(tx, counter.clock.now(), 10)
    counter.house.engine.run(next(job for job in jobs if job.kind == "stores.examine"))
    with counter.db.reading(store.id) as tx:
        assert get_store(tx, store.id).platform_mails == []


def test_a_shop_that_is_down_is_asked_again_and_says_so_meanwhile(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, set_up=PlatformDown(Words("It answered {status}.", status=503)))
    row = set_up(counter, store)
    assert row.status == "connected" and tell(row.trouble, None, "en") == "It answered 503."
    assert kinds(counter) == ["stores.set_up"]


def test_a_parked_store_that_lets_us_in_again_is_connected_again(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, set_up=AccessRevoked(Words("The key {name} is gone.", name="K")))
    row = set_up(counter, store)
    assert row.status == "parked" and tell(row.trouble, None, "en") == "The key K is gone."
    with counter.db.transaction(store.id) as tx:
        claim(tx, counter.clock.now(), 10)
        get_store(tx, store.id).trouble_told_at = counter.clock.now()
    answer(monkeypatch, set_up=InstallReport(capabilities=ABLE))
    row = set_up(counter, store)
    assert (row.status, row.trouble, row.trouble_told_at) == ("connected", None, None)
