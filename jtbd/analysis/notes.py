"""What the reader of an analysis must be told: who is left out, and how far to trust the figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from jtbd.analysis.query import Query
from jtbd.analysis.source import Source
from jtbd.errors import Issue, warning
from jtbd.plural import counted
from jtbd.ratings.codes import shown
from jtbd.scoring.score import Scores

NARROW_BELOW = 150
"""Ratings of an outcome under which rank ranges are a little too narrow (docs/methods.md)."""

RELY_FROM = 60
"""Ratings of an outcome under which ranges of ranks are too narrow to rely on."""


def few_people(withheld: int, query: Query, label: str) -> Issue:
    """Outcomes withheld because too few people rated them."""
    outcomes = counted(withheld, "outcome is", "outcomes are")
    return warning(
        "few-people",
        f"{outcomes} not shown: {why_withheld(query)}",
        "they appear with more answers",
        file=label or "the ranking",
    )


def why_withheld(query: Query) -> str:
    """Why outcomes are not shown that somebody rated."""
    few = f"fewer than {query.min_ratings} people rated each"
    return f"{few}, or their figures would follow" if query.withheld else few


def left_out(query: Query, label: str, count: int) -> Issue:
    """People who are in no group that is scored."""
    people = counted(count, "person has", "people have")
    if not label:
        return warning(
            "no-group-value",
            f'{people} no value for "{query.by}" and are in no group',
            "fill in the column to include them",
            file="--by",
        )
    return warning(
        "small-group",
        f"group {shown(label)} is not scored: {people} it, the minimum is {query.min_group}",
        "merge it with another group, or lower --min-group",
        file="--by",
    )


def follows(left: Sequence[int], query: Query) -> list[Issue]:
    """That figures of few people follow from the groups that are scored and the ranking of all.

    Parameters
    ----------
    left : sequence of int
        People by group that is not scored; who has no value is one.
    """
    few = [people for people in left if people < query.min_group]
    if not few or (len(left) > 1 and sum(left) >= query.min_group):
        return []
    people = counted(sum(left), "person who is", "people who are")
    return [
        warning(
            "small-group-follows",
            f"what the {people} left out said follows from these groups and the ranking of all",
            "give both only to those who may see it",
            file="--by",
        )
    ]


def narrowness(ratings: int) -> str:
    """What so few ratings of an outcome do to ranges of ranks; empty where they are enough."""
    if ratings >= NARROW_BELOW:
        return ""
    if ratings >= RELY_FROM:
        return f"under about {NARROW_BELOW}, ranges of ranks are a little too narrow"
    return f"under about {RELY_FROM}, ranges of ranks are too narrow to rely on"


def cautions(source: Source, groups: Mapping[str, Scores], people: Mapping[str, int]) -> list[Issue]:
    """What to be careful about in the scores of each group."""
    notes = []
    for label, scores in groups.items():
        where = f"{source.name} [{label}]" if label else source.name
        estimates = scores.estimates
        unrated = [outcome for outcome, known in zip(estimates.outcomes, estimates.scored, strict=True) if not known]
        if unrated:
            shown = ", ".join(unrated[:5]) + (" …" if len(unrated) > 5 else "")
            notes.append(
                warning(
                    "not-rated",
                    f"nobody who counts rated both scales of {len(unrated)} of {estimates.size} outcomes ({shown})",
                    "they stand last, without figures",
                    file=where,
                )
            )
        fewest = int(estimates.rated[estimates.scored].min(initial=NARROW_BELOW))
        if people[label] < 2:
            notes.append(
                warning(
                    "one-respondent",
                    "one respondent says nothing about others",
                    "collect more answers before you conclude anything",
                    file=where,
                )
            )
        elif fewest < NARROW_BELOW:
            notes.append(
                warning(
                    "few-ratings",
                    f"some outcomes have only {fewest} ratings",
                    narrowness(fewest),
                    file=where,
                )
            )
    return [*notes, *about_answers(source)]


def without_effect(source: Source, query: Query, groups: Mapping[str, Scores]) -> list[Issue]:
    """What the query asks for that changes nothing here."""
    notes = []
    if query.trim and not query.rake and not query.weight and np.ptp(source.ratings.weights) == 0:
        notes.append(
            warning(
                "nothing-to-trim",
                "all base weights are equal, so none is trimmed",
                "trim with --rake, or with base weights; what --value gives is never trimmed",
                file="--trim",
            )
        )
    most = max((int(scores.estimates.scored.sum()) for scores in groups.values()), default=0)
    if 1 < most <= query.top != Query.top:  # who names no K need not hear of it
        notes.append(
            warning(
                "top-lowered",
                f"p_top is for the top {most - 1}: only {most} outcomes are ranked",
                "choose a smaller top",
                file="--top",
            )
        )
    return notes


def about_answers(source: Source) -> list[Issue]:
    """Who is left out of a source as careless, and which of its outcomes are reported apart."""
    notes = []
    if source.n_flagged:
        respondents = counted(source.n_flagged, "respondent is", "respondents are")
        notes.append(
            warning(
                "flagged-left-out",
                f"{respondents} left out for signs of careless responding",
                "see who and why: jtbd quality",
                file=source.name,
            )
        )
    for outcome in source.wording_split:
        notes.append(
            warning(
                "wording-split",
                f"{outcome} was worded differently and is reported apart",
                "compare the two wordings before you add them up",
                file=source.name,
            )
        )
    return notes
