"""Raking: weights that meet known margins of the population, bounded on request."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jtbd.errors import InputError, Issue, issue
from jtbd.plural import counted
from jtbd.ratings.model import Labels, Ratings, numbered
from jtbd.ratings.table import csv_rows, decoded
from jtbd.ratings.weights import Weights, number, unknown_column

TOLERANCE = 1e-12
CLOSE = 1e-9
"""Weights that miss a target by no more, as a share of everybody, meet it."""
MOST_ROUNDS = 5_000


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
        Target(row[place["variable"]].strip(), row[place["level"]].strip(), number(row[place["share"]]), line)
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


def rake(ratings: Ratings, targets: Sequence[Target], *, file: str, most: float = math.inf) -> Weights:
    """Weights (n,) that meet every target, as close to the base weights as raking keeps them.

    Iterative proportional fitting from ``ratings.weights`` to convergence (largest error of a
    margin, relative to n, below 1e-12), scaled to sum n. Source: Deming & Stephan 1940; Deville, Särndal &
    Sautory 1993; with ``most``, their truncated case: w = min(base x factors, most), the factors found
    level by level.

    Parameters
    ----------
    ratings : Ratings
        With their base weights.
    targets : sequence of Target
    file : str
        What the targets are called in issues.
    most : float
        No weight above this many times the mean weight.

    Raises
    ------
    InputError
        A variable or level that respondents lack or that the targets lack; margins that contradict each
        other or leave no weights that meet them, or none within ``most``.
    """
    margins, issues = _margins(ratings, targets, file)
    if not issues and math.isfinite(most):
        issues = _bound_issues(ratings, targets, most, file)
    if issues:
        raise InputError(issues)
    weights = _fit(ratings.weights * (ratings.n / ratings.weights.sum()), margins, most)
    if weights is None:
        message, remedy = (
            ("no weights meet all targets at once", "two variables contradict each other in these respondents:")
            if math.isinf(most)
            else (f"no weights of up to {most:g} times the mean meet all targets at once", "raise --trim,")
        )
        raise InputError(
            [issue("rake-impossible", message, f"{remedy} merge small levels or drop a variable", file=file)]
        )
    return weights


def trim(ratings: Ratings, most: float) -> Weights:
    """The base weights (n,) with none above ``most`` times the mean, scaled to sum n.

    What is cut off is spread over the others in proportion to their weights.

    Raises
    ------
    InputError
        So many weights of zero that the others cannot stay under the bound.
    """
    everybody = [(np.zeros(ratings.n, np.intp), np.array([float(ratings.n)]))]
    weights = _fit(ratings.weights * (ratings.n / ratings.weights.sum()), everybody, most)
    if weights is None:
        share = (ratings.weights > 0).mean()
        message = f"{share:.0%} of the respondents have a weight: they cannot all stay under {most:g} times the mean"
        raise InputError([issue("rake-impossible", message, f"raise --trim over {1 / share:.3g}", file="--trim")])
    return weights


Margin = tuple[NDArray[np.intp], Weights]
"""The respondents' level numbers (n,) of a variable, and the wanted sum of weights of each level."""


def _fit(base: Weights, margins: Sequence[Margin], most: float) -> Weights | None:
    """Weights that meet all margins; ``None`` where rounds of fitting do not come to rest on any."""
    free, weights, worst = base, np.minimum(base, most), math.inf
    for _ in range(MOST_ROUNDS):
        before, worst = worst, 0.0
        for codes, wanted in margins:
            have = np.bincount(codes, weights, minlength=wanted.size)
            if ((have == 0) & (wanted > 0)).any():
                return None
            worst = max(worst, float(np.max(np.abs(have - wanted)) / len(base)))
            if math.isinf(most):
                factors = np.divide(wanted, have, out=np.zeros_like(wanted), where=have > 0)
            else:
                factors = np.array([_factor(free[codes == k], target, most) for k, target in enumerate(wanted)])
            free = free * factors[codes]
            weights = np.minimum(free, most)
        # Sums over a million people are rounded by more than the tolerance: then it is enough to come to rest.
        at_rest = worst < TOLERANCE or before <= worst < CLOSE
        if at_rest or not np.isfinite(free).all():
            break
    return weights if worst < CLOSE else None


def _factor(free: Weights, wanted: float, most: float) -> float:
    """The factor f with sum min(f free, most) = wanted, for weights (m,) of one level."""
    ordered = np.sort(free[free > 0])[::-1]
    rest = ordered.sum() - np.concatenate([[0.0], np.cumsum(ordered)])[:-1]  # what the k largest leave
    capped = np.arange(ordered.size)
    with np.errstate(divide="ignore"):
        factors = (wanted - capped * most) / rest
    fits = np.flatnonzero((factors >= 0) & (factors * ordered <= most * (1 + 1e-12)))
    return float(factors[fits[0]]) if fits.size else (most / float(ordered[-1]) if ordered.size else 0.0)


def _bound_issues(ratings: Ratings, targets: Sequence[Target], most: float, file: str) -> list[Issue]:
    """Levels too few people have to reach their share under the bound."""
    issues = []
    for target in targets:
        share = float(((ratings.attributes[target.variable] == target.level) & (ratings.weights > 0)).mean())
        if share * most < target.share * (1 - 1e-12):
            message = (
                f'{share:.1%} of the respondents have "{target.level}" for "{target.variable}": at {most:g} times the '
                f"mean they reach {share * most:.1%}, not {target.share:.1%}"
            )
            remedy = f"raise --trim to {math.ceil(100 * target.share / share) / 100:g} or more, or merge the level"
            issues.append(issue("rake-impossible", message, remedy, file=file, line=target.line))
    return issues


def _margins(ratings: Ratings, targets: Sequence[Target], file: str) -> tuple[list[Margin], list[Issue]]:
    """The margin of each variable."""
    margins, issues = [], []
    for variable in dict.fromkeys(target.variable for target in targets):
        mine = [target for target in targets if target.variable == variable]
        if variable not in ratings.attributes:
            issues.append(unknown_column(variable, ratings, file=f"{file}:{mine[0].line}"))
            continue
        column = ratings.attributes[variable]
        issues += _level_issues(variable, column, mine, ratings.weights, file)
        number = {target.level: place for place, target in enumerate(mine)}
        levels, numbers = numbered(column)
        codes = np.array([number.get(level, 0) for level in levels], np.intp)[numbers]
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
                f'{counted(count, "respondent has", "respondents have")} {what} for "{variable}", which has no target',
                "add the level to the targets, or fill in the value",
                file=file,
            )
        )
    return issues
