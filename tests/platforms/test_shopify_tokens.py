"""Tokens are asked for at the shop's own address, once, and show up nowhere but in what is kept."""

from __future__ import annotations

import json
import logging
import time
from datetime import timedelta

import pytest
from shopify_hand import CLIENT_ID, CLOCK, IDENTITY, OLD_SECRET, SECRET, SHOP, VALUES, make_tokens

from adapters.shopify import tokens
from adapters.shopify.settings import read_identity
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    InstallRejected,
    PlatformDown,
    PlatformRefused,
    RateLimited,
)
from plugin.testing.fakes import RecordingHttp, make_answer

ADDRESS = f"https://{SHOP}/admin/oauth/access_token"
HELD = {"access_token": "shpat_0", "refresh_token": "shprt_0", "scope": "read_orders",
        "expires_at": "2020-01-01T00:00:00+00:00", "refresh_expires_at": "2020-01-01T00:00:00+00:00"}  # fmt: skip
USER = {"id": 42, "first_name": "Olga", "last_name": "Gómez", "email": "olga@example.com", "email_verified": True,
        "account_owner": True, "locale": "es", "collaborator": False}  # fmt: skip


def exchange(*replies, online=False, identity=IDENTITY):
    http = RecordingHttp(*replies)
    return tokens.exchange(identity, http, CLOCK, SHOP, "the.id.token", online), http


def refresh(*replies):
    http = RecordingHttp(*replies)
    return tokens.refresh(IDENTITY, http, CLOCK, SHOP, HELD), http


def test_an_exchange_asks_for_an_expiring_offline_token_as_shopify_documents_it():
    given, http = exchange(make_tokens())
    (sent,) = http.requests
    assert (sent.method, sent.url, sent.redirects) == ("POST", ADDRESS, False)
    assert sent.json() == {
        "client_id": CLIENT_ID, "client_secret": SECRET, "subject_token": "the.id.token", "expiring": 1,
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "requested_token_type": "urn:shopify:params:oauth:token-type:offline-access-token",
    }  # fmt: skip
    assert set(map(str.lower, sent.headers)) == {"accept", "content-type", "user-agent"}
    assert given.credentials() == {
        "access_token": "shpat_1", "refresh_token": "shprt_1", "scope": "read_orders,write_orders",
        "expires_at": (CLOCK.now() + timedelta(hours=1)).isoformat(timespec="seconds"),
        "refresh_expires_at": (CLOCK.now() + timedelta(days=90)).isoformat(timespec="seconds"),
    }  # fmt: skip
    assert (given.expires_at, given.refresh_before) == (
        CLOCK.now() + timedelta(hours=1), CLOCK.now() + timedelta(days=90)
    )  # fmt: skip


def test_an_online_exchange_names_the_person_and_believes_only_a_confirmed_address():
    given, http = exchange(make_tokens(associated_user=USER), online=True)
    assert http.requests[0].json()["requested_token_type"].endswith("online-access-token")
    assert given.person == tokens.Person(
        external_id="42", email="olga@example.com", name="Olga Gómez", is_owner=True
    )
    given, _ = exchange(make_tokens(associated_user={**USER, "email_verified": False}), online=True)
    assert given.person is not None and given.person.email == ""


def test_a_refresh_sends_the_refresh_token_whatever_the_clocks_say():
    given, http = refresh(make_tokens("2"))
    (sent,) = http.requests
    assert (sent.method, sent.url) == ("POST", ADDRESS)
    assert sent.json() == {
        "client_id": CLIENT_ID, "client_secret": SECRET, "grant_type": "refresh_token", "refresh_token": "shprt_0",
    }  # fmt: skip
    assert (given.access_token, given.refresh_token) == ("shpat_2", "shprt_2")


def test_a_refresh_that_leaves_something_out_never_ends_the_refreshing():
    given, _ = refresh(make_tokens("2", expires_in=None, refresh_token=None, refresh_token_expires_in=None))
    assert given.expires_at == CLOCK.now() + timedelta(hours=1)
    assert (given.refresh_token, given.credentials()["refresh_expires_at"]) == (
        "shprt_0",
        HELD["refresh_expires_at"],
    )


def test_a_code_is_exchanged_with_expiring_and_an_answer_without_refresh_is_taken():
    http = RecordingHttp(make_tokens(expires_in=None, refresh_token=None, refresh_token_expires_in=None))
    given = tokens.grant(IDENTITY, http, CLOCK, SHOP, "c0de")
    assert http.requests[0].json() == {
        "client_id": CLIENT_ID, "client_secret": SECRET, "code": "c0de", "expiring": "1",
    }  # fmt: skip
    assert (given.expires_at, given.refresh_before) == (None, None)
    assert given.credentials()["expires_at"] == given.credentials()["refresh_token"] == ""


def test_the_old_secret_never_asks():
    for answer in (make_tokens(), make_answer(400, json_body={"error": "invalid_client"})):
        for ask in (exchange, lambda *replies: refresh(*replies)):
            http = RecordingHttp(answer)
            try:
                tokens.exchange(IDENTITY, http, CLOCK, SHOP, "a.b.c") if ask is exchange else tokens.refresh(
                    IDENTITY, http, CLOCK, SHOP, HELD)  # fmt: skip
            except AdapterError:
                pass
            assert http.requests and all(OLD_SECRET not in sent.readable() for sent in http.requests)


