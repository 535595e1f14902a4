"""Who may do what: origins, visitors, stores, limits, and everything a hostile page may send."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from widget_shop import ANA, ORIGIN, ROOT, Page, Shop, form_body, message

from plugin.care import find_visitor, reply, revoke_visitor
from plugin.database import ALL
from plugin.testing.clock import FrozenClock
from plugin.testing.factories import make_order


@pytest.fixture
def shop(sqlite_url: str, clock: FrozenClock) -> Iterator[Shop]:
    shop = Shop(sqlite_url, clock)
    yield shop
    shop.close()


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


CODE = {"number": "1001", "email": "alma@example.com"}
COUNT = "/stores/{store}/articles/delivery-times/count"
CHECK = "/stores/{store}/order/code/check"
TOKENLESS = (*PUBLIC, "/stores/{store}/order", "/stores/{store}/order/code", COUNT)
"""What asks for no token, and looks at none."""


def open_routes(panel: Page) -> list[tuple[str, str, Any]]:
    """Every route as a working call: method, path, body."""
    return [
        ("GET", PUBLIC[0], None),
        ("GET", PUBLIC[1], None),
        ("GET", PUBLIC[2], None),
        ("POST", "/stores/{store}/messages", message("hola")),
        ("POST", "/stores/{store}/order", {"proof": "x"}),
        ("POST", "/stores/{store}/order/code", CODE),
        ("POST", CHECK, {"handle": "oc_x", "code": "1", "client_id": str(uuid.uuid4())}),
        ("POST", COUNT, {"kind": "opened"}),
        ("POST", "/stores/{store}/form", form_body(panel.store)),
        *visitor_routes(),
    ]


def visitor_routes() -> list[tuple[str, str, Any]]:
    """The routes that need a token."""
    return [
        ("GET", "/conversation", None),
        ("POST", "/conversation/hand-over", {"client_id": str(uuid.uuid4())}),
        ("POST", "/conversation/order", {}),
        ("POST", "/conversation/typing", {}),
        ("POST", "/conversation/page", {"page": "https://shop.example/cart"}),
        ("POST", "/conversation/rating", {"score": 5}),
        ("POST", "/conversation/email", {"email": "alma@example.com", "consent": "x"}),
        ("POST", "/conversation/verdict", {"position": 1, "helped": True}),
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
            assert answer.status_code in (200, 201, 202, 204, 404) or path in (CHECK, "/conversation/email")
            assert answer.status_code < 429
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
    for method, path, body in open_routes(panel):
        if path in TOKENLESS:
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
    for method, path, body in visitor_routes():
        assert panel.call(method, path, json=body).status_code == 401
    assert panel.post(CHECK, {"handle": "oc_x", "code": "1", "client_id": str(uuid.uuid4())}).status_code == 401
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
    statuses = [panel.call(method, path, json=body).status_code for method, path, body in open_routes(panel)]
    assert statuses == [404] * 9 + [401] * 9


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
