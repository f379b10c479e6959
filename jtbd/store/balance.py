"""What respondents were asked so far, of which those to come are asked in balance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, and_, or_, select

from jtbd.store.activity import expired
from jtbd.store.answer_json import answer_to_json
from jtbd.store.database import Database
from jtbd.store.schema import answer, assignment, page_save, response
from jtbd.store.surveys import outcome_ids_in
from jtbd.survey.design import Together, ask, outcomes_of, pages_of
from jtbd.survey.model import Survey

LOOKED_BACK = 5_000
"""Only the newest so many responses are counted: older ones are in balance already, and counting takes no longer."""

FEW = 100
"""Up to so many are counted anew for each respondent, and the balance is exact; from there on what came since is added
to what was counted some seconds ago (:mod:`jtbd.store.counts`)."""

OVERTAKEN = 200
"""How many responses may begin between one that begins and what it is asked; those that take longer are seen when all
are counted anew."""


@dataclass
class Asked:
    """Who was asked what.

    Parameters
    ----------
    together : array (J, J)
        Of how many both of two outcomes were asked.
    seen : set of int
        The responses counted.
    place : mapping
        Where an outcome is in the order of the map, by its number.
    """

    together: Together
    seen: set[int]
    place: Mapping[int, int]

    def add(self, response_id: int, numbers: Iterable[int]) -> None:
        """Count one more response, which is asked the outcomes of these numbers."""
        if response_id not in self.seen:
            self.seen.add(response_id)
            ask(self.together, [self.place[number] for number in numbers])

    def add_newest(self, connection: Connection, plan: Survey, mine: Row[Any], job_map: str) -> None:
        """Count those that came since, from this process or from another."""
        newest = max(self.seen) - OVERTAKEN
        query = _asked_of(plan, mine, job_map).where(assignment.c.response_id > newest)
        for response_id, outcomes in connection.execute(query):
            self.add(response_id, map(int, outcomes.split(",")))


def counting(mine: Row[Any]) -> ColumnElement[bool]:
    """The responses that are kept in balance with this one."""
    kind = "simulated" if mine.kind == "simulated" else "real"
    return and_(
        response.c.survey_id == mine.survey_id,
        response.c.kind == kind,
        response.c.revision_id == mine.revision_id,
        response.c.wave_id.is_not_distinct_from(mine.wave_id),
        response.c.excluded_at.is_(None),
    )


def asked_so_far(
    db: Database, connection: Connection, plan: Survey, mine: Row[Any], job_map: str, now: datetime
) -> Asked:
    """What was asked, by assignments that live, and by what those that are over saved."""
    over = or_(expired(now), response.c.status.in_(("screened_out", "quota_full")))
    query = _asked_of(plan, mine, job_map).add_columns(over.label("expired"))
    rows = connection.execute(query.order_by(assignment.c.response_id.desc()).limit(LOOKED_BACK)).all()
    ids = outcomes_of(plan, job_map)
    numbers = outcome_ids_in(db, connection, ids)
    place = {numbers[one]: at for at, one in enumerate(ids)}
    asked = _matrix(place, [row.outcomes for row in rows])
    gone = {row.response_id: at for at, row in enumerate(rows) if row.expired}
    if gone:
        _give_back(connection, plan, job_map, gone, asked)
    counted = asked.astype(np.float32)
    together: Together = np.rint(counted.T @ counted).astype(np.int64)
    return Asked(together, {row.response_id for row in rows}, place)


def _asked_of(plan: Survey, mine: Row[Any], job_map: str) -> Any:
    return (
        select(assignment.c.response_id, assignment.c.outcomes)
        .join(response, response.c.id == assignment.c.response_id)
        .where(counting(mine), assignment.c.map == job_map, *_still_in(plan, job_map))
    )


def _still_in(plan: Survey, job_map: str) -> list[ColumnElement[bool]]:
    """That a response's mode leads to a map: whoever chose another mode since is asked nothing of it."""
    question = plan.question_as("mode")
    mode = next((one.mode for one in plan.maps if one.map == job_map), None)
    if question is None or mode is None:
        return []
    chose = (answer.c.question == question.id) & (answer.c.value == answer_to_json(mode))
    return [select(answer.c.response_id).where(answer.c.response_id == response.c.id, chose).exists()]


def _matrix(place: Mapping[int, int], stored: Sequence[str]) -> Any:
    """Who was asked what, bool (rows, outcomes of the map)."""
    at = np.zeros(max(place) + 1, np.intp)
    at[list(place)] = list(place.values())
    asked = np.zeros((len(stored), len(place)), bool)
    if stored:
        rows = np.repeat(np.arange(len(stored)), [one.count(",") + 1 for one in stored])
        asked[rows, at[np.array(",".join(stored).split(","), np.intp)]] = True
    return asked


def _give_back(connection: Connection, plan: Survey, job_map: str, gone: Mapping[int, int], asked: Any) -> None:
    """Take out of `asked` the pages that responses whose time is up never saved; `gone` is their row by id."""
    pages = pages_of(plan, job_map)
    sizes = np.array([len(page.outcomes) for page in pages])
    number = {page.id: place for place, page in enumerate(pages)}
    saved = np.zeros((len(asked), len(pages)), bool)
    query = select(page_save.c.response_id, page_save.c.page).where(
        page_save.c.response_id.in_(gone), page_save.c.page.in_(number)
    )
    for response_id, page in connection.execute(query):
        saved[gone[response_id], number[page]] = True
    rows = list(gone.values())
    asked[rows] &= np.repeat(saved[rows], sizes, axis=1)
