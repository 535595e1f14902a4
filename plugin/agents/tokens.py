"""Random tokens, handed out once and kept as hashes."""

from __future__ import annotations

import hashlib
import re
import secrets

BYTES = 24
"""192 bits."""
_SHAPE = re.compile(r"[A-Za-z0-9_-]{32}")


def mint_token() -> str:
    """A token as it goes out: 32 signs that need no escaping anywhere."""
    return secrets.token_urlsafe(BYTES)


def hash_token(token: str) -> str | None:
    """What is kept of a token; None for what cannot be one, so that nothing else ever reaches a look-up."""
    return hashlib.sha256(token.encode()).hexdigest() if _SHAPE.fullmatch(token) else None
