"""Intervals for shares, for linear combinations of two shares, and for the score with the kink."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from jtbd.tally.model import Floats


def normal_quantile(level: float) -> float:
    """Quantile z of a two-sided interval at ``level``: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


@dataclass(frozen=True)
class Bounds:
    """Lower and upper ends, of the shape of what they enclose."""

    low: Floats
    high: Floats


def wilson(share: Floats, n_eff: Floats, level: float) -> Bounds:
    """Score interval of a share on 0..10, at the effective number of respondents.

    Never of zero width, and within 0..10 (Wilson 1927; with an effective n: Korn & Graubard 1998).
    """
    z2 = normal_quantile(level) ** 2
    p = share / 10
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (p + z2 / (2 * n_eff)) / (1 + z2 / n_eff)
        half = np.sqrt(z2 * (p * (1 - p) / n_eff + z2 / (4 * n_eff**2))) / (1 + z2 / n_eff)
    return Bounds(10 * np.clip(centre - half, 0, 1), 10 * np.clip(centre + half, 0, 1))


def weighted_difference(
    left: Floats, right: Floats, left_bounds: Bounds, right_bounds: Bounds, correlation: Floats, factor: float = 1.0
) -> Bounds:
    """Interval of ``factor * left - right`` recovered from the intervals of its parts (MOVER).

    Source: Newcombe 1998; Zou & Donner 2008, with the correlation of the parts.
    """
    centre = factor * left - right
    down, up = factor * (left - left_bounds.low), factor * (left_bounds.high - left)
    other_down, other_up = right - right_bounds.low, right_bounds.high - right
    below = down**2 + other_up**2 - 2 * correlation * down * other_up
    above = up**2 + other_down**2 - 2 * correlation * up * other_down
    return Bounds(centre - np.sqrt(np.maximum(below, 0)), centre + np.sqrt(np.maximum(above, 0)))


def opportunity_bounds(
    importance: Floats, satisfaction: Floats, parts: tuple[Bounds, Bounds], correlation: Floats
) -> Bounds:
    """Interval of max(I, 2I - S): the maximum of the ends of the intervals of I and of 2I - S.

    The plain delta method covers only 87% at the kink I = S; this form holds there (docs/methods.md).
    """
    steep = weighted_difference(importance, satisfaction, *parts, correlation, factor=2.0)
    return Bounds(np.maximum(parts[0].low, steep.low), np.minimum(np.maximum(parts[0].high, steep.high), 20))
