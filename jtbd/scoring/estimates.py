"""Weighted means of features and their covariances, from the moments of a tally."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jtbd.tally.features import SHARES, Feature, Second, values_of
from jtbd.tally.model import Cell, Floats, Tally, spread

FLAT = 1e-12
"""A variance below this is one of respondents who all say the same."""


@dataclass(frozen=True)
class Estimates:
    """What one group says of J outcomes, on the scale 0..10; NaN where nobody rated both scales.

    Parameters
    ----------
    outcomes : tuple of str, length J
    second : {"satisfaction", "difficulty"}
        The second scale as it was asked.
    n : int
        Respondents in the variance: all counted, whatever group this is.
    counts : int array (J, 5, 5)
        Respondents by importance and second rating, unweighted.
    weights, squares : float array (J, 5, 5)
        Sums of w and of w^2 over them.
    channels : tuple of Feature, length C
        The features whose covariance across outcomes is known.
    covariance : float array (C J, C J)
        Of the channels' means, channel by channel: Taylor linearisation with replacement, weights taken as
        given. Zero for outcomes nobody rated; all zero if n is 1.
    """

    outcomes: tuple[str, ...]
    second: Second
    n: int
    counts: NDArray[np.int64]
    weights: Floats
    squares: Floats
    channels: tuple[Feature, ...]
    covariance: Floats

    @property
    def size(self) -> int:
        """Number of outcomes J."""
        return len(self.outcomes)

    @cached_property
    def rated(self) -> NDArray[np.int64]:
        """Respondents who gave both ratings, unweighted (J,)."""
        rated: NDArray[np.int64] = self.counts.sum(axis=(1, 2))
        return rated

    @cached_property
    def weight(self) -> Floats:
        """Sum of their weights (J,)."""
        weight: Floats = self.weights.sum(axis=(1, 2))
        return weight

    @cached_property
    def n_eff(self) -> Floats:
        """Kish effective number, (sum w)^2 / sum w^2 over them (J,)."""
        squares = self.squares.sum(axis=(1, 2))
        n_eff: Floats = np.divide(self.weight**2, squares, out=np.zeros(self.size), where=squares > 0)
        return n_eff

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Outcomes that anybody rated, with some weight (J,)."""
        scored: NDArray[np.bool_] = self.weight > 0
        return scored

    def means(self, features: Sequence[Feature]) -> Floats:
        """Weighted means of features (C, J)."""
        tables = np.stack([values_of(feature, self.second) for feature in features])
        sums = np.einsum("jab,cab->cj", self.weights, tables)
        means: Floats = np.divide(sums, self.weight, out=np.full(sums.shape, np.nan), where=self.scored)
        return means

    @cached_property
    def importance(self) -> Floats:
        """10 times the share rating importance 4 or 5 (J,)."""
        importance: Floats = self.means(["importance_top"])[0]
        return importance

    @cached_property
    def satisfaction(self) -> Floats:
        """10 times the share rating satisfaction 4 or 5, or 10 minus that of difficulty (J,)."""
        satisfaction: Floats = self.means(["second_top"])[0]
        return satisfaction

    @cached_property
    def unmet(self) -> Floats:
        """10 times the share important and poorly done (J,)."""
        unmet: Floats = self.means(["unmet"])[0]
        return unmet

    def covariances(self, features: Sequence[Feature]) -> Floats:
        """Covariances (C, C, J) of the means of features of the same outcome.

        With N = sum w and r = y - p, n/(n-1) sum w^2 r r' / N^2: the diagonal blocks of the covariance across
        outcomes (:func:`estimate`), of any features.
        """
        if self.n < 2:
            return np.zeros((len(features), len(features), self.size))
        tables = np.stack([values_of(feature, self.second) for feature in features])
        apart = tables[:, None] - np.nan_to_num(self.means(features))[:, :, None, None]
        moments = np.einsum("jab,cjab,djab->cdj", self.squares, apart, apart, optimize=True)
        factor = np.divide(self.n / (self.n - 1), self.weight**2, out=np.zeros(self.size), where=self.scored)
        covariances: Floats = moments * factor
        return covariances

    def standard_error(self, feature: Feature) -> Floats:
        """SE of the mean of a feature (J,); NaN where nobody rated, or without two respondents."""
        variance = np.maximum(self.covariances([feature])[0, 0], 0)
        return np.where(self.scored & (self.n > 1), np.sqrt(variance), np.nan)

    def cautious(self, features: Sequence[Feature]) -> Cautious:
        """Means and covariances of features with doubt added where all respondents agree.

        Where every answer is the same the estimated variance is zero, whether three people agree or
        three hundred. For draws, rank ranges and tests such a mean is taken as if two more people had
        said 10 and two 0 (for a share: Agresti & Coull 1998).
        """
        means, covariances = self.means(features), self.covariances(features)
        variances = np.einsum("ccj->cj", covariances)
        pulled, doubt = _with_four_more(means, self.n_eff)
        flat = np.isfinite(means) & (variances <= FLAT)
        np.einsum("ccj->cj", covariances)[:] = np.where(flat, doubt, variances)
        return Cautious(np.where(flat, pulled, means), covariances)

    def joint_covariance(self) -> Floats:
        """The covariance (C J, C J) of the channels, with the same doubt where all respondents agree."""
        covariance = self.covariance.copy()
        diagonal = np.einsum("ii->i", covariance)
        means = self.means(self.channels)
        doubt = _with_four_more(means, self.n_eff)[1].ravel()
        flat = np.isfinite(means).ravel() & (diagonal <= FLAT)
        diagonal[flat] = doubt[flat]
        return covariance

    def only(self, outcomes: Collection[str]) -> Estimates:
        """The same estimates of some of the outcomes, in the same order."""
        kept = np.array([j for j, outcome in enumerate(self.outcomes) if outcome in outcomes], np.intp)
        if kept.size == self.size:
            return self
        wide = (np.arange(len(self.channels))[:, None] * self.size + kept).ravel()
        return Estimates(
            tuple(self.outcomes[j] for j in kept),
            self.second,
            self.n,
            self.counts[kept],
            self.weights[kept],
            self.squares[kept],
            self.channels,
            self.covariance[np.ix_(wide, wide)],
        )


