"""The mail's two forms: laid out ahead, saying the same, and deaf to whatever an order brings."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from plugin.contract import Notice
from plugin.notices.colours import ON_DARK, ON_LIGHT, contrast, read_accent
from plugin.notices.compile_templates import compile_all
from plugin.notices.mail_facts import safe_link
from plugin.notices.render import render_notice
from tests.unit.notice_samples import at_the_door, build_mail, gallery, hostile_mail

VOID = {"meta", "br", "img", "hr", "link", "input"}


class Page(HTMLParser):
    """What a reader sees of a mail: its words, its links, its elements and their attributes."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.elements: list[str] = []
        self.attributes: set[str] = set()
        self.open: list[str] = []
        self.balanced = True
        self._hidden = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes |= {name for name, _ in attrs}
        values = dict(attrs)
        if tag == "a":
            self.links.append(values.get("href") or "")
        if tag not in VOID:
            self.open.append(tag)
            if self._hidden or tag in ("style", "title") or "display:none" in (values.get("style") or ""):
                self._hidden += 1

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        self.balanced = self.balanced and bool(self.open) and self.open.pop() == tag
        self._hidden = max(0, self._hidden - 1)

    def handle_data(self, data: str) -> None:
        if not self._hidden and data.strip():
            self.words.append(" ".join(data.split()))


def words_of(text: str) -> set[str]:
    return {word for word in re.split(r"[\s:]+", text) if word not in ("", "·", "*", "--", "-")}


def test_the_kept_templates_are_the_compiled_ones() -> None:
    compiled = compile_all()
    assert [path.name for path in compiled] == ["notice.html"]
    assert [path.read_text("utf-8") for path in compiled] == list(compiled.values())


@pytest.mark.parametrize("name", sorted(gallery()))
def test_the_text_says_what_the_html_says(name: str) -> None:
    rendered = render_notice(gallery()[name])
    page = Page(rendered.html)
    text = re.sub(r"\n-{3,}\n", "\n", rendered.text)
    text = re.sub(r"\[[x> ]\] ", "", text)
    links = re.findall(r"(?<=: )https?://\S+|(?<=· )https?://\S+|^https?://\S+", text, re.M)
    assert sorted(links) == sorted(page.links)
    for link in links:
        text = text.replace(link, "")
    assert words_of(text) == words_of(" ".join(page.words))
    assert page.words[0] in (rendered.text.partition("\n")[0], gallery()[name].store_name) or name == "hostile"


@pytest.mark.parametrize("language", ["es", "en", "pt"])
@pytest.mark.parametrize("notice", list(Notice))
def test_each_mail_is_one_sound_document_in_its_language(notice: Notice, language: str) -> None:
    html = render_notice(build_mail(notice, language)).html
    page = Page(html)
    assert page.balanced and page.open == [] and page.elements.count("h1") == 1
    assert html.startswith(f'<!DOCTYPE html><html lang="{language}" dir="ltr"')
    assert "{{" not in html and "{%" not in html and "mostrador.invalid" not in html and "#ac000" not in html
    assert "prefers-color-scheme: dark" in html and 'role="presentation"' in html
    # Nothing is fetched: no fonts, no pictures, no style sheets.
    assert not re.search(r"@import|url\(|<link|<img|<script|src=", html)
    assert len(html) < 40_000


@pytest.mark.parametrize("notice", list(Notice))
def test_hostile_words_stay_words(notice: Notice) -> None:
    mail = hostile_mail(notice)
    rendered = render_notice(mail)
    page = Page(rendered.html)
    calm = Page(render_notice(build_mail(notice)).html)
    assert page.balanced and set(page.elements) <= set(calm.elements) | {"span", "table", "tr", "td", "div", "a"}
    assert page.attributes <= calm.attributes and not [name for name in page.attributes if name.startswith("on")]
    assert page.elements.count("style") == calm.elements.count("style")
    assert set(page.links) <= {"https://fine.example/a?b=1&c=2"}
    assert "{{ 7*7 }}" in rendered.html and "49" not in rendered.text
    assert len(rendered.subject) <= 255 and len(rendered.html) < 100_000 and len(rendered.text) < 40_000
    for text in (rendered.subject, rendered.text, rendered.html):
        assert not re.search("[\r\x00\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    assert "\nBcc" not in rendered.text and "\n" not in rendered.subject
    # The first line is ours alone.
    assert "script" not in rendered.text.partition("\n")[0]


def test_hostile_words_at_the_door_stay_words_too() -> None:
    html = render_notice(at_the_door(Notice.shipped, number="<b>1</b>", customer_name="<b>Ana</b>")).html
    assert "<b>" not in html and "&lt;b&gt;1&lt;/b&gt;" in html


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://x.example/a?b=1&c=%20", True), ("http://127.0.0.1:8000/t/x", True), ("HTTPS://X.EXAMPLE", True),
        ("javascript:alert(1)", False), ("JaVaScRiPt:alert(1)", False), ("data:text/html,x", False),
        ("//x.example", False),
        ("", False), ("https://", False), ("https://x.example/a b", False), ("https://x.example/\n", False),
        ("java\nscript:alert(1)", False), ('https://x.example/"onclick=', False), ("https://user:pw@x.example", False),
        ("https://x.example/\\", False), ("https://[::1", False), ("https://x.example/" + "a" * 3000, False),
        ("vbscript:x", False), ("file:///etc/passwd", False), ("mailto:x@x.example", False),
    ],
)  # fmt: skip
def test_only_plain_web_addresses_become_links(url: str, kept: bool) -> None:
    assert safe_link(url) == (url if kept else "")


ACCENTS = ["#000000", "#ffffff", "#ffd400", "#0a7d5a", "#777777", "#ff0000", "#1d1f22", "#00ffff", "#767676"]


@pytest.mark.parametrize("accent", ACCENTS)
def test_every_accent_can_be_read(accent: str) -> None:
    colours = read_accent(accent)
    assert colours.fill == accent and contrast(colours.on_fill, accent) >= 4.5
    assert contrast(colours.light, ON_LIGHT) >= 4.5 and contrast(colours.dark, ON_DARK) >= 4.5


@pytest.mark.parametrize("accent", ["", "red", "#fff", "#12345g", "#0a7d5a;} body{display:none", "url(x)", "#0a7d5a\n"])
def test_what_is_no_accent_is_the_default_one(accent: str) -> None:
    assert read_accent(accent) == read_accent("#1f6f5c")


def test_long_orders_are_cut_and_counted() -> None:
    text = render_notice(hostile_mail()).text
    assert "… y 20 líneas más" in text and "10 paquetes más" in text
