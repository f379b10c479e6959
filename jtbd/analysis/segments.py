"""Found segments of a source: who is in them, what sets them apart, and their rankings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jtbd.analysis.profiles import ProfileRow, profiles
from jtbd.analysis.query import Query
from jtbd.analysis.run import Analysis, analyse, check_answers, provenance, second_scale, selected, weighted
from jtbd.analysis.source import Source
from jtbd.errors import InputError, Issue, issue, warning
from jtbd.plural import counted
from jtbd.ratings.model import Labels, Ratings
from jtbd.ratings.segments import (
    FEWEST_OUTCOMES,
    LEAST_RATED,
    LEAST_SHARE,
    MOST_OUTCOMES,
    PEOPLE_FROM,
    Found,
    ModelName,
    find_segments,
    varied_outcomes,
)
from jtbd.tally.features import Second

DESCRIPTIVE = "descriptive: the segments were found in these same ratings; differences between them are not tested"
"""Stands wherever figures of found segments do."""

NAMES = "ABCDEFGH"
TOGETHER = 30
"""People who must have rated two chosen outcomes both, for any two: else nothing links their answers."""

FEWEST_RESAMPLES = 20
"""With fewer draws of one population no p value could be as low as .05."""


@dataclass(frozen=True)
class SegmentQuery:
    """How to look for segments.

    Parameters
    ----------
    outcomes : tuple of str
        6 to 12; chosen by :func:`~jtbd.ratings.segments.varied_outcomes` where empty.
    groups : tuple of int
        Numbers of segments to try, 2 to 8.
    by_model : {"lca", "kmeans"}
    resamples : int
        Bootstrap samples for each number of segments.
    """

    outcomes: tuple[str, ...] = ()
    groups: tuple[int, ...] = (2, 3, 4, 5)
    by_model: ModelName = "lca"
    resamples: int = 50

    def __post_init__(self) -> None:
        problems = []
        if not self.groups or min(self.groups) < 2 or max(self.groups) > len(NAMES):
            problems.append(("--groups", "the numbers of segments are not from 2 to 8", "write 2..5, or 3"))
        if self.resamples < FEWEST_RESAMPLES:
            few = f"{self.resamples} samples say too little about stability"
            problems.append(("--resamples", few, f"use {FEWEST_RESAMPLES} or more; 50 is usual"))
        if self.outcomes and not FEWEST_OUTCOMES <= len(set(self.outcomes)) <= MOST_OUTCOMES:
            number = counted(len(set(self.outcomes)), "outcome is named", "outcomes are named")
            problems.append(("--outcomes", number, f"name {FEWEST_OUTCOMES} to {MOST_OUTCOMES} different ones"))
        if problems:
            raise InputError(issue("bad-option", message, remedy, file=option) for option, message, remedy in problems)


@dataclass(frozen=True)
class Segmentation:
    """The answer to a search for segments.

    Parameters
    ----------
    second : {"satisfaction", "difficulty"}
    found : Found
    segment : array (n,)
        Each respondent's segment, "A" the largest; ``""`` = in none. All ``""`` where none hold.
    probability : array (n,)
        Of that segment; NaN for those in none.
    analysis : Analysis or None
        The segments' scores, descriptive; ``None`` where none hold.
    shares : tuple of float
        Weighted share of each segment among those divided, 0..1.
    profiles : tuple of ProfileRow
    """

    source: Source
    query: Query
    asked: SegmentQuery
    second: Second
    found: Found
    segment: Labels
    probability: NDArray[np.float64]
    analysis: Analysis | None
    shares: tuple[float, ...]
    profiles: tuple[ProfileRow, ...]
    notes: tuple[Issue, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the segments, the largest first; none where none hold."""
        return tuple(NAMES[: self.found.accepted.groups]) if self.found.accepted else ()

    @property
    def provenance(self) -> dict[str, Any]:
        """What is needed to get the same figures again, and what they are."""
        return {
            **provenance(self.source, self.query),
            "segments": {
                "outcomes": list(self.found.outcomes),
                "outcomes_chosen_by": "the user" if self.asked.outcomes else "largest variance of the gap",
                "by_model": self.asked.by_model,
                "factors": self.found.factors,
                "groups": list(self.asked.groups),
                "resamples": self.asked.resamples,
                "note": DESCRIPTIVE,
            },
        }


