"""Which outcomes a response is asked: chosen and counted in one transaction, so that many at once stay in balance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy import Connection, Row, and_, case, func, insert, select

from jtbd.store.balance import FEW, Asked, asked_so_far, counting
from jtbd.store.counts import QUICK_SECONDS
from jtbd.store.database import Database
from jtbd.store.refusals import ResponseUnknown
from jtbd.store.schema import assignment, outcome, rating, response, survey
from jtbd.store.surveys import outcome_ids_in, plan_in
from jtbd.survey.adaptive import Standing, assigned
from jtbd.survey.design import outcomes_of
from jtbd.survey.model import Survey

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
    key = (mine.revision_id, mine.wave_id, mine.kind, job_map)
    standing = _NOTHING
    if plan.design.kind == "adaptive":
        standing = db.counts.of(("standing", *key), now, lambda: _standing(db, plan, mine, job_map))
    asked: Asked | None = db.counts.known(("asked", *key), now, lambda: _asked(db, plan, mine, job_map, now))
    with db.write() as connection:
        # NO KEY UPDATE: those who assign wait for each other, those who begin responses do not
        lock = select(survey.c.id).where(survey.c.id == mine.survey_id).with_for_update(key_share=True)
        connection.execute(lock).close()
        if job_map in (chosen := _of(connection, response_id)):
            return chosen[job_map]
        if asked is None or len(asked.seen) <= FEW:  # also where many have gone: a pilot's, those who were erased
            asked = asked_so_far(db, connection, plan, mine, job_map, now)
            if len(asked.seen) > FEW:
                db.counts.remember(("asked", *key), now, asked, QUICK_SECONDS)
        else:
            asked.add_newest(connection, plan, mine, job_map)
        ids = assigned(plan, job_map, asked.together, standing, seed)
        numbers = outcome_ids_in(db, connection, ids)
        new = {"response_id": response_id, "map": job_map, "seed": seed, "outcomes": numbers_to_text(numbers, ids)}
        connection.execute(insert(assignment).values(new))
        if mine.kind != "test":
            asked.add(response_id, numbers.values())
    return ids


def _asked(db: Database, plan: Survey, mine: Row[Any], job_map: str, now: datetime) -> Asked:
    with db.read() as connection:
        return asked_so_far(db, connection, plan, mine, job_map, now)


def numbers_to_text(numbers: Mapping[str, int], ids: Sequence[str]) -> str:
    """How outcomes are stored, in their order; `numbers` are those of outcomes by id."""
    return ",".join(str(numbers[one]) for one in ids)


def _response(connection: Connection, response_id: int) -> Row[Any]:
    columns: tuple[Any, ...] = (response.c.survey_id, response.c.revision_id, response.c.wave_id, response.c.kind)
    row: Row[Any] | None = connection.execute(select(*columns).where(response.c.id == response_id)).one_or_none()
    if row is None:
        raise ResponseUnknown(response_id)
    return row


def _standing(db: Database, plan: Survey, mine: Row[Any], job_map: str) -> Standing:
    """What is known of the outcomes of a map."""
    ids = outcomes_of(plan, job_map)
    important = rating.c.importance >= 4
    by_satisfaction = "satisfaction" in plan.scales
    second = rating.c.satisfaction if by_satisfaction else rating.c.difficulty
    served = second >= 4 if by_satisfaction else second <= 3
    counted = [func.sum(case((which, 1), else_=0)) for which in (important, served, and_(important, served))]
    with db.read() as connection:
        numbers = outcome_ids_in(db, connection, ids)
        query = (
            select(rating.c.outcome_id, func.count(), *counted)
            .join(response, response.c.id == rating.c.response_id)
            .where(counting(mine), rating.c.importance.is_not(None), second.is_not(None))
            .where(rating.c.outcome_id.in_(numbers.values()))
            .group_by(rating.c.outcome_id)
        )
        found = {number: counts for number, *counts in connection.execute(query)}
    table = np.array([found.get(numbers[one], (0, 0, 0, 0)) for one in ids], np.int64)
    return Standing(*table.T)
