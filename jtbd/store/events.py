"""What was done to a survey while it ran: kept with who did it and when, and never changed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, insert, select

from jtbd.store.database import Database
from jtbd.store.schema import survey, survey_event

NOT_RECORDED = "not recorded"
"""Stands for who did something, where that is not known."""

Action = Literal["open", "paused", "closed", "wave-opened", "wave-closed", "pilot-kept-as-test", "pilot-deleted"]


@dataclass(frozen=True)
class Event:
    """One entry: `detail` says what the action does not, such as how many answers it was about."""

    action: Action
    detail: str
    actor: str
    at: datetime


def record_event(connection: Connection, survey_id: int, action: Action, detail: str, by: str, now: datetime) -> None:
    """Add an entry, within the transaction of what it is about."""
    row = {"survey_id": survey_id, "action": action, "detail": detail, "actor": by, "at": now}
    connection.execute(insert(survey_event).values(row))


def survey_events(db: Database, slug: str, most: int) -> list[Event]:
    """The newest entries of a survey, the newest first; none of one that was never published."""
    columns = (survey_event.c.action, survey_event.c.detail, survey_event.c.actor, survey_event.c.at)
    query = select(*columns).join(survey).where(survey.c.slug == slug).order_by(survey_event.c.id.desc()).limit(most)
    with db.read() as connection:
        return [Event(**row._mapping) for row in connection.execute(query)]
