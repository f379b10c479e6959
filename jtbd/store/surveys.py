"""Published surveys: their revisions, whether they are open, and how many responses they have."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, Select, bindparam, func, insert, select, update

from jtbd.store.database import Database
from jtbd.store.dialects import insert_missing
from jtbd.store.events import NOT_RECORDED, record_event
from jtbd.store.places import take_stock
from jtbd.store.plan_json import plan_from_json, plan_hash, plan_to_json
from jtbd.store.prepared import Prepared
from jtbd.store.refusals import SurveyUnknown
from jtbd.store.schema import outcome, response, revision, survey
from jtbd.survey.model import Survey

Status = Literal["open", "paused", "closed"]


@dataclass(frozen=True)
class SurveyRow:
    """A survey with its newest revision."""

    id: int
    slug: str
    title: str
    status: Status
    revision_id: int
    revision_number: int
    plan_hash: str
    published_at: datetime


@dataclass(frozen=True)
class Published:
    """What publishing did. ``is_new`` is False if the newest revision already was this plan."""

    revision_number: int
    is_new: bool


@dataclass(frozen=True)
class ResponseCounts:
    """Every response of a survey, each counted once.

    ``complete``, ``in_progress``, ``screened_out`` and ``quota_full`` are real responses; ``excluded`` are real or
    simulated ones somebody took out; ``simulated`` the rest of the simulated ones; ``test`` all tests.
    """

    complete: int = 0
    in_progress: int = 0
    screened_out: int = 0
    quota_full: int = 0
    excluded: int = 0
    test: int = 0
    simulated: int = 0


def publish(db: Database, plan: Survey, now: datetime) -> Published:
    """Freeze a plan as the newest revision of its survey, unless that is what the newest revision is already.

    The first revision opens the survey; later ones leave it open or closed as it is.
    """
    digest = plan_hash(plan)
    with db.write() as connection:
        survey_id = _own_survey(connection, plan, now)
        newest = connection.execute(
            select(revision.c.id, revision.c.number, revision.c.plan_hash)
            .where(revision.c.survey_id == survey_id)
            .order_by(revision.c.number.desc())
            .limit(1)
        ).one_or_none()
        if newest and newest.plan_hash == digest:
            return Published(newest.number, is_new=False)
        number = newest.number + 1 if newest else 1
        connection.execute(
            insert(revision).values(
                survey_id=survey_id, number=number, plan=plan_to_json(plan), plan_hash=digest, published_at=now
            )
        )
        connection.execute(update(survey).where(survey.c.id == survey_id).values(title=plan.title))
        _number_outcomes(connection, plan.outcomes)
        if plan.quotas != (plan_in(db, connection, newest.id).quotas if newest else ()):
            take_stock(connection, survey_id, plan.quotas, now)
    return Published(number, is_new=True)


def _own_survey(connection: Connection, plan: Survey, now: datetime) -> int:
    """The survey's id, its row made if need be and locked, so that nobody else publishes at the same time."""
    mine = select(survey.c.id).where(survey.c.slug == plan.slug).with_for_update()
    found = connection.execute(mine).scalar_one_or_none()
    if found is None:
        row = {"slug": plan.slug, "title": plan.title, "status": "open", "opened_at": now}
        insert_missing(connection, survey, [row])
        found = connection.execute(mine).scalar_one()
    return int(found)


def _number_outcomes(connection: Connection, keys: Iterable[str]) -> None:
    wanted = set(keys)
    known = set(connection.execute(select(outcome.c.key).where(outcome.c.key.in_(wanted))).scalars())
    # sorted: two who publish shared outcomes at once then wait for each other in one order
    insert_missing(connection, outcome, [{"key": key} for key in sorted(wanted - known)])


def outcome_ids_in(db: Database, connection: Connection, keys: Iterable[str]) -> dict[str, int]:
    """The numbers of outcomes (all those ever published have one), within a transaction."""
    keys = set(keys)
    if not keys <= db.outcome_ids.keys():
        query = select(outcome.c.key, outcome.c.id).where(outcome.c.key.in_(keys))
        db.outcome_ids.update((key, number) for key, number in connection.execute(query))
    return {key: db.outcome_ids[key] for key in keys}


def outcome_keys(db: Database, numbers: Iterable[int]) -> Mapping[int, str]:
    """The outcomes of these numbers; others may be among them."""
    if not db.outcome_keys.keys() >= set(numbers):
        with db.read() as connection:
            rows = connection.execute(select(outcome.c.id, outcome.c.key))
            db.outcome_keys.update((number, key) for number, key in rows)
    return db.outcome_keys


def _surveys() -> Select[Any]:
    numbers = select(func.max(revision.c.number)).where(revision.c.survey_id == survey.c.id)
    newest = numbers.correlate(survey).scalar_subquery()
    return (
        select(
            survey.c.id,
            survey.c.slug,
            survey.c.title,
            survey.c.status,
            revision.c.id.label("revision_id"),
            revision.c.number.label("revision_number"),
            revision.c.plan_hash,
            revision.c.published_at,
        )
        .join(revision, revision.c.survey_id == survey.c.id)
        .where(revision.c.number == newest)
    )


