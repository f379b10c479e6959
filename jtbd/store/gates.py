"""The gates on a respondent's way: screeners and quotas, judged in the transaction that stores the answers.

Quotas in force are those of the newest revision, for everybody: publishing again changes a limit in the field. Who
saves answers to questions, completes, or comes back after their time was up waits for the others of the survey, so
that a place is given once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Select, bindparam, select, update

from jtbd.store.activity import active_time, has_expired, stored_time
from jtbd.store.answer_json import answer_from_json
from jtbd.store.database import Database
from jtbd.store.places import keep_places, places_of, taken
from jtbd.store.prepared import Prepared
from jtbd.store.refusals import ResponseUnknown
from jtbd.store.schema import answer, page_save, response, revision, survey
from jtbd.store.surveys import plan_in
from jtbd.survey.gates import asked_for, counted_in, screened_by
from jtbd.survey.model import Answer, Quota, Submission, Survey

Status = Literal["in_progress", "complete", "screened_out", "quota_full"]

_NEWEST = select(revision.c.id).order_by(revision.c.number.desc()).limit(1)


def _standing(_dialect: str) -> Select[Any]:
    names = ("survey_id", "wave_id", "revision_id", "kind", "status", "excluded_at", "active_at")
    newest = _NEWEST.where(revision.c.survey_id == response.c.survey_id).correlate(response).scalar_subquery()
    return select(*(response.c[name] for name in names), newest).where(response.c.id == bindparam("mine"))


_STANDING = Prepared(_standing)


@dataclass(frozen=True)
class Gates:
    """What a response has to pass: the screeners of its own plan, and the quotas in force.

    ``quotas`` is empty for responses that take no places: all but real ones that are not excluded. ``was_away`` says
    that it had expired, so that its places may be others' by now.
    """

    response_id: int
    survey_id: int
    wave_id: int | None
    status: Status
    plan: Survey
    quotas: tuple[Quota, ...]
    was_away: bool

    @property
    def are_open(self) -> bool:
        """Whether nothing a respondent answers can end the response."""
        questions = self.plan.questions
        return not self.quotas and not any(option.screens_out for one in questions for option in one.options)


def gates_of(db: Database, connection: Connection, response_id: int, now: datetime) -> Gates:
    """The gates before a response.

    Raises
    ------
    ResponseUnknown
    """
    found = _STANDING.rows(connection, mine=response_id)
    if not found:
        raise ResponseUnknown(response_id)
    survey_id, wave_id, revision_id, kind, status, excluded_at, active_at, newest = found[0]
    takes_places = kind == "real" and excluded_at is None
    return Gates(
        response_id,
        survey_id,
        wave_id,
        status,
        plan_in(db, connection, revision_id),
        plan_in(db, connection, newest).quotas if takes_places else (),
        status == "in_progress" and has_expired(active_at, now),
    )


def quotas_in_force(db: Database, connection: Connection, survey_id: int) -> tuple[Quota, ...]:
    """The quotas of the survey's newest revision."""
    newest = _NEWEST.where(revision.c.survey_id == survey_id)
    return plan_in(db, connection, connection.execute(newest).scalar_one()).quotas


def are_due(connection: Connection, gates: Gates, submission: Submission) -> bool:
    """Whether a page that is saved has to be judged: it answers questions, or the response has lost or lacks a place.

    To rate needs no judging, so that those who do never wait for each other.
    """
    if gates.are_open:
        return False
    if submission.answers or gates.was_away:
        return True
    for_all = {quota.id for quota in gates.quotas if not quota.where}
    return bool(for_all) and not for_all <= places_of(connection, gates.response_id)


def wait_for_turn(db: Database, connection: Connection, gates: Gates, now: datetime) -> Gates:
    """Let nobody else take places of the survey until the transaction ends; returns the gates as they are then.

    To be called before a response is locked. Those who begin responses do not wait, nor those who only rate.
    """
    if not gates.quotas:
        return gates
    lock = select(survey.c.id).where(survey.c.id == gates.survey_id).with_for_update(key_share=True)
    connection.execute(lock).close()
    return gates_of(db, connection, gates.response_id, now)


def pass_gates(connection: Connection, gates: Gates, now: datetime) -> Status:
    """Judge a response in progress by the pages it has saved: it takes its places, or ends.

    Returns
    -------
    str
        ``in_progress`` if its respondent may go on.
    """
    if gates.are_open:
        return "in_progress"
    answers, saved = _saved(connection, gates)
    if question := screened_by(gates.plan, answers, saved):
        return _end(connection, gates, "screened_out", question, now)
    if not gates.quotas or not saved:
        return "in_progress"
    wanted = counted_in(gates.quotas, answers)
    held = set() if gates.was_away else places_of(connection, gates.response_id)
    if missing := [quota for quota in wanted if quota.id not in held]:
        others = taken(connection, gates.survey_id, gates.wave_id, missing, now, besides=gates.response_id)
        for quota in missing:
            number = others.get((quota.id, "complete"), 0) + others.get((quota.id, "in_progress"), 0)
            if number >= quota.limit:
                return _end(connection, gates, "quota_full", quota.id, now)
    keep_places(connection, gates.response_id, [quota.id for quota in wanted])
    return "in_progress"


def _saved(connection: Connection, gates: Gates) -> tuple[dict[str, Answer], set[str]]:
    """The answers on pages that are saved, and these pages; what is still being filled in decides nothing."""
    mine = select(page_save.c.page).where(page_save.c.response_id == gates.response_id)
    saved = set(connection.execute(mine).scalars())
    asked = {question.id for page in gates.plan.pages if page.id in saved for question in page.questions}
    columns: tuple[Any, ...] = (answer.c.question, answer.c.value)
    given = select(*columns).where(answer.c.response_id == gates.response_id, answer.c.question.in_(asked))
    return {question: answer_from_json(value) for question, value in connection.execute(given)}, saved


def _end(
    connection: Connection, gates: Gates, status: Literal["screened_out", "quota_full"], by: str, now: datetime
) -> Status:
    keep_places(connection, gates.response_id, [])
    at = stored_time(gates.plan, now)
    ended = {"status": status, "ended_by": by, "completed_at": at, "version": response.c.version + 1}
    connection.execute(update(response).where(response.c.id == gates.response_id).values(ended))
    return status


def come_back(db: Database, response_id: int, now: datetime) -> tuple[Status, frozenset[str]]:
    """Where a respondent stands who opens a page: their status, and pages that have to be saved again.

    Who comes back after their time was up takes their places again, or finds the quota full. Pages to be saved again
    are those whose answers have changed since, so that by them the response counts in a quota without a place in it.

    Raises
    ------
    ResponseUnknown
    """
    with db.read() as connection:
        gates = gates_of(db, connection, response_id, now)
        if not gates.quotas:
            return gates.status, frozenset()
        held = places_of(connection, response_id)
        answers, saved = _saved(connection, gates)
    status = gates.status
    if gates.was_away:
        with db.write() as connection:
            gates = wait_for_turn(db, connection, gates, now)
            status = _return(connection, gates, now)
            held = places_of(connection, response_id)
    missing = [quota for quota in counted_in(gates.quotas, answers) if quota.id not in held]
    return status, asked_for(gates.plan, missing) & saved


def _return(connection: Connection, gates: Gates, now: datetime) -> Status:
    mine = response.c.id == gates.response_id
    current: Status = connection.execute(select(response.c.status).where(mine).with_for_update()).scalar_one()
    if current != "in_progress":
        return current
    status = pass_gates(connection, gates, now)
    connection.execute(update(response).where(mine).values(active_at=active_time(gates.plan, now)))
    return status
