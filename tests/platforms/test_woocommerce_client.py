"""The client of a WooCommerce shop: who it says it is, where it never says so, and what it makes of odd answers."""

from __future__ import annotations

import json
import logging
import re
import traceback
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

import pytest
from woo_gate import KEY, MESSAGES, SECRET, Gate, make_certificate, recorded, sign_by_the_book
from woo_shop import HTTPS, NOW, make_shop, make_store

from adapters.woocommerce.access import Way, find_way
from adapters.woocommerce.answers import KeyReadsOnly, NoRoute
from adapters.woocommerce.api import Shop
from plugin.contract import (
    AccessRevoked,
    AdapterError,
    Answer,
    NotFound,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    SystemClock,
    Words,
)
from plugin.http import GuardedHttp
from plugin.testing.clock import FrozenClock
from plugin.testing.fakes import RecordingHttp, SentRequest, make_answer
from plugin.testing.local_server import run_server, write_answer


def read_oauth(sent: SentRequest) -> dict[str, str]:
    kind, _, rest = sent.headers["Authorization"].partition(" ")
    assert kind == "OAuth"
    pairs = (pair.strip().partition("=") for pair in rest.split(","))
    return {name: unquote(value.strip('"')) for name, _, value in pairs}


def refusal(status: int, code: str, message: str = "No.", **headers: str) -> Answer:
    body = {"code": code, "message": message, "data": {"status": status}}
    return make_answer(status, json_body=body, headers=headers)


# Who asks


def test_over_https_keys_travel_as_basic_in_the_header_and_nothing_follows_a_redirect() -> None:
    shop, http = make_shop(make_answer(json_body=[]))
    shop.check_reading()
    (sent,) = http.requests
    assert sent.url == f"{HTTPS}/wp-json/wc/v3/orders?per_page=1&_fields=id"
    assert f"{KEY}:{SECRET}" in sent.readable()
    assert sent.redirects is False


@pytest.mark.parametrize(
    ("method", "query"),
    [
        ("GET", {"search": "peña & co/ñ 100% a+b~c", "page": 2}),
        ("POST", {"force": True, "status": ["completed", "processing"]}),
        ("DELETE", {"force": True, "empty": ""}),
        ("PUT", {}),
    ],
)
def test_an_oauth_signature_is_the_one_an_independent_calculation_gives(
    method: str, query: dict[str, Any]
) -> None:
    shop, http = make_shop(
        make_answer(json_body=[]),
        url="https://www.shop.example.com/tienda",
        home="http://shop.example.com/tienda",
        auth="oauth",
    )
    shop.ask(method, "orders", {"note": "ñ"} if method == "POST" else None, query, "wc/v3")
    (sent,) = http.requests
    oauth = read_oauth(sent)
    values = dict(parse_qsl(urlsplit(sent.url).query, keep_blank_values=True)) | oauth
    expected = sign_by_the_book(method, "http://shop.example.com/tienda/wp-json/wc/v3/orders", values, SECRET)
    assert oauth["oauth_signature"] == expected
    assert sent.url.startswith("https://www.shop.example.com/tienda/wp-json/wc/v3/orders")
    assert (oauth["oauth_timestamp"], oauth["oauth_signature_method"]) == (
        str(int(NOW.timestamp())),
        "HMAC-SHA256",
    )
    assert SECRET not in sent.readable()
    assert KEY not in sent.url


def test_a_list_goes_out_as_a_comma_string() -> None:
    shop, http = make_shop(make_answer(json_body=[]), auth="oauth")
    shop.get("orders", {"include": [1, 2, 3], "dates_are_gmt": True})
    assert dict(parse_qsl(urlsplit(http.requests[0].url).query)) == {
        "include": "1,2,3",
        "dates_are_gmt": "true",
    }


def test_no_nonce_comes_twice() -> None:
    shop, http = make_shop(make_answer(json_body=[]), auth="oauth")
    for _ in range(200):
        shop.check_reading()
    nonces = {read_oauth(sent)["oauth_nonce"] for sent in http.requests}
    assert len(nonces) == 200
    assert all(re.fullmatch(r"[0-9a-f]{32}", nonce) for nonce in nonces)


