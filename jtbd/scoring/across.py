"""One ranking over several groups of people, weighted by what is at stake in each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.draws import draw, most_draws, student
from jtbd.scoring.estimates import Estimates
from jtbd.scoring.figures import Figure, around_zero, figure
from jtbd.scoring.intervals import Bounds
from jtbd.scoring.methods import GAP, METHODS, OPPORTUNITY, Method
from jtbd.scoring.ranks import rank_ranges, ranks, share_in_top
from jtbd.scoring.score import Column, ScoreOptions, figure_columns
from jtbd.tally.features import Feature
from jtbd.tally.model import Floats


@dataclass(frozen=True)
class _Part:
    """A group, the places of its outcomes among all, and its share of the value of each of them (J',)."""

    estimates: Estimates
    places: NDArray[np.intp]
    share: Floats


def score_across(
    groups: Mapping[str, Estimates], values: Mapping[str, float], options: ScoreOptions
) -> dict[str, Column]:
    """Value-weighted means of scores over the groups that rated an outcome, in rank order.

    With v_g what is at stake in group g and x_gj its score of outcome j, the score is
    sum v_g x_gj / sum v_g over the groups g that rated j; its variance the sum of u_gj^2 var(x_gj),
    u_gj = v_g / sum v_g, and the covariance of two outcomes likewise, because groups are different people.
    Its interval comes from those of the groups (MOVER: Zou & Donner 2008), ranges of ranks and ``p_top`` as in
    :func:`~jtbd.scoring.score.score`.

    Parameters
    ----------
    groups : mapping of name to Estimates
        Of disjoint people, with the channels of the method; their outcomes may differ.
    values : mapping of name to float
        What is at stake in each group, >= 0, on any scale; a group without value is left out.
    options : ScoreOptions

    Returns
    -------
    dict of column to array (J,)
        Those of docs/columns.md, "Across groups". Outcomes that no group with a value rated are left out.
    """
    method = METHODS[options.method]
    parts, outcomes, stake = _parts(groups, values)
    names = np.array(outcomes, object)
    second = next(iter(groups.values())).second
    total = sum(values[name] for name in groups)
    columns: dict[str, Column] = {
        "outcome": names,
        "n": _sum([(part, part.estimates.rated) for part in parts], len(names)).astype(np.int64),
        "n_eff": 1 / _sum([(part, part.share**2 / part.estimates.n_eff) for part in parts], len(names)),
    }
    columns |= _mean_columns("importance", parts, "importance_top", len(names))
    columns |= _mean_columns(second, parts, "second_top", len(names))
    gap = _combined(parts, [figure(part.estimates, GAP, options.level) for part in parts], len(names))
    columns |= {"gap": gap.value, "gap_se": gap.se}
    opportunity = [figure(part.estimates, OPPORTUNITY, options.level) for part in parts]
    columns |= figure_columns("opportunity", _combined(parts, opportunity, len(names)))
    columns |= _ranking(parts, method, columns, options)
    columns["method"] = np.full(len(names), options.method, object)
    columns["value_share"] = stake / total
    order = np.lexsort((names.astype(str), columns["rank"]))
    return {name: column[order] for name, column in columns.items()}


def _parts(groups: Mapping[str, Estimates], values: Mapping[str, float]) -> tuple[list[_Part], list[str], Floats]:
    """The groups with a value, the outcomes that any of them rated, and the value of each outcome (J,)."""
    rated = {
        name: one.only([outcome for outcome, known in zip(one.outcomes, one.scored, strict=True) if known])
        for name, one in groups.items()
        if values[name] > 0
    }
    outcomes = list(dict.fromkeys(outcome for one in rated.values() for outcome in one.outcomes))
    number = {outcome: place for place, outcome in enumerate(outcomes)}
    places = {name: np.array([number[outcome] for outcome in one.outcomes], np.intp) for name, one in rated.items()}
    stake = np.zeros(len(outcomes))
    for name in rated:
        stake[places[name]] += values[name]
    return (
        [_Part(one, places[name], values[name] / stake[places[name]]) for name, one in rated.items()],
        outcomes,
        stake,
    )


def _mean_columns(name: str, parts: Sequence[_Part], feature: Feature, size: int) -> dict[str, Column]:
    mean = _sum([(part, part.share * part.estimates.means([feature])[0]) for part in parts], size)
    squares = _sum([(part, (part.share * part.estimates.standard_error(feature)) ** 2) for part in parts], size)
    return {name: 10 - mean if name == "difficulty" else mean, f"{name}_se": np.sqrt(squares)}


def _sum(terms: Sequence[tuple[_Part, Floats | NDArray[np.int64]]], size: int) -> Floats:
    """Terms of each group added up by outcome."""
    total = np.zeros(size)
    for part, term in terms:
        total[part.places] += term
    return total


def _combined(parts: Sequence[_Part], figures: Sequence[Figure], size: int) -> Figure:
    pairs = list(zip(parts, figures, strict=True))
    value = _sum([(part, part.share * one.value) for part, one in pairs], size)
    se = np.sqrt(_sum([(part, (part.share * one.se) ** 2) for part, one in pairs], size))
    down = _sum([(part, (part.share * (one.value - one.bounds.low)) ** 2) for part, one in pairs], size)
    up = _sum([(part, (part.share * (one.bounds.high - one.value)) ** 2) for part, one in pairs], size)
    return Figure(value, se, Bounds(value - np.sqrt(down), value + np.sqrt(up)))


def _ranking(
    parts: Sequence[_Part], method: Method, columns: Mapping[str, Column], options: ScoreOptions
) -> dict[str, Column]:
    """The method's score, where it is not the opportunity score, ranks, their ranges and P(top)."""
    size = len(columns["outcome"])
    rng = np.random.default_rng(options.seed)
    covariance, moved, near, figures = np.zeros((size, size)), np.zeros((size, 0)), np.zeros((size, 0)), []
    for part in parts:
        draws = draw(part.estimates, rng, most_draws(size))
        figures.append(figure(part.estimates, method, options.level, draws))
        own, around = around_zero(draws, method, part.estimates.means(method.features), rng)
        covariance[np.ix_(part.places, part.places)] += own * part.share * part.share[:, None]
        moved = _added(moved, part, around)
        near = _added(near, part, method.value(draws.near))
    chosen = _combined(parts, figures, size)
    freedom = max(float(np.median(columns["n_eff"])) - 1, 1)
    low, high = rank_ranges(chosen.value, covariance, student(moved, freedom, rng), options.level)
    found: dict[str, Column] = {"rank": ranks(chosen.value), "rank_low": low, "rank_high": high}
    found["p_top"] = share_in_top([near], max(1, min(options.top, size - 1)))
    return found if method is OPPORTUNITY else found | figure_columns("score", chosen)


def _added(total: Floats, part: _Part, draws: Floats) -> Floats:
    """Draws (J, R) with those of one more group (J', R) added, weighted by its share of the value."""
    if not total.shape[1]:
        total = np.zeros((len(total), draws.shape[1]))
    total[part.places] += part.share[:, None] * draws
    return total
