"""Weights: a column of base weights, and raking to known margins."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jtbd.errors import InputError, Issue, issue
from jtbd.ratings.codes import shown
from jtbd.ratings.model import Labels, Ratings
from jtbd.ratings.table import csv_rows, decoded, raise_if_any

Weights = NDArray[np.float64]

TOLERANCE = 1e-12
MOST_ROUNDS = 5_000


def weights_from_column(ratings: Ratings, column: str, *, file: str, lines: Sequence[int] = ()) -> Weights:
    """Base weights (n,) from an attribute, the largest scaled to 1: results do not depend on their scale.

    Raises
    ------
    InputError
        No such column; a weight that is blank, not a number, negative or not finite; all weights zero.
    """
    if column not in ratings.attributes:
        raise InputError([unknown_column(column, ratings, file="--weight")])
    weights = np.empty(ratings.n)
    issues = []
    for row, cell in enumerate(ratings.attributes[column]):
        weights[row] = _number(cell)
        if not weights[row] >= 0 or math.isinf(weights[row]):
            place = {"line": lines[row]} if row < len(lines) else {}
            issues.append(
                issue(
                    "bad-weight",
                    f'{shown(cell)} in column "{column}" is not a weight',
                    "write a number of 0 or more for each respondent",
                    file=file,
                    **place,
                )
            )
    if not issues and not weights.any():
        issues.append(
            issue(
                "bad-weight",
                f'every weight in column "{column}" is zero',
                "give at least one respondent a weight above 0",
                file=file,
            )
        )
    raise_if_any(issues, file)
    scaled: Weights = weights / weights.max()
    return scaled


def _number(cell: str) -> float:
    try:
        return math.nan if "_" in cell else float(cell)  # Python would read 1_0 as 10
    except ValueError:
        return math.nan


def unknown_column(column: str, ratings: Ratings, *, file: str) -> Issue:
    """The issue for a column that the ratings do not have."""
    names = ", ".join(sorted(ratings.attributes)) or "none"
    return issue("unknown-column", f'there is no column "{column}"', f"columns that can be named: {names}", file=file)


@dataclass(frozen=True)
class Target:
    """The population's share of one level of one variable, and the line that says so."""

    variable: str
    level: str
    share: float
    line: int


def read_targets(path: Path) -> tuple[Target, ...]:
    """Targets from a CSV file ``variable,level,share``; the shares of a variable sum to 1.

    Raises
    ------
    InputError
        A file that cannot be read, wrong columns, shares that are not in 0..1 or do not sum to 1 (within 1e-6),
        a level given twice.
    """
    file = str(path)
    header, rows, lines = csv_rows(decoded(path), file)
    if not {"variable", "level", "share"} <= set(header):
        found = ", ".join(header)
        raise InputError(
            [
                issue(
                    "wrong-columns",
                    f"the columns are {found}",
                    "give the columns variable,level,share",
                    file=file,
                    line=1,
                )
            ]
        )
    place = {name: header.index(name) for name in ("variable", "level", "share")}
    targets = tuple(
        Target(row[place["variable"]].strip(), row[place["level"]].strip(), _number(row[place["share"]]), line)
        for row, line in zip(rows, lines, strict=True)
    )
    issues = _target_issues(targets, file)
    if issues:
        raise InputError(issues)
    return targets


def _target_issues(targets: Sequence[Target], file: str) -> list[Issue]:
    issues = []
    seen: dict[tuple[str, str], int] = {}
    sums: dict[str, float] = {}
    for target in targets:
        key = (target.variable, target.level)
        if key in seen:
            issues.append(
                issue(
                    "duplicate-level",
                    f'"{target.level}" of "{target.variable}" stands on line {seen[key]} too',
                    "keep one of them",
                    file=file,
                    line=target.line,
                )
            )
        seen[key] = target.line
        if not 0 <= target.share <= 1:
            issues.append(
                issue(
                    "bad-share",
                    "the share is not a number from 0 to 1",
                    "write a share such as 0.25",
                    file=file,
                    line=target.line,
                )
            )
        sums[target.variable] = sums.get(target.variable, 0.0) + target.share
    for variable, total in sums.items():
        if math.isfinite(total) and abs(total - 1) > 1e-6:
            issues.append(
                issue(
                    "shares-sum",
                    f'the shares of "{variable}" sum to {total:.6g}, not to 1',
                    "give every level of the population, shares summing to 1",
                    file=file,
                )
            )
    return issues


def rake(ratings: Ratings, targets: Sequence[Target], *, file: str) -> Weights:
    """Weights (n,) that meet every target, as close to the base weights as raking keeps them.

    Iterative proportional fitting from ``ratings.weights`` to convergence (largest error of a
    margin, relative to n, below 1e-12), scaled to sum n. Source: Deming & Stephan 1940; Deville, Särndal &
    Sautory 1993.

    Raises
    ------
    InputError
        A variable or level that respondents lack or that the targets lack; margins that contradict each
        other or leave no weights that meet them.
    """
    margins, issues = _margins(ratings, targets, file)
    if issues:
        raise InputError(issues)
    weights: Weights = ratings.weights * (ratings.n / ratings.weights.sum())
    worst = math.inf
    for _ in range(MOST_ROUNDS):
        worst = 0.0
        for codes, wanted in margins:
            have = np.bincount(codes, weights, minlength=wanted.size)
            factor = np.divide(wanted, have, out=np.zeros_like(wanted), where=have > 0)
            if ((have == 0) & (wanted > 0)).any():
                worst = math.inf
                break
            worst = max(worst, float(np.max(np.abs(have - wanted)) / ratings.n))
            weights = weights * factor[codes]
        if worst < TOLERANCE or math.isinf(worst):
            break
    if not worst < 1e-9:
        raise InputError(
            [
                issue(
                    "rake-impossible",
                    "no weights meet all targets at once",
                    "two variables contradict each other in these respondents: merge small levels or drop a variable",
                    file=file,
                )
            ]
        )
    return weights


def _margins(
    ratings: Ratings, targets: Sequence[Target], file: str
) -> tuple[list[tuple[NDArray[np.intp], Weights]], list[Issue]]:
    """For each variable the respondents' level numbers (n,) and the wanted sums of weight."""
    margins, issues = [], []
    for variable in dict.fromkeys(target.variable for target in targets):
        mine = [target for target in targets if target.variable == variable]
        if variable not in ratings.attributes:
            issues.append(unknown_column(variable, ratings, file=f"{file}:{mine[0].line}"))
            continue
        column = ratings.attributes[variable]
        issues += _level_issues(variable, column, mine, ratings.weights, file)
        number = {target.level: place for place, target in enumerate(mine)}
        codes = np.array([number.get(level, 0) for level in column], np.intp)
        margins.append((codes, ratings.n * np.array([target.share for target in mine])))
    return margins, issues


def _level_issues(variable: str, column: Labels, targets: Sequence[Target], weights: Weights, file: str) -> list[Issue]:
    issues = []
    present = set(column[weights > 0])
    listed = {target.level for target in targets}
    for target in targets:
        if target.share > 0 and target.level not in present:
            issues.append(
                issue(
                    "level-without-people",
                    f'nobody with weight has "{target.level}" for "{variable}"',
                    "merge the level with another one, in the targets and in the data",
                    file=file,
                    line=target.line,
                )
            )
    for level in sorted(set(column) - listed):
        count = int((column == level).sum())
        what = f'"{level}"' if level else "no value"
        issues.append(
            issue(
                "level-without-target",
                f'{count} respondents have {what} for "{variable}", which has no target',
                "add the level to the targets, or fill in the value",
                file=file,
            )
        )
    return issues
