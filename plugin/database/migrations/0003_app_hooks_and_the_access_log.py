"""app hooks, expiring access and the access log"""

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erasure_receipts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("domain", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure_receipts")),
        sa.UniqueConstraint("public_id", name=op.f("uq_erasure_receipts_public_id")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "accesses",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("agent", sa.LargeBinary(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("subject_index", sa.String(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_accesses_agent_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_accesses_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accesses")),
        sa.UniqueConstraint("id", "store_id", name=op.f("uq_accesses_id_store_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("accesses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_accesses_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index("ix_accesses_store_id_at", ["store_id", "at"], unique=False)

    with op.batch_alter_table("privacy_requests", schema=None) as batch_op:
        batch_op.add_column(sa.Column("public_id", sa.String(), nullable=True))

    requests = sa.table("privacy_requests", sa.column("id", sa.Integer), sa.column("public_id", sa.String))
    for (row_id,) in op.get_bind().execute(sa.select(requests.c.id)).all():
        named = (
            requests.update()
            .where(requests.c.id == row_id)
            .values(public_id="pr_" + secrets.token_urlsafe(12))
        )
        op.get_bind().execute(named)

    with op.batch_alter_table("privacy_requests", schema=None) as batch_op:
        batch_op.alter_column("public_id", existing_type=sa.String(), nullable=False)
        batch_op.create_unique_constraint(batch_op.f("uq_privacy_requests_public_id"), ["public_id"])

    with op.batch_alter_table("stores", schema=None) as batch_op:
        batch_op.add_column(sa.Column("access_expires_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("refresh_before", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("refresh_claimed_until", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("uninstalled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("kept", sa.JSON(), server_default="{}", nullable=False))
        batch_op.create_index(batch_op.f("ix_stores_refresh_before"), ["refresh_before"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("stores", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stores_refresh_before"))
        batch_op.drop_column("kept")
        batch_op.drop_column("uninstalled_at")
        batch_op.drop_column("refresh_claimed_until")
        batch_op.drop_column("refresh_before")
        batch_op.drop_column("access_expires_at")

    with op.batch_alter_table("privacy_requests", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_privacy_requests_public_id"), type_="unique")
        batch_op.drop_column("public_id")

    with op.batch_alter_table("accesses", schema=None) as batch_op:
        batch_op.drop_index("ix_accesses_store_id_at")
        batch_op.drop_index(batch_op.f("ix_accesses_agent_id"))

    op.drop_table("accesses")
    op.drop_table("erasure_receipts")
