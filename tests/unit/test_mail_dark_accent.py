"""A shop's accent in the dark: buttons and bars of both kinds of mail are told from what is behind them, whatever it
is. axe reads words alone, so the bars are measured here."""

from __future__ import annotations

import re

import pytest

from plugin.care.letter_frame import Button, Letter, Line, Speech, write_letter
from plugin.contract import Notice
from plugin.notices.colours import contrast
from plugin.notices.render import render_notice
from tests.unit.notice_samples import build_mail

ACCENTS = ["#111111", "#000000", "#1d1f22", "#17181b", "#5a1a1a", "#1f6f5c", "#767676", "#808080", "#ff0000", "#ffd400",
           "#ffffff"]  # fmt: skip
SEEN, READ = 3.0, 4.5
"""WCAG 2.2, 1.4.11 and 1.4.3."""


def dark_rules(html: str) -> dict[str, dict[str, str]]:
    """Selector → property → value of what the dark adds; each must win over the inline styles."""
    sheet = re.split(r"@media \(prefers-color-scheme: ?dark\)\s*\{", html)[1].partition("</style>")[0]
    rules: dict[str, dict[str, str]] = {}
    for selectors, written in re.findall(r"([^{}]+)\{([^{}]*)\}", sheet):
        pairs = (one.split(":", 1) for one in written.split(";") if one.strip())
        values = {name.strip(): value.strip() for name, value in pairs}
        assert all(value.endswith("!important") for value in values.values())
        for selector in selectors.split(","):
            found = {name: value.removesuffix("!important").strip() for name, value in values.items()}
            rules.setdefault(selector.strip(), {}).update(found)
    return rules


@pytest.mark.parametrize("accent", ACCENTS)
def test_a_mail_about_a_talk_shows_its_button_and_bars_in_the_dark(accent: str) -> None:
    blocks = [Line("Hola"), Speech("Ana", "Sí."), Button("Abrir", "https://x.example")]
    html = write_letter(Letter("x", "Barro", "es", accent, blocks)).html
    rules = dark_rules(html)
    behind, button, bar = rules["body"]["background"], rules[".button"], rules[".bar"]["border-color"]
    assert contrast(bar, behind) >= SEEN and contrast(button["background"], behind) >= SEEN
    assert contrast(button["color"], button["background"]) >= READ
    assert html.count('class="bar"') == 2 and html.count('<a class="button"') == 1


@pytest.mark.parametrize("accent", ACCENTS)
def test_a_mail_about_an_order_shows_its_button_and_steps_in_the_dark(accent: str) -> None:
    html = render_notice(build_mail(Notice.shipped, accent=accent)).html
    rules = dark_rules(html)
    behind, done = rules[".card"]["background-color"], rules[".bar-done"]["background-color"]
    button, words = rules[".action a"]["background"], rules[".action a"]["color"]
    assert rules[".action td"]["background"] == button
    for seen in (done, button, rules[".card > table > tbody > tr > td"]["border-top-color"]):
        assert contrast(seen, behind) >= SEEN
    assert contrast(words, button) >= READ
    # The way to go is fainter than the way gone, so that progress does not read backwards.
    assert contrast(done, behind) > 2 * contrast(rules[".bar-next"]["background-color"], behind)
    assert 'class="action"' in html and 'class="bar bar-done"' in html and 'class="bar bar-next"' in html
