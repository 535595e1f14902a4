"""the conversation"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "article_counts",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("phase", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_article_counts_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_counts")),
        sa.UniqueConstraint(
            "store_id",
            "day",
            "article_id",
            "locale",
            "step",
            "phase",
            "kind",
            name="uq_article_counts_of_a_day",
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "order_codes",
        sa.Column("handle_hash", sa.String(), nullable=False),
        sa.Column("number", sa.LargeBinary(), nullable=True),
        sa.Column("email", sa.LargeBinary(), nullable=True),
        sa.Column("email_index", sa.String(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("code_index", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.store_id", "orders.id"],
            name=op.f("fk_order_codes_store_id_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_order_codes_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_codes")),
        sa.UniqueConstraint("handle_hash", name=op.f("uq_order_codes_handle_hash")),
        sa.UniqueConstraint("id", "store_id", name=op.f("uq_order_codes_id_store_id")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("order_codes", schema=None) as batch_op:
        batch_op.create_index("ix_order_codes_asked", ["store_id", "email_index", "created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_order_codes_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "learned_phrasings",
        sa.Column("public_id", sa.String(), nullable=False),
        sa.Column("article_id", sa.String(), nullable=False),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("text_index", sa.String(), nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "conversation_id"],
            ["conversations.store_id", "conversations.id"],
            name=op.f("fk_learned_phrasings_store_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_learned_phrasings_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_learned_phrasings")),
        sa.UniqueConstraint("id", "store_id", name=op.f("uq_learned_phrasings_id_store_id")),
        sa.UniqueConstraint("public_id", name=op.f("uq_learned_phrasings_public_id")),
        sa.UniqueConstraint(
            "store_id", "locale", "text_index", name=op.f("uq_learned_phrasings_store_id_locale_text_index")
        ),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "ratings",
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("about", sa.Integer(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("comment", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("store_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["store_id", "conversation_id"],
            ["conversations.store_id", "conversations.id"],
            name=op.f("fk_ratings_store_id_conversation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id", "order_id"],
            ["orders.store_id", "orders.id"],
            name=op.f("fk_ratings_store_id_order_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["store_id"], ["stores.id"], name=op.f("fk_ratings_store_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ratings")),
        sa.UniqueConstraint("id", "store_id", name=op.f("uq_ratings_id_store_id")),
        sa.UniqueConstraint(
            "store_id", "conversation_id", "about", name=op.f("uq_ratings_store_id_conversation_id_about")
        ),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.add_column(sa.Column("order_proven_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("order_proof", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("customer_index", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("phase", sa.String(), server_default="pre_purchase", nullable=False))
        batch_op.add_column(sa.Column("email", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("email_index", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("email_consent", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("email_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("email_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("last_answer", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("rating", sa.Integer(), nullable=True))
        batch_op.create_index("ix_conversations_handed_over", ["store_id", "handed_over_at"], unique=False)
        batch_op.create_index("ix_conversations_customer", ["store_id", "customer_index"], unique=False)
        batch_op.create_index("ix_conversations_order", ["store_id", "order_id"], unique=False)

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.add_column(sa.Column("confidence", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("verdict", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("offer", sa.String(), nullable=True))

    with op.batch_alter_table("stores", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hours", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("privacy_url", sa.String(), server_default="", nullable=False))
        batch_op.add_column(sa.Column("wrong_target", sa.Double(), server_default="0.07", nullable=False))
        batch_op.add_column(sa.Column("calibration", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("facts", sa.JSON(), server_default="{}", nullable=False))
        batch_op.add_column(sa.Column("facts_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("visitors", schema=None) as batch_op:
        batch_op.add_column(sa.Column("joined_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_visitors_store_id_joined_id"),
            "visitors",
            ["store_id", "joined_id"],
            ["store_id", "id"],
            ondelete="CASCADE",
        )


def downgrade() -> None:
    with op.batch_alter_table("visitors", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_visitors_store_id_joined_id"), type_="foreignkey")
        batch_op.drop_column("joined_id")

    with op.batch_alter_table("stores", schema=None) as batch_op:
        batch_op.drop_column("facts_at")
        batch_op.drop_column("facts")
        batch_op.drop_column("calibration")
        batch_op.drop_column("wrong_target")
        batch_op.drop_column("privacy_url")
        batch_op.drop_column("hours")

    with op.batch_alter_table("messages", schema=None) as batch_op:
        batch_op.drop_column("offer")
        batch_op.drop_column("verdict")
        batch_op.drop_column("confidence")

    with op.batch_alter_table("conversations", schema=None) as batch_op:
        batch_op.drop_index("ix_conversations_order")
        batch_op.drop_index("ix_conversations_customer")
        batch_op.drop_index("ix_conversations_handed_over")
        batch_op.drop_column("rating")
        batch_op.drop_column("last_answer")
        batch_op.drop_column("email_asked_at")
        batch_op.drop_column("email_at")
        batch_op.drop_column("email_consent")
        batch_op.drop_column("email_index")
        batch_op.drop_column("email")
        batch_op.drop_column("phase")
        batch_op.drop_column("customer_index")
        batch_op.drop_column("order_proof")
        batch_op.drop_column("order_proven_at")

    op.drop_table("ratings")
    op.drop_table("learned_phrasings")
    with op.batch_alter_table("order_codes", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_order_codes_expires_at"))
        batch_op.drop_index("ix_order_codes_asked")

    op.drop_table("order_codes")
    op.drop_table("article_counts")
