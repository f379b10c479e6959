"""Intervals for shares and means, for linear combinations of two, and for the score with the kink."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

from jtbd.scoring.estimates import Estimates, effective_number
from jtbd.tally.features import SHARES, Feature
from jtbd.tally.model import Floats

Pair = tuple[Feature, Feature]


def normal_quantile(level: float) -> float:
    """Quantile z of a two-sided interval at ``level``: 1.96 for 0.95."""
    return NormalDist().inv_cdf((1 + level) / 2)


@dataclass(frozen=True)
class Bounds:
    """Lower and upper ends, of the shape of what they enclose."""

    low: Floats
    high: Floats


def widening(n_eff: Floats, level: float) -> Floats:
    """Student's quantile with n_eff - 1 degrees of freedom over the normal one, at least 1 (J,).

    For intervals that rest on an estimated variance; hardly different from 1 from 200 respondents on.
    """
    from scipy.special import stdtrit

    quantile: Floats = stdtrit(np.maximum(n_eff - 1, 1), (1 + level) / 2)
    return quantile / normal_quantile(level)


def wilson(share: Floats, n_eff: Floats, level: float) -> Bounds:
    """Score interval of a share on 0..10, at the effective number of respondents.

    Never of zero width, and within 0..10 (Wilson 1927; with an effective n: Korn & Graubard 1998).
    """
    z2 = normal_quantile(level) ** 2
    p = share / 10
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (p + z2 / (2 * n_eff)) / (1 + z2 / n_eff)
        half = np.sqrt(z2 * p * (1 - p) / n_eff + z2**2 / (4 * n_eff**2)) / (1 + z2 / n_eff)
    return Bounds(10 * np.clip(centre - half, 0, 1), 10 * np.clip(centre + half, 0, 1))


def feature_bounds(estimates: Estimates, feature: Feature, level: float) -> Bounds:
    """Interval of the mean of a feature (J,).

    Of a share Wilson's. Of mean ratings the same form, whose effective number p(1 - p) / var(p) holds for any
    value between 0 and 10, so that the interval bends at the ends of the scale; with Student's quantile.
    """
    mean, n_eff = estimates.means([feature])[0], effective_number(estimates, feature)
    if feature in SHARES:
        return wilson(mean, n_eff, level)
    return wilson(mean, n_eff / widening(estimates.n_eff, level) ** 2, level)


def weighted_difference(
    left: Floats,
    right: Floats,
    left_bounds: Bounds,
    right_bounds: Bounds,
    correlation: Floats,
    factor: float = 1.0,
    widen: Floats | float = 1.0,
) -> Bounds:
    """Interval of ``factor * left - right`` recovered from the intervals of its parts (MOVER), times ``widen``.

    Source: Newcombe 1998; Zou & Donner 2008, with the correlation of the parts.
    """
    centre = factor * left - right
    down, up = factor * (left - left_bounds.low), factor * (left_bounds.high - left)
    other_down, other_up = right - right_bounds.low, right_bounds.high - right
    below = down**2 + other_up**2 - 2 * correlation * down * other_up
    above = up**2 + other_down**2 - 2 * correlation * up * other_down
    return Bounds(centre - widen * np.sqrt(np.maximum(below, 0)), centre + widen * np.sqrt(np.maximum(above, 0)))


def _parts(estimates: Estimates, pair: Pair, level: float) -> tuple[Floats, tuple[Bounds, Bounds], Floats]:
    """Means (2, J) of a pair of features, the interval of each, and their correlation (J,)."""
    covariances = estimates.covariances(pair)
    product = np.sqrt(np.maximum(covariances[0, 0] * covariances[1, 1], 0))
    correlation = np.divide(covariances[0, 1], product, out=np.zeros_like(product), where=product > 1e-14)
    bounds = (feature_bounds(estimates, pair[0], level), feature_bounds(estimates, pair[1], level))
    return estimates.means(pair), bounds, np.clip(correlation, -1, 1)


def gap_bounds(estimates: Estimates, pair: Pair, level: float) -> Bounds:
    """Interval of I - S (J,)."""
    means, parts, correlation = _parts(estimates, pair, level)
    widen = widening(estimates.n_eff, level)
    return weighted_difference(means[0], means[1], *parts, correlation, widen=widen)


def opportunity_bounds(estimates: Estimates, pair: Pair, level: float) -> Bounds:
    """Interval of max(I, 2I - S): the maximum of the ends of the intervals of I and of 2I - S (J,).

    The plain delta method covers only 84 to 87% near the kink I = S; this form holds there (docs/methods.md).
    """
    means, parts, correlation = _parts(estimates, pair, level)
    return bent_bounds(means, parts, correlation, widening(estimates.n_eff, level))


def bent_bounds(means: Floats, parts: tuple[Bounds, Bounds], correlation: Floats, widen: Floats) -> Bounds:
    """Interval of max(I, 2I - S) from the means (2, ...) of I and S, their intervals and their correlation."""
    steep = weighted_difference(means[0], means[1], *parts, correlation, 2.0, widen)
    return Bounds(np.maximum(parts[0].low, steep.low), np.minimum(np.maximum(parts[0].high, steep.high), 20))
