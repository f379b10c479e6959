"""Waves: the same survey asked again later. New responses belong to the wave that is open, if one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select, update

from jtbd.store.database import Database
from jtbd.store.events import NOT_RECORDED, record_event
from jtbd.store.marks import take_to_first_wave
from jtbd.store.prepared import Prepared
from jtbd.store.refusals import NoWaveOpen, WaveOpen, WaveUnknown
from jtbd.store.schema import survey, wave
from jtbd.store.surveys import survey_in


@dataclass(frozen=True)
class Wave:
    """A wave of a survey, numbered from 1."""

    number: int
    label: str
    opened_at: datetime
    closed_at: datetime | None

    @property
    def name(self) -> str:
        """What people call it: ``2``, or ``2 (autumn)``."""
        return f"{self.number} ({self.label})" if self.label else str(self.number)


def open_wave(db: Database, slug: str, label: str, now: datetime, by: str = NOT_RECORDED) -> Wave:
    """Begin the next wave. Unused invitations from before the first are good for that one.

    Raises
    ------
    SurveyUnknown
    WaveOpen
        If one is open already.
    """
    with db.write() as connection:
        survey_id, waves = _own_waves(connection, slug)
        if waves and waves[-1].closed_at is None:
            raise WaveOpen(slug, waves[-1].number)
        opened = Wave(len(waves) + 1, label, now, None)
        row = {"survey_id": survey_id, "number": opened.number, "label": label, "opened_at": now}
        connection.execute(insert(wave).values(row))
        if not waves:
            take_to_first_wave(connection, survey_id)
        record_event(connection, survey_id, "wave-opened", opened.name, by, now)
    return opened


def close_wave(db: Database, slug: str, now: datetime, by: str = NOT_RECORDED) -> Wave:
    """End the open wave.

    Raises
    ------
    SurveyUnknown
    NoWaveOpen
    """
    with db.write() as connection:
        survey_id, waves = _own_waves(connection, slug)
        if not waves or waves[-1].closed_at is not None:
            raise NoWaveOpen(slug)
        last = waves[-1]
        mine = (wave.c.survey_id == survey_id) & (wave.c.number == last.number)
        connection.execute(update(wave).where(mine).values(closed_at=now))
        record_event(connection, survey_id, "wave-closed", last.name, by, now)
    return Wave(last.number, last.label, last.opened_at, now)


def list_waves(db: Database, slug: str) -> list[Wave]:
    """Every wave of a survey, the first first.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        return _waves(connection, survey_in(connection, slug).id)


def find_wave(db: Database, slug: str, wanted: int | str) -> Wave:
    """The wave of this number or, where there is none, of this label.

    Raises
    ------
    SurveyUnknown
    WaveUnknown
    """
    waves = list_waves(db, slug)
    asked = str(wanted).strip()
    for of_wave in (lambda one: str(one.number), lambda one: one.label):
        found = [one for one in waves if of_wave(one).casefold() == asked.casefold()]
        if len(found) == 1:
            return found[0]
    raise WaveUnknown(slug, asked, [one.name for one in waves])


def open_wave_id(connection: Connection, survey_id: int) -> int | None:
    """The wave to which a response that begins now belongs."""
    found = _OPEN.rows(connection, of_survey=survey_id)
    return found[0][0] if found else None


_OPEN = Prepared(
    lambda _: select(wave.c.id).where(wave.c.survey_id == bindparam("of_survey"), wave.c.closed_at.is_(None))
)


def current_wave(connection: Connection, survey_id: int) -> int | None:
    """The number of the open wave; 0 in a survey without waves, ``None`` between two waves and after the last."""
    waves = _waves(connection, survey_id)
    if not waves:
        return 0
    return waves[-1].number if waves[-1].closed_at is None else None


def _own_waves(connection: Connection, slug: str) -> tuple[int, list[Wave]]:
    """The survey and its waves, locked so that two who open a wave at once do it one after the other."""
    survey_id = survey_in(connection, slug).id
    connection.execute(select(survey.c.id).where(survey.c.id == survey_id).with_for_update())
    return survey_id, _waves(connection, survey_id)


def _waves(connection: Connection, survey_id: int) -> list[Wave]:
    columns = (wave.c.number, wave.c.label, wave.c.opened_at, wave.c.closed_at)
    query = select(*columns).where(wave.c.survey_id == survey_id).order_by(wave.c.number)
    return [Wave(**row._mapping) for row in connection.execute(query)]
