from __future__ import annotations

import re
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect

from jtbd.store.database import Database
from jtbd.store.schema import metadata


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


def test_the_ratings_of_a_response_lie_together_in_sqlite(database: Database) -> None:
    with database.read() as connection:
        if database.is_sqlite:
            assert sqlite_options(connection, "rating") == ["WITHOUT ROWID"]
