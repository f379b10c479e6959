"""Differences between groups, with p-values adjusted for how many were looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from jtbd.scoring.estimates import Estimates
from jtbd.scoring.figures import cautious_variance
from jtbd.scoring.methods import METHODS
from jtbd.tally.features import Feature
from jtbd.tally.model import Floats


@dataclass(frozen=True)
class Comparison:
    """Score of ``group_a`` minus that of ``group_b`` for one outcome; p from the normal, two-sided."""

    outcome: str
    group_a: str
    group_b: str
    difference: float
    difference_se: float
    p: float
    p_bh: float
    p_holm: float


def two_sided(difference: Floats, se: Floats) -> Floats:
    """Normal p-values; 1 where the difference has no standard error and is zero."""
    from scipy.special import ndtr

    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(difference == 0, 0.0, np.abs(difference) / se)
    p: Floats = 2 * ndtr(-z)
    return p


def benjamini_hochberg(p: Floats) -> Floats:
    """Adjusted p-values that bound the false discovery rate (Benjamini & Hochberg 1995)."""
    order = np.argsort(-p)
    size = len(p)
    adjusted = np.minimum.accumulate(p[order] * size / np.arange(size, 0, -1))
    return _in_place(np.minimum(adjusted, 1), order)


def holm(p: Floats) -> Floats:
    """Adjusted p-values that bound the chance of any false claim (Holm 1979)."""
    order = np.argsort(p)
    size = len(p)
    adjusted = np.maximum.accumulate(p[order] * np.arange(size, 0, -1))
    return _in_place(np.minimum(adjusted, 1), order)


def _in_place(values: Floats, order: np.ndarray[tuple[int], np.dtype[np.intp]]) -> Floats:
    placed = np.empty_like(values)
    placed[order] = values
    return placed


def compare(groups: Mapping[str, Estimates], method: str, seed: int = 1) -> list[Comparison]:
    """Pairwise differences a - b between groups in sorted order, outcome by outcome.

    Groups are different people, so their estimates are uncorrelated; BH and Holm run over all rows.
    Outcomes that one of the two groups was not asked or did not rate are left out.

    Parameters
    ----------
    groups : mapping of name to Estimates
    method : str
        A key of :data:`~jtbd.scoring.methods.METHODS`.
    seed : int
        Seed of the draws, for a method that needs them.
    """
    formula = METHODS[method]
    rows: list[tuple[str, str, str, float, float]] = []
    for a, b in combinations(sorted(groups), 2):
        both = set(groups[a].outcomes) & set(groups[b].outcomes)
        left, right = groups[a].only(both), groups[b].only(both)
        difference = formula.of(left) - formula.of(right)
        se = np.sqrt(sum(cautious_variance(one, formula, seed) for one in (left, right)))
        rows += [
            (outcome, a, b, float(difference[j]), float(se[j]))
            for j, outcome in enumerate(left.outcomes)
            if np.isfinite(difference[j])
        ]
    if not rows:
        return []
    p = two_sided(np.array([row[3] for row in rows]), np.array([row[4] for row in rows]))
    adjusted = zip(rows, p, benjamini_hochberg(p), holm(p), strict=True)
    return [Comparison(*row, float(raw), float(bh), float(strict)) for row, raw, bh, strict in adjusted]


def share_test(left: Estimates, right: Estimates, feature: Feature) -> tuple[Floats, Floats, Floats]:
    """Difference of one share between two groups of different people, its SE and its p-value (J,) each.

    For claims about small groups: the test counts one more yes and one more no in each group (Agresti &
    Caffo 2000), scales variances by the design effect, and takes p from Student's t with
    n_eff_a + n_eff_b - 2 degrees of freedom. Without that, nine of ten against one of ten would pass
    corrections for hundreds of comparisons. The difference and SE returned are the plain ones.
    """
    from scipy.special import stdtr

    sides = [_one_side(estimates, feature) for estimates in (left, right)]
    shift = sides[0].pulled - sides[1].pulled
    spread = np.sqrt(sides[0].pulled_variance + sides[1].pulled_variance)
    freedom = np.maximum(left.n_eff + right.n_eff - 2, 1)
    with np.errstate(invalid="ignore"):
        p: Floats = np.minimum(2 * stdtr(freedom, -np.abs(shift) / spread), 1.0)
    return (
        sides[0].share - sides[1].share,
        np.sqrt(sides[0].variance + sides[1].variance),
        p,
    )


@dataclass(frozen=True)
class _Side:
    share: Floats
    variance: Floats
    pulled: Floats
    pulled_variance: Floats


def _one_side(estimates: Estimates, feature: Feature) -> _Side:
    share = estimates.means([feature])[0]
    variance = estimates.cautious([feature]).covariances[0, 0]
    n_eff = np.maximum(estimates.n_eff, 1e-9)
    plain = share * (10 - share) / n_eff
    design_effect = np.where(plain > 1e-12, np.maximum(variance / np.maximum(plain, 1e-12), 1.0), 1.0)
    pulled = (share * n_eff + 10) / (n_eff + 2)
    return _Side(share, variance, pulled, design_effect * pulled * (10 - pulled) / (n_eff + 2))
