"""The merchant's own articles: beside and in place of the starter's, hidden, drafted, and known in every process."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import plugin.care  # noqa: F401  (the tables that learned rows refer to)
from faq_links import EXAMPLE_ANSWERS
from plugin import help
from plugin.database import Database
from plugin.help import Changed, Writer, Written, catalogues, warming
from plugin.help.own_list import list_versions
from plugin.help.written import read_written
from plugin.stores import StoreRow, get_store
from plugin.testing.factories import MOMENT, make_database, make_store

ANA = Writer(1, MOMENT)
WORKSHOP = Written(
    "¿Hacen talleres de cerámica?", "shop", "Sí, los **sábados** a las 10.", steps=("home",),
    phrasings=("dan clases de cerámica", "taller de torno"),
)  # fmt: skip


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    made = make_database(database_url)
    yield made
    made.close()


@pytest.fixture
def store(db: Database) -> StoreRow:
    return make_store(db, domain="barro.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})


def read(db: Database, store: StoreRow) -> StoreRow:
    """The store as a request reads it."""
    with db.reading(store.id) as tx:
        return get_store(tx, store.id)


def show(db: Database, store: StoreRow, article_id: str, written: Written, seen: int = 0, locale: str = "es") -> Any:
    with db.transaction(store.id) as tx:
        return help.show(tx, store.id, article_id, locale, written, seen, ANA)


def asked(db: Database, store: StoreRow, question: str) -> str:
    """The article that answers; on a busy machine the index before it would answer for another second."""
    warming._last.clear()
    found = help.answer(read(db, store), question, "es").article
    return found.article_id if found is not None else ""


def test_a_shown_article_is_answered_with_linked_listed_and_filled(db: Database, store: StoreRow) -> None:
    assert asked(db, store, "dan clases de cerámica") == ""
    show(db, store, "talleres", WORKSHOP)
    now = read(db, store)
    article = help.get_article(now, "talleres", "es")
    assert article is not None and article.html == "<p>Sí, los <strong>sábados</strong> a las 10.</p>"
    assert asked(db, store, "dan clases de cerámica") == "talleres"
    assert "talleres" in [one.article_id for one in help.links_for_steps(now, ("home",), "es", 20)]
    assert "talleres" in [one.article_id for section in help.list_sections(now, "es") for one in section.articles]
    assert help.get_article(now, "talleres", "en") is None
    show(db, store, "plazo", Written("¿Plazo?", "shop", "Son {{return_days}} días."))
    filled = help.get_article(read(db, store), "plazo", "es")
    assert filled is not None and filled.text.strip() == "Son 30 días."


def test_every_process_sees_a_change_with_the_next_reading_of_the_store(db: Database, store: StoreRow) -> None:
    """A process that filled its catalogue before, and learns of the change by nothing but the store's row."""
    old = read(db, store)
    assert help.get_article(old, "talleres", "es") is None
    show(db, store, "talleres", WORKSHOP)
    assert read(db, store).articles_version == old.articles_version + 1
    assert help.get_article(read(db, store), "talleres", "es") is not None
    catalogues._kept.clear()  # a process that was just started, and asks without a word of what was learned
    assert help.get_article(read(db, store), "talleres", "es") is not None


def test_a_starter_article_is_rewritten_in_place_and_comes_back(db: Database, store: StoreRow) -> None:
    starter = help.get_article(read(db, store), "how-to-return", "es")
    with db.reading(store.id) as tx:
        whole = help.read_draft(help.get_own(tx, store.id, "how-to-return", "es"), "how-to-return", "es")
    assert "{{return_days}}" in whole.text and whole.phrasings == starter.phrasings
    row = show(db, store, "how-to-return", Written("Devolver", "returns", "Escríbenos.", whole.steps))
    now = help.get_article(read(db, store), "how-to-return", "es")
    assert (now.title, now.text.strip(), now.section) == ("Devolver", "Escríbenos.", "returns")
    assert help.get_article(read(db, store), "how-to-return", "en").title != "Devolver"
    with db.transaction(store.id) as tx:
        assert help.take_away(tx, store.id, "how-to-return", "es", row.version, ANA)
    assert help.get_article(read(db, store), "how-to-return", "es") == starter


