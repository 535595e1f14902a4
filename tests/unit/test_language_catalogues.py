"""The catalogues: complete, compiled, and with the same blanks to fill in every language."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pytest
from babel.messages.catalog import Message

from plugin.contract import StoreAdapter
from plugin.language import CATALOGUES, DOMAINS, LOCALES, adapter_translator, translator
from plugin.registry import find_installed, load_class

catalogues = import_module("plugin.locales.__main__")
KEPT = sorted(
    (path.parent.parent.name, path.stem)
    for folder in (CATALOGUES, *(catalogues.ADAPTERS / name / "locales" for name in catalogues.list_adapters()))
    for path in folder.glob("*/LC_MESSAGES/*.po")
)


def _texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, (tuple, list)) else [message.string]


def _blanks(text: str) -> set[str]:
    return set(re.findall(r"\{(\w*)\}", text))


def test_spanish_and_portuguese_have_the_same_domains() -> None:
    assert ("es", "notices") in KEPT
    assert {domain for language, domain in KEPT if language == "es"} == {
        domain for language, domain in KEPT if language == "pt"
    }
    assert {language for language, _ in KEPT} <= set(LOCALES)
    assert {domain for _, domain in KEPT} <= {*DOMAINS, *catalogues.list_adapters()}


def test_every_adapter_with_words_for_merchants_has_catalogues_where_it_says() -> None:
    for name in ("demo", "woocommerce"):
        kind = find_adapter_class(name)
        spoken = len(catalogues.collect_words(name)) > 0
        assert spoken is bool(kind.catalogues), name
        assert spoken is (("es", name) in KEPT) is (("pt", name) in KEPT), name
        assert not spoken or Path(kind.catalogues) == catalogues.ADAPTERS / name / "locales"


def find_adapter_class(name: str) -> type[StoreAdapter]:
    [source] = [one for one in find_installed() if one.name == name]
    return load_class(source)


def test_no_adapter_is_a_domain_of_the_app() -> None:
    assert not set(catalogues.list_adapters()) & DOMAINS.keys()


@pytest.mark.parametrize(("language", "domain"), KEPT)
def test_every_message_of_the_source_is_translated_and_sure(language: str, domain: str) -> None:
    catalogue = catalogues.read_catalogue(language, domain)
    kept = {(message.id, message.context): message for message in catalogue if message.id}
    wanted = {(message.id, message.context) for message in catalogues.collect_words(domain) if message.id}
    assert wanted and set(kept) == wanted
    assert [message.id for message in kept.values() if message.fuzzy or not all(_texts(message))] == []


@pytest.mark.parametrize(("language", "domain"), KEPT)
def test_a_translation_has_the_blanks_of_its_message(language: str, domain: str) -> None:
    for message in catalogues.read_catalogue(language, domain):
        source = message.id[-1] if isinstance(message.id, (tuple, list)) else message.id
        for text in _texts(message) if source else ():
            assert _blanks(text) == _blanks(source), source


@pytest.mark.parametrize(("language", "domain"), KEPT)
def test_the_compiled_catalogue_is_the_kept_one(language: str, domain: str) -> None:
    compiled = catalogues.compile_catalogue(catalogues.read_catalogue(language, domain))
    assert catalogues.find_catalogue(language, domain, ".mo").read_bytes() == compiled


def test_a_reader_gets_the_words_of_their_language() -> None:
    said = [translator(locale, "notices").gettext("We have your order") for locale in ("es_CO", "pt_PT", "en_GB", "de")]
    assert said == ["Ya tenemos tu pedido", "Recebemos seu pedido", "We have your order", "We have your order"]
    plural = translator("es", "notices").ngettext("{count} more parcel", "{count} more parcels", 2)
    assert plural == "{count} paquetes más"


def test_an_unknown_domain_is_named() -> None:
    with pytest.raises(ValueError, match="no domain of words called 'weather'"):
        translator("es", "weather")


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert catalogues.main(["translate"]) == 2
    assert "update|compile" in capsys.readouterr().out


def test_an_adapter_s_words_are_collected_from_its_source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "toy"
    (package / "locales").mkdir(parents=True)
    (package / "deep").mkdir()
    source = 'a = Words("One {thing}.", thing=_("no"))\nb = Words(\n    "Two "\n    "lines."\n)\nc = Word("No.")\n'
    (package / "deep" / "words.py").write_text(source, "utf-8")
    monkeypatch.setattr(catalogues, "ADAPTERS", tmp_path)
    assert catalogues.list_adapters() == ("toy",)
    assert {message.id for message in catalogues.collect_words("toy") if message.id} == {"One {thing}.", "Two lines."}
    assert catalogues.main(["update", "toy"]) == 0
    kept = sorted(path.relative_to(package / "locales").as_posix() for path in package.rglob("*.[pm]o"))
    assert kept == [f"{language}/LC_MESSAGES/toy.{kind}" for language in ("es", "pt") for kind in ("mo", "po")]
    po = package / "locales/es/LC_MESSAGES/toy.po"
    empty, filled = 'msgid "Two lines."\nmsgstr ""', 'msgid "Two lines."\nmsgstr "Dos."'
    po.write_text(po.read_text("utf-8").replace(empty, filled), "utf-8")
    assert catalogues.main(["update", "toy"]) == 0
    before = {path: path.read_bytes() for path in package.rglob("*.[pm]o")}
    assert catalogues.main(["update", "toy"]) == 0
    assert {path: path.read_bytes() for path in package.rglob("*.[pm]o")} == before
    assert adapter_translator(str(package / "locales"), "toy", "es_CO").gettext("Two lines.") == "Dos."


def test_updating_changes_no_file_of_a_complete_catalogue() -> None:
    before = {path: path.read_bytes() for path in _notices()}
    assert catalogues.main(["update", "notices"]) == 0
    assert {path: path.read_bytes() for path in _notices()} == before


def _notices() -> list[Path]:
    return sorted(CATALOGUES.glob("*/LC_MESSAGES/notices.*"))
