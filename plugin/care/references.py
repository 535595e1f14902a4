"""What a message sent by the form is called, in mails and on the phone: ``M-`` and six signs."""

from __future__ import annotations

import hashlib
import secrets

SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without those that are mistaken for others."""
LENGTH = 6


def mint_reference() -> str:
    """A random one; the column is unique, so whoever meets one that is taken tries again."""
    return "M-" + "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def sham_reference(key: str) -> str:
    """One that stands for nothing, the same for the same key."""
    digest = hashlib.sha256(key.encode("utf-8", "replace")).digest()
    return "M-" + "".join(SIGNS[byte % len(SIGNS)] for byte in digest[:LENGTH])
