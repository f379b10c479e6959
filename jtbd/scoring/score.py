"""Scores of one group: every figure with its uncertainty, in rank order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.draws import joint_draws, most_draws, student
from jtbd.scoring.estimates import Estimates, effective_number
from jtbd.scoring.intervals import Bounds, opportunity_bounds, weighted_difference, wilson
from jtbd.scoring.methods import IMPORTANCE, SATISFACTION, UNMET, Linear, Method, gradient, value
from jtbd.scoring.ranks import rank_ranges, ranks, share_in_top
from jtbd.scoring.zones import ZONES, certainty, zones
from jtbd.tally.model import Floats

if TYPE_CHECKING:
    import pandas as pd

Column = NDArray[Any]


@dataclass(frozen=True)
class ScoreOptions:
    """How to score. ``top`` is the K of ``p_top``; ``level`` of intervals and rank ranges."""

    method: Method = "opportunity"
    top: int = 10
    level: float = 0.95
    seed: int = 1


@dataclass(frozen=True)
class Scores:
    """Scores of one group, a row an outcome, in rank order; outcomes nobody rated come last.

    ``columns`` maps the names of docs/columns.md to arrays (J,); ``estimates`` keeps what they came from,
    in the order of the tally.
    """

    columns: dict[str, Column]
    estimates: Estimates
    options: ScoreOptions

    def frame(self) -> pd.DataFrame:
        """The columns as a data frame; missing ranks are ``<NA>``."""
        import pandas as pd

        frame = pd.DataFrame(self.columns)
        for name in ("rank", "rank_low", "rank_high"):
            frame[name] = frame[name].astype("Int64")
        return frame

    def __len__(self) -> int:
        return self.estimates.size


@dataclass(frozen=True)
class Figure:
    """A method's score: the value, its SE, its interval (J,)."""

    value: Floats
    se: Floats
    bounds: Bounds


def score(estimates: Estimates, options: ScoreOptions) -> Scores:
    """Score every outcome of a group.

    Intervals: docs/methods.md, "Intervals"; rank ranges: :func:`~jtbd.scoring.ranks.rank_ranges`;
    ``p_top``, ``zone_probability``: shares of joint draws of importance and satisfaction.
    """
    names = np.array(estimates.outcomes, object)
    opportunity = figure(estimates, "opportunity", options.level)
    gap = figure(estimates, "gap", options.level)
    chosen = {"opportunity": opportunity, "gap": gap}.get(options.method) or figure(
        estimates, options.method, options.level
    )
    columns: dict[str, Column] = {"outcome": names, "n": estimates.rated, "n_eff": estimates.n_eff}
    columns |= _share_columns(estimates)
    columns |= {"gap": gap.value, "gap_se": gap.se}
    columns |= _figure_columns("opportunity", opportunity)
    columns |= _rank_columns(estimates, chosen, options)
    with np.errstate(invalid="ignore"):
        columns["near_kink"] = np.abs(gap.value) < 2 * gap.se
    columns["unmet"] = estimates.unmet
    columns["method"] = np.full(estimates.size, options.method, object)
    columns["design_effect"] = estimates.rated / np.where(estimates.n_eff > 0, estimates.n_eff, np.nan)
    if options.method != "opportunity":
        columns |= _figure_columns("score", chosen)
    order = np.lexsort((names.astype(str), np.nan_to_num(columns["rank"], nan=np.inf)))
    return Scores({name: column[order] for name, column in columns.items()}, estimates, options)


def _share_columns(estimates: Estimates) -> dict[str, Column]:
    second = estimates.satisfaction if estimates.second == "satisfaction" else 10 - estimates.satisfaction
    return {
        "importance": estimates.importance,
        "importance_se": estimates.standard_error(IMPORTANCE),
        estimates.second: second,
        f"{estimates.second}_se": estimates.standard_error(SATISFACTION),
    }


