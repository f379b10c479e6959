"""Answers as one population without segments would give them: same shares, same correlations, no kinds of people.

Any data can be cut into groups, and where answers correlate (people who rate everything high, others everything low)
the cut is even stable. So a division only counts if it fits better than it would fit such a population.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from jtbd.ratings.latent_classes import TOP_FROM, Floats

HIGHEST = 0.98
"""Correlations are kept under this, so that the population has a spread in every direction."""

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(12)
_HALVINGS = 30


@dataclass(frozen=True)
class OnePopulation:
    """A normal population behind ordered answers.

    Parameters
    ----------
    cuts : array (M, 4)
        Latent values that part ratings 1 | 2 | 3 | 4 | 5 of each question.
    root : array (M, M)
        A root of the latent correlations.
    """

    cuts: Floats
    root: Floats

    def draw(self, rated: NDArray[np.bool_], rng: np.random.Generator) -> Floats:
        """Answers (n, M) with the same answers missing as ``rated`` says."""
        latent = rng.standard_normal(rated.shape) @ self.root.T
        codes = 1.0 + (latent[:, :, None] > self.cuts).sum(axis=2)
        return np.where(rated, codes, np.nan)


def one_population(answers: Floats) -> OnePopulation:
    """The population without segments that answers (n, M) come closest to.

    Latent correlations are tetrachoric ones of high ratings (4 or 5), from all respondents who answered both
    questions. Sources: Pearson 1900; the use of such a population to test for groups is after Hennig & Lin 2015.
    """
    rated = ~np.isnan(answers)
    n = rated.sum(axis=0)
    cuts = np.stack([ndtri(((answers <= code).sum(axis=0) + 0.5) / (n + 1)) for code in range(1, 5)], axis=1)
    latent = _tetrachoric(answers >= TOP_FROM, rated)
    return OnePopulation(cuts, psd_root(latent))


def psd_root(correlations: Floats) -> Floats:
    """A root of the nearest usable correlations: what was put together pair by pair need not fit together.

    Negative eigenvalues are set to a small value and the diagonal is scaled back to 1.
    """
    values, vectors = np.linalg.eigh(correlations)
    root = vectors * np.sqrt(np.maximum(values, 1 - HIGHEST))
    scaled: Floats = root / np.sqrt((root**2).sum(axis=1, keepdims=True))
    return scaled


def _tetrachoric(high: NDArray[np.bool_], rated: NDArray[np.bool_]) -> Floats:
    """Correlations (M, M) of the normal variables behind two-valued answers; 0 where nobody answered both."""
    yes, seen = (high & rated).astype(float), rated.astype(float)
    both = seen.T @ seen
    # half an answer in each of the four cells, so that no cell is empty
    together = (yes.T @ yes + 0.5) / (both + 2)
    first = (yes.T @ seen + 1) / (both + 2)
    a, b = ndtri(first), ndtri(first.T)
    low, top = np.full(both.shape, -HIGHEST), np.full(both.shape, HIGHEST)
    for _ in range(_HALVINGS):
        middle = (low + top) / 2
        above = _both_high(a, b, middle) > together
        low, top = np.where(above, low, middle), np.where(above, middle, top)
    found = np.where(both > 0, (low + top) / 2, 0.0)
    np.fill_diagonal(found, 1.0)
    symmetric: Floats = (found + found.T) / 2
    return symmetric


def _both_high(a: Floats, b: Floats, correlation: Floats) -> Floats:
    """P(X < a, Y < b) of two standard normals: the density integrated over the correlation from 0 (Plackett 1954)."""
    half = correlation / 2
    total = np.zeros_like(half)
    for node, weight in zip(_NODES, _WEIGHTS, strict=True):
        r = half * (node + 1)
        rest = 1 - r**2
        total += weight * np.exp(-(a**2 - 2 * r * a * b + b**2) / (2 * rest)) / np.sqrt(rest)
    joint: Floats = ndtr(a) * ndtr(b) + half * total / (2 * np.pi)
    return joint
