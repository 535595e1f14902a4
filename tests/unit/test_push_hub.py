"""Live events: one test over both hubs, the process's own and the one joined by Redis."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
import redis

from plugin.database import ALL
from plugin.push import Event, Gone, Hub, TooMany, listen, open_hub, tell, write_event, write_stream
from plugin.push.redis_hub import CHANNEL, HEARD, HERE_SECONDS, RedisHub
from plugin.testing.factories import make_database

PATIENCE = 20.0


def hi(number: int = 1) -> Event:
    return Event("message", f'{{"n": {number}}}', f"cv:{number}", number)


class Pair:
    """Two hubs that must behave as one: twice the same in one process, or two joined ones."""

    def __init__(self, here: Hub, there: Hub, url: str = "") -> None:
        self.here, self.there, self.url = here, there, url


@pytest.fixture(params=["own", "redis"])
def pair(request: pytest.FixtureRequest) -> Iterator[Pair]:
    if request.param == "own":
        hub = open_hub()
        yield Pair(hub, hub)
        hub.close()
        return
    url = request.getfixturevalue("redis_server").url(7)
    one, other = open_hub(url), open_hub(url)
    yield Pair(one, other, url)
    one.close()
    other.close()


def test_without_redis_the_hub_is_the_process_s_own() -> None:
    assert type(open_hub("")) is Hub


def test_every_listener_of_a_channel_gets_each_event_once_and_in_order(pair: Pair) -> None:
    with (
        pair.here.subscribe("a") as one,
        pair.there.subscribe("a") as other,
        pair.here.subscribe("b") as stranger,
    ):
        for number in range(50):
            pair.here.publish("a", hi(number))
        for subscription in (one, other):
            assert [subscription.wait(PATIENCE) for _ in range(50)] == [hi(number) for number in range(50)]
            assert subscription.wait(0.05) is None
        assert stranger.wait(0) is None


def test_silence_gives_none_and_an_end_gives_gone(pair: Pair) -> None:
    subscription = pair.here.subscribe("a")
    assert subscription.wait(0.01) is None
    subscription.close()
    subscription.close()
    with pytest.raises(Gone):
        subscription.wait(1)
    assert pair.here.count() == 0


def test_waiting_ends_at_once_when_the_event_comes(pair: Pair) -> None:
    got: list[Event | None] = []
    with pair.here.subscribe("a") as subscription:
        thread = threading.Thread(target=lambda: got.append(subscription.wait(PATIENCE)))
        thread.start()
        pair.there.publish("a", hi())
        thread.join(PATIENCE)
    assert got == [hi()]


def test_a_listener_that_falls_behind_is_sent_away_and_holds_up_nobody() -> None:
    hub = Hub(most_waiting=3)
    slow, quick = hub.subscribe("a"), hub.subscribe("a")
    for number in range(10):
        hub.publish("a", hi(number))
        assert quick.wait(0) == hi(number)
    with pytest.raises(Gone):
        slow.wait(1)
    assert len(slow._waiting) == 3, "what it waits for does not grow"


def test_a_channel_has_so_many_nameless_listeners_and_no_more() -> None:
    hub = Hub(most_listeners=2)
    first, _second = hub.subscribe("a"), hub.subscribe("a")
    with pytest.raises(TooMany):
        hub.subscribe("a")
    hub.subscribe("b")
    for _ in range(5):
        hub.subscribe("a", "Ana")
    first.close()
    hub.subscribe("a")
    with pytest.raises(TooMany):
        hub.subscribe("a")


def test_a_closed_hub_sends_everybody_away_and_takes_nobody(pair: Pair) -> None:
    subscription = pair.here.subscribe("a")
    pair.here.close()
    with pytest.raises(Gone):
        subscription.wait(1)
    with pytest.raises(Gone):
        pair.here.subscribe("a")


def test_names_tell_who_listens_wherever_they_do(pair: Pair) -> None:
    with (
        pair.here.subscribe("desk", "Ana"),
        pair.there.subscribe("desk", "Bea"),
        pair.here.subscribe("desk", "Ana"),
    ):
        assert set(pair.here.names("desk")) == set(pair.there.names("desk")) == {"Ana", "Bea"}
        assert pair.here.names("other") == ()
    assert pair.here.names("desk") == pair.there.names("desk") == ()


def test_whether_anybody_listens_is_known_wherever_they_do(pair: Pair) -> None:
    assert not pair.here.is_heard("heard") and not pair.there.is_heard("heard")
    with pair.here.subscribe("heard"), pair.here.subscribe("heard", "Ana"):
        assert pair.here.is_heard("heard") and pair.there.is_heard("heard") and not pair.there.is_heard("unheard")
    assert not pair.here.is_heard("heard") and not pair.there.is_heard("heard")


def test_who_left_a_moment_ago_is_remembered_wherever_they_were(pair: Pair) -> None:
    assert not pair.here.was_named("desk-left", 60) and not pair.there.was_named("desk-left", 60)
    with pair.here.subscribe("desk-left", "Ana"):
        assert pair.here.was_named("desk-left", 0) and pair.there.was_named("desk-left", 0)
    for hub in (pair.here, pair.there):
        assert hub.was_named("desk-left", 60) and hub.names("desk-left") == ()
        assert not hub.was_named("desk-left", -1) and not hub.was_named("other", 60)
    with pair.here.subscribe("shoppers"):
        pass
    assert not pair.there.was_named("shoppers", 60), "only whoever has a name"


def test_a_process_that_died_is_believed_to_listen_for_a_moment_only(redis_server: Any) -> None:
    url = redis_server.url(8)
    here, there = open_hub(url), open_hub(url)
    subscription = there.subscribe("died")
    line = redis.Redis.from_url(url)
    (name,) = line.hkeys(HEARD + "died")
    assert here.is_heard("died") and 0 < line.ttl(HEARD + "died") <= HERE_SECONDS * 2
    line.hset(HEARD + "died", name, "1.0")
    assert not here.is_heard("died")
    subscription.close()
    for hub in (here, there):
        hub.close()
    line.close()


def test_what_is_told_in_a_transaction_is_published_after_its_commit_and_never_after_a_rollback(
    pair: Pair, database_url: str
) -> None:
    db = make_database(database_url)
    with pair.there.subscribe("a") as subscription:
        with db.transaction(ALL, "test") as tx:
            tell(tx, pair.here, "a", hi(1))
            assert subscription.wait(0.1) is None
        assert subscription.wait(PATIENCE) == hi(1)
        with pytest.raises(ZeroDivisionError), db.transaction(ALL, "test") as tx:
            tell(tx, pair.here, "a", hi(2))
            raise ZeroDivisionError
        assert subscription.wait(0.1) is None
    db.close()


def test_a_thousand_publishers_and_leavers_at_once_lose_nothing(pair: Pair) -> None:
    with pair.here.subscribe("a") as steady:

        def disturb() -> None:
            for _ in range(50):
                pair.here.subscribe("a", "passing").close()

        def publish(start: int) -> None:
            for number in range(25):
                pair.there.publish("a", hi(start + number))

        threads = [threading.Thread(target=disturb)] + [
            threading.Thread(target=publish, args=(n * 25,)) for n in range(8)
        ]
        for thread in threads:
            thread.start()
        seen = []
        while len(seen) < 200 and (event := steady.wait(PATIENCE)) is not None:
            seen.append(event.sequence)
        for thread in threads:
            thread.join(PATIENCE)
        assert sorted(seen) == list(range(200))


def test_a_broken_line_to_redis_sends_everybody_away_once_it_is_back(redis_server: Any) -> None:
    url = redis_server.url(8)
    hub, other = RedisHub(url), RedisHub(url)
    subscription = hub.subscribe("a")
    redis.Redis.from_url(url).client_kill_filter(_type="pubsub")
    with pytest.raises(Gone):
        subscription.wait(PATIENCE)
    with hub.subscribe("a") as again:
        other.publish("a", hi())
        assert again.wait(PATIENCE) == hi()
    hub.close()
    other.close()


def test_a_redis_that_is_away_leaves_the_process_its_own_events() -> None:
    hub = RedisHub("redis://127.0.0.1:1/0")
    with hub.subscribe("desk", "Ana") as subscription:
        at = time.monotonic()
        for number in range(20):
            hub.publish("desk", hi(number))
        assert time.monotonic() - at < 5, "nobody waits for it again and again"
        assert [subscription.wait(1) for _ in range(20)] == [hi(number) for number in range(20)]
        assert hub.names("desk") == ("Ana",)
    hub.close()


def test_strange_words_on_the_redis_channel_are_left_out(redis_server: Any) -> None:
    url = redis_server.url(9)
    hub, other, raw = RedisHub(url), RedisHub(url), redis.Redis.from_url(url)
    with hub.subscribe("a") as subscription:
        for words in (b"", b"\xff", b"{}", b"[" * 10_000, b'{"by": 1}'):
            raw.publish(CHANNEL, words)
        other.publish("a", hi())
        assert subscription.wait(PATIENCE) == hi()
    hub.close()
    other.close()


def test_an_event_is_written_as_the_standard_says() -> None:
    assert (
        write_event(Event("message", '{"a": "ñ"}', "cv:1"))
        == 'id: cv:1\nevent: message\ndata: {"a": "ñ"}\n\n'.encode()
    )
    assert write_event(Event("conversation", "{}")) == b"event: conversation\ndata: {}\n\n"


def test_no_line_end_in_an_event_can_begin_another_one() -> None:
    written = write_event(Event("a\nid: x", "1\r\n\r\nevent: b\rdata: 2\n3", "i\n\n\0d"))
    assert written == b"id: id\nevent: aid: x\ndata: 1\ndata: \ndata: event: b\ndata: data: 2\ndata: 3\n\n"


def test_a_stream_begins_with_a_beat_beats_in_silence_and_ends_with_its_subscription() -> None:
    hub = Hub()
    subscription = hub.subscribe("a")
    stream = write_stream(listen(subscription, beat_seconds=0.01))
    assert next(stream) == b": beat\n\n"
    hub.publish("a", hi())
    assert next(stream) == write_event(hi())
    assert next(stream) == b": beat\n\n"
    hub.end_all()
    assert list(stream) == []
    assert hub.count() == 0
