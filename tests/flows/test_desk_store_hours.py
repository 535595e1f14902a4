"""Saying at the desk when people answer, where the privacy page is, and how sure the bot must be."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from desk_house import OURS, Counter, main_of
from flask.testing import FlaskClient

from adapters.demo import DemoAdapter
from plugin.contract import Capability, PlatformDown, Unsupported
from plugin.stores import StoreRow, get_store
from plugin.stores.coverage import promise_examination
from plugin.stores.hours import read_opening, set_hours
from plugin.testing.factories import MOMENT
from plugin.work import claim, list_promised

HTMX = OURS | {"HX-Request": "true"}
OFFICE = {f"{day}.0.{end}": at for day in ("mon", "tue") for end, at in (("from", "09:00"), ("until", "18:00"))}


def read(counter: Counter, store: StoreRow) -> StoreRow:
    with counter.db.reading(store.id) as tx:
        return get_store(tx, store.id)


def send(browser: FlaskClient, store: StoreRow, path: str, headers: Any = OURS, **form: str) -> Any:
    return browser.post(f"/desk/{store.public_id}/{path}", data=form, headers=headers)


def values(html: str) -> dict[str, str]:
    """Name → value of every field of the form that has one."""
    fields = re.findall(r'<input type="(?:time|date)"[^>]*? name="([^"]+)" value="([^"]*)"', html)
    return {name: value for name, value in fields if value}


def test_a_week_and_a_holiday_are_said_and_then_told(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    assert "You have not said when people answer" in client.get(f"/desk/{store.public_id}/store").text
    form = OFFICE | {
        "fri.0.from": "22:00", "fri.0.until": "02:00", "mon.1.from": "20:00", "mon.1.until": "21:00",
        "date.0": "2026-12-25", "date.1": "2026-12-24", "date.1.0.from": "09:00", "date.1.0.until": "14:00",
    }  # fmt: skip
    answer = send(client, store, "hours", **form)
    assert answer.status_code == 303 and answer.headers["Location"].endswith("/store?about=hours&done=saved#hours")
    assert read(counter, store).hours == {
        "week": {"mon": [["09:00", "18:00"], ["20:00", "21:00"]], "tue": [["09:00", "18:00"]], "wed": [], "thu": [],
                 "fri": [["22:00", "02:00"]], "sat": [], "sun": []},
        "days": {"2026-12-24": [["09:00", "14:00"]], "2026-12-25": []},
    }  # fmt: skip
    page = client.get(f"/desk/{store.public_id}/store").text.replace("\u202f", " ")
    assert "Closed now. Opens Nov 23, 9:00 AM." in page, "it is Saturday evening"
    assert "<dt>Monday</dt><dd>9:00 AM–6:00 PM, 8:00 PM–9:00 PM</dd>" in page
    assert "<dt>Sunday</dt><dd>Closed</dd>" in page
    assert "<dt>Friday, December 25</dt><dd>Closed</dd>" in page
    assert values(client.get(f"/desk/{store.public_id}/hours").text) == {
        key: value for key, value in form.items() if not key.startswith("date.")
    } | {"date.0": "2026-12-24", "date.0.0.from": "09:00", "date.0.0.until": "14:00", "date.1": "2026-12-25"}


def test_a_whole_day_comes_back_as_an_input_can_show_it(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    send(client, store, "hours", **{"sat.0.from": "00:00", "sat.0.until": "00:00"})
    assert read(counter, store).hours["week"]["sat"] == [["00:00", "24:00"]]
    page = client.get(f"/desk/{store.public_id}/hours").text
    assert values(page) == {"sat.0.from": "00:00", "sat.0.until": "00:00"}
    send(client, store, "hours", **values(page))
    assert read(counter, store).hours["week"]["sat"] == [["00:00", "24:00"]]
    assert "Open now, until" in client.get(f"/desk/{store.public_id}/store").text


@pytest.mark.parametrize(("form", "words", "field"), [
    ({"wed.0.from": "09:00"}, "Wednesday: Write an opening and a closing time", "wed.0.from"),
    ({"wed.0.from": "09:00", "wed.0.until": "09:00"}, "Wednesday:", "wed.0.until"),
    ({"date.0": "2026-12-25", "date.1": "2026-12-25"}, "Friday, December 25: This date stands there twice", "date.1"),
    ({"date.0": "2026-12-25", "date.0.0.until": "9"}, "Friday, December 25:", "date.0.0.until"),
    ({"date.0": "tomorrow"}, "has no date that can be", "date.0"),
])  # fmt: skip
def test_what_cannot_be_is_said_beside_its_day_and_what_was_typed_stays(
    counter: Counter, store: StoreRow, client: FlaskClient, form: dict[str, str], words: str, field: str
) -> None:
    send(client, store, "hours", **OFFICE)
    before = read(counter, store).hours
    answer = send(client, store, "hours", **OFFICE | form)
    assert answer.status_code == 422 and words in answer.text and 'role="alert"' in answer.text
    assert re.search(rf'name="{re.escape(field)}"[^>]*aria-invalid="true"', answer.text)
    part = re.escape(re.sub(r"\.[0-9]\.(from|until)$", "", field))
    assert re.search(rf'id="{part}(\.0\.from)?"[^>]*autofocus', answer.text), "the browser shows it without a search"
    assert answer.text.count(" autofocus") == answer.text.count('id="hours-fault"') == 1
    assert form.items() <= values(answer.text).items() and read(counter, store).hours == before


def test_one_more_line_a_copied_monday_and_another_day_keep_nothing_yet(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    form = {"mon.0.from": "10:00", "mon.0.until": "14:00", "sun.0.from": "11:00", "sun.0.until": "12:00"}
    more = send(client, store, "hours/draft?more=mon", **form)
    assert more.status_code == 200 and 'name="mon.1.from"' in more.text and 'name="sun.1.from"' not in more.text
    assert "Not saved yet." in more.text and values(more.text) == form and "<html" in more.text
    workdays = values(send(client, store, "hours/draft?copy=workdays", **form).text)
    assert [day for day in ("tue", "wed", "thu", "fri", "sat") if workdays.get(f"{day}.0.from") == "10:00"] == [
        "tue", "wed", "thu", "fri",
    ]  # fmt: skip
    assert workdays["sun.0.from"] == "11:00"
    week = values(send(client, store, "hours/draft?copy=week", **form).text)
    assert (week["sat.0.from"], week["sun.0.from"]) == ("10:00", "10:00")
    day = send(client, store, "hours/draft?day=1", HTMX, **form, **{"date.0": "2026-12-25"})
    assert 'name="date.1"' in day.text and "<html" not in day.text and day.text.count('id="hours-form"') == 1
    assert re.findall(r'id="([^"]+)"[^>]* autofocus', day.text) == ["date.1"], "what was added is filled in next"
    assert re.findall(r'id="([^"]+)"[^>]* autofocus', more.text) == ["mon.1.from"]
    gone = send(client, store, "hours/draft?drop=0", **form, **{"date.0": "2026-12-25", "date.1": "2026-12-26"})
    assert values(gone.text)["date.0"] == "2026-12-26" and 'name="date.1"' not in gone.text
    assert read(counter, store).hours == {}


def test_a_day_without_a_date_is_none_and_past_ones_stay_for_the_numbers(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    with counter.db.transaction(store.id) as tx:
        set_hours(get_store(tx, store.id), {"mon": [("09:00", "18:00")]}, {"2026-11-02": [], "2026-01-06": []})
    page = client.get(f"/desk/{store.public_id}/hours").text
    assert "2026-11-02" not in page, "what is over is nobody's concern any more"
    send(client, store, "hours", **OFFICE, **{"date.0": "", "date.0.0.from": "09:00", "date.1": "2026-12-25"})
    assert read(counter, store).hours["days"] == {"2026-11-02": [], "2026-12-25": []}


def test_an_empty_form_means_that_nobody_said(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    send(client, store, "hours", **OFFICE)
    assert send(client, store, "hours").status_code == 303
    assert read(counter, store).hours == {} and read_opening(read(counter, store), MOMENT) is None


def test_an_agent_looks_at_the_hours_and_changes_none(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    send(client, store, "hours", **OFFICE)
    eva = counter.sign_in(counter.add_agent("Eva", store, role="agent"))
    page = eva.get(f"/desk/{store.public_id}/hours").text
    assert "Only the store" in page and "<button" not in main_of(page) and values(page) == OFFICE
    for path in ("hours", "hours/draft", "store/privacy-page", "store/wrong-target"):
        assert send(eva, store, path, wrong_percent="30").status_code == 403
    assert read(counter, store).hours["week"]["mon"] == [["09:00", "18:00"]]


@pytest.mark.parametrize(("locale", "words"), [
    ("es", ("Lunes", "Horario", "Página de privacidad")), ("pt", ("Segunda-feira", "Horário", "Página de privacidade")),
])  # fmt: skip
def test_the_sections_speak_the_agent_s_language(counter: Counter, store: StoreRow, locale: str, words: Any) -> None:
    browser = counter.sign_in(counter.add_agent("Luz", store, locale=locale))
    send(browser, store, "hours", **OFFICE)
    page = browser.get(f"/desk/{store.public_id}/store").text
    assert all(one in page for one in words)


def test_the_privacy_page_is_an_https_address(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    assert send(client, store, "store/privacy-page", privacy_url="https://a.example/privacidad").status_code == 303
    refused = send(client, store, "store/privacy-page", privacy_url="javascript:alert(1)")
    assert refused.status_code == 422 and "begins with https://" in refused.text
    page = refused.text.partition('id="privacy-page"')[2]
    assert re.match(r'[^§]{,300}role="alert" tabindex="-1" autofocus', page), "the page is long: the browser goes there"
    assert 'value="javascript:alert(1)"' in page, "what was typed can be mended"
    assert 'aria-current="page"><svg' in refused.text.partition("Conversations")[2].partition("</nav>")[0]
    assert read(counter, store).privacy_url == "https://a.example/privacidad"
    assert send(client, store, "store/privacy-page", privacy_url=" ").status_code == 303
    assert read(counter, store).privacy_url == ""


def test_fewer_wrong_answers_are_weighed_anew_at_once(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    assert send(client, store, "store/wrong-target", wrong_percent="2,5").status_code == 303
    assert read(counter, store).wrong_target == 0.025
    with counter.db.reading(store.id) as tx:
        assert [job.store for job in list_promised(tx, "care.calibrate", store.id)] == [store.id]
    for percent in ("0", "31", "", "many", "-3"):
        refused = send(client, store, "store/wrong-target", wrong_percent=percent)
        assert refused.status_code == 422 and "between 1 and 30" in refused.text
    assert read(counter, store).wrong_target == 0.025


def test_what_the_target_comes_to_is_said_in_words(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    def show(**calibration: float) -> str:
        with counter.db.transaction(store.id) as tx:
            get_store(tx, store.id).calibration = dict(calibration)
        return str(client.get(f"/desk/{store.public_id}/store").text)

    page = show()
    assert re.search(r"answers when it is at least \d\d% sure", page) and "is told once it has answered" in page
    kept = {"threshold": 0.62, "shift": 0.1, "answered_share": 0.714, "expected_wrong": 0.048, "wrong_target": 0.07}
    page = show(**kept)
    assert "at least 62% sure" in page and "of 100 questions it answers 71 by itself, about 5 of them wrongly" in page
    page = show(**kept | {"expected_wrong": 0.004})
    assert "about 0.4 of them wrongly" in page
    silent = kept | {"threshold": 1.0, "answered_share": 0.0, "expected_wrong": 0.0}
    assert "answers nothing by itself" in show(**silent)


def examine(counter: Counter, store: StoreRow) -> StoreRow:
    with counter.db.transaction(store.id) as tx:
        promise_examination(tx, get_store(tx, store.id), counter.clock.now())
    with counter.db.transaction(store.id) as tx:
        [job] = [job for job in claim(tx, counter.clock.now(), 10) if job.kind == "stores.examine"]
    counter.house.engine.run(job)
    return read(counter, store)


def answer(monkeypatch: pytest.MonkeyPatch, said: Any) -> None:
    def tell(*_: object) -> Any:
        if isinstance(said, Exception):
            raise said
        return said

    monkeypatch.setattr(DemoAdapter, "store_facts", tell)


def test_the_daily_examination_keeps_the_store_s_facts(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, {"currency": "EUR", "payment_methods": [{"id": "card", "title": "Tarjeta"}]})
    row = examine(counter, store)
    assert row.facts["payment_methods"] == [{"id": "card", "title": "Tarjeta"}] and row.facts_at == MOMENT
    counter.clock.advance(86400)
    answer(monkeypatch, PlatformDown("Away."))
    row = examine(counter, store)
    assert row.facts["currency"] == "EUR" and row.facts_at == MOMENT, "what was known stays, with its time"
    assert row.examined_at == datetime(2026, 11, 22, 18, tzinfo=UTC), "the doctor's findings are kept all the same"
    assert not [one for one in row.findings if one["key"] == "access"]
    answer(monkeypatch, Unsupported(Capability.STORE_FACTS))
    assert examine(counter, store).facts == {}


@pytest.mark.parametrize(("about", "beside"), [("bot-sure", True), ("go-live", True), ("nobody", False), ("", False)])
def test_what_was_done_is_said_once_and_where_the_browser_goes(
    store: StoreRow, client: FlaskClient, about: str, beside: bool
) -> None:
    page = client.get(f"/desk/{store.public_id}/store?about={about}&done=saved").text
    assert page.count(">Saved.</p>") == 1
    ids = re.findall(r' id="([^"]+)"', page)
    assert sorted(ids) == sorted(set(ids)), "an anchor leads to one place"
    before, _, after = page.partition(f'id="{about}"' if beside else 'id="connection"')
    assert ">Saved.</p>" in (after.partition("</section>")[0] if beside else before)
