"""Erasing: responses with all they hold, and the invitations that lead to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select

from jtbd.store.database import Database
from jtbd.store.invitations import unmark
from jtbd.store.responses import code_hash
from jtbd.store.schema import invitation, response, survey
from jtbd.store.surveys import survey_in


@dataclass(frozen=True)
class Choice:
    """What to erase: of one survey, or of all if ``slug`` is ``None``.

    It is all of the person with ``panel_id``; or all that nobody changed since ``before``: responses of people, tests
    included, and invitations that are as old, if their response is not younger. Exactly one of the two is given.
    """

    slug: str | None = None
    panel_id: str | None = None
    before: datetime | None = None


@dataclass(frozen=True)
class Erased:
    """How much of a survey is erased, or would be."""

    slug: str
    responses: int
    invitations: int


def erase(db: Database, code: str) -> Erased | None:
    """Erase the response of the respondent who holds this code, with its invitation; ``None`` if there is none."""
    mine = response.c.code_hash == code_hash(code)
    with db.write() as connection:
        theirs = invitation.c.response_id.in_(select(response.c.id).where(mine))
        counted = _counted(connection, mine, theirs)
        connection.execute(delete(response).where(mine))
    return counted[0] if counted else None


def count_chosen(db: Database, choice: Choice) -> list[Erased]:
    """What :func:`erase_chosen` would erase: surveys of which something is, by slug.

    Raises
    ------
    SurveyUnknown
    """
    with db.read() as connection:
        return _counted(connection, *_conditions(connection, choice))


def erase_chosen(db: Database, choice: Choice) -> list[Erased]:
    """Erase what is chosen, all or nothing; returns what that was.

    Raises
    ------
    SurveyUnknown
    """
    with db.write() as connection:
        responses, invitations = _conditions(connection, choice)
        counted = _counted(connection, responses, invitations)
        # both conditions speak of invitations: they are found before either is carried out
        chosen = connection.execute(select(invitation.c.id).where(invitations)).scalars().all()
        unmark(connection, chosen)
        connection.execute(delete(response).where(responses))
        for start in range(0, len(chosen), _AT_ONCE):
            connection.execute(delete(invitation).where(invitation.c.id.in_(chosen[start : start + _AT_ONCE])))
    return counted


_AT_ONCE = 1000
"""Values in one statement: SQLite and PostgreSQL take some ten thousand."""


def _conditions(connection: Connection, choice: Choice) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Which responses and which invitations are chosen."""
    if choice.before is not None:
        responses, invitations = _of_age(choice.before)
    else:
        invitations = invitation.c.panel_id == choice.panel_id
        invited = response.c.id.in_(select(invitation.c.response_id).where(invitations))
        responses = or_(invited, response.c.panel_id == choice.panel_id)
    if choice.slug is None:
        return responses, invitations
    survey_id = survey_in(connection, choice.slug).id
    return and_(response.c.survey_id == survey_id, responses), and_(invitation.c.survey_id == survey_id, invitations)


def _of_age(before: datetime) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    younger = invitation.c.response_id.in_(select(response.c.id).where(response.c.active_at >= before))
    stays = and_(invitation.c.response_id.is_not(None), younger)
    return (
        and_(response.c.active_at < before, response.c.kind != "simulated"),
        and_(invitation.c.invited_at < before, ~stays),
    )


def _counted(connection: Connection, responses: ColumnElement[bool], invitations: ColumnElement[bool]) -> list[Erased]:
    counts: dict[str, list[int]] = {}
    for place, (table, which) in enumerate(((response, responses), (invitation, invitations))):
        query = select(survey.c.slug, func.count()).join_from(table, survey, table.c.survey_id == survey.c.id)
        for slug, number in connection.execute(query.where(which).group_by(survey.c.slug)):
            counts.setdefault(slug, [0, 0])[place] = number
    return [Erased(slug, *counts[slug]) for slug in sorted(counts)]
