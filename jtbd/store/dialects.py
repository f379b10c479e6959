"""The few statements that SQLite and PostgreSQL write differently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def upsert(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, keep: Iterable[str] = ()
) -> None:
    """Insert rows; where the primary key is there already, overwrite the other columns.

    Parameters
    ----------
    rows : sequence of mapping
        All with the same columns, no primary key twice. Empty: nothing is done.
    keep : iterable of str
        Columns that keep what was there first.
    """
    if not rows:
        return
    result = connection.execute(_upsert(connection.dialect.name, table, tuple(rows[0]), tuple(keep)), rows)
    if connection.dialect.name == "postgresql":
        result.close()


@cache
def _upsert(dialect: str, table: Table, columns: tuple[str, ...], keep: tuple[str, ...]) -> Any:
    # putting a statement together takes several times as long as running it
    key = [column.name for column in table.primary_key]
    statement = _INSERT[dialect](table)
    change = {name: statement.excluded[name] for name in columns if name not in {*key, *keep}}
    statement = statement.on_conflict_do_update(index_elements=key, set_=change)
    # only with RETURNING does PostgreSQL get the rows as one statement, which takes half the time of one for each
    return statement.returning(table.c[key[0]]) if dialect == "postgresql" else statement


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, leaving those alone that are there already by a unique column."""
    if rows:
        connection.execute(_INSERT[connection.dialect.name](table).on_conflict_do_nothing(), rows)


def insert_many(connection: Connection, table: Table, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Insert very many new rows, as fast as the database takes them: COPY on PostgreSQL.

    Parameters
    ----------
    columns : sequence of str
        Names of the columns of `rows`.
    """
    dialect = connection.dialect
    to_driver = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in columns]
    if any(to_driver):
        rows = [tuple(f(value) if f else value for f, value in zip(to_driver, row, strict=True)) for row in rows]
    names = ", ".join(map(dialect.identifier_preparer.quote, columns))
    if dialect.name == "postgresql":
        driver_connection: Any = connection.connection.driver_connection
        with driver_connection.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    elif rows:
        places = ", ".join("?" * len(columns))
        # S608: names of our own columns, no input
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({places})", rows)  # noqa: S608
