"""Stored responses as :class:`Ratings`: which of them count, and in which columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, Text, cast, func, select, true

from jtbd.ratings.model import Codes, Labels, Marks, Ratings
from jtbd.store.answer_json import answer_from_json
from jtbd.store.columns import column_names
from jtbd.store.database import Database
from jtbd.store.schema import answer, invitation, not_applicable, outcome, rating, response, revision
from jtbd.store.schema import wave as wave_table
from jtbd.store.surveys import outcome_ids_in, plan_in, revisions_in, survey_in
from jtbd.survey.columns import ABOUT_RESPONSES, PANEL, column_of
from jtbd.survey.model import SCALES, Scale, Survey


@dataclass(frozen=True)
class Delivered:
    """A survey's data, ready to be scored.

    Parameters
    ----------
    ratings : Ratings
        One row a response, in the order of `response_ids`. Attributes, as text: a profile question each (several
        values joined by ``;``), under the name that :func:`~jtbd.survey.columns.column_of` gives, ``wave``,
        ``status``, ``language`` and ``revision``; ``panel_id`` where one is known.
    plan : Survey
        The newest revision.
    response_ids : int array (n,)
        Ascending.
    simulated : bool
        True if these are simulated responses, as there are no real ones yet.
    n_excluded : int
        Responses that somebody excluded; they are left out unless they were asked for.
    wording_split : tuple of str
        Columns ``outcome@rN`` that hold ratings of an older wording.
    data_version : str
        See :func:`data_version`.
    """

    ratings: Ratings
    plan: Survey
    response_ids: NDArray[np.int64]
    simulated: bool
    n_excluded: int
    wording_split: tuple[str, ...]
    data_version: str


def load_ratings(
    db: Database, slug: str, *, wave: int | None = None, complete_only: bool = False, with_excluded: bool = False
) -> Delivered:
    """Every response of a survey that counts.

    These are the responses with at least one rating, those in progress or abandoned included; no test and no excluded
    ones, and simulated ones only while no real response has a rating.

    Parameters
    ----------
    wave : int, optional
        Only this wave.
    complete_only : bool
        Leave out those in progress, abandoned or screened out.
    with_excluded : bool
        The excluded ones too, for looking at them.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        mine = survey_in(connection, slug)
        simulated = not _rated_exists(connection, mine.id, "real")
        conditions = _conditions(mine.id, "simulated" if simulated else "real", wave, complete_only=complete_only)
        counted = true() if with_excluded else response.c.excluded_at.is_(None)
        rows = connection.execute(_packed().where(*conditions, counted).order_by(response.c.id)).all()
        revisions = revisions_in(connection, mine.id)
        plans = {one.number: plan_in(db, connection, one.id) for one in revisions}
        newest = plans[mine.revision_number]
        names = column_names(list(plans.items()))
        numbers = outcome_ids_in(db, connection, {key for _, key in names})
        outcomes, matrices = _matrices(rows, names, numbers, always=len(newest.outcomes))
        offers = any(one.not_applicable for one in plans.values())
        marks = _not_applicable(connection, [*conditions, counted], rows, outcomes, names) if offers else None
        attributes = _profile(connection, [*conditions, counted], [row.id for row in rows], plans)
        return Delivered(
            Ratings(
                outcomes,
                {scale: matrices[scale] for scale in newest.scales},
                attributes | _about(rows),
                not_applicable=marks,
            ),
            newest,
            np.array([row.id for row in rows], np.int64),
            simulated and bool(rows),
            _count(connection, [*conditions, response.c.excluded_at.is_not(None)]),
            tuple(name for name in outcomes if name not in numbers),
            _version(connection, mine.id, mine.revision_id),
        )


def count_rated(db: Database, slug: str) -> tuple[int, bool]:
    """Of how many responses :func:`load_ratings` would deliver ratings, and whether they are simulated.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        mine = survey_in(connection, slug)
        simulated = not _rated_exists(connection, mine.id, "real")
        conditions = _conditions(mine.id, "simulated" if simulated else "real", None, complete_only=False)
        number = _count(connection, [*conditions, response.c.excluded_at.is_(None)])
    return number, simulated and number > 0


def data_version(db: Database, slug: str) -> str:
    """A text that is different after every change of a response that may count, and after every publication.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        mine = survey_in(connection, slug)
        return _version(connection, mine.id, mine.revision_id)


def _version(connection: Connection, survey_id: int, revision_id: int) -> str:
    # A response's version only goes up. Between two moments with the same count and the same largest id none was
    # added, as ids are never given out again, so none was erased either: then any change makes the sum larger.
    numbers = select(func.count(), func.max(response.c.id), func.sum(response.c.version))
    row = connection.execute(numbers.where(response.c.survey_id == survey_id, response.c.kind != "test")).one()
    return ".".join(str(number or 0) for number in (revision_id, *row))


_HAS_RATING = select(rating.c.response_id).where(rating.c.response_id == response.c.id).exists()


def _rated_exists(connection: Connection, survey_id: int, kind: str) -> bool:
    found = select(response.c.id).where(response.c.survey_id == survey_id, response.c.kind == kind, _HAS_RATING)
    return connection.execute(found.limit(1)).first() is not None


def _conditions(
    survey_id: int, kind: str, wave_number: int | None, *, complete_only: bool
) -> list[ColumnElement[bool]]:
    conditions = [response.c.survey_id == survey_id, response.c.kind == kind, _HAS_RATING]
    if complete_only:
        conditions.append(response.c.status == "complete")
    if wave_number is not None:
        of_wave = select(wave_table.c.id).where(wave_table.c.survey_id == survey_id, wave_table.c.number == wave_number)
        conditions.append(response.c.wave_id.in_(of_wave))
    return conditions


