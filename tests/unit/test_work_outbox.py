"""Jobs: promised with their cause, done at least once, tried again, buried with words."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import insert, text

from plugin.contract import PayloadUnreadable, PlatformDown, RateLimited
from plugin.database import ALL, Database
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import MOMENT, make_database, make_store
from plugin.work import Claimed, Engine, TryLater, buried, claim, count_due, finish, pause, put, replay_buried
from plugin.work.engine import GIVE_UP_AFTER, next_try
from plugin.work.models import Job
from plugin.work.outbox import LEASE


@pytest.fixture
def db(database_url: str):
    database = make_database(database_url)
    yield database
    database.close()


def promise(db: Database, kind: str = "test", *, due_at=MOMENT, key: str | None = None, **payload) -> None:
    with db.transaction(ALL, "test") as tx:
        put(tx, kind, payload, due_at=due_at, key=key)


def take(db: Database, most: int = 10, now=MOMENT) -> list[Claimed]:
    with db.transaction(ALL, "test") as tx:
        return claim(tx, now, most)


def wait_for(true: Callable[[], object], seconds: float = 10.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.005)


@pytest.fixture
def engine(db: Database):
    started: list[Engine] = []

    def start(kinds, clock=None) -> Engine:
        made = Engine(db, clock or FrozenClock(MOMENT), kinds)
        started.append(made)
        made.start()
        return made

    yield start
    for made in started:
        made.stop()


def test_a_promise_of_a_rolled_back_cause_was_never_made(db: Database) -> None:
    with pytest.raises(RuntimeError), db.transaction(ALL, "test") as tx:
        put(tx, "test", {}, due_at=MOMENT)
        raise RuntimeError
    assert take(db) == []


def test_two_promises_of_one_thing_are_one_at_the_earlier_time(db: Database) -> None:
    promise(db, key="decide:1", due_at=MOMENT + timedelta(hours=4))
    promise(db, key="decide:1", due_at=MOMENT + timedelta(seconds=20))
    promise(db, key="decide:1", due_at=MOMENT + timedelta(seconds=40))
    assert take(db, now=MOMENT + timedelta(seconds=19)) == []
    assert len(take(db, now=MOMENT + timedelta(seconds=20))) == 1


def test_who_promises_the_same_in_two_orders_never_waits_for_each_other(postgresql_url: str) -> None:
    """Somebody holds the first name; whoever waits for it has locked none that comes after it."""
    db = make_database(postgresql_url)

    def promise_both() -> None:
        with db.transaction(ALL, "test") as tx:
            for key in ("overdue:1", "call:1"):
                put(tx, "test", {}, due_at=MOMENT, key=key)

    def is_waiting() -> bool:
        with db.transaction(ALL, "test") as tx:
            return bool(tx.scalar(text("SELECT count(*) FROM pg_locks WHERE NOT granted")))

    with db.writer.connect() as holder:
        holder.execute(insert(Job).values(kind="test", key="call:1", payload={}, due_at=MOMENT, first_due_at=MOMENT))
        waits = threading.Thread(target=promise_both)
        waits.start()
        wait_for(is_waiting)
        with db.transaction(ALL, "test") as tx:
            tx.execute(text("SET LOCAL lock_timeout = '3s'"))
            put(tx, "test", {}, due_at=MOMENT, key="overdue:1")
        holder.rollback()
    waits.join()
    assert len(take(db)) == 2
    db.close()


def test_a_promise_made_while_its_like_runs_is_a_new_one(db: Database) -> None:
    promise(db, key="decide:1")
    (running,) = take(db)
    promise(db, key="decide:1")
    with db.transaction(ALL, "test") as tx:
        finish(tx, running)
    assert len(take(db)) == 1


def test_no_job_is_in_two_hands_and_a_lost_one_comes_back_after_its_lease(db: Database) -> None:
    for _ in range(20):
        promise(db)
    hands: list[list[int]] = [[], [], [], []]

    def grab(mine: list[int]) -> None:
        while jobs := take(db, 3):
            mine.extend(job.id for job in jobs)

    threads = [threading.Thread(target=grab, args=(hand,)) for hand in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    everything = [job for hand in hands for job in hand]
    assert len(everything) == len(set(everything)) == 20
    assert take(db) == []
    assert len(take(db, 50, MOMENT + LEASE + timedelta(seconds=1))) == 20


def test_the_engine_starts_a_job_as_soon_as_it_is_committed(db: Database, engine) -> None:
    done: list[int] = []
    engine({"test": lambda job: done.append(job.payload["n"])})
    for n in range(30):
        promise(db, n=n)
    wait_for(lambda: len(done) == 30)
    assert sorted(done) == list(range(30))


def test_a_single_process_frees_what_it_held_when_it_died(db: Database, engine) -> None:
    done: list[int] = []
    promise(db)
    take(db)
    engine({"test": lambda job: done.append(job.id)})
    wait_for(lambda: done)


def test_an_unknown_fault_is_tried_again_for_more_than_a_day_and_then_buried(db: Database, engine) -> None:
    clock, tries = FrozenClock(MOMENT), []

    def fail(job: Claimed) -> None:
        tries.append(clock.now())
        raise OSError("the mail server is away")

    made = engine({"test": fail}, clock)
    promise(db)
    deadline = time.monotonic() + 30
    while True:
        with db.reading(ALL, "test") as tx:
            gone = buried(tx)
        if gone:
            break
        assert time.monotonic() < deadline
        clock.advance(timedelta(minutes=40))
        made.wake()
        time.sleep(0.01)
    assert tries[-1] - tries[0] >= timedelta(hours=24)
    assert "the mail server is away" in (gone[0].words or "")
    with db.transaction(ALL, "test") as tx:
        assert replay_buried(tx, clock.now()) == 1
    made.wake()
    wait_for(lambda: tries[-1] == clock.now())


@pytest.mark.parametrize(
    ("error", "after"),
    [
        (RateLimited(retry_after=120), timedelta(seconds=120)),
        (TryLater("greylisted", timedelta(minutes=5)), timedelta(minutes=5)),
    ],
)
def test_who_says_when_is_obeyed(error: Exception, after: timedelta) -> None:
    again = next_try(error, 1, MOMENT)
    assert again is not None and after <= again - MOMENT <= after + timedelta(seconds=3)


def test_what_can_never_work_is_buried_at_once_and_a_platform_that_is_down_is_not() -> None:
    assert next_try(PayloadUnreadable("x"), 1, MOMENT) is None
    assert next_try(PlatformDown("x"), 1, MOMENT) is not None


def test_pauses_grow_to_half_an_hour_and_spread() -> None:
    assert pause(1) < pause(4) < pause(8) < timedelta(minutes=36) + timedelta(seconds=1)
    assert len({pause(9) for _ in range(20)}) > 10
    assert GIVE_UP_AFTER >= timedelta(hours=24)


def test_a_job_nobody_knows_is_kept_and_says_so(db: Database, engine) -> None:
    engine({})
    promise(db, "unheard.of")

    def noted() -> bool:
        with db.reading(ALL, "test") as tx:
            return count_due(tx, MOMENT) == 0

    wait_for(noted)
    with db.reading(ALL, "test") as tx:
        from sqlalchemy import select

        from plugin.work.models import Job

        assert "No handler for jobs of kind unheard.of" in (tx.scalars(select(Job)).one().words or "")


def test_a_stores_jobs_go_with_it(db: Database) -> None:
    store = make_store(db)
    with db.transaction(store.id) as tx:
        put(tx, "test", {}, due_at=MOMENT, store=store.id)
    with db.transaction(ALL, "test") as tx:
        from sqlalchemy import delete

        from plugin.stores import StoreRow

        tx.execute(delete(StoreRow))
    assert take(db) == []


def test_a_job_that_ends_itself_takes_no_other_job_with_it(db: Database, engine) -> None:
    """SQLite gives a deleted row's id to the next row unless told otherwise: ending twice would end a stranger."""
    done: list[int] = []

    def handle(job: Claimed) -> None:
        done.append(job.payload["n"])
        with db.transaction(ALL, "test") as tx:
            finish(tx, job)
        if job.payload["n"] < 40:
            promise(db, n=job.payload["n"] + 1)

    engine({"test": handle})
    promise(db, n=0)
    wait_for(lambda: len(done) == 41)

    def at_rest() -> bool:
        with db.reading(ALL, "test") as tx:
            return count_due(tx, MOMENT) == 0

    wait_for(at_rest)
    with db.transaction(ALL, "test") as tx:
        put(tx, "test", {"n": 99}, due_at=MOMENT + timedelta(days=1))
    (last,) = take(db, now=MOMENT + timedelta(days=2))
    assert last.id > 41


def test_a_job_that_waited_while_everything_was_off_is_not_given_up_at_its_first_failure(
    db: Database, engine
) -> None:
    clock, tries = FrozenClock(MOMENT + timedelta(days=3)), []

    def fail(job: Claimed) -> None:
        tries.append(job.first_due_at)
        raise OSError("the mail server is just waking up")

    promise(db)
    engine({"test": fail}, clock)
    wait_for(lambda: tries)
    time.sleep(0.05)
    with db.reading(ALL, "test") as tx:
        assert buried(tx) == []
    assert tries == [clock.now()]


def test_a_reading_sees_one_state_from_its_first_query_to_its_last(db: Database) -> None:
    from sqlalchemy import select

    from plugin.stores import StoreRow

    store = make_store(db)
    name = select(StoreRow.name).where(StoreRow.id == store.id)
    with db.reading(store.id) as before:
        first = before.scalar(name)
        with db.transaction(store.id) as tx:
            row = tx.get(StoreRow, store.id)
            assert row is not None
            row.name = "Changed meanwhile"
        assert before.scalar(name) == first
