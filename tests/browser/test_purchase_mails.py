"""The mails of one purchase, as they lie in the mailbox: each tells its part, and everybody can read it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect
from purchase import DESKTOP, PHONE, Shopper, Staff

from plugin.testing.demo import Demo

pytestmark = pytest.mark.xdist_group("purchase-mails")

EMAIL = "mails@example.com"
STORY = {"prepare": {}, "ship": {"parcels": [{"carrier": "Correos", "number": "PQ4F6P0704104480181750T"}]},
         "out_for_delivery": {}, "deliver": {}}  # fmt: skip


def _faults(page: Page, name: str) -> list[str]:
    violations = Axe().run(page).response["violations"]
    found = [f"{name}: {fault['id']} {fault['nodes'][0]['html'][:120]}" for fault in violations]
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return found + ([f"{name}: wider than the screen"] if wide else [])


def test_each_mail_of_a_purchase_arrives_and_can_be_read_by_everybody(
    new_shopper: Callable[..., Shopper], demo: Demo, page: Page
) -> None:
    shopper, staff = new_shopper(PHONE, email=EMAIL), Staff(demo)
    shopper.reach("thanks")
    for count, (action, values) in enumerate(STORY.items(), 1):
        staff.wait_for_mails(EMAIL, count)
        staff.act(shopper.number, action, **values)
    mails = staff.wait_for_mails(EMAIL, 5)
    assert len({mail["message_id"] for mail in mails}) == len({mail["subject"] for mail in mails}) == 5
    assert all(shopper.number in mail["subject"] for mail in mails)

    faults: list[str] = []
    for mail in mails:
        html = staff.open_mail(mail["id"])["html"]
        for width, scheme in ((760, "light"), (390, "dark"), (320, "light")):
            page.set_viewport_size({"width": width, "height": 800})
            page.emulate_media(color_scheme=scheme)
            page.set_content(html)
            assert page.evaluate("document.documentElement.lang") == "es"
            faults += _faults(page, f"{mail['subject']}, {width} {scheme}")
    assert faults == []

    tracking = staff.open_mail(mails[2]["id"])
    assert "PQ4F6P0704104480181750T" in tracking["text"]
    link = re.search(rf"{re.escape(demo.counter)}/t/\S+", tracking["text"])
    assert link, tracking["text"]
    page.goto(link[0])
    expect(page.locator("body")).to_contain_text(shopper.number)


def test_the_mailbox_shows_a_mail_without_running_it(new_shopper: Callable[..., Shopper], demo: Demo) -> None:
    shopper, staff = new_shopper(DESKTOP), Staff(demo)
    staff.place("box@example.com")
    mail = staff.wait_for_mails("box@example.com", 1)[0]
    shopper.page.goto(demo.mailbox)
    faults = shopper.list_faults("list")
    shopper.page.locator(f'a[href$="/mails/{mail["id"]}"]').click()
    expect(shopper.page.locator("h1")).to_have_text(mail["subject"])
    expect(shopper.page.frame_locator("iframe.mail-html").locator("h1")).to_be_visible()
    assert shopper.page.locator("iframe.mail-html").get_attribute("sandbox") == (
        "allow-popups allow-popups-to-escape-sandbox"
    )
    assert faults + shopper.list_faults("mail") == []
