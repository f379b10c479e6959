"""How far the quotas of a survey are filled, and what ended responses early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from jtbd.store.database import Database
from jtbd.store.gates import quotas_in_force
from jtbd.store.places import taken
from jtbd.store.schema import response, wave
from jtbd.store.surveys import survey_in
from jtbd.survey.model import Quota


@dataclass(frozen=True)
class QuotaCount:
    """How far a quota is filled.

    ``complete`` are responses that filled a place, ``reserved`` those in progress that hold one, ``turned_away`` those
    that came when there was none.
    """

    quota: Quota
    complete: int
    reserved: int
    turned_away: int

    @property
    def free(self) -> int:
        """Places that nobody holds."""
        return max(self.quota.limit - self.complete - self.reserved, 0)


@dataclass(frozen=True)
class Fieldwork:
    """The quotas in force, and how many real responses each screener ended, by question.

    Of the open wave, whose number is ``wave``; while none is open, of the responses that belong to none.
    """

    wave: int | None
    quotas: tuple[QuotaCount, ...]
    screened_out: dict[str, int]


def fieldwork(db: Database, slug: str, now: datetime) -> Fieldwork:
    """How far the quotas of a survey are filled.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        survey_id = survey_in(connection, slug).id
        opened = select(wave.c.id, wave.c.number).where(wave.c.survey_id == survey_id, wave.c.closed_at.is_(None))
        now_open = connection.execute(opened).one_or_none()
        wave_id = now_open.id if now_open else None
        quotas = quotas_in_force(db, connection, survey_id)
        filled = taken(connection, survey_id, wave_id, quotas, now)
        ended = _ended(connection, survey_id, wave_id)
        counts = tuple(
            QuotaCount(
                one,
                filled.get((one.id, "complete"), 0),
                filled.get((one.id, "in_progress"), 0),
                ended.get(("quota_full", one.id), 0),
            )
            for one in quotas
        )
    screened = {by: number for (status, by), number in sorted(ended.items()) if status == "screened_out"}
    return Fieldwork(now_open.number if now_open else None, counts, screened)


def _ended(connection: Connection, survey_id: int, wave_id: int | None) -> dict[tuple[str, str], int]:
    query = (
        select(response.c.status, response.c.ended_by, func.count())
        .where(response.c.survey_id == survey_id, response.c.kind == "real", response.c.excluded_at.is_(None))
        .where(response.c.ended_by.is_not(None), response.c.wave_id.is_not_distinct_from(wave_id))
        .group_by(response.c.status, response.c.ended_by)
    )
    return {(status, by): number for status, by, number in connection.execute(query)}
