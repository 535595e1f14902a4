"""The ways of contact at the foot of a mail: the same in HTML and text, in three languages, safe, or not there."""

from __future__ import annotations

import html
import re

import pytest

from plugin.contract import Notice
from plugin.notices.contact_words import tell_ways
from plugin.notices.render import render_notice
from plugin.stores.contact import Contact, Phone, Social
from tests.unit.notice_samples import build_mail

HELP = "https://mostrador.example/help/x/es/"
ALL = Contact(
    "ayuda+web@tienda.example", (Phone("+34900112233", False), Phone("+34911223344", True)), "+573001112233",
    (Social("Instagram", "https://instagram.com/tienda"),),
)  # fmt: skip
LINES = {
    "es": "Cómo contactarnos: ayuda+web@tienda.example · +34 900 11 22 33 (llamada gratuita) · "
    "+34 911 22 33 44 (llamada de pago) · WhatsApp +57 300 111 2233 · Ayuda",
    "en": "Ways to reach us: ayuda+web@tienda.example · +34 900 11 22 33 (free call) · "
    "+34 911 22 33 44 (charged call) · WhatsApp +57 300 111 2233 · Help",
    "pt": "Como falar com a gente: ayuda+web@tienda.example · +34 900 11 22 33 (ligação gratuita) · "
    "+34 911 22 33 44 (ligação paga) · WhatsApp +57 300 111 2233 · Ajuda",
}


def read_words(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", page))


@pytest.mark.parametrize("language", ["es", "en", "pt"])
def test_the_foot_says_the_same_in_html_and_in_text(language: str) -> None:
    rendered = render_notice(build_mail(Notice.shipped, language, contact=ALL, help_url=HELP))
    line = LINES[language]
    assert rendered.text.count(f"\n{line}: {HELP}\n") == 1
    assert read_words(rendered.html).count(line) == 1
    foot = rendered.html[rendered.html.index(line.partition(":")[0]) :]
    assert re.findall(r'href="([^"]+)"', foot)[:5] == [
        "mailto:ayuda+web@tienda.example", "tel:+34900112233", "tel:+34911223344", "https://wa.me/573001112233", HELP,
    ]  # fmt: skip


@pytest.mark.parametrize("notice", list(Notice))
def test_where_nothing_is_told_no_mail_says_anything(notice: Notice) -> None:
    plain, with_help = (render_notice(build_mail(notice, "en", **more)) for more in ({}, {"help_url": HELP}))
    assert plain == with_help and "Ways to reach us" not in plain.html + plain.text
    one = render_notice(build_mail(notice, "en", contact=Contact("a@b.example"), help_url=HELP))
    assert f"\nWays to reach us: a@b.example · Help: {HELP}\n" in one.text
    assert len(one.html) - len(plain.html) < 800


def test_an_address_cannot_add_anything_to_a_link_or_a_line() -> None:
    # The column's own check refuses these; whatever stands there, the mail stays whole.
    evil = Contact('x?bcc=all@example.com"><script>', (), "", ())
    ways = tell_ways(evil, "en", "")
    assert ways.ways[0].url == "mailto:x%3Fbcc%3Dall@example.com%22%3E%3Cscript%3E"
    rendered = render_notice(build_mail(Notice.shipped, "en", contact=evil))
    assert "<script>" not in rendered.html and "<script>" not in ways.write_html("color:#555")
    assert render_notice(build_mail(Notice.shipped, "en", contact=ALL, help_url="javascript:alert(1)")).text.count(
        "javascript"
    ) == 0


def test_the_line_for_other_mails_is_the_same_line() -> None:
    ways = tell_ways(ALL, "es_CO", HELP)
    assert ways.text == f"{LINES['es']}: {HELP}" and read_words(ways.write_html("color:#555a61")) == LINES["es"]
    nothing = tell_ways(Contact(), "es", HELP)
    assert not nothing and nothing.text == "" and nothing.write_html("color:#555") == ""
