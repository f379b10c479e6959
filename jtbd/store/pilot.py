"""The end of a pilot: its answers are set aside before the survey is fielded."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, func, select, update

from jtbd.store.database import Database
from jtbd.store.events import Action, record_event
from jtbd.store.marks import release_all, take_to_first_wave
from jtbd.store.refusals import FieldingBegun, PilotChanged
from jtbd.store.schema import response, survey, wave
from jtbd.store.surveys import survey_in
from jtbd.store.waves import open_wave_id


@dataclass(frozen=True)
class Pilot:
    """What a pilot has brought: so many real responses; `closed_wave` is the first wave that ended, if one did."""

    responses: int
    closed_wave: int | None

    @property
    def may_end(self) -> bool:
        """Whether these are the answers of a pilot still."""
        return self.closed_wave is None


def find_pilot(db: Database, slug: str) -> Pilot:
    """How things stand.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        return _pilot(connection, survey_in(connection, slug).id)


def end_pilot(db: Database, slug: str, *, delete_answers: bool, expected: int, by: str, now: datetime) -> int:
    """Turn every real response into a test, or erase it with all its answers: all of them, or none.

    Either way none is ever counted again; whoever had begun one and goes on is told that it is a test. Invitations used
    in the pilot are good again.

    Parameters
    ----------
    expected : int
        How many responses whoever decides was told of: if there are others by now, nothing is done.

    Returns
    -------
    int
        How many there were.

    Raises
    ------
    SurveyUnknown
    FieldingBegun
        A wave has been closed.
    PilotChanged
    """
    with db.write() as connection:
        mine = survey_in(connection, slug).id
        # nobody begins meanwhile: a new response holds on to its survey's row
        connection.execute(select(survey.c.id).where(survey.c.id == mine).with_for_update()).close()
        pilot = _pilot(connection, mine)
        if pilot.closed_wave is not None:
            raise FieldingBegun(slug, pilot.closed_wave)
        if pilot.responses != expected:
            raise PilotChanged(expected, pilot.responses)
        real = (response.c.survey_id == mine) & (response.c.kind == "real")
        release_all(connection, mine)
        if open_wave_id(connection, mine) is not None:  # the first: none has been closed
            take_to_first_wave(connection, mine)
        if delete_answers:
            connection.execute(delete(response).where(real))
        else:
            connection.execute(update(response).where(real).values(kind="test", version=response.c.version + 1))
        if pilot.responses:
            action: Action = "pilot-deleted" if delete_answers else "pilot-kept-as-test"
            record_event(connection, mine, action, f"{pilot.responses:,}", by, now)
    db.counts.forget()  # a design forgets what it learned from them
    return pilot.responses


def _pilot(connection: Connection, survey_id: int) -> Pilot:
    real = (response.c.survey_id == survey_id) & (response.c.kind == "real")
    closed = select(func.min(wave.c.number)).where(wave.c.survey_id == survey_id, wave.c.closed_at.is_not(None))
    responses = connection.execute(select(func.count()).select_from(response).where(real)).scalar_one()
    return Pilot(responses, connection.execute(closed).scalar_one())
