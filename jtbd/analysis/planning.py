"""Plans: what a study can tell apart before it is fielded, and what it would take to tell more after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from jtbd._version import __version__
from jtbd.analysis.query import HIGHEST_LEVEL
from jtbd.analysis.run import Analysis, check_method
from jtbd.errors import InputError, issue
from jtbd.scoring.planning import Assumptions, Prospect, prospects
from jtbd.scoring.separation import Separation, separations

MOST_OUTCOMES = 400
MOST_RESPONDENTS = 1_000_000
STRONGEST = 0.8
"""The highest correlation the series in :mod:`jtbd.scoring.world` is good for."""

_STEPS = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)
_PARTS = (1.0, 0.5, 0.25)
_ALIKE = 1.35
"""Numbers of outcomes closer than this factor to the one asked for are no alternatives."""


@dataclass(frozen=True)
class Plan:
    """Prospects of the study asked for and of others around it.

    ``chosen`` is the one asked for, which ``rows`` holds too.
    """

    outcomes: int
    assumed: Assumptions
    chosen: Prospect
    rows: tuple[Prospect, ...]

    @property
    def provenance(self) -> dict[str, Any]:
        """What the figures rest on."""
        assumed = self.assumed
        return {
            "outcomes": self.outcomes,
            "respondents": self.chosen.respondents,
            "per_respondent": self.chosen.per_respondent,
            "groups": assumed.groups,
            "top": assumed.top,
            "level": assumed.level,
            "correlation": assumed.correlation,
            "design_effect": assumed.design_effect,
            "questions": assumed.questions,
            "importance": "Beta(6, 4) clipped to .05-.97",
            "satisfaction": "Beta(5, 5) clipped to .05-.95",
            "seed": assumed.seed,
            "version": __version__,
        }


def plan(outcomes: int, respondents: int, per_respondent: int | None, assumed: Assumptions) -> Plan:
    """Prospects for a grid of respondents and outcomes per respondent.

    Raises
    ------
    InputError
        Numbers that make no study.
    """
    asked = outcomes if per_respondent is None else per_respondent
    _check(outcomes, respondents, asked, assumed)
    counts = sorted({respondents, *(_round(respondents * step) for step in _STEPS)})
    others = {max(round(outcomes * part), 1) for part in _PARTS}
    parts = sorted({asked, *(one for one in others if not asked / _ALIKE < one < asked * _ALIKE)}, reverse=True)
    rows = prospects(outcomes, counts, parts, assumed)
    chosen = next(row for row in rows if (row.respondents, row.per_respondent) == (respondents, asked))
    return Plan(outcomes, assumed, chosen, tuple(rows))


def _round(respondents: float) -> int:
    """A number as one plans it: two figures that count, 10 at least."""
    if respondents < 100:
        return max(round(respondents / 5) * 5, 10)
    digits = len(str(int(respondents))) - 2
    return int(round(respondents, -digits))


def _check(outcomes: int, respondents: int, asked: int, assumed: Assumptions) -> None:
    ranges: list[tuple[str, float, float, float]] = [
        ("--outcomes", outcomes, 2, MOST_OUTCOMES),
        ("--respondents", respondents, 10, MOST_RESPONDENTS),
        ("--per-respondent", asked, 1, max(outcomes, 1)),
        ("--groups", assumed.groups, 2, max(respondents // 5, 2)),
        ("--top", assumed.top, 1, MOST_OUTCOMES),
        ("--level", assumed.level, 0.5, HIGHEST_LEVEL),
        ("--correlation", assumed.correlation, 0, STRONGEST),
        ("--design-effect", assumed.design_effect, 1, 20),
        ("--questions", assumed.questions, 0, 200),
        ("--seed", assumed.seed, 0, 2**31 - 1),
    ]
    problems = [
        issue("bad-option", f"{value:g} is not from {least:g} to {most:,g}", "choose a number in that range", file=name)
        for name, value, least, most in ranges
        if not least <= value <= most
    ]
    if problems:
        raise InputError(problems)


@dataclass(frozen=True)
class Separations:
    """Pairs around the cut of an analysis, and how many respondents it rests on."""

    analysis: Analysis
    cut: int
    rows: tuple[Separation, ...]


def separate(analysis: Analysis, around: int) -> Separations:
    """Which neighbours of the cut after the top K are tied, and what would separate them.

    Raises
    ------
    InputError
        ``around`` is not from 1 to 100; all methods, or one made of ranks; fewer than two outcomes have ratings.
    """
    check_method(analysis.query, "ratings needed", smooth=True)
    if not 1 <= around <= 100:
        problem = issue(
            "bad-option", f"{around} is not from 1 to 100", "choose a number in that range", file="--around"
        )
        raise InputError([problem])
    (scores,) = analysis.groups.values()
    rows = separations(scores.estimates, analysis.query.scoring, around)
    if not rows:
        name = analysis.source.name
        raise InputError([issue("no-answers", "fewer than two outcomes have ratings", "collect answers", file=name)])
    scored = int(scores.estimates.scored.sum())
    return Separations(analysis, max(1, min(analysis.query.top, scored - 1)), tuple(rows))