def test_a_hidden_article_is_gone_in_every_language_and_the_bot_says_nothing_in_its_place(
    db: Database, store: StoreRow
) -> None:
    question = "¿Cuánto tarda en llegar mi pedido?"
    assert asked(db, store, question) == "delivery-times"
    with db.transaction(store.id) as tx:
        assert help.hide(tx, store.id, "delivery-times", ANA)
        assert not help.hide(tx, store.id, "there-is-none", ANA)
    now = read(db, store)
    assert [help.get_article(now, "delivery-times", one) for one in ("es", "en", "pt")] == [None, None, None]
    assert asked(db, store, question) == ""
    assert help.explain(now, question, "es").fate in ("hidden", "unsure")
    with db.transaction(store.id) as tx:
        assert help.bring_back(tx, store.id, "delivery-times", ANA)
        assert not help.bring_back(tx, store.id, "delivery-times", ANA)
    assert asked(db, store, question) == "delivery-times"
    with db.reading(store.id) as tx:
        assert help.list_own(tx, store.id) == [], "nothing of ours is left that the starter does not say"


def test_what_is_hidden_with_own_words_comes_back_with_them(db: Database, store: StoreRow) -> None:
    show(db, store, "how-to-return", Written("Devolver", "returns", "Escríbenos."))
    for change in (help.hide, help.bring_back):
        with db.transaction(store.id) as tx:
            assert change(tx, store.id, "how-to-return", ANA)
    assert help.get_article(read(db, store), "how-to-return", "es").title == "Devolver"
    assert help.get_article(read(db, store), "how-to-return", "en") is not None


def test_own_words_for_a_hidden_subject_are_answered_with(db: Database, store: StoreRow) -> None:
    with db.transaction(store.id) as tx:
        help.hide(tx, store.id, "delivery-times", ANA)
    question = "cuanto tarda en llegar mi pedido"
    show(db, store, "vasija", Written("¿Cuándo llega mi vasija?", "shipping", "En 20 días.", phrasings=(question,)))
    assert asked(db, store, question) == "vasija"


def test_a_draft_is_seen_by_nobody_until_it_is_shown(db: Database, store: StoreRow) -> None:
    with db.transaction(store.id) as tx:
        row = help.save_draft(tx, store.id, "talleres", "es", WORKSHOP, 0, ANA)
    first = row.version
    assert (row.state, row.title) == ("draft", "") and read(db, store).articles_version == 0
    assert help.get_article(read(db, store), "talleres", "es") is None
    row = show(db, store, "talleres", WORKSHOP, first)
    assert (row.state, row.version, row.draft) == ("shown", first + 1, None)
    with db.transaction(store.id) as tx:
        row = help.save_draft(tx, store.id, "talleres", "es", Written("Nuevo", "shop", "Otro."), first + 1, ANA)
    assert help.get_article(read(db, store), "talleres", "es").title == WORKSHOP.title
    assert help.read_draft(row, "talleres", "es").title == "Nuevo"
    with db.transaction(store.id) as tx:
        assert help.discard_draft(tx, store.id, "talleres", "es", first + 2, ANA)
    with pytest.raises(Changed), db.transaction(store.id) as tx:
        help.discard_draft(tx, store.id, "talleres", "es", first + 2, ANA)  # another window, the draft still in it
    assert help.get_article(read(db, store), "talleres", "es").title == WORKSHOP.title


def test_nobody_writes_over_what_they_have_not_seen(db: Database, store: StoreRow) -> None:
    row = show(db, store, "talleres", WORKSHOP)
    mine = Written("Otro", "shop", "Mío")
    for seen in (0, row.version - 1, row.version + 1):
        for write in (help.save_draft, help.show):
            with pytest.raises(Changed) as error, db.transaction(store.id) as tx:
                write(tx, store.id, "talleres", "es", mine, seen, ANA)
            assert error.value.row.title == WORKSHOP.title
    with pytest.raises(Changed) as error, db.transaction(store.id) as tx:
        help.show(tx, store.id, "gone", "es", mine, 3, ANA)
    assert error.value.row is None
    with pytest.raises(Changed), db.transaction(store.id) as tx:
        help.take_away(tx, store.id, "talleres", "es", 9, ANA)
    assert help.get_article(read(db, store), "talleres", "es").title == WORKSHOP.title


