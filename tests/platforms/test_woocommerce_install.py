"""Connecting a shop by its own page or with pasted keys: what is asked, what is believed, who may own it."""

from __future__ import annotations

import json
import traceback
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from woo_gate import KEY, MESSAGES, SECRET, Gate, recorded
from woo_web import PAGE, Web, go, make_index

from adapters.woocommerce import install
from plugin.contract import (
    Answer,
    Form,
    InstallRejected,
    PlatformDown,
    Redirect,
    Urls,
    WebRequest,
    Words,
)
from plugin.http import GuardedHttp
from plugin.testing.fakes import RecordingHttp, SentRequest, make_answer
from plugin.testing.local_server import run_server

STATE = "st_4f1c9a7be2d0463898aa51c3"
URLS = Urls(
    webhook="https://care.example/hooks/woocommerce/k",
    widget_loader="https://care.example/l.js",
    install_callback="https://care.example/install/woocommerce/callback",
    desk="https://care.example/desk/",
)

# Beginning


def wish(**fields: str) -> WebRequest:
    return WebRequest(
        method="POST",
        path="/install/woocommerce",
        query={},
        body=urlencode(fields).encode(),
        headers={"content-type": "application/x-www-form-urlencoded"},
    )


def begin(request: WebRequest, urls: Urls = URLS, home: str = "https://shop.example.com") -> Redirect | Form:
    return install.begin_install(Web({f"{home}/wp-json/": make_index(home)}).http, request, urls, STATE)


