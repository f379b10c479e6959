"""What does not apply to a respondent."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the table. Nobody was asked before."""
    op.create_table(
        "not_applicable",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("outcome_id", sa.SmallInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["outcome_id"], ["outcome.id"], name=op.f("fk_not_applicable_outcome_id_outcome")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_not_applicable_response_id_response"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "outcome_id", name=op.f("pk_not_applicable")),
        sqlite_with_rowid=False,
    )
