"""How a study goes: who began, who got how far and where people left, counted in the database."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import numpy as np
from sqlalchemy import ColumnElement, Connection, Row, func, select

from jtbd.store.assignments import EXPIRES_AFTER
from jtbd.store.database import Database
from jtbd.store.responses import answer_from_json
from jtbd.store.schema import answer, assignment, outcome, page_save, response, wave
from jtbd.store.surveys import plan_in, revisions_in, survey_in
from jtbd.survey.model import Page, Survey
from jtbd.survey.standing import page_to_go_on

Key = TypeVar("Key", bound=Hashable)
Standing = Counter[tuple[str, bool, bool]]
"""Of how many responses a page is the one to go on with; by page, whether they are idle, and saved it before."""

Counted = list[tuple[Row[Any], int]]
"""``status, idle, language, wave, excluded``, and of how many responses that is true."""


@dataclass(frozen=True)
class Reach:
    """How far responses got. ``in_progress`` saved a page within 24 hours, ``abandoned`` did not."""

    completed: int = 0
    in_progress: int = 0
    abandoned: int = 0
    screened_out: int = 0

    @property
    def started(self) -> int:
        """All of them."""
        return self.completed + self.in_progress + self.abandoned + self.screened_out

    @property
    def completion_rate(self) -> float | None:
        """Completed among those who began and were not screened out, 0..1; ``None`` where nobody was."""
        could = self.started - self.screened_out
        return self.completed / could if could else None


@dataclass(frozen=True)
class PageReach:
    """A page, and how many came to it, saved it, are on it now, and left the survey there."""

    page: Page
    reached: int
    saved: int
    here: int
    left: int


@dataclass(frozen=True)
class Progress:
    """The progress of a study.

    Parameters
    ----------
    simulated : bool
        Whether the responses counted are simulated, as no real one has begun.
    total : Reach
    excluded : int
        Of all who began, how many somebody excluded.
    by_language, by_wave : mapping to Reach
        Waves by number, ``None`` for responses that belong to none; both in order.
    pages : tuple of PageReach
        In the order of the newest revision; pages that only older ones had come last.
    quartiles : tuple of float, or None
        Seconds to complete, of those complete responses of which every page's time is known.
    timed : int
        How many these are.
    last_saved_at : datetime or None
        When a page was last saved.
    """

    simulated: bool = False
    total: Reach = Reach()
    excluded: int = 0
    by_language: Mapping[str, Reach] = field(default_factory=dict)
    by_wave: Mapping[int | None, Reach] = field(default_factory=dict)
    pages: tuple[PageReach, ...] = ()
    quartiles: tuple[float, float, float] | None = None
    timed: int = 0
    last_saved_at: datetime | None = None


def load_progress(db: Database, slug: str, now: datetime) -> Progress:
    """How a study goes: of its real responses, or of the simulated ones until a real one has begun.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        mine = survey_in(connection, slug)
        plans = {one.id: plan_in(db, connection, one.id) for one in revisions_in(connection, mine.id)}
        counted, simulated = _counted(connection, mine.id)
        groups = _groups(connection, counted, now)
        saves = _saves(connection, counted)
        stand = _standing(connection, counted, plans, now)
        times = _times(connection, counted)
    waves = _reach(groups, lambda row: row.wave)
    return Progress(
        simulated=simulated and bool(groups),
        total=_reach(groups, lambda _: "").get("", Reach()),
        excluded=sum(number for row, number in groups if row.excluded),
        by_language=dict(sorted(_reach(groups, lambda row: row.language).items())),
        by_wave={number: waves[number] for number in sorted(waves, key=lambda one: one or 0)},
        pages=tuple(_pages([plans[one] for one in sorted(plans, reverse=True)], saves, stand)),
        quartiles=_quartiles(times),
        timed=sum(times.values()),
        last_saved_at=max((at for _, at in saves.values()), default=None),
    )


def _counted(connection: Connection, survey_id: int) -> tuple[ColumnElement[bool], bool]:
    """The responses that count, and whether they are simulated."""
    real, simulated = (
        (response.c.survey_id == survey_id) & (response.c.kind == kind) for kind in ("real", "simulated")
    )
    if connection.execute(select(response.c.id).where(real).limit(1)).first():
        return real, False
    return simulated, True


def _groups(connection: Connection, counted: ColumnElement[bool], now: datetime) -> Counted:
    columns = (
        response.c.status,
        _idle(now).label("idle"),
        response.c.language,
        wave.c.number.label("wave"),
        response.c.excluded_at.is_not(None).label("excluded"),
    )
    query = select(*columns, func.count().label("number")).outerjoin_from(response, wave).where(counted)
    return [(row, row.number) for row in connection.execute(query.group_by(*columns))]


def _idle(now: datetime) -> ColumnElement[bool]:
    return response.c.updated_at < now - EXPIRES_AFTER


def _reach(groups: Counted, group: Callable[[Row[Any]], Key]) -> dict[Key, Reach]:
    """How far the responses of each group got."""
    numbers: defaultdict[Key, Counter[str]] = defaultdict(Counter)
    states = {"complete": "completed", "screened_out": "screened_out"}
    for row, number in groups:
        state = states.get(row.status, "abandoned" if row.idle else "in_progress")
        numbers[group(row)][state] += number
    return {key: Reach(**counts) for key, counts in numbers.items()}


