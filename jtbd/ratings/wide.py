"""The wide layout: one row a respondent, whatever kind of table the rows come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Protocol

import numpy as np

from jtbd.errors import Issue, issue
from jtbd.ratings.codes import BAD, NOT_RATED, shown
from jtbd.ratings.columns import WideColumns
from jtbd.ratings.model import Codes, Labels, Marks, Ratings
from jtbd.ratings.table import MOST_ISSUES, raise_if_any
from jtbd.survey.model import Scale


class Part(Protocol):
    """Some rows of a table, read column by column. Columns that it lacks are blank."""

    @property
    def file(self) -> str:
        """Where the rows are, as an issue names it."""

    @property
    def lines(self) -> Sequence[int]:
        """The line of each row in the file."""

    def codes(self, column: str) -> Codes:
        """1..5, ``NOT_RATED`` or ``BAD`` for each row."""

    def labels(self, column: str) -> Labels:
        """What is written in each row, as text."""

    def text(self, row: int, column: str) -> str:
        """What is written in one cell, for a message."""


def from_parts(parts: Iterable[Part], columns: WideColumns, header: Sequence[str], n: int) -> Ratings:
    """Ratings from the n rows of all parts, one after the other.

    Raises
    ------
    InputError
        With the first fifty cells that are no ratings.
    """
    # Column by column in memory, as they are read and counted.
    scales = {scale: np.zeros((len(places), n), np.uint8).T for scale, places in columns.scales.items()}
    attributes = {name: np.full(n, "", object) for name in columns.attributes}
    marks = np.zeros((n, len(columns.outcomes)), bool) if columns.not_applicable else None
    issues: list[Issue] = []
    start = 0
    for part in parts:
        stop = start + len(part.lines)
        for scale, places in columns.scales.items():
            for j, place in enumerate(places):
                if place is not None:
                    scales[scale][start:stop, j] = part.codes(header[place])
        issues += _bad_cells(part, columns, header, {scale: matrix[start:stop] for scale, matrix in scales.items()})
        if marks is not None:
            issues += _mark(marks[start:stop], part, columns, header)
        if len(issues) > MOST_ISSUES:
            break
        for name, labels in attributes.items():
            labels[start:stop] = part.labels(name)
        start = stop
    raise_if_any(issues, part.file)
    return Ratings(columns.outcomes, scales, attributes, not_applicable=marks)


def _mark(marks: Marks, part: Part, columns: WideColumns, header: Sequence[str]) -> list[Issue]:
    """Put down which outcomes do not apply, in place; the cells that are neither 1 nor blank."""
    issues: list[Issue] = []
    for j, place in enumerate(columns.not_applicable):
        if place is None:
            continue
        codes = part.codes(header[place])
        marks[:, j] = codes == 1
        wrong = np.flatnonzero((codes != 1) & (codes != NOT_RATED))[: MOST_ISSUES + 1]
        issues += (_bad_mark(part, row, header[place], place) for row in wrong.tolist())
    return issues


def _bad_mark(part: Part, row: int, column: str, number: int) -> Issue:
    return issue(
        "bad-mark",
        f'{shown(part.text(row, column))} in column "{column}" does not say whether the outcome applies',
        "write 1 where it does not, or leave the cell blank",
        file=part.file,
        line=part.lines[row],
        column=number + 1,
    )


def _bad_cells(part: Part, columns: WideColumns, header: Sequence[str], scales: dict[Scale, Codes]) -> list[Issue]:
    """The first cells that are no ratings, one more than are shown."""
    places = []
    for scale, matrix in scales.items():
        if matrix.max(initial=0) == BAD:
            rows, outcomes = (found[: MOST_ISSUES + 1].tolist() for found in np.nonzero(matrix == BAD))
            places += [(row, columns.scales[scale][j] or 0) for row, j in zip(rows, outcomes, strict=True)]
    return [_bad_cell(part, row, header[number], number) for row, number in nsmallest(MOST_ISSUES + 1, places)]


def _bad_cell(part: Part, row: int, column: str, number: int) -> Issue:
    return issue(
        "bad-rating",
        f'{shown(part.text(row, column))} in column "{column}" is not a rating',
        "write 1, 2, 3, 4 or 5, or leave the cell blank",
        file=part.file,
        line=part.lines[row],
        column=number + 1,
    )
