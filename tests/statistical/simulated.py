"""Many simulated outcomes at once, with known true shares: every outcome is a replicate of one study."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.special import ndtri
from scipy.stats import multivariate_normal

from jtbd.ratings.model import Ratings
from jtbd.scoring.estimates import Estimates, estimate
from jtbd.scoring.figures import figure
from jtbd.scoring.methods import METHODS
from jtbd.tally.count import tally
from jtbd.tally.features import Channels

CORRELATION = 0.3
"""Of the two ratings of one outcome by one person, before they are cut into top or not."""

RATED = {"full": 1.0, "blocks": 0.4}
"""Chance that a respondent rates an outcome: everybody all, or four blocks of ten."""

DESIGN_EFFECT = 1.5
"""Of the lognormal weights."""

IMPORTANCE = np.array([5, 5, 2, 2, 0], np.uint8)
SATISFACTION = np.array([4, 1, 4, 1, 0], np.uint8)


@lru_cache
def joint_shares(important: float, satisfied: float) -> np.ndarray:
    """Chances of (top, top), (top, not), (not, top), (not, not)."""
    both = float(
        multivariate_normal.cdf(
            [ndtri(important), ndtri(satisfied)], mean=[0, 0], cov=[[1, CORRELATION], [CORRELATION, 1]]
        )
    )
    return np.array([both, important - both, satisfied - both, 1 - important - satisfied + both])


def weights_of(rng: np.random.Generator, n: int, kind: str) -> np.ndarray:
    if kind == "equal":
        return np.ones(n)
    return np.exp(np.sqrt(np.log(DESIGN_EFFECT)) * rng.standard_normal(n))


def ratings_of(
    rng: np.random.Generator, n: int, shares: list[tuple[float, float]], weights: str, design: str
) -> Ratings:
    """n respondents on an outcome for each (important, satisfied), independent outcomes."""
    codes = np.empty((n, len(shares)), np.intp)
    for j, (important, satisfied) in enumerate(shares):
        cuts = np.cumsum(np.append(RATED[design] * joint_shares(important, satisfied), 1.0))[:-1]
        codes[:, j] = np.searchsorted(cuts, rng.random(n), side="right")
    scales = {"importance": IMPORTANCE[codes], "satisfaction": SATISFACTION[codes]}
    return Ratings(tuple(f"o{j}" for j in range(len(shares))), scales, weights=weights_of(rng, n, weights))


def replicates(
    rng: np.random.Generator, n: int, share: tuple[float, float], weights: str, design: str, count: int
) -> Estimates:
    """``count`` replicates of one outcome under one set of weights, as the outcomes of one study."""
    counted = tally(ratings_of(rng, n, [share] * count, weights, design), Channels("satisfaction", ()))
    return estimate(counted, counted.pool())


def coverage(
    n: int,
    share: tuple[float, float],
    weights: str = "equal",
    design: str = "full",
    method: str = "opportunity",
    batches: int = 10,
    batch: int = 200,
) -> float:
    """Share of intervals at 95% that hold the true score; each batch has weights of its own."""
    rng = np.random.default_rng([20, n])
    important, satisfied = share
    truth = METHODS[method].value(10 * np.array([[important], [satisfied]]))[0]
    hits = []
    for _ in range(batches):
        bounds = figure(replicates(rng, n, share, weights, design, batch), METHODS[method], 0.95).bounds
        hits.append((bounds.low <= truth + 1e-9) & (truth - 1e-9 <= bounds.high))
    return float(np.mean(hits))
