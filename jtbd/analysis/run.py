"""Answering a query: weights, groups, tally, scores."""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jtbd._version import __version__
from jtbd.analysis.notes import cautions, few_people, follows, left_out, without_effect
from jtbd.analysis.query import Query
from jtbd.analysis.source import Source
from jtbd.errors import InputError, Issue, issue
from jtbd.plural import counted
from jtbd.ratings.model import Marks, Ratings, numbered
from jtbd.ratings.raking import rake, read_targets, trim
from jtbd.ratings.weights import kish, unknown_column, weights_from_column, worth_from_column
from jtbd.scoring.agreement import Agreement, agreement
from jtbd.scoring.compare import Comparison, compare
from jtbd.scoring.estimates import Estimates, estimate
from jtbd.scoring.methods import ALL_METHODS, METHODS
from jtbd.scoring.score import Scores, score
from jtbd.tally.count import tally
from jtbd.tally.features import Channels, Second
from jtbd.tally.threads import one_blas_thread

MOST_GROUPS = 500
"""Groups that are scored at once: more are the sign of a column that names people, not kinds of people."""

MOST_COMPARED = 50
"""Groups that are compared pair by pair."""

ALL = ""
"""The name of the group of everybody."""


@dataclass(frozen=True)
class Analysis:
    """The answer: scores for each group (``""`` without ``by``), and what the reader must be told.

    ``n`` is the number of respondents in every variance, ``people`` those in each group, ``effective`` how many
    of a group's respondents count under its weights (Kish 1965); ``agreements`` are there when all methods were
    asked for. ``not_applicable`` is, by group and outcome, how many people said that it does not apply to them
    (``None`` for fewer than the query shows); empty where nobody was asked.
    """

    source: Source
    query: Query
    second: Second
    n: int
    people: Mapping[str, int]
    effective: Mapping[str, float]
    groups: Mapping[str, Scores]
    notes: tuple[Issue, ...]
    agreements: Mapping[str, Agreement] = field(default_factory=dict)
    not_applicable: Mapping[str, Mapping[str, int | None]] = field(default_factory=dict)

    @property
    def provenance(self) -> dict[str, Any]:
        """What is needed to get the same figures again."""
        return provenance(self.source, self.query)


def provenance(source: Source, query: Query) -> dict[str, Any]:
    """What is needed to get the same figures again: data, options, version."""
    return {
        "source": source.name,
        "data_hash": source.ratings.content_hash,
        "respondents": source.ratings.n,
        "simulated": source.simulated,
        "method": query.method,
        "scale": second_scale(source, query),
        "by": query.by,
        "where": [f"{column}={value}" for column, value in query.where],
        "wave": query.wave,
        "complete_only": query.complete_only,
        "exclude_flagged": query.exclude_flagged,
        "min_group": query.min_group,
        "min_ratings": query.min_ratings,
        "withheld": sorted(query.withheld),
        "weight": query.weight,
        "rake": hashlib.sha256(query.rake.read_bytes()).hexdigest() if query.rake else None,
        "trim": query.trim,
        "value": query.value,
        "top": query.top,
        "distribution": query.distribution,
        "stabilised": query.stabilised,
        "level": query.level,
        "seed": query.seed,
        "version": __version__,
    }


def analyse(source: Source, query: Query) -> Analysis:
    """Score a source.

    Raises
    ------
    InputError
        Columns, values, weights or targets that the source does not have; nothing to score; conditions that fewer
        people meet than the query's smallest group.
    """
    check_answers(source)
    with one_blas_thread():
        return _analyse(source, query)


def _analyse(source: Source, query: Query) -> Analysis:
    second = second_scale(source, query)
    group, people, notes = _groups(source, query)
    ratings = replace(weighted(source, query), attributes={"group": group})
    counted = tally(
        ratings,
        query.ranking.channels(second),
        ["group"],
    )
    groups, effective, outside = {}, {}, {}
    for key, label in sorted((_key(label), label) for label in people):
        cell = counted.cells[(key,)]
        effective[label] = kish(ratings.weights[group == key])
        estimates = estimate(counted, cell).only(asked(source, mode_shown(source, query, label)))
        estimates, withheld = _enough_ratings(estimates, query)
        if withheld:
            notes.append(few_people(withheld, query, label))
        if ratings.not_applicable is not None:
            outside[label] = _counted(ratings.outcomes, ratings.not_applicable[group == key], query)
        groups[label] = score(estimates, replace(query.scoring, groups=len(people)))
    notes += cautions(source, groups, people) + without_effect(source, query, groups)
    agreements = _agreements(ratings, query, groups) if query.method == ALL_METHODS else {}
    return Analysis(source, query, second, counted.n, people, effective, groups, tuple(notes), agreements, outside)


