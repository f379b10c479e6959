"""Change between two waves: weights in each wave, people in both, and what the reader must be told."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jtbd.analysis.notes import about_answers, why_withheld
from jtbd.analysis.query import Query
from jtbd.analysis.run import (
    asked,
    check_answers,
    check_method,
    enough_people,
    mode_shown,
    provenance,
    second_scale,
    selected,
    weighted,
)
from jtbd.analysis.source import Source
from jtbd.analysis.waves import WAVE, on_common_outcomes, two_waves, waves_of
from jtbd.errors import InputError, Issue, issue, warning
from jtbd.plural import counted
from jtbd.ratings.codes import shown
from jtbd.ratings.model import Ratings
from jtbd.ratings.weights import kish, unknown_column
from jtbd.scoring.change import Changes, change
from jtbd.scoring.estimates import Estimates, estimate
from jtbd.scoring.panel import cross_covariance
from jtbd.tally.count import tally
from jtbd.tally.features import Channels, Second
from jtbd.tally.model import Cell, Floats, Tally
from jtbd.tally.panel import cross_moments

NO_WAVE = "no-wave"
"""Code of the note that answers belong to no wave."""


@dataclass(frozen=True)
class WaveAsked:
    """One wave in an analysis: what it is called, and the respondents of the question.

    ``effective`` is how many equally weighted people they are as good as (Kish 1965).
    """

    name: str
    source: Source
    people: int
    effective: float


@dataclass(frozen=True)
class ChangeAnalysis:
    """The answer: changes from ``before`` to ``after``, and what the reader must be told.

    ``panel`` is the column that names persons, if any, and ``in_both`` how many of them answered in both waves.
    """

    before: WaveAsked
    after: WaveAsked
    query: Query
    second: Second
    changes: Changes
    panel: str | None
    in_both: int
    notes: tuple[Issue, ...]

    @property
    def source(self) -> Source:
        """The later wave: its labels and title are the ones to show."""
        return self.after.source

    @property
    def simulated(self) -> bool:
        """Whether either wave is simulated."""
        return self.before.source.simulated or self.after.source.simulated

    @property
    def provenance(self) -> dict[str, Any]:
        """What is needed to get the same figures again."""
        return {
            "wave_a": self.before.name,
            "wave_b": self.after.name,
            "panel": self.panel,
            "before": provenance(self.before.source, self.query),
            "after": provenance(self.after.source, self.query),
        }


def changes_in(
    source: Source,
    query: Query,
    *,
    column: str = WAVE,
    first: str | None = None,
    last: str | None = None,
    panel: str | None = None,
) -> ChangeAnalysis:
    """Compare two waves of one source: those named, else the last and the one before it.

    Raises
    ------
    InputError
        As :func:`changes_between`; a column or waves that are not there.
    """
    check_answers(source)
    found = changes_between(*two_waves(waves_of(source, column), first, last), query, panel)
    outside = int((source.ratings.attributes[column] == "").sum())
    if not outside:
        return found
    answers = counted(outside, "answer belongs", "answers belong")
    note = warning(NO_WAVE, f"{answers} to no wave", "they are left out", file=source.name)
    return replace(found, notes=(*found.notes, note))


def changes_between(
    before: tuple[str, Source], after: tuple[str, Source], query: Query, panel: str | None = None
) -> ChangeAnalysis:
    """Compare two waves, outcome by outcome.

    Each wave is weighted and raked by itself. Ranks are among the outcomes that enough people rated in both waves.

    Parameters
    ----------
    before, after : pair of name and Source
    query : Query
        ``by`` and ``wave`` mean nothing here.
    panel : str, optional
        Attribute that names persons; without it the waves are taken as answered by different people.

    Raises
    ------
    InputError
        A method made of ranks, or all; columns, values, weights or targets that a wave does not have; too few people
        in a wave; a person twice in one; nothing that both waves rated.
    """
    check_method(query, "changes", smooth=True)
    for _, source in (before, after):
        check_answers(source)
    left, right, others = on_common_outcomes(before[1], after[1])
    second = second_scale(left, query)
    channels = query.ranking.channels(second)
    sides = [
        _side(name, source, query, channels) for (name, _), source in zip((before, after), (left, right), strict=True)
    ]
    _see_enough(sides, query)
    persons = _persons(sides, panel) if panel else None
    total = persons.total if persons else None
    estimates = [estimate(side.counted, side.cell, total) for side in sides]
    cross = _cross(sides, estimates, persons, channels) if persons else None
    wanted = asked(right, mode_shown(right, query, "")) & asked(left, mode_shown(left, query, ""))
    kept, withheld = _kept(estimates, wanted, query)
    if cross is not None:
        cross = _only(cross, estimates[0], kept)
    small = [one.only({one.outcomes[j] for j in kept}) for one in estimates]
    told = dict.fromkeys(note for side in sides for note in about_answers(side.source))
    notes = [*_notes(others, withheld, query, after[1]), *(persons.notes if persons else []), *told]
    return ChangeAnalysis(
        WaveAsked(before[0], left, sides[0].people, sides[0].effective),
        WaveAsked(after[0], right, sides[1].people, sides[1].effective),
        query,
        second,
        change(small[0], small[1], query.scoring, cross),
        panel,
        persons.in_both if persons else 0,
        tuple(notes),
    )


@dataclass(frozen=True)
class _Side:
    """A wave, weighted; ``inside`` marks the respondents whom the query is about."""

    name: str
    source: Source
    ratings: Ratings
    inside: NDArray[np.bool_]
    counted: Tally
    cell: Cell

    @property
    def people(self) -> int:
        return int(self.inside.sum())

    @property
    def effective(self) -> float:
        return kish(self.ratings.weights[self.inside])


def _side(name: str, source: Source, query: Query, channels: Channels) -> _Side:
    ratings = weighted(source, query)
    inside = selected(source, query)
    group = np.where(inside, "in", "out").astype(object)
    counted = tally(replace(ratings, attributes={"group": group}), channels, ["group"])
    return _Side(name, source, ratings, inside, counted, counted.cells[("in",)])


def _see_enough(sides: list[_Side], query: Query) -> None:
    few = [
        issue(
            "small-group",
            f"wave {shown(side.name)} has {counted(side.people, 'person who meets', 'people who meet')} the conditions,"
            f" the minimum is {query.min_group}",
            "choose another wave or a wider group, or lower --min-group",
            file=side.source.name,
        )
        for side in sides
        if side.people < query.min_group
    ]
    if few:
        raise InputError(few)


@dataclass(frozen=True)
class _Persons:
    """Who answered: persons in either wave, and the rows of those in both who meet the conditions in both."""

    total: int
    in_both: int
    rows: tuple[NDArray[np.intp], NDArray[np.intp]]
    notes: tuple[Issue, ...]


def _persons(sides: list[_Side], column: str) -> _Persons:
    missing = [
        unknown_column(column, side.ratings, file=side.source.name)
        for side in sides
        if column not in side.ratings.attributes
    ]
    if missing:
        raise InputError(missing)
    twice = [problem for side in sides for problem in _repeated(side, column)]
    if twice:
        raise InputError(twice)
    first, second = (_row_of(side, column) for side in sides)
    both = sorted(set(first) & set(second))
    rows = np.array([[first[person], second[person]] for person in both], np.intp).reshape(-1, 2)
    chosen = sides[0].inside[rows[:, 0]] & sides[1].inside[rows[:, 1]]
    total = sum(side.ratings.n for side in sides) - len(both)
    return _Persons(total, len(both), (rows[chosen, 0], rows[chosen, 1]), _panel_notes(sides, column, len(both)))


def _row_of(side: _Side, column: str) -> dict[str, int]:
    return {person: row for row, person in enumerate(side.ratings.attributes[column]) if person}


def _repeated(side: _Side, column: str) -> list[Issue]:
    """Persons who stand more than once in a wave."""
    counts = Counter(person for person in side.ratings.attributes[column] if person)
    often = [person for person, count in counts.items() if count > 1]
    return [
        issue(
            "person-twice",
            f"{shown(person)} stands {counts[person]} times in wave {shown(side.name)}",
            "keep one answer of each person in a wave",
            file=side.source.name,
        )
        for person in often[:20]
    ]


def _panel_notes(sides: list[_Side], column: str, both: int) -> tuple[Issue, ...]:
    notes = []
    unnamed = sum(int((side.ratings.attributes[column] == "").sum()) for side in sides)
    if unnamed:
        notes.append(
            warning(
                "person-unknown",
                f'{counted(unnamed, "answer has", "answers have")} nothing in "{column}"',
                "each counts as another person",
                file=sides[1].source.name,
            )
        )
    if not both:
        notes.append(
            warning(
                "nobody-in-both",
                f'nobody is in both waves by "{column}"',
                "check that it names persons the same way in both",
                file=sides[1].source.name,
            )
        )
    return tuple(notes)


def _cross(sides: list[_Side], estimates: list[Estimates], persons: _Persons, channels: Channels) -> Floats:
    moments = cross_moments(sides[0].ratings, sides[1].ratings, persons.rows, channels)
    return cross_covariance(estimates[0], estimates[1], moments, persons.total)


def _kept(estimates: list[Estimates], wanted: set[str], query: Query) -> tuple[NDArray[np.intp], int]:
    """Places of the outcomes that both waves rated often enough; and how many are withheld as too few rated them."""
    before, after = estimates
    inside = np.array([outcome in wanted for outcome in before.outcomes], bool)
    scored = inside & before.scored & after.scored
    enough = enough_people(before, query) & enough_people(after, query)
    if not (scored & enough).any():
        problem = "no outcome was rated by enough people in both waves"
        raise InputError([issue("no-common-outcome", problem, "choose other waves or a wider group", file="--where")])
    return np.flatnonzero(scored & enough), int((scored & ~enough).sum())


def _only(cross: Floats, estimates: Estimates, kept: NDArray[np.intp]) -> Floats:
    wide = (np.arange(len(estimates.channels))[:, None] * estimates.size + kept).ravel()
    part: Floats = cross[np.ix_(wide, wide)]
    return part


def _notes(others: int, withheld: int, query: Query, source: Source) -> list[Issue]:
    notes = []
    if others:
        notes.append(
            warning(
                "not-in-both",
                f"{others} outcome{' was' if others == 1 else 's were'} asked in one of the waves only",
                "ranks are among the outcomes of both",
                file=source.name,
            )
        )
    if withheld:
        notes.append(
            warning(
                "few-people",
                f"{withheld} outcome{' is' if withheld == 1 else 's are'} not shown:"
                f" {why_withheld(query)} in one of the waves",
                "they appear with more answers",
                file=source.name,
            )
        )
    return notes