def test_another_store_has_none_of_it(db: Database, store: StoreRow) -> None:
    other = make_store(db, domain="otra.example", answers={"es": dict(EXAMPLE_ANSWERS["es"])})
    show(db, store, "talleres", WORKSHOP)
    with db.transaction(store.id) as tx:
        help.hide(tx, store.id, "how-to-return", ANA)
    assert help.get_article(read(db, other), "talleres", "es") is None
    assert help.get_article(read(db, other), "how-to-return", "es") is not None
    with db.transaction(other.id) as tx:
        assert not help.bring_back(tx, other.id, "how-to-return", ANA)


def test_the_list_says_how_each_language_stands(db: Database, store: StoreRow) -> None:
    show(db, store, "talleres", WORKSHOP)
    with db.transaction(store.id) as tx:
        help.save_draft(tx, store.id, "talleres", "en", Written("Workshops?", "shop", ""), 0, ANA)
        help.hide(tx, store.id, "gift-cards", ANA)
        get_store(tx, store.id).answers = {"es": {"return_days": "30"}}
    with db.reading(store.id) as tx:
        rows = help.list_own(tx, store.id)
    listed = {one.article_id: one for one in list_versions(read(db, store), rows)}
    assert {name: one.state for name, one in listed["talleres"].versions.items()} == {
        "es": "own", "en": "draft", "pt": "missing",
    }  # fmt: skip
    assert {one.state for one in listed["gift-cards"].versions.values()} == {"hidden"}
    waiting = listed["delivery-times"].versions["es"]
    assert (waiting.state, waiting.missing) == ("waits", ("delivery_days",)) and len(listed) == 38


