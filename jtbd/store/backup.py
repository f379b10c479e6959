"""Backups: one SQLite file, whatever the database it comes from and whichever it goes back to.

What lets people in for a time (sessions, one-time links, counts of attempts) is left out: what was ended since must not
come back.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, delete, func, inspect, select, text

from jtbd.errors import StoreError
from jtbd.store.database import Database
from jtbd.store.dialects import insert_many
from jtbd.store.refusals import Refusal
from jtbd.store.schema import PASSING, metadata, response

_KEPT = [table for table in metadata.sorted_tables if table not in PASSING]
_ROWS = 10_000
_SECONDS_ALONE = 2


class BackupExists(Refusal):
    """There is a file of this name already."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{path} exists; name another file, or use --replace")


class BackupUnusable(Refusal):
    """The file is no backup, or it is damaged or of a newer version."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path} cannot be restored: {problem}")


class DatabaseInUse(Refusal):
    """The database holds something that would be lost."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"the database {name} is not empty; use --replace to give up what is in it (and back that up first)"
        )


@dataclass(frozen=True)
class Copied:
    """What a backup holds: rows by table, and the size of its file in bytes."""

    rows: dict[str, int]
    size: int


def back_up(db: Database, path: Path, *, replace: bool = False) -> Copied:
    """Copy the database as it is at one moment to a file, while answers arrive; looked through before it gets its name.

    Raises
    ------
    BackupExists
    StoreError
        Also if what was written does not read back whole.
    """
    if path.exists() and not replace:
        raise BackupExists(path)
    descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=path.name, suffix=".part")  # readable by us
    os.close(descriptor)
    partial = Path(name)
    try:
        expected = _copy_file(db, partial) if db.is_sqlite else _copy_rows_out(db, partial)
        rows = _looked_through(partial)
        if expected is not None and rows != expected:
            raise StoreError(f"the backup {path} did not read back as it was written; try again")
        _sync(partial)
        partial.replace(path)
    finally:
        for leftover in (partial, Path(f"{name}-wal"), Path(f"{name}-shm"), Path(f"{name}-journal")):
            leftover.unlink(missing_ok=True)
    return Copied(rows, path.stat().st_size)


def restore(db: Database, path: Path, *, replace: bool = False) -> Copied:
    """Put a backup in the place of what the database holds: all of it or nothing.

    A backup of an earlier version is brought up to date first, in a copy. No server may use the database meanwhile: it
    would go on with numbers of outcomes and revisions that may stand for others now. On SQLite that is seen; PostgreSQL
    does not say whose its sessions are.

    Raises
    ------
    BackupUnusable
    DatabaseInUse
        If the database holds surveys or accounts, unless told to replace them.
    StoreError
        Also if another process has the SQLite file open.
    """
    with _ready_copy(path) as source:
        rows = _looked_through(source)
        backup = Database(f"sqlite:///{source}")
        try:
            _see_that_alone(db)
            db.upgrade()
            with backup.read() as there, db.write() as here:
                if not replace and _holds_anything(here):
                    raise DatabaseInUse(db.name)
                for table in reversed(metadata.sorted_tables):
                    here.execute(delete(table))
                for table in _KEPT:
                    _copy_table(there, here, table)
                _set_counters(here, _last_response(there))
                restored = {table.name: _count(here, table) for table in _KEPT}
                if restored != rows:
                    raise StoreError(f"the database {db.name} did not take the whole backup; it is as it was before")
        finally:
            backup.dispose()
    return Copied(rows, path.stat().st_size)


def _see_that_alone(db: Database) -> None:
    """See that nobody else has the file of a SQLite database open, idle or not.

    In WAL mode whoever has read or written keeps a lock on the file; ``locking_mode=EXCLUSIVE`` needs it alone.
    """
    file = db.engine.url.database
    if not db.is_sqlite or not file or not Path(file).exists():
        return
    db.dispose()  # our own connections have it open, too
    connection = sqlite3.connect(file, timeout=_SECONDS_ALONE, isolation_level=None)
    try:
        connection.execute("PRAGMA locking_mode=EXCLUSIVE")
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            raise StoreError(
                f"another process has the database {db.name} open; stop the server, then try again"
            ) from None
    except sqlite3.DatabaseError:
        pass  # what else is wrong with it is said by what comes next
    finally:
        connection.close()


