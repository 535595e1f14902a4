"""What a page says about itself and its shopper, as far as we take it: the page's script may be anybody's."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit, urlunsplit

from plugin import care
from plugin.care.desk import BASKET
from plugin.stores import StoreRow
from plugin.web.doors import doors
from plugin.web.widget_blueprint import STEPS

LONGEST_WORD, MOST_TURNS = 32, 5
_RUNS = re.compile(r"[A-Za-z0-9]{16,}")
_TURNS = re.compile(r"(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])")
_BEFORE_KEYS = frozenset(
    "activar activate activation confirm confirmar forgot-password invitation invite login lost-password magic-link"
    " password recover recovery recuperar reset reset-password restablecer token unsubscribe verificar verify".split()
)


def plain_steps(steps: Iterable[str] | None) -> tuple[str, ...]:
    """The steps that there are, each once."""
    return tuple(dict.fromkeys(step for step in steps or () if step in STEPS))


def plain_page(page: str | None) -> str | None:
    """The page without what may be secret in it: query, fragment, user, and the path from where a key stands in it, as
    in ``/account/reset/7/3f9c2b7e51d84a06``. None for anything but a web page."""
    try:
        parts = urlsplit(page or "")
        host = parts.netloc.rpartition("@")[2]
        if parts.scheme in ("http", "https") and parts.hostname:
            return urlunsplit((parts.scheme, host, _leave_keys_out(parts.path), "", ""))[:2000]
    except ValueError:
        return None
    return None


def _leave_keys_out(path: str) -> str:
    kept: list[str] = []
    for segment in path.partition(";")[0].split("/"):
        follows = bool(kept) and kept[-1].lower().replace("_", "-") in _BEFORE_KEYS
        if follows or any(map(_is_key, _RUNS.findall(segment))):
            break
        kept.append(segment)
    return "/".join(kept)


def _is_key(run: str) -> bool:
    """Whether letters and digits take turns as in no word or product."""
    return len(run) >= LONGEST_WORD or len(_TURNS.findall(run)) >= MOST_TURNS


def plain_basket(basket: str | None) -> str | None:
    """An amount and its currency, or None for anything else."""
    return basket if basket and BASKET.fullmatch(basket) else None


def read_proof(row: StoreRow, proof: str | None) -> care.Proven:
    """What the platform's proof proves; nothing while the platform is away: the message counts, not the order."""
    try:
        return care.read_proof(doors().care, row, proof)
    except care.PlatformAway:
        return care.Proven(None, "", "")
