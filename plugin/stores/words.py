"""An adapter's words for the merchant, kept in a column and told in the reader's language.

The column keeps what a translation needs: ``{"m": message, "v": {name: value}}`` as JSON, a list of these where
several things are to be told. A value is a string, a number or such an object again. Text that an older version wrote
plainly is told as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from string import Formatter
from typing import Any

from plugin.contract import StoreAdapter, Words
from plugin.language import Translator, adapter_translator

LONGEST_MESSAGE = 2000
LONGEST_VALUE = 1000
MOST_WORDS = 20
_DEEPEST = 5


def pack(words: str) -> str:
    """The text for a column; '' for no words. What is told may be `Words` or a plain sentence."""
    return _write(_take_apart(words)) if words else ""


def pack_all(several: Sequence[str]) -> str:
    """The text for one column that tells several things after each other; '' for none."""
    parts = [_take_apart(one) for one in several[:MOST_WORDS] if one]
    return _write(parts) if parts else ""


def tell(packed: str | None, adapter: StoreAdapter | type[StoreAdapter] | None, locale: str) -> str:
    """What a column keeps, in the reader's language; English where the adapter has no words for it. `adapter`: None
    when it is not installed (any more)."""
    if not packed:
        return ""
    parts = _read(packed)
    if parts is None:
        return packed
    translator = _translator_of(adapter, locale)
    return " ".join(_tell_part(one, translator) for one in parts)


def tell_words(words: str, adapter: StoreAdapter | type[StoreAdapter] | None, locale: str) -> str:
    """`Words` as an adapter just gave them, in the reader's language; a plain sentence is looked up too."""
    return _tell_part(_take_apart(words, whole=True), _translator_of(adapter, locale)) if words else ""


def _translator_of(adapter: StoreAdapter | type[StoreAdapter] | None, locale: str) -> Translator | None:
    return adapter_translator(adapter.catalogues, adapter.name, locale) if adapter is not None else None


def _take_apart(words: str, depth: int = 0, *, whole: bool = False) -> dict[str, Any]:
    message = words.message if isinstance(words, Words) else str(words)
    if not isinstance(words, Words) or not words.values or depth >= _DEEPEST:
        text = message if isinstance(words, Words) and not words.values else str(words)
        return {"m": text if whole else text[:LONGEST_MESSAGE]}
    return {"m": message, "v": {name: _take_value(value, depth, whole) for name, value in words.values.items()}}


def _take_value(value: str | int, depth: int, whole: bool) -> Any:
    if isinstance(value, Words):
        return _take_apart(value, depth + 1, whole=whole)
    if isinstance(value, str):
        return str(value) if whole else value[:LONGEST_VALUE]
    return value


def _write(found: Any) -> str:
    return json.dumps(found, ensure_ascii=False, separators=(",", ":"))


def _read(packed: str) -> list[Mapping[str, Any]] | None:
    """What was packed, or None for a text that never was."""
    if packed[:1] not in "{[":
        return None
    try:
        found = json.loads(packed)
    except ValueError:
        return None
    parts = found if isinstance(found, list) else [found]
    return parts if parts and all(_is_packed(one) for one in parts) else None


def _is_packed(found: Any) -> bool:
    return isinstance(found, dict) and isinstance(found.get("m"), str) and isinstance(found.get("v", {}), dict)


def _tell_part(part: Mapping[str, Any], translator: Translator | None) -> str:
    message, values = str(part["m"]), part.get("v") or {}
    told = {name: _tell_part(one, translator) if _is_packed(one) else one for name, one in values.items()}
    if translator is not None and message:
        translated = translator.gettext(message)
        if not values or _blanks(translated) == _blanks(message):
            return _fill(translated, told)
    return _fill(message, told)


def _blanks(message: str) -> frozenset[str] | None:
    """The names a message leaves blank; None where it cannot be read."""
    try:
        return frozenset(name for _, name, _, _ in Formatter().parse(message) if name is not None)
    except ValueError:
        return None


def _is_plain(message: str) -> bool:
    """Whether its blanks are bare names. Others (``{x.y}``, ``{x:>999999999}``) are no adapter's words but somebody
    else's text that came to stand in a column."""
    try:
        blanks = [part for part in Formatter().parse(message) if part[1] is not None]
    except ValueError:
        return False
    return all(name and name.isidentifier() and not spec and not turn for _, name, spec, turn in blanks)


def _fill(message: str, values: Mapping[str, str | int]) -> str:
    """The message with its values, as `Words` fills it. A message without values is no pattern: braces in it are
    braces. So are those of one whose blanks nobody gave."""
    if not values or not _is_plain(message):
        return message
    try:
        return message.format(**values)
    except (KeyError, IndexError, ValueError, AttributeError, TypeError):
        return message
