"""Who may do what: origins, visitors, stores, limits, and everything a hostile page may send."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from widget_shop import ANA, ORIGIN, ROOT, Page, Shop, message

from plugin.care import find_visitor, reply, revoke_visitor
from plugin.database import ALL
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_order


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def shop(sqlite_url: str, clock: FrozenClock) -> Iterator[Shop]:
    shop = Shop(sqlite_url, clock)
    yield shop
    shop.close()


@pytest.fixture
def panel(shop: Shop) -> Page:
    return shop.page()


PUBLIC = ("/stores/{store}/boot", "/stores/{store}/articles/delivery-times", "/stores/{store}/search?q=pago")
FOREIGN = (
    "null",
    "https://evil.example",
    "https://sub.shop.example",
    "http://shop.example",
    "https://shop.example:444",
    "https://shop.example.evil.example",
    "https://shop.exampl",
    "https://SHOP.example/",
    "*",
    "",
    "https://shop.example,x",
)


def open_routes(panel: Page) -> list[tuple[str, str, Any]]:
    """Every route as a working call: method, path, body."""
    return [
        ("GET", PUBLIC[0], None),
        ("GET", PUBLIC[1], None),
        ("GET", PUBLIC[2], None),
        ("POST", "/stores/{store}/messages", message("hola")),
        ("POST", "/stores/{store}/order", {"proof": "x"}),
        ("GET", "/conversation", None),
        ("POST", "/conversation/hand-over", {"client_id": str(uuid.uuid4())}),
        ("GET", "/stream", None),
    ]


def test_the_routes_of_these_tests_are_all_there_are(panel: Page, shop: Shop) -> None:
    rules = {rule.rule for rule in shop.app.url_map.iter_rules() if rule.rule.startswith(ROOT)}
    tested = {
        ROOT + path.partition("?")[0].replace("{store}", "<store>").replace("delivery-times", "<article_id>")
        for _, path, _ in open_routes(panel)
    }
    assert rules - tested == {ROOT + "/openapi.json"}
    assert tested <= rules


def test_only_the_store_s_own_pages_may_read_an_answer(panel: Page) -> None:
    panel.say("hola")
    for method, path, body in open_routes(panel):
        for origin in (ORIGIN, "http://127.0.0.1:8080"):
            answer = panel.call(method, path, json=body, headers={"Origin": origin})
            assert answer.headers.get("Access-Control-Allow-Origin") == origin, path
            assert answer.status_code in (200, 201, 404)
            assert "Access-Control-Allow-Credentials" not in answer.headers
            assert "Origin" in answer.headers["Vary"]
            answer.close()
        for origin in FOREIGN:
            answer = panel.call(method, path, json=body, headers={"Origin": origin})
            assert (answer.status_code, "Access-Control-Allow-Origin" in answer.headers) == (403, False), (
                path,
                origin,
            )
            assert answer.json["message"]


def test_a_preflight_is_answered_for_the_store_s_pages_alone(panel: Page, shop: Shop) -> None:
    shop.connect("other.example")
    panel.say("hola")
    for method, path, _ in open_routes(panel):
        asking = {
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type",
        }
        good = panel.call("OPTIONS", path, token="", headers={"Origin": ORIGIN} | asking)
        assert (good.status_code, good.data) == (204, b"")
        assert good.headers["Access-Control-Allow-Origin"] == ORIGIN
        assert {"authorization", "content-type", "last-event-id"} == set(
            good.headers["Access-Control-Allow-Headers"].split(", ")
        )
        assert "Access-Control-Allow-Credentials" not in good.headers
        for origin in FOREIGN:
            bad = panel.call("OPTIONS", path, token="", headers={"Origin": origin} | asking)
            assert "Access-Control-Allow-Origin" not in bad.headers, (path, origin)
        elsewhere = panel.call(
            "OPTIONS", path, token="", headers={"Origin": "https://other.example"} | asking
        )
        assert ("Access-Control-Allow-Origin" in elsewhere.headers) == ("{store}" not in path)


def test_a_store_connected_later_is_known_to_preflights_soon(
    panel: Page, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = {"Origin": "https://later.example", "Access-Control-Request-Method": "GET"}
    assert "Access-Control-Allow-Origin" not in panel.call("OPTIONS", "/conversation", headers=asking).headers
    shop.connect("later.example")
    monkeypatch.setattr("plugin.web.widget_guard.time.monotonic", lambda: 1e9)
    assert "Access-Control-Allow-Origin" in panel.call("OPTIONS", "/conversation", headers=asking).headers


def test_no_other_page_of_this_server_speaks_cors(panel: Page) -> None:
    for path in ("/healthz", "/readyz", "/", "/desk/x/", "/hooks/demo/x", "/api/", "/api/widget/v2/boot"):
        answer = panel.client.get(path, headers={"Origin": ORIGIN})
        assert "Access-Control-Allow-Origin" not in answer.headers, path


def test_a_token_that_opens_nothing_is_401_on_every_route_and_readable_by_the_widget(
    panel: Page, shop: Shop
) -> None:
    bad = [
        "x",
        "vt_" + "a" * 22,
        "vt_",
        "*",
        "%00",
        "vt_" + "a" * 21 + "\u00e9",
        "null",
        "A" * 79,
        "A" * 5000,
    ]
    panel.say("hola")
    bad += [panel.token.upper(), panel.token + "a", panel.token[:-1]]
    bodies = set()
    for method, path, body in open_routes(panel)[3:]:
        if path.endswith("/order"):
            continue
        for token in bad:
            header = f"Bearer {token}".encode().decode("latin-1")
            answer = panel.call(
                method, path, token="", json=body, headers={"Authorization": header, "Origin": ORIGIN}
            )
            assert answer.status_code == 401, (path, token)
            assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
            bodies.add(answer.json["status"])
        for header in (
            "",
            "Bearer",
            "Bearer ",
            "Basic dTpw",
            panel.token,
            f"Token {panel.token}",
            f"Bearer {panel.token}, x",
        ):
            answer = panel.call(method, path, token="", json=body, headers={"Authorization": header})
            assert answer.status_code == 401, (path, header)
    assert bodies == {"Unauthorized"}
    for path in ("/conversation", "/stream"):
        assert panel.get(path, token="").status_code == 401
        assert panel.get(f"{path}?token={panel.token}", token="").status_code in (401, 422), (
            "never from an address"
        )


def test_expired_and_revoked_tokens_open_nothing(panel: Page, shop: Shop, clock: FrozenClock) -> None:
    panel.say("hola")
    other = shop.page()
    other.say("hola")
    visitor = find_visitor(shop.care, other.token)
    assert visitor is not None
    revoke_visitor(shop.care, shop.store.id, visitor.id)
    assert other.get("/conversation").status_code == 401
    clock.advance(timedelta(days=30) - timedelta(seconds=1))
    assert panel.get("/conversation").status_code == 200
    clock.advance(1)
    for method, path, body in open_routes(panel)[5:]:
        assert panel.call(method, path, json=body).status_code == 401
    assert panel.post("/stores/{store}/messages", message("hola")).status_code == 401


def test_a_visitor_reaches_nothing_of_another_visitor_or_another_store(shop: Shop) -> None:
    foreign_store = shop.connect("other.example")
    mine, theirs, abroad = shop.page(), shop.page(), shop.page(foreign_store)
    said = {one: one.say(f"palabras {n}").json for n, one in enumerate((mine, theirs, abroad))}
    for one in (mine, theirs, abroad):
        read = one.read()
        assert read["conversation"]["id"] == said[one]["conversation"]["id"]
        assert {other["conversation"]["id"] for other in said.values()} & set(
            json.dumps(read).split('"')
        ) == {said[one]["conversation"]["id"]}
        stolen = said[theirs]["conversation"]["id"]
        assert read == one.get("/conversation?after=0", headers={"Last-Event-ID": f"{stolen}:0"}).json
        assert one.get(f"/conversation?id={stolen}").status_code == 422
        body = {"client_id": str(uuid.uuid4()), "conversation": stolen}
        assert one.post("/conversation/hand-over", body).status_code == 422
    crossing = Page(shop, shop.store, abroad.token)
    assert crossing.post("/stores/{store}/messages", message("hola")).status_code == 401
    client_id = said[theirs]["messages"][0]["client_id"]
    assert len(mine.post("/stores/{store}/messages", message("otra", client_id)).json["messages"]) == 2
    assert [line for line in theirs.lines() if line[1] == "otra"] == []


def test_equal_orders_of_two_stores_never_mix(shop: Shop) -> None:
    other = shop.connect("other.example")
    shop.add_order(make_order(number="7", external_id="7"))
    assert (
        shop.page(other).post("/stores/{store}/order", {"proof": shop.prove(other, order="7")}).status_code
        == 404
    )
    assert shop.page(other).post("/stores/{store}/order", {"proof": shop.prove(order="7")}).status_code == 404
    assert shop.page().post("/stores/{store}/order", {"proof": shop.prove(order="7")}).status_code == 200


def test_an_uninstalled_store_is_gone_for_everybody(panel: Page, shop: Shop) -> None:
    panel.say("hola")
    shop.change_store(status="uninstalled")
    assert [panel.call(method, path, json=body).status_code for method, path, body in open_routes(panel)] == [
        404
    ] * 5 + [401] * 3


COLUMNS = (
    "store_id",
    "id",
    "owner",
    "status",
    "agent_id",
    "author",
    "position",
    "visitor_id",
    "order_id",
    "token",
    "token_hash",
    "expires_at",
    "settled_at",
    "body",
    "source",
    "public_id",
    "version",
    "name",
)


def test_no_column_can_be_written_from_outside(panel: Page, shop: Shop) -> None:
    panel.say("hola")

    def dump() -> str:
        with shop.house.db.reading(ALL, "everything") as tx:
            return repr(
                [
                    list(tx.execute(text(f"SELECT * FROM {name}")))
                    for name in ("visitors", "conversations", "messages")
                ]
            )

    before = dump()
    for column in COLUMNS:
        for value in (1, "x", None, {"a": 1}, []):
            assert (
                panel.post("/stores/{store}/messages", message("hola", **{column: value})).status_code == 422
            )
            wish = {"client_id": str(uuid.uuid4()), column: value}
            assert panel.post("/conversation/hand-over", wish).status_code == 422
    assert dump() == before


def test_thirty_messages_a_minute_then_429_with_a_time_but_a_person_is_never_refused(panel: Page) -> None:
    answers = [panel.say(f"mensaje {n}").status_code for n in range(31)]
    assert answers == [201] * 31, "the first one was counted before there was a visitor"
    refused = panel.say("otro más")
    assert refused.status_code == 429 and 1 <= int(refused.headers["Retry-After"]) <= 60
    assert refused.json == {"code": 429, "status": "Too Many Requests", "message": refused.json["message"]}
    assert refused.json["message"].startswith("Han sido muchas cosas")
    asked = panel.say("quiero hablar con una persona")
    assert (asked.status_code, asked.json["conversation"]["status"]) == (201, "open")
    assert panel.say("quiero hablar con una persona").status_code == 429, "somebody is on the way"
    assert panel.post("/conversation/hand-over", {"client_id": str(uuid.uuid4())}).status_code == 200
    assert panel.get("/conversation").status_code == 200


def test_five_new_conversations_an_hour_from_one_neighbourhood_but_a_person_is_never_refused(
    shop: Shop,
) -> None:
    def arrive(address: str, words: str = "hola", client_id: str = "") -> int:
        return Page(shop, shop.store, "", address).say(words, client_id).status_code

    known = str(uuid.uuid4())
    assert arrive("203.0.113.1", client_id=known) == 201
    assert [arrive(f"203.0.113.{n}") for n in range(2, 8)] == [201] * 4 + [429] * 2
    assert arrive("203.0.113.9", client_id=known) == 200, "sent again is not new"
    assert arrive("203.0.113.9", "quiero hablar con una persona") == 201
    assert arrive("203.0.114.1") == 201
    assert [arrive("2001:db8:0:1::1"), *(arrive(f"2001:db8:0:1{n}::1") for n in range(5))] == [201] * 5 + [
        429
    ]
    other = shop.connect("other.example")
    assert Page(shop, other, "", "203.0.113.7").say("hola").status_code == 201


def test_sixty_orders_an_hour_may_be_looked_up(panel: Page) -> None:
    codes = [panel.post("/stores/{store}/order", {"proof": "x"}).status_code for _ in range(61)]
    assert codes == [404] * 60 + [429]


def test_limits_are_shared_by_processes_through_redis(sqlite_url: str, redis_server: Any) -> None:
    url = redis_server.url(3)
    shops = [Shop(sqlite_url, redis_url=url)]
    store = shops[0].store
    settings = shops[0].house.doors.settings
    from plugin.app import build_house

    second = build_house(settings)
    page = Page(shops[0], store, "", "198.18.7.1")
    page.say("hola")
    clients = [shops[0].app.test_client(), second.web().test_client()]
    codes = []
    for n in range(33):
        answer = clients[n % 2].post(
            f"{ROOT}/stores/{store.public_id}/messages",
            json=message(f"m {n}"),
            headers={"Authorization": f"Bearer {page.token}"},
            environ_base={"REMOTE_ADDR": "198.18.7.1"},
        )
        codes.append(answer.status_code)
    second.stop()
    shops[0].close()
    assert codes == [201] * 30 + [429] * 3


def test_a_redis_that_is_away_turns_nobody_away(sqlite_url: str) -> None:
    shop = Shop(sqlite_url, redis_url="redis://127.0.0.1:1/0")
    assert shop.page().say("hola").status_code == 201
    shop.close()


def refused_or_kept(answer: Any) -> bool:
    return answer.status_code in (200, 201, 400, 404, 413, 422, 429)


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


def test_tokens_are_in_no_log_and_no_address(
    panel: Page, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    panel.say("hola")
    reply(shop.care, shop.store.id, panel.read()["conversation"]["id"], ANA, "hola", str(uuid.uuid4()))
    panel.get("/conversation?after=x")
    panel.post("/stores/{store}/messages", {"text": panel.token})
    assert panel.token not in caplog.text


def test_every_answer_that_is_somebody_s_own_is_never_cached(panel: Page) -> None:
    answers = [
        panel.say("hola"),
        panel.get("/conversation"),
        panel.post("/conversation/hand-over", {"client_id": str(uuid.uuid4())}),
        panel.post("/stores/{store}/order", {"proof": "x"}),
        panel.get("/conversation", token="vt_x"),
    ]
    for answer in answers:
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers


def test_a_wrong_method_says_which_are_right(panel: Page) -> None:
    answer = panel.call("DELETE", "/stores/{store}/boot", headers={"Origin": ORIGIN})
    assert answer.status_code == 405 and "GET" in answer.headers["Allow"] and answer.json["code"] == 405


def test_a_database_that_is_away_gives_503_and_a_sentence(
    panel: Page, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy.exc import OperationalError

    def fail(*_given: object, **_named: object) -> None:
        raise OperationalError("SELECT secret", {}, Exception("gone"))

    monkeypatch.setattr("plugin.care.post._keep", fail)
    answer = panel.say("hola", headers={"Origin": ORIGIN})
    assert answer.status_code == 503 and "secret" not in answer.text
    assert (
        answer.json["message"].startswith("Algo aquí no está listo")
        and answer.headers["Access-Control-Allow-Origin"]
    )