def test_a_shop_without_https_gets_signatures_and_never_the_secret() -> None:
    for auth in ("", "basic", "oauth", "anything"):
        shop, http = make_shop(make_answer(json_body=[]), url="http://shop.example.com", auth=auth)
        shop.check_reading()
        assert http.requests[0].headers["Authorization"].startswith("OAuth ")
        assert SECRET not in http.requests[0].readable()


def test_what_is_sent_is_json_and_another_part_of_the_api_is_another_root() -> None:
    shop, http = make_shop(make_answer(201, json_body={"version": "1.0.0"}))
    shop.send("put", "connection", {"name": "Peñón"}, root="wc-mostrador/v1")
    (sent,) = http.requests
    assert (sent.method, sent.url) == ("PUT", f"{HTTPS}/wp-json/wc-mostrador/v1/connection")
    assert sent.headers["Content-Type"].startswith("application/json")
    assert sent.json() == {"name": "Peñón"}


# Over real connections


def test_over_tls_a_real_shop_believes_basic(tmp_path: Path) -> None:
    context, trusted = make_certificate(tmp_path, "127.0.0.1")
    gate = Gate(php_sees_https=True)
    with run_server(gate, context) as server:
        gate.home = url = f"https://127.0.0.1:{server.port}"
        http = GuardedHttp(allow_private_hosts=True, ca_bundle=trusted)
        way = find_way(http, SystemClock(), url, url, KEY, SECRET)
        assert way == Way("basic", url)
        Shop(http, make_store(url, auth=way.auth, home=way.home)).send("POST", "coupons", {"code": "x"})
    assert gate.ways == ["basic", "basic"]
    assert json.loads(gate.bodies[-1]) == {"code": "x"}


@pytest.mark.parametrize("told_home", ["http", "https"])
def test_behind_a_proxy_that_hides_tls_the_signature_is_for_the_home_address(
    tmp_path: Path, told_home: str
) -> None:
    context, trusted = make_certificate(tmp_path, "127.0.0.1")
    gate = Gate("http://tienda.example.com/shop", folder="/shop")
    with run_server(gate, context) as server:
        url = f"https://127.0.0.1:{server.port}/shop"
        http = GuardedHttp(allow_private_hosts=True, ca_bundle=trusted)
        way = find_way(http, SystemClock(), url, f"{told_home}://tienda.example.com/shop", KEY, SECRET)
        assert way == Way("oauth", "http://tienda.example.com/shop")
        shop = Shop(http, make_store(url, auth=way.auth, home=way.home))
        shop.get("orders", {"search": "a/b c", "status": "completed,processing"})
        shop.send("DELETE", "webhooks/3", query={"force": True})
    assert gate.ways == ["header"] * 3
    assert not any(KEY in line or SECRET in line for line in gate.lines)


def test_a_shop_over_plain_http_is_asked_with_signatures_only() -> None:
    gate = Gate()
    with run_server(gate) as server:
        gate.home = url = f"http://127.0.0.1:{server.port}"
        http = GuardedHttp(allow_private_hosts=True)
        assert find_way(http, SystemClock(), url, url, KEY, SECRET) == Way("oauth", url)
        Shop(http, make_store(url)).check_reading()
        assert not any(SECRET.encode() in raw or b"Basic" in raw for raw in server.requests)
    assert gate.ways == ["header", "header"]


@pytest.mark.parametrize("php_sees_https", [True, False])
def test_a_server_that_keeps_the_header_back_is_asked_in_the_query_without_the_secret(
    tmp_path: Path, php_sees_https: bool
) -> None:
    context, trusted = make_certificate(tmp_path, "127.0.0.1")
    gate = Gate(php_sees_https=php_sees_https, passes_header=False)
    with run_server(gate, context) as server:
        url = f"https://127.0.0.1:{server.port}"
        gate.home = url if php_sees_https else url.replace("https", "http")
        http = GuardedHttp(allow_private_hosts=True, ca_bundle=trusted)
        way = find_way(http, SystemClock(), url, gate.home, KEY, SECRET)
        assert way == Way("oauth-query", gate.home)
        Shop(http, make_store(url, auth=way.auth, home=way.home)).get("orders", {"search": "ñ/ü"})
        assert not any(SECRET in line for line in gate.lines)
    assert gate.ways == ["query", "query"]


WRONG = "cs_" + "c3" * 20


