"""All that a database holds, to be compared."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Table, select

from jtbd.store.database import Database
from jtbd.store.schema import PASSING, metadata


def contents(database: Database, leave_out: Collection[Table] = PASSING) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each table in a settled order, without what is there only for a time."""
    with database.read() as connection:
        return {
            table.name: sorted(map(tuple, connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table not in leave_out
        }
