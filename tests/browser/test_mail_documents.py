"""Each mail as a document in a real browser: no accessibility fault, light, dark and on the smallest phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from plugin.care.letter_frame import Button, Letter, Speech, write_letter
from plugin.contract import Notice
from plugin.notices.colours import read_accent
from plugin.notices.render import NoticeMail, render_notice
from tests.unit.notice_samples import at_the_door, build_mail, hostile_mail, two_parcels

VIEWS = [(760, "light"), (390, "dark"), (320, "light")]


def _mails(language: str) -> dict[str, NoticeMail]:
    mails = {str(notice): build_mail(notice, language) for notice in Notice}
    mails["two parcels"] = two_parcels(Notice.out_for_delivery, language)
    mails["at the door"] = at_the_door(Notice.shipped, language)
    mails["told together"] = build_mail(
        Notice.preparing, language, accent="#ffe600", told_together=(Notice.order_received, Notice.payment_received)
    )
    return mails


def _faults(page: Page, axe: Axe, name: str) -> list[str]:
    found = axe.run(page).response["violations"]
    faults = [f"{name}: {fault['id']} {fault['nodes'][0]['html'][:120]}" for fault in found]
    if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
        faults.append(f"{name}: wider than the screen")
    return faults


@pytest.mark.parametrize("view", VIEWS, ids=str)
@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_every_mail_is_accessible_and_fits(page: Page, language: str, view: tuple[int, str]) -> None:
    width, scheme = view
    page.set_viewport_size({"width": width, "height": 800})
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    axe, faults = Axe(), []
    for name, mail in _mails(language).items():
        rendered = render_notice(mail)
        page.set_content(rendered.html)
        assert page.evaluate("[document.documentElement.lang, document.title]") == [language, rendered.subject]
        faults += _faults(page, axe, f"{name} {width} {scheme}")
    assert faults == []


def test_a_fault_would_be_seen(page: Page) -> None:
    html = render_notice(build_mail(Notice.shipped)).html
    page.set_content(html.replace("#5c6166", "#c9c9c9").replace(' role="main"', ""))
    faults = " ".join(_faults(page, Axe(), "faulty"))
    assert "color-contrast" in faults and "landmark-one-main" in faults


def test_the_dark_mail_is_really_dark(page: Page) -> None:
    html = render_notice(build_mail(Notice.shipped)).html
    colours = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.set_content(html)
        colours.append(
            page.evaluate(
                "['h1', '.card', '.link'].map(which => { const style = getComputedStyle(document.querySelector(which));"
                "return which === '.card' ? style.backgroundColor : style.color })"
            )
        )
    assert colours[0][:2] == ["rgb(21, 24, 27)", "rgb(255, 255, 255)"]
    assert colours[1][:2] == ["rgb(244, 244, 242)", "rgb(29, 31, 34)"]
    assert colours[0][2] != colours[1][2]


def test_a_black_accent_is_seen_in_the_dark(page: Page) -> None:
    blocks = [Speech("Ana", "Sí."), Button("Abrir", "https://x.example")]
    told = write_letter(Letter("x", "Barro", "es", "#111111", blocks)).html
    order = render_notice(build_mail(Notice.shipped, accent="#111111")).html
    page.emulate_media(color_scheme="dark")
    seen = []
    for html, which in (
        (told, {"main": "borderTop", "div.bar": "borderLeft", ".button": "background"}),
        (order, {".card td": "borderTop", ".bar-done": "background", ".action td": "background",
                 ".action a": "background"}),
    ):  # fmt: skip
        page.set_content(html)
        for selector, side in which.items():
            seen.append(page.locator(selector).first.evaluate(f"one => getComputedStyle(one).{side}Color"))
    red, green, blue = (int(read_accent("#111111").dark[at : at + 2], 16) for at in (1, 3, 5))
    assert set(seen) == {f"rgb({red}, {green}, {blue})"} and len(seen) == 7


def test_a_hostile_mail_runs_nothing_and_fetches_nothing(page: Page) -> None:
    asked: list[str] = []
    dialogs: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.set_viewport_size({"width": 320, "height": 800})
    page.set_content(render_notice(hostile_mail()).html)
    page.wait_for_timeout(200)
    assert (asked, dialogs) == ([], [])
    assert page.evaluate("document.querySelectorAll('script, img, form, iframe, base, object').length") == 0
    assert _faults(page, Axe(), "hostile") == []
