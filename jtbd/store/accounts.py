"""Who may use the studio: accounts, passwords, and links that let somebody in once."""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import ColumnElement, Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from jtbd.store.database import Database
from jtbd.store.refusals import (
    AccountDisabled,
    AccountExists,
    AccountNameMissing,
    AccountUnknown,
    LoginLinkInvalid,
    PasswordTooShort,
)
from jtbd.store.schema import account, login_link, studio_session

Role = Literal["admin", "strategist", "planner"]
Purpose = Literal["create_admin", "reset"]

MINIMUM_LENGTH = 10
"""Characters a password needs."""

_hasher = PasswordHasher()


@dataclass(frozen=True)
class Account:
    """Somebody who may use the studio. ``password_set_at`` is ``None`` until a password was set."""

    id: int
    name: str
    role: Role
    disabled: bool
    created_at: datetime
    password_set_at: datetime | None


@dataclass(frozen=True)
class LoginLink:
    """What an unused login link is for; ``name`` is ``None`` if its user may choose one."""

    purpose: Purpose
    name: str | None
    expires_at: datetime


def has_accounts(db: Database) -> bool:
    """Whether anybody can have an account already."""
    with db.read() as connection:
        return connection.execute(select(account.c.id).limit(1)).first() is not None


def add_account(db: Database, name: str, role: Role, now: datetime) -> Account:
    """A new account that has no password yet.

    Raises
    ------
    AccountExists
        Also if only capitals differ.
    AccountNameMissing
    """
    try:
        with db.write() as connection:
            return _add(connection, name, role, now)
    except IntegrityError:
        raise AccountExists(name) from None


def list_accounts(db: Database) -> list[Account]:
    """Every account by name."""
    with db.read() as connection:
        return [read_account(row) for row in connection.execute(select(account).order_by(account.c.name_key))]


def find_account(db: Database, name: str) -> Account | None:
    """The account of this name, capitals aside."""
    with db.read() as connection:
        row = connection.execute(select(account).where(_named(name))).one_or_none()
    return read_account(row) if row else None


def set_disabled(db: Database, name: str, *, disabled: bool) -> None:
    """Lock somebody out, which ends their sessions, or let them in again.

    Raises
    ------
    AccountUnknown
    """
    with db.write() as connection:
        if not connection.execute(update(account).where(_named(name)).values(disabled=disabled)).rowcount:
            raise AccountUnknown(name)
        if disabled:
            _end_sessions(connection, name)


def set_password(db: Database, name: str, password: str, now: datetime) -> None:
    """Give an account a password, which ends its sessions.

    Raises
    ------
    AccountUnknown
    PasswordTooShort
    """
    hashed = _hash(password)  # slow by design, so before the transaction
    with db.write() as connection:
        _set_password(connection, name, hashed, now)


def check_password(db: Database, name: str, password: str) -> Account | None:
    """The account, if the password is right and the account is not disabled.

    It takes as long for a name nobody has, so that nobody can find out names by the clock.
    """
    with db.read() as connection:
        row = connection.execute(select(account).where(_named(name))).one_or_none()
    of_nothing = _hash_of_nothing()  # asked for in any case: the first time is slow
    stored = row.password_hash if row and row.password_hash else of_nothing
    right = _is_right(stored, password)
    if not right or row is None or row.password_hash is None or row.disabled:
        return None
    if _hasher.check_needs_rehash(stored):
        _rehash(db, row, password)
    return read_account(row)


def issue_login_link(db: Database, name: str | None, purpose: Purpose, now: datetime, hours: float) -> str:
    """A token that lets its holder set a password once; only its hash is stored.

    Parameters
    ----------
    name : str or None
        Whose password is reset; for ``create_admin`` the new admin's name, or ``None`` to let them choose.

    Raises
    ------
    AccountUnknown
        If the password of nobody is to be reset.
    AccountDisabled
        If the link would not let its holder in.
    """
    token = secrets.token_urlsafe(32)
    with db.write() as connection:
        if purpose == "reset":
            _see_that_may_enter(connection, name or "")
        row = {
            "token_hash": _token_hash(token),
            "account_name": name,
            "purpose": purpose,
            "expires_at": now + timedelta(hours=hours),
        }
        connection.execute(insert(login_link).values(row))
    return token


def _see_that_may_enter(connection: Connection, name: str) -> None:
    found = connection.execute(select(account.c.disabled).where(_named(name))).one_or_none()
    if found is None:
        raise AccountUnknown(name)
    if found.disabled:
        raise AccountDisabled(name)


