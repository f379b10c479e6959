"""Who is signed in to the studio: kept here, so that a session can be ended wherever its cookie went."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select, update

from jtbd.store.accounts import Account, read_account
from jtbd.store.database import Database
from jtbd.store.schema import account, studio_session

IDLE = timedelta(hours=12)
"""A session ends when nothing was asked for so long."""

LONGEST = timedelta(days=7)
"""A session ends after so long, however busy."""

_SEEN_EVERY = timedelta(minutes=5)
"""How exactly it is known when somebody was last seen: not every page need be written down."""


def begin_session(db: Database, account_id: int, now: datetime) -> str:
    """Sign somebody in; the token (256 random bits) proves it, and only its hash is stored."""
    token = secrets.token_urlsafe(32)
    over = (studio_session.c.seen_at < now - IDLE) | (studio_session.c.began_at < now - LONGEST)
    row = {"token_hash": _hash(token), "account_id": account_id, "began_at": now, "seen_at": now}
    with db.write() as connection:
        connection.execute(delete(studio_session).where(over))
        connection.execute(insert(studio_session).values(row))
    return token


def find_session(db: Database, token: str, now: datetime) -> Account | None:
    """The account that a token stands for; ``None`` if its session has ended.

    It ends by :func:`end_session`, with a new password or a disabled account, after 12 idle hours and after 7 days.
    """
    query = (
        select(account, studio_session.c.seen_at)
        .join(studio_session, studio_session.c.account_id == account.c.id)
        .where(studio_session.c.token_hash == _hash(token), account.c.disabled.is_(False))
        .where(studio_session.c.seen_at >= now - IDLE, studio_session.c.began_at >= now - LONGEST)
    )
    with db.read() as connection:
        row = connection.execute(query).one_or_none()
    if row is None:
        return None
    if now - row.seen_at > _SEEN_EVERY:
        with db.write() as connection:
            seen = update(studio_session).where(studio_session.c.token_hash == _hash(token)).values(seen_at=now)
            connection.execute(seen)
    return read_account(row)


def end_session(db: Database, token: str) -> None:
    """Sign somebody out; the token is worth nothing from now on."""
    with db.write() as connection:
        connection.execute(delete(studio_session).where(studio_session.c.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
