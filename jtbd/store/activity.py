"""When a response that is not finished has been left: its places go to others until its respondent comes back."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_

from jtbd.store.schema import response

EXPIRES_AFTER = timedelta(hours=24)
"""A response in progress for which nothing came for so long, not even a single answer, has expired."""


def has_expired(active_at: datetime, now: datetime) -> bool:
    """Whether a response in progress that was last active at `active_at` has expired."""
    return active_at < now - EXPIRES_AFTER


def expired(now: datetime) -> ColumnElement[bool]:
    """Rows of ``response`` that have expired."""
    return and_(response.c.status == "in_progress", response.c.active_at < now - EXPIRES_AFTER)
