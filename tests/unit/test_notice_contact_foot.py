"""The ways of contact at the foot of a mail: the same in HTML and text, in three languages, safe, or not there; and
the same words as on the help pages and in the widget."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from plugin.contract import Notice
from plugin.language import LOCALES
from plugin.notices.contact_words import write_ways
from plugin.notices.render import render_notice
from plugin.stores.contact import NETWORKS, Phone, Social, read_contact
from plugin.stores.contact_words import Way, tell_call, tell_ways
from plugin.stores.models import StoreRow
from tests.unit.notice_samples import build_mail

HELP = "https://mostrador.example/help/x/es/"
PAGES = {"instagram": "https://instagram.com/tienda", "facebook": "https://facebook.com/tienda"}
WEEK = {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
FOOT = {
    "es": ["Cómo contactarnos:", "ayuda+web@tienda.example",
           "+34 900 11 22 33 · Llamada gratuita · lun–vie 9:00–18:00 (hora de Bogotá)",
           "+34 911 22 33 44 · Llamada de pago", "WhatsApp · +57 300 111 2233", "Instagram · Facebook · Ayuda"],
    "en": ["Ways to reach us:", "ayuda+web@tienda.example",
           "+34 900 11 22 33 · Free call · Mon–Fri 9:00 AM–6:00 PM (Bogota time)",
           "+34 911 22 33 44 · Charged call", "WhatsApp · +57 300 111 2233", "Instagram · Facebook · Help"],
    "pt": ["Como falar com a gente:", "ayuda+web@tienda.example",
           "+34 900 11 22 33 · Ligação gratuita · seg–sex 09:00–18:00 (horário de Bogotá)",
           "+34 911 22 33 44 · Ligação paga", "WhatsApp · +57 300 111 2233", "Instagram · Facebook · Ajuda"],
}  # fmt: skip


def make_row(**values: Any) -> StoreRow:
    contact = {
        "email": "ayuda+web@tienda.example", "whatsapp": {"": "+573001112233"}, "social": PAGES,
        "phones": [{"number": "+34900112233", "charged": False, "hours": True},
                   {"number": "+34911223344", "charged": True, "hours": False}],
    }  # fmt: skip
    hours = {"week": WEEK, "days": {}}
    return StoreRow(**{"contact": contact, "hours": hours, "time_zone": "America/Bogota"} | values)


def read_lines(markup: str) -> list[str]:
    """The lines of the foot, as a reader sees them."""
    plain = html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"<br ?/?>", "\n", markup)))
    return [line.replace("\u202f", " ").replace("\xa0", " ") for line in plain.split("\n")]


@pytest.mark.parametrize("language", LOCALES)
def test_the_foot_says_the_same_in_html_and_in_text(language: str) -> None:
    rendered = render_notice(build_mail(Notice.shipped, language, ways=tell_ways(make_row(), language), help_url=HELP))
    foot, title = FOOT[language], FOOT[language][0]
    *told, last = foot
    text = [*told, *(f"{name}: {url}" for name, url in zip(last.split(" · "), [*PAGES.values(), HELP], strict=True))]
    assert "\n".join(text) in rendered.text.replace("\u202f", " ").replace("\xa0", " ")
    [shown] = re.findall(rf'<div class="foot ways"[^>]*>({title}.*?)</div>', rendered.html)
    assert read_lines(shown) == foot
    assert re.findall(r'href="([^"]+)"', shown) == [
        "mailto:ayuda+web@tienda.example", "tel:+34900112233", "tel:+34911223344", "https://wa.me/573001112233",
        *PAGES.values(), HELP,
    ]  # fmt: skip


@pytest.mark.parametrize("notice", list(Notice))
def test_where_nothing_is_told_no_mail_says_anything(notice: Notice) -> None:
    plain, with_help = (render_notice(build_mail(notice, "en", **more)) for more in ({}, {"help_url": HELP}))
    assert plain == with_help and "Ways to reach us" not in plain.html + plain.text
    ways = tell_ways(make_row(contact={"email": "a@b.example"}, hours={}), "en")
    one = render_notice(build_mail(notice, "en", ways=ways, help_url=HELP))
    assert f"\nWays to reach us:\na@b.example\nHelp: {HELP}\n" in one.text
    assert len(one.html) - len(plain.html) < 900


def test_an_address_cannot_add_anything_to_a_link_or_a_line() -> None:
    # The column's own check refuses these; whatever stands there, the mail stays whole.
    ways = tell_ways(make_row(contact={"email": 'x?bcc=all@example.com"><script>'}), "en")
    assert ways == (
        Way("email", 'x?bcc=all@example.com"><script>', "mailto:x%3Fbcc%3Dall@example.com%22%3E%3Cscript%3E"),
    )
    rendered = render_notice(build_mail(Notice.shipped, "en", ways=ways))
    assert "<script>" not in rendered.html + write_ways(ways, "en", "").write_html("color:#555")
    told = build_mail(Notice.shipped, "en", ways=tell_ways(make_row(), "en"), help_url="javascript:alert(1)")
    assert render_notice(told).text.count("javascript") == 0


def test_the_lines_for_other_mails_are_the_same() -> None:
    foot = write_ways(tell_ways(make_row(), "es_CO"), "es_CO", HELP)
    shown = [one.replace("9:00–18:00", "9:00 a. m.–6:00 p. m.") for one in FOOT["es"]]  # as Colombia writes times
    assert read_lines(foot.write_html("color:#555a61")) == shown
    assert foot.text.endswith(f"\nFacebook: {PAGES['facebook']}\nAyuda: {HELP}")
    nothing = write_ways((), "es", HELP)
    assert not nothing and nothing.text == "" and nothing.write_html("color:#555") == ""


def test_a_number_says_what_it_costs_and_when_it_is_answered_and_no_more_than_is_known() -> None:
    hours = "lun–vie 9:00–18:00"
    assert tell_call(Phone("+34900112233", False, True), hours, "es") == f"Llamada gratuita · {hours}"
    assert tell_call(Phone("+34900112233", False, False), hours, "es") == "Llamada gratuita"
    assert tell_call(Phone("+34900112233", True, True), "", "pt") == "Ligação paga"


def test_every_network_is_told_in_the_order_of_the_list() -> None:
    row = make_row(contact={"social": {key: f"https://{hosts[0]}/casa" for key, (_, hosts) in NETWORKS.items()}})
    ways = tell_ways(row, "es")
    assert [way.kind for way in ways] == ["social"] * len(NETWORKS)
    assert [Social(way.title, way.url) for way in ways] == list(read_contact(row, "es").social)


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "https://a.example/\"onmouseover=x", "//x"])
def test_a_page_that_leads_nowhere_safe_is_named_and_not_linked(url: str) -> None:
    foot = write_ways((Way("social", "Instagram", url),), "en", "")
    assert foot.write_html("").endswith("<br>Instagram") and "href" not in foot.write_html("")
    assert foot.text.endswith("\nInstagram")
