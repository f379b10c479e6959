"""Statements of every page of every respondent: put together and compiled once, then run on the driver's own cursor.

What SQLAlchemy does around each execution takes ten times as long as SQLite needs for one of these. They are written
with it all the same, so that they name the tables of :mod:`jtbd.store.schema` and both databases understand them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler

Row = tuple[Any, ...]
_Converter = Callable[[Any], Any]


@dataclass(frozen=True)
class _Compiled:
    """A statement in a driver's words.

    ``fixed`` are the values written into the statement itself, ``order`` the names of its values where the driver takes
    them by position, ``to_driver`` and ``from_driver`` what is done to values (by name) and columns (by position).
    """

    sql: str
    fixed: Mapping[str, Any]
    order: Sequence[str] | None
    to_driver: Mapping[str, _Converter]
    from_driver: Sequence[tuple[int, _Converter]]

    def values(self, given: Mapping[str, Any]) -> Any:
        """What the driver is handed."""
        values = {**self.fixed, **given}
        for name, convert in self.to_driver.items():
            values[name] = convert(values[name])
        return values if self.order is None else [values[name] for name in self.order]

    def row(self, row: Sequence[Any]) -> Row:
        """What the driver's row means."""
        if not self.from_driver:
            return tuple(row)
        read = list(row)
        for place, convert in self.from_driver:
            read[place] = convert(read[place])
        return tuple(read)


class Prepared:
    """A statement whose values come by the names of its ``bindparam``; the same for both databases.

    Parameters
    ----------
    make : callable
        Puts the statement together for a dialect, ``sqlite`` or ``postgresql``. It holds no list of unknown length.
    """

    def __init__(self, make: Callable[[str], Executable]) -> None:
        self._make = make
        self._compiled: dict[str, _Compiled] = {}

    def rows(self, connection: Connection, **values: Any) -> list[Row]:
        """Run it within a transaction: the rows it gives."""
        return self.rows_of(connection.connection.driver_connection, connection.dialect, values)

    def rows_of(self, driver_connection: Any, dialect: Dialect, values: Mapping[str, Any]) -> list[Row]:
        """Run it on the driver's connection: the rows it gives."""
        compiled = self._for(dialect)
        return [
            compiled.row(row) for row in driver_connection.execute(compiled.sql, compiled.values(values)).fetchall()
        ]

    def run(self, connection: Connection, **values: Any) -> int:
        """Run it within a transaction: how many rows it changed."""
        compiled = self._for(connection.dialect)
        driver_connection: Any = connection.connection.driver_connection
        changed: int = driver_connection.execute(compiled.sql, compiled.values(values)).rowcount
        return changed

    def _for(self, dialect: Dialect) -> _Compiled:
        if dialect.name not in self._compiled:
            self._compiled[dialect.name] = _compile(self._make(dialect.name), dialect)
        return self._compiled[dialect.name]


def _compile(statement: Executable, dialect: Dialect) -> _Compiled:
    compiled = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    assert isinstance(compiled, SQLCompiler)  # noqa: S101 - what a statement compiles to
    to_driver = {
        name: convert
        for bind, name in compiled.bind_names.items()
        if (convert := bind.type.dialect_impl(dialect).bind_processor(dialect))
    }
    columns = getattr(statement, "selected_columns", ())
    from_driver = [
        (place, convert)
        for place, column in enumerate(columns)
        if (convert := column.type.dialect_impl(dialect).result_processor(dialect, None))
    ]
    fixed = {name: compiled.params[name] for bind, name in compiled.bind_names.items() if not bind.required}
    order = compiled.positiontup if compiled.positional else None
    return _Compiled(compiled.string, fixed, order, to_driver, from_driver)
