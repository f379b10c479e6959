"""The people of a panel, read from a CSV: the panel's own id of each, and nothing else."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jtbd.errors import InputError, Issue, issue
from jtbd.ratings.table import csv_rows, decoded, raise_if_any

ID = "id"
LONGEST_ID = 200


@dataclass(frozen=True)
class Panel:
    """Who is to be invited.

    Parameters
    ----------
    ids : tuple of str
        In the order of the file, each once, without spaces around.
    column : str
        The column they stand in.
    left_out : tuple of str
        The other columns, none of which is read.
    """

    ids: tuple[str, ...]
    column: str
    left_out: tuple[str, ...]


def read_panel(path: Path) -> Panel:
    """The ids of a panel file: its column ``id``, or the first.

    Raises
    ------
    InputError
        The file cannot be read as CSV, or ids are blank, there twice, too long or not text; all of it at once.
    """
    file = str(path)
    header, rows, lines = csv_rows(decoded(path), file)
    columns = [place for place, name in enumerate(header) if name.casefold() == ID]
    if len(columns) > 1:
        what = f"the column `{ID}` is there twice"
        raise InputError([issue("duplicate-column", what, "keep one of them", file=file, line=1)])
    column = columns[0] if columns else 0
    ids = [row[column].strip() for row in rows]
    raise_if_any(_issues(ids, lines, file, column + 1), file)
    left_out = (*header[:column], *header[column + 1 :])
    return Panel(tuple(ids), header[column], left_out)


def _issues(ids: list[str], lines: list[int], file: str, column: int) -> Iterator[Issue]:
    """What is wrong with ids; `column` counts cells from 1."""
    first: dict[str, int] = {}
    for one, line in zip(ids, lines, strict=True):
        found = _problem(one, first.get(one), column)
        if found:
            code, message, remedy = found
            yield issue(code, message, remedy, file=file, line=line)
        first.setdefault(one, line)


def _problem(one: str, before: int | None, column: int) -> tuple[str, str, str] | None:
    """Code, message and remedy; `before` is the line in which the id stood already."""
    if not one:
        return "blank-id", f"the id (cell {column}) is blank", "give everyone the id by which the panel knows them"
    if before is not None:
        what = f"the id “{one[:LONGEST_ID]}” stands in line {before} already"
        return "duplicate-id", what, "keep one row for each person"
    if len(one) > LONGEST_ID:
        what = f"the id has {len(one)} signs, {LONGEST_ID} are the most"
        return "too-long", what, "use a short id of the panel"
    if any(unicodedata.category(sign) == "Cc" for sign in one):
        return "control-character", "the id holds a sign that cannot be seen", "remove it"
    return None
