"""A survey can be paused, and what is done to it while it runs is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

CHECK = "ck_survey_status"


def upgrade() -> None:
    """Allow the new status, and add the table. Nothing is known of what was done before."""
    with op.batch_alter_table("survey") as batch:  # SQLite makes the table anew
        batch.drop_constraint(op.f(CHECK), type_="check")
        batch.create_check_constraint(op.f(CHECK), "status IN ('open', 'paused', 'closed')")
    op.create_table(
        "survey_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_survey_event_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_survey_event")),
    )
    op.create_index(op.f("ix_survey_event_survey_id"), "survey_event", ["survey_id"])