def _counted(outcomes: tuple[str, ...], marks: Marks, query: Query) -> dict[str, int | None]:
    """How many marked each outcome; ``None`` for fewer than the query shows."""
    people: list[int] = marks.sum(axis=0).tolist()
    shown = [number if number >= query.min_ratings or not number else None for number in people]
    return dict(zip(outcomes, shown, strict=True))


def _agreements(ratings: Ratings, query: Query, groups: Mapping[str, Scores]) -> dict[str, Agreement]:
    """For each group the ranks of every method; those of the effort score where difficulty was asked."""
    hard = tally(ratings, Channels("difficulty", ()), ["group"]) if "difficulty" in ratings.scales else None
    found = {}
    for label, scores in groups.items():
        estimates = scores.estimates
        by_scale = {estimates.second: estimates}
        if hard is not None:
            by_scale["difficulty"] = estimate(hard, hard.cells[(_key(label),)]).only(estimates.outcomes)
        points = {
            name: method.of(by_scale[method.second or estimates.second])
            for name, method in METHODS.items()
            if (method.second or estimates.second) in by_scale
        }
        found[label] = agreement(points, query.top)
    return found


def check_answers(source: Source) -> None:
    """See that there is anything to analyse.

    Raises
    ------
    InputError
        A survey that nobody has answered.
    """
    if not source.ratings.n:
        problem = issue(
            "no-answers", "the survey has no answers yet", f"send people to /s/{source.name}", file=source.name
        )
        raise InputError([problem])


def check_method(query: Query, what: str, *, smooth: bool = False) -> None:
    """See that the query names one method, and if ``smooth`` one whose score has a gradient.

    Raises
    ------
    InputError
        All methods; a score that is made of ranks among the outcomes, so that it jumps.
    """
    if query.method == ALL_METHODS:
        raise InputError([issue("bad-option", f"{what} are of one method", "name one method", file="--method")])
    if smooth and query.ranking.smooth is None:
        problem = f"{what} are not defined for {query.method}, which is made of ranks among the outcomes"
        raise InputError([issue("bad-option", problem, "choose another method", file="--method")])


def mode_shown(source: Source, query: Query, group: str) -> str | None:
    """The one mode whose respondents a group consists of, if the query says so."""
    column = source.roles.get("mode")
    if column is None:
        return None
    return group if query.by == column else dict(query.where).get(column)


def asked(source: Source, mode: str | None) -> set[str]:
    """Outcomes that respondents of a mode are asked, or all: what a mode does not ask is not missing there."""
    labels = {outcome: source.label(outcome) for outcome in source.ratings.outcomes}
    return {outcome for outcome, label in labels.items() if mode is None or not label.modes or mode in label.modes}


def second_scale(source: Source, query: Query) -> Second:
    """The second scale a query uses: its method's, else the one it names, else satisfaction where there is one.

    Raises
    ------
    InputError
        The source was not asked it.
    """
    scales = source.ratings.scales
    needed = query.ranking.second
    if needed and needed not in scales:
        what = f"{source.name} has no {needed} ratings, which {query.method} needs"
        raise InputError([issue("no-scale", what, "choose another method", file="--method")])
    wanted: Second = needed or query.scale or ("satisfaction" if "satisfaction" in scales else "difficulty")
    if wanted not in scales:
        raise InputError(
            [issue("no-scale", f"{source.name} has no {wanted} ratings", "choose the other scale", file="--scale")]
        )
    return wanted


def weighted(source: Source, query: Query) -> Ratings:
    """The ratings under the weights that the query asks for.

    Base weights, then raking and trimming, both before ``where``; what each respondent is worth multiplies
    the result, so that targets stay shares of people.
    """
    ratings, most = source.ratings, query.trim or math.inf
    if query.weight:
        ratings = ratings.with_weights(weights_from_column(ratings, query.weight, file=source.name, lines=source.lines))
    if query.rake:
        ratings = ratings.with_weights(rake(ratings, read_targets(query.rake), file=str(query.rake), most=most))
    elif query.trim:
        ratings = ratings.with_weights(trim(ratings, most))
    if query.value:
        worth = worth_from_column(ratings, query.value, file=source.name, lines=source.lines)
        ratings = ratings.with_weights(ratings.weights * worth)
    return ratings