@pytest.mark.parametrize(("change", "field", "line", "code"), [
    ({"title": ""}, "title", 0, "empty_title"),
    ({"title": "a" * 121}, "title", 0, "long_title"),
    ({"section": ""}, "section", 0, "empty_section"),
    ({"text": " \n "}, "text", 0, "empty_text"),
    ({"text": "a" * 20_001}, "text", 0, "long_text"),
    ({"text": "uno\n\ndos {{nada}}"}, "text", 3, "unknown_name"),
    ({"title": "Hola {{nada}}"}, "title", 0, "unknown_name"),
    ({"text": "uno\n\n[x](javascript:alert(1))"}, "text", 3, "bad_link"),
    ({"text": "uno\ndos [x](&#106;avascript:alert(1))"}, "text", 2, "bad_link"),
    ({"text": "- a\n- b\n- ![Horno](https://evil.example/a.png)"}, "text", 3, "foreign_picture"),
    ({"text": "![Horno](http://barro.example/a.png)"}, "text", 1, "bad_picture"),
    ({"text": "![Horno](https://barro.example.evil.example/a.png)"}, "text", 1, "foreign_picture"),
    ({"text": "![Horno](https://barro.example@evil.example/a.png)"}, "text", 1, "bad_picture"),
    ({"text": "![Horno](https://barro.example\\@evil.example/a.png)"}, "text", 1, "bad_picture"),
    ({"text": "![Horno](data:image/png;base64,AAAA)"}, "text", 1, "bad_picture"),
    ({"text": "![ ](https://barro.example/a.png)"}, "text", 1, "picture_without_words"),
    ({"phrasings": ("clases", "hola")}, "phrasings", 2, "phrasing_talk"),
    ({"phrasings": tuple(f"clase {chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(61))}, "phrasings", 0,
     "many_phrasings"),
])  # fmt: skip
def test_what_cannot_be_read_is_named_with_its_line(change: dict[str, Any], field: str, line: int, code: str) -> None:
    given = {"title": "Taller", "section": "shop", "text": "Sí."} | change
    faults = help.check_written(Written(**given), {"barro.example"})
    assert [(one.field, one.line, one.code) for one in faults] == [(field, line, code)]


def test_what_can_be_read_has_no_fault() -> None:
    text = (
        "## Pasos\n\n1. ![El botón](https://barro.example/a%20b.png?v=1&section=2)\n"
        "2. [Escríbenos](mailto:a@b.example)\n\n{{phone}}"
    )
    assert help.check_written(Written("Taller", "shop", text), {"barro.example"}) == ()


def test_a_form_becomes_an_article_and_shoppers_own_numbers_stay_out(db: Database, store: StoreRow) -> None:
    written = help.clean_written(
        "  ¿Hacen \n talleres? ", "Talleres y Visitas", "\r\nSí.\r\n\r\nSábados.", steps=["cart", "no", "home"],
        phases=["post_sale", "x"], products="Taza Sol, taza sol\nPlato,", phrasings="a las cuantas\n\n a las cuantas \n"
        "escríbanme a eva@correo.example por el taller",
    )  # fmt: skip
    assert written == Written(
        "¿Hacen talleres?", "talleres-y-visitas", "Sí.\n\nSábados.", ("home", "cart"), ("post_sale",),
        ("Taza Sol", "taza sol", "Plato"), ("a las cuantas", "escríbanme a eva@correo.example por el taller"),
        "Talleres y Visitas",
    )  # fmt: skip
    row = show(db, store, "t", written)
    assert row.meta["phrasings"] == ["a las cuantas", "escríbanme a ••• por el taller"]


@pytest.mark.parametrize("words", ['"', "\\", "---", 'a": "b', "title: x\n---", "\u2028", "<script>alert(1)</script>"])
def test_no_words_break_the_reading(words: str) -> None:
    article = read_written(Written(f"A {words}", "shop", words, phrasings=(words,)), "a", "es")
    assert article.phrasings == ((words.strip(),) if words.strip() else ())
    assert "<script" not in article.html


def test_pictures_stand_in_the_hub_and_their_words_in_the_widget() -> None:
    text = "Mira:\n\n![El «botón» <de> pagar](https://barro.example/a.png?x=1&y=2)\n\n![x](http://barro.example/b.png)"
    article = read_written(Written("A", "shop", text), "a", "es")
    assert re.findall(r"<img [^>]+>", article.html) == [
        '<img src="https://barro.example/a.png?x=1&amp;y=2" alt="El «botón» &lt;de&gt; pagar" loading="lazy">'
    ]
    tags = {node["tag"] for node in article.tree if not isinstance(node, str)}
    assert tags == {"p"} and "El «botón» <de> pagar" in article.text


def test_ids_are_made_of_titles_and_never_taken_twice() -> None:
    assert help.make_article_id("¿Cómo grabo mi nombre?", set()) == "como-grabo-mi-nombre"
    assert help.make_article_id("¿Cómo grabo mi nombre?", {"como-grabo-mi-nombre"}) == "como-grabo-mi-nombre-2"
    assert help.make_article_id("如何", {"article"}) == "article-2"
    crowded = {"article", *(f"article-{number}" for number in range(2, 2000))}
    last = help.make_article_id("如何", crowded)
    assert last.startswith("article-") and last not in crowded
    assert len(help.make_article_id("taza sol " * 30, set())) == 60


def test_a_section_keeps_the_words_that_its_writer_gave_it(db: Database, store: StoreRow) -> None:
    typed = help.clean_written(
        "¿Hay tarjeta?", "Regalos de cumpleaños", "Sí.", steps=(), phases=(), products="", phrasings=""
    )
    assert typed.section == "regalos-de-cumpleanos"
    show(db, store, "tarjeta", typed)
    assert help.section_title(read(db, store), typed.section, "es") == "Regalos de cumpleaños"
    [mine] = [one for one in help.list_sections(read(db, store), "es") if one.id == typed.section]
    assert mine.title == "Regalos de cumpleaños"
    show(db, store, "tarjeta", Written("Há cartão?", typed.section, "Sim.", section_title="Presentes"), locale="pt")
    assert [help.section_title(read(db, store), typed.section, one) for one in ("pt_BR", "es", "en")] == [
        "Presentes", "Regalos de cumpleaños", "Regalos de cumpleaños",
    ]  # fmt: skip
    later = Writer(1, MOMENT + timedelta(hours=1))
    with db.transaction(store.id) as tx:
        again = Written("¿Y vela?", typed.section, "Sí.", section_title="REGALOS DE CUMPLEAÑOS")
        help.show(tx, store.id, "vela", "es", again, 0, later)
    assert help.section_title(read(db, store), typed.section, "es") == "REGALOS DE CUMPLEAÑOS", "the newest name"


def test_the_starter_text_stays_hidden_when_own_words_are_taken_from_a_hidden_article(
    db: Database, store: StoreRow
) -> None:
    show(db, store, "how-to-return", Written("Devolver", "returns", "Escríbenos."))
    with db.transaction(store.id) as tx:
        help.hide(tx, store.id, "how-to-return", ANA)
    with db.transaction(store.id) as tx:
        row = help.get_own(tx, store.id, "how-to-return", "es")
        assert row is not None and help.take_away(tx, store.id, "how-to-return", "es", row.version, ANA)
    assert help.get_article(read(db, store), "how-to-return", "es") is None
    with db.transaction(store.id) as tx:
        assert help.bring_back(tx, store.id, "how-to-return", ANA)
    assert help.get_article(read(db, store), "how-to-return", "es").title == "¿Cómo devuelvo o cambio un producto?"


def test_a_draft_cannot_be_hidden_and_what_is_hidden_in_part_can_be_shown_again(db: Database, store: StoreRow) -> None:
    with db.transaction(store.id) as tx:
        help.save_draft(tx, store.id, "talleres", "es", WORKSHOP, 0, ANA)
        assert not help.hide(tx, store.id, "talleres", ANA)
        help.hide(tx, store.id, "gift-cards", ANA)
        assert help.hide(tx, store.id, "gift-cards", ANA), "pressed twice"
    with db.reading(store.id) as tx:
        hidden = help.get_own(tx, store.id, "gift-cards", "es")
    show(db, store, "gift-cards", Written("Bonos", "payment", "Sí."), hidden.version if hidden else 0)
    with db.reading(store.id) as tx:
        rows = help.list_own(tx, store.id)
    listed = {one.article_id: one for one in list_versions(read(db, store), rows)}
    assert listed["gift-cards"].is_hidden and listed["gift-cards"].can_be_hidden
    assert not listed["talleres"].is_hidden and not listed["talleres"].can_be_hidden


def test_what_is_written_anew_is_not_what_was_seen_before(db: Database, store: StoreRow) -> None:
    versions = set()
    for _ in range(4):
        row = show(db, store, "talleres", WORKSHOP)
        versions.add(row.version)
        with db.transaction(store.id) as tx:
            help.take_away(tx, store.id, "talleres", "es", row.version, ANA)
    assert len(versions) > 1, "or a window that saw the first would write over the last"


def test_one_empty_form_makes_one_article_also_when_both_are_at_it(db: Database, store: StoreRow) -> None:
    with db.transaction(store.id) as tx:
        help.show(tx, store.id, "talleres", "es", WORKSHOP, 0, ANA, (), "begun")
    with pytest.raises(Changed) as error, db.transaction(store.id) as tx:
        help.show(tx, store.id, "talleres-2", "es", WORKSHOP, 0, ANA, (), "begun")
    assert error.value.row.article_id == "talleres" and help.is_same(error.value.row, WORKSHOP)


def test_no_store_has_endless_articles(db: Database, store: StoreRow, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plugin.help.own_articles.MOST_ARTICLES", 2)
    for name in ("a", "b"):
        show(db, store, name, replace(WORKSHOP, title=name))
    with pytest.raises(help.TooMany):
        show(db, store, "c", WORKSHOP)
    with db.reading(store.id) as tx:
        row = help.get_own(tx, store.id, "b", "es")
    assert row is not None and show(db, store, "b", WORKSHOP, row.version).text == WORKSHOP.text


def test_what_shoppers_asked_lies_sealed_in_the_file(sqlite_url: str) -> None:
    db = make_database(sqlite_url)
    store = make_store(db, domain="barro.example")
    asked = Written("Secreto del taller", "shop", "Nadie lo lee.", phrasings=("soy alma y quiero un torno",))
    with db.transaction(store.id) as tx:
        help.save_draft(tx, store.id, "a", "es", asked, 0, ANA, [("cv_AAAAAAAAAAAA", 1)])
    show(db, store, "b", Written("Torno", "shop", "Sí.", phrasings=asked.phrasings))
    db.close()
    path = Path(sqlite_url.removeprefix("sqlite:///"))
    raw = b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*"))
    assert b"Torno" in raw, "what is shown is public anyway"
    for words in ("quiero un torno", "Secreto del taller", "Nadie lo lee", "cv_AAAAAAAAAAAA"):
        assert words.encode() not in raw, words


def test_the_platform_s_own_host_of_pictures_is_let_in(store: StoreRow) -> None:
    text = "![Horno](https://files.platform.example/s/horno.jpg?v=3)"
    given = Written("Taller", "shop", text)
    [refused] = help.check_written(given, help.picture_hosts(store))
    assert refused.code == "foreign_picture"
    assert help.check_written(given, help.picture_hosts(store, ("files.platform.example",))) == ()
