"""Responses while they are given: begun, saved page by page, completed."""

from __future__ import annotations

import hashlib
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from sqlalchemy import Connection, Select, Table, bindparam, delete, insert, select, update

from jtbd.store.activity import active_time, stored_time
from jtbd.store.database import Database
from jtbd.store.dialects import insert_missing, upsert
from jtbd.store.gates import Status, are_due, gates_of, pass_gates, wait_for_turn
from jtbd.store.panel_ids import keep_panel_id, see_that_unused
from jtbd.store.prepared import Prepared
from jtbd.store.refusals import (
    InvitationNeeded,
    PageSavedSince,
    PanelIdUsed,
    ResponseFinished,
    ResponseUnknown,
    SurveyClosed,
    SurveyPaused,
)
from jtbd.store.schema import (
    consent_text,
    not_applicable,
    page_save,
    rating,
    response,
    survey,
    wave,
)
from jtbd.store.submissions import store_submission
from jtbd.store.surveys import SurveyRow, outcome_ids_in, plan_in, survey_in
from jtbd.store.waves import open_wave_id
from jtbd.survey.model import Submission, Survey

Kind = Literal["real", "test", "simulated"]
EndStatus = Literal["complete", "screened_out"]

CODE_BYTES = 16

LONGEST_SECONDS = 3600
"""A page that was open for longer was left alone."""


@dataclass(frozen=True)
class Begun:
    """A new response. ``code`` (128 random bits) is how its respondent comes back; only its hash is stored."""

    response_id: int
    code: str


@dataclass(frozen=True)
class ResponseRow:
    """A response without its answers. ``wave`` is the wave's number."""

    id: int
    slug: str
    revision_id: int
    wave: int | None
    kind: Kind
    status: Status
    language: str
    started_at: datetime
    updated_at: datetime
    completed_at: datetime | None
    excluded_reason: str | None
    excluded_at: datetime | None
    active_at: datetime
    ended_by: str | None


def begin(
    db: Database,
    *,
    slug: str,
    kind: Kind,
    language: str,
    consent: str,
    now: datetime,
    panel_id: str = "",
    key: str = "",
) -> Begun:
    """Begin a response on the survey's newest revision, in its open wave if there is one.

    Parameters
    ----------
    consent : str
        The text the respondent agreed to.
    panel_id : str
        What a panel calls the respondent; left out if it is no such id.
    key : str
        A secret of the page that was sent, known to nobody but its reader. Sent again, the page finds the response that
        it began: its reader pressed twice, or got no answer. Without a key every call begins one.

    Raises
    ------
    SurveyUnknown
    PanelIdUsed
        Somebody began with this id, in this wave.
    SurveyClosed, InvitationNeeded
        It is closed, or (:class:`~jtbd.store.refusals.SurveyPaused`) paused, or for people who are invited; unless
        `kind` is ``"test"``.
    """
    code = code_from(f"{slug} {key}") if key else secrets.token_urlsafe(CODE_BYTES)

    def begin_one(connection: Connection) -> int:
        row = survey_in(connection, slug)
        before = _finding("code_hash").rows(connection, wanted=code_hash(code)) if key else []
        if before:
            return int(before[0][0])
        if kind != "test":
            see_that_open(row)
        plan = plan_in(db, connection, row.revision_id)
        if plan.access == "invited" and kind != "test":
            raise InvitationNeeded(slug)
        if panel_id and kind == "real":
            see_that_unused(connection, row.id, panel_id)
        response_id = begin_in(connection, row, plan, code=code, kind=kind, language=language, consent=consent, now=now)
        if panel_id and not plan.anonymous:
            keep_panel_id(connection, response_id, panel_id)
        return response_id

    try:
        return Begun(db.write_together(begin_one), code)
    except (db.driver.IntegrityError, PanelIdUsed):
        begun = find_by_code(db, code)  # the page was sent twice at once
        if begun is None:
            raise
        return Begun(begun.id, code)


def see_that_open(row: SurveyRow) -> None:
    """See that a survey takes new responses.

    Raises
    ------
    SurveyClosed
        It is closed, or (:class:`~jtbd.store.refusals.SurveyPaused`) paused.
    """
    if row.status == "paused":
        raise SurveyPaused(row.slug)
    if row.status != "open":
        raise SurveyClosed(row.slug)


def begin_in(
    connection: Connection,
    row: SurveyRow,
    plan: Survey,
    *,
    code: str,
    kind: Kind,
    language: str,
    consent: str,
    now: datetime,
) -> int:
    """Begin a response within a transaction, whoever may; returns its id. `plan` is the survey's newest."""
    moment = stored_time(plan, now)
    ((response_id,),) = _BEGINNING.rows(
        connection,
        survey_id=row.id,
        revision_id=row.revision_id,
        wave_id=open_wave_id(connection, row.id),
        consent_text_id=_consent_text_id(connection, consent),
        code_hash=code_hash(code),
        kind=kind,
        status="in_progress",
        language=language,
        started_at=moment,
        updated_at=moment,
        active_at=active_time(plan, now),
        version=1,
    )
    return int(response_id)