def _saves(connection: Connection, counted: ColumnElement[bool]) -> dict[str, tuple[int, datetime]]:
    """By page, how many saved it and when somebody last did."""
    query = select(page_save.c.page, func.count(), func.max(page_save.c.saved_at)).join(response).where(counted)
    return {page: (number, at) for page, number, at in connection.execute(query.group_by(page_save.c.page))}


def _times(connection: Connection, counted: ColumnElement[bool]) -> dict[int, int]:
    """Seconds to complete, and how many took so long: complete responses, every page's time known."""
    each = (
        select(func.sum(page_save.c.seconds).label("seconds"))
        .join(response, response.c.id == page_save.c.response_id)
        .where(counted, response.c.status == "complete")
        .group_by(page_save.c.response_id)
        .having(func.count() == func.count(page_save.c.seconds))
        .subquery()
    )
    query = select(each.c.seconds, func.count()).group_by(each.c.seconds)
    return {int(seconds): number for seconds, number in connection.execute(query)}


def _quartiles(times: Mapping[int, int]) -> tuple[float, float, float] | None:
    if not times:
        return None
    first, median, third = np.quantile(np.repeat(list(times), list(times.values())), (0.25, 0.5, 0.75)).tolist()
    return first, median, third


def _standing(
    connection: Connection, counted: ColumnElement[bool], plans: Mapping[int, Survey], now: datetime
) -> Standing:
    """Where responses are that go on or were abandoned."""
    going = [counted, response.c.status == "in_progress"]
    saved = select(func.aggregate_strings(page_save.c.page, ",")).where(page_save.c.response_id == response.c.id)
    columns = (response.c.id, response.c.revision_id, _idle(now).label("idle"), saved.scalar_subquery().label("saved"))
    rows = connection.execute(select(*columns).where(*going)).all()
    answers, modes = _answers(connection, going, plans)
    asked = _assignments(connection, going, plans)
    known: dict[tuple[object, ...], tuple[str, bool]] = {}
    stand: Standing = Counter()
    for row in rows:
        answered, chosen = frozenset(answers[row.id]), asked.get(row.id, {})
        alike = (row.revision_id, row.saved, answered, modes.get(row.id), *chosen.items())
        if alike not in known:
            saves = (row.saved or "").split(",")
            page = page_to_go_on(plans[row.revision_id], modes.get(row.id), chosen, answered, saves)
            known[alike] = page.id, page.id in saves
        page_id, is_saved = known[alike]
        stand[page_id, bool(row.idle), is_saved] += 1
    return stand


def _answers(
    connection: Connection, going: Sequence[ColumnElement[bool]], plans: Mapping[int, Survey]
) -> tuple[defaultdict[int, list[str]], dict[int, str]]:
    """Which required questions each response answered, and the mode it chose."""
    mode_questions = {one.id for plan in plans.values() if (one := plan.question_as("mode"))}
    needed = mode_questions | {one.id for plan in plans.values() for one in plan.questions if one.required}
    query = select(answer.c.response_id, answer.c.question, answer.c.value).join(response)
    answers: defaultdict[int, list[str]] = defaultdict(list)
    modes: dict[int, str] = {}
    for response_id, question, value in connection.execute(query.where(*going, answer.c.question.in_(needed))):
        answers[response_id].append(question)
        if question in mode_questions:
            modes[response_id] = str(answer_from_json(value))
    return answers, modes


def _assignments(
    connection: Connection, going: Sequence[ColumnElement[bool]], plans: Mapping[int, Survey]
) -> dict[int, dict[str, tuple[str, ...]]]:
    """What each response is asked of each map, where a design left that open."""
    if not any(plan.design.is_assigned for plan in plans.values()):
        return {}
    key_of = {str(number): key for number, key in connection.execute(select(outcome.c.id, outcome.c.key))}
    query = select(assignment.c.response_id, assignment.c.map, assignment.c.outcomes).join(response).where(*going)
    found: dict[int, dict[str, tuple[str, ...]]] = {}
    for response_id, job_map, numbers in connection.execute(query):
        found.setdefault(response_id, {})[job_map] = tuple(key_of[number] for number in numbers.split(","))
    return found


def _pages(plans: Sequence[Survey], saves: Mapping[str, tuple[int, datetime]], stand: Standing) -> Iterator[PageReach]:
    """Every page of the newest plan, and those of older ones that somebody came to."""
    pages = _by_id(plans)
    current = {page.id for page in plans[0].pages}
    for page in pages.values():
        saved, _ = saves.get(page.id, (0, None))
        here, left = (stand[page.id, idle, False] + stand[page.id, idle, True] for idle in (False, True))
        reached = saved + stand[page.id, False, False] + stand[page.id, True, False]
        if page.id in current or reached:
            yield PageReach(page, reached, saved, here, left)


def _by_id(plans: Sequence[Survey]) -> dict[str, Page]:
    """Pages by id, as the first of the plans that has one says it."""
    pages: dict[str, Page] = {}
    for plan in plans:
        for page in plan.pages:
            pages.setdefault(page.id, page)
    return pages
