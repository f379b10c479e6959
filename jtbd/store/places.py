"""Places in quotas: who holds one, and how many are taken.

A response that is complete holds its places for good; one in progress until it expires. Excluded ones take none.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, exists, func, insert, not_, or_, select

from jtbd.store.activity import expired
from jtbd.store.answer_json import answer_from_json
from jtbd.store.dialects import insert_missing
from jtbd.store.plan_json import plan_from_json
from jtbd.store.schema import answer, page_save, quota_place, response, revision
from jtbd.survey.gates import counted_in
from jtbd.survey.model import Answer, Quota


def places_of(connection: Connection, response_id: int) -> set[str]:
    """The quotas in which a response has a place, expired or not."""
    mine = select(quota_place.c.quota).where(quota_place.c.response_id == response_id)
    return set(connection.execute(mine).scalars())


def keep_places(connection: Connection, response_id: int, quotas: Collection[str]) -> None:
    """Give a response places in these quotas and no others."""
    mine = quota_place.c.response_id == response_id
    connection.execute(delete(quota_place).where(mine, quota_place.c.quota.not_in(quotas)))
    insert_missing(connection, quota_place, [{"response_id": response_id, "quota": quota} for quota in quotas])


def taken(
    connection: Connection,
    survey_id: int,
    wave_id: int | None,
    quotas: Collection[Quota],
    now: datetime,
    *,
    besides: int = 0,
) -> dict[tuple[str, str], int]:
    """How many places in these quotas are taken in one wave, by quota and status: ``complete`` or ``in_progress``.

    Parameters
    ----------
    besides : int
        The id of a response whose own places are not counted.
    """
    query = (
        select(quota_place.c.quota, response.c.status, func.count())
        .join(response, response.c.id == quota_place.c.response_id)
        .where(_holding(survey_id, now), response.c.wave_id.is_not_distinct_from(wave_id), response.c.id != besides)
        .where(quota_place.c.quota.in_([quota.id for quota in quotas]))
        .group_by(quota_place.c.quota, response.c.status)
    )
    return {(quota, status): number for quota, status, number in connection.execute(query)}


def take_stock(connection: Connection, survey_id: int, quotas: Sequence[Quota], now: datetime) -> None:
    """Give out the places of a survey anew, from the answers stored: its quotas have changed, or answers were added.

    First to those who are complete, however many they are; then to those in progress, oldest first, while there is
    room. As at the gates, only answers on pages that are saved count, and nobody without such a page. The survey's row
    has to be locked.
    """
    mine = select(response.c.id).where(response.c.survey_id == survey_id)
    connection.execute(delete(quota_place).where(quota_place.c.response_id.in_(mine)))
    columns = (response.c.id, response.c.wave_id, response.c.status)
    has_saved = exists().where(page_save.c.response_id == response.c.id)
    holders = select(*columns).where(_holding(survey_id, now), has_saved)
    holders = holders.order_by(response.c.status != "complete", response.c.id)
    answers = _answers(connection, survey_id, {part.question for quota in quotas for part in quota.where})
    number: Counter[tuple[int | None, str]] = Counter()
    given = []
    for response_id, wave_id, status in connection.execute(holders):
        counted = counted_in(quotas, answers[response_id])
        if status == "complete" or all(number[wave_id, one.id] < one.limit for one in counted):
            number.update((wave_id, one.id) for one in counted)
            given += [{"response_id": response_id, "quota": one.id} for one in counted]
    if given:
        connection.execute(insert(quota_place), given)


def _answers(connection: Connection, survey_id: int, questions: Collection[str]) -> dict[int, dict[str, Answer]]:
    """The answers to questions on pages that are saved, by response."""
    found: dict[int, dict[str, Answer]] = defaultdict(dict)
    on_saved = [
        and_(answer.c.question == question, page_save.c.page == page, response.c.revision_id.in_(revisions))
        for (question, page), revisions in _pages_asking(connection, survey_id, questions).items()
    ]
    if not on_saved:
        return found
    columns: tuple[Any, ...] = (answer.c.response_id, answer.c.question, answer.c.value)
    query = select(*columns).join(response, response.c.id == answer.c.response_id)
    query = query.join(page_save, page_save.c.response_id == response.c.id)
    query = query.where(response.c.survey_id == survey_id, or_(*on_saved))
    for response_id, question, value in connection.execute(query):
        found[response_id][question] = answer_from_json(value)
    return found


def _pages_asking(
    connection: Connection, survey_id: int, questions: Collection[str]
) -> dict[tuple[str, str], list[int]]:
    """Where questions are asked: the revisions, by question and page."""
    asking: dict[tuple[str, str], list[int]] = defaultdict(list)
    if not questions:
        return asking
    query = select(revision.c.id, revision.c.plan).where(revision.c.survey_id == survey_id)
    for revision_id, plan in connection.execute(query):
        for page in plan_from_json(plan).pages:
            for question in page.questions:
                if question.id in questions:
                    asking[question.id, page.id].append(revision_id)
    return asking


def _holding(survey_id: int, now: datetime) -> ColumnElement[bool]:
    """The responses of a survey whose places count."""
    return and_(
        response.c.survey_id == survey_id,
        response.c.kind == "real",
        response.c.excluded_at.is_(None),
        or_(response.c.status == "complete", response.c.status == "in_progress"),
        not_(expired(now)),
    )