_NEW = (
    *("survey_id", "revision_id", "wave_id", "consent_text_id", "code_hash", "kind", "status", "language"),
    *("started_at", "updated_at", "active_at", "version"),
)
_BEGINNING = Prepared(
    lambda _: (
        insert(response)
        .values({name: bindparam(name, type_=response.c[name].type) for name in _NEW})
        .returning(response.c.id)
    )
)


def code_from(secret: str) -> str:
    """The code of a response from a secret: who has that comes back, and no stored hash leads from one to the other."""
    digest = hashlib.sha256(b"response " + secret.encode(errors="replace")).digest()
    return urlsafe_b64encode(digest[:CODE_BYTES]).decode().rstrip("=")


def code_hash(code: str) -> str:
    """What is stored of a code."""
    return hashlib.sha256(code.encode()).hexdigest()


def _consent_text_id(connection: Connection, text: str) -> int:
    digest = hashlib.sha256(text.encode()).hexdigest()
    known = _CONSENT.rows(connection, digest=digest)
    if not known:
        insert_missing(connection, consent_text, [{"hash": digest, "text": text}])
        known = _CONSENT.rows(connection, digest=digest)
    return int(known[0][0])


_CONSENT = Prepared(lambda _: select(consent_text.c.id).where(consent_text.c.hash == bindparam("digest")))


def find_by_code(db: Database, code: str) -> ResponseRow | None:
    """The response of the respondent who holds this code."""
    return _find(db, "code_hash", code_hash(code))


def find_response(db: Database, response_id: int) -> ResponseRow | None:
    """The response of this id."""
    return _find(db, "id", response_id)


def _find(db: Database, by: str, value: str | int) -> ResponseRow | None:
    found = db.look_up(_finding(by), wanted=value)
    return ResponseRow(**dict(zip(_ROW, found[0], strict=True))) if found else None


_ROW = (*(name for name in ResponseRow.__annotations__ if name not in {"slug", "wave"}), "slug", "wave")


@cache
def _finding(by: str) -> Prepared:
    query = (
        select(*(response.c[name] for name in _ROW[:-2]), survey.c.slug, wave.c.number)
        .join(survey, survey.c.id == response.c.survey_id)
        .outerjoin(wave, wave.c.id == response.c.wave_id)
        .where(response.c[by] == bindparam("wanted"))
    )
    return Prepared(lambda _: query)


def save_page(db: Database, response_id: int, submission: Submission, now: datetime) -> Status:
    """Store one page: all of it or nothing. Saved again, it takes the place of what was there.

    Then the response takes its places in quotas, or ends: by a screener, or as a quota is full.

    An answer of ``None`` and a rating without any value take back what was stored before. Ratings of pages that the
    respondent no longer sees stay until :func:`complete`, so that going back loses nothing; so does what was said not
    to apply.

    Returns
    -------
    str
        ``in_progress`` if the respondent may go on.

    Raises
    ------
    ResponseUnknown
    ResponseFinished
    ValueError
        If the response's revision has no such page, question or outcome: a bug of the caller.
    """

    def save(connection: Connection) -> Status:
        gates = gates_of(db, connection, response_id, now)
        is_judged = are_due(connection, gates, submission)
        if is_judged:
            gates = wait_for_turn(db, connection, gates, now)
        mine = _own(connection, response_id, submission.page)
        plan = _save(db, connection, mine, response_id, submission)
        at = max(now, mine.updated_at)  # a clock set back, or behind another server's, takes no time and no place away
        moment = stored_time(plan, at)
        saved = {
            "response_id": response_id,
            "page": submission.page,
            "first_saved_at": moment,
            "saved_at": moment,
            "seconds": None if plan.anonymous else _seconds_on_page(mine.seconds, at - mine.updated_at),
            "saves": (mine.saves or 0) + 1,
        }
        upsert(connection, page_save, [saved], keep=["first_saved_at"])
        status = pass_gates(connection, gates, at) if is_judged else "in_progress"
        _change(connection, response_id, updated_at=moment, active_at=active_time(plan, at))
        return status

    return db.write_together(save)


def save_answers(
    db: Database, response_id: int, submission: Submission, now: datetime, seen: str | None = None
) -> None:
    """Store some answers of a page that is still being filled in: it does not count as saved, nor its time as spent.

    What the submission does not name stays as it is; ``None`` and a rating without any value take back, as in
    :func:`save_page`, which it is like in what it raises.

    Parameters
    ----------
    seen : str, optional
        How often the page had been saved when the answers were given, empty for never. Answers that come late must not
        take the place of those that the whole page brought in the meantime, from here or from another device.

    Raises
    ------
    PageSavedSince
    """

    def save(connection: Connection) -> None:
        gates = gates_of(db, connection, response_id, now)
        mine = _own(connection, response_id, submission.page)
        if seen is not None and seen != str(mine.saves or ""):
            raise PageSavedSince(response_id)
        plan = _save(db, connection, mine, response_id, submission)
        # who was away has to pass the gates before its places are safe again
        is_active: dict[str, object] = (
            {} if gates.was_away and gates.quotas else {"active_at": active_time(plan, max(now, mine.updated_at))}
        )
        _change(connection, response_id, **is_active)

    db.write_together(save)


