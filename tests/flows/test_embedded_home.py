"""The store's home in its platform's back office: what it shows, what its forms do, and who may."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from desk_house import Counter, open_counter
from paper_shop import Paper
from sqlalchemy import select

from plugin.agents import find_agent, get_role
from plugin.database import ALL
from plugin.stores import StoreRow, get_store
from plugin.stores.connect import connect
from plugin.stores.coverage import save_coverage
from plugin.testing.factories import MOMENT
from plugin.work.models import Job


@pytest.fixture
def listed() -> str:
    return "paper=paper_shop:Paper"


@pytest.fixture
def counter(tmp_path: Path, database_url: str, listed: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter]:
    monkeypatch.setattr(Paper, "asked", [])
    with open_counter(tmp_path, database_url, adapters=listed, installs="first") as opened:
        yield opened


def say(shop: str = "one.example", address: str = "marta@shop.example", part: str = "owner") -> dict[str, str]:
    return {"Authorization": f"Bearer {shop}|{address}|{part}"}


def open_home(counter: Counter, locale: str = "en", **who: str) -> Any:
    return counter.browser().get(f"/p/paper/home?locale={locale}", headers=say(**who))


def send(counter: Counter, wish: dict[str, str], **who: str) -> Any:
    headers = say(**who) | {"Accept": "application/json"}
    return counter.browser().post("/p/paper/home?locale=en", data=json.dumps(wish), headers=headers)


def list_rows(counter: Counter) -> list[StoreRow]:
    with counter.db.reading(ALL, "look at the stores") as tx:
        return list(tx.scalars(select(StoreRow).order_by(StoreRow.id)))


def list_jobs(counter: Counter) -> list[str]:
    with counter.db.reading(ALL, "look at what was promised") as tx:
        return sorted(tx.scalars(select(Job.kind)))


def find_role(counter: Counter, store_id: int, address: str) -> str | None:
    with counter.db.reading(ALL, "look at a role") as tx:
        agent = find_agent(tx, address)
        return get_role(tx, store_id, agent.id) if agent is not None else None


def test_the_first_opening_connects_the_store_and_its_desk_opens_to_its_owner(counter: Counter) -> None:
    page = open_home(counter)
    assert page.status_code == 200, page.text
    [row] = list_rows(counter)
    assert (row.domain, row.status, row.live_at) == ("one.example", "connected", None)
    assert "stores.set_up" in list_jobs(counter) and Paper.asked == [("exchange", "one.example")]
    assert open_home(counter).status_code == 200 and len(Paper.asked) == 1
    browser = counter.browser()
    token = browser.post("/p/paper/desk", headers=say()).json["token"]
    arrived = browser.post("/desk/arrive", data={"token": token}, headers={"Sec-Fetch-Site": "same-origin"})
    assert arrived.headers["Location"] == f"/desk/{row.public_id}/"
    assert find_role(counter, row.id, "marta@shop.example") == "owner"


def test_where_only_the_first_shop_may_come_a_second_is_told_why_not_and_nothing_is_asked(counter: Counter) -> None:
    open_home(counter)
    refused = counter.browser().get("/p/paper/home?locale=es", headers=say("two.example"))
    assert refused.status_code == 403 and "enlace de instalación" in refused.text
    assert [row.domain for row in list_rows(counter)] == ["one.example"] and len(Paper.asked) == 1


def test_an_announced_store_keeps_its_ids_and_counts_for_nobody_s_first(counter: Counter) -> None:
    for shop in ("one.example", "two.example"):
        counter.add_store(shop, platform="paper", credentials={}, status="announced", live_at=None)
    before = {row.domain: (row.id, row.public_id) for row in list_rows(counter)}
    assert open_home(counter).status_code == 200
    after = {row.domain: (row.id, row.public_id) for row in list_rows(counter)}
    assert after == before and [row.status for row in list_rows(counter)] == ["connected", "announced"]
    assert open_home(counter, shop="two.example").status_code == 403
    assert [row.status for row in list_rows(counter)] == ["connected", "announced"]


@pytest.mark.parametrize("status", ["uninstalled", "parked"])
def test_a_store_that_comes_back_is_renewed_whatever_strangers_may(counter: Counter, status: str) -> None:
    counter.add_store("other.example", platform="paper", credentials={"key": "k"})
    row = counter.add_store("one.example", platform="paper", credentials={"key": "old"}, status=status)
    assert open_home(counter).status_code == 200
    with counter.db.reading(ALL, "look at the store") as tx:
        renewed = get_store(tx, row.id)
    assert (renewed.status, renewed.public_id) == ("connected", row.public_id)
    assert json.loads(renewed.credentials or "")["key"] == "key-1"
    assert (renewed.live_at is None) == (status == "uninstalled")


def test_a_store_at_rest_for_too_long_is_asked_for_anew(counter: Counter) -> None:
    counter.add_store("one.example", platform="paper", credentials={"key": "old"}, refresh_before=MOMENT)
    assert open_home(counter).status_code == 200 and len(Paper.asked) == 1


def test_of_several_openings_at_once_one_exchanges(counter: Counter, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Paper, "barrier", threading.Barrier(5))
    web, seen = counter.house.web(), []

    def visit() -> None:
        seen.append(web.test_client().get("/p/paper/home", headers=say()).status_code)

    threads = [threading.Thread(target=visit) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert seen == [200] * 5 and Paper.asked == [("exchange", "one.example")]
    assert len(list_rows(counter)) == 1


def test_the_page_says_what_is_left_in_the_reader_s_language_and_text_stays_text(counter: Counter) -> None:
    open_home(counter)
    counter.run_jobs()
    english, spanish, portuguese = (open_home(counter, one).text for one in ("en-GB", "es-CO", "pt-BR"))
    assert "Setting up: 2 of 10 done" in english and "The widget stands on 1 of 3 pages" in english
    assert '<html lang="es">' in spanish and "Abrir el mostrador" in spanish
    assert '<html lang="pt">' in portuguese and "Open the desk" not in portuguese
    assert "Mind the &lt;b&gt;gap&lt;/b&gt;." in english and "&lt;a&gt; https://help.example" in english
    assert "javascript:" not in english and "https://paper.example/policies" in english


def test_the_platform_s_own_scripts_come_first_and_nothing_is_inline(counter: Counter) -> None:
    page = open_home(counter).text
    head = page[: page.index("</head>")]
    places = [head.index(one) for one in ('<meta name="paper-key" content="k&#34;1">', "bridge.js", "home.css")]
    assert places == sorted(places)
    assert page.index('src="/p/paper/home.js"') > page.index("</main>")
    assert re.findall(r"<script(?![^>]*\bsrc=)", page) == [] and "<style" not in page
    assert re.findall(r"\s(on\w+|style)=", page) == []
    assert '<main id="main" tabindex="-1" data-act="/p/paper/home">' in page
    assert page.count("<form data-form ") == 2 and "data-desk" in page


def test_mails_are_chosen_here_with_a_plain_warning(counter: Counter) -> None:
    open_home(counter)
    counter.run_jobs()
    [row] = list_rows(counter)
    with counter.db.transaction(row.id) as tx:
        get_store(tx, row.id).platform_mails = ["shipped"]
    page = open_home(counter).text
    assert "We cannot switch your shop&#39;s own mails off" in page and "<li>Shipped</li>" in page
    assert row.mail_mode == "extra_only"
    answer = send(counter, {"mail_mode": "all"})
    assert answer.status_code == 200 and 'role="status">Saved.' in answer.text
    assert 'value="all" checked' in answer.text
    assert list_rows(counter)[0].mail_mode == "all"


def test_a_confirmed_section_is_kept_and_counted_by_a_link_in_the_policies(counter: Counter) -> None:
    open_home(counter)
    counter.run_jobs()
    answer = send(counter, {"confirm": "policy_links"})
    assert 'name="withdraw" value="policy_links"' in answer.text
    assert "We are asking your shop where the widget stands" in answer.text
    assert list_rows(counter)[0].kept == {"policy_links": MOMENT.isoformat()}
    assert counter.run_jobs() >= 1
    page = open_home(counter).text
    assert "Where the widget stands: 1 of 3 pages live, 1 by a link in your policies" in page
    assert "The widget stands on 1 of 3 pages, and on 1 a link in your policies" in page and "3 of 10 done" in page
    assert 'name="confirm" value="policy_links"' in send(counter, {"withdraw": "policy_links"}).text
    assert list_rows(counter)[0].kept == {}


@pytest.mark.parametrize(
    "wish",
    [{"go_live": "1"}, {"mail_mode": "everything"}, {"mail_mode": "all", "confirm": "x"}, {"confirm": "extensions"},
     {"confirm": "../x"}, {"withdraw": "policy_links"}, {"withdraw": "extensions"}],
)  # fmt: skip
def test_what_no_form_of_ours_wishes_is_refused(counter: Counter, wish: dict[str, str]) -> None:
    open_home(counter)
    [row] = list_rows(counter)
    with counter.db.transaction(row.id) as tx:
        get_store(tx, row.id).kept = {"extensions": '{"a": "active"}'}
    answer = send(counter, wish)
    assert answer.status_code == 403 and "could not be saved" in answer.json["message"]
    [row] = list_rows(counter)
    assert (row.mail_mode, row.kept, row.live_at) == ("extra_only", {"extensions": '{"a": "active"}'}, None)


def test_others_of_the_shop_s_staff_look_and_change_nothing(counter: Counter) -> None:
    open_home(counter)
    [row] = list_rows(counter)
    luis = {"address": "luis@shop.example", "part": "staff"}
    page = open_home(counter, **luis).text
    assert "Only the store&#39;s owner changes things here." in page
    assert page.count("<fieldset") == page.count("<fieldset class=\"radios\" disabled") == 1
    for wish in ({"mail_mode": "all"}, {"confirm": "policy_links"}):
        assert send(counter, wish, **luis).status_code == 403
    assert (list_rows(counter)[0].mail_mode, list_rows(counter)[0].kept) == ("extra_only", {})
    counter.browser().post("/p/paper/desk", headers=say())
    counter.browser().post("/p/paper/desk", headers=say(**luis))
    assert find_role(counter, row.id, "marta@shop.example") == "owner"
    assert find_role(counter, row.id, "luis@shop.example") == "agent"
    assert send(counter, {"mail_mode": "all"}, part="staff").status_code == 200
    assert send(counter, {"mail_mode": "extra_only"}, address="", part="staff").status_code == 403


def test_a_store_without_an_owner_gets_its_first_from_whoever_opens_the_desk(counter: Counter) -> None:
    open_home(counter)
    [row] = list_rows(counter)
    counter.browser().post("/p/paper/desk", headers=say(address="luis@shop.example", part="staff"))
    assert find_role(counter, row.id, "luis@shop.example") == "owner"


def test_one_shop_s_merchant_reaches_no_other_shop_s_store(counter: Counter) -> None:
    one = counter.add_store("one.example", platform="paper", credentials={"key": "1"})
    two = counter.add_store("two.example", platform="paper", credentials={"key": "2"})
    foreign = counter.add_store("one.example", platform="demo", credentials={"key": "3"})
    for row, shop in ((one, "one.example"), (two, "two.example")) * 2:
        page = send(counter, {"mail_mode": "all"}, shop=shop).text
        others = {one.public_id, two.public_id, foreign.public_id} - {row.public_id}
        assert row.public_id in page and not any(other in page for other in others)


def test_the_desk_counts_links_in_policies_too(counter: Counter) -> None:
    row = counter.add_store("one.example", platform="paper", credentials={"key": "1"}, kept={"policy_links": "x"})
    adapter = counter.house.doors.registry.get("paper")
    with counter.db.transaction(ALL, "what the platform said") as tx:
        from plugin.stores import as_contract

        save_coverage(get_store(tx, row.id), adapter.surfaces(as_contract(get_store(tx, row.id))))
    browser = counter.sign_in(counter.add_agent("Ana", row))
    page = browser.get(f"/desk/{row.public_id}/store").text
    assert "Where the widget stands: 1 of 3 pages live, 1 by a link in your policies" in page
    assert "By a link in your policies" in page and "is-policy_link" in page
    assert "and on 1 a link in your policies" in browser.get(f"/desk/{row.public_id}/").text


def test_a_store_that_connected_by_its_address_alone_loses_who_claimed_it(counter: Counter) -> None:
    from plugin.contract import StoreAccess

    with counter.db.transaction(ALL, "a shop claimed by its address") as tx:
        row = connect(tx, "paper", StoreAccess(domain="one.example", name="x", credentials={}), MOMENT)
    counter.add_agent("Mallory", row)
    assert open_home(counter).status_code == 200
    assert find_role(counter, row.id, "mallory@example.com") is None
