"""Builders for tests: plain functions, sensible defaults, everything by keyword."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import JSON, insert, inspect
from sqlalchemy.types import TypeDecorator

from plugin.contract import (
    Money,
    Order,
    OrderLine,
    OrderStatus,
    PaymentStatus,
    Refund,
    Shipment,
    ShipmentStatus,
    StoreAccess,
)
from plugin.database import ALL, Base, Database, EncryptedJson, EncryptedText, Vault
from plugin.settings import PREFIX, Settings, fresh_keys, load_settings
from plugin.stores import StoreRow, connect

MOMENT = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
"""When the stories of tests begin."""


def make_settings(database_url: str, **values: Any) -> Settings:
    """Settings with fresh keys; values by setting name in lower case."""
    given = {PREFIX + name.upper(): str(value) for name, value in values.items()}
    return load_settings(environment=fresh_keys() | {PREFIX + "DATABASE_URL": database_url} | given)


def make_database(database_url: str) -> Database:
    """A migrated database opened with fresh keys."""
    keys = fresh_keys()
    return Database(database_url, Vault([keys[PREFIX + "SECRET_KEYS"]], keys[PREFIX + "INDEX_KEY"]))


def make_store(
    db: Database, *, connected_at: datetime = MOMENT - timedelta(days=1), **values: Any
) -> StoreRow:
    """A connected store, live, with `mail_mode=all`; further columns by keyword."""
    platform, domain = values.pop("platform", "woocommerce"), values.pop("domain", "shop.example")
    secret = values.pop("webhook_secret", "a-webhook-secret")
    credentials = values.pop("credentials", {})
    with db.transaction(ALL, "a store for a test") as tx:
        access = StoreAccess(
            domain=domain, name="Barro y Sol", credentials=credentials, locale="es", currency="EUR"
        )
        row = connect(tx, platform, access, connected_at, webhook_secret=secret)
        row.live_at, row.mail_mode = connected_at, "all"
        for name, value in values.items():
            setattr(row, name, value)
        tx.flush()
        return row


def make_money(amount: str | int = "25.00", currency: str = "EUR") -> Money:
    return Money(amount=Decimal(str(amount)), currency=currency)


def make_order(**values: Any) -> Order:
    """A placed order of two cups, paid by card, modified when it was made."""
    created_at = values.pop("created_at", MOMENT)
    defaults: dict[str, Any] = {
        "external_id": "1001",
        "number": "1001",
        "status": OrderStatus.pending,
        "raw_status": "pending",
        "payment_status": PaymentStatus.unpaid,
        "created_at": created_at,
        "modified_at": created_at,
        "total": make_money(),
        "email": "alma@example.com",
        "customer_name": "Alma Ruiz",
        "country": "ES",
        "lines": (OrderLine(external_id="1", name="Taza", quantity=2, total=make_money("25.00")),),
    }
    return Order(**(defaults | values))


def make_shipment(**values: Any) -> Shipment:
    """A parcel on its way with a number."""
    defaults: dict[str, Any] = {
        "status": ShipmentStatus.in_transit,
        "external_id": "p1",
        "tracking_number": "ES123",
        "carrier": "Correos",
    }
    return Shipment(**(defaults | values))


def make_refund(external_id: str = "r1", amount: str = "5.00", **values: Any) -> Refund:
    return Refund(external_id=external_id, amount=make_money(amount), **values)


def fill_every_table(db: Database, store_id: int) -> None:
    """One row in every table, whatever its columns: for tests that must forget no table."""
    given: dict[str, int] = {"stores": store_id}
    with db.transaction(ALL, "a row in every table") as tx:
        for table in Base.metadata.sorted_tables:
            if table.name == "stores":
                continue
            values: dict[str, Any] = {}
            for column in table.columns:
                if column.primary_key and column.autoincrement is not False and not column.foreign_keys:
                    continue
                values[column.name] = _example(column, store_id, given)
            row: Any = tx.execute(insert(table).values(values))
            key = inspect(table).primary_key.columns.values()[0]
            given[table.name] = row.inserted_primary_key[0] if row.inserted_primary_key else values[key.name]


def _example(column: Any, store_id: int, given: dict[str, int]) -> Any:
    if column.name in ("store_id", "store"):
        return store_id
    for key in column.foreign_keys:
        if key.column.table is not column.table:
            return given[key.column.table.name]
    if column.nullable:
        return None
    if isinstance(column.type, JSON | EncryptedJson):
        return {}
    if isinstance(column.type, EncryptedText):
        return f"x{column.name}"
    plain = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    kind = plain.python_type
    examples: dict[type, Any] = {
        str: f"x{column.name}",
        bytes: b"x",
        int: 1,
        bool: False,
        float: 1.0,
        datetime: MOMENT,
    }
    return examples[kind]
