"""Seconds on pages, answers to attention items, and why responses were excluded or taken back."""

from collections.abc import Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
LONGEST = 3600
BATCH = 10_000

response = sa.table(
    "response",
    sa.column("id", sa.Integer),
    sa.column("code_hash", sa.Text),
    sa.column("started_at", TIME),
    sa.column("excluded_at", TIME),
    sa.column("excluded_reason", sa.Text),
)
page_save = sa.table(
    "page_save",
    sa.column("response_id", sa.Integer),
    sa.column("page", sa.Text),
    sa.column("first_saved_at", TIME),
    sa.column("seconds", sa.Integer),
)
review = sa.table(
    "review",
    sa.column("response_id", sa.Integer),
    sa.column("action", sa.Text),
    sa.column("reason", sa.Text),
    sa.column("reviewer", sa.Text),
    sa.column("at", TIME),
)


def upgrade() -> None:
    """Add what is new, and fill it as far as the stored times and exclusions say."""
    op.add_column("page_save", sa.Column("seconds", sa.Integer()))
    op.create_table(
        "attention_answer",
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("importance", sa.SmallInteger()),
        sa.Column("satisfaction", sa.SmallInteger()),
        sa.Column("difficulty", sa.SmallInteger()),
        sa.CheckConstraint("difficulty BETWEEN 1 AND 5", name=op.f("ck_attention_answer_difficulty")),
        sa.CheckConstraint("importance BETWEEN 1 AND 5", name=op.f("ck_attention_answer_importance")),
        sa.CheckConstraint("satisfaction BETWEEN 1 AND 5", name=op.f("ck_attention_answer_satisfaction")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_attention_answer_response_id_response"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("response_id", "item", name=op.f("pk_attention_answer")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("reviewer", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.CheckConstraint("action IN ('exclude', 'include')", name=op.f("ck_review_action")),
        sa.ForeignKeyConstraint(
            ["response_id"], ["response.id"], name=op.f("fk_review_response_id_response"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    op.create_index(op.f("ix_review_response_id"), "review", ["response_id"], unique=False)
    connection = op.get_bind()
    _fill_seconds(connection)
    _fill_reviews(connection)


def _fill_seconds(connection: sa.Connection) -> None:
    """From one page first saved to the next; of imported and simulated responses no times are known."""
    saves = (
        sa.select(page_save.c.response_id, page_save.c.page, page_save.c.first_saved_at, response.c.started_at)
        .join_from(page_save, response, page_save.c.response_id == response.c.id)
        .where(response.c.code_hash.is_not(None))
        .order_by(page_save.c.response_id, page_save.c.first_saved_at, page_save.c.page)
    )
    own = (page_save.c.response_id == sa.bindparam("of_response")) & (page_save.c.page == sa.bindparam("of_page"))
    change = sa.update(page_save).where(own).values(seconds=sa.bindparam("taken"))
    rows = list(_taken(connection.execute(saves).all()))
    for start in range(0, len(rows), BATCH):
        connection.execute(change, rows[start : start + BATCH])


def _taken(saves: Any) -> Iterator[dict[str, Any]]:
    for response_id, pages in groupby(saves, lambda row: row.response_id):
        before: datetime | None = None
        for page in pages:
            seconds = (page.first_saved_at - (before or page.started_at)).total_seconds()
            before = page.first_saved_at
            taken = min(max(round(seconds), 0), LONGEST)
            yield {"of_response": response_id, "of_page": page.page, "taken": taken}


def _fill_reviews(connection: sa.Connection) -> None:
    """Exclusions of before; who made them was not kept."""
    known = sa.select(
        response.c.id,
        sa.literal("exclude"),
        sa.func.coalesce(response.c.excluded_reason, ""),
        sa.literal("not recorded"),
        response.c.excluded_at,
    ).where(response.c.excluded_at.is_not(None))
    connection.execute(
        sa.insert(review).from_select(["response_id", "action", "reason", "reviewer", "at"], known.order_by("id"))
    )
