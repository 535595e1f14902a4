"""Column types: aware UTC times and text that is encrypted at rest.

`Vault` encrypts with the newest of several keys (Fernet: AES-128-CBC with HMAC) and makes blind indexes:
keyed hashes by which one can look up what one cannot read. It hangs on the engine's dialect, so that two
databases with different keys live in one process.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import zlib
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import DateTime, LargeBinary
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class WrongKey(Exception):
    """A value could not be opened: the keys in the settings are not those it was written with."""


class Vault:
    """Encrypts, opens and indexes. `keys`: Fernet keys, newest first; `index_key`: stable for ever."""

    def __init__(self, keys: Sequence[str], index_key: str) -> None:
        self._fernet = MultiFernet([Fernet(key) for key in keys])
        self._index_key = index_key.encode()

    def seal(self, plain: bytes) -> bytes:
        """Compressed (when that pays) and encrypted."""
        packed = zlib.compress(plain, 1) if len(plain) > 256 else plain
        return self._fernet.encrypt(packed if packed[:1] == b"\x78" and len(plain) > 256 else b"\x00" + plain)

    def open(self, sealed: bytes) -> bytes:
        """The plain bytes. Raises `WrongKey`."""
        try:
            packed = self._fernet.decrypt(sealed)
        except InvalidToken:
            raise WrongKey("The data was encrypted with other keys: restore MOSTRADOR_SECRET_KEYS.") from None
        return packed[1:] if packed[:1] == b"\x00" else zlib.decompress(packed)

    def index(self, purpose: str, value: str) -> str:
        """A blind index: 32 hex digits, equal for equal (purpose, value)."""
        message = f"{purpose}\x00{value}".encode()
        return hmac.new(self._index_key, message, hashlib.sha256).hexdigest()[:32]


def attach_vault(dialect: Dialect, vault: Vault) -> None:
    """Gives an engine's columns their keys."""
    dialect.mostrador_vault = vault  # type: ignore[attr-defined]


class EncryptedText(TypeDecorator[str]):
    """Text, encrypted at rest; NULL stays NULL."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        vault: Vault = dialect.mostrador_vault  # type: ignore[attr-defined]
        return None if value is None else vault.seal(value.encode())

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        vault: Vault = dialect.mostrador_vault  # type: ignore[attr-defined]
        return None if value is None else vault.open(bytes(value)).decode()


class EncryptedJson(EncryptedText):
    """What JSON can say, encrypted at rest; None becomes NULL. A change inside it is not seen: set it anew."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> bytes | None:
        return super().process_bind_param(None if value is None else json.dumps(value, ensure_ascii=False), dialect)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        plain = super().process_result_value(value, dialect)
        return None if plain is None else json.loads(plain)


class EncryptedBytes(TypeDecorator[bytes]):
    """Bytes, encrypted at rest; NULL stays NULL."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: bytes | None, dialect: Dialect) -> bytes | None:
        vault: Vault = dialect.mostrador_vault  # type: ignore[attr-defined]
        return None if value is None else vault.seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> bytes | None:
        vault: Vault = dialect.mostrador_vault  # type: ignore[attr-defined]
        return None if value is None else vault.open(bytes(value))


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC time on every database; a time without zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A time without zone cannot be stored.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)