def peek_login_link(db: Database, token: str, now: datetime) -> LoginLink | None:
    """What the link is for, ``None`` if it is unknown, used or too old. Looking does not use it up."""
    columns = (login_link.c.purpose, login_link.c.account_name.label("name"), login_link.c.expires_at)
    with db.read() as connection:
        row = connection.execute(select(*columns).where(_is_valid(token, now))).one_or_none()
    return LoginLink(**row._mapping) if row else None


def redeem_login_link(db: Database, token: str, name: str | None, password: str, now: datetime) -> Account:
    """Set the password the link allows to set, and use the link up: one of many who try at once succeeds.

    All other links to the same end become invalid with it.

    Parameters
    ----------
    name : str or None
        The new admin's name, where the link leaves it open; otherwise the link's own name counts.

    Raises
    ------
    LoginLinkInvalid
    PasswordTooShort, AccountExists, AccountNameMissing
        The link stays valid.
    """
    hashed = _hash(password)
    try:
        with db.write() as connection:
            use = update(login_link).where(_is_valid(token, now)).values(used_at=now)
            link = connection.execute(use.returning(login_link.c.purpose, login_link.c.account_name)).one_or_none()
            if link is None:
                raise LoginLinkInvalid
            same_end = (login_link.c.purpose == link.purpose) & login_link.c.used_at.is_(None)
            same_end &= login_link.c.account_name.is_not_distinct_from(link.account_name)
            connection.execute(update(login_link).where(same_end).values(used_at=now))
            name = link.account_name or name or ""
            if link.purpose == "create_admin":
                _add(connection, name, "admin", now)
            return _set_password(connection, name, hashed, now)
    except IntegrityError:
        raise AccountExists(name or "") from None


def read_account(row: Row[Any]) -> Account:
    """The account of a row with the columns of its table."""
    return Account(**{field: row._mapping[field] for field in Account.__annotations__})


def name_key(name: str) -> str:
    """What two ways to type the same name have in common."""
    # no text in PostgreSQL can hold NUL, but what somebody types as a name can
    return unicodedata.normalize("NFKC", name).replace("\0", "?").strip().casefold()


def _named(name: str) -> ColumnElement[bool]:
    return account.c.name_key == name_key(name)


def _add(connection: Connection, name: str, role: Role, now: datetime) -> Account:
    if not name_key(name):
        raise AccountNameMissing
    row = {
        "name": name.replace("\0", "?").strip(),
        "name_key": name_key(name),
        "role": role,
        "disabled": False,
        "created_at": now,
    }
    return read_account(connection.execute(insert(account).values(row).returning(account)).one())


def _set_password(connection: Connection, name: str, hashed: str, now: datetime) -> Account:
    change = update(account).where(_named(name)).values(password_hash=hashed, password_set_at=now)
    row = connection.execute(change.returning(account)).one_or_none()
    if row is None:
        raise AccountUnknown(name)
    _end_sessions(connection, name)
    return read_account(row)


def _end_sessions(connection: Connection, name: str) -> None:
    whose = select(account.c.id).where(_named(name)).scalar_subquery()
    connection.execute(delete(studio_session).where(studio_session.c.account_id == whose))


def _normal(password: str) -> str:
    """The same password, typed on any keyboard: ``é`` is one character here and two elsewhere."""
    return unicodedata.normalize("NFKC", password)


def _hash(password: str) -> str:
    if len(_normal(password)) < MINIMUM_LENGTH:
        raise PasswordTooShort(MINIMUM_LENGTH)
    return _hasher.hash(_normal(password))


@cache
def _hash_of_nothing() -> str:
    return _hasher.hash(secrets.token_urlsafe())


def _is_right(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def _rehash(db: Database, row: Row[Any], password: str) -> None:
    """Hash again with the parameters of today; the condition keeps a password set meanwhile."""
    unchanged = (account.c.id == row.id) & (account.c.password_hash == row.password_hash)
    hashed = _hasher.hash(_normal(password))
    with db.write() as connection:
        connection.execute(update(account).where(unchanged).values(password_hash=hashed))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_valid(token: str, now: datetime) -> ColumnElement[bool]:
    unused = (login_link.c.token_hash == _token_hash(token)) & login_link.c.used_at.is_(None)
    return unused & (login_link.c.expires_at > now)