@pytest.mark.parametrize(
    ("key", "secret", "php_sees_https", "passes_header", "words"),
    [
        (KEY, WRONG, True, True, "not with this secret"),
        (KEY, WRONG, False, True, "does not know this key"),
        ("ck_" + "d" * 40, SECRET, True, True, "does not know this key"),
        ("ck_" + "d" * 40, SECRET, False, False, "does not know this key"),
    ],
)
def test_keys_the_shop_does_not_accept_are_told_apart(
    tmp_path: Path, key: str, secret: str, php_sees_https: bool, passes_header: bool, words: str
) -> None:
    context, trusted = make_certificate(tmp_path, "127.0.0.1")
    gate = Gate(php_sees_https=php_sees_https, passes_header=passes_header)
    with run_server(gate, context) as server:
        url = gate.home = f"https://127.0.0.1:{server.port}"
        with pytest.raises(AccessRevoked, match=words) as caught:
            find_way(
                GuardedHttp(allow_private_hosts=True, ca_bundle=trusted), SystemClock(), url, url, key, secret
            )
    told = "".join(traceback.format_exception(caught.value))
    assert key not in told
    assert secret not in told
    assert not any(secret in line for line in gate.lines)


def test_a_shop_that_notices_no_key_in_any_way_is_told_about_its_server() -> None:
    http = RecordingHttp(refusal(401, "woocommerce_rest_cannot_view"))
    with pytest.raises(AccessRevoked, match="Authorization header"):
        find_way(http, FrozenClock(NOW), HTTPS, HTTPS, KEY, SECRET)
    assert 3 <= len(http.requests) <= 6
    assert not any(SECRET in sent.url for sent in http.requests)


def test_a_closed_api_is_told_as_such_and_not_as_wrong_keys() -> None:
    http = RecordingHttp(refusal(401, "rest_not_logged_in", "Solo para usuarios."))
    with pytest.raises(AccessRevoked, match="closed its REST API"):
        find_way(http, FrozenClock(NOW), HTTPS, HTTPS, KEY, SECRET)


def test_a_shop_whose_clock_is_wrong_is_told_how_much() -> None:
    date = (NOW + timedelta(minutes=37)).strftime("%a, %d %b %Y %H:%M:%S GMT")
    http = RecordingHttp(
        refusal(401, "woocommerce_rest_authentication_error", "Marca de tiempo no válida.", Date=date)
    )
    with pytest.raises(AccessRevoked, match="37 minutes"):
        find_way(http, FrozenClock(NOW), "http://shop.example.com", "http://shop.example.com", KEY, SECRET)


# What is refused


@pytest.mark.parametrize(
    "message", ["The API key provided does not have write permissions.", "La clave no puede."]
)
def test_a_key_that_only_reads_is_no_broken_access(message: str) -> None:
    def answer(sent: SentRequest) -> Answer:
        if sent.method == "GET":
            return make_answer(json_body=[])
        return refusal(401, "woocommerce_rest_authentication_error", message)

    shop, _ = make_shop(answer)
    with pytest.raises(KeyReadsOnly, match="may only read") as caught:
        shop.send("POST", "coupons", {"code": "x"})
    assert isinstance(caught.value, PlatformRefused)
    assert isinstance(caught.value.words, Words)


def test_a_secret_that_became_wrong_is_a_broken_access_in_writing_too() -> None:
    shop, _ = make_shop(refusal(401, "woocommerce_rest_authentication_error", "El secreto no es válido."))
    with pytest.raises(AccessRevoked):
        shop.send("POST", "coupons", {"code": "x"})


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (401, "woocommerce_rest_cannot_view", AccessRevoked),
        (401, "woocommerce_rest_cannot_create", AccessRevoked),
        (401, "rest_forbidden", AccessRevoked),
        (401, "jwt_auth_no_auth_header", AccessRevoked),
        (403, "woocommerce_rest_cannot_view", AccessRevoked),
        (403, "rest_forbidden", AccessRevoked),
        (403, "woocommerce_rest_cannot_create", PlatformRefused),
        (403, "woocommerce_rest_cannot_edit", PlatformRefused),
        (404, "rest_no_route", NoRoute),
        (404, "woocommerce_rest_shop_order_invalid_id", NotFound),
        (404, "woocommerce_rest_shop_webhook_invalid_id", NotFound),
        (410, "woocommerce_rest_already_trashed", NotFound),
        (404, "", PlatformDown),
        (410, "", PlatformDown),
        (404, "wordfence_blocked", PlatformRefused),
        (400, "woocommerce_rest_coupon_code_already_exists", PlatformRefused),
        (500, "internal_server_error", PlatformDown),
        (500, "woocommerce_rest_cannot_create_order_refund", PlatformRefused),
        (501, "woocommerce_rest_trash_not_supported", PlatformRefused),
        (503, "woocommerce_rest_anything", PlatformDown),
    ],
)
def test_each_refusal_has_its_class_and_words_for_every_language(
    status: int, code: str, kind: type[Exception]
) -> None:
    shop, _ = make_shop(refusal(status, code, f"Nein, {KEY} und {SECRET} &amp; oauth_signature=abc%3D"))
    with pytest.raises(kind) as caught:
        shop.get("orders/1")
    assert isinstance(caught.value, AdapterError)
    assert isinstance(caught.value.words, Words)
    assert caught.value.words.message in MESSAGES, "a sentence that no catalogue can tell"
    told = "".join(traceback.format_exception(caught.value))
    assert KEY not in told
    assert SECRET not in told
    assert "abc%3D" not in told


