"""Segments found in the ratings themselves, presented only where they would be found again.

Every division of respondents is tried on samples of the same respondents (bootstrap) and against a population
without segments. What does not hold is refused: a table of figures, and no segments.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.factor_kmeans import FactorKMeans, number_of_factors
from jtbd.ratings.latent_classes import Fit, Floats, LatentClasses, Model
from jtbd.ratings.model import Ratings
from jtbd.ratings.one_population import one_population

Second = Literal["satisfaction", "difficulty"]
ModelName = Literal["lca", "kmeans"]

FEWEST_OUTCOMES, MOST_OUTCOMES, USUAL_OUTCOMES = 6, 12, 10
LEAST_RATED = 3
"""Outcomes, of those chosen, that a respondent must have rated to be put into a segment."""

LEAST_SHARE = 0.25
"""Share of respondents who must have rated an outcome before it is chosen for them."""

RAND_FROM = 0.8
JACCARD_FROM = 0.75
PEOPLE_FROM = 50
CHANCE_UP_TO = 0.05
STARTS = 10
RESAMPLE_STARTS = 3


@dataclass(frozen=True)
class Solution:
    """A division into ``groups`` segments, ordered by size, and how far it can be trusted.

    Parameters
    ----------
    groups : int
    bic, bic_of_one : float
        Of this division and of no division; lower is better.
    rand : float
        Mean adjusted Rand index of bootstrap refits against this division; 1 = always the same, 0 = chance.
    jaccard : tuple of float
        For each segment the mean overlap with the segment most like it in a refit, 0..1.
    people : tuple of int
        Respondents in each segment.
    certainty : float or None
        Mean probability of the segment that a respondent is assigned to; None where the method has none.
    chance : float or None
        How often one population without segments is divided as well (a p value); None where the division
        fails before that.
    probabilities : array (m, k)
        Of the m respondents divided.
    """

    groups: int
    bic: float
    bic_of_one: float
    rand: float
    jaccard: tuple[float, ...]
    people: tuple[int, ...]
    certainty: float | None
    chance: float | None
    probabilities: Floats

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why this is not presented as segments; empty where it is."""
        said = []
        if not self.bic < self.bic_of_one:
            said.append("fits no better than one group")
        if min(self.people) < PEOPLE_FROM:
            said.append(f"a segment has under {PEOPLE_FROM} people")
        if self.rand < RAND_FROM:
            said.append("other samples divide people otherwise")
        if min(self.jaccard) < JACCARD_FROM:
            said.append("a segment is not found again")
        if self.chance is not None and self.chance > CHANCE_UP_TO:
            said.append("one population without segments looks the same")
        return tuple(said)


@dataclass(frozen=True)
class Found:
    """What a search for segments found.

    Parameters
    ----------
    outcomes : tuple of str
        Outcomes whose ratings were used.
    rows : array (m,)
        Numbers of the respondents who rated enough of them, counted from 0.
    solutions : tuple of Solution
        One for each number of groups tried.
    accepted : Solution or None
        The one with the lowest BIC among those that hold; None where none does.
    factors : int or None
        Factors used by k-means.
    """

    outcomes: tuple[str, ...]
    rows: NDArray[np.intp]
    solutions: tuple[Solution, ...]
    accepted: Solution | None
    factors: int | None


def varied_outcomes(ratings: Ratings, second: Second, count: int = USUAL_OUTCOMES) -> tuple[str, ...]:
    """The outcomes on which respondents differ most: largest variance of importance minus satisfaction (1..5 each).

    Only outcomes that at least a quarter of the respondents rated on both scales; equal ones in order of the map.
    """
    gaps = _gaps(ratings, second)
    rated = (~np.isnan(gaps)).sum(axis=0)
    enough = np.flatnonzero(rated >= max(LEAST_SHARE * ratings.n, 2))
    spread = np.nanvar(gaps[:, enough], axis=0)
    chosen = sorted(enough[np.argsort(-spread, kind="stable")][:count])
    return tuple(ratings.outcomes[j] for j in chosen)


def _gaps(ratings: Ratings, second: Second) -> Floats:
    importance, other = ratings.scales["importance"].astype(float), ratings.scales[second].astype(float)
    gaps: Floats = importance - (other if second == "satisfaction" else 6 - other)
    gaps[(importance == 0) | (other == 0)] = np.nan
    return gaps


