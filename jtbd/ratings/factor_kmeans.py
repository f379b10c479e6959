"""Factor analysis, then k-means: groups of respondents who lie close together in a few dimensions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jtbd.ratings.latent_classes import Fit, Floats, bic
from jtbd.ratings.one_population import psd_root

SHUFFLES = 20
"""Times that answers are shuffled to see how large a factor is by chance."""


@dataclass(frozen=True)
class FactorKMeans:
    """k-means on the scores of ``factors`` factors, varimax-rotated, each of unit variance.

    A missing answer is replaced by what the respondent's other answers predict (the mean given them, from the
    correlations of all pairs of questions): nobody is left out, and who answered less lies nearer the middle.
    Sources: Kaiser 1958; Lloyd 1982; Arthur & Vassilvitskii 2007. The likelihood is that of the division itself
    under normal groups with one variance for each factor (Celeux & Govaert 1995): one group fits best where the
    scores are one round cloud.
    """

    factors: int

    def fit(self, answers: Floats, groups: int, rng: np.random.Generator, starts: int) -> Fit:
        """The division with the least spread within groups, over several starts.

        Parameters
        ----------
        answers : array (n, M)
            1..5, NaN = not rated.
        groups : int
            k, from 1.
        rng : numpy.random.Generator
        starts : int
            Random starts of k-means.
        """
        from sklearn.cluster import KMeans

        scores = self._scores(answers)
        seed = int(rng.integers(2**31 - 1))
        found = KMeans(groups, n_init=starts, random_state=seed).fit(scores)
        belongs = np.eye(groups)[found.labels_]
        n, dimensions = scores.shape
        variance = ((scores - found.cluster_centers_[found.labels_]) ** 2).mean(axis=0)
        sizes = belongs.sum(axis=0)
        of_sizes = float((sizes * np.log(sizes / n)).sum())
        log_likelihood = of_sizes - n / 2 * float((np.log(2 * np.pi * variance) + 1).sum())
        return Fit(belongs, log_likelihood, bic(log_likelihood, groups - 1 + (groups + 1) * dimensions, n))

    def _scores(self, answers: Floats) -> Floats:
        from sklearn.decomposition import FactorAnalysis

        analysis = FactorAnalysis(self.factors, rotation="varimax" if self.factors > 1 else None, svd_method="lapack")
        scores = analysis.fit_transform(filled_in(standardised(answers)))
        unit: Floats = scores / np.maximum(scores.std(axis=0), 1e-9)
        return unit


def standardised(answers: Floats) -> Floats:
    """Answers with mean 0 and variance 1 of each question, among those who answered it; NaN stays."""
    spread = np.nanstd(answers, axis=0)
    return np.asarray((answers - np.nanmean(answers, axis=0)) / np.where(spread > 0, spread, 1), np.float64)


def filled_in(scaled: Floats) -> Floats:
    """Standardised answers (n, M) with missing ones replaced by their mean given the respondent's other answers."""
    rated = ~np.isnan(scaled)
    known = np.where(rated, scaled, 0.0)
    root = psd_root(pair_correlations(scaled))
    correlations = root @ root.T
    between = correlations * (rated[:, :, None] & rated[:, None, :])
    between += np.eye(scaled.shape[1]) * ~rated[:, None, :]  # an empty row solves to zero
    weights = np.linalg.solve(between, known[:, :, None])[:, :, 0]
    filled: Floats = np.where(rated, known, weights @ correlations)
    return filled


def pair_correlations(scaled: Floats) -> Floats:
    """Correlations (M, M) of standardised answers over the respondents who answered both; 0 where nobody did."""
    rated = (~np.isnan(scaled)).astype(float)
    known = np.nan_to_num(scaled)
    squares = known**2
    spread = np.sqrt((squares.T @ rated) * (rated.T @ squares))
    found: Floats = np.zeros_like(spread)
    np.divide(known.T @ known, spread, out=found, where=spread > 0)
    np.fill_diagonal(found, 1.0)
    return found.clip(-1, 1)


def number_of_factors(answers: Floats, rng: np.random.Generator) -> int:
    """Factors larger than those of the same answers shuffled within each question, on average; at least one.

    Source: Horn 1965 (parallel analysis).
    """
    scaled = standardised(answers)
    found = _sizes(scaled)
    by_chance = np.mean([_sizes(_shuffled(scaled, rng)) for _ in range(SHUFFLES)], axis=0)
    larger = found > by_chance
    return max(int(larger.size if larger.all() else larger.argmin()), 1)


def _sizes(scaled: Floats) -> Floats:
    return np.asarray(np.linalg.eigvalsh(pair_correlations(scaled))[::-1], np.float64)


def _shuffled(scaled: Floats, rng: np.random.Generator) -> Floats:
    """The answers of each question dealt out anew among those who answered it."""
    dealt = scaled.copy()
    for column in dealt.T:
        here = ~np.isnan(column)
        column[here] = rng.permutation(column[here])
    return dealt
