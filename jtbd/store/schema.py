"""The tables. A change here needs a migration beside it; a test compares the two."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """An aware time: stored as UTC, given back as UTC. SQLite, which knows no zones, holds it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC for the database; a time without a zone is a bug."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """UTC for Python."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


def _one_of(column: str, *values: str) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=column)


def _in_scale(column: str) -> CheckConstraint:
    return CheckConstraint(f"{column} BETWEEN 1 AND 5", name=column)


# SQLite gives numbers only to a column that is exactly INTEGER
_SMALL_ID = SmallInteger().with_variant(Integer(), "sqlite")

survey = Table(
    "survey",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    _one_of("status", "open", "paused", "closed"),
)

# what was done to a survey while it ran, and by whom: only added to
survey_event = Table(
    "survey_event",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("survey_id", ForeignKey(survey.c.id), nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

revision = Table(
    "revision",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("survey_id", ForeignKey(survey.c.id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("plan", Text, nullable=False),
    Column("plan_hash", Text, nullable=False),
    Column("published_at", UtcTime, nullable=False),
    UniqueConstraint("survey_id", "number"),
)

wave = Table(
    "wave",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("survey_id", ForeignKey(survey.c.id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("label", Text, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime),
    UniqueConstraint("survey_id", "number"),
)

consent_text = Table(
    "consent_text",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("hash", Text, nullable=False, unique=True),
    Column("text", Text, nullable=False),
)

outcome = Table(
    "outcome",
    metadata,
    Column("id", _SMALL_ID, primary_key=True),
    Column("key", Text, nullable=False, unique=True),
)

response = Table(
    "response",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("survey_id", ForeignKey(survey.c.id), nullable=False),
    Column("revision_id", ForeignKey(revision.c.id), nullable=False),
    Column("wave_id", ForeignKey(wave.c.id)),
    Column("consent_text_id", ForeignKey(consent_text.c.id)),
    Column("code_hash", Text, unique=True),
    Column("kind", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("started_at", UtcTime, nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("completed_at", UtcTime),
    Column("excluded_reason", Text),
    Column("excluded_at", UtcTime),
    Column("version", Integer, nullable=False),  # goes up with every change; see delivery.data_version
    Column("active_at", UtcTime, nullable=False),  # when anything last came from its respondent, single answers too
    Column("ended_by", Text),  # the screener or the quota that ended it early
    Column("panel_id", Text),  # under which a panel sent its respondent: see panel_ids
    _one_of("kind", "real", "test", "simulated"),
    _one_of("status", "in_progress", "complete", "screened_out", "quota_full"),
    Index(None, "survey_id", "kind"),
    sqlite_autoincrement=True,  # an id is never given out again after its response was erased
)


def _response_id() -> Column[int]:
    return Column("response_id", ForeignKey(response.c.id, ondelete="CASCADE"), primary_key=True)


answer = Table(
    "answer",
    metadata,
    _response_id(),
    Column("question", Text, primary_key=True),
    Column("value", Text, nullable=False),
    sqlite_with_rowid=False,
)

rating = Table(
    "rating",
    metadata,
    _response_id(),
    Column("outcome_id", _SMALL_ID, ForeignKey(outcome.c.id), primary_key=True),
    Column("importance", SmallInteger),
    Column("satisfaction", SmallInteger),
    Column("difficulty", SmallInteger),
    _in_scale("importance"),
    _in_scale("satisfaction"),
    _in_scale("difficulty"),
    CheckConstraint("coalesce(importance, satisfaction, difficulty) IS NOT NULL", name="given"),
    sqlite_with_rowid=False,
)

# outcomes of which a respondent says that they do not apply: answered, but no rating
not_applicable = Table(
    "not_applicable",
    metadata,
    _response_id(),
    Column("outcome_id", _SMALL_ID, ForeignKey(outcome.c.id), primary_key=True),
    sqlite_with_rowid=False,
)

page_save = Table(
    "page_save",
    metadata,
    _response_id(),
    Column("page", Text, primary_key=True),
    Column("first_saved_at", UtcTime, nullable=False),
    Column("saved_at", UtcTime, nullable=False),
    Column("seconds", Integer),  # spent on the page, not known of imported and of anonymous responses
    Column("saves", Integer, nullable=False, server_default="1"),  # how often: where there are no times, all that tells
    sqlite_with_rowid=False,
)

# apart from ratings, so that it can be in no score and no export of ratings
attention_answer = Table(
    "attention_answer",
    metadata,
    _response_id(),
    Column("item", Text, primary_key=True),
    Column("importance", SmallInteger),
    Column("satisfaction", SmallInteger),
    Column("difficulty", SmallInteger),
    _in_scale("importance"),
    _in_scale("satisfaction"),
    _in_scale("difficulty"),
    sqlite_with_rowid=False,
)

# what a response is asked of a map, where the survey's design leaves that open
assignment = Table(
    "assignment",
    metadata,
    _response_id(),
    Column("map", Text, primary_key=True),
    Column("seed", Integer, nullable=False),  # of every choice that was left to chance
    Column("outcomes", Text, nullable=False),  # their numbers, in the order shown, between commas
    sqlite_with_rowid=False,
)

# the quotas in which a response has a place
quota_place = Table(
    "quota_place",
    metadata,
    _response_id(),
    Column("quota", Text, primary_key=True, index=True),
    sqlite_with_rowid=False,
)

# why responses were excluded or taken back: only added to; erased with the response, as its respondent may ask for that
review = Table(
    "review",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("response_id", ForeignKey(response.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("action", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reviewer", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    _one_of("action", "exclude", "include"),
)

# who may answer once; where the survey is anonymous nothing leads from it to the answers (docs/privacy.md)
invitation = Table(
    "invitation",
    metadata,
    Column("id", Integer, primary_key=True),  # in the order of the panel file, never of use
    Column("survey_id", ForeignKey(survey.c.id), nullable=False),
    Column("wave", Integer, nullable=False),  # its number; 0 in a survey without waves
    Column("panel_id", Text, nullable=False),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("invited_at", UtcTime, nullable=False),
    Column("response_id", ForeignKey(response.c.id, ondelete="CASCADE"), unique=True),
    UniqueConstraint("survey_id", "wave", "panel_id"),
)

# which invitations were used anonymously: one row for all of a wave, as PostgreSQL numbers the writers of rows, and so
# a mark on each invitation would tell in which order they were used
anonymous_use = Table(
    "anonymous_use",
    metadata,
    Column("survey_id", ForeignKey(survey.c.id), primary_key=True),
    Column("wave", Integer, primary_key=True),
    Column("invitations", Text, nullable=False),  # their ids, ascending, between commas
)

account = Table(
    "account",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_key", Text, nullable=False, unique=True),  # casefolded here: SQLite's lower() knows only ASCII
    Column("password_hash", Text),
    Column("password_set_at", UtcTime),
    Column("role", Text, nullable=False),
    Column("disabled", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    _one_of("role", "admin", "strategist", "planner"),
)

login_link = Table(
    "login_link",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("account_name", Text),
    Column("purpose", Text, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
    _one_of("purpose", "create_admin", "reset"),
)

# who is signed in; the browser holds a token, of which only the hash is here
studio_session = Table(
    "studio_session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    Column("account_id", ForeignKey(account.c.id, ondelete="CASCADE"), nullable=False, index=True),
    Column("began_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
)

# how often somebody tried something in the current stretch of time; who it was cannot be read from it
attempt = Table(
    "attempt",
    metadata,
    Column("key", Text, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("expires_at", UtcTime, nullable=False, index=True),
)

PASSING = (studio_session, attempt, login_link)
"""What lets people in or keeps them out for a time: it is in no backup, as what was ended must not come back."""
