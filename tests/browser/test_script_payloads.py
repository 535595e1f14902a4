"""More than five hundred script payloads in every field that a shopper, a shop or an agent fills: none runs.

Pages are opened without their Content-Security-Policy, so that what is tried is that text stays text and not that a
second wall stands behind it. `test_the_alarm_goes_off…` shows that the same payloads run where somebody is careless.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from checkout_frame import BRIDGE
from payload_alarm import SCAN, Alarm, open_sites
from payload_desk import look_at_what_was_written, write_at_the_desk
from payload_hub import look_at_the_hub
from payload_mails import ask_for_mails, open_the_mails, open_the_notices
from payload_owner import set_the_counter_up
from payload_pages import look_at_the_help_and_tracking
from payload_scene import Scene, open_scene, turn
from payload_tried import Tried, fill_in, list_missing, sign_in
from payload_widget import (
    look_at_own_articles_in_the_widget,
    look_at_the_chat_document,
    look_at_the_widget,
)
from payloads import make_payloads, unsafe_document
from playwright.sync_api import Browser, Page

from plugin.orders import OrderRow
from plugin.testing.factories import MOMENT

AT_ONCE = 54
BATCHES = 3
DESK = (
    "", "conversations", "conversations/{talk}", "conversations/{asked}", "conversations/{talk}/articles?q={q}",
    "orders",
    "orders/{order}", "orders?number={q}", "shipments", "store", "answers", "coverage", "learned", "hours", "contact",
    "statuses",
    "doctor", "deliveries", "privacy", "accesses", "accesses?subject={q}", "{q}", "orders/{q}", "conversations/{q}",
    "search?q={q}", "macros", "macros?macro={q}", "conversations/{talk}/macros", "conversations?status={q}&phase={q}",
)  # fmt: skip
FORMS = (
    ("hours", "#hours-form"), ("contact", "form[action$='/contact']"),
    ("store", "form[action$='/store/sender']"), ("store", "form[action$='/privacy-page']"),
    ("learned", "form[action$='/learned']"), ("shipments", "form[action$='/shipments']"),
    ("privacy", "form[action*='/privacy']"),
    ("answers", "form[action$='/answers']"), ("orders/{order}", "form[action$='/shipments']"),
    ("conversations/{talk}", "#reply"), ("conversations/{talk}", "#note-box form"),
    ("conversations/{talk}", "#assign-box form"),
    ("macros", "form[action$='/macros']"), ("search", "main form[role=search]"),
    ("../account", "form[action*='/account/name']"),
)  # fmt: skip


FORMS_OF_WRITERS = (
    ("conversations/{letter}", "#reply"), ("conversations/{letter}", "#topic"),
    ("editor/new", "#article-form"), ("editor/article?article=everything&language=es", "#article-form"),
    ("team", "form[action$='/team/invite']"), ("test-box", "main form[role=search]"),
)  # fmt: skip


@pytest.mark.slow
def test_the_alarm_goes_off_for_every_payload_on_a_careless_page(browser: Browser) -> None:
    with open_sites() as (careless, beacon):
        payloads = make_payloads(beacon.origin.removeprefix("http:"))
        context = browser.new_context()
        alarm = Alarm(context, careless.origin)
        page = alarm.new_page()
        live = [one for one in payloads if one.kind != "template"]
        waiting: set[int] = set()
        for at in range(0, len(live), AT_ONCE):
            careless.pages["/"] = "".join(
                f'<iframe id="{one.mark}" srcdoc="{html.escape(unsafe_document(one))}"></iframe>'
                for one in live[at : at + AT_ONCE]
            )
            page.goto(careless.origin)
            page.wait_for_timeout(300)
            waiting |= scan_frames(page)
        context.close()
        ran = set(alarm.ran) | beacon.marks | {int(words) for words in alarm.dialogs}
    assert [(one.kind, one.text) for one in live if one.mark not in ran | waiting] == []
    assert len(payloads) >= 500 and len(ran) >= 350, "most run without anybody's help"
    assert alarm.notes, "and a page that is checked would have told"


def scan_frames(page: Page) -> set[int]:
    """The marks of the frames in which something waits to run, or that were led elsewhere."""
    marks: list[str] = page.evaluate(
        "[...document.querySelectorAll('iframe')]"
        f".filter(one => !one.contentDocument || ({SCAN})(one.contentDocument).length).map(one => one.id)"
    )
    return {int(mark) for mark in marks if mark}


@pytest.fixture(params=range(BATCHES))
def tried(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Iterator[Tried]:
    with open_sites() as (shop, beacon):
        payloads = make_payloads(beacon.origin.removeprefix("http:"))[request.param :: BATCHES]
        with open_scene(tmp_path, shop, payloads) as scene:
            context = browser.new_context(
                bypass_csp=True, locale="es-ES", viewport={"width": 1360, "height": 850}
            )
            context.set_default_timeout(30_000)
            own_pictures = f"https://{scene.store.domain}/"
            yield Tried(scene, Alarm(context, scene.base, shop.origin, BRIDGE, own_pictures), shop, beacon)
            context.close()


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_no_payload_runs_anywhere(tried: Tried) -> None:
    """One test for each batch, because a scene takes longer to make than to look at."""
    look_at_the_widget(tried)
    look_at_the_chat_document(tried)
    look_at_the_desk(tried)
    look_at_the_help_and_tracking(tried)
    look_at_the_hub(tried)
    fill_the_forms_of_the_desk(tried, FORMS)
    set_the_counter_up(tried)
    open_the_notices(tried)
    ask_for_mails(tried)
    assert open_the_mails(tried).keys() >= {"code", "requests", "link", "alert"}
    assert (tried.alarm.notes, tried.beacon.hits) == ([], [])


@pytest.mark.slow
@pytest.mark.timeout(420)
def test_no_payload_runs_in_what_the_store_s_people_write(tried: Tried) -> None:
    write_at_the_desk(tried.scene)
    look_at_what_was_written(tried)
    look_at_own_articles_in_the_widget(tried)
    fill_the_forms_of_the_desk(tried, FORMS_OF_WRITERS)
    assert (tried.alarm.notes, tried.beacon.hits) == ([], [])


def look_at_the_desk(tried: Tried) -> None:
    payloads = tried.scene.payloads
    page = sign_in(tried)
    shown = {path: tried.open(page, fill_in(tried, path)) for path in DESK}
    for path in ("conversations/{talk}", "orders/{order}"):
        assert list_missing(shown[path], payloads) == [], path
    bring_older_orders_up(tried.scene)
    assert list_missing(shown["orders"] + tried.open(page, fill_in(tried, "orders")), payloads, 50) == []
    assert list_missing(shown["statuses"], payloads, 40) == []
    for path in ("", "store", "coverage", "learned", "doctor", "conversations", "accesses"):
        assert len(list_missing(shown[path], payloads, 20)) < len(payloads), path
    page.goto(fill_in(tried, "answers"))
    typed = " ".join(page.locator("input, textarea").evaluate_all("all => all.map(one => one.value)"))
    assert list_missing(typed, payloads) == []
    page.close()


def bring_older_orders_up(scene: Scene) -> None:
    """The list shows the newest hundred."""
    older = [one.text for one in scene.payloads[:90]]
    with scene.counter.db.transaction(scene.store.id) as tx:
        for row in tx.query(OrderRow).filter(OrderRow.store_id == scene.store.id, OrderRow.external_id.in_(older)):
            row.placed_at = MOMENT


def fill_the_forms_of_the_desk(tried: Tried, forms: Iterable[tuple[str, str]]) -> None:
    """What is typed comes back with a refusal, or is kept and shown: it stays text either way."""
    page, payloads = sign_in(tried), tried.scene.payloads
    for at, (path, form) in enumerate(forms):
        page.goto(fill_in(tried, path))
        words = [one.text for one in turn(payloads, at * 7)]
        with page.expect_navigation():
            page.evaluate(FILL, [form, words])
        page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        tried.look(page, f"the form {form} of {path}")
    page.close()


FILL = """([which, words]) => {
  const form = [...document.querySelectorAll(which)].at(-1)
  let at = 0
  for (const field of form.querySelectorAll('input:not([type=hidden]), textarea')) {
    const text = `${words[at % words.length]} ${words[(at++ + 60) % words.length]}`
    if (['radio', 'checkbox', 'file'].includes(field.type)) continue
    if (field.tagName !== 'TEXTAREA') field.type = 'text'
    field.value = field.tagName === 'TEXTAREA' ? words.join('; ').slice(0, 3900) : text
  }
  const button = form.querySelector('button[name]')
  const pressed = {type: 'hidden', name: button?.name, value: button?.value}
  if (button) form.append(Object.assign(document.createElement('input'), pressed))
  HTMLFormElement.prototype.submit.call(form)
}"""
