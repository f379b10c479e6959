"""Stabilised shares: each drawn towards the mean of all outcomes, the more the fewer people rated it."""

from __future__ import annotations

import numpy as np

from jtbd.scoring.estimates import Estimates, effective_number
from jtbd.scoring.methods import TOPS, opportunity
from jtbd.tally.model import Floats


def stabilised(shares: Floats, n_eff: Floats) -> Floats:
    """Empirical-Bayes shares (J,) on 0..10; NaN stays NaN.

    The shares p of J outcomes are taken as drawn from a beta distribution with mean m and correlation r, and
    x = n p successes of each as binomial; m is the pooled share, r follows by moments (Kleinman 1973), at
    least 0. The posterior mean is (n p + M m) / (n + M) with M = (1 - r) / r: far from few ratings, near the
    raw share from many; where the shares differ by no more than chance (r = 0) all are m.

    Parameters
    ----------
    shares : float array (J,)
    n_eff : float array (J,)
        Effective numbers of respondents.
    """
    known = np.isfinite(shares) & (n_eff > 0)
    p, n = shares[known] / 10, n_eff[known]
    result = np.full(shares.shape, np.nan)
    if p.size < 2:  # nothing to learn from
        return np.where(known, shares, np.nan)
    total = n.sum()
    mean = float(n @ p / total)
    spread = mean * (1 - mean)
    chance = spread * (p.size - 1)
    room = spread * ((n * (1 - n / total)).sum() - (p.size - 1))
    between = float(n @ (p - mean) ** 2) - chance
    r = min(between / room, 1.0) if between > 0 and room > 0 else 0.0
    # (n p r + (1 - r) m) / (n r + 1 - r): the posterior mean without dividing by r.
    result[known] = 10 * (n * p * r + (1 - r) * mean) / (n * r + 1 - r)
    return result


def stabilised_columns(estimates: Estimates) -> dict[str, Floats]:
    """Columns ``importance_stabilised``, that of the second scale, and the opportunity score of both (J,) each."""
    importance, satisfaction = (
        stabilised(estimates.means([feature])[0], effective_number(estimates, feature)) for feature in TOPS
    )
    return {
        "importance_stabilised": importance,
        f"{estimates.second}_stabilised": satisfaction if estimates.second == "satisfaction" else 10 - satisfaction,
        "opportunity_stabilised": opportunity(np.stack([importance, satisfaction])),
    }
