"""Ranks, rank ranges and the probability of being among the top."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jtbd.tally.model import Floats

Ranks = NDArray[np.int64]
TIE = 1e-9


def ranks(scores: Floats) -> Ranks:
    """1 + number of strictly greater scores; scores within 1e-9 are tied (J,)."""
    ordered = np.sort(scores)
    return len(scores) - np.searchsorted(ordered, scores + TIE, side="right") + 1


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
    size = len(scores)
    variance = np.diag(covariance)
    spread = np.sqrt(np.maximum(variance[:, None] + variance - 2 * covariance, 0))
    separable = spread > 1e-7 * max(float(np.sqrt(variance.max(initial=0))), 1e-12)
    inverse = np.divide(1, spread, out=np.zeros_like(spread), where=separable).astype(np.float32)
    small = draws.astype(np.float32)
    place = min(int(np.ceil(level * draws.shape[1])), draws.shape[1]) - 1
    low, high = np.empty(size, np.int64), np.empty(size, np.int64)
    work = np.empty_like(small)
    for j in range(size):
        np.subtract(small, small[j], out=work)
        np.abs(work, out=work)
        work *= inverse[j][:, None]
        critical = np.partition(work.max(axis=0), place)[place]
        lead = scores - scores[j]
        reach = float(critical) * spread[j]
        low[j] = 1 + int((separable[j] & (lead > reach)).sum())
        high[j] = size - int((separable[j] & (-lead > reach)).sum())
    return low, high


def share_in_top(draws: Floats, top: int) -> Floats:
    """Share of draws (J, R) of the scores in which each outcome's rank is at most ``top`` (J,)."""
    size = len(draws)
    cut = np.partition(draws, size - top, axis=0)[size - top]
    share: Floats = (draws >= cut - TIE).mean(axis=1)
    return share
