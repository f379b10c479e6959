"""Connections that are kept for reading: to get one from the engine's pool takes as long as to read a response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, PoolProxiedConnection

from jtbd.store.prepared import Prepared, Row


class Lookups:
    """Runs single statements that read, each seeing one state of the database, on connections of their own.

    Parameters
    ----------
    engine : Engine
        One without a pool.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._dialect = engine.dialect
        self._idle: list[PoolProxiedConnection] = []  # its pop and append need no lock

    def look_up(self, statement: Prepared, values: Mapping[str, Any]) -> list[Row]:
        """The rows of a statement; raises what the driver raises."""
        try:
            connection = self._idle.pop()
        except IndexError:
            return self._on(self._connect(), statement, values)
        try:
            return self._on(connection, statement, values)
        except self._dialect.loaded_dbapi.OperationalError:  # the database was started anew since
            self.close()
            return self._on(self._connect(), statement, values)

    def _on(self, connection: PoolProxiedConnection, statement: Prepared, values: Mapping[str, Any]) -> list[Row]:
        try:
            rows = statement.rows_of(connection.driver_connection, self._dialect, values)
        except BaseException:
            connection.invalidate()
            raise
        self._idle.append(connection)
        return rows

    def _connect(self) -> PoolProxiedConnection:
        connection = self._engine.raw_connection()
        if self._dialect.name == "postgresql":  # SQLite begins no transaction: see `database`
            driver_connection: Any = connection.driver_connection
            driver_connection.autocommit = True
        return connection

    def close(self) -> None:
        """Close every connection that is not in use."""
        while self._idle:
            self._idle.pop().invalidate()
