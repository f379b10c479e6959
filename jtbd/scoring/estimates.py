"""Weighted shares and their joint covariance, from the moments of a tally."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from jtbd.tally.features import FEATURES, Channels, Second
from jtbd.tally.model import Cell, Floats, Tally

_FIRST = {feature: place for place, feature in enumerate(FEATURES)}


@dataclass(frozen=True)
class Estimates:
    """Shares of J outcomes in one group, on the scale 0..10; NaN where nobody rated both scales.

    Parameters
    ----------
    outcomes : tuple of str, length J
    second : {"satisfaction", "difficulty"}
        The second scale as it was asked.
    n : int
        Respondents in the variance: all counted, whatever group this is.
    rated : int array (J,)
        Unweighted number of respondents behind each outcome.
    n_eff : float array (J,)
        Kish effective number, (sum w)^2 / sum w^2 over those respondents.
    importance, satisfaction, unmet : float array (J,)
        10 times the weighted share; satisfaction is 10 - difficulty where difficulty was asked.
    covariance : float array (C J, C J)
        Of importance, satisfaction and, with method unmet, unmet, feature by feature; Taylor linearisation
        with replacement, weights taken as given. Zero for outcomes nobody rated; all zero if n is 1.
    """

    outcomes: tuple[str, ...]
    second: Second
    n: int
    rated: NDArray[np.int64]
    n_eff: Floats
    importance: Floats
    satisfaction: Floats
    unmet: Floats
    covariance: Floats

    @property
    def size(self) -> int:
        """Number of outcomes J."""
        return len(self.outcomes)

    @property
    def scored(self) -> NDArray[np.bool_]:
        """Outcomes that anybody rated, with some weight."""
        return np.isfinite(self.importance)

    def standard_error(self, place: int) -> Floats:
        """SE of feature number ``place`` (0 importance, 1 satisfaction, 2 unmet); NaN without two respondents."""
        diagonal = np.diag(self.covariance)[place * self.size : (place + 1) * self.size]
        se: Floats = np.where(self.scored & (self.n > 1), np.sqrt(np.maximum(diagonal, 0)), np.nan)
        return se

    def cross(self, left: int, right: int) -> Floats:
        """Covariances of two features of the same outcome (J,)."""
        size = self.size
        return np.diag(self.covariance[left * size : (left + 1) * size, right * size : (right + 1) * size])

    @cached_property
    def cautious(self) -> Cautious:
        """Shares and covariance with doubt added where all respondents agree.

        Where every answer is the same the estimated variance is zero, whether three people agree or
        three hundred. For draws, rank ranges and tests such a share is taken as if two more people had
        said yes and two no: centre (x + 2) / (n_eff + 4), variance p(1 - p) / (n_eff + 4) (Agresti & Coull
        1998).
        """
        shares = np.stack([self.importance, self.satisfaction, self.unmet])[: self.features]
        covariance = self.covariance.copy()
        diagonal = np.einsum("ii->i", covariance).reshape(shares.shape)
        pulled = (shares / 10 * self.n_eff + 2) / (self.n_eff + 4)
        flat = np.isfinite(shares) & (diagonal <= 1e-12)
        floor = 100 * pulled * (1 - pulled) / (self.n_eff + 4)
        np.einsum("ii->i", covariance)[:] = np.where(flat, floor, diagonal).ravel()
        return Cautious(np.where(flat, 10 * pulled, shares), covariance)

    def only(self, outcomes: Collection[str]) -> Estimates:
        """The same estimates of some of the outcomes, in the same order."""
        kept = np.array([j for j, outcome in enumerate(self.outcomes) if outcome in outcomes], np.intp)
        wide = (np.arange(self.features)[:, None] * self.size + kept).ravel()
        return Estimates(
            tuple(self.outcomes[j] for j in kept),
            self.second,
            self.n,
            self.rated[kept],
            self.n_eff[kept],
            self.importance[kept],
            self.satisfaction[kept],
            self.unmet[kept],
            self.covariance[np.ix_(wide, wide)],
        )

    @property
    def features(self) -> int:
        """Number of features that carry covariance: 2, or 3 with method unmet."""
        return int(self.covariance.shape[0]) // max(self.size, 1)


@dataclass(frozen=True)
class Cautious:
    """Shares (features, J) and their covariance, with doubt where all respondents agree."""

    shares: Floats
    covariance: Floats


def estimate(tally: Tally, cell: Cell, n: int | None = None) -> Estimates:
    """Shares and covariance of one group of a tally.

    With Y = [A, B, M] per respondent (importance top, second-scale top, both rated), N = sum w M,
    p_a = sum w y_a / N_a and G = sum w^2 y y',
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
    weight = cell.first[_FIRST["rated"]]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = cell.first / weight
        n_eff = weight**2 / cell.weight_squares
    covariance = _covariance(cell, tally.channels, shares, n)
    importance, second, unmet = (
        _spread(10 * shares[_FIRST[name]], active, size) for name in ("importance_top", "second_top", "unmet")
    )
    if tally.channels.second == "difficulty":
        second = 10 - second
        flip = np.ones(covariance.shape[0])
        flip[active.size : 2 * active.size] = -1
        covariance = covariance * flip * flip[:, None]
    rated = np.zeros(size, np.int64)
    rated[active] = cell.rated
    return Estimates(
        tally.outcomes,
        tally.channels.second,
        n,
        rated,
        np.nan_to_num(_spread(n_eff, active, size)),
        importance,
        second,
        unmet,
        _spread_square(covariance, active, size, len(tally.channels.features) - 1),
    )


