"""Ratings from a file: CSV wide or long, Parquet, or a folder of Parquet files."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from jtbd.errors import InputError, Issue, issue
from jtbd.ratings.codes import BAD, CODES, parse_code, shown
from jtbd.ratings.columns import WideColumns, wide_columns
from jtbd.ratings.model import Codes, Labels, Ratings

if TYPE_CHECKING:
    import pandas as pd

MOST_ISSUES = 50


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
    header, rows, lines = _csv_rows(_decoded(path), str(path))
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
    filled = frame.astype(object).where(frame.notna(), "")
    rows = [[str(cell) for cell in row] for row in filled.itertuples(index=False)]
    lines = range(1, len(rows) + 1)
    return RatingsFile(_from_cells(columns, header, rows, name, lambda row: lines[row]), name, lines)


def _decoded(path: Path) -> str:
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError([_not_utf8(path, 0, "it is UTF-16")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError([_not_utf8(path, line, f"byte 0x{raw[error.start]:02x} is not UTF-8")]) from None


def _not_utf8(path: Path, line: int, what: str) -> Issue:
    return issue(
        "wrong-encoding",
        f"the file is not UTF-8 ({what})",
        'save it as UTF-8 (in a spreadsheet: "CSV UTF-8")',
        file=str(path),
        line=line,
    )


def _csv_rows(text: str, file: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Header, rows and the line on which each row ends; blank lines are left out."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, lines = [], []
    try:
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise InputError(
            [
                issue(
                    "broken-csv",
                    f"the CSV breaks here ({error})",
                    "look for a stray quote",
                    file=file,
                    line=reader.line_num,
                )
            ]
        ) from None
    if not rows:
        raise InputError([_empty(file, "the file is empty")])
    header = [name.strip() for name in rows.pop(0)]
    lines.pop(0)
    ragged = (
        issue(
            "ragged-row",
            f"{len(row)} cells where the header has {len(header)}",
            "give the row a cell for each column; quote cells that hold the separator",
            file=file,
            line=line,
        )
        for row, line in zip(rows, lines, strict=True)
        if len(row) != len(header)
    )
    _raise_if_any(ragged, file)
    if not rows:
        raise InputError([_empty(file, "the file has a header and no rows")])
    return header, rows, lines


def _empty(file: str, message: str) -> Issue:
    return issue("no-rows", message, "give it a row for each respondent", file=file)


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
    _raise_if_any(issues, file)
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


def _raise_if_any(issues: Iterable[Issue], file: str) -> None:
    issues = iter(issues)
    shown = list(islice(issues, MOST_ISSUES))
    if shown:
        if next(issues, None) is not None:
            shown.append(
                issue(
                    "more-issues",
                    f"more like these follow (only {MOST_ISSUES} are shown)",
                    "put these right and run again",
                    file=file,
                    line=shown[-1].line,
                )
            )
        raise InputError(shown)


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
        raise InputError([_empty(name, "the file has no rows")])
    frame = table.to_pandas()
    return from_frame(frame, name)