def segment(source: Source, query: Query, asked: SegmentQuery, tick: Callable[[], None] = lambda: None) -> Segmentation:
    """Look for segments, and describe those that hold.

    Parameters
    ----------
    source : Source
    query : Query
        ``where`` says whom to divide; weights, method and level serve the descriptions, ``seed`` also the search.
    asked : SegmentQuery
    tick : callable
        Called after each fit of a sample, up to twice ``resamples`` times for each number of segments.

    Raises
    ------
    InputError
        Outcomes the source does not have; too few people, ratings or outcomes; scikit-learn is not installed.
    """
    _need_extra()
    check_answers(source)
    second = second_scale(source, query)
    ratings = weighted(source, query)
    inside = np.flatnonzero(selected(source, query))
    outcomes = _outcomes(ratings.take(inside), second, asked, source.name)
    rng = np.random.default_rng(query.seed)
    found = find_segments(
        ratings.take(inside), second, outcomes, asked.groups, asked.by_model, asked.resamples, rng, tick
    )
    found = replace(found, rows=inside[found.rows])
    segments = np.full(ratings.n, "", object)
    probability = np.full(ratings.n, np.nan)
    notes = [_not_divided(len(inside) - len(found.rows))] if len(found.rows) < len(inside) else []
    if found.accepted is None:
        return Segmentation(source, query, asked, second, found, segments, probability, None, (), (), tuple(notes))
    segments[found.rows] = [NAMES[place] for place in found.accepted.probabilities.argmax(axis=1)]
    probability[found.rows] = found.accepted.probabilities.max(axis=1)
    analysis = _scored(source, query, segments)
    notes += [note for note in analysis.notes if note.code != "no-group-value"]
    members = [segments != "", *(segments == name for name in NAMES[: found.accepted.groups])]
    sizes = [float(ratings.weights[one].sum()) for one in members]
    shares = tuple(size / sizes[0] if sizes[0] else 0.0 for size in sizes[1:])
    rows = tuple(profiles(source, query, ratings.weights, members))
    return Segmentation(
        source, query, asked, second, found, segments, probability, analysis, shares, rows, tuple(notes)
    )


def _need_extra() -> None:
    if find_spec("sklearn") is None:
        problem = "finding segments needs scikit-learn"
        raise InputError(
            [issue("needs-extra", problem, 'install it with: pip install "jtbd[segments]"', file="segments")]
        )


def _outcomes(ratings: Ratings, second: Second, asked: SegmentQuery, name: str) -> tuple[str, ...]:
    """The outcomes to divide people by, seen to be rated by enough of them."""
    unknown = [outcome for outcome in asked.outcomes if outcome not in ratings.outcomes]
    if unknown:
        known = ", ".join(ratings.outcomes[:12]) + (" …" if len(ratings.outcomes) > 12 else "")
        raise InputError(
            issue("unknown-outcome", f'nobody rated "{one}"', f"outcomes there are: {known}", file="--outcomes")
            for one in unknown
        )
    chosen = tuple(dict.fromkeys(asked.outcomes)) or varied_outcomes(ratings, second)
    places = [ratings.outcomes.index(outcome) for outcome in chosen]
    rated = (ratings.scales["importance"][:, places] > 0) & (ratings.scales[second][:, places] > 0)
    problems = _too_few(ratings, rated, chosen, name)
    if not problems:
        problems = _apart(rated, chosen)
    if problems:
        raise InputError(problems)
    return chosen


def _too_few(ratings: Ratings, rated: NDArray[np.bool_], chosen: tuple[str, ...], name: str) -> list[Issue]:
    problems = []
    if len(chosen) < FEWEST_OUTCOMES:
        rated_by = counted(len(chosen), "outcome is rated", "outcomes are rated")
        few = f"{rated_by} by a quarter of these people, segments need {FEWEST_OUTCOMES}"
        problems.append(issue("too-few-outcomes", few, "choose people who rated the same with --where", file=name))
    people = int((rated.sum(axis=1) >= LEAST_RATED).sum())
    if people < 2 * PEOPLE_FROM:
        some = f"{counted(people, 'person', 'people')} rated {LEAST_RATED} or more of the chosen outcomes"
        few = f"{some}, two segments need {2 * PEOPLE_FROM}"
        problems.append(issue("too-few-people", few, "collect more answers", file=name))
    for outcome, count in zip(chosen, rated.sum(axis=0), strict=True):
        if count < LEAST_SHARE * ratings.n:
            few = f"{count} of {ratings.n} people rated {outcome}"
            problems.append(issue("too-few-ratings", few, "choose outcomes that at least a quarter rated", file=name))
    return problems


def _apart(rated: NDArray[np.bool_], chosen: tuple[str, ...]) -> list[Issue]:
    """The issue of outcomes that different people rated: nothing would link the groups found in each."""
    seen = rated.astype(np.int64)
    pairs = np.argwhere(np.triu(seen.T @ seen < TOGETHER, 1))
    if not len(pairs):
        return []
    first, other = (chosen[place] for place in pairs[0])
    what = f"fewer than {TOGETHER} people rated both {first} and {other} ({len(pairs)} such pairs)"
    remedy = "name outcomes that the same people rate with --outcomes, or choose one mode with --where"
    return [issue("not-rated-together", what, remedy, file="--outcomes")]


def _not_divided(count: int) -> Issue:
    noun = "person is" if count == 1 else "people are"
    return warning(
        "not-divided",
        f"{count} {noun} in no segment: they rated fewer than {LEAST_RATED} of the chosen outcomes",
        "nothing is said about them",
        file="segments",
    )


def _scored(source: Source, query: Query, names: Labels) -> Analysis:
    """The scores of each segment, by an attribute that the source does not have yet."""
    column = "found_segment"
    while column in source.ratings.attributes:
        column += "_"
    attributes = {**source.ratings.attributes, column: names}
    divided = replace(source, ratings=replace(source.ratings, attributes=attributes))
    return analyse(divided, replace(query, by=column, min_group=1))
