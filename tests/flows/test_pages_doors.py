"""Platform-shaped pages: what a browser may do with them, what an adapter may not, and how errors are told."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from desk_house import Counter, open_counter
from flask.testing import FlaskClient
from paper_shop import Paper

from faq_links import EXAMPLE_ANSWERS
from plugin.contract import InstallRejected, RateLimited, ShipmentStatus, TrackingEvent
from plugin.database import ALL
from plugin.stores import StoreRow, store_urls
from plugin.stores.access import park
from plugin.stores.page_stores import look_up_store
from plugin.testing.factories import MOMENT, make_shipment
from plugin.web import pages
from plugin.web.page_doors import StoreDoors
from plugin.web.widget_files import find_built
from plugin.web.widget_limits import RateLimitItemPerMinute


@pytest.fixture
def counter(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    monkeypatch.setattr(Paper, "asked", [])
    listed = "paper=paper_shop:Paper,torn=paper_shop:Torn"
    with open_counter(tmp_path, database_url, adapters=listed, installs="open") as opened:
        yield opened


def add_shop(counter: Counter, domain: str = "one.example", **values: Any) -> StoreRow:
    return counter.add_store(domain, platform="paper", credentials={"key": "k"}, **values)


def enter(browser: FlaskClient, shop: str, path: str = "home", **more: Any) -> Any:
    return browser.get(f"/p/paper/{path}", query_string={"token": f"{shop}|marta@shop.example|owner"} | more)


def find_directive(answer: Any, name: str) -> str:
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["Content-Security-Policy"].split(";"))
    return policy[name]


def test_an_adapter_whose_pages_cannot_be_listed_has_none_and_the_others_have_theirs(
    counter: Counter, caplog: pytest.LogCaptureFixture
) -> None:
    browser = counter.browser()
    assert browser.get("/p/torn/home").status_code == 404
    assert browser.get("/p/paper/echo").status_code == 200
    assert browser.get("/p/paper/nothing").status_code == browser.get("/p/nobody/home").status_code == 404
    assert any("torn could not be mounted" in record.getMessage() for record in caplog.records)


def test_no_cookie_goes_in_and_none_comes_out(counter: Counter) -> None:
    browser = counter.sign_in(counter.add_agent("Ana", add_shop(counter)))
    answer = browser.post("/p/paper/echo?a=1&a=2&b=3", data="words", headers={"X-Own": "yes"})
    told = json.loads(answer.data)
    assert "cookie" not in told["headers"] and told["headers"]["x-own"] == "yes" and told["body"] == "words"
    assert told["query"] == {"a": "1,2", "b": "3"}
    assert "Set-Cookie" not in answer.headers and "Access-Control-Allow-Origin" not in answer.headers
    assert "Set-Cookie" not in browser.get("/p/paper/sly").headers


def test_what_an_adapter_says_of_its_headers_cannot_weaken_the_page(counter: Counter) -> None:
    answer = counter.browser().get("/p/paper/sly")
    assert find_directive(answer, "frame-ancestors") == "https://good.example"
    assert find_directive(answer, "script-src") == "'self' https://cdn.example"
    assert find_directive(answer, "connect-src") == find_directive(answer, "style-src") == "'self' https://cdn.example"
    assert find_directive(answer, "img-src") == "'self' data: https://cdn.example"
    assert (find_directive(answer, "base-uri"), find_directive(answer, "object-src")) == ("'none'", "'none'")
    assert (find_directive(answer, "form-action"), find_directive(answer, "default-src")) == ("'self'", "'self'")
    assert answer.headers["Referrer-Policy"] == "no-referrer" and answer.headers["X-Own"] == "yes"
    assert answer.headers["Cache-Control"] == "max-age=9"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    assert counter.browser().get("/p/paper/echo").headers["Cache-Control"] == "no-store"
    assert find_directive(counter.browser().get("/p/paper/echo"), "frame-ancestors") == "'none'"


def test_two_stores_in_turn_are_framed_by_their_own_shop_alone(counter: Counter) -> None:
    for shop in ("one.example", "two.example"):
        add_shop(counter, shop)
    browser = counter.browser()
    for shop in ("one.example", "two.example") * 3:
        assert browser.get("/p/paper/fail").status_code == 500
        answer = enter(browser, shop)
        assert answer.status_code == 200
        assert find_directive(answer, "frame-ancestors") == f"https://{shop} https://admin.paper.example"
        other = "two.example" if shop == "one.example" else "one.example"
        assert other not in answer.text and other not in str(answer.headers)
        refused = browser.get("/p/paper/home")
        assert (refused.status_code, find_directive(refused, "frame-ancestors")) == (401, "'none'")


def test_scripts_of_any_origin_read_every_answer_of_an_open_page(counter: Counter) -> None:
    add_shop(counter)
    browser = counter.browser()
    greeting = browser.options("/p/paper/links", headers={
        "Origin": "https://extensions.example", "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "authorization",
    })  # fmt: skip
    assert (greeting.status_code, greeting.data) == (204, b"")
    assert greeting.headers["Access-Control-Allow-Headers"] == "Authorization, Content-Type"
    assert greeting.headers["Access-Control-Allow-Methods"] == "GET"
    answers = [
        greeting, browser.get("/p/paper/links?shop=one.example&step=payment&locale=es"), browser.get("/p/paper/links"),
        browser.post("/p/paper/links"), browser.get("/p/paper/fail-open"), browser.get("/p/paper/fail-open?kind=slow"),
        browser.post("/p/paper/fail-open", data=b"x" * 64_001),
    ]  # fmt: skip
    assert [one.status_code for one in answers] == [204, 200, 401, 405, 500, 503, 413]
    assert [one.headers.get_all("Access-Control-Allow-Origin") for one in answers] == [["*"]] * 7
    assert not any("Access-Control-Allow-Credentials" in one.headers for one in answers)
    assert browser.options("/p/paper/home").status_code == 405


def test_errors_are_told_to_scripts_and_to_people(counter: Counter) -> None:
    browser = counter.browser()
    wanted = {"rejected": 401, "refused": 403, "none": 404, "down": 503, "slow": 503, "no": 422}
    for kind, status in wanted.items():
        told = browser.get(f"/p/paper/fail?kind={kind}", headers={"Accept": "application/json"})
        shown = browser.get(f"/p/paper/fail?kind={kind}&locale=es-CO")
        assert (told.status_code, shown.status_code) == (status, status)
        assert told.json["message"] and shown.mimetype == "text/html" and '<html lang="es">' in shown.text
    assert browser.get("/p/paper/fail-open?kind=no").json == {"message": "Paper says no."}
    assert browser.get("/p/paper/fail-open?kind=slow").headers["Retry-After"] == "7"
    unexpected = browser.get("/p/paper/fail")
    assert unexpected.status_code == 500 and "secret insides" not in unexpected.text


def test_only_the_methods_a_page_names_and_bodies_of_64_kb_are_taken(counter: Counter) -> None:
    browser = counter.browser()
    assert browser.post("/p/paper/echo", data=b"x" * 64_000).status_code == 200
    assert browser.post("/p/paper/echo", data=b"x" * 64_001).status_code == 413
    endless = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    answer = browser.post("/p/paper/echo", input_stream=io.BytesIO(b"y" * 80_000), environ_overrides=endless)
    assert answer.status_code == 413
    refused = browser.delete("/p/paper/echo")
    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET, POST")
    assert browser.head("/p/paper/echo").status_code == 200 and browser.head("/p/paper/echo").data == b""


def test_a_neighbourhood_that_asks_too_often_waits(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "VISITS", RateLimitItemPerMinute(3))
    browser = counter.browser()
    answers = [browser.get("/p/paper/echo") for _ in range(5)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429, 429]
    assert int(answers[3].headers["Retry-After"]) >= 1


def test_links_fit_the_steps_and_lead_to_the_help(counter: Counter) -> None:
    row = add_shop(counter, answers={"es": dict(EXAMPLE_ANSWERS["es"])})
    told = counter.browser().get("/p/paper/links?shop=one.example&step=payment%2Bnonsense&locale=es-CO").json
    base = counter.house.doors.settings.base_url.rstrip("/")
    assert told["hub_url"] == f"{base}/help/{row.public_id}/es/"
    assert told["links"] and set(told["links"][0]) == {"article_id", "title", "url"}
    assert told["links"][0]["url"] == told["hub_url"] + told["links"][0]["article_id"]
    assert counter.browser().get(told["links"][0]["url"].removeprefix(base)).status_code == 200


def test_a_store_nobody_let_in_or_that_was_taken_off_is_no_store(counter: Counter) -> None:
    add_shop(counter, status="announced")
    add_shop(counter, "two.example", status="uninstalled")
    for shop in ("one.example", "two.example", "three.example", "\0"):
        assert counter.browser().get("/p/paper/links", query_string={"shop": shop}).status_code == 401


def ask_order(counter: Counter, order: str, proven: bool) -> Any:
    return counter.browser().post("/p/paper/order", json={"shop": "one.example", "order": order, "proven": proven})


def test_an_order_is_shown_whole_to_whom_it_was_proven_and_redacted_by_a_link(counter: Counter) -> None:
    row = add_shop(counter)
    event = TrackingEvent(
        status=ShipmentStatus.in_transit, raw_status="t", occurred_at=MOMENT, message="Firmado por Rosa",
        location="Cali",
    )  # fmt: skip
    counter.add_order(row, make_shipment(tracking_number="ES999", events=(event,)), external_id="5", number="1005")
    whole, redacted = ask_order(counter, "5", True).json, ask_order(counter, "5", False).json
    assert set(whole) == set(redacted)
    assert whole["lines"] and whole["shipments"][0]["tracking_number"] == "ES999"
    assert "Cali" in json.dumps(whole) and "Firmado por Rosa" in json.dumps(whole)
    assert redacted["number"] == "1005" and redacted["status_label"] == whole["status_label"]
    [parcel] = redacted["shipments"]
    assert parcel["status_label"] and [one["label"] for one in parcel["events"]] == ["En camino"]
    said = json.dumps(redacted, ensure_ascii=False)
    assert not any(one in said for one in ("ES999", "Cali", "Rosa", whole["total"]["text"], whole["lines"][0]["name"]))
    assert Paper.asked == []


def test_an_order_not_known_yet_is_fetched_and_nobody_makes_us_ask_for_ever(counter: Counter) -> None:
    add_shop(counter)
    assert ask_order(counter, "77", False).json["number"] == "1077"
    assert ask_order(counter, "77", True).json["number"] == "1077"
    assert Paper.asked == [("order", "one.example", "77")]
    browser = counter.browser()
    wish = {"shop": "one.example", "order": "78", "proven": True}
    answers = [browser.post("/p/paper/order", json=wish).status_code for _ in range(9)]
    assert answers == [404] * 9 and len(Paper.asked) == 7


def test_the_shop_s_word_opens_the_desk_once(counter: Counter) -> None:
    row, browser = add_shop(counter), counter.browser()
    word = {"Authorization": "Bearer one.example|marta@shop.example|owner"}
    token = browser.post("/p/paper/desk", headers=word).json["token"]
    ours = {"Sec-Fetch-Site": "same-origin"}
    first = browser.post("/desk/arrive", data={"token": token}, headers=ours)
    assert (first.status_code, first.headers["Location"]) == (303, f"/desk/{row.public_id}/")
    assert counter.browser().post("/desk/arrive", data={"token": token}, headers=ours).status_code == 403
    nobody = {"Authorization": "Bearer one.example||owner", "Accept": "application/json"}
    refused = browser.post("/p/paper/desk", headers=nobody)
    assert refused.status_code == 403 and "correo" in refused.json["message"]


def test_the_platform_is_asked_for_a_parked_store_anew(counter: Counter) -> None:
    row = add_shop(counter)
    assert enter(counter.browser(), "one.example").status_code == 200 and Paper.asked == []
    park(counter.db, row.id, "The key was taken back.", MOMENT)
    assert enter(counter.browser(), "one.example").status_code == 200
    assert Paper.asked == [("exchange", "one.example")]
    assert enter(counter.browser(), "one.example").status_code == 200 and len(Paper.asked) == 1


def test_a_page_finds_the_built_widget_and_nothing_else_of_ours(counter: Counter) -> None:
    path = find_built("panel.js")
    assert path is not None
    answer = counter.browser().get(path)
    assert answer.status_code == 200 and "javascript" in answer.mimetype
    assert [find_built(one) for one in ("../loader.js", "panel.py", "*", "nothing.js", "")] == [None] * 5


def test_a_store_s_help_has_an_address_that_leads_to_its_language(counter: Counter) -> None:
    row = add_shop(counter)
    base = counter.house.doors.settings.base_url.rstrip("/")
    address = store_urls(row, base).help
    answer = counter.browser().get(address.removeprefix(base))
    assert address.startswith(base) and (answer.status_code, answer.headers["Location"]) == (
        302, f"/help/{row.public_id}/es/"
    )  # fmt: skip


@pytest.mark.parametrize("domain", ["", "a\0b", "\ud800", "é.example", "a b", "x" * 256, "' OR 1=1 --", "ONE.example"])
def test_a_shop_s_name_that_no_database_takes_is_no_shop_s(counter: Counter, domain: str) -> None:
    add_shop(counter)
    with counter.house.db.reading(ALL, "the store a page is asked for") as tx:
        assert look_up_store(tx, "paper", domain) is None
        assert look_up_store(tx, "paper", "one.example") is not None


def test_what_pages_learn_of_a_store_is_kept_and_bounded(counter: Counter) -> None:
    add_shop(counter)
    with counter.house.web().test_request_context("/p/paper/home"):
        doors = StoreDoors(counter.house.doors.registry.get("paper"), "en")
        store = doors.find_store("one.example")
        assert store is not None
        store = doors.keep(store, {"a": "1", "b": "2"})
        store = doors.keep(store, {"a": "", "c": "3"})
        assert store.kept == {"b": "2", "c": "3"}
        for too_much in ({"d": "x" * 8001}, {"e" * 61: "1"}, {str(n): "1" for n in range(60)}):
            with pytest.raises(InstallRejected):
                doors.keep(store, too_much)
        found = doors.find_store("one.example")
        assert found is not None and found.kept == {"b": "2", "c": "3"}
        with pytest.raises(InstallRejected):
            doors.keep(replace(store, public_id="st_somebodyelse"), {"a": "1"})
    assert counter.run_jobs() == 1


def test_a_page_asks_with_the_store_s_access_and_asking_is_counted(counter: Counter) -> None:
    add_shop(counter)
    with counter.house.web().test_request_context("/p/paper/home"):
        doors = StoreDoors(counter.house.doors.registry.get("paper"), "en")
        store = doors.find_store("one.example")
        assert store is not None
        assert doors.ask(store, lambda shop: dict(shop.credentials)) == {"key": "k"}
        with pytest.raises(RateLimited) as limited:
            for _ in range(200):
                doors.ask(store, lambda shop: None)
        assert limited.value.retry_after >= 1