@dataclass(frozen=True)
class _Own:
    """A response that is being changed, with what is known of earlier saves of one of its pages."""

    status: Status
    revision_id: int
    updated_at: datetime
    saves: int | None
    seconds: int | None


def _save(db: Database, connection: Connection, mine: _Own, response_id: int, submission: Submission) -> Survey:
    """Store what a submission names; returns the response's plan."""
    if mine.status != "in_progress":
        raise ResponseFinished(response_id)
    plan = plan_in(db, connection, mine.revision_id)
    store_submission(db, connection, plan, response_id, submission)
    return plan


def _own(connection: Connection, response_id: int, page: str = "") -> _Own:
    """The response, locked: what is sent twice at once is stored in turn."""
    if connection.dialect.name != "sqlite":  # by itself: what a statement joins to a row is of before it waited for it
        _LOCKING.rows(connection, mine=response_id)
    found = _OWN.rows(connection, mine=response_id, page=page)
    if not found:
        raise ResponseUnknown(response_id)
    return _Own(*found[0])


def _owning(_dialect: str) -> Select[Any]:
    of_page = (page_save.c.response_id == response.c.id) & (page_save.c.page == bindparam("page"))
    return (
        select(*(response.c[name] for name in ("status", "revision_id", "updated_at")))
        .add_columns(page_save.c.saves, page_save.c.seconds)
        .outerjoin(page_save, of_page)
        .where(response.c.id == bindparam("mine"))
    )


_OWN = Prepared(_owning)
_LOCKING = Prepared(lambda _: select(response.c.id).where(response.c.id == bindparam("mine")).with_for_update())


@cache
def _changing(columns: tuple[str, ...]) -> Prepared:
    new: dict[str, Any] = {name: bindparam(f"new_{name}", type_=response.c[name].type) for name in columns}
    change = update(response).where(response.c.id == bindparam("mine"))
    return Prepared(lambda _: change.values(version=response.c.version + 1, **new))


def _seconds_on_page(earlier: int | None, passed: timedelta) -> int:
    """Time since the last save, added to what an earlier visit to the page took."""
    return min(max((earlier or 0) + round(passed.total_seconds()), 0), LONGEST_SECONDS)


def _change(connection: Connection, response_id: int, **values: object) -> None:
    new: dict[str, object] = {f"new_{name}": value for name, value in values.items()}
    if not _changing(tuple(values)).run(connection, mine=response_id, **new):
        raise ResponseUnknown(response_id)


def complete(
    db: Database, response_id: int, *, asked: set[str], now: datetime, status: EndStatus = "complete"
) -> Status:
    """End a response, as complete only if it passes the gates. One that has ended stays as it is.

    Parameters
    ----------
    asked : set of str
        The outcomes the respondent's final answers lead to; what was said of others (of a mode chosen first and then
        changed) is removed.

    Returns
    -------
    str
        How it ended.

    Raises
    ------
    ResponseUnknown
    """

    def end(connection: Connection) -> Status:
        gates = wait_for_turn(db, connection, gates_of(db, connection, response_id, now), now)
        mine = _own(connection, response_id)
        current, at = mine.status, max(now, mine.updated_at)
        if current == "in_progress" and status == "complete":
            current = pass_gates(connection, gates, at)
        if current != "in_progress":
            return current
        moment = stored_time(gates.plan, at)
        for table in (rating, not_applicable):
            _forget_others(db, connection, table, response_id, asked)
        active_at = active_time(gates.plan, at)
        _change(connection, response_id, status=status, completed_at=moment, updated_at=moment, active_at=active_at)
        return status

    return db.write_together(end)


def _forget_others(db: Database, connection: Connection, said: Table, response_id: int, asked: set[str]) -> None:
    """Remove what was said of outcomes that are not asked: of a mode chosen first and then changed."""
    there = {number for (number,) in _saying(said).rows(connection, mine=response_id)}
    others = there - set(outcome_ids_in(db, connection, asked).values())
    if others:
        connection.execute(delete(said).where(said.c.response_id == response_id, said.c.outcome_id.in_(others)))


@cache
def _saying(said: Table) -> Prepared:
    return Prepared(lambda _: select(said.c.outcome_id).where(said.c.response_id == bindparam("mine")))


def erase_test_responses(db: Database, slug: str) -> int:
    """Erase a survey's test responses with all their answers; returns how many there were.

    Raises
    ------
    SurveyUnknown
    """
    with db.write() as connection:
        tests = (response.c.survey_id == survey_in(connection, slug).id) & (response.c.kind == "test")
        return connection.execute(delete(response).where(tests)).rowcount
