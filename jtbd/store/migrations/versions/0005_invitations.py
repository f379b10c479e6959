"""Invitations, and how often a page was saved."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add them. Of pages saved before it is enough to know that they were."""
    op.add_column("page_save", sa.Column("saves", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("panel_id", sa.Text(), nullable=False),
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("invited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("response_id", sa.Integer()),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_invitation_response_id_response"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_invitation_survey_id_survey")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("response_id", name=op.f("uq_invitation_response_id")),
        sa.UniqueConstraint("survey_id", "wave", "panel_id", name=op.f("uq_invitation_survey_id_wave_panel_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitation_token_hash")),
    )
    op.create_table(
        "anonymous_use",
        sa.Column("survey_id", sa.Integer(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("invitations", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["survey_id"], ["survey.id"], name=op.f("fk_anonymous_use_survey_id_survey")),
        sa.PrimaryKeyConstraint("survey_id", "wave", name=op.f("pk_anonymous_use")),
    )
