"""Latent classes of respondents: kinds of people who find the same things important and are satisfied with the same.

Fitted here, not by a package: a search for segments fits hundreds of models, and the answers of a planned part of
the outcomes are missing (docs/decisions/found-segments.md has what was measured). Tests check it against stepmix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TOP_FROM = 4
"""Ratings from here on count as high, as in the scores."""

PRIOR = 1.0
"""Answers added to each class and question, shared out as the whole sample answers: no share becomes 0 or 1."""

TOLERANCE = 1e-5
"""Gain of log-likelihood a respondent in one round, under which a climb ends."""

SHORT_CLIMB = 15
MOST_ROUNDS = 300


@dataclass(frozen=True)
class Fit:
    """A division of n respondents into k groups.

    Parameters
    ----------
    probabilities : array (n, k)
        Of each respondent to belong to each group; 0 and 1 where the method only assigns.
    log_likelihood : float
        Of all respondents' answers.
    bic : float
        −2 log-likelihood + parameters x log n: lower is better (Schwarz 1978).
    """

    probabilities: Floats
    log_likelihood: float
    bic: float

    @property
    def assigned(self) -> NDArray[np.intp]:
        """The most probable group of each respondent (n,)."""
        return np.asarray(self.probabilities.argmax(axis=1), np.intp)


class Model(Protocol):
    """A way to divide respondents into k groups by their answers (n, M), 1..5 or NaN for not rated."""

    def fit(self, answers: Floats, groups: int, rng: np.random.Generator, starts: int) -> Fit:
        """The best of several random starts."""


def bic(log_likelihood: float, parameters: int, n: int) -> float:
    """Schwarz's criterion (1978); lower is better."""
    return float(-2 * log_likelihood + parameters * np.log(n))


@dataclass(frozen=True)
class LatentClasses:
    """Latent class analysis of high ratings (4 or 5) against others.

    Within a class all answers are independent. Missing answers drop out of a respondent's likelihood (full
    information: right as long as what is missing does not depend on the class beyond what was answered, which
    planned missingness ensures). Maximum likelihood by expectation-maximisation, with a weak prior against shares
    of 0 and 1. Sources: Lazarsfeld & Henry 1968; Goodman 1974; Dempster, Laird & Rubin 1977; Vermunt & Magidson 2005.
    """

    prior: float = PRIOR

    def fit(self, answers: Floats, groups: int, rng: np.random.Generator, starts: int) -> Fit:
        """The best of several short climbs, climbed to the end (Biernacki, Celeux & Govaert 2003).

        Parameters
        ----------
        answers : array (n, M)
            1..5, NaN = not rated.
        groups : int
            k, from 1.
        rng : numpy.random.Generator
        starts : int
            Random starts; one is enough for a single class.
        """
        said = np.hstack([answers >= TOP_FROM, answers < TOP_FROM]).astype(float)  # a missing answer says neither
        tried = [self._start(said, groups, rng) for _ in range(starts if groups > 1 else 1)]
        best = max(tried, key=lambda climb: climb[0])
        log_likelihood, probabilities = self._climb(said, best[1], MOST_ROUNDS)
        parameters = groups - 1 + groups * answers.shape[1]
        return Fit(probabilities, log_likelihood, bic(log_likelihood, parameters, len(answers)))

    def _start(self, said: Floats, groups: int, rng: np.random.Generator) -> tuple[float, Floats]:
        return self._climb(said, rng.dirichlet(np.ones(groups), len(said)), SHORT_CLIMB)

    def _climb(self, said: Floats, belongs: Floats, rounds: int) -> tuple[float, Floats]:
        """Expectation-maximisation from class probabilities (n, k); log-likelihood and the probabilities reached.

        ``said`` (n, 2M) holds who answered high, then who answered low.
        """
        n, groups = belongs.shape
        questions = said.shape[1] // 2
        everybody = said.sum(axis=0)[:, None]
        everybody = self.prior * (everybody + 0.5) / (_both(everybody, questions) + 1)
        reached = -np.inf
        for _ in range(rounds):
            size = (belongs.sum(axis=0) + self.prior / groups) / (n + self.prior)
            count = said.T @ belongs + everybody
            joint = said @ np.log(count / _both(count, questions)) + np.log(size)
            most = joint.max(axis=1, keepdims=True)
            belongs = np.exp(joint - most)
            total = belongs.sum(axis=1, keepdims=True)
            belongs /= total
            log_likelihood = float((most + np.log(total)).sum())
            if log_likelihood - reached < TOLERANCE * n:
                break
            reached = log_likelihood
        return log_likelihood, belongs


def _both(count: Floats, questions: int) -> Floats:
    """For each answer, high and low together (2M, k)."""
    together = count[:questions] + count[questions:]
    return np.concatenate([together, together])