def _covariance(cell: Cell, channels: Channels, shares: Floats, n: int) -> Floats:
    """Covariance of the shares times 10, for the active outcomes, channel by channel, ``rated`` left out."""
    size, ratios = cell.active.size, channels.features[:-1]
    wide = len(ratios) * size
    if n < 2 or not size:
        return np.zeros((wide, wide))
    moments = cell.second_moments(len(channels.features))
    p = np.nan_to_num(np.concatenate([shares[_FIRST[feature]] for feature in ratios]))
    mine = np.tile(np.arange(wide, wide + size), len(ratios))
    residual = moments[:wide] - p[:, None] * moments[mine]
    centred = residual[:, :wide] - residual[:, mine] * p
    total = np.tile(cell.first[_FIRST["rated"]], len(ratios))
    with np.errstate(invalid="ignore", divide="ignore"):
        covariance: Floats = 100 * n / (n - 1) * centred / total / total[:, None]
    return np.nan_to_num(covariance, posinf=0.0, neginf=0.0)


def _spread(values: Floats, active: NDArray[np.intp], size: int) -> Floats:
    wide = np.full(size, np.nan)
    wide[active] = values
    return wide


def _spread_square(matrix: Floats, active: NDArray[np.intp], size: int, features: int) -> Floats:
    """The covariance with zero rows and columns for outcomes that nobody rated."""
    if active.size == size:
        return matrix
    places = (np.arange(features)[:, None] * size + active).ravel()
    wide = np.zeros((features * size, features * size))
    wide[np.ix_(places, places)] = matrix
    return wide


def effective_number(estimates: Estimates, place: int) -> Floats:
    """Respondents of a simple random sample that would be as sure of a share as this one is (J,).

    p(1 - p) / var(p), the design-based effective number (Korn & Graubard 1998), pulled towards Kish's
    where few respondents stand behind the rarer answer and the variance itself is uncertain: on the log
    scale with weight m / (m + 10) for the former, m = n_eff p(1 - p). The pull is ours; docs/methods.md
    shows what it does to coverage.
    """
    share = (estimates.importance, estimates.satisfaction, estimates.unmet)[place] / 10
    variance = estimates.standard_error(place) ** 2 / 100
    spread = share * (1 - share)
    kish = np.where(estimates.scored, np.maximum(estimates.n_eff, 1e-9), np.nan)
    with np.errstate(invalid="ignore", divide="ignore"):
        design = np.where((variance > 1e-14) & (spread > 0), spread / variance, kish)
    trust = kish * spread / (kish * spread + 10)
    number: Floats = np.exp(trust * np.log(design) + (1 - trust) * np.log(kish))
    return number