@dataclass(frozen=True)
class Cautious:
    """Means (C, J) and their covariances within an outcome (C, C, J), with doubt where all respondents agree."""

    means: Floats
    covariances: Floats


def _with_four_more(means: Floats, n_eff: Floats) -> tuple[Floats, Floats]:
    """Means and their variances if two more people had said 10 and two 0."""
    more = n_eff + 4
    pulled = (means * n_eff + 20) / more
    around = n_eff * (means - pulled) ** 2 + 2 * pulled**2 + 2 * (10 - pulled) ** 2
    return pulled, around / more**2


def estimate(tally: Tally, cell: Cell, n: int | None = None) -> Estimates:
    """Means and covariance of one group of a tally.

    With y the channels of a respondent and M whether both ratings were given, N = sum w M, p_a = sum w y_a / N_a
    and G = sum w^2 y y',
    cov(p_a, p_b) = n/(n-1) (G[a,b] - p_a G[Ma,b] - p_b G[a,Mb] + p_a p_b G[Ma,Mb]) / (N_a N_b),
    the with-replacement Taylor variance of a ratio in a domain (Woodruff 1971; Lumley 2010, ch. 2).

    Parameters
    ----------
    tally : Tally
        The whole tally.
    cell : Cell
        The group: a pool of its cells.
    n : int, optional
        Respondents in the variance; those of the tally unless given.
    """
    n = tally.n if n is None else n
    size, active = len(tally.outcomes), cell.active
    ratios = tally.channels.features[:-1]
    own = ratios_of(cell.weights, tally.channels.second, ratios)
    covariance = linearised(cell.second_moments(len(tally.channels.features)), own, own, n)
    return Estimates(
        tally.outcomes,
        tally.channels.second,
        n,
        spread(cell.counts, active, size),
        spread(cell.weights, active, size),
        spread(cell.squares, active, size),
        ratios,
        _spread_square(covariance, active, size, len(ratios)),
    )


@dataclass(frozen=True)
class Ratios:
    """Weighted means of features (C, J), and one over the sum of weights of each outcome (J,); 0 where nobody rated."""

    means: Floats
    inverse: Floats


def ratios_of(weights: Floats, second: Second, features: Sequence[Feature]) -> Ratios:
    """The ratios of some features from sums of weights by joint rating (J, 5, 5)."""
    total = weights.sum(axis=(1, 2))
    inverse = np.divide(1, total, out=np.zeros(total.shape), where=total > 0)
    tables = np.array([values_of(feature, second) for feature in features]).reshape(-1, 5, 5)
    return Ratios(np.einsum("jab,cab->cj", weights, tables) * inverse, inverse)


def linearised(moments: Floats, rows: Ratios, columns: Ratios, n: int) -> Floats:
    """Covariance (C J, C J) of ratios, channel by channel.

    Parameters
    ----------
    moments : float array ((C + 1) J, (C + 1) J)
        Sums of w y w y' over the respondents; the last channel is ``rated``.
    rows, columns : Ratios
        The same within a group; those of two waves for the covariance between them.
    n : int
        Respondents in the variance.
    """
    channels, size = rows.means.shape
    wide = channels * size
    if n < 2 or not wide:
        return np.zeros((wide, wide))
    # Block by block, so that M's rows are not copied for every channel.
    residual = moments[:wide, :wide].reshape(channels, size, channels, size)
    residual = residual - rows.means[:, :, None, None] * moments[wide:, :wide].reshape(size, channels, size)
    against = moments[:wide, wide:].reshape(channels, size, size) - rows.means[:, :, None] * moments[wide:, wide:]
    residual -= against[:, :, None, :] * columns.means
    residual *= n / (n - 1) * rows.inverse[:, None, None] * columns.inverse
    covariance: Floats = residual.reshape(wide, wide)
    return covariance


def _spread_square(matrix: Floats, active: NDArray[np.intp], size: int, features: int) -> Floats:
    """The covariance with zero rows and columns for outcomes that nobody rated."""
    if active.size == size:
        return matrix
    places = (np.arange(features)[:, None] * size + active).ravel()
    wide = np.zeros((features * size, features * size))
    wide[np.ix_(places, places)] = matrix
    return wide


def effective_number(estimates: Estimates, feature: Feature) -> Floats:
    """Respondents of a simple random sample that would be as sure of a share as this one is (J,).

    p(1 - p) / var(p), the design-based effective number (Korn & Graubard 1998); Kish's where all agree. That of
    a share is pulled towards Kish's where few respondents stand behind the rarer answer and the variance
    itself is uncertain: on the log scale with weight m / (m + 10) for the former, m = n_eff p(1 - p). The
    pull is ours; docs/methods.md shows what it does to coverage.
    """
    share = estimates.means([feature])[0] / 10
    variance = estimates.standard_error(feature) ** 2 / 100
    spread = share * (1 - share)
    kish = np.where(estimates.scored, np.maximum(estimates.n_eff, 1e-9), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        design = np.where((variance > 1e-14) & (spread > 0), spread / variance, kish)
    if feature not in SHARES:
        return design
    trust = kish * spread / (kish * spread + 10)
    number: Floats = np.exp(trust * np.log(design) + (1 - trust) * np.log(kish))
    return number
