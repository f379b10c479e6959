"""Weights from a column: base weights, and what each respondent is worth."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jtbd.errors import InputError, Issue, issue
from jtbd.ratings.codes import shown
from jtbd.ratings.model import Ratings, numbered
from jtbd.ratings.table import raise_if_any

Weights = NDArray[np.float64]


def weights_from_column(ratings: Ratings, column: str, *, file: str, lines: Sequence[int] = ()) -> Weights:
    """Base weights (n,) from an attribute, the largest scaled to 1: results do not depend on their scale.

    Raises
    ------
    InputError
        No such column; a weight that is blank, not a number, negative or not finite; all weights zero.
    """
    return _numbers(ratings, column, _Wanted("--weight", "bad-weight", "weight"), file, lines)


def worth_from_column(ratings: Ratings, column: str, *, file: str, lines: Sequence[int] = ()) -> Weights:
    """What each respondent is worth (n,), such as yearly revenue, the largest scaled to 1; 0 where it is blank.

    Raises
    ------
    InputError
        No such column; a value that is not a number, negative or not finite; nobody worth anything.
    """
    return _numbers(ratings, column, _Wanted("--value", "bad-value", "value", blank=0.0), file, lines)


@dataclass(frozen=True)
class _Wanted:
    """Which option asks for a column, and what its cells are called."""

    option: str
    code: str
    noun: str
    blank: float = math.nan


def _numbers(ratings: Ratings, column: str, wanted: _Wanted, file: str, lines: Sequence[int]) -> Weights:
    if column not in ratings.attributes:
        raise InputError([unknown_column(column, ratings, file=wanted.option)])
    cells = ratings.attributes[column]
    levels, numbers = numbered(cells)
    found = np.array([number(level) if level else wanted.blank for level in levels], np.float64)[numbers]
    if np.isnan(found).all() and levels:
        message = f'column "{column}" holds no numbers, but such as {shown(cells[0])}'
        remedy = f"name a column with a {wanted.noun} for each respondent"
        raise InputError([issue(wanted.code, message, remedy, file=file)])
    issues = []
    for row in np.flatnonzero(~(found >= 0) | np.isinf(found)).tolist():
        place = {"line": lines[row]} if row < len(lines) else {}
        message = f'{shown(cells[row])} in column "{column}" is not a {wanted.noun}'
        remedy = "write a number of 0 or more for each respondent"
        issues.append(issue(wanted.code, message, remedy, file=file, **place))
    if not issues and not found.any():
        message = f'every {wanted.noun} in column "{column}" is zero'
        issues.append(issue(wanted.code, message, f"give at least one respondent a {wanted.noun} above 0", file=file))
    raise_if_any(issues, file)
    scaled: Weights = found / found.max()
    return scaled


def number(cell: str) -> float:
    """A cell as a number, NaN where it is none."""
    try:
        return math.nan if "_" in cell else float(cell)  # Python would read 1_0 as 10
    except ValueError:
        return math.nan


def kish(weights: Weights) -> float:
    """Effective number of respondents under weights (n,): (sum w)^2 / sum w^2 (Kish 1965); 0 if all are zero."""
    squares = float((weights**2).sum())
    return float(weights.sum()) ** 2 / squares if squares else 0.0


def unknown_column(column: str, ratings: Ratings, *, file: str) -> Issue:
    """The issue for a column that the ratings do not have."""
    names = ", ".join(sorted(ratings.attributes)) or "none"
    return issue("unknown-column", f'there is no column "{column}"', f"columns that can be named: {names}", file=file)
