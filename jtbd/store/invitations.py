"""Invitations: one link for each person of a panel, good for one response; only hashes of the links are stored.

Where the survey is anonymous, an invitation is marked as used and nothing else: no time, no response. Otherwise it is
what links a response to the panel.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from jtbd.store.database import Database
from jtbd.store.dialects import upsert
from jtbd.store.marks import ids_from_text, ids_to_text, marked
from jtbd.store.panel_ids import keep_panel_id
from jtbd.store.refusals import InvitationOver, InvitationUnknown, InvitationUsed, NoWaveOpen
from jtbd.store.responses import Begun, Kind, begin_in, code_from, code_hash, see_that_open
from jtbd.store.schema import anonymous_use, invitation, response, survey
from jtbd.store.surveys import plan_in, survey_in
from jtbd.store.waves import current_wave

TOKEN_BYTES = 16
"""128 random bits."""


@dataclass(frozen=True)
class Invited:
    """A person of the panel and the token of their invitation: the only time that it is known."""

    panel_id: str
    token: str


@dataclass(frozen=True)
class InvitedNow:
    """What inviting did: how many are new, got another link in place of theirs, kept theirs, have used theirs."""

    new: int
    replaced: int
    kept: int
    used: int


@dataclass(frozen=True)
class Invitation:
    """An invitation as its holder finds it. ``is_over``: unused, and its wave is not the one that is open."""

    slug: str
    is_used: bool
    is_over: bool
    code: str | None
    """Leads to the response it was used for; ``None`` where it was not, or where nothing may tell."""


def invite(
    db: Database,
    slug: str,
    panel_ids: Sequence[str],
    now: datetime,
    hand_out: Callable[[Sequence[Invited]], object],
    *,
    again: bool = False,
) -> InvitedNow:
    """Make an invitation to a survey, in its open wave if it has waves, for everyone who has none.

    Parameters
    ----------
    panel_ids : sequence of str
        Each once.
    hand_out : callable
        Takes the new invitations, in the order of `panel_ids`. If it raises, none of them is stored.
    again : bool
        Whether those who have an invitation that they have not used get another one, in place of it.

    Raises
    ------
    SurveyUnknown
    NoWaveOpen
        The survey has waves and none is open.
    """
    with db.write() as connection:
        row = survey_in(connection, slug)
        _lock(connection, row.id)
        wave = current_wave(connection, row.id)
        if wave is None:
            raise NoWaveOpen(slug)
        mine = (invitation.c.survey_id == row.id) & (invitation.c.wave == wave)
        query = select(invitation).where(mine)
        used = marked(connection, row.id, wave)
        known = {one.panel_id: _is_used(one, used) for one in connection.execute(query)}
        new = [Invited(one, _token()) for one in panel_ids if one not in known]
        unused = [one for one in panel_ids if known.get(one) is False]
        replaced = [Invited(one, _token()) for one in unused] if again else []
        shared = {"survey_id": row.id, "wave": wave, "invited_at": now}
        rows = [{**shared, "panel_id": one.panel_id, "token_hash": _token_hash(one.token)} for one in new]
        if rows:
            connection.execute(insert(invitation), rows)
        if replaced:
            own = update(invitation).where(mine, invitation.c.panel_id == bindparam("whose"))
            change = own.values(token_hash=bindparam("hash"), invited_at=now)
            connection.execute(change, [{"whose": one.panel_id, "hash": _token_hash(one.token)} for one in replaced])
        place = {panel_id: number for number, panel_id in enumerate(panel_ids)}
        hand_out(sorted([*new, *replaced], key=lambda one: place[one.panel_id]))
    kept = len(unused) - len(replaced)
    return InvitedNow(len(new), len(replaced), kept, len(panel_ids) - len(new) - len(unused))


def find_invitation(db: Database, token: str) -> Invitation | None:
    """The invitation of this token; looking at it does not use it."""
    with db.read() as connection:
        row = _of(connection, token)
        if row is None:
            return None
        is_used = _is_used(row, marked(connection, row.survey_id, row.wave))
        is_over = not is_used and row.wave != current_wave(connection, row.survey_id)
        begun = None if row.response_id is None else _newest_of(connection, token)
    return Invitation(row.slug, is_used, is_over, begun.code if begun else None)


def begin_invited(
    db: Database, token: str, *, key: str, kind: Kind, language: str, consent: str, now: datetime
) -> Begun:
    """Use an invitation: begin its one response, or find the one that was begun with it.

    The same invitation sent twenty times at once begins one response.

    Parameters
    ----------
    key : str
        A secret of the page that was sent, known to nobody but its reader. Where the survey is anonymous the code of
        the response comes from it, and so a page sent twice finds the response again; elsewhere it comes from the
        token, so that the link of the invitation leads back.

    Raises
    ------
    InvitationUnknown, InvitationUsed, InvitationOver, SurveyClosed
    """
    with db.write() as connection:
        row = _of(connection, token)
        if row is None:
            raise InvitationUnknown
        _lock(connection, row.survey_id)
        row = _of(connection, token)  # as it is now that nobody else can use it
        if row is None:
            raise InvitationUnknown
        used = marked(connection, row.survey_id, row.wave)
        if _is_used(row, used):
            return _begun_before(connection, row, token, key)
        mine = survey_in(connection, row.slug)
        see_that_open(mine)
        if row.wave != current_wave(connection, mine.id):
            raise InvitationOver
        plan = plan_in(db, connection, mine.revision_id)
        code = _free_code(connection, key if plan.anonymous else token)
        response_id = begin_in(
            connection, mine, plan, code=code, kind=kind, language=language, consent=consent, now=now
        )
        if plan.anonymous:
            new = {"survey_id": row.survey_id, "wave": row.wave, "invitations": ids_to_text({*used, row.id})}
            upsert(connection, anonymous_use, [new])
        else:
            change = update(invitation).where(invitation.c.id == row.id)
            connection.execute(change.values(response_id=response_id))
            keep_panel_id(connection, response_id, row.panel_id)
    return Begun(response_id, code)


def _begun_before(connection: Connection, row: Row[Any], token: str, key: str) -> Begun:
    begun = _newest_of(connection, key if row.response_id is None else token)
    if begun is None:
        raise InvitationUsed
    return begun


def unmark(connection: Connection, invitation_ids: Collection[int]) -> None:
    """Forget that invitations were used, as they are being erased."""
    connection.execute(select(survey.c.id).order_by(survey.c.id).with_for_update(key_share=True)).close()
    for row in connection.execute(select(anonymous_use)).all():
        mine = (anonymous_use.c.survey_id == row.survey_id) & (anonymous_use.c.wave == row.wave)
        left = ids_from_text(row.invitations).difference(invitation_ids)
        connection.execute(update(anonymous_use).where(mine).values(invitations=ids_to_text(left)))


def _is_used(row: Row[Any], used: Collection[int]) -> bool:
    return row.response_id is not None or row.id in used


def _of(connection: Connection, token: str) -> Row[Any] | None:
    query = select(invitation, survey.c.slug).join(survey).where(invitation.c.token_hash == _token_hash(token))
    return connection.execute(query).one_or_none()


def _lock(connection: Connection, survey_id: int) -> None:
    """Let nobody else invite to a survey or use an invitation to it before this is done."""
    # NO KEY UPDATE: those who begin without an invitation do not wait
    lock = select(survey.c.id).where(survey.c.id == survey_id).with_for_update(key_share=True)
    connection.execute(lock).close()


def _token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def _token_hash(token: str) -> str:
    return hashlib.sha256(b"invitation " + token.encode(errors="replace")).hexdigest()


_MOST_CODES = 100
"""A secret leads to another code after each pilot whose answers were kept: those are still their respondent's."""


def _codes(secret: str) -> dict[str, str]:
    """The codes a secret can lead to, by what is stored of them, in the order in which they are taken."""
    codes = (code_from(f"{secret} {number}" if number else secret) for number in range(_MOST_CODES))
    return {code_hash(code): code for code in codes}


def _stored(connection: Connection, codes: Collection[str]) -> dict[str, int]:
    """The responses of codes, the newest last, by what is stored of the codes."""
    query = select(response.c.code_hash, response.c.id).where(response.c.code_hash.in_(codes)).order_by(response.c.id)
    return {row.code_hash: row.id for row in connection.execute(query)}


def _newest_of(connection: Connection, secret: str) -> Begun | None:
    """The response that was begun last with a secret."""
    codes = _codes(secret)
    begun = [Begun(response_id, codes[stored]) for stored, response_id in _stored(connection, codes).items()]
    return begun[-1] if begun else None


def _free_code(connection: Connection, secret: str) -> str:
    """The first code of a secret that no response has: the only one, unless a pilot's was kept as a test."""
    codes = _codes(secret)
    taken = _stored(connection, codes)
    return next(code for stored, code in codes.items() if stored not in taken)
