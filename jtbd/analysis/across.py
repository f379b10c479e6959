"""A ranking over several groups, weighted by what is at stake in each: over all modes, for one."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jtbd.analysis.query import Query
from jtbd.analysis.run import analyse, provenance
from jtbd.analysis.source import Source
from jtbd.errors import InputError, Issue, issue
from jtbd.scoring.across import score_across
from jtbd.scoring.score import Column
from jtbd.tally.features import Second

MODES = ("mode", "modes")
"""How people may call the column that says which mode a respondent is in, whatever its name."""


@dataclass(frozen=True)
class Across:
    """Scores over groups: ``columns`` in rank order, ``values`` and ``people`` by group, ``asking`` by outcome."""

    source: Source
    query: Query
    column: str
    second: Second
    values: Mapping[str, float]
    people: Mapping[str, int]
    columns: Mapping[str, Column]
    asking: Mapping[str, tuple[str, ...]]
    notes: tuple[Issue, ...]

    @property
    def provenance(self) -> dict[str, Any]:
        """What is needed to get the same figures again."""
        return provenance(self.source, self.query) | {"across": self.column, "values": dict(self.values)}


def analyse_across(source: Source, query: Query, column: str, values: Mapping[str, float]) -> Across:
    """Score a source over the groups of a column.

    Parameters
    ----------
    source : Source
    query : Query
        Without ``by``.
    column : str
        An attribute, or "mode".
    values : mapping of group to number
        What is at stake in each group; all the same if empty.

    Raises
    ------
    InputError
        As :func:`~jtbd.analysis.run.analyse`; values of groups that do not exist, that are missing or negative.
    """
    if column not in source.ratings.attributes and column in MODES:
        column = source.column_as("mode")
    if query.by is not None or query.ranking.name != query.method:
        what = "one ranking over all groups leaves no room for --by or --method all"
        raise InputError([issue("bad-option", what, "choose one of them", file="--across")])
    analysis = analyse(source, replace(query, by=column, distribution=False, stabilised=False))
    values = _checked(values, list(analysis.groups))
    groups = {label: scores.estimates for label, scores in analysis.groups.items()}
    if not any(one.scored.any() for label, one in groups.items() if values[label] > 0):
        what = "nobody in a group with a value rated both scales of an outcome"
        raise InputError([issue("no-answers", what, "give a value to other groups", file="--stake")])
    columns = score_across(groups, values, query.scoring)
    asking = {
        outcome: tuple(
            label
            for label, one in groups.items()
            if values[label] > 0 and outcome in one.outcomes and one.rated[one.outcomes.index(outcome)]
        )
        for outcome in columns["outcome"]
    }
    return Across(source, query, column, analysis.second, values, analysis.people, columns, asking, analysis.notes)


def _checked(values: Mapping[str, float], groups: list[str]) -> dict[str, float]:
    if not values:
        return dict.fromkeys(groups, 1.0)
    issues = []
    known = ", ".join(groups[:12]) + (" …" if len(groups) > 12 else "")
    for name, value in values.items():
        if name not in groups:
            issues.append(issue("unknown-value", f'no group "{name}" is scored', f"groups: {known}", file="--stake"))
        elif not (value >= 0 and math.isfinite(value)):
            what = f'the value of "{name}" is {value}'
            issues.append(issue("bad-option", what, "give a number of 0 or more", file="--stake"))
    for name in groups:
        if name not in values:
            what = f'no value is given for "{name}"'
            issues.append(issue("bad-option", what, f"add --stake {name}=NUMBER; 0 leaves it out", file="--stake"))
    if not issues and not any(value > 0 for value in values.values()):
        issues.append(issue("bad-option", "every value is 0", "give one group a value above 0", file="--stake"))
    if issues:
        raise InputError(issues)
    return {name: float(values[name]) for name in groups}


def parse_values(texts: Iterable[str]) -> dict[str, float]:
    """``GROUP=NUMBER`` as a mapping.

    Raises
    ------
    InputError
        Text without ``=``, no number behind it, or a group twice.
    """
    values: dict[str, float] = {}
    issues = []
    for text in texts:
        name, _, number = text.rpartition("=")
        try:
            value = float(number)
        except ValueError:
            value = math.nan
        if not name or math.isnan(value) or name.strip() in values:
            what = f'"{text}" is not the value of a group, or its group is given twice'
            issues.append(issue("bad-option", what, "write GROUP=NUMBER, each group once", file="--stake"))
        values[name.strip()] = value
    if issues:
        raise InputError(issues)
    return values
