"""Which outcomes a response is asked: chosen and counted in one transaction, so that many at once stay in balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, insert, or_, select

from jtbd.store.activity import expired
from jtbd.store.answer_json import answer_to_json
from jtbd.store.database import Database
from jtbd.store.refusals import ResponseUnknown
from jtbd.store.schema import answer, assignment, outcome, page_save, rating, response, survey
from jtbd.store.surveys import outcome_ids_in, plan_in
from jtbd.survey.adaptive import Standing, assigned
from jtbd.survey.design import Together, outcomes_of, pages_of
from jtbd.survey.model import Survey

LOOKED_BACK = 5_000
"""Only the newest so many responses are counted: older ones are in balance already, and counting takes no longer."""

REFRESHED_AFTER = timedelta(seconds=10)
"""How old counts of ratings may be: scores move slowly, and to count all ratings takes a while."""

LARGEST_SEED = 2**31 - 1

_NOTHING = Standing(*(np.zeros(0, np.int64) for _ in range(4)))


def _of(connection: Connection, response_id: int) -> dict[str, tuple[str, ...]]:
    query = select(assignment.c.map, assignment.c.outcomes).where(assignment.c.response_id == response_id)
    found = {job_map: numbers.split(",") for job_map, numbers in connection.execute(query)}
    wanted = {int(number) for numbers in found.values() for number in numbers}
    if not wanted:
        return {}
    named = select(outcome.c.id, outcome.c.key).where(outcome.c.id.in_(wanted))
    keys = {number: key for number, key in connection.execute(named)}  # noqa: C416 - a row is no pair to mypy
    return {job_map: tuple(keys[int(number)] for number in numbers) for job_map, numbers in found.items()}


def assign(db: Database, response_id: int, job_map: str, seed: int, now: datetime) -> tuple[str, ...]:
    """Choose, by the survey's design, the outcomes of a map that a response is asked, and store them.

    What was chosen before stays. Others of the same revision, wave and kind count, unless they have left the map for
    that of another mode; tests never do, and are given what a real respondent would get.

    Returns
    -------
    tuple of str
        Ids in the order shown.

    Raises
    ------
    ResponseUnknown
    """
    with db.read() as connection:
        mine = _response(connection, response_id)
        plan = plan_in(db, connection, mine.revision_id)
        standing = _standing(db, connection, plan, mine, job_map, now)
    with db.write() as connection:
        # NO KEY UPDATE: those who assign wait for each other, those who begin responses do not
        lock = select(survey.c.id).where(survey.c.id == mine.survey_id).with_for_update(key_share=True)
        connection.execute(lock).close()
        if job_map in (chosen := _of(connection, response_id)):
            return chosen[job_map]
        together = _together(db, connection, plan, mine, job_map, now)
        ids = assigned(plan, job_map, together, standing, seed)
        stored = numbers_to_text(outcome_ids_in(db, connection, ids), ids)
        new = {"response_id": response_id, "map": job_map, "seed": seed, "outcomes": stored}
        connection.execute(insert(assignment).values(new))
    return ids


def numbers_to_text(numbers: Mapping[str, int], ids: Sequence[str]) -> str:
    """How outcomes are stored, in their order; `numbers` are those of outcomes by id."""
    return ",".join(str(numbers[one]) for one in ids)


def _response(connection: Connection, response_id: int) -> Row[Any]:
    columns: tuple[Any, ...] = (response.c.survey_id, response.c.revision_id, response.c.wave_id, response.c.kind)
    row: Row[Any] | None = connection.execute(select(*columns).where(response.c.id == response_id)).one_or_none()
    if row is None:
        raise ResponseUnknown(response_id)
    return row


def _counting(mine: Row[Any]) -> ColumnElement[bool]:
    """The responses that are kept in balance with this one."""
    kind = "simulated" if mine.kind == "simulated" else "real"
    return and_(
        response.c.survey_id == mine.survey_id,
        response.c.kind == kind,
        response.c.revision_id == mine.revision_id,
        response.c.wave_id.is_not_distinct_from(mine.wave_id),
        response.c.excluded_at.is_(None),
    )


def _together(
    db: Database, connection: Connection, plan: Survey, mine: Row[Any], job_map: str, now: datetime
) -> Together:
    """Of how many both of two outcomes were asked: by assignments that live, and by what those that are over saved."""
    over = or_(expired(now), response.c.status.in_(("screened_out", "quota_full")))
    columns = (assignment.c.response_id, assignment.c.outcomes, over.label("expired"))
    query = (
        select(*columns)
        .join(response, response.c.id == assignment.c.response_id)
        .where(_counting(mine), assignment.c.map == job_map, *_still_in(plan, job_map))
        .order_by(assignment.c.response_id.desc())
        .limit(LOOKED_BACK)
    )
    rows = connection.execute(query).all()
    asked = _asked(db, connection, plan, job_map, [row.outcomes for row in rows])
    gone = {row.response_id: place for place, row in enumerate(rows) if row.expired}
    if gone:
        _give_back(connection, plan, job_map, gone, asked)
    counted = asked.astype(np.float32)
    together: Together = np.rint(counted.T @ counted).astype(np.int64)
    return together


def _still_in(plan: Survey, job_map: str) -> list[ColumnElement[bool]]:
    """That a response's mode leads to a map: whoever chose another mode since is asked nothing of it."""
    question = plan.question_as("mode")
    mode = next((one.mode for one in plan.maps if one.map == job_map), None)
    if question is None or mode is None:
        return []
    chose = (answer.c.question == question.id) & (answer.c.value == answer_to_json(mode))
    return [select(answer.c.response_id).where(answer.c.response_id == response.c.id, chose).exists()]


