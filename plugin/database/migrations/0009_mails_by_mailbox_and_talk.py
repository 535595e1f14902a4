"""mails by mailbox and talk"""

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("acknowledgements", schema=None) as batch_op:
        batch_op.create_index("ix_acknowledgements_email_index", ["email_index"], unique=False)
        batch_op.create_index("ix_acknowledgements_of_a_conversation", ["store_id", "conversation_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("acknowledgements", schema=None) as batch_op:
        batch_op.drop_index("ix_acknowledgements_of_a_conversation")
        batch_op.drop_index("ix_acknowledgements_email_index")
