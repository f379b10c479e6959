"""What a database complains about, said so that a user understands it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, quote_plus

from sqlalchemy import URL, Engine, exc

from jtbd.errors import StoreError

UPGRADE = "the database {name} is not set up for this version of jtbd; run `jtbd db upgrade`"
NEWER = "the database {name} was written by a newer version of jtbd; install that version"
BUSY = "the database {name} is busy with another program's work; try again in a moment"
FULL = "the disk that holds the database {name} is full; free some space and try again"
CLOSED = "the database {name} cannot be opened; see that its folder exists and that you may read and write there"
READ_ONLY = "the database {name} may only be read; see that you may write to the file and its folder"
DAMAGED = "{name} is not a database or is damaged; move it away and restore a backup with `jtbd db restore`"
UNREACHABLE = "the database {name} cannot be reached ({reason}); see that it runs and that JTBD_DATABASE_URL is right"
OTHER = "the database {name} could not do this ({reason})"

_SQLITE = {  # result codes
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_CANTOPEN: CLOSED,
    sqlite3.SQLITE_READONLY: READ_ONLY,
    sqlite3.SQLITE_CORRUPT: DAMAGED,
    sqlite3.SQLITE_NOTADB: DAMAGED,
}
_NO_SUCH_TABLE = ("no such table", "no such column", "has no column named")
_POSTGRESQL = {  # SQLSTATE, or its class
    "42P01": UPGRADE,
    "42703": UPGRADE,
    "55P03": BUSY,
    "57014": BUSY,
    "40": BUSY,
    "53100": FULL,
    "53": BUSY,
    "25006": READ_ONLY,
    "08": UNREACHABLE,
    "28": UNREACHABLE,
    "3D": UNREACHABLE,
    "57P": UNREACHABLE,
}


def name_of(url: URL) -> str:
    """What a user calls the database: the file, or ``host/database``; never user or password."""
    if url.get_backend_name() == "sqlite":
        return url.database or "in memory"
    host = url.host or url.query.get("host") or "localhost"
    return f"{host if isinstance(host, str) else host[0]}/{url.database or ''}"


@contextmanager
def as_store_errors(engine: Engine) -> Iterator[None]:
    """Turn what the database cannot do into :class:`StoreError`; bugs and broken constraints pass unchanged."""
    driver = engine.dialect.loaded_dbapi
    try:
        yield
    except exc.TimeoutError as error:
        raise StoreError(BUSY.format(name=name_of(engine.url))) from error
    except (exc.DBAPIError, driver.Error) as error:
        original = error.orig if isinstance(error, exc.DBAPIError) else error
        complaint = None if isinstance(original, driver.IntegrityError) else _complaint(original, driver)
        if complaint is None:
            raise
        reason = _without_password(next(iter(str(original).strip().splitlines()), "no reason given"), engine.url)
        raise StoreError(complaint.format(name=name_of(engine.url), reason=reason)) from error


def _complaint(original: object, driver: Any) -> str | None:
    """The sentence for a driver's exception, ``None`` if it is a bug of ours."""
    if isinstance(original, sqlite3.Error):
        return _of_sqlite(original)
    code: str | None = getattr(original, "sqlstate", None)
    if code is None:  # said without a session: no server, no such host, wrong password, or it ended
        return UNREACHABLE if isinstance(original, driver.OperationalError) else OTHER
    known = (_POSTGRESQL[part] for part in (code, code[:3], code[:2]) if part in _POSTGRESQL)
    return next(known, None if code.startswith(("42", "22")) else OTHER)


def _of_sqlite(original: sqlite3.Error) -> str | None:
    code = getattr(original, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF  # the rest says more than we need
    if code == sqlite3.SQLITE_ERROR:  # the statement is wrong, or the tables it was written for are not there
        return UPGRADE if any(words in str(original) for words in _NO_SUCH_TABLE) else None
    return _SQLITE.get(code, OTHER)


def _without_password(text: str, url: URL) -> str:
    secret = str(url.password or "")
    for form in {secret, quote(secret), quote_plus(secret)} - {""}:
        text = text.replace(form, "***")
    return text
