"""Ranks, rank ranges and the probability of being among the top."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jtbd.tally.model import Floats

Ranks = NDArray[np.int64]
TIE = 1e-9
"""Scores nearer than this are tied."""

BLOCK = 512
"""Draws looked at together, so that they stay in the processor's cache."""


def ranks(scores: Floats) -> Ranks:
    """1 + number of strictly greater scores; scores within 1e-9 are tied (J,)."""
    ordered = np.sort(scores)
    return len(scores) - np.searchsorted(ordered, scores + TIE, side="right") + 1


def mid_ranks(values: Floats) -> Floats:
    """Ranks from 1 for the smallest; ties share their middle rank. Along the first axis (J, ...)."""
    size = len(values)
    order = np.argsort(values, axis=0)
    apart = np.diff(np.take_along_axis(values, order, axis=0), axis=0) > TIE
    edge = np.ones((1, *values.shape[1:]), bool)
    number = np.arange(size).reshape(-1, *[1] * (values.ndim - 1))
    first = np.maximum.accumulate(np.where(np.concatenate([edge, apart]), number, 0), axis=0)
    last = np.where(np.concatenate([apart, edge]), number, size)
    last = np.minimum.accumulate(last[::-1], axis=0)[::-1]
    middle = np.empty(values.shape)
    np.put_along_axis(middle, order, 1 + (first + last) / 2, axis=0)
    return middle


@dataclass(frozen=True)
class Pairs:
    """All pairs of outcomes j, k: ``lead[j, k]`` is x_k - x_j and ``spread`` its SE (J, J).

    Pairs that differ in nothing are not ``separable``.
    """

    lead: Floats
    spread: Floats
    separable: NDArray[np.bool_]

    def ranges(self, critical: Floats) -> tuple[Ranks, Ranks]:
        """Best and worst rank of each outcome j, pairs more than critical[j] SE apart being separated."""
        reach = critical[:, None] * self.spread
        above = (self.separable & (self.lead > reach)).sum(axis=1)
        below = (self.separable & (-self.lead > reach)).sum(axis=1)
        return 1 + above, len(critical) - below

    def largest(self, draws: Floats) -> NDArray[np.float32]:
        """For each outcome j and draw Z (J, R) the maximum over k of |Z_j - Z_k| / sd_jk (J, R)."""
        small = draws.astype(np.float32)
        inverse = np.divide(1, self.spread, out=np.zeros_like(self.spread), where=self.separable).astype(np.float32)
        return _farthest(small, inverse)


def pairs(scores: Floats, covariance: Floats) -> Pairs:
    """The pairs of scores (J,) with this covariance (J, J)."""
    variance = np.diag(covariance)
    spread = np.sqrt(np.maximum(variance[:, None] + variance - 2 * covariance, 0))
    separable = spread > 1e-7 * max(float(np.sqrt(variance.max(initial=0))), 1e-12)
    return Pairs(scores - scores[:, None], spread, separable)


def critical_values(largest: NDArray[np.float32], level: float) -> Floats:
    """The ``level`` quantile over draws (last axis)."""
    place = min(int(np.ceil(level * largest.shape[-1])), largest.shape[-1]) - 1
    critical: Floats = np.partition(largest, place, axis=-1)[..., place].astype(np.float64)
    return critical


def rank_ranges(scores: Floats, covariance: Floats, draws: Floats, level: float) -> tuple[Ranks, Ranks]:
    """Marginal two-sided confidence sets for ranks, single step.

    For outcome j, c_j is the ``level`` quantile over draws Z of max over k of |Z_j - Z_k| / sd_jk;
    rank_low = 1 + #{k: x_k - x_j > c_j sd_jk}, rank_high = J - #{k: x_j - x_k > c_j sd_jk}. Pairs with
    sd_jk = 0 are left out of the max and never separate. Source: Mogstad, Romano, Shaikh & Wilhelm 2023.

    Parameters
    ----------
    scores : float array (J,)
    covariance : float array (J, J)
        Of the scores.
    draws : float array (J, R)
        Of a distribution around zero with this covariance: the normal, or Student's t for small groups.
    level : float
        Confidence level of each outcome's range.
    """
    compared = pairs(scores, covariance)
    return compared.ranges(critical_values(compared.largest(draws), level))


def _farthest(draws: NDArray[np.float32], inverse: NDArray[np.float32]) -> NDArray[np.float32]:
    """For each outcome and draw the max over k of |Z_j - Z_k| / sd_jk (J, R); each pair is looked at once."""
    blocks = [draws[:, start : start + BLOCK] for start in range(0, draws.shape[1], BLOCK)]
    return np.concatenate([_farthest_in(block, inverse) for block in blocks], axis=1)


def _farthest_in(draws: NDArray[np.float32], inverse: NDArray[np.float32]) -> NDArray[np.float32]:
    block = np.ascontiguousarray(draws)
    most = np.zeros_like(block)
    work = np.empty_like(block)
    for j in range(len(block) - 1):
        apart = np.subtract(block[j + 1 :], block[j], out=work[j + 1 :])
        apart *= inverse[j, j + 1 :, None]
        np.abs(apart, out=apart)
        np.maximum(most[j + 1 :], apart, out=most[j + 1 :])
        np.maximum(most[j], apart.max(axis=0), out=most[j])
    return most


def share_in_top(draws: Iterable[Floats], top: int) -> Floats:
    """Share of draws of the scores, in blocks (J, r), in which each outcome's rank is at most ``top`` (J,)."""
    inside, counts = [], []
    for block in draws:
        size, count = block.shape
        cut = np.partition(block, size - top, axis=0)[size - top]
        inside.append(np.count_nonzero(block >= cut - TIE, axis=1))
        counts.append(count)
    share: Floats = np.sum(inside, axis=0) / sum(counts)
    return share