def _figure_columns(name: str, one: Figure) -> dict[str, Column]:
    return {name: one.value, f"{name}_se": one.se, f"{name}_low": one.bounds.low, f"{name}_high": one.bounds.high}


def linear(estimates: Estimates, method: Method) -> Linear:
    """The score's gradient at the estimates."""
    return gradient(method, estimates.importance, estimates.satisfaction)


def figure(estimates: Estimates, method: Method, level: float) -> Figure:
    """A method's score of every outcome, with its delta-method SE and its interval at ``level``."""
    point = value(method, estimates.importance, estimates.satisfaction, estimates.unmet)
    if method == "unmet":
        return Figure(
            point, estimates.standard_error(UNMET), wilson(estimates.unmet, effective_number(estimates, UNMET), level)
        )
    slope = linear(estimates, method)
    se_i, se_s = estimates.standard_error(IMPORTANCE), estimates.standard_error(SATISFACTION)
    cross = estimates.cross(IMPORTANCE, SATISFACTION)
    variance = (
        (slope.importance * se_i) ** 2
        + (slope.satisfaction * se_s) ** 2
        + 2 * slope.importance * slope.satisfaction * cross
    )
    parts = (
        wilson(estimates.importance, effective_number(estimates, IMPORTANCE), level),
        wilson(estimates.satisfaction, effective_number(estimates, SATISFACTION), level),
    )
    product = np.nan_to_num(se_i * se_s)
    correlation = np.clip(np.divide(cross, product, out=np.zeros_like(cross), where=product > 1e-14), -1, 1)
    if method == "opportunity":
        bounds = opportunity_bounds(estimates.importance, estimates.satisfaction, parts, correlation)
    else:
        bounds = weighted_difference(estimates.importance, estimates.satisfaction, *parts, correlation)
    return Figure(point, np.sqrt(np.maximum(variance, 0)), bounds)


def _rank_columns(estimates: Estimates, chosen: Figure, options: ScoreOptions) -> dict[str, Column]:
    """Ranks, their ranges, P(top) and zones among the outcomes that anybody rated."""
    scored = np.flatnonzero(estimates.scored)
    columns: dict[str, Column] = {
        name: np.full(estimates.size, np.nan) for name in ("rank", "rank_low", "rank_high", "p_top")
    }
    columns |= {name: np.full(estimates.size, "", object) for name in ("zone", "zone_probability", "zone_certainty")}
    columns["zone_probability"] = np.full(estimates.size, np.nan)
    size = scored.size
    if not size:
        return columns
    features = estimates.features
    wide = (np.arange(features)[:, None] * estimates.size + scored).ravel()
    covariance = estimates.cautious.covariance[np.ix_(wide, wide)]
    rng = np.random.default_rng(options.seed)
    moved = joint_draws(covariance, most_draws(size), rng).reshape(features, size, -1)
    shares = [share[scored] for share in (estimates.importance, estimates.satisfaction, estimates.unmet)]
    slope = gradient(options.method, shares[0], shares[1])
    slopes = (slope.importance, slope.satisfaction, slope.unmet)
    linear_draws = np.einsum("fj,fjr->jr", np.stack(slopes[:features]), moved)
    point = chosen.value[scored]
    freedom = max(float(np.median(estimates.n_eff[scored])) - 1, 1)
    low, high = rank_ranges(point, slope.of(covariance, size), student(linear_draws, freedom, rng), options.level)
    near = estimates.cautious.shares[:, scored, None] + moved
    zone = zones(shares[0], shares[1])
    probability = (zones(near[0], near[1]) == zone[:, None]).mean(axis=1)
    top = max(1, min(options.top, size - 1))
    columns["rank"][scored] = ranks(point)
    columns["rank_low"][scored], columns["rank_high"][scored] = low, high
    columns["p_top"][scored] = share_in_top(value(options.method, near[0], near[1], near[-1]), top)
    columns["zone"][scored] = [ZONES[number] for number in zone]
    columns["zone_probability"][scored] = probability
    columns["zone_certainty"][scored] = certainty(probability)
    return columns
