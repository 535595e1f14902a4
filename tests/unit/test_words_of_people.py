"""Plain functions that take whatever people write: they end, they raise only what they say, and they lose nothing."""

from __future__ import annotations

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from plugin import help
from plugin.care import Agent, ConversationRow, MacroRow, topic_words
from plugin.care.macros import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    PLACEHOLDERS,
    UnwantedMacro,
    check_macro,
    fill_macro,
    find_left,
)
from plugin.care.search import LINE, STEM, compose, mark_line, read_typed, split_words
from plugin.care.topics import TOPICS, guess_topic
from plugin.help.written import check_written, make_slug, mask_written, pack_written, unpack_written
from plugin.language import LOCALES
from plugin.stores import StoreRow

WORDS = some.text(max_size=200) | some.text("{}name order¿?<>&\n\0\u0301\u200b aeiouáéß1@.-", max_size=200)
STORE = StoreRow(
    name="Barro y Sol", sender_name="", locale="es", time_zone="America/Bogota", domain="a.example"
)


# Ready answers


@given(WORDS, WORDS)
@example("t", "{name}{order}")
@example("t", "{{name}}")
def test_a_macro_is_refused_in_words_or_kept_so_that_it_is_kept_again_the_same(title: str, text: str) -> None:
    try:
        kept = check_macro(title, {"es": text})
    except UnwantedMacro as error:
        assert error.code in ("title", "long_title", "text", "long_text", "placeholder")
        return
    assert check_macro(*kept) == kept
    assert 0 < len(kept[0]) <= LONGEST_TITLE and 0 < len(kept[1]["es"]) <= LONGEST_TEXT
    assert "\0" not in kept[0] + kept[1]["es"] and len(kept[0].splitlines()) == 1


PARTS = some.sampled_from(["{agent}", "{store}", "{name}", "{order}", "{otro}", "{", "}", "{{", " x ", "\n"])


@given(some.lists(PARTS, max_size=12).map("".join), WORDS)
@example("{agent}{name}", "{name}{agent}")
def test_a_draft_takes_values_as_they_are_and_names_all_that_is_missing(text: str, agent: str) -> None:
    """What an agent is called is put in and read no further, whatever stands in it."""
    talk = ConversationRow(locale="es", writer_name=None)
    draft = fill_macro(MacroRow(title="t", texts={"es": text}), STORE, talk, None, Agent(1, agent))
    marked = draft.text if not agent else fill_macro(
        MacroRow(title="t", texts={"es": text}), STORE, talk, None, Agent(1, "\x01")
    ).text.replace("\x01", agent)  # fmt: skip
    assert draft.text == marked
    left = [one for one in re.findall(r"\{([^{}\n]{0,60})\}", text) if one not in ("agent", "store") or
            one == "agent" and not agent]  # fmt: skip
    assert draft.missing == tuple(dict.fromkeys(left))
    assert set(find_left(text)) >= {f"{{{one}}}" for one in draft.missing if one in PLACEHOLDERS}


# Finding by words


@given(WORDS)
def test_every_word_of_a_text_is_found_by_itself_and_by_its_beginning(text: str) -> None:
    text = compose(text)
    for word, start, end in split_words(text)[:12]:
        assert word in read_typed(text[start:end])
        for typed in (word, word[:STEM], word[: STEM + 1]):
            line = mark_line(text, (typed,))
            assert any(piece.marked for piece in line)
            assert sum(len(piece.text) for piece in line) <= LINE + 2


@given(WORDS, some.lists(WORDS, max_size=4))
def test_a_found_line_is_a_part_of_what_was_said(text: str, typed: list[str]) -> None:
    said = " ".join(text.split())
    pieces = mark_line(text, read_typed(" ".join(typed)))
    assert "".join(piece.text for piece in pieces).strip("…") in said


@given(WORDS)
def test_two_spellings_of_a_word_are_one(text: str) -> None:
    for again in (unicodedata.normalize("NFD", text), unicodedata.normalize("NFC", text)):
        assert read_typed(again[:80]) == read_typed(compose(again[:80]))


# Articles


@given(WORDS, some.sets(some.sampled_from(["article", "a", "a-2", "order", "taza"])))
def test_an_article_s_id_stands_in_addresses_and_is_nobody_else_s(title: str, taken: set[str]) -> None:
    made = help.make_article_id(title, taken)
    assert made not in taken and 0 < len(made) <= 60
    assert set(made) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") and made.strip("-") == made
    assert make_slug(make_slug(title)) == make_slug(title)


@given(WORDS, WORDS, WORDS, WORDS)
@example("t", "shop", "[a](javascript:x)\n\n![a](https://b.example/)", "¿a?")
def test_what_was_written_is_told_its_faults_and_is_kept_as_it_was(
    title: str, section: str, text: str, phrasings: str
) -> None:
    given_ = {"steps": ["cart"], "phases": [], "products": phrasings, "phrasings": phrasings}
    written = help.clean_written(title, section, text, **given_)
    assert unpack_written(pack_written(written)) == written
    assert mask_written(mask_written(written)) == mask_written(written)
    faults = check_written(written, frozenset(("a.example",)))
    assert all(
        fault.line <= text.count("\n") + text.count("\r") + 1 or fault.field == "phrasings"
        for fault in faults
    )
    if not faults:
        article = help.read_written(written, "a", "es")
        assert (article.title, article.section) == (written.title, written.section)


# Topics


@given(WORDS, some.sampled_from(LOCALES))
def test_a_talk_is_about_one_of_the_topics_or_none(text: str, locale: str) -> None:
    assert guess_topic([text], locale) in ("", *TOPICS)


@pytest.mark.parametrize("locale", LOCALES)
def test_no_pattern_of_a_topic_has_a_gap_without_bounds(locale: str) -> None:
    """Such a one looks through the rest of a text again from every place where it may begin."""
    for words in (topic_words.WHERE, topic_words.COMPLAINT, topic_words.PRAISE, topic_words.ASKS):
        assert re.search(r"(?<!\\)\.[*+]|\)[*+]|\\[WsS][*+]", words[locale]) is None
