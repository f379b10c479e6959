"""Many finished responses at once: imported or simulated."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, insert, select

from jtbd.store.activity import active_time, stored_time
from jtbd.store.answer_json import answer_to_json
from jtbd.store.assignments import numbers_to_text
from jtbd.store.database import Database
from jtbd.store.dialects import insert_many
from jtbd.store.places import take_stock
from jtbd.store.responses import Kind
from jtbd.store.schema import answer, assignment, attention_answer, page_save, rating, response, survey
from jtbd.store.submissions import see_that_known
from jtbd.store.surveys import outcome_ids_in, plan_in, survey_in
from jtbd.store.waves import open_wave_id
from jtbd.survey.flow import pages_for
from jtbd.survey.model import Answer, Rating, Survey

_BATCH = 500


@dataclass(frozen=True)
class FinishedResponse:
    """A whole response. ``completed_at`` is ``None`` for one that was abandoned.

    ``attention`` holds ratings of attention items, ``seconds`` the time spent on pages, each by id, as far as known;
    ``assigned``, by map, the outcomes the design asked, chosen by ``seed``.
    """

    answers: dict[str, Answer]
    ratings: dict[str, Rating]
    started_at: datetime
    completed_at: datetime | None
    language: str = "en"
    attention: dict[str, Rating] = field(default_factory=dict)
    seconds: dict[str, int] = field(default_factory=dict)
    assigned: dict[str, tuple[str, ...]] = field(default_factory=dict)
    seed: int = 0


def add_many(db: Database, slug: str, kind: Kind, rows: Iterable[FinishedResponse], now: datetime) -> int:
    """Add responses to a survey's newest revision and open wave: all of them, or none if one is wrong.

    They have no resume code and no consent text, as nobody gave consent here. Pages on which something was answered
    count as saved. A closed survey takes them too. Other writers to a SQLite file wait meanwhile.

    Returns
    -------
    int
        How many were added.

    Raises
    ------
    SurveyUnknown
    ValueError
        If a row answers something the survey does not ask.
    """
    added = 0
    with db.write() as connection:
        if kind == "real":  # they may take places in quotas: nobody else takes any until all are counted
            connection.execute(select(survey.c.id).where(survey.c.slug == slug).with_for_update(key_share=True)).close()
        mine = survey_in(connection, slug)
        plan = plan_in(db, connection, mine.revision_id)
        numbers = outcome_ids_in(db, connection, plan.outcomes)
        shared = {
            "survey_id": mine.id,
            "revision_id": mine.revision_id,
            "wave_id": open_wave_id(connection, mine.id),
            "kind": kind,
            "updated_at": stored_time(plan, now),
            "active_at": active_time(plan, now),
            "version": 1,
        }
        remaining = iter(rows)
        while batch := list(islice(remaining, _BATCH)):
            for row in batch:
                see_that_known(plan, row.answers, row.ratings, row.attention)
            _add(connection, plan, numbers, shared, batch, now)
            added += len(batch)
        if kind == "real" and plan.quotas:
            take_stock(connection, mine.id, plan.quotas, now)
    return added


def _add(
    connection: Connection,
    plan: Survey,
    numbers: dict[str, int],
    shared: dict[str, Any],
    batch: list[FinishedResponse],
    now: datetime,
) -> None:
    new = [
        {
            **shared,
            "status": "complete" if row.completed_at else "in_progress",
            "language": row.language,
            "started_at": stored_time(plan, row.started_at),
            "completed_at": row.completed_at and stored_time(plan, row.completed_at),
        }
        for row in batch
    ]
    # sort_by_parameter_order: the ids come back in the order of the rows
    ids = insert(response).returning(response.c.id, sort_by_parameter_order=True)
    identified = list(zip(connection.execute(ids, new).scalars(), batch, strict=True))
    insert_many(connection, answer, ("response_id", "question", "value"), list(_answers(identified)))
    scales = ("importance", "satisfaction", "difficulty")
    insert_many(connection, rating, ("response_id", "outcome_id", *scales), list(_ratings(identified, numbers)))
    insert_many(connection, attention_answer, ("response_id", "item", *scales), list(_attention(identified)))
    insert_many(
        connection, assignment, ("response_id", "map", "seed", "outcomes"), list(_assigned(identified, numbers))
    )
    times = ("first_saved_at", "saved_at", "seconds")
    insert_many(connection, page_save, ("response_id", "page", *times), list(_pages(identified, plan, now)))


def _answers(identified: list[tuple[int, FinishedResponse]]) -> Iterator[tuple[Any, ...]]:
    for response_id, row in identified:
        for question, value in row.answers.items():
            if value is not None:
                yield response_id, question, answer_to_json(value)


def _ratings(
    identified: list[tuple[int, FinishedResponse]], numbers: dict[str, int]
) -> Iterator[tuple[int, int, int | None, int | None, int | None]]:
    blank = Rating()
    for response_id, row in identified:
        for key, one in row.ratings.items():
            if one != blank:
                yield response_id, numbers[key], one.importance, one.satisfaction, one.difficulty


def _attention(
    identified: list[tuple[int, FinishedResponse]],
) -> Iterator[tuple[int, str, int | None, int | None, int | None]]:
    for response_id, row in identified:
        for item, one in row.attention.items():
            yield response_id, item, one.importance, one.satisfaction, one.difficulty


def _assigned(
    identified: list[tuple[int, FinishedResponse]], numbers: dict[str, int]
) -> Iterator[tuple[int, str, int, str]]:
    for response_id, row in identified:
        for job_map, ids in row.assigned.items():
            yield response_id, job_map, row.seed, numbers_to_text(numbers, ids)


def _pages(
    identified: list[tuple[int, FinishedResponse]], plan: Survey, now: datetime
) -> Iterator[tuple[int, str, datetime, datetime, int | None]]:
    parts_of = {
        page.id: {part.id for part in page.questions} | {part.id for part in page.outcomes} for page in plan.pages
    }
    mode = plan.question_as("mode")
    for response_id, row in identified:
        at = stored_time(plan, row.completed_at or now)
        # an outcome that several maps ask was answered on the page of one; where no mode is known, of any
        pages = pages_for(plan, row.answers) if mode and row.answers.get(mode.id) else plan.pages
        for page, parts in ((one.id, parts_of[one.id]) for one in pages):
            if not parts.isdisjoint(row.answers) or not parts.isdisjoint(row.ratings):
                yield response_id, page, at, at, row.seconds.get(page)