def selected(source: Source, query: Query) -> NDArray[np.bool_]:
    """Respondents who meet every condition (n,).

    Raises
    ------
    InputError
        Unknown columns; a value nobody has; nobody meets all conditions.
    """
    ratings = source.ratings
    chosen = np.ones(ratings.n, bool)
    issues = []
    for column, value in query.where:
        if column not in ratings.attributes:
            issues.append(unknown_column(column, ratings, file="--where"))
            continue
        matches = ratings.attributes[column] == value
        if not matches.any():
            known = sorted(set(ratings.attributes[column]) - {""})
            shown = ", ".join(known[:12]) + (" …" if len(known) > 12 else "")
            issues.append(
                issue(
                    "unknown-value",
                    f'nobody has "{value}" for "{column}"',
                    f"values that occur: {shown or 'none'}",
                    file="--where",
                )
            )
        chosen &= matches
    if not issues and not chosen.any():
        issues.append(issue("nobody-left", "nobody meets all conditions at once", "drop a condition", file="--where"))
    if issues:
        raise InputError(issues)
    return chosen


def enough_people(estimates: Estimates, query: Query) -> NDArray[np.bool_]:
    """Outcomes that so many people rated that the query shows them, and that are not withheld (J,)."""
    # read by value, one large customer must not stand for five people
    people = np.minimum(estimates.rated, estimates.n_eff) if query.value else estimates.rated
    told = np.array([outcome not in query.withheld for outcome in estimates.outcomes], bool)
    enough: NDArray[np.bool_] = (people >= query.min_ratings) & told
    return enough


def _enough_ratings(estimates: Estimates, query: Query) -> tuple[Estimates, int]:
    """The outcomes that enough people rated, or nobody; and how many are withheld."""
    enough = enough_people(estimates, query) | (estimates.rated == 0)
    if enough.all():
        return estimates, 0
    kept = {outcome for outcome, one in zip(estimates.outcomes, enough, strict=True) if one}
    return estimates.only(kept), int((~enough).sum())


def _key(label: str) -> str:
    """Keys of groups in the tally start with a letter, so that the rest of the respondents is no group."""
    return "g" + label


def _groups(source: Source, query: Query) -> tuple[NDArray[np.object_], dict[str, int], list[Issue]]:
    """For each respondent the key of their group ("" = none that is scored), and people by group."""
    chosen = selected(source, query)
    column = np.full(source.ratings.n, "", object)
    if query.by is None:
        column[chosen] = _key(ALL)
        _see_enough(int(chosen.sum()), query)
        return column, {ALL: int(chosen.sum())}, []
    if query.by not in source.ratings.attributes:
        raise InputError([unknown_column(query.by, source.ratings, file="--by")])
    values = source.ratings.attributes[query.by]
    people: dict[str, int] = {}
    left: dict[str, int] = {}
    for label, count in sorted(Counter(values[chosen].tolist()).items()):
        if label and count >= query.min_group:
            people[label] = count
        else:
            left[label] = count
    notes = [left_out(query, label, count) for label, count in left.items()]
    notes += follows(list(left.values()), query)
    levels, numbers = numbered(values)
    keys = np.array([_key(level) if level in people else "" for level in levels], object)
    column[chosen] = keys[numbers[chosen]]
    if not people:
        raise InputError(
            [
                issue(
                    "no-group",
                    f'no value of "{query.by}" has {query.min_group} or more people',
                    "merge values, or lower --min-group",
                    file="--by",
                )
            ]
        )
    if len(people) > MOST_GROUPS:
        raise InputError(
            [
                issue(
                    "too-many-groups",
                    f'"{query.by}" has {len(people)} groups, more than {MOST_GROUPS}',
                    "choose a column with fewer values, or raise --min-group",
                    file="--by",
                )
            ]
        )
    return column, people, notes


def _see_enough(people: int, query: Query) -> None:
    """Refuse conditions that fewer people meet than may be a group; all there are of a source are scored."""
    options = [name for name, asked in (("--where", query.where), ("--wave", query.wave is not None)) if asked]
    if options and people < query.min_group:
        what = f"{counted(people, 'person meets', 'people meet')} the conditions"
        remedy = "choose a wider group, or lower --min-group"
        message = f"{what}, the minimum is {query.min_group}"
        raise InputError([issue("small-group", message, remedy, file=", ".join(options))])


def comparisons(analysis: Analysis) -> list[Comparison]:
    """Pairwise differences between the groups of an analysis with ``by``."""
    groups = len(analysis.groups)
    check_method(analysis.query, "differences")
    if groups < 2:
        problem = issue(
            "one-group",
            "there are fewer than two groups to compare",
            "choose a column with more values, or lower --min-group",
            file="--by",
        )
        raise InputError([problem])
    if groups > MOST_COMPARED:
        problem = issue(
            "too-many-groups",
            f"{groups} groups would make {groups * (groups - 1) // 2:,} pairs",
            f"choose a column with up to {MOST_COMPARED} values, or raise --min-group",
            file="--by",
        )
        raise InputError([problem])
    estimates = {label: scores.estimates for label, scores in analysis.groups.items()}
    query = analysis.query
    return compare(estimates, query.method, level=query.level, seed=query.seed)
