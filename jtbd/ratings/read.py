"""Ratings from a file: CSV wide or long, Parquet, or a folder of Parquet files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from jtbd.errors import InputError, Issue, issue
from jtbd.ratings.codes import BAD, CODES, parse_code, shown
from jtbd.ratings.columns import WideColumns, wide_columns
from jtbd.ratings.model import Codes, Labels, Ratings
from jtbd.ratings.table import MOST_ISSUES, csv_rows, decoded, empty, raise_if_any

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RatingsFile:
    """Ratings, and where in which file each respondent stands (for issues found later)."""

    ratings: Ratings
    name: str
    lines: Sequence[int]


def read_ratings(path: Path) -> RatingsFile:
    """Read a ratings file; the layout is told from its header.

    Raises
    ------
    InputError
        With every issue found (the first 50 bad cells): nothing is scored from a file that has one.
    """
    if path.is_dir():
        return _read_parquet(sorted(path.glob("*.parquet")), str(path))
    if not path.exists():
        raise InputError([issue("no-such-file", "there is no such file", "check the path", file=str(path))])
    if path.suffix == ".parquet":
        return _read_parquet([path], str(path))
    header, rows, lines = csv_rows(decoded(path), str(path))
    if {"respondent", "outcome", "importance"} <= set(header):
        from jtbd.ratings.long import from_long

        return RatingsFile(from_long(header, rows, lines, str(path)), str(path), ())
    columns = wide_columns(header, str(path))
    ratings = _from_cells(columns, header, rows, str(path), lambda row: lines[row])
    return RatingsFile(ratings, str(path), lines)


def from_frame(frame: pd.DataFrame, name: str = "the data frame") -> RatingsFile:
    """Ratings from a data frame in the wide layout, one row a respondent."""
    header = [str(column) for column in frame.columns]
    columns = wide_columns(header, name)
    if frame.empty:
        raise InputError([empty(name, "there are no rows")])
    filled = frame.astype(object).where(frame.notna(), "")
    rows = [[cell_text(cell) for cell in row] for row in filled.itertuples(index=False)]
    lines = range(1, len(rows) + 1)
    return RatingsFile(_from_cells(columns, header, rows, name, lambda row: lines[row]), name, lines)


def cell_text(cell: object) -> str:
    """A value as CSV would hold it: a column of whole numbers with a gap in it is still one of whole numbers."""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def _from_cells(
    columns: WideColumns,
    header: Sequence[str],
    rows: list[list[str]],
    file: str,
    line_of: Callable[[int], int],
) -> Ratings:
    scales = {}
    issues: list[Issue] = []
    for scale, places in columns.scales.items():
        matrix = np.zeros((len(rows), len(places)), np.uint8)
        kept = [j for j, place in enumerate(places) if place is not None]
        numbers = [place for place in places if place is not None]
        matrix[:, kept] = _codes(rows, numbers)
        for row, j in zip(*np.nonzero(matrix == BAD), strict=True):
            place = places[j]
            assert place is not None  # noqa: S101 - told to mypy: only columns the file has were filled
            code = parse_code(rows[row][place])
            matrix[row, j] = code
            if code == BAD and len(issues) <= MOST_ISSUES:
                issues.append(_bad_cell(rows[row][place], header[place], file, line_of(row), place + 1))
        scales[scale] = matrix
    raise_if_any(issues, file)
    attributes = {name: _labels(row[number] for row in rows) for name, number in columns.attributes.items()}
    return Ratings(columns.outcomes, scales, attributes)


def _codes(rows: list[list[str]], numbers: list[int]) -> Codes:
    """Codes of the columns chosen (n, len(numbers)); one dictionary look-up a cell."""
    pick = itemgetter(*numbers) if len(numbers) > 1 else lambda row: (row[numbers[0]],)
    look = CODES.get
    flat = bytes(look(cell, BAD) for row in rows for cell in pick(row))
    return np.frombuffer(flat, np.uint8).reshape(len(rows), len(numbers))


def _labels(cells: Iterable[str]) -> Labels:
    stripped = [cell.strip() for cell in cells]
    column = np.empty(len(stripped), object)
    column[:] = stripped
    return column


def _bad_cell(cell: str, column: str, file: str, line: int, number: int) -> Issue:
    return issue(
        "bad-rating",
        f'{shown(cell)} in column "{column}" is not a rating',
        "write 1, 2, 3, 4 or 5, or leave the cell blank",
        file=file,
        line=line,
        column=number,
    )


def _read_parquet(paths: list[Path], name: str) -> RatingsFile:
    if not paths:
        raise InputError([issue("no-rows", "the folder holds no Parquet files", "check the path", file=name)])
    try:
        from pyarrow import ArrowException, concat_tables, parquet
    except ImportError:
        raise InputError(
            [
                issue(
                    "needs-extra",
                    "reading Parquet needs pyarrow",
                    'install it with: pip install "jtbd[archive]"',
                    file=name,
                )
            ]
        ) from None
    try:
        table = concat_tables([parquet.read_table(path) for path in paths], promote_options="permissive")
    except (ArrowException, OSError) as error:
        raise InputError(
            [issue("broken-parquet", f"the Parquet cannot be read ({error})", "write the file again", file=name)]
        ) from None
    if not table.num_rows:
        raise InputError([empty(name, "the file has no rows")])
    frame = table.to_pandas()
    return from_frame(frame, name)