def _asked(db: Database, connection: Connection, plan: Survey, job_map: str, stored: Sequence[str]) -> Any:
    """Who was asked what, bool (rows, outcomes of the map)."""
    ids = outcomes_of(plan, job_map)
    numbers = outcome_ids_in(db, connection, ids)
    place = np.zeros(max(numbers.values()) + 1, np.intp)
    place[[numbers[one] for one in ids]] = np.arange(len(ids))
    asked = np.zeros((len(stored), len(ids)), bool)
    if stored:
        rows = np.repeat(np.arange(len(stored)), [one.count(",") + 1 for one in stored])
        asked[rows, place[np.array(",".join(stored).split(","), np.intp)]] = True
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


def _standing(
    db: Database, connection: Connection, plan: Survey, mine: Row[Any], job_map: str, now: datetime
) -> Standing:
    """What is known of the outcomes of a map, where the design goes by it; counted anew now and then."""
    if plan.design.kind != "adaptive":
        return _NOTHING
    key = (mine.revision_id, mine.wave_id, mine.kind, job_map)
    known = db.standings.get(key)
    if known is None or not timedelta(0) <= now - known[0] < REFRESHED_AFTER:
        known = db.standings[key] = (now, _count(db, connection, plan, mine, job_map))
    return known[1]


def _count(db: Database, connection: Connection, plan: Survey, mine: Row[Any], job_map: str) -> Standing:
    ids = outcomes_of(plan, job_map)
    numbers = outcome_ids_in(db, connection, ids)
    important = rating.c.importance >= 4
    by_satisfaction = "satisfaction" in plan.scales
    second = rating.c.satisfaction if by_satisfaction else rating.c.difficulty
    served = second >= 4 if by_satisfaction else second <= 3
    counted = [func.sum(case((which, 1), else_=0)) for which in (important, served, and_(important, served))]
    query = (
        select(rating.c.outcome_id, func.count(), *counted)
        .join(response, response.c.id == rating.c.response_id)
        .where(_counting(mine), rating.c.importance.is_not(None), second.is_not(None))
        .where(rating.c.outcome_id.in_(numbers.values()))
        .group_by(rating.c.outcome_id)
    )
    found = {number: counts for number, *counts in connection.execute(query)}
    table = np.array([found.get(numbers[one], (0, 0, 0, 0)) for one in ids], np.int64)
    return Standing(*table.T)
