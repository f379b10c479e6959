"""Which invitations are used, and how unused ones come to be good: with the first wave, and when a pilot ends."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select, update

from jtbd.store.schema import anonymous_use, invitation, response


def marked(connection: Connection, survey_id: int, wave: int) -> frozenset[int]:
    """The invitations of a wave that were used anonymously."""
    mine = (anonymous_use.c.survey_id == survey_id) & (anonymous_use.c.wave == wave)
    return ids_from_text(connection.execute(select(anonymous_use.c.invitations).where(mine)).scalar_one_or_none())


def ids_from_text(text: str | None) -> frozenset[int]:
    """The invitations that a row of ``anonymous_use`` names."""
    return frozenset(map(int, text.split(","))) if text else frozenset()


def ids_to_text(invitation_ids: Iterable[int]) -> str:
    """How a row of ``anonymous_use`` names invitations."""
    return ",".join(map(str, sorted(invitation_ids)))


def release_all(connection: Connection, survey_id: int) -> None:
    """Make all invitations used for real responses good again, before these are erased or become tests.

    The survey's row has to be locked.
    """
    real = select(response.c.id).where(response.c.survey_id == survey_id, response.c.kind == "real")
    connection.execute(update(invitation).where(invitation.c.response_id.in_(real)).values(response_id=None))
    connection.execute(delete(anonymous_use).where(anonymous_use.c.survey_id == survey_id))


def take_to_first_wave(connection: Connection, survey_id: int) -> None:
    """Move the unused invitations from before the first wave to it: their links have been sent.

    Whose person has one to that wave already stays. The survey's row has to be locked.
    """
    before, first = 0, 1
    mine = (invitation.c.survey_id == survey_id) & (invitation.c.wave == before)
    query = select(invitation.c.id).where(mine, invitation.c.response_id.is_(None)).order_by(invitation.c.id)
    used = marked(connection, survey_id, before)
    unused = [one for one in connection.execute(query).scalars() if one not in used]
    again = select(invitation.c.panel_id).where(invitation.c.survey_id == survey_id, invitation.c.wave == first)
    for start in range(0, len(unused), _AT_ONCE):
        chosen = invitation.c.id.in_(unused[start : start + _AT_ONCE])
        connection.execute(update(invitation).where(chosen, invitation.c.panel_id.not_in(again)).values(wave=first))


_AT_ONCE = 1000
"""Values in one statement: SQLite and PostgreSQL take some ten thousand."""
