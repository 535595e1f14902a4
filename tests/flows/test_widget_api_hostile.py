"""Everything a hostile page may send is answered with a sentence, and nothing breaks."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from widget_shop import Page, Shop, message

from plugin.testing.clock import FrozenClock


@pytest.fixture
def shop(sqlite_url: str, clock: FrozenClock) -> Iterator[Shop]:
    shop = Shop(sqlite_url, clock)
    yield shop
    shop.close()


@pytest.mark.parametrize("wrap", ['{"a":', "[", '{"text":[', '{"steps":['])
def test_json_a_hundred_thousand_deep_is_refused(panel: Page, wrap: str) -> None:
    for depth in (500, 5000, 15_000, 100_000):
        body = wrap * depth
        for path in ("/stores/{store}/messages", "/stores/{store}/order"):
            answer = panel.call("POST", path, data=body, content_type="application/json")
            assert answer.status_code in (400, 413, 422), (depth, answer.status_code)
            assert answer.json["message"]


def test_bodies_that_are_no_message_are_refused_with_a_sentence(panel: Page) -> None:
    raw = [
        b"",
        b"null",
        b"[]",
        b"1",
        b'"x"',
        b"{",
        b"\xff\xfe",
        b"NaN",
        b"1" * 5000,
        b"true",
        b"{}",
        b"\x00" * 100,
        "é".encode("utf-16"),
        b'{"client_id":1e999}',
    ]
    for body in raw:
        for kind in (
            "application/json",
            "text/plain",
            "",
            "multipart/form-data",
            "application/x-www-form-urlencoded",
        ):
            answer = panel.call("POST", "/stores/{store}/messages", data=body, content_type=kind)
            assert answer.status_code in (400, 422), (body, kind, answer.status_code)
            assert answer.json["message"] == "No hemos podido leer lo enviado. Vuelve a cargar la página."
    assert (
        panel.call(
            "POST", "/stores/{store}/messages", data=b"x" * 96_001, content_type="application/json"
        ).status_code
        == 413
    )


@pytest.mark.parametrize(
    "words", ["", " ", "\n\t ", "x" * 4001, "a\0b", "\ud800", 7, None, ["x"], {"a": 1}, True]
)
def test_words_that_are_none_or_too_many_are_refused_in_the_shopper_s_language(
    panel: Page, words: Any
) -> None:
    body = json.dumps(message("x") | {"text": words, "locale": "pt"})
    answer = panel.call("POST", "/stores/{store}/messages", data=body, content_type="application/json")
    assert answer.status_code == 422
    assert answer.json["message"] == "Uma mensagem tem entre 1 e 4000 caracteres. Encurte-a, por favor."


NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "javascript:alert(1)",
    "{{7*7}}",
    "%s%n{0}",
    "'; DROP TABLE messages; --",
    "\u202egnp.exe",
    "\u0000".replace("\u0000", ""),
    "👩‍👩‍👧‍👦" * 500,
    "a" * 4000,
    "ﷺ" * 4000,
    "\u200b" * 50 + "x",
    "Ⅷ①４４４４",
    "\ufeffhola",
    "a\u0301" * 1000,
    "1 " * 2000,
    "1" * 4000,
    "( " * 2000,
    "quiero " * 500,
    "no " * 1000 + "robot",
    "-" * 4000,
    "\x1b[31mrojo",
    "data: x\n\nevent: message\ndata: {}\n\n",
    "\r\n\r\nHTTP/1.1 200 OK",
    "персона" * 300,
    "人" * 4000,
]


def test_hostile_words_are_kept_as_words(shop: Shop) -> None:
    for number, words in enumerate(word for word in NASTY if word):
        panel = Page(shop, shop.store, "", f"10.{number}.0.1")
        answer = panel.say(words)
        assert answer.status_code == 201, words[:40]
        first = panel.read()["messages"][0]
        assert first["text"] == words and first["body"] is None
        assert panel.get("/stores/{store}/search", query_string={"q": words[:1000]}).status_code == 200


def test_hostile_corners_of_a_message_never_break_it(shop: Shop) -> None:
    pages = [
        "javascript:alert(1)",
        "https://[::1",
        "http://",
        "https://u:p@shop.example/x",
        "x" * 4000,
        "\\\\host",
        "https://é.example/\u202e",
    ]
    steps = [["cart", "moon", "<b>"], [""] * 20, ["cart"] * 20]
    locales = ["../../etc", "zz", "es\u202e", "", None, "e" * 35]
    client = 0
    for values in (
        [{"page": one} for one in pages]
        + [{"steps": one} for one in steps]
        + [{"locale": one} for one in locales]
    ):
        client += 1
        answer = Page(shop, shop.store, "", f"10.{client}.0.1").say("hola", **values)
        assert answer.status_code == 201, (values, answer.text)
    for values in (
        {"steps": ["x"] * 21},
        {"steps": "cart"},
        {"steps": [1]},
        {"page": 1},
        {"proof": "x" * 4097},
        {"locale": "x" * 36},
        {"client_id": "1"},
        {"client_id": str(uuid.uuid4()) + "\n"},
        {"client_id": "0" * 36},
    ):
        assert (
            Page(shop, shop.store, "", "10.99.0.1")
            .post("/stores/{store}/messages", message("x") | values)
            .status_code
            == 422
        )


def test_two_thousand_random_requests_are_all_answered(shop: Shop) -> None:
    """Seeded, so that a failure comes again."""
    chance = random.Random(20261121)
    values = [
        "",
        "x",
        "\0",
        "\ud800",
        -1,
        2**70,
        1e308,
        None,
        True,
        [],
        {},
        [[]],
        {"a": {}},
        "es",
        "cart",
        str(uuid.UUID(int=7)),
        "9" * 5000,
    ]
    keys = ["text", "client_id", "locale", "steps", "page", "proof", "token", "__proto__", "", "after", "q"]
    paths = [
        "/stores/{store}/boot",
        "/stores/{store}/messages",
        "/stores/{store}/order",
        "/stores/{store}/search",
        "/conversation",
        "/conversation/hand-over",
        "/stores/%00/boot",
        "/stores/{store}/articles/..%2f..",
        "/stream",
        "/stores//boot",
        "/é",
        "/openapi.json",
    ]
    panel = shop.page()
    panel.say("hola")
    for turn in range(2000):
        body = {chance.choice(keys): chance.choice(values) for _ in range(chance.randrange(6))}
        data = json.dumps(body).encode()
        if chance.random() < 0.2:
            cut = bytearray(data)
            for _ in range(3):
                cut[chance.randrange(len(cut))] = chance.randrange(256)
            data = bytes(cut)
        query = {
            key: str(value).encode("utf-8", "replace").decode()
            for key, value in body.items()
            if chance.random() < 0.3
        }
        method = chance.choice(["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS"])
        token = chance.choice([panel.token, "", "vt_x"])
        answer = panel.call(
            method,
            chance.choice(paths),
            token=token,
            data=data,
            query_string=query,
            content_type=chance.choice(
                ["application/json", "text/plain", "application/json; charset=utf-16"]
            ),
            environ_base={"REMOTE_ADDR": f"10.{turn % 250}.{turn // 250}.1"},
        )
        assert answer.status_code < 500, (method, body, answer.text)
        answer.close()
