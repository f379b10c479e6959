"""Waves of a source: the same outcomes asked at several times, of the same people or of others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from jtbd.analysis.source import Source
from jtbd.errors import InputError, issue
from jtbd.ratings.codes import shown
from jtbd.ratings.weights import unknown_column

WAVE = "wave"
"""The column that says in which wave a respondent answered, unless another is named."""


_OPTIONS = "--from, --to"


def waves_of(source: Source, column: str = WAVE) -> dict[str, Source]:
    """A source for each value of a column, in order: numbers by size, other values as text.

    Raises
    ------
    InputError
        There is no such column.
    """
    if column not in source.ratings.attributes:
        raise InputError([unknown_column(column, source.ratings, file=source.name)])
    values = source.ratings.attributes[column]
    return {value: source.take(values == value) for value in sorted(set(values) - {""}, key=_order)}


def _order(value: str) -> tuple[float, str]:
    try:
        return float(value), value
    except ValueError:
        return np.inf, value


def two_waves(
    waves: Mapping[str, Source], first: str | None = None, last: str | None = None
) -> tuple[tuple[str, Source], tuple[str, Source]]:
    """The waves to compare: those named, else the last and the one before it.

    Raises
    ------
    InputError
        A wave that nobody answered in; fewer than two; the same one twice.
    """
    names = list(waves)
    listed = ", ".join(names[:12]) + (" …" if len(names) > 12 else "")
    unknown = [name for name in (first, last) if name is not None and name not in waves]
    if unknown:
        raise InputError(
            issue("unknown-wave", f"nobody answered in wave {shown(name)}", f"waves: {listed or 'none'}", file=_OPTIONS)
            for name in unknown
        )
    last = last or next((name for name in reversed(names) if name != first), None)
    first = first or next((name for name in reversed(names[: names.index(last)] if last else []) if name != last), None)
    if first is None or last is None or first == last:
        problem = "the waves are one and the same" if first and first == last else "there is no wave to compare with"
        remedy = f"name two of these waves: {listed}" if len(names) > 1 else "change takes two waves with answers"
        raise InputError([issue("one-wave", problem, remedy, file=_OPTIONS)])
    return (first, waves[first]), (last, waves[last])


def on_common_outcomes(before: Source, after: Source) -> tuple[Source, Source, int]:
    """Both sources with the outcomes that both ask, in the order of the first; and how many others there are.

    Raises
    ------
    InputError
        They have no outcome, or no scale, in common.
    """
    common = [outcome for outcome in before.ratings.outcomes if outcome in set(after.ratings.outcomes)]
    if not common:
        problem = "the waves have no outcome in common"
        remedy = "an outcome keeps its id from wave to wave"
        raise InputError([issue("no-common-outcome", problem, remedy, file=after.name)])
    every = set(before.ratings.outcomes) | set(after.ratings.outcomes)
    left, right = (_with_outcomes(source, common) for source in (before, after))
    return left, right, len(every) - len(common)


def _with_outcomes(source: Source, outcomes: list[str]) -> Source:
    ratings = source.ratings
    if list(ratings.outcomes) == outcomes:
        return source
    place = {outcome: j for j, outcome in enumerate(ratings.outcomes)}
    columns = np.array([place[outcome] for outcome in outcomes])
    scales = {scale: np.ascontiguousarray(matrix[:, columns]) for scale, matrix in ratings.scales.items()}
    marks = None if ratings.not_applicable is None else ratings.not_applicable[:, columns]
    of_these = replace(ratings, outcomes=tuple(outcomes), scales=scales, not_applicable=marks)
    return replace(source, ratings=of_these)