def test_a_recorded_wish_that_woocommerce_refuses_with_500_is_not_a_shop_that_is_down() -> None:
    shop, _ = make_shop(make_answer(500, json_body=recorded("error_500_refund_too_large")))
    with pytest.raises(PlatformRefused, match="Invalid refund amount"):
        shop.send("POST", "orders/1/refunds", {})


def test_a_redirect_is_refused_with_the_place_and_the_keys_stay_here() -> None:
    with run_server(lambda _: [write_answer(b"[]")]) as elsewhere:
        place = f"http://127.0.0.1:{elsewhere.port}/tienda"
        target = f"{place}/wp-json/wc/v3/orders?oauth_consumer_key={KEY}"
        with run_server(lambda _: [write_answer(status="301 Moved", location=target)]) as server:
            shop = Shop(GuardedHttp(allow_private_hosts=True), make_store(f"http://127.0.0.1:{server.port}"))
            with pytest.raises(PlatformRefused) as caught:
                shop.check_reading()
        assert elsewhere.connections == 0
    assert f"{place}, and keys" in str(caught.value)
    assert "Settings > General" in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7),
        ("0", 1),
        ("99999", 3600),
        ("", 60),
        ("soon", 60),
        ("-5", 60),
        ("1e3", 60),
        ("٧", 60),
        ("Sat, 21 Nov 2026 22:02:30 GMT", 150),
        ("Sat, 21 Nov 2026 21:00:00 GMT", 1),
        ("Wed, 21 Oct 2037 07:28:00 GMT", 3600),
        ("Sat, 99 Nov 2026 22:02:30 GMT", 60),
    ],
)
def test_how_long_to_wait_is_understood_in_seconds_and_as_a_date(value: str, seconds: float) -> None:
    shop, _ = make_shop(make_answer(429, body=b"<html>", headers={"retry-after": value}))
    with pytest.raises(RateLimited) as caught:
        shop.get("orders")
    assert caught.value.retry_after == seconds


@pytest.mark.parametrize("status", [200, 202, 401, 403])
def test_a_page_where_data_belongs_is_recognised_whatever_its_status(status: int) -> None:
    shop, _ = make_shop(make_answer(status, body=b"\xef\xbb\xbf\n<!doctype html><title>Coming soon</title>"))
    with pytest.raises(PlatformDown, match="page instead of data"):
        shop.get("orders")


def test_a_site_that_asks_for_a_password_is_told_so() -> None:
    shop, _ = make_shop(
        make_answer(401, body=b"<h1>Unauthorized</h1>", headers={"WWW-Authenticate": 'Basic realm="x"'})
    )
    with pytest.raises(PlatformDown, match="asks for a password"):
        shop.get("orders")


def test_nothing_secret_is_logged_or_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    for auth in ("basic", "oauth", "oauth-query"):
        shop, http = make_shop(make_answer(json_body=[{"id": "x"}]), make_answer(500), auth=auth)
        with pytest.raises(AdapterError):
            list(shop.list_changed(NOW))
            shop.check_reading()
        assert SECRET not in "".join(sent.url for sent in http.requests)
        assert SECRET not in f"{shop!r}{shop}{make_store()!r}"
        assert KEY not in f"{shop!r}{make_store()!r}"
    assert SECRET not in caplog.text
    assert KEY not in caplog.text
