"""Joint draws of what a method is made of, from the implied normal distribution."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.estimates import Estimates
from jtbd.tally.model import Floats

FEWEST, MOST = 1000, 4000

BLOCK = 128
"""Pairs of draws looked at together, so that they stay in the processor's cache."""


def most_draws(outcomes: int, groups: int = 1) -> int:
    """How many joint draws: 4,000, fewer where there are more outcomes or groups than any study has, at least 1,000."""
    return int(np.clip(MOST * (150 / max(outcomes, 1)) ** 2 * 20 / max(groups, 20), FEWEST, MOST))


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


@dataclass(frozen=True)
class Draws:
    """Joint draws of the channels of the J' outcomes that anybody rated.

    Parameters
    ----------
    scored : int array (J',)
        Numbers of those outcomes.
    covariance : float array (C J', C J')
        Of the channels, with doubt where all respondents agree.
    means : float array (C, J')
        Where the draws are centred.
    moved : float array (C, J', R / 2)
        Half of the draws, around zero: the other half are their opposites.
    """

    scored: NDArray[np.intp]
    covariance: Floats
    means: Floats
    moved: Floats

    @property
    def near(self) -> Floats:
        """All draws around the means (C, J', R)."""
        return np.concatenate(list(self.near_blocks(self.moved.shape[2])), axis=2)

    def near_blocks(self, size: int = BLOCK) -> Iterator[Floats]:
        """All draws around the means, 2 ``size`` at a time (C, J', 2 size)."""
        means = self.means[:, :, None]
        for start in range(0, self.moved.shape[2], size):
            moved = self.moved[:, :, start : start + size]
            half = moved.shape[2]
            near = np.empty((*self.means.shape, 2 * half))
            np.add(means, moved, out=near[:, :, :half])
            np.subtract(means, moved, out=near[:, :, half:])
            yield near


def draw(estimates: Estimates, rng: np.random.Generator, count: int | None = None) -> Draws:
    """Draw the channels of every outcome of a group together, :func:`most_draws` times unless told."""
    scored = np.flatnonzero(estimates.scored)
    channels = len(estimates.channels)
    wide = (np.arange(channels)[:, None] * estimates.size + scored).ravel()
    covariance = estimates.joint_covariance()[np.ix_(wide, wide)]
    half = (count or most_draws(scored.size)) // 2
    moved = joint_draws(covariance, half, rng).reshape(channels, scored.size, half)
    return Draws(scored, covariance, estimates.cautious(estimates.channels).means[:, scored], moved)