def _copy_file(db: Database, path: Path) -> dict[str, int] | None:
    """SQLite's own copy of the whole file: one state of it, however long it takes."""
    with db.read() as connection:
        driver_connection: Any = connection.connection.driver_connection
        target = sqlite3.connect(path)
        try:
            driver_connection.backup(target)
        finally:
            target.close()
    _forget_what_passes(path)
    return None  # taken page by page, checked as a whole


def _forget_what_passes(path: Path) -> None:
    """Take out what is in no backup, also from pages that are no longer used; and make it one file without a log."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=DELETE")
        for table in PASSING:
            connection.execute(f"DELETE FROM {table.name}")  # noqa: S608  a name of our own
        connection.execute("VACUUM")
    finally:
        connection.close()


def _copy_rows_out(db: Database, path: Path) -> dict[str, int]:
    backup = Database(f"sqlite:///{path}")
    try:
        backup.upgrade()
        with db.read() as there, backup.write() as here:
            for table in _KEPT:
                _copy_table(there, here, table)
            _set_counters(here, _last_response(there))
            counts = {table.name: _count(there, table) for table in _KEPT}
    finally:
        backup.dispose()
    _forget_what_passes(path)
    return counts


def _copy_table(there: Connection, here: Connection, table: Table) -> None:
    names = [column.name for column in table.columns]
    everything = select(table).execution_options(yield_per=_ROWS)
    for part in there.execute(everything).partitions():
        insert_many(here, table, names, [tuple(row) for row in part])


def _count(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.count()).select_from(table)).scalar_one()


def _last_response(connection: Connection) -> int:
    """The highest id a response ever had here: it is never given out again, though the response be erased."""
    if connection.dialect.name == "sqlite":
        query = "SELECT seq FROM sqlite_sequence WHERE name = 'response'"
    else:
        query = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM response_id_seq"
    return connection.exec_driver_sql(query).scalar_one_or_none() or 0


def _set_counters(connection: Connection, last_response: int) -> None:
    """Let new rows follow those that were put in with their ids."""
    if connection.dialect.name == "sqlite":
        connection.execute(text("DELETE FROM sqlite_sequence WHERE name = 'response'"))
        connection.execute(text("INSERT INTO sqlite_sequence VALUES ('response', :last)"), {"last": last_response})
        return
    for table in _KEPT:
        if "id" not in table.columns:
            continue
        last = connection.execute(select(func.max(table.c.id))).scalar_one() or 0
        last = max(last, last_response) if table is response else last
        sequence = select(func.pg_get_serial_sequence(table.name, "id")).scalar_subquery()
        connection.execute(select(func.setval(sequence, max(last, 1), last > 0)))


def _holds_anything(connection: Connection) -> bool:
    return any(_count(connection, metadata.tables[name]) for name in ("survey", "account"))


def _looked_through(path: Path) -> dict[str, int]:
    """Rows by table of a backup that is whole and of this version; raises :class:`StoreError` otherwise."""
    backup = Database(f"sqlite:///{path}")
    try:
        problems = backup.check()
        if problems:
            raise StoreError(problems[0])
        with backup.read() as connection:
            return {table.name: _count(connection, table) for table in _KEPT}
    finally:
        backup.dispose()


@contextmanager
def _ready_copy(path: Path) -> Iterator[Path]:
    """A copy of the backup at the newest schema: the backup itself is never written to."""
    try:
        with path.open("rb") as file:
            first = file.read(16)
    except OSError as error:
        raise BackupUnusable(path, error.strerror or str(error)) from None
    if first != b"SQLite format 3\0":
        raise BackupUnusable(path, "it is no backup of jtbd")
    with tempfile.TemporaryDirectory(prefix="jtbd-restore-") as folder:
        copy = Path(folder) / path.name
        shutil.copyfile(path, copy)
        source = Database(f"sqlite:///{copy}")
        try:
            found = [problem for problem in source.check() if "jtbd db upgrade" not in problem]
            if found:
                raise BackupUnusable(path, found[0].replace(str(copy), str(path)))
            with source.read() as connection:
                if not inspect(connection).has_table("alembic_version"):
                    raise BackupUnusable(path, "it is no backup of jtbd")
            source.upgrade()
        finally:
            source.dispose()
        yield copy


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
