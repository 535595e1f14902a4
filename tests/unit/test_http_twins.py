"""The real way out, the real clock and their twins for tests keep the same promises."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from plugin.contract import Answer, PlatformDown, SystemClock
from plugin.http import GuardedHttp
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import RecordingHttp, make_answer
from plugin.testing.local_server import run_server, write_answer


@pytest.fixture(params=["real", "twin"])
def way_out(request):
    """(an Http that answers 429 with a Retry-After and a body, an address for it)"""
    if request.param == "twin":
        yield RecordingHttp(make_answer(429, body=b"slow down", headers={"Retry-After": "7"})), "http://shop.example/a?b=c"
        return
    with run_server(lambda _: [write_answer(b"slow down", "429 Too Many Requests", Retry_After="7")]) as server:
        yield GuardedHttp(allow_private_hosts=True), f"http://127.0.0.1:{server.port}/a?b=c"


def test_an_answer_is_given_whatever_its_status_and_its_headers_ignore_case(way_out):
    http, url = way_out
    answer = http.request("GET", url, headers={"X-Key": "k"}, body=None)
    assert isinstance(answer, Answer)
    assert (answer.status, answer.body, answer.url) == (429, b"slow down", url)
    assert answer.headers["Retry-After"] == answer.headers["retry-after"] == answer.headers.get("RETRY-AFTER") == "7"


@pytest.mark.parametrize("http", [GuardedHttp(), RecordingHttp(PlatformDown("The address could not be reached."))],
                         ids=["real", "twin"])
def test_no_answer_is_the_platform_being_down(http):
    with pytest.raises(PlatformDown, match="could not be reached"):
        http.request("GET", "http://localhost/")


@pytest.fixture(params=["real", "twin"])
def moved(request):
    """(an Http that meets a redirect, an address for it)"""
    if request.param == "twin":
        yield RecordingHttp(make_answer(302, headers={"Location": "/b"})), "http://shop.example/a"
        return
    with run_server(lambda _: [write_answer(status="302 Found", location="/b")]) as server:
        yield GuardedHttp(allow_private_hosts=True), f"http://127.0.0.1:{server.port}/a"


def test_a_redirect_that_may_not_be_followed_is_the_answer(moved):
    http, url = moved
    answer = http.request("GET", url, redirects=False)
    assert (answer.status, answer.headers["location"], answer.url) == (302, "/b", url)
    if isinstance(http, RecordingHttp):
        assert [sent.redirects for sent in http.requests] == [False]


BOGOTA = timezone(timedelta(hours=-5))


@pytest.mark.parametrize("clock", [SystemClock(), FrozenClock(datetime(2026, 1, 1, tzinfo=BOGOTA))],
                         ids=["real", "twin"])
def test_a_clock_tells_utc(clock):
    assert clock.now().tzinfo is UTC and clock.now() <= clock.now()


def test_the_frozen_clock_moves_when_told_and_never_back():
    clock = FrozenClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.advance(90) == clock.now() == datetime(2026, 1, 1, 0, 1, 30, tzinfo=UTC)
    assert clock.advance(timedelta(days=1)) == datetime(2026, 1, 2, 0, 1, 30, tzinfo=UTC)
    assert clock.move_to(datetime(2026, 1, 3, tzinfo=UTC)) == datetime(2026, 1, 3, tzinfo=UTC)
    for step in (lambda: clock.advance(-1), lambda: clock.move_to(datetime(2026, 1, 1, tzinfo=UTC)),
                 lambda: FrozenClock(datetime(2026, 1, 1))):  # noqa: DTZ001
        with pytest.raises(ValueError, match=r"back|zone"):
            step()


def test_the_recording_twin_notes_requests_and_replies_in_order():
    http = RecordingHttp(make_answer(json_body={"n": 1}), lambda sent: make_answer(201, json_body=sent.json()))
    assert http.request("get", "https://a.example").body == b'{"n": 1}'
    for _ in range(2):
        assert http.request("POST", "https://b.example", body=b"[2]").body == b"[2]"
    assert [(sent.method, sent.url) for sent in http.requests] == [
        ("GET", "https://a.example"), ("POST", "https://b.example"), ("POST", "https://b.example")]
    with pytest.raises(AssertionError, match="Nothing was arranged"):
        RecordingHttp().request("GET", "https://c.example")