_NAMED = Prepared(lambda _: _surveys().where(survey.c.slug == bindparam("slug")))


def survey_in(connection: Connection, slug: str) -> SurveyRow:
    """The survey, within a transaction.

    Raises
    ------
    SurveyUnknown
    """
    found = _NAMED.rows(connection, slug=_sayable(slug))
    if not found:
        raise SurveyUnknown(slug, connection.execute(select(survey.c.slug).order_by(survey.c.slug)).scalars().all())
    return SurveyRow(*found[0])


def survey_named(db: Database, slug: str) -> SurveyRow:
    """The survey of this name.

    Raises
    ------
    SurveyUnknown
    """
    if (row := find_survey(db, slug)) is not None:
        return row
    with db.read() as connection:
        return survey_in(connection, slug)


def _sayable(slug: str) -> str:
    """What can be asked for: no text in PostgreSQL can hold NUL, but an address somebody types can."""
    return slug.replace("\0", "?")


def find_survey(db: Database, slug: str) -> SurveyRow | None:
    """The survey of this name, if it was ever published."""
    found = db.look_up(_NAMED, slug=_sayable(slug))
    return SurveyRow(*found[0]) if found else None


def open_surveys(db: Database) -> list[SurveyRow]:
    """The surveys that take responses, by slug."""
    query = _surveys().where(survey.c.status == "open").order_by(survey.c.slug)
    with db.read() as connection:
        return [SurveyRow(**row._mapping) for row in connection.execute(query)]


def list_surveys(db: Database) -> list[tuple[SurveyRow, ResponseCounts]]:
    """Every survey by slug, with how many responses it has."""
    with db.read() as connection:
        rows = [SurveyRow(**row._mapping) for row in connection.execute(_surveys().order_by(survey.c.slug))]
        counted = _counted(connection, None)
    return [(row, counted.get(row.id, ResponseCounts())) for row in rows]


def counts(db: Database, slug: str) -> ResponseCounts:
    """How many responses a survey has.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        survey_id = survey_in(connection, slug).id
        return _counted(connection, survey_id).get(survey_id, ResponseCounts())


def _counted(connection: Connection, survey_id: int | None) -> Mapping[int, ResponseCounts]:
    excluded = response.c.excluded_at.is_not(None)
    columns = (response.c.survey_id, response.c.kind, response.c.status, excluded)
    query = select(*columns, func.count()).group_by(*columns)
    if survey_id is not None:
        query = query.where(response.c.survey_id == survey_id)
    tallies: defaultdict[int, defaultdict[str, int]] = defaultdict(lambda: defaultdict(int))
    for of_survey, kind, status, is_excluded, number in connection.execute(query):
        counted_as = "test" if kind == "test" else "excluded" if is_excluded else kind if kind != "real" else status
        tallies[of_survey][counted_as] += number
    return {of_survey: ResponseCounts(**tally) for of_survey, tally in tallies.items()}


def load_plan(db: Database, revision_id: int) -> Survey:
    """The plan of a revision; read once, as a published revision never changes.

    Raises
    ------
    LookupError
        If there is no such revision.
    """
    if revision_id not in db.plans:
        with db.read() as connection:
            return plan_in(db, connection, revision_id)
    return db.plans[revision_id]


def plan_in(db: Database, connection: Connection, revision_id: int) -> Survey:
    """:func:`load_plan` within a transaction: a second connection could wait for the first for ever."""
    if revision_id not in db.plans:
        query = select(revision.c.plan).where(revision.c.id == revision_id)
        text = connection.execute(query).scalar_one_or_none()
        if text is None:
            raise LookupError(f"there is no revision {revision_id}")
        db.plans[revision_id] = plan_from_json(text)
    return db.plans[revision_id]


def revisions_in(connection: Connection, survey_id: int) -> list[Row[Any]]:
    """``id, number, published_at`` of a survey's revisions, the oldest first."""
    columns = (revision.c.id, revision.c.number, revision.c.published_at)
    query = select(*columns).where(revision.c.survey_id == survey_id).order_by(revision.c.number)
    return list(connection.execute(query))


def plan_history(db: Database, slug: str) -> list[tuple[int, datetime, Survey]]:
    """Number, time and plan of each revision, the oldest first.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        rows = revisions_in(connection, survey_in(connection, slug).id)
        return [(row.number, row.published_at, plan_in(db, connection, row.id)) for row in rows]


def set_status(db: Database, slug: str, status: Status, now: datetime, by: str = NOT_RECORDED) -> None:
    """Open a survey, pause it or close it. Whoever has begun may go on whatever it is; `by` is who changes it.

    Raises
    ------
    SurveyUnknown
    """
    with db.write() as connection:
        row = survey_in(connection, slug)
        if row.status != status:
            closed_at = now if status == "closed" else None
            change = update(survey).where(survey.c.id == row.id).values(status=status, closed_at=closed_at)
            connection.execute(change)
            record_event(connection, row.id, status, "", by, now)