@pytest.mark.parametrize(
    "request_",
    [
        wish(shop="shop.example.com"),
        WebRequest(
            method="GET", path="/install/woocommerce", query={"shop": "https://shop.example.com"}, headers={}
        ),
    ],
)
def test_a_typed_address_leads_to_the_shops_own_page_with_everything_it_asks_for(
    request_: WebRequest,
) -> None:
    answer = begin(request_)
    assert isinstance(answer, Redirect)
    parts = urlsplit(answer.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://shop.example.com/wc-auth/v1/authorize"
    assert {name: values for name, (values,) in parse_qs(parts.query).items()} == {
        "app_name": "Mostrador",
        "scope": "read_write",
        "user_id": STATE,
        "return_url": URLS.install_callback,
        "callback_url": URLS.install_callback,
    }
    assert answer.by_server
    assert answer.keep["url"] == answer.keep["home"] == "https://shop.example.com"


def change_callback(callback: str) -> Urls:
    return Urls(webhook="", widget_loader="", desk="", install_callback=callback)


@pytest.mark.parametrize(
    ("callback", "words"),
    [
        ("http://127.0.0.1:5000/install/woocommerce/callback", "a server with https"),
        ("https://care.example:5443/install/woocommerce/callback", "private network or on an unusual port"),
        ("https://192.168.1.4/install/woocommerce/callback", "private network or on an unusual port"),
    ],
)
def test_where_the_shop_could_not_post_to_us_the_form_comes_with_the_reason(
    callback: str, words: str
) -> None:
    form = begin(wish(shop="shop.example.com"), change_callback(callback))
    assert isinstance(form, Form)
    assert words in form.words
    assert isinstance(form.words, Words)
    assert [(field.key, field.secret) for field in form.fields] == [
        ("url", False),
        ("consumer_key", False),
        ("consumer_secret", True),
    ]
    assert form.fields[0].default == "https://shop.example.com"


def test_two_neighbours_in_one_private_network_can_post_to_each_other() -> None:
    urls = change_callback("https://192.168.1.4:5443/install/woocommerce/callback")
    assert isinstance(begin(wish(shop="http://192.168.1.9"), urls, "http://192.168.1.9"), Redirect)


@pytest.mark.parametrize("request_", [wish(), wish(shop=" "), wish(shop="shop.example.com", keys="1")])
def test_without_an_address_or_on_wish_the_form_for_keys_comes_and_nothing_is_fetched(
    request_: WebRequest,
) -> None:
    form = install.begin_install(RecordingHttp(), request_, URLS, STATE)
    assert isinstance(form, Form)
    assert "Read/Write" in form.words
    assert all(isinstance(field.help, Words) for field in form.fields)


def test_an_address_that_leads_nowhere_is_refused_at_the_beginning() -> None:
    with pytest.raises(InstallRejected, match="Nothing answers"):
        install.begin_install(Web({}).http, wish(shop="shop.example.com"), URLS, STATE)


# Coming back

KEPT = {
    "by": "authorize",
    "url": "https://shop.example.com",
    "home": "https://shop.example.com",
    "name": "Tienda",
    "time_zone": "America/Bogota",
}
POST = {
    "key_id": 13,
    "user_id": STATE,
    "consumer_key": KEY,
    "consumer_secret": SECRET,
    "key_permissions": "read_write",
}


def come_back(kept: dict[str, str] = KEPT, **changes: Any) -> WebRequest:
    return WebRequest(
        method="POST",
        path="/install/woocommerce/callback",
        query={},
        kept=kept,
        headers={
            "content-type": "application/json;charset=UTF-8",
            "user-agent": "WordPress/7.1; https://evil.example",
        },
        body=json.dumps(POST | changes).encode(),
    )


def return_with(query: dict[str, str], kept: dict[str, str] = KEPT) -> WebRequest:
    return WebRequest(method="GET", path="/install/woocommerce/callback", query=query, headers={}, kept=kept)


def paste(**fields: str) -> WebRequest:
    return wish(
        **{"url": "https://shop.example.com", "consumer_key": KEY, "consumer_secret": SECRET} | fields
    )


def shop_that_believes(sent: SentRequest) -> Answer:
    if f"{KEY}:{SECRET}" not in sent.readable():
        return (
            make_index()
            if "/wc/v3" not in sent.url
            else make_answer(401, json_body=recorded("error_401_no_credentials"))
        )
    return make_answer(json_body=recorded("system_status_facts") if "system_status" in sent.url else [])


def test_the_state_is_read_from_the_post_and_from_the_return_and_is_cleaned_of_nothing() -> None:
    recorded_post = json.loads(
        (Path(__file__).parent.parent / "data/woocommerce/rest/wc_auth_callback.json").read_bytes()
    )
    assert install.read_state(come_back(**recorded_post)) == recorded_post["user_id"]
    assert install.read_state(return_with({"success": "1", "user_id": STATE})) == STATE
    assert install.read_state(paste(user_id=STATE)) == ""
    for odd in ("", "a b", "../x", "a" * 300, "ñ"):
        assert install.read_state(return_with({"user_id": odd})) == ""
    assert (
        install.read_state(
            WebRequest(
                method="POST", path="/", query={}, body=b"{", headers={"content-type": "application/json"}
            )
        )
        == ""
    )


def test_posted_keys_connect_the_shop_that_was_typed() -> None:
    http = RecordingHttp(shop_that_believes)
    access = install.finish_install(http, come_back())
    assert access.credentials == {
        "url": "https://shop.example.com",
        "home": "https://shop.example.com",
        "auth": "basic",
        "consumer_key": KEY,
        "consumer_secret": SECRET,
    }
    assert (access.domain, access.name, access.currency, access.time_zone) == (
        "shop.example.com",
        "Tienda",
        "MXN",
        "America/Bogota",
    )
    assert len(http.requests) == 2
    assert SECRET not in repr(access)


def test_whatever_shop_a_post_claims_only_the_typed_one_is_asked() -> None:
    http = RecordingHttp(shop_that_believes)
    access = install.finish_install(
        http,
        come_back(url="https://evil.example", home="https://evil.example", shop="evil.example", by="form"),
    )
    assert access.domain == "shop.example.com"
    assert {urlsplit(sent.url).hostname for sent in http.requests} == {"shop.example.com"}


def test_keys_of_another_shop_connect_nothing() -> None:
    http = RecordingHttp(shop_that_believes)
    with pytest.raises(InstallRejected, match="did not accept the keys") as caught:
        install.finish_install(http, come_back(consumer_secret="cs_" + "e" * 40))
    told = "".join(traceback.format_exception(caught.value))
    assert "e" * 40 not in told
    assert KEY not in told


@pytest.mark.parametrize("permissions", ["read", "write", "", None, ["read_write"]])
def test_keys_that_may_not_both_read_and_write_are_sent_back_unasked(permissions: Any) -> None:
    http = RecordingHttp()
    with pytest.raises(InstallRejected, match="may not both read and write"):
        install.finish_install(http, come_back(key_permissions=permissions))
    assert http.requests == []


@pytest.mark.parametrize(
    "changes",
    [
        {"consumer_key": ""},
        {"consumer_key": "ck_x"},
        {"consumer_secret": 5},
        {"consumer_key": SECRET, "consumer_secret": KEY},
    ],
)
def test_a_post_without_whole_keys_connects_nothing_and_asks_nobody(changes: dict[str, Any]) -> None:
    http = RecordingHttp()
    with pytest.raises(InstallRejected, match="not complete"):
        install.finish_install(http, come_back(**changes))
    assert http.requests == []


@pytest.mark.parametrize("kept", [KEPT, {}])
def test_who_pressed_deny_is_told_that_nothing_happened(kept: dict[str, str]) -> None:
    with pytest.raises(InstallRejected, match="pressed Deny"):
        install.finish_install(RecordingHttp(), return_with({"success": "0", "user_id": STATE}, kept))


def test_success_in_an_address_is_believed_by_nobody() -> None:
    with pytest.raises(InstallRejected, match="has not handed over its keys"):
        install.finish_install(RecordingHttp(), return_with({"success": "1", "user_id": STATE}))


def test_pasted_keys_are_for_the_address_in_the_form_also_when_the_form_came_instead_of_the_shops_page() -> (
    None
):
    access = install.finish_install(RecordingHttp(shop_that_believes), paste(url="shop.example.com"))
    assert access.credentials["auth"] == "basic"
    request = WebRequest(
        method="POST",
        path="/",
        query={},
        body=paste().body,
        headers=paste().headers,
        kept={"shop": "https://typo.example.com"},
    )
    assert install.finish_install(RecordingHttp(shop_that_believes), request).domain == "shop.example.com"


def test_an_address_alone_connects_without_keys_and_keeps_no_credentials() -> None:
    access = install.finish_install(
        RecordingHttp(shop_that_believes), paste(consumer_key="", consumer_secret="")
    )
    assert (access.credentials, access.domain) == ({}, "shop.example.com")


def test_a_shop_too_slow_to_tell_its_settings_connects_all_the_same() -> None:
    def answer(sent: SentRequest) -> Answer | Exception:
        return (
            PlatformDown("The answer took too long.")
            if "system_status" in sent.url
            else shop_that_believes(sent)
        )

    access = install.finish_install(RecordingHttp(answer), come_back())
    assert (access.currency, access.locale) == ("", "")


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (make_answer(503), "down for a moment"),
        (make_answer(body=PAGE), "page instead of data"),
        (go("https://www.shop.example.com/wp-json/wc/v3/orders"), "https://www.shop.example.com"),
        (PlatformDown("The address could not be reached."), "cannot be reached just now"),
        (PlatformDown("The certificate of the address is not valid."), "certificate is not valid any more"),
        (PlatformDown("The answer took too long."), "takes too long to answer"),
        (PlatformDown("The answer is larger than we accept."), "too large to be read"),
    ],
)
def test_a_shop_that_fails_while_its_keys_are_tried_is_told_with_the_reason(answer: Any, words: str) -> None:
    with pytest.raises(InstallRejected, match=words) as caught:
        install.finish_install(RecordingHttp(answer), come_back())
    assert isinstance(caught.value.words, Words)
    reason = caught.value.words.values["reason"]
    assert isinstance(reason, Words)
    assert {caught.value.words.message, reason.message} <= MESSAGES


# Over real connections


def test_a_real_shop_over_http_in_a_folder_connects_with_pasted_keys() -> None:
    gate = Gate(folder="/tienda")
    with run_server(gate) as server:
        gate.home = f"http://127.0.0.1:{server.port}/tienda"
        access = install.finish_install(
            GuardedHttp(allow_private_hosts=True), paste(url=gate.home + "/wp-admin/")
        )
    assert access.credentials == {
        "url": gate.home,
        "home": gate.home,
        "auth": "oauth",
        "consumer_key": KEY,
        "consumer_secret": SECRET,
    }
    assert (access.domain, access.name) == (f"127.0.0.1:{server.port}/tienda", "Tienda & Ficticia")
    assert (access.currency, access.locale, access.time_zone) == ("MXN", "en_US", "America/Bogota")
    assert not any(SECRET in line for line in gate.lines)
