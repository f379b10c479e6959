"""A world to plan for: how important and how satisfied people are, before anybody was asked."""

from __future__ import annotations

from dataclasses import dataclass
from math import factorial

import numpy as np
from scipy.special import eval_hermitenorm, ndtri

from jtbd.scoring.methods import opportunity
from jtbd.tally.model import Floats

IMPORTANCE = (6.0, 4.0)
"""Beta distribution of the share who find an outcome important, clipped to .05-.97."""

SATISFACTION = (5.0, 5.0)
"""Beta distribution of the share who are satisfied, clipped to .05-.95."""

TERMS = 6
"""Terms of the tetrachoric series: at a correlation of .8 its error is below .01."""


@dataclass(frozen=True)
class Worlds:
    """W worlds of J outcomes.

    Parameters
    ----------
    shares : float array (2, W, J)
        True shares rating importance and satisfaction 4 or 5, 0..1.
    loadings : float array (2, W, J, TERMS)
        Factors of the covariance of one respondent's top ratings of different outcomes on the same scale.
    """

    shares: Floats
    loadings: Floats

    @property
    def scores(self) -> Floats:
        """True opportunity scores (W, J), 0..20."""
        return opportunity(10 * self.shares)


def draw_worlds(outcomes: int, worlds: int, correlation: float, rng: np.random.Generator) -> Worlds:
    """Worlds whose shares are independent, with ``correlation`` between a respondent's latent ratings on a scale.

    A rating is a top one where a latent normal value is above a threshold; so the covariance of two top ratings is
    Phi2(h, k; rho) - Phi(h) Phi(k) = phi(h) phi(k) sum over m >= 1 of rho^m / m! He_(m-1)(h) He_(m-1)(k), the
    tetrachoric series (Pearson 1900).
    """
    size = (worlds, outcomes)
    shares = np.stack(
        [np.clip(rng.beta(*IMPORTANCE, size), 0.05, 0.97), np.clip(rng.beta(*SATISFACTION, size), 0.05, 0.95)]
    )
    threshold = ndtri(shares)
    density = np.exp(-(threshold**2) / 2) / np.sqrt(2 * np.pi)
    terms = [
        density * eval_hermitenorm(m - 1, threshold) * np.sqrt(correlation**m / factorial(m))
        for m in range(1, TERMS + 1)
    ]
    return Worlds(shares, np.stack(terms, axis=-1))


@dataclass(frozen=True)
class Noise:
    """Standard normal draws behind the errors of shares: the same for every plan, so that plans can be compared."""

    own: Floats
    common: Floats


def draw_noise(worlds: Worlds, rng: np.random.Generator) -> Noise:
    """Noise for an estimate of every share."""
    scales, count, outcomes, terms = worlds.loadings.shape
    return Noise(rng.standard_normal((scales, count, outcomes)), rng.standard_normal((scales, count, 1, terms)))


def errors(worlds: Worlds, noise: Noise, together: float, asked: float) -> Floats:
    """Errors of one respondent's shares on the scale 0..1 (2, W, J), by the normal approximation.

    Parameters
    ----------
    together : float
        n_jk n / (n_j n_k) for two outcomes: 1 where everybody rates everything.
    asked : float
        Share of the outcomes that a respondent rates.
    """
    common = worlds.loadings * np.sqrt(together)
    alone = worlds.shares * (1 - worlds.shares) / asked - (common**2).sum(axis=-1)
    drawn: Floats = np.sqrt(np.maximum(alone, 0)) * noise.own + (common * noise.common).sum(axis=-1)
    return drawn


def score_covariance(worlds: Worlds, world: int, steep: Floats, together: float, asked: float) -> Floats:
    """Covariance of the scores of one world (J, J), times the number of respondents.

    ``steep`` is 1 where importance exceeds satisfaction, else 0: the score moves as (1 + steep) I - steep S.
    """
    total = np.zeros((len(steep), len(steep)))
    for shares, loadings, slope in zip(
        worlds.shares[:, world], worlds.loadings[:, world], (1 + steep, -steep), strict=True
    ):
        covariance = together * loadings @ loadings.T
        np.fill_diagonal(covariance, shares * (1 - shares) / asked)
        total += 100 * slope[:, None] * covariance * slope
    return total
