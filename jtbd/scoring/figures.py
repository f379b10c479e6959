"""A method's score of every outcome, with its standard error and its interval."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from jtbd.scoring.draws import Draws, draw
from jtbd.scoring.estimates import Estimates
from jtbd.scoring.intervals import Bounds
from jtbd.scoring.methods import Method
from jtbd.tally.model import Floats


@dataclass(frozen=True)
class Figure:
    """The score, its SE, its interval (J,)."""

    value: Floats
    se: Floats
    bounds: Bounds


def figure(estimates: Estimates, method: Method, level: float, draws: Draws | None = None) -> Figure:
    """A method's score of every outcome.

    The SE is by the delta method, the interval the method's own. For a score that jumps (rank-sum) both are
    from ``draws``, which it needs: their standard deviation, and their quantiles, made to hold the score.
    """
    value = method.of(estimates)
    if method.smooth is not None:
        slope = method.smooth.gradient(estimates.means(method.features))
        variance = np.einsum("cj,cdj,dj->j", slope, estimates.covariances(method.features), slope)
        known = estimates.scored & (estimates.n > 1)
        se = np.where(known, np.sqrt(np.maximum(variance, 0)), np.nan)
        return Figure(value, se, method.smooth.bounds(estimates, level))
    if draws is None:
        raise ValueError(f"{method.name} needs draws")
    scores = method.value(draws.near)
    ends = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2], axis=1)
    se, low, high = (np.full(estimates.size, np.nan) for _ in range(3))
    se[draws.scored] = scores.std(axis=1) if estimates.n > 1 else np.nan
    low[draws.scored], high[draws.scored] = ends
    return Figure(value, se, Bounds(np.fmin(low, value), np.fmax(high, value)))


def cautious_variance(estimates: Estimates, method: Method, seed: int) -> Floats:
    """Variance of the score (J,), with doubt where all respondents agree: for tests of differences."""
    if method.smooth is not None:
        slope = method.smooth.gradient(estimates.means(method.features))
        covariances = estimates.cautious(method.features).covariances
        smooth: Floats = np.maximum(np.einsum("cj,cdj,dj->j", slope, covariances, slope), 0)
        return smooth
    draws = draw(estimates, np.random.default_rng(seed))
    variance = np.full(estimates.size, np.nan)
    variance[draws.scored] = method.value(draws.near).var(axis=1)
    return variance


def delta_method(slope: Floats, covariance: Floats) -> Floats:
    """Covariance of a score (J, J) from its derivatives (C, J) and the covariance of its features (C J, C J)."""
    channels, size = slope.shape
    blocks = covariance.reshape(channels, size, channels, size)
    scores: Floats = np.einsum("cj,cjdk,dk->jk", slope, blocks, slope, optimize=True)
    return scores


def around_zero(draws: Draws, method: Method, point: Floats, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Covariance of the score (J', J') and draws of it around zero (J', R'), for ranges of ranks.

    A score that jumps does so in steps of 1 / (2J - 2) of its span: its draws are spread over a step, so that
    no two outcomes are apart without any doubt by less than a few steps. And they are made wider by sqrt(2):
    where outcomes are tied, draws around ranks that chance has already spread vary less than the ranks do
    (docs/methods.md has the coverage).

    Parameters
    ----------
    draws : Draws
    method : Method
    point : float array (C, J')
        Means of the features, at which the gradient is taken.
    rng : numpy.random.Generator
    """
    if method.smooth is None:
        scores = method.value(draws.near)
        step = (method.span[1] - method.span[0]) / (2 * max(len(scores) - 1, 1))
        scores += step * (rng.random(scores.shape) - 0.5)
        centred = math.sqrt(2) * (scores - scores.mean(axis=1, keepdims=True))
        return centred @ centred.T / centred.shape[1], centred
    slope = method.smooth.gradient(point)
    return delta_method(slope, draws.covariance), np.einsum("cj,cjr->jr", slope, draws.moved)
