"""Every sentence of the adapter for a merchant exists in Spanish and Portuguese, with the same values in it."""

from __future__ import annotations

import ast
import importlib
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from adapters.woocommerce import WooCommerceAdapter
from plugin.language import adapter_translator

FOLDER = Path(WooCommerceAdapter.catalogues).parent
VALUE = re.compile(r"\{\w+\}")


def list_messages() -> set[str]:
    """The first argument of each ``Words(...)``: a text, or a name of the module that holds one."""
    found: set[str] = set()
    for path in sorted(FOLDER.glob("*.py")):
        module = importlib.import_module("adapters.woocommerce" + ("" if path.stem == "__init__" else f".{path.stem}"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Words" and node.args:
                argument = node.args[0]
                for part in (argument.body, argument.orelse) if isinstance(argument, ast.IfExp) else (argument,):
                    if isinstance(part, ast.Constant):
                        found.add(part.value)
                    elif isinstance(value := getattr(module, getattr(part, "id", ""), None), str):
                        found.add(str(value))
    return found


def read_catalogue(language: str):
    with (FOLDER / "locales" / language / "LC_MESSAGES" / "woocommerce.po").open("rb") as file:
        return read_po(file, locale=language)


@pytest.mark.parametrize("language", ["es", "pt"])
def test_every_sentence_is_translated_with_the_same_values(language):
    catalogue = read_catalogue(language)
    messages = list_messages()
    assert len(messages) > 100
    translated = {message: catalogue.get(message) for message in messages}
    assert sorted(message for message, entry in translated.items() if entry is None or not entry.string) == []
    for message, entry in translated.items():
        assert sorted(VALUE.findall(entry.string)) == sorted(VALUE.findall(message)), message


@pytest.mark.parametrize("language", ["es", "pt"])
def test_what_is_compiled_is_what_is_written(language):
    told = adapter_translator(WooCommerceAdapter.catalogues, WooCommerceAdapter.name, language)
    for entry in read_catalogue(language):
        if entry.id:
            assert told.gettext(entry.id) == entry.string


def test_spanish_speaks_to_the_merchant_as_tu_and_without_voseo():
    text = " ".join(entry.string for entry in read_catalogue("es") if entry.id)
    assert not re.search(r"\b(vos|usted|ustedes|podés|tenés|querés|hacé|abrí|elegí|pulsá)\b", text, re.IGNORECASE)
