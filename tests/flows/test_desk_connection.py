"""How the connection fares, at the desk: the checklist, the doctor, broken access, who mails, who may press what."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_house import OURS, Counter
from flask.testing import FlaskClient

from adapters.demo import DemoAdapter
from plugin.contract import (
    AccessExpired,
    AccessRevoked,
    AdapterError,
    Capability,
    Finding,
    FindingState,
    InstallRejected,
    NotFound,
    PlatformDown,
    PlatformRefused,
    RateLimited,
    Step,
    Surface,
    SurfaceState,
    Words,
)
from plugin.stores import StoreRow, get_store
from plugin.stores.coverage import examine_all, save_coverage, save_findings
from plugin.stores.words import pack
from plugin.testing.factories import MOMENT
from plugin.web.adapter_words import tell_packed, tell_words

FINDINGS = (
    Finding(key="cron", state=FindingState.good),
    Finding(key="of_the_adapter", state=FindingState.unknown, words="Nobody <b>knows</b>"),
    Finding(key="webhooks", state=FindingState.mended, words=Words("Made {count} anew.", count=2)),
    Finding(
        key="authorization", state=FindingState.trouble, words="Ask your host", url="https://a.example/wp-admin"
    ),
    Finding(key="clock", state=FindingState.trouble, words="It is late", url="javascript:alert(1)"),
)
LEASED = {
    "mail_mode": "all", "capabilities": [Capability.MAIL_LEASE.value], "live_at": MOMENT, "mails_since": MOMENT,
    "mails_leased_until": MOMENT + timedelta(minutes=30),
}  # fmt: skip
CHANGES = (
    ("doctor", {}), ("statuses", {}), ("statuses/1", {"meaning": "shipped"}), ("store/repair", {}),
)  # fmt: skip


@pytest.fixture
def store(counter: Counter) -> StoreRow:
    return counter.add_store("a.example", mail_mode="extra_only", platform_mails=["shipped"])


def read(counter: Counter, store: StoreRow) -> StoreRow:
    with counter.db.reading(store.id) as tx:
        return get_store(tx, store.id)


def change(counter: Counter, store: StoreRow, **values: Any) -> None:
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        for name, value in values.items():
            setattr(row, name, value)


def wish(browser: FlaskClient, store: StoreRow, what: str, **form: str) -> Any:
    return browser.post(f"/desk/{store.public_id}/{what}", data=form, headers=OURS)


def look(browser: FlaskClient, store: StoreRow, path: str = "", *, part: bool = False) -> str:
    answer = browser.get(f"/desk/{store.public_id}/{path}", headers={"HX-Request": "true"} if part else {})
    assert answer.status_code == 200
    return answer.text


def answer_with(monkeypatch: pytest.MonkeyPatch, findings: Sequence[Finding] | AdapterError) -> None:
    def examine(*_: object) -> Sequence[Finding]:
        if isinstance(findings, AdapterError):
            raise findings
        return findings

    monkeypatch.setattr(DemoAdapter, "examine", examine)


def test_the_doctor_is_asked_by_a_job_and_the_page_shows_every_answer(
    counter: Counter, store: StoreRow, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, FINDINGS)
    assert "Not examined yet" in look(client, store, "doctor")
    assert wish(client, store, "doctor").status_code == 303
    assert wish(client, store, "doctor").status_code == 303
    assert len([job for job in counter.dump()["outbox"] if "stores.examine" in job]) == 1
    page = look(client, store, "doctor")
    assert "The doctor is looking" in page and "looks=1" in page and "delay:2s" in page
    counter.run_jobs()
    page = look(client, store, "doctor")
    assert "2 things need you" in page and "1 thing mended" in page and "hx-trigger=\"load" not in page
    assert re.findall(r'<li class="finding-(\w+)"', page) == ["trouble", "trouble", "unknown", "mended", "good"]
    assert "Nobody &lt;b&gt;knows&lt;/b&gt;" in page and "Made 2 anew." in page
    assert 'href="https://a.example/wp-admin"' in page and "javascript:" not in page
    assert read(counter, store).examined_at == MOMENT
    assert "2 things need you" in look(client, store, "store")


def test_the_page_stops_asking_after_a_while(counter: Counter, store: StoreRow, client: FlaskClient) -> None:
    wish(client, store, "doctor")
    for looks, goes_on in (("1", True), ("39", True), ("40", False), ("9999", False), ("-1", False), ("x", False)):
        part = look(client, store, f"doctor/findings?looks={looks}", part=True)
        assert ("load delay:2s" in part) is goes_on and "<html" not in part
        assert goes_on or "Load this page again" in part
    assert "<html" in look(client, store, "doctor/findings?looks=1")


def test_when_the_access_is_broken_the_last_findings_stay_with_their_time(
    counter: Counter, store: StoreRow, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, FINDINGS)
    wish(client, store, "doctor")
    counter.run_jobs()
    counter.clock.advance(timedelta(hours=5))
    answer_with(monkeypatch, AccessRevoked(Words("The key <i>{name}</i> was deleted.", name="Mostrador")))
    for _ in range(2):
        wish(client, store, "doctor")
        counter.run_jobs()
    row, page = read(counter, store), look(client, store, "doctor")
    assert row.status == "parked" and row.examined_at == MOMENT and len(row.findings) == len(FINDINGS) + 1
    assert "The key &lt;i&gt;Mostrador&lt;/i&gt; was deleted." in page and "It is late" in page
    left = [job for job in counter.dump()["outbox"] if "stores.examine" in job]
    assert left == [], "nothing is given up: the next round asks again"
    home = look(client, store)
    assert "The connection to your shop is broken" in home and "The key &lt;i&gt;Mostrador" in home
    assert f'href="/install/demo?shop=https%3A%2F%2F{store.domain}"' in home


def test_a_shop_that_is_down_is_no_broken_connection(
    counter: Counter, store: StoreRow, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer_with(monkeypatch, PlatformDown("It <u>sleeps</u>"))
    wish(client, store, "doctor")
    counter.run_jobs()
    assert read(counter, store).status == "connected" and read(counter, store).examined_at is None
    assert "It &lt;u&gt;sleeps&lt;/u&gt;" in look(client, store, "doctor")


def test_every_store_that_lets_us_in_is_examined_daily(
    counter: Counter, store: StoreRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = counter.add_store("gone.example", status="uninstalled")
    hooks_only = counter.add_store("hooks.example", credentials={})
    change(counter, hooks_only, credentials=None)
    answer_with(monkeypatch, FINDINGS)
    examine_all(counter.db, counter.clock)
    counter.run_jobs()
    examined = [bool(read(counter, one).findings) for one in (store, gone, hooks_only)]
    assert examined == [True, False, False]


def test_the_reader_s_language_is_that_of_the_adapter_s_words(
    counter: Counter, store: StoreRow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from importlib import import_module

    from babel.messages.catalog import Catalog

    from plugin.language import adapter_translator

    spoken = Catalog(locale="es", domain="demo", charset="utf-8", fuzzy=False)
    spoken.add("The key {name} was deleted.", "Borraron la clave {name}.")
    folder = tmp_path / "words" / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "demo.mo").write_bytes(import_module("plugin.locales.__main__").compile_catalogue(spoken))
    monkeypatch.setattr(DemoAdapter, "catalogues", str(tmp_path / "words"))
    words = Words("The key {name} was deleted.", name="<K>")
    change(counter, store, trouble=pack(words))
    with counter.db.transaction(store.id) as tx:
        row = get_store(tx, store.id)
        save_findings(row, (Finding(key="access", state=FindingState.trouble, words=words),), MOMENT)
        save_coverage(row, (Surface(step=Step.cart, state=SurfaceState.needs_step, words=words),))
    eva = counter.sign_in(counter.add_agent("Eva", store, locale="es"))
    bob = counter.sign_in(counter.add_agent("Bob", store, locale="en"))
    for path, times in (("", 2), ("store", 2), ("doctor", 2)):
        assert look(eva, store, path).count("Borraron la clave &lt;K&gt;.") == times
        assert look(bob, store, path).count("The key &lt;K&gt; was deleted.") == times
    adapter_translator.cache_clear()


@pytest.mark.parametrize("kind", [
    InstallRejected, AccessExpired, AccessRevoked, NotFound, RateLimited, PlatformDown, PlatformRefused,
])  # fmt: skip
def test_an_error_without_words_says_what_its_class_says_in_every_language(
    counter: Counter, store: StoreRow, kind: type[AdapterError]
) -> None:
    said = kind().words
    assert said and not isinstance(said, Words)
    with counter.house.web().app_context():
        told = {locale: tell_packed("demo", pack(said), locale) for locale in ("en", "es", "pt")}
        assert told == {locale: tell_words(None, said, locale) for locale in told}
    assert told["en"] == said and len(set(told.values())) == 3


def test_orders_are_compared_at_once_by_whoever_answers(counter: Counter, store: StoreRow) -> None:
    change(counter, store, capabilities=[Capability.BACKFILL.value])
    hugo = counter.sign_in(counter.add_agent("Hugo", store, role="agent"))
    assert "Check orders now" in look(hugo, store)
    assert wish(hugo, store, "check-orders").status_code == 303
    assert "Comparing now" in look(hugo, store)
    assert len([job for job in counter.dump()["outbox"] if "orders.reconcile" in job]) == 1


def test_a_store_that_only_sends_hooks_has_no_orders_to_compare(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    change(counter, store, capabilities=[])
    assert "Check orders now" not in look(client, store)
    assert wish(client, store, "check-orders").status_code == 303
    assert counter.dump()["outbox"] == []


def test_what_was_mended_and_found_is_counted_for_the_merchant(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    change(counter, store, repaired=3, recovered=41, reconciled_at=MOMENT, orders_checked_at=MOMENT)
    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>(.*?)</dd>", look(client, store)))
    assert facts["Orders found that your shop never told us about"] == "41"
    assert facts["Times we mended how your shop tells us"] == "3"
    assert "<time" in facts["Orders last compared"] and "<time" in facts["All open orders last compared"]


@pytest.mark.parametrize(("values", "said", "step"), [
    ({"mail_mode": "extra_only"}, "Where your shop allows it, our tracking link stands in its mails", "done"),
    ({"mail_mode": "all"}, "cannot hand its mails over by itself", "done"),
    ({**LEASED, "live_at": None}, "The hand-over begins when you go live", "done"),
    ({**LEASED, "mails_since": None, "mails_leased_until": None}, "has not confirmed that it leaves its", "left"),
    ({**LEASED, "mails_leased_until": MOMENT}, "has not confirmed that it leaves its mails", "left"),
    (LEASED, "Handed over. Your shop sends none of these for orders placed since 7:00", "done"),
])  # fmt: skip
def test_the_store_page_says_who_mails(
    counter: Counter, store: StoreRow, client: FlaskClient, values: dict[str, Any], said: str, step: str
) -> None:
    change(counter, store, **values)
    assert html.unescape(look(client, store, "store")).count(said) == 1
    states = re.findall(r'class="is-(\w+)"', look(client, store))
    assert states[8] == step


def test_back_in_preview_the_page_says_how_long_the_shop_may_still_leave_mails_to_us(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    said = "at the latest until 7:30"
    change(counter, store, **LEASED)
    assert said not in look(client, store, "store").replace("\u202f", " ")
    wish(client, store, "store/preview")
    assert said in look(client, store, "store").replace("\u202f", " ")
    counter.clock.advance(timedelta(minutes=30))
    assert "at the latest until" not in look(client, store, "store")


@pytest.mark.parametrize(("values", "said"), [(LEASED, 1), ({**LEASED, "mails_leased_until": MOMENT}, 0)])
def test_who_disconnects_a_shop_that_is_away_reads_when_it_mails_again(
    counter: Counter, store: StoreRow, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, values: dict[str, Any],
    said: int,
) -> None:  # fmt: skip
    def away(*_: object) -> None:
        raise PlatformDown("It sleeps")

    monkeypatch.setattr(DemoAdapter, "tear_down", away)
    change(counter, store, **values)
    page = html.unescape(wish(client, store, "store/disconnect", sure="yes").text).replace("\u202f", " ")
    assert "It sleeps" in page and page.count("own mails come back at 7:30") == said


def test_handing_over_and_taking_back_is_told_to_the_shop_at_once(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    change(counter, store, capabilities=[Capability.MAIL_LEASE.value])
    for form, since in (("all", MOMENT), ("extra_only", None)):
        wish(client, store, "store/mail-mode", mail_mode=form)
        assert read(counter, store).mails_since == since
        assert len([job for job in counter.dump()["outbox"] if "stores.lease" in job]) == 1


def test_only_the_owner_changes_and_only_from_our_own_page(
    counter: Counter, store: StoreRow, client: FlaskClient
) -> None:
    hugo = counter.sign_in(counter.add_agent("Hugo", store, role="agent"))
    other = counter.add_store("b.example")
    eva = counter.sign_in(counter.add_agent("Eva", other))
    before = counter.dump()
    for path, form in CHANGES:
        assert wish(hugo, store, path, **form).status_code == 403, path
        assert wish(eva, store, path, **form).status_code == 404, path
        assert wish(counter.browser(), store, path, **form).status_code == 401, path
        address = f"/desk/{store.public_id}/{path}"
        assert client.post(address, data=form).status_code == 403, path
        assert client.post(address, data=form, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403, path
    assert {**counter.dump(), "agent_sessions": None} == {**before, "agent_sessions": None}
    for path in ("doctor", "statuses", "doctor/findings"):
        assert eva.get(f"/desk/{store.public_id}/{path}").status_code == 404
        page = look(hugo, store, path)
        assert "Examine now" not in page and "<select" not in page
