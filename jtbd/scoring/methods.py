"""The scores: what each method makes of the features, how it moves with them, and its interval.

A method is a value. To add one, write what it makes of its features and put it into :data:`METHODS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from jtbd.scoring.estimates import Estimates
from jtbd.scoring.intervals import Bounds, feature_bounds, gap_bounds, opportunity_bounds
from jtbd.scoring.ranks import mid_ranks
from jtbd.tally.features import Channels, Feature, Second
from jtbd.tally.model import Floats

ALL_METHODS = "all"
"""What people write who want the ranks of every method side by side."""

TOPS: tuple[Feature, Feature] = ("importance_top", "second_top")
RATINGS: tuple[Feature, Feature] = ("importance_rating", "second_rating")


@dataclass(frozen=True)
class Smooth:
    """What a score that has a gradient needs beside its value.

    Parameters
    ----------
    gradient : function of means (C, J) to (C, J)
        Derivatives in the features; at a kink, those of the lower side.
    bounds : function of (estimates, level) to Bounds (J,)
        The interval of the score.
    """

    gradient: Callable[[Floats], Floats]
    bounds: Callable[[Estimates, float], Bounds]


@dataclass(frozen=True)
class Method:
    """A score.

    Parameters
    ----------
    name : str
        As people write it after ``--method``.
    title : str
        As texts name it.
    features : tuple of Feature, length C
        What it is made of.
    span : (float, float)
        The range of the score.
    value : function of means (C, J, ...) to (J, ...)
    smooth : Smooth, optional
        ``None`` for a score that jumps: its SE and interval come from draws.
    second : "difficulty", optional
        The second scale that it must have.
    cut : float, optional
        Where its meaning changes: the line that charts draw.
    """

    name: str
    title: str
    features: tuple[Feature, ...]
    span: tuple[float, float]
    value: Callable[[Floats], Floats]
    smooth: Smooth | None
    second: Second | None = None
    cut: float | None = None

    def channels(self, second: Second) -> Channels:
        """What a tally must count for it."""
        return Channels(second, (*self.features, "rated"))

    def slope(self, means: Floats) -> Floats:
        """Derivatives of the score in its features, at their means (C, J).

        Raises
        ------
        ValueError
            The score jumps.
        """
        if self.smooth is None:
            raise ValueError(f"{self.name} has no derivative")
        return self.smooth.gradient(means)

    def of(self, estimates: Estimates) -> Floats:
        """The score of every outcome (J,)."""
        score: Floats = self.value(estimates.means(self.features))
        return score


def opportunity(parts: Floats) -> Floats:
    """I + max(I - S, 0), 0..20 (Ulwick 2002, 2005)."""
    score: Floats = parts[0] + np.maximum(parts[0] - parts[1], 0)
    return score


def gap(parts: Floats) -> Floats:
    """I - S, -10..10."""
    score: Floats = parts[0] - parts[1]
    return score


def rank_sum(parts: Floats) -> Floats:
    """Mid-rank by I plus mid-rank by S ascending, from [2, 2J] to 1..100, 100 the most underserved.

    Ranks are among the outcomes with a value; with a single one there is nothing to rank and the score is
    the middle, 50.5. The idea of ranks instead of scores is Boysen's, the arithmetic ours.
    """
    score = np.full(parts.shape[1:], np.nan)
    known = np.isfinite(parts).all(axis=(0, *range(2, parts.ndim)))
    places = mid_ranks(parts[0][known]) + mid_ranks(-parts[1][known])
    size = int(known.sum())
    score[known] = 50.5 if size == 1 else 1 + 99 * (places - 2) / (2 * size - 2)
    return score


def _only(parts: Floats) -> Floats:
    score: Floats = parts[0]
    return score


def _missing(parts: Floats) -> Floats:
    score: Floats = 10 - parts[0]
    return score


def _steps(parts: Floats) -> Floats:
    above = (parts[0] > parts[1]).astype(float)
    return np.stack([1 + above, -above])


def _constant(*slopes: float) -> Callable[[Floats], Floats]:
    def gradient(parts: Floats) -> Floats:
        return np.stack([np.full(parts.shape[1:], slope) for slope in slopes])

    return gradient


def _unmet_bounds(estimates: Estimates, level: float) -> Bounds:
    return feature_bounds(estimates, "unmet", level)


def _effort_bounds(estimates: Estimates, level: float) -> Bounds:
    easy = feature_bounds(estimates, "second_top", level)
    return Bounds(10 - easy.high, 10 - easy.low)


def _on(
    bounds: Callable[[Estimates, tuple[Feature, Feature], float], Bounds], pair: tuple[Feature, Feature]
) -> Callable[[Estimates, float], Bounds]:
    return lambda estimates, level: bounds(estimates, pair, level)


OPPORTUNITY = Method(
    "opportunity",
    "opportunity score",
    TOPS,
    (0.0, 20.0),
    opportunity,
    Smooth(_steps, _on(opportunity_bounds, TOPS)),
    cut=10.0,
)
GAP = Method("gap", "gap", TOPS, (-10.0, 10.0), gap, Smooth(_constant(1, -1), _on(gap_bounds, TOPS)), cut=0.0)
UNMET = Method("unmet", "unmet share", ("unmet",), (0.0, 10.0), _only, Smooth(_constant(1), _unmet_bounds))
EFFORT = Method(
    "effort",
    "effort score",
    ("second_top",),
    (0.0, 10.0),
    _missing,
    Smooth(_constant(-1), _effort_bounds),
    second="difficulty",
)
MEAN = Method(
    "mean",
    "opportunity of means",
    RATINGS,
    (0.0, 20.0),
    opportunity,
    Smooth(_steps, _on(opportunity_bounds, RATINGS)),
)
RANK_SUM = Method("rank-sum", "rank sum", TOPS, (1.0, 100.0), rank_sum, None)

METHODS: Mapping[str, Method] = {method.name: method for method in (OPPORTUNITY, GAP, UNMET, EFFORT, MEAN, RANK_SUM)}
"""Every method by its name."""