@pytest.mark.parametrize("status", [500, 502, 503, 504, 301, 302, 402, 408, 423, 430])
def test_a_lost_or_odd_answer_is_asked_for_once_and_the_platform_is_down(status):
    for ask in (exchange, refresh):
        http = RecordingHttp(make_answer(status, headers={"Location": "https://evil.com/"}, body=b"<html>"))
        with pytest.raises(PlatformDown):
            if ask is exchange:
                tokens.exchange(IDENTITY, http, CLOCK, SHOP, "a.b.c")
            else:
                tokens.refresh(IDENTITY, http, CLOCK, SHOP, HELD)
        assert len(http.requests) == 1


@pytest.mark.parametrize("body", [
    b"", b"<html>", b"[]", b"null", b'"x"', b"{}", b'{"access_token": ""}', b'{"access_token": 5}',
    b'{"access_token": "a\\nb"}', b'{"access_token": "x", "expires_in": "soon"}', b"\xff\xfe", b"[" * 10_000,
    b'{"access_token": "x", "expires_in": true}', b'{"access_token": "x", "refresh_token": 5}',
    b'{"access_token": "x", "expires_in": ' + b"9" * 5000 + b"}", b'{"access_token": "x", "scope": ["read_orders"]}',
    b'{"access_token": "x", "associated_user": [1]}', '{"access_token": "ñ"}'.encode(),
])  # fmt: skip
def test_an_unreadable_good_answer_is_no_answer(body):
    for ask in (exchange, refresh):
        with pytest.raises(PlatformDown):
            ask(make_answer(200, body=body))
    with pytest.raises(PlatformDown):
        tokens.grant(IDENTITY, RecordingHttp(make_answer(200, body=body)), CLOCK, SHOP, "c0de")


def test_absurd_spans_are_cut_rather_than_crash():
    given, _ = exchange(make_tokens(expires_in=10**18, refresh_token_expires_in=-5))
    assert given.expires_at is not None and given.expires_at < CLOCK.now() + timedelta(days=3651)
    assert given.refresh_before == CLOCK.now()


def test_too_many_requests_is_said_with_the_wait_and_nobody_sleeps(monkeypatch):
    monkeypatch.setattr(time, "sleep", lambda seconds: pytest.fail("slept"))
    for headers, wait in (({"Retry-After": "7.5"}, 7.5),
                          ({"retry-after": "x"}, 2.0), ({"retry-after": "nan"}, 2.0), ({}, 2.0),
                          ({"Retry-After": "99999"}, 600.0)):  # fmt: skip
        http = RecordingHttp(make_answer(429, headers=headers))
        with pytest.raises(RateLimited) as caught:
            tokens.exchange(IDENTITY, http, CLOCK, SHOP, "a.b.c")
        assert (caught.value.retry_after, len(http.requests)) == (wait, 1)


@pytest.mark.parametrize(("status", "body", "error"), [
    (400, {"error": "invalid_grant"}, AccessRevoked), (401, {"error": "invalid_grant"}, AccessRevoked),
    (404, None, AccessRevoked), (403, {"error": "whatever"}, AccessRevoked),
    (400, {"error": "invalid_client"}, PlatformRefused), (400, {"error": "invalid_request"}, PlatformRefused),
    (400, ["no object"], PlatformRefused),
])  # fmt: skip
def test_a_refused_refresh_parks_only_a_store_that_shut_us_out(status, body, error):
    with pytest.raises(error):
        refresh(make_answer(status, json_body=body) if body else make_answer(status, body=b"<html>Not Found"))


def test_a_store_without_a_refresh_token_is_revoked_without_asking():
    http = RecordingHttp()
    with pytest.raises(AccessRevoked):
        tokens.refresh(IDENTITY, http, CLOCK, SHOP, {**HELD, "refresh_token": ""})
    assert http.requests == []


def test_a_stale_session_token_is_told_apart_from_a_refused_installation():
    with pytest.raises(tokens.StaleToken):
        exchange(make_answer(400, json_body={"error": "invalid_subject_token"}))
    with pytest.raises(PlatformRefused, match="CLIENT_SECRET"):
        exchange(make_answer(400, json_body={"error": "invalid_client"}))
    with pytest.raises(InstallRejected):
        tokens.grant(IDENTITY, RecordingHttp(make_answer(400, body=b"<html>")), CLOCK, SHOP, "c0de")


def test_the_network_going_away_is_the_platform_being_down():
    with pytest.raises(PlatformDown, match="away"):
        exchange(PlatformDown("away"))


def test_CREDENTIAL_LOG_LEAKAGE_no_token_or_secret_stands_in_an_error_a_log_or_a_repr(caplog):
    caplog.set_level(logging.DEBUG)
    secrets = (SECRET, OLD_SECRET, "shpat_", "shprt_", "the.id.token", "c0de")
    said = [repr(exchange(make_tokens())[0])]
    echo = {"error": "invalid_request", "error_description": f"{SECRET} shpat_1 shprt_0 the.id.token"}
    for answer in (make_answer(400, json_body=echo), make_answer(400, json_body={"error": f"x {SECRET}"}),
                   make_answer(500, body=json.dumps(echo).encode()), make_answer(200, json_body=echo)):  # fmt: skip
        for ask in (exchange, refresh):
            with pytest.raises(AdapterError) as caught:
                ask(answer)
            said += [str(caught.value), repr(caught.value), caught.value.words]
            cause = caught.value.__cause__ or caught.value.__context__
            said += [repr(cause)] if cause else []
    text = "\n".join([*said, caplog.text])
    assert not [one for one in secrets if one in text]


def test_with_a_fake_the_same_requests_go_to_this_machine():
    identity = read_identity({**VALUES, "FAKE_URL": "http://127.0.0.1:8790"})
    _, http = exchange(make_tokens(), identity=identity)
    assert http.requests[0].url == f"http://127.0.0.1:8790/shops/{SHOP}/admin/oauth/access_token"
