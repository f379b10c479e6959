"""What a respondent said on a page, stored: answers, ratings, attention items, what does not apply."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete

from jtbd.store.answer_json import answer_to_json
from jtbd.store.database import Database
from jtbd.store.dialects import insert_missing, upsert
from jtbd.store.schema import answer, attention_answer, not_applicable, rating
from jtbd.store.surveys import outcome_ids_in
from jtbd.survey.model import SCALES, Answer, Rating, Submission, Survey


def store_submission(
    db: Database, connection: Connection, plan: Survey, response_id: int, submission: Submission
) -> None:
    """Store what a submission names, in place of what was there; ``None`` and a rating without any value take back.

    Raises
    ------
    ValueError
        If the plan has no such page, question or outcome: a bug of the caller.
    """
    _see_that_asked(plan, submission)
    _save_answers(connection, response_id, submission.answers)
    _save_ratings(db, connection, response_id, submission.ratings)
    _save_attention(connection, response_id, submission.attention)
    _save_not_applicable(db, connection, response_id, submission.not_applicable)


def _see_that_asked(plan: Survey, submission: Submission) -> None:
    page = next((page for page in plan.pages if page.id == submission.page), None)
    if page is None:
        raise ValueError(f"{plan.slug} has no page {submission.page}")
    outcomes = submission.ratings | submission.not_applicable
    see_that_known(plan, submission.answers, outcomes, submission.attention)


def see_that_known(
    plan: Survey, questions: Iterable[str], outcomes: Iterable[str], attention: Iterable[str] = ()
) -> None:
    """Nothing may be stored that the plan does not ask.

    Raises
    ------
    ValueError
    """
    unknown = {*questions} - {question.id for question in plan.questions} | {*outcomes} - plan.outcomes.keys()
    unknown |= {*attention} - {page.attention.id for page in plan.pages if page.attention}
    if unknown:
        raise ValueError(f"{plan.slug} does not ask {', '.join(sorted(unknown))}")


def _save_answers(connection: Connection, response_id: int, answers: dict[str, Answer]) -> None:
    given = [
        {"response_id": response_id, "question": question, "value": answer_to_json(value)}
        for question, value in answers.items()
        if value is not None
    ]
    upsert(connection, answer, given)
    blank = [question for question, value in answers.items() if value is None]
    if blank:
        connection.execute(delete(answer).where(answer.c.response_id == response_id, answer.c.question.in_(blank)))


def _save_ratings(db: Database, connection: Connection, response_id: int, ratings: dict[str, Rating]) -> None:
    number = outcome_ids_in(db, connection, ratings)
    given = [
        {"response_id": response_id, "outcome_id": number[key], **{scale: getattr(one, scale) for scale in SCALES}}
        for key, one in ratings.items()
        if one != Rating()
    ]
    upsert(connection, rating, given)
    blank = [number[key] for key, one in ratings.items() if one == Rating()]
    if blank:
        connection.execute(delete(rating).where(rating.c.response_id == response_id, rating.c.outcome_id.in_(blank)))


def _save_attention(connection: Connection, response_id: int, given: dict[str, Rating]) -> None:
    rows = [
        {"response_id": response_id, "item": item, **{scale: getattr(one, scale) for scale in SCALES}}
        for item, one in given.items()
    ]
    upsert(connection, attention_answer, rows)


def _save_not_applicable(db: Database, connection: Connection, response_id: int, outcomes: dict[str, bool]) -> None:
    number = outcome_ids_in(db, connection, outcomes)
    said = [{"response_id": response_id, "outcome_id": number[key]} for key, does_not in outcomes.items() if does_not]
    insert_missing(connection, not_applicable, said)
    taken_back = [number[key] for key, does_not in outcomes.items() if not does_not]
    if taken_back:
        mine = not_applicable.c.response_id == response_id
        connection.execute(delete(not_applicable).where(mine, not_applicable.c.outcome_id.in_(taken_back)))