def find_segments(
    ratings: Ratings,
    second: Second,
    outcomes: Sequence[str],
    groups: Iterable[int],
    by_model: ModelName,
    resamples: int,
    rng: np.random.Generator,
    tick: Callable[[], None] = lambda: None,
) -> Found:
    """Divide respondents by their ratings of a few outcomes, and say which divisions hold.

    Parameters
    ----------
    ratings : Ratings
        Of the respondents to divide; weights play no part.
    second : {"satisfaction", "difficulty"}
    outcomes : sequence of str
        6 to 12 of them.
    groups : iterable of int
        Numbers of segments to try, from 2.
    by_model : {"lca", "kmeans"}
    resamples : int
        Bootstrap samples for each number of segments, and draws of one population for one that passes.
    rng : numpy.random.Generator
    tick : callable
        Called after each fit of a sample, for a progress bar.
    """
    places = [ratings.outcomes.index(outcome) for outcome in outcomes]
    importance, other = ratings.scales["importance"][:, places], ratings.scales[second][:, places]
    rows = np.flatnonzero(((importance > 0) & (other > 0)).sum(axis=1) >= LEAST_RATED)
    answers = np.hstack([importance[rows], other[rows]]).astype(float)
    answers[answers == 0] = np.nan
    answers = answers[:, ~np.isnan(answers).all(axis=0)]
    factors = number_of_factors(answers, rng) if by_model == "kmeans" else None
    model: Model = LatentClasses() if factors is None else FactorKMeans(factors)
    one = model.fit(answers, 1, rng, 1)
    solutions = [_try(answers, model, number, one, resamples, rng, tick) for number in groups]
    holding = [solution for solution in solutions if not solution.reasons]
    accepted = min(holding, key=lambda solution: solution.bic, default=None)
    return Found(tuple(outcomes), rows, tuple(solutions), accepted, factors)


def _try(
    answers: Floats,
    model: Model,
    groups: int,
    one: Fit,
    resamples: int,
    rng: np.random.Generator,
    tick: Callable[[], None],
) -> Solution:
    fit = model.fit(answers, groups, rng, STARTS)
    people = np.bincount(fit.assigned, minlength=groups)
    order = np.argsort(-people, kind="stable")
    probabilities = fit.probabilities[:, order]
    assigned = probabilities.argmax(axis=1)
    rand, jaccard = _stability(answers, assigned, model, groups, resamples, rng, tick)
    certain = float(probabilities.max(axis=1).mean()) if isinstance(model, LatentClasses) else None
    sizes = tuple(people[order].tolist())
    before = Solution(groups, fit.bic, one.bic, rand, jaccard, sizes, certain, None, probabilities)
    if before.reasons:
        return before
    gain = fit.log_likelihood - one.log_likelihood
    return replace(before, chance=_by_chance(answers, gain, model, groups, resamples, rng, tick))


def _stability(
    answers: Floats,
    assigned: NDArray[np.intp],
    model: Model,
    groups: int,
    resamples: int,
    rng: np.random.Generator,
    tick: Callable[[], None],
) -> tuple[float, tuple[float, ...]]:
    """Mean adjusted Rand index, and mean Jaccard index of each segment, over bootstrap refits.

    Both on the respondents that a sample holds, each once. Sources: Hubert & Arabie 1985; Hennig 2007.
    """
    from sklearn.metrics import adjusted_rand_score

    n = len(answers)
    rand, jaccard = [], []
    for _ in range(resamples):
        drawn = rng.integers(n, size=n)
        again = model.fit(answers[drawn], groups, rng, RESAMPLE_STARTS).assigned
        there, first = np.unique(drawn, return_index=True)
        rand.append(adjusted_rand_score(assigned[there], again[first]))
        jaccard.append(_overlaps(assigned[there], again[first], groups))
        tick()
    return float(np.mean(rand)), tuple(np.mean(jaccard, axis=0).tolist())


def _overlaps(before: NDArray[np.intp], after: NDArray[np.intp], groups: int) -> Floats:
    """For each group before (k,), its Jaccard index with the most similar group after."""
    shared = np.zeros((groups, groups))
    np.add.at(shared, (before, after), 1)
    either = shared.sum(axis=1, keepdims=True) + shared.sum(axis=0, keepdims=True) - shared
    return np.asarray(np.divide(shared, either, out=np.zeros_like(shared), where=either > 0).max(axis=1))


def _by_chance(
    answers: Floats,
    gain: float,
    model: Model,
    groups: int,
    draws: int,
    rng: np.random.Generator,
    tick: Callable[[], None],
) -> float:
    """How often one population without segments gains as much likelihood by being divided: a p value.

    (1 + times as good) / (1 + draws). Sources: Davison & Hinkley 1997, ch. 4; Hennig & Lin 2015.
    """
    population = one_population(answers)
    rated = ~np.isnan(answers)
    as_good = 0
    for _ in range(draws):
        drawn = population.draw(rated, rng)
        alone = model.fit(drawn, 1, rng, 1).log_likelihood
        as_good += model.fit(drawn, groups, rng, RESAMPLE_STARTS).log_likelihood - alone >= gain
        tick()
    return (1 + as_good) / (1 + draws)
