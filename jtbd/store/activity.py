"""What is stored of times, and when a response is left: its places go to others until its respondent comes back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_

from jtbd.store.schema import response
from jtbd.survey.model import Survey

EXPIRES_AFTER = timedelta(hours=24)
"""A response in progress for which nothing came for so long, not even a single answer, has expired."""


def stored_time(plan: Survey, at: datetime) -> datetime:
    """What is stored of a time: all of it; of an anonymous survey the day alone, by UTC."""
    return at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) if plan.anonymous else at


def active_time(plan: Survey, at: datetime) -> datetime:
    """What is stored of the time when a response was last active: of an anonymous survey the end of the day."""
    return stored_time(plan, at) + timedelta(days=1) if plan.anonymous else at


def has_expired(active_at: datetime, now: datetime) -> bool:
    """Whether a response in progress that was last active at `active_at` has expired."""
    return active_at < now - EXPIRES_AFTER


def expired(now: datetime) -> ColumnElement[bool]:
    """Rows of ``response`` that have expired."""
    return and_(response.c.status == "in_progress", response.c.active_at < now - EXPIRES_AFTER)
