from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Connection, DateTime, MetaData, bindparam, inspect, select, text

from jtbd.store import exclusions, migrate
from jtbd.store.database import Database
from jtbd.store.exclusions import Review
from jtbd.store.schema import UtcTime, metadata, response
from tests.held import assignments_of
from tests.store.samples import NOW


def test_alembic_finds_nothing_to_change_after_the_migrations(database: Database) -> None:
    with database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_migrated_tables_equal_tables_made_from_the_schema(database: Database) -> None:
    with database.read() as connection:
        migrated = picture(connection)
    with database.write() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    with database.read() as connection:
        assert migrated == picture(connection)


def picture(connection: Connection) -> dict[str, Any]:
    """All the database itself says of its tables, whatever Alembic looks at."""
    inspector = inspect(connection)
    return {
        table: {
            "columns": [(c["name"], str(c["type"]), c["nullable"], c["default"]) for c in inspector.get_columns(table)],
            "key": inspector.get_pk_constraint(table),
            "foreign": sorted(map(str, inspector.get_foreign_keys(table))),
            "unique": sorted(map(str, inspector.get_unique_constraints(table))),
            "check": sorted(map(str, inspector.get_check_constraints(table))),
            "index": sorted(map(str, inspector.get_indexes(table))),
            "sqlite": sqlite_options(connection, table),
        }
        for table in metadata.tables
    }


def sqlite_options(connection: Connection, table: str) -> list[str]:
    if connection.dialect.name != "sqlite":
        return []
    query = "SELECT sql FROM sqlite_master WHERE name = ?"
    return re.findall(r"WITHOUT ROWID|AUTOINCREMENT", connection.exec_driver_sql(query, (table,)).scalar_one())


def execute(db: Database, statement: str, **values: object) -> list[Any]:
    times = [bindparam(name, type_=UtcTime()) for name, value in values.items() if isinstance(value, datetime)]
    with db.write() as connection:
        result = connection.execute(text(statement).bindparams(*times), values)
        return list(result) if result.returns_rows else []


def upgrade_to(db: Database, revision: str) -> None:
    config = migrate._config()
    with db.engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


def test_data_of_the_first_version_are_carried_forward(empty_url: str) -> None:
    """Times of saves become seconds on pages where a respondent was there; exclusions become entries of the trail."""
    db = Database(empty_url)
    upgrade_to(db, "0001")
    execute(db, "INSERT INTO survey VALUES (1, 's', 'S', 'open', :now, NULL)", now=NOW)
    execute(db, "INSERT INTO revision VALUES (1, 1, 1, '{}', 'hash', :now)", now=NOW)
    for number, (code, excluded) in enumerate([("a", None), (None, None), ("b", NOW)], start=1):
        execute(
            db,
            "INSERT INTO response VALUES (:id, 1, 1, NULL, NULL, :code, 'real', 'complete', 'en', :now, :now, :now, "
            ":reason, :excluded, 3)",
            id=number,
            code=code,
            now=NOW,
            excluded=excluded,
            reason=excluded and "seen twice",
        )
        for page, after in (("second", 100), ("first", 40), ("third", 100_000)):
            saved = NOW + timedelta(seconds=after)
            execute(db, "INSERT INTO page_save VALUES (:id, :page, :at, :at)", id=number, page=page, at=saved)
    db.upgrade()
    seconds = execute(db, "SELECT response_id, page, seconds FROM page_save ORDER BY response_id, first_saved_at")
    known = [("first", 40), ("second", 60), ("third", 3600)]
    assert [tuple(row) for row in seconds if row[0] != 2] == [(n, *one) for n in (1, 3) for one in known]
    assert [row.seconds for row in seconds if row[0] == 2] == [None] * 3
    assert exclusions.history(db, "s") == [Review(3, "exclude", "seen twice", "not recorded", NOW)]
    assert db.check() == []
    db.dispose()


def test_responses_of_the_second_version_are_kept_and_were_asked_everything(empty_url: str) -> None:
    db = Database(empty_url)
    upgrade_to(db, "0002")
    execute(db, "INSERT INTO survey VALUES (1, 's', 'S', 'open', :now, NULL)", now=NOW)
    execute(db, "INSERT INTO revision VALUES (1, 1, 1, '{}', 'hash', :now)", now=NOW)
    execute(
        db,
        "INSERT INTO response VALUES (7, 1, 1, NULL, NULL, 'c', 'real', 'in_progress', 'en', :now, :now, NULL, NULL, "
        "NULL, 3)",
        now=NOW,
    )
    db.upgrade()
    assert execute(db, "SELECT id FROM response") == [(7,)]
    assert assignments_of(db, 7) == {}
    assert db.check() == []
    db.dispose()


