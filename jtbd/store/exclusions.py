"""Taking responses out of the analysis and back in, each time with a reason that is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Select, func, insert, select, update

from jtbd.store.database import Database
from jtbd.store.gates import quotas_in_force
from jtbd.store.places import take_stock
from jtbd.store.refusals import ReasonMissing, ResponseUnknown
from jtbd.store.schema import response, review, survey
from jtbd.store.surveys import survey_in

Action = Literal["exclude", "include"]
_COLUMNS = (review.c.response_id, review.c.action, review.c.reason, review.c.reviewer, review.c.at)


@dataclass(frozen=True)
class Review:
    """One entry of the audit trail: a response was excluded, or included again (or: seen and kept)."""

    response_id: int
    action: Action
    reason: str
    reviewer: str
    at: datetime


def exclude(db: Database, slug: str, response_ids: Iterable[int], reason: str, reviewer: str, now: datetime) -> int:
    """Take responses of a survey out of the analysis, all or none; they stay stored. Returns how many.

    Raises
    ------
    ReasonMissing
    ResponseUnknown
        One is not of this survey.
    SurveyUnknown
    """
    return _decide(db, slug, response_ids, "exclude", reason, reviewer, now)


def include(db: Database, slug: str, response_ids: Iterable[int], reason: str, reviewer: str, now: datetime) -> int:
    """Take exclusions back, or say of responses that count that they shall; raises what :func:`exclude` raises.

    Places in quotas are given out anew, by what the responses say now.
    """
    return _decide(db, slug, response_ids, "include", reason, reviewer, now)


def _decide(
    db: Database, slug: str, response_ids: Iterable[int], action: Action, reason: str, reviewer: str, now: datetime
) -> int:
    reason = " ".join(reason.split())
    if not reason:
        raise ReasonMissing
    out = action == "exclude"
    chosen = sorted(set(response_ids))
    with db.write() as connection:
        mine = survey_in(connection, slug).id
        if not out:  # they may take places again, which nobody else takes meanwhile
            connection.execute(select(survey.c.id).where(survey.c.id == mine).with_for_update(key_share=True)).close()
        for one in chosen:
            change = update(response).where(response.c.id == one, response.c.survey_id == mine)
            values = {"excluded_reason": reason if out else None, "excluded_at": now if out else None}
            if not connection.execute(change.values(version=response.c.version + 1, **values)).rowcount:
                raise ResponseUnknown(one)
        entry = {"action": action, "reason": reason, "reviewer": reviewer, "at": now}
        if chosen:
            connection.execute(insert(review), [{"response_id": one, **entry} for one in chosen])
        quotas = () if out else quotas_in_force(db, connection, mine)
        if quotas:
            take_stock(connection, mine, quotas, now)
    return len(chosen)


def history(db: Database, slug: str, most: int | None = None) -> list[Review]:
    """The audit trail of a survey, the newest entry first. Entries of responses that were erased went with them.

    Parameters
    ----------
    most : int, optional
        No more than so many entries.

    Raises
    ------
    SurveyUnknown
    """
    return _read(db, slug, select(*_COLUMNS).order_by(review.c.id.desc()).limit(most))


def decisions(db: Database, slug: str) -> dict[int, Review]:
    """The last entry of each response that has one, by response id.

    Raises
    ------
    SurveyUnknown
    """
    last = select(func.max(review.c.id)).group_by(review.c.response_id)
    return {one.response_id: one for one in _read(db, slug, select(*_COLUMNS).where(review.c.id.in_(last)))}


def _read(db: Database, slug: str, query: Select[tuple[int, str, str, str, datetime]]) -> list[Review]:
    with db.read() as connection:
        mine = response.c.survey_id == survey_in(connection, slug).id
        rows = connection.execute(query.join_from(review, response, review.c.response_id == response.c.id).where(mine))
        return [Review(**row._mapping) for row in rows]
