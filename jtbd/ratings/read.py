"""Ratings from a file: CSV wide or long, Parquet, or a folder of Parquet files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from jtbd.errors import InputError, issue
from jtbd.ratings.cells import text_codes, text_labels
from jtbd.ratings.columns import wide_columns
from jtbd.ratings.model import Codes, Labels, Ratings
from jtbd.ratings.table import csv_rows, decoded
from jtbd.ratings.wide import from_parts

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class RatingsFile:
    """Ratings, where in which file each respondent stands (for issues found later), and what an archive says."""

    ratings: Ratings
    name: str
    lines: Sequence[int]
    about: bytes = b""


def read_ratings(path: Path) -> RatingsFile:
    """Read a ratings file; the layout is told from its header.

    Raises
    ------
    InputError
        With every issue found (the first 50 bad cells): nothing is scored from a file that has one.
    """
    if not path.exists():
        raise InputError([issue("no-such-file", "there is no such file", "check the path", file=str(path))])
    if path.is_dir() or path.suffix == ".parquet":
        from jtbd.ratings.parquet import read_parquet

        ratings, about = read_parquet(sorted(path.glob("*.parquet")) if path.is_dir() else [path], str(path))
        return RatingsFile(ratings, str(path), range(1, ratings.n + 1), about)
    header, rows, lines = csv_rows(decoded(path), str(path))
    if {"respondent", "outcome", "importance"} <= set(header):
        from jtbd.ratings.long import from_long

        return RatingsFile(from_long(header, rows, lines, str(path)), str(path), ())
    columns = wide_columns(header, str(path))
    part = CsvPart(dict(zip(header, zip(*rows, strict=True), strict=True)), str(path), lines)
    return RatingsFile(from_parts([part], columns, header, len(rows)), str(path), lines)


def from_frame(frame: pd.DataFrame, name: str = "the data frame") -> RatingsFile:
    """Ratings from a data frame in the wide layout, one row a respondent."""
    from jtbd.ratings.frame import read_frame

    return RatingsFile(read_frame(frame, name), name, range(1, len(frame) + 1))


@dataclass(frozen=True)
class CsvPart:
    """All rows of a CSV file, by column."""

    columns: Mapping[str, Sequence[str]]
    file: str
    lines: Sequence[int]

    def codes(self, column: str) -> Codes:
        """1..5, ``NOT_RATED`` or ``BAD`` for each row."""
        return text_codes(self.columns[column])

    def labels(self, column: str) -> Labels:
        """What is written in each row."""
        return text_labels(self.columns[column])

    def text(self, row: int, column: str) -> str:
        """What is written in one cell."""
        return self.columns[column][row]
