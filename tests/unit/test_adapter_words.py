"""An adapter's words: kept with what a translation needs, told in the reader's language, never a crash."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from adapters.demo import DemoAdapter
from plugin.contract import AccessRevoked, StoreAdapter, Words
from plugin.language import adapter_translator
from plugin.stores.words import LONGEST_MESSAGE, LONGEST_VALUE, MOST_WORDS, pack, pack_all, tell, tell_words

SPANISH = {
    "The shop answered {status}.": "La tienda respondió {status}.",
    "{count} webhooks are missing at {place}.": "Faltan {count} webhooks en {place}.",
    "the address {url}": "la dirección {url}",
    "Open the settings.": "Abre los ajustes.",
    "A broken {blank}.": "Un {nothing} roto {",
    "Half of {it}.": "La mitad de {it.__class__}.",
}


@pytest.fixture
def adapter(tmp_path: Path) -> Iterator[type[StoreAdapter]]:
    catalogue = Catalog(locale="es", domain="demo", charset="utf-8", fuzzy=False)
    for message, words in SPANISH.items():
        catalogue.add(message, words)
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "demo.mo").write_bytes(import_module("plugin.locales.__main__").compile_catalogue(catalogue))
    yield type("Spoken", (DemoAdapter,), {"catalogues": str(tmp_path)})
    adapter_translator.cache_clear()


def test_words_are_kept_and_told_in_the_reader_s_language(adapter: type[StoreAdapter]) -> None:
    packed = pack(Words("The shop answered {status}.", status=503))
    assert tell(packed, adapter, "es_CO") == "La tienda respondió 503."
    assert tell(packed, adapter, "en") == tell(packed, None, "es") == "The shop answered 503."
    assert tell(packed, adapter, "pt") == "The shop answered 503.", "no catalogue: English"


def test_words_within_words_are_told_too(adapter: type[StoreAdapter]) -> None:
    words = Words(
        "{count} webhooks are missing at {place}.", count=2, place=Words("the address {url}", url="https://a.example")
    )
    assert tell(pack(words), adapter, "es") == "Faltan 2 webhooks en la dirección https://a.example."
    assert tell_words(words, adapter, "es") == tell(pack(words), adapter, "es")
    assert tell(pack(words), adapter, "en") == str(words)


def test_several_things_are_told_after_each_other(adapter: type[StoreAdapter]) -> None:
    packed = pack_all((Words("The shop answered {status}.", status=1), "", Words("Open the settings."), "Plain."))
    assert tell(packed, adapter, "es") == "La tienda respondió 1. Abre los ajustes. Plain."
    assert pack_all(()) == pack_all(("",)) == pack("") == ""
    assert tell("", adapter, "es") == tell(None, adapter, "es") == ""


@pytest.mark.parametrize("old", [
    "A plain sentence.", "{not json", '{"other": 1}', "[1, 2]", "[]", '{"m": 1}', '{"m": "x", "v": 3}', "[[]]",
])  # fmt: skip
def test_what_an_older_version_wrote_plainly_is_told_as_it_is(old: str, adapter: type[StoreAdapter]) -> None:
    assert tell(old, adapter, "es") == old


@pytest.mark.parametrize("said", ["{0.__class__}", "{status}", "100 % {", '{"m": "x"}', "Abre {los} ajustes"])
def test_braces_of_a_plain_sentence_are_only_braces(said: str, adapter: type[StoreAdapter]) -> None:
    assert tell(pack(said), adapter, "es") == tell_words(said, adapter, "es") == said
    framed = Words("The shop answered {status}.", status=said)
    assert tell(pack(framed), adapter, "es") == f"La tienda respondió {said}."


@pytest.mark.parametrize(("words", "english"), [
    (Words("A broken {blank}.", blank="x"), "A broken x."), (Words("Half of {it}.", it=3), "Half of 3."),
])  # fmt: skip
def test_a_broken_blank_in_a_catalogue_gives_english(
    words: Words, english: str, adapter: type[StoreAdapter]
) -> None:
    assert tell(pack(words), adapter, "es") == english


def test_a_catalogue_that_cannot_be_read_gives_english(tmp_path: Path) -> None:
    folder = tmp_path / "es" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    for name, content in (("torn", b"\xde\x12\x04\x95"), ("strange", b"not a catalogue at all, at all")):
        (folder / f"{name}.mo").write_bytes(content)
        assert adapter_translator(str(tmp_path), name, "es").gettext("Open") == "Open"


def test_a_column_stays_short_however_much_a_platform_says(adapter: type[StoreAdapter]) -> None:
    long = Words("The shop answered {status}.", status="x" * 9000)
    assert tell(pack(long), adapter, "es") == f"La tienda respondió {'x' * LONGEST_VALUE}."
    assert len(tell(pack("y" * 9000), adapter, "es")) == LONGEST_MESSAGE
    assert len(tell(pack_all(["z"] * 100), adapter, "es")) == 2 * MOST_WORDS - 1


def test_an_error_keeps_the_words_it_was_raised_with(adapter: type[StoreAdapter]) -> None:
    error = AccessRevoked(Words("The shop answered {status}.", status=401))
    assert tell(pack(error.words), adapter, "es") == "La tienda respondió 401."
    assert "let" in tell(pack(AccessRevoked().words), adapter, "es")
