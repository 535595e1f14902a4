"""The database room: engine, transactions, column types, migrations."""

from plugin.database.engine import ALL, All, Database, Transaction, after_commit
from plugin.database.guard import Unscoped
from plugin.database.migrate import check_migrated, migrate
from plugin.database.prepared import Prepared, write_later
from plugin.database.tables import Base, Scoped, own_key, parent
from plugin.database.types import EncryptedBytes, EncryptedJson, EncryptedText, UTCDateTime, Vault, WrongKey

__all__ = [
    "ALL",
    "All",
    "Base",
    "Database",
    "EncryptedBytes",
    "EncryptedJson",
    "EncryptedText",
    "Prepared",
    "Scoped",
    "Transaction",
    "UTCDateTime",
    "Unscoped",
    "Vault",
    "WrongKey",
    "after_commit",
    "check_migrated",
    "migrate",
    "own_key",
    "parent",
    "write_later",
]