def test_responses_of_the_third_version_keep_their_answers_and_erased_ids_stay_unused(empty_url: str) -> None:
    db = Database(empty_url)
    upgrade_to(db, "0003")
    execute(db, "INSERT INTO survey VALUES (1, 's', 'S', 'open', :now, NULL)", now=NOW)
    execute(db, "INSERT INTO revision VALUES (1, 1, 1, '{}', 'hash', :now)", now=NOW)
    later = NOW + timedelta(hours=1)
    insert = (
        "INSERT INTO response VALUES (:id, 1, 1, NULL, NULL, :code, 'real', 'in_progress', 'en', :now, :later, NULL, "
        "NULL, NULL, 3)"
    )
    for number in (7, 9):
        execute(db, insert, id=number, code=f"c{number}", now=NOW, later=later)
    execute(db, "INSERT INTO answer VALUES (7, 'role', '\"buyer\"')")
    execute(db, "DELETE FROM response WHERE id = 9")
    db.upgrade()
    with db.read() as connection:
        rows = connection.execute(select(response.c.id, response.c.active_at, response.c.ended_by)).all()
    assert rows == [(7, later, None)]
    assert execute(db, "SELECT value FROM answer WHERE response_id = 7") == [('"buyer"',)]
    assert db.check() == []
    if db.is_sqlite:
        new = (
            "INSERT INTO response (survey_id, revision_id, kind, status, language, started_at, updated_at, active_at, "
            "version) VALUES (1, 1, 'real', 'quota_full', 'en', :now, :now, :now, 1) RETURNING id"
        )
        assert execute(db, new, now=NOW) == [(10,)]
    db.dispose()


REVISIONS = [script.revision for script in ScriptDirectory.from_config(migrate._config()).walk_revisions()][1:]
TELLING = {
    ("survey", "status"): "open",
    ("response", "kind"): "real",
    ("response", "status"): "complete",
    ("account", "role"): "planner",
    ("login_link", "purpose"): "reset",
    ("review", "action"): "exclude",
    ("revision", "plan"): "{}",
    ("answer", "value"): '"x"',
}
"""Values where not every value of the column's type will do."""


def fill_every_table(db: Database) -> dict[str, dict[str, Any]]:
    """A row in each table that there is, whatever the version; times are those of Python without a zone on SQLite."""
    rows: dict[str, dict[str, Any]] = {}
    with db.write() as connection:
        reflected = MetaData()
        reflected.reflect(connection)
        for table in reflected.sorted_tables:
            if table.name != "alembic_version":
                rows[table.name] = {column.name: value_for(db, table.name, column) for column in table.columns}
                connection.execute(table.insert().values(rows[table.name]))
    return rows


def value_for(db: Database, table: str, column: Column[Any]) -> Any:
    if (table, column.name) in TELLING:
        return TELLING[table, column.name]
    if isinstance(column.type, DateTime):
        return NOW.replace(tzinfo=None) if db.is_sqlite else NOW
    return {int: 1, bool: True, str: "x"}[column.type.python_type]


@pytest.mark.parametrize("revision", REVISIONS)
def test_every_row_of_every_earlier_version_is_kept(empty_url: str, revision: str) -> None:
    db = Database(empty_url)
    upgrade_to(db, revision)
    rows = fill_every_table(db)
    assert len(rows) >= 11
    db.upgrade()
    assert db.check() == []
    with db.read() as connection:
        reflected = MetaData()
        reflected.reflect(connection)
        for name, row in rows.items():
            table = reflected.tables[name]
            kept = [dict(found._mapping) for found in connection.execute(select(table))]
            still = row.keys() & set(table.columns.keys())
            assert {key: row[key] for key in still} in [{key: one[key] for key in still} for one in kept], name
    db.dispose()


def test_the_ratings_of_a_response_lie_together_in_sqlite(database: Database) -> None:
    with database.read() as connection:
        if database.is_sqlite:
            assert sqlite_options(connection, "rating") == ["WITHOUT ROWID"]
