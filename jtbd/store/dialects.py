"""The few statements that SQLite and PostgreSQL write differently."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from jtbd.store.prepared import Prepared

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
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        values = {f"{name}_{place}": value for place, row in enumerate(some) for name, value in row.items()}
        _upsert(table, tuple(some[0]), tuple(keep), len(some)).run(connection, **values)


_AT_ONCE = 100
"""Rows of one statement: both databases take several in one much faster than one by one."""


@cache
def _upsert(table: Table, columns: tuple[str, ...], keep: tuple[str, ...], number: int) -> Prepared:
    key = [column.name for column in table.primary_key]
    rows = [
        {name: bindparam(f"{name}_{place}", type_=table.c[name].type) for name in columns} for place in range(number)
    ]

    def make(dialect: str) -> Any:
        statement = _INSERT[dialect](table).values(rows)
        change = {name: statement.excluded[name] for name in columns if name not in {*key, *keep}}
        return statement.on_conflict_do_update(index_elements=key, set_=change)

    return Prepared(make)


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
