"""status words and healthy connections"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("proof_hash", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["agent_id"], ["agents.id"], name=op.f("fk_hand_overs_agent_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
        sa.UniqueConstraint("proof_hash", name=op.f("uq_hand_overs_proof_hash")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("hand_overs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_overs_agent_id"), ["agent_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_overs_used_at"), ["used_at"], unique=False)

    op.create_table(
        "status_words",
        sa.Column("raw_status", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("guess", sa.String(), nullable=True),
        sa.Column("meaning", sa.String(), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_status_words_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_words")),
        sa.UniqueConstraint("store_id", "raw_status", name=op.f("uq_status_words_store_id_raw_status")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("agent_sessions", schema=None) as batch_op:
        batch_op.add_column(sa.Column("bound_to", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_agent_sessions_bound_to"), ["bound_to"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_agent_sessions_bound_to"), "stores", ["bound_to"], ["id"], ondelete="CASCADE"
        )

    with op.batch_alter_table("install_states", schema=None) as batch_op:
        batch_op.add_column(sa.Column("kept", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("by_server", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("trouble", sa.String(), nullable=True))

    with op.batch_alter_table("stores", schema=None) as batch_op:
        batch_op.add_column(sa.Column("trouble_told_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("repaired", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("orders_checked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("coverage", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("findings", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("examined_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mails_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("mails_leased_until", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("stores", schema=None) as batch_op:
        batch_op.drop_column("mails_leased_until")
        batch_op.drop_column("mails_since")
        batch_op.drop_column("examined_at")
        batch_op.drop_column("findings")
        batch_op.drop_column("coverage")
        batch_op.drop_column("orders_checked_at")
        batch_op.drop_column("repaired")
        batch_op.drop_column("trouble_told_at")

    with op.batch_alter_table("install_states", schema=None) as batch_op:
        batch_op.drop_column("trouble")
        batch_op.drop_column("by_server")
        batch_op.drop_column("kept")

    with op.batch_alter_table("agent_sessions", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_agent_sessions_bound_to"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_agent_sessions_bound_to"))
        batch_op.drop_column("bound_to")

    op.drop_table("status_words")
    with op.batch_alter_table("hand_overs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_hand_overs_used_at"))
        batch_op.drop_index(batch_op.f("ix_hand_overs_agent_id"))

    op.drop_table("hand_overs")
