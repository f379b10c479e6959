"""Running the migrations, which live inside the package and need no ``alembic.ini``."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine, func, select

from jtbd.errors import StoreError
from jtbd.plural import counted
from jtbd.store.complaints import BUSY, NEWER, UPGRADE

_ADVISORY_LOCK = 0x6A746264  # "jtbd": any number will do as long as nobody else in the database takes it
_ALEMBIC = threading.Lock()  # it keeps what it works on in globals
_TRIES, _PAUSE = 100, 0.1


def upgrade(engine: Engine, name: str) -> None:
    """Bring a database to the newest revision; a second process waits and then finds nothing to do."""
    if engine.dialect.name == "sqlite":
        _upgrade_sqlite(engine, name)
        return
    with engine.begin() as connection:
        connection.execute(select(func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        _run(connection, name)


def _upgrade_sqlite(engine: Engine, name: str) -> None:
    with engine.connect().execution_options(sqlite_begin="BEGIN IMMEDIATE") as connection:
        driver_connection: Any = connection.connection.driver_connection
        _use_wal(driver_connection, name)
        # Alembic changes a SQLite table by making it anew, and dropping the old one would cascade to the answers
        driver_connection.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                _run(connection, name)
        finally:
            driver_connection.execute("PRAGMA foreign_keys=ON")


def _use_wal(driver_connection: Any, name: str) -> None:
    """Readers and the writer do not wait for each other; the file remembers it."""
    for _ in range(_TRIES):  # SQLite does not wait by itself for this lock
        try:
            driver_connection.execute("PRAGMA journal_mode=WAL")
        except driver_connection.OperationalError as error:
            if "locked" not in str(error):
                raise
            time.sleep(_PAUSE)
        else:
            return
    raise StoreError(BUSY.format(name=name))


def problems(connection: Connection, name: str) -> list[str]:
    """What is wrong with a database that can be reached: its revision, and on SQLite its integrity."""
    found = []
    at = MigrationContext.configure(connection).get_current_revision()
    scripts = ScriptDirectory.from_config(_config())
    if at is not None and at not in {script.revision for script in scripts.walk_revisions()}:
        found.append(NEWER.format(name=name))
    elif at != scripts.get_current_head():
        found.append(UPGRADE.format(name=name))
    if connection.dialect.name == "sqlite":
        damage = [text for (text,) in connection.exec_driver_sql("PRAGMA integrity_check") if text != "ok"]
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        found += [f"the database {name} is damaged: {text}" for text in damage]
        if orphans:
            rows = counted(len(orphans), "row that belongs", "rows that belong")
            found.append(f"the database {name} has {rows} to nothing")
    return found


def _run(connection: Connection, name: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    try:
        with _ALEMBIC:
            command.upgrade(config, "head")
    except CommandError:
        raise StoreError(NEWER.format(name=name)) from None


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    return config
