"""Quotas: places in them, when respondents were last active, what ended a response early; ids of panels."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
AFTER = "status IN ('in_progress', 'complete', 'screened_out', 'quota_full')"


def upgrade() -> None:
    """Add the columns and the table, and allow the status. Of before, the last save is the last activity known."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    with op.batch_alter_table("response") as table:
        table.add_column(sa.Column("active_at", TIME))
        table.add_column(sa.Column("ended_by", sa.Text()))
        table.add_column(sa.Column("panel_id", sa.Text()))
    op.execute("UPDATE response SET active_at = updated_at")
    highest = _highest_id(connection) if is_sqlite else None
    with op.batch_alter_table("response", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.alter_column("active_at", existing_type=TIME, nullable=False)
        table.drop_constraint(op.f("ck_response_status"), type_="check")
        table.create_check_constraint(op.f("ck_response_status"), AFTER)
    if highest is not None:  # making the table anew forgets ids that were given out and erased
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'response'"))
        connection.execute(sa.text("INSERT INTO sqlite_sequence VALUES ('response', :id)"), {"id": highest})
    op.create_table(
        "quota_place",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("quota", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_quota_place_response_id_response"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "quota", name=op.f("pk_quota_place")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_quota_place_quota"), "quota_place", ["quota"], unique=False)


def _highest_id(connection: sa.Connection) -> int | None:
    found: int | None = connection.execute(
        sa.text("SELECT seq FROM sqlite_sequence WHERE name = 'response'")
    ).scalar_one_or_none()
    return found
