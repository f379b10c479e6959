"""Joint draws of the shares from their implied normal distribution."""

from __future__ import annotations

import numpy as np

from jtbd.tally.model import Floats


def most_draws(outcomes: int) -> int:
    """How many joint draws: 4,000, fewer where there are more outcomes than any study has, at least 1,000."""
    return int(np.clip(4000 * (150 / max(outcomes, 1)) ** 2, 1000, 4000))


def joint_draws(covariance: Floats, count: int, rng: np.random.Generator) -> Floats:
    """Draws (m, count) of N(0, covariance) for a covariance (m, m) that may be singular.

    Through the pivoted Cholesky factor, so that perfectly tied quantities stay tied in every draw.
    """
    from scipy.linalg.lapack import dpstrf

    size = len(covariance)
    if not size or not covariance.any():
        return np.zeros((size, count))
    factor, pivot, rank, _ = dpstrf(covariance, lower=1)
    lower = np.tril(factor)[:, :rank]
    draws = np.empty((size, count))
    draws[pivot - 1] = lower @ rng.standard_normal((rank, count))
    return draws


def student(draws: Floats, freedom: float, rng: np.random.Generator) -> Floats:
    """Normal draws (m, count) made multivariate t, for a covariance estimated from few respondents."""
    spread: Floats = draws / np.sqrt(rng.chisquare(freedom, draws.shape[1]) / freedom)
    return spread
