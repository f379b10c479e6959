"""All that a response holds, read at once: every page that is shown or saved begins with it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Select, Text, bindparam, cast, func, select

from jtbd.store.answer_json import answer_from_json
from jtbd.store.database import Database
from jtbd.store.prepared import Prepared, Row
from jtbd.store.responses import ResponseRow, code_hash
from jtbd.store.schema import (
    answer,
    assignment,
    attention_answer,
    not_applicable,
    page_save,
    rating,
    response,
    revision,
    survey,
    wave,
)
from jtbd.store.surveys import outcome_keys
from jtbd.survey.design import Assignments
from jtbd.survey.model import SCALES, Answer, Rating


@dataclass(frozen=True)
class Held:
    """A response with its answers.

    Parameters
    ----------
    row : ResponseRow
    newest_revision_id : int
        Of its survey, whose quotas are in force.
    answers : mapping
        By question.
    ratings : mapping
        By outcome.
    attention : mapping
        By attention item.
    not_applicable : frozenset of str
        The outcomes of which its respondent says that they do not apply.
    saves : mapping
        How often each page was saved; pages that were not are left out.
    assigned : mapping
        By map, the outcomes this response is asked, in the order shown; empty where the design leaves nothing open.
    """

    row: ResponseRow
    newest_revision_id: int
    answers: Mapping[str, Answer]
    ratings: Mapping[str, Rating]
    attention: Mapping[str, Rating]
    not_applicable: frozenset[str]
    saves: Mapping[str, int]
    assigned: Assignments


def find_held(db: Database, code: str) -> Held | None:
    """The response of the respondent who holds this code."""
    return held_of(db, "code_hash", code_hash(code))


def held_of(db: Database, column: str, value: str | int) -> Held | None:
    """The response that has this value in a column where no other has it: ``code_hash`` or ``id``."""
    found = db.look_up(_held_by(column), wanted=value)
    return _read(db, found[0]) if found else None


_ROW = tuple(name for name in ResponseRow.__annotations__ if name not in {"slug", "wave"})


def _read(db: Database, found: Row) -> Held:
    row, (slug, wave_number, newest), packed = found[: len(_ROW)], found[len(_ROW) : -_PARTS], found[-_PARTS:]
    answers, ratings, attention, outside, saves, assigned = json.loads(f"[{','.join(one or '[]' for one in packed)}]")
    by_map = {job_map: [int(number) for number in numbers.split(",")] for job_map, numbers in assigned}
    numbers = [number for number, *_ in (*ratings, *outside)]
    key = outcome_keys(db, [*numbers, *(number for some in by_map.values() for number in some)])
    return Held(
        ResponseRow(**dict(zip(_ROW, row, strict=True)), slug=slug, wave=wave_number),
        newest,
        {question: answer_from_json(given) for question, given in answers},
        {key[number]: Rating(*values) for number, *values in ratings},
        {item: Rating(*values) for item, *values in attention},
        frozenset(key[number] for (number,) in outside),
        dict(saves),
        {job_map: tuple(key[number] for number in some) for job_map, some in by_map.items()},
    )


_PARTS = 6
"""What is packed as JSON: see :func:`_statement`."""


@cache
def _held_by(column: str) -> Prepared:
    return Prepared(lambda dialect: _statement(dialect, column))


def _statement(dialect: str, column: str) -> Select[Any]:
    """One statement for everything: ten small ones take several times as long, most of it outside the database."""
    newest = select(func.max(revision.c.id)).where(revision.c.survey_id == survey.c.id)
    parts = [
        _packed(dialect, answer, answer.c.question, answer.c.value),
        _packed(dialect, rating, rating.c.outcome_id, *(rating.c[scale] for scale in SCALES)),
        _packed(dialect, attention_answer, attention_answer.c.item, *(attention_answer.c[scale] for scale in SCALES)),
        _packed(dialect, not_applicable, not_applicable.c.outcome_id),
        _packed(dialect, page_save, page_save.c.page, page_save.c.saves),
        _packed(dialect, assignment, assignment.c.map, assignment.c.outcomes),
    ]
    return (
        select(
            *(response.c[name] for name in _ROW),
            survey.c.slug,
            wave.c.number,
            newest.correlate(survey).scalar_subquery(),
            *parts,
        )
        .join(survey, survey.c.id == response.c.survey_id)
        .outerjoin(wave, wave.c.id == response.c.wave_id)
        .where(response.c[column] == bindparam("wanted"))
    )


def _packed(dialect: str, table: FromClause, *columns: ColumnElement[Any]) -> Any:
    """The response's rows of a table as the text of a JSON array of arrays."""
    if dialect == "sqlite":
        rows: Any = func.json_group_array(func.json_array(*columns))
    else:
        rows = cast(func.json_agg(func.json_build_array(*columns)), Text)
    return select(rows).where(table.c.response_id == response.c.id).correlate(response).scalar_subquery()
