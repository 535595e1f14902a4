"""Whatever stands in an address where an id belongs is a page that is not there, never a failure of ours."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from desk_house import OURS, Counter, open_counter
from flask import Flask
from sqlalchemy import text
from werkzeug.routing import Rule

from plugin.database import ALL

HOSTILE = ("\x00", "x\x00", "st_\x00aaaaaaaa", "cv_\x00aaaaaaaa", "a" * 10_000, "9" * 10_000, str(10**30), str(2**31),
           str(2**63), "-1", "٣" * 11)  # fmt: skip
LONGER_THAN_A_PAGE = {"desk.live", "widget.stream"}


@pytest.fixture
def counter(tmp_path: Path, database_url: str) -> Iterator[Counter]:
    with open_counter(tmp_path, database_url) as made:
        yield made


def fill(rule: Rule, values: dict[str, str]) -> str:
    """The rule's path with its arguments filled in, quoted."""
    return re.sub(r"<(?:[^<>:]+:)?(\w+)>", lambda found: quote(values[found[1]], safe=""), rule.rule)


def list_paths(app: Flask, good: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """(method, path, endpoint) of every address with an argument: each argument hostile while the others are good."""
    for rule in app.url_map.iter_rules():
        for name in sorted(rule.arguments):
            for value in HOSTILE:
                path = fill(rule, {other: good.get(other, "x") for other in rule.arguments} | {name: value})
                for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                    yield method, path, rule.endpoint


def test_no_id_in_an_address_brings_a_failure(counter: Counter) -> None:
    store = counter.add_store("a.example")
    talk, order = counter.write(store, "hola"), counter.add_order(store)
    app = counter.house.web()
    ana = counter.sign_in(counter.add_agent("Ana", store))
    good = {"store": store.public_id, "store_id": store.public_id, "conversation": talk, "order": str(order.id),
            "platform": "demo", "locale": "es", "hook_key": store.hook_key}  # fmt: skip
    seen: dict[str, set[int]] = {}
    for browser in (ana, counter.browser()):
        for method, path, endpoint in list_paths(app, good):
            answer = browser.open(
                path, method=method, headers=OURS, buffered=endpoint not in LONGER_THAN_A_PAGE
            )
            seen.setdefault(endpoint, set()).add(answer.status_code)
            answer.close()
            assert answer.status_code < 500, (method, path[:100])
    assert {
        "desk.order",
        "desk.thread",
        "desk.answer",
        "hub.show_hub",
        "hooks.receive",
        "widget.boot",
    } <= seen.keys()
    assert len(seen) > 40
    assert seen["hub.show_front"] == seen["widget.article"] == {404}


@pytest.mark.parametrize("number", ["0", "2147483647", "2147483648", "9" * 19, "9" * 5000])
def test_an_order_s_number_beyond_its_column_is_no_order(counter: Counter, number: str) -> None:
    store = counter.add_store("a.example")
    ana = counter.sign_in(counter.add_agent("Ana", store))
    assert ana.get(f"/desk/{store.public_id}/orders/{number}").status_code == 404


def ask_for_nul(counter: Counter) -> Any:
    with counter.db.reading(ALL, "ask for what PostgreSQL cannot be asked") as tx:
        tx.execute(text("SELECT 1 WHERE :secret = ''"), {"secret": "do-not-log\x00"})


def test_what_the_database_cannot_hold_is_not_there_and_not_logged(
    tmp_path: Path, postgresql_url: str, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_counter(tmp_path, postgresql_url) as counter:
        store = counter.add_store("a.example")
        app = counter.house.web()
        monkeypatch.setitem(app.view_functions, "health.alive", lambda: ask_for_nul(counter))
        monkeypatch.setitem(app.view_functions, "widget.boot", lambda **_: ask_for_nul(counter))
        with caplog.at_level(logging.DEBUG):
            page = app.test_client().get("/healthz")
            said = app.test_client().get(f"/api/widget/v1/stores/{store.public_id}/boot")
    assert (page.status_code, page.headers["Cache-Control"]) == (404, "no-store")
    assert page.text == "There is nothing here. Please check the address.\n"
    assert said.status_code == 404 and said.json is not None and said.json["message"]
    assert len([line for line in caplog.messages if "no column holds" in line]) == 2
    assert "do-not-log" not in caplog.text