def _packed() -> Select[Any]:
    """A row for each response with all its ratings as one text: 1M ratings as rows take three times as long."""
    number = cast(rating.c.outcome_id, Integer) * 216  # outgrows PostgreSQL's smallint at 152 outcomes
    for scale, factor in zip(SCALES, (36, 6, 1), strict=True):
        number += func.coalesce(rating.c[scale], 0) * factor
    packed = select(func.aggregate_strings(cast(number, Text), ",")).where(rating.c.response_id == response.c.id)
    return (
        select(
            response.c.id,
            response.c.status,
            response.c.language,
            revision.c.number.label("revision"),
            wave_table.c.number.label("wave"),
            func.coalesce(invitation.c.panel_id, response.c.panel_id).label("panel_id"),
            packed.scalar_subquery().label("packed"),
        )
        .join(revision, revision.c.id == response.c.revision_id)
        .outerjoin(wave_table, wave_table.c.id == response.c.wave_id)
        .outerjoin(invitation, invitation.c.response_id == response.c.id)
    )


def _count(connection: Connection, conditions: Sequence[ColumnElement[bool]]) -> int:
    return connection.execute(select(func.count()).select_from(response).where(*conditions)).scalar_one()


def _matrices(
    rows: Sequence[Row[Any]], names: dict[tuple[int, str], str], numbers: dict[str, int], *, always: int
) -> tuple[tuple[str, ...], dict[Scale, Codes]]:
    """Columns and a matrix for each scale, from the packed rows.

    The first `always` columns are there even if nobody rated them; others only if somebody did.
    """
    columns = list(dict.fromkeys(names.values()))
    # column of (revision, outcome number): a table is what numpy can look a million ratings up in at once
    largest = max((number for number, _ in names), default=0), max(numbers.values(), default=0)
    place = np.zeros([number + 1 for number in largest], np.intp)
    for (revision_number, key), name in names.items():
        place[revision_number, numbers[key]] = columns.index(name)

    ratings_of = np.array([row.packed.count(",") + 1 for row in rows], np.intp)
    codes = np.fromstring(",".join(row.packed for row in rows), np.int64, sep=",") if rows else np.empty(0, np.int64)
    outcome_number, code = np.divmod(codes, 216)
    respondent = np.repeat(np.arange(len(rows)), ratings_of)
    column = place[np.repeat(np.array([row.revision for row in rows], np.intp), ratings_of), outcome_number]

    shown = np.bincount(column, minlength=len(columns)) > 0
    shown[:always] = True
    matrices: dict[Scale, Codes] = {}
    for scale, factor in zip(SCALES, (36, 6, 1), strict=True):
        matrix = np.zeros((len(rows), len(columns)), np.uint8)
        matrix[respondent, column] = code // factor % 6
        matrices[scale] = matrix[:, shown]
    return tuple(name for name, is_shown in zip(columns, shown, strict=True) if is_shown), matrices


def _not_applicable(
    connection: Connection,
    conditions: Sequence[ColumnElement[bool]],
    rows: Sequence[Row[Any]],
    outcomes: Sequence[str],
    names: dict[tuple[int, str], str],
) -> Marks:
    """Who said of which outcome that it does not apply (n, J); `names` are columns by revision and outcome."""
    marks = np.zeros((len(rows), len(outcomes)), bool)
    place = {row.id: (number, row.revision) for number, row in enumerate(rows)}
    column = {name: j for j, name in enumerate(outcomes)}
    query = (
        select(not_applicable.c.response_id, outcome.c.key)
        .join(response)
        .join(outcome, outcome.c.id == not_applicable.c.outcome_id)
        .where(*conditions)
    )
    for response_id, key in connection.execute(query):
        row, revision_number = place[response_id]
        name = names[revision_number, key]
        if name in column:  # an older wording that nobody rated has none
            marks[row, column[name]] = True
    return marks


def _profile(
    connection: Connection, conditions: Sequence[ColumnElement[bool]], ids: Sequence[int], plans: dict[int, Survey]
) -> dict[str, Labels]:
    """A column of text for each profile question of any revision, the newest revision's first."""
    questions = dict.fromkeys(question.id for plan in reversed(plans.values()) for question in plan.questions)
    columns = {question: np.full(len(ids), "", object) for question in questions}
    row_of = {response_id: row for row, response_id in enumerate(ids)}
    text_of: dict[str, str] = {}  # few different answers, many responses
    query = select(answer.c.response_id, answer.c.question, answer.c.value).join(response).where(*conditions)
    for response_id, question, stored in connection.execute(query):
        if stored not in text_of:
            value = answer_from_json(stored)
            text_of[stored] = ";".join(value) if isinstance(value, tuple) else str(value)
        columns[question][row_of[response_id]] = text_of[stored]
    return {column_of(question): column for question, column in columns.items()}


def _about(rows: Sequence[Row[Any]]) -> dict[str, Labels]:
    known = [PANEL] if any(row.panel_id is not None for row in rows) else []
    about = {name: np.full(len(rows), "", object) for name in (*ABOUT_RESPONSES, *known)}
    for name, column in about.items():
        column[:] = ["" if row._mapping[name] is None else str(row._mapping[name]) for row in rows]
    return about
