"""Text brought to one form of letters."""

from __future__ import annotations

import re
import unicodedata

_APOSTROPHES = re.compile(r"['’´`]")
_LONG = re.compile(r"(.)\1{2,}")


class _Marks(dict[int, int | None]):
    """What `str.translate` takes away: accents that stand alone, and signs without a shape."""

    def __missing__(self, code: int) -> int | None:
        sign = chr(code)
        kept = None if unicodedata.combining(sign) or unicodedata.category(sign) == "Cf" else code
        if code < 0x3000:
            self[code] = kept
        return kept


_MARKS = _Marks()


def fold(text: str) -> str:
    """Lower case without accents, zero-width signs or apostrophes; three equal letters or more become one."""
    if text.isascii():
        plain = text.lower()
    else:
        plain = unicodedata.normalize("NFKD", text).casefold().translate(_MARKS)
    plain = _APOSTROPHES.sub("", plain)
    return _LONG.sub(r"\1", plain)
