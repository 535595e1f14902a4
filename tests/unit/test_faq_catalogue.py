"""The catalogue: files in, articles out, facts filled in, clear sentences when a file is wrong."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from faq_links import (
    ALL_PLACEHOLDERS,
    EXAMPLE_ANSWERS,
    FACTS,
    PHASES,
    PLACEHOLDERS,
    STARTER,
    STEPS,
    Catalogue,
    CatalogueError,
    links_for,
    load_catalogue,
    match,
    read_article,
)
from faq_links.catalogue import Article
from faq_links.rich_text import Node, is_safe_link, plain_text

LANGUAGES = ("es", "en", "pt")


def write(directory: Path, place: str, text: str | bytes) -> Path:
    path = directory / place
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return directory


def article(body: str, title: str = "A title") -> Article:
    head = f"---\ntitle: {json.dumps(title)}\n---\n"
    return read_article(head + body, article_id="one", section="any", locale="en")


def tags_and_links(nodes: tuple[Node, ...] | list[Node]) -> set[tuple[str, str]]:
    found: set[tuple[str, str]] = set()
    for node in nodes:
        if not isinstance(node, str):
            found.add((node["tag"], node.get("href", "")))
            found |= tags_and_links(node["children"])
    return found


def test_an_article_is_read_with_lists_unknown_keys_and_its_place(tmp_path: Path) -> None:
    text = '---\ntitle: "Gift wrap"\nsteps: ["cart"]\nseason: {"from": 11}\n---\nWe **wrap** it.\n'
    catalogue = load_catalogue(write(tmp_path, "fr/extras/gift-wrap.md", text))
    found = catalogue.article("gift-wrap", "fr")
    assert found is not None
    assert (found.section, found.locale, found.title, found.steps) == ("extras", "fr", "Gift wrap", ("cart",))
    assert (found.products, found.phrasings, dict(found.extra)) == ((), (), {"season": {"from": 11}})
    assert found.tree == ({"tag": "p", "children": ["We ", {"tag": "strong", "children": ["wrap"]}, " it."]},)
    assert found.html == "<p>We <strong>wrap</strong> it.</p>"
    assert (catalogue.locales, catalogue.sections) == (("fr",), ("extras",))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("Just words\n", 1, 'must begin with a line "---"'),
        ("", 1, 'must begin with a line "---"'),
        ('---\ntitle: "x"\nbody', 3, "key: JSON value"),
        ("---\ntitle: No quotes\n---\n", 2, "not JSON"),
        ('---\ntitle: "x"\nsteps: ["cart",]\n---\n', 3, "not JSON"),
        ('---\ntitle: "x"\ntitle: "y"\n---\n', 3, "stands twice"),
        ('---\ntitle: "x"\n', 3, "not closed"),
        ('---\nsteps: ["cart"]\n---\n', 1, "needs a title"),
        ("---\nsteps: []\ntitle: 5\n---\n", 3, "needs a title"),
        ('---\ntitle: "x"\nphrasings: "one"\n---\n', 3, "must be a list"),
        ('---\ntitle: "x"\nproducts: [1]\n---\n', 3, "must be a list"),
        (b'---\ntitle: "x"\n---\ncaf\xe9\n', 4, "not UTF-8"),
        ("---\ntitle: " + "[" * 100_000 + "\n---\n", 2, "not JSON"),
    ],
)
def test_a_wrong_file_gets_a_sentence_with_file_and_line(
    tmp_path: Path, text: str | bytes, line: int, words: str
) -> None:
    write(tmp_path, "en/shop/hours.md", text)
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)
    assert (caught.value.source, caught.value.line) == ("en/shop/hours.md", line)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"en/shop/hours.md, line {line}: ")


def test_wrong_places_are_named(tmp_path: Path) -> None:
    good = '---\ntitle: "x"\n---\n'
    with pytest.raises(CatalogueError, match="no such directory"):
        load_catalogue(tmp_path / "missing")
    with pytest.raises(CatalogueError, match="no articles here"):
        load_catalogue(write(tmp_path / "empty", "README.md", "Hello"))
    with pytest.raises(CatalogueError, match=r"en/hours\.md.*Move this file"):
        load_catalogue(write(tmp_path / "flat", "en/hours.md", good))
    twice = write(write(tmp_path / "twice", "en/a/hours.md", good), "en/b/hours.md", good)
    with pytest.raises(CatalogueError, match=r"en/b/hours\.md.*taken by en/a/hours\.md"):
        load_catalogue(twice)


def test_windows_line_ends_a_byte_order_mark_and_hidden_files_do_no_harm(tmp_path: Path) -> None:
    write(tmp_path, "en/shop/a.md", b'\xef\xbb\xbf---\r\ntitle: "x"\r\n---\r\nOne\r\n\r\nTwo\r\n')
    write(tmp_path, "en/shop/.draft.md", "not an article")
    write(tmp_path, "README.md", "not an article")
    (found,) = load_catalogue(tmp_path).articles("en")
    assert found.html == "<p>One</p><p>Two</p>"


def test_html_in_an_article_stays_text() -> None:
    found = article(
        '<script>alert(1)</script>\n\nHi <img src=x onerror=alert(1)> & <b>you</b>\n\n<div onclick="x">'
    )
    assert "<script" not in found.html and "<img" not in found.html and "<b>" not in found.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in found.html
    assert {tag for tag, _ in tags_and_links(found.tree)} == {"p"}


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#x09;script:alert(1)",
        "&#x01;javascript:alert(1)",
        "data:text/html,<b>",
        "vbscript:x",
        "file:///etc/passwd",
        "<java\tscript:alert(1)>",
    ],
)
def test_an_unsafe_link_keeps_its_words_and_loses_its_address(address: str) -> None:
    found = article(f"See [these words]({address}) and [those][ref].\n\n[ref]: {address}\n")
    assert not any(tag == "a" for tag, _ in tags_and_links(found.tree))
    assert "href" not in found.html
    assert "these words" in plain_text(found.tree)


@pytest.mark.parametrize(
    "address", ["https://a.example/b?c=1&d=2", "http://a.example", "mailto:a@b.example", "/help"]
)
def test_a_safe_link_stays(address: str) -> None:
    assert ("a", address) in tags_and_links(article(f"See [here]({address}).").tree)


def test_control_characters_do_not_hide_a_scheme() -> None:
    assert not is_safe_link("java\nscript:alert(1)")
    assert not is_safe_link("java%0Ascript:alert(1)")
    assert not is_safe_link(" javascript:alert(1)")
    assert not is_safe_link("pages:size")
    assert is_safe_link("pages/size") and is_safe_link("/a?b=c:d") and is_safe_link("#top")


def test_markdown_becomes_only_the_tags_the_widget_knows() -> None:
    body = (
        "# Big\n\n> quoted\n\n1. one\n2. two\n\n- a\n- *b*\n\n`code`  \nnext\n\n---\n\n"
        "```\nblock <b>\n```\n\n![alt words](https://x.example/p.png)\n"
    )
    found = article(body)
    assert {tag for tag, _ in tags_and_links(found.tree)} == {"h3", "p", "ol", "ul", "li", "em", "code", "br"}
    assert "alt words" in plain_text(found.tree)
    assert "block &lt;b&gt;" in found.html


def test_an_article_that_misses_a_fact_is_not_shown_linked_or_answered_from(tmp_path: Path) -> None:
    head = '---\ntitle: "Delivery times"\nsteps: ["cart"]\nphrasings: ["how long does delivery take"]\n---\n'
    write(tmp_path, "en/shipping/times.md", head + "We need {{ delivery_days }}.\n")
    write(tmp_path, "en/shipping/other.md", '---\ntitle: "Gift wrap"\nsteps: ["cart"]\n---\nPretty paper.\n')
    catalogue = load_catalogue(tmp_path)
    assert [one.article_id for one in catalogue.articles("en")] == ["other"]
    assert catalogue.article("times", "en") is None
    assert [one.article_id for one in links_for(catalogue, ["cart"], "en")] == ["other"]
    found = match(catalogue, "how long does delivery take", "en")
    assert "times" not in dict(found.ranked) and not found.answered
    assert catalogue.unfilled("en") == {"times": ["delivery_days"]}
    filled = catalogue.fill({"en": {"delivery_days": "2 days."}})
    assert filled.unfilled("en") == {}
    shown = filled.article("times", "en")
    assert shown is not None and shown.html == "<p>We need 2 days.</p>"
    assert match(filled, "how long does delivery take", "en").answered
    assert catalogue.article("times", "en") is None


def test_an_empty_answer_fills_nothing() -> None:
    catalogue = Catalogue([article("Call {{phone}}")])
    assert catalogue.fill({"en": {"phone": "  "}}).articles("en") == ()


def test_an_answer_is_text_whatever_is_typed() -> None:
    catalogue = Catalogue([article("Call {{phone}} or [write](mailto:{{mail}}).", title="Phone {{phone}}")])
    typed = '<b>1</b> [x](javascript:y) *2* {{address}} "'
    (found,) = catalogue.fill({"en": {"phone": typed, "mail": 'a"b@c.example'}}).articles("en")
    assert "<b>" not in found.html and "<em>" not in found.html and "javascript" in plain_text(found.tree)
    assert tags_and_links(found.tree) == {("p", ""), ("a", "mailto:a%22b@c.example")}
    assert found.title.startswith("Phone <b>1</b>")
    again = read_article(f'---\ntitle: "x"\n---\n{found.body}', article_id="one", section="any", locale="en")
    assert plain_text(again.tree) == plain_text(found.tree)


def test_the_lines_of_an_answer_are_items_where_it_is_all_of_one_and_run_on_elsewhere() -> None:
    body = "Why: {{why}}\n\n- {{ why }}\n- And {{why}}\n- {{none}}\n- **{{why}}**\n\n[x](/a?b={{why}})\n"
    catalogue = Catalogue([article(body, title="Why {{why}}")])
    lines = {"en": {"why": " <b>One.</b>\n\n  Two  words.\n", "none": "3"}}
    (found,) = catalogue.fill(lines).articles("en")
    one, whole = "&lt;b&gt;One.&lt;/b&gt;", "&lt;b&gt;One.&lt;/b&gt; Two words."
    assert found.html == (
        f"<p>Why: {whole}</p><ul><li>{one}</li><li>Two words.</li><li>And {whole}</li><li>3</li>"
        f'<li><strong>{whole}</strong></li></ul><p><a href="/a?b=%3Cb%3EOne.%3C/b%3E%20Two%20words."'
        ' rel="noopener noreferrer">x</a></p>'
    )
    assert found.text.split("\n")[1:3] == ["<b>One.</b>", "Two words."] and "\n" not in found.title
    (open_still,) = catalogue.fill({}).hidden("en")
    assert "- {{ why }}" in open_still.body and "{{ why }}" in open_still.text


def test_an_answer_in_a_link_cannot_make_it_unsafe() -> None:
    (found,) = (
        Catalogue([article("[map]({{map}})")]).fill({"en": {"map": "javascript:alert(1)"}}).articles("en")
    )
    assert found.html == "<p>map</p>"


def test_the_starter_has_the_same_articles_in_each_language_and_the_answers_fill_them_all() -> None:
    raw = load_catalogue(STARTER)
    filled = raw.fill(EXAMPLE_ANSWERS)
    assert raw.sections == ("products", "shop", "payment", "shipping", "returns")
    assert len(PLACEHOLDERS) == 10
    ids = {language: [one.article_id for one in filled.articles(language)] for language in LANGUAGES}
    assert ids["es"] == ids["en"] == ids["pt"] and len(set(ids["es"])) == len(ids["es"]) >= 35
    for language in LANGUAGES:
        articles = filled.articles(language)
        assert all(sum(one.section == name for one in articles) >= 3 for name in raw.sections)
        assert all(set(one.phases) <= set(PHASES) and set(one.facts) <= set(FACTS) for one in articles)
        assert all(len(one.phrasings) >= 5 and one.steps and set(one.steps) <= set(STEPS) for one in articles)
        assert not any("{{" in one.title + one.body + one.html for one in articles)
        assert filled.unfilled(language) == {}


def test_every_question_of_the_form_is_asked_in_three_languages_and_serves_an_article() -> None:
    used = {
        name
        for language in LANGUAGES
        for names in load_catalogue(STARTER).unfilled(language).values()
        for name in names
    }
    assert used == {one.key for one in ALL_PLACEHOLDERS} and ALL_PLACEHOLDERS[:10] == PLACEHOLDERS
    for one in ALL_PLACEHOLDERS:
        for words in (one.label, one.help, one.example):
            assert set(words) == set(LANGUAGES) and all(words.values())


def test_answers_typed_once_in_the_stores_language_fill_every_locale() -> None:
    filled = load_catalogue(STARTER).fill({"en": {}, "es": EXAMPLE_ANSWERS["es"]})
    assert all(filled.unfilled(language) == {} for language in LANGUAGES)
    times = filled.article("delivery-times", "en")
    assert times is not None and "de 2 a 4 días hábiles" in times.html


def test_a_locale_own_answer_wins_and_numbers_need_no_language() -> None:
    answers = {
        "es": {"return_days": "30 días", "delivery_days": "2 días"},
        "en": {"delivery_days": "2 days"},
        "pt": {"phone": "+55 11 0000"},
    }
    filled = load_catalogue(STARTER).fill(answers, store_locale="en")
    returns = filled.article("how-to-return", "pt")
    assert returns is not None and "Você tem 30 dias" in returns.html
    spanish = filled.article("delivery-times", "es")
    assert spanish is not None and "2 días" in spanish.html
    portuguese = filled.article("delivery-times", "pt")
    assert portuguese is not None and "2 days" in portuguese.html
    assert "phone" not in filled.unfilled("es")["contact-us"]
    flat = load_catalogue(STARTER).fill({"delivery_days": "48 h"})
    assert all(flat.article("delivery-times", language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("pt_PT", "pt"),
        ("pt-BR", "pt"),
        ("es-CO", "es"),
        ("ES", "es"),
        ("en_GB.UTF-8", "en"),
        ("ja", "es"),
        ("", "es"),
    ],
)
def test_a_reader_gets_her_language_or_the_stores(asked: str, given: str) -> None:
    filled = load_catalogue(STARTER, default_locale="es").fill(EXAMPLE_ANSWERS)
    assert filled.resolve(asked) == given


def test_a_language_with_nothing_to_show_gives_way_to_one_that_has(tmp_path: Path) -> None:
    write(tmp_path, "en/a/x.md", '---\ntitle: "x"\n---\n{{unknown_fact}}\n')
    write(tmp_path, "es/a/x.md", '---\ntitle: "x"\n---\nHola\n')
    assert load_catalogue(tmp_path).resolve("en") == "es"
    assert Catalogue([]).resolve("en") is None and Catalogue([]).articles("en") == ()
