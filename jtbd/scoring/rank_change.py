"""Changes of rank between two waves, and how far the data allow them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.ranks import Pairs, Ranks, critical_values, pairs, ranks
from jtbd.tally.model import Floats


@dataclass(frozen=True)
class RankChanges:
    """Ranks before and after (J,), the range of each change after - before, and which changes are real."""

    before: Ranks
    after: Ranks
    low: Ranks
    high: Ranks
    real: NDArray[np.bool_]


def rank_changes(scores: Floats, covariance: Floats, draws: Floats, level: float) -> RankChanges:
    """Ranges of rank changes from confidence sets for ranks in both waves at once.

    For outcome j, c_j is the ``level`` quantile over draws of the maximum of |Z_j - Z_k| / sd_jk over k *and over both
    waves*, so its two rank ranges hold together; the change of rank lies between their ends:
    [low_b - high_a, high_b - low_a]. A change of rank is real where that range leaves out zero when c is the quantile
    of the maximum over all outcomes j too: then the chance that any change called real is none is at most 1 - level.
    After Mogstad, Romano, Shaikh & Wilhelm 2023 (marginal and simultaneous confidence sets for ranks), taken over two
    waves.

    Parameters
    ----------
    scores : float array (2 J,)
        Those of the first wave, then those of the second.
    covariance : float array (2 J, 2 J)
    draws : float array (2 J, R)
        Of a distribution around zero with this covariance.
    level : float
        Confidence level of each outcome's range, and of all that is called real together.
    """
    size = len(scores) // 2
    first, second = slice(0, size), slice(size, 2 * size)
    before, after = (pairs(scores[half], covariance[half, half]) for half in (first, second))
    largest = np.maximum(before.largest(draws[first]), after.largest(draws[second]))
    low, high = _range(before, after, critical_values(largest, level))
    strict = np.full(size, float(critical_values(largest.max(axis=0), level)))
    sure_low, sure_high = _range(before, after, strict)
    return RankChanges(ranks(scores[first]), ranks(scores[second]), low, high, (sure_low > 0) | (sure_high < 0))


def _range(before: Pairs, after: Pairs, critical: Floats) -> tuple[Ranks, Ranks]:
    low_a, high_a = before.ranges(critical)
    low_b, high_b = after.ranges(critical)
    return low_b - high_a, high_b - low_a
