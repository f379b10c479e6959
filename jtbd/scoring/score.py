"""Scores of one group: every figure with its uncertainty, in rank order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.distribution import distribution_columns
from jtbd.scoring.draws import Draws, draw, most_draws, student
from jtbd.scoring.estimates import Estimates
from jtbd.scoring.figures import Figure, around_zero, figure
from jtbd.scoring.kink import kink_bias
from jtbd.scoring.methods import GAP, METHODS, OPPORTUNITY, TOPS, Method
from jtbd.scoring.ranks import rank_ranges, ranks, share_in_top
from jtbd.scoring.stabilise import stabilised_columns
from jtbd.scoring.zones import ZONES, certainty, zone_probability, zones

if TYPE_CHECKING:
    import pandas as pd

Column = NDArray[Any]


@dataclass(frozen=True)
class ScoreOptions:
    """How to score.

    Parameters
    ----------
    method : str
        A key of :data:`~jtbd.scoring.methods.METHODS`.
    top : int
        K of ``p_top``.
    level : float
        Of intervals and rank ranges.
    seed : int
        Of the draws.
    groups : int
        How many groups are scored at once: with more than 20 there are fewer draws for each.
    distribution, stabilised : bool
        Whether to add the distribution of ratings, and stabilised shares.
    """

    method: str = "opportunity"
    top: int = 10
    level: float = 0.95
    seed: int = 1
    groups: int = 1
    distribution: bool = False
    stabilised: bool = False


@dataclass(frozen=True)
class Scores:
    """Scores of one group, a row an outcome, in rank order; outcomes nobody rated come last.

    ``columns`` maps the names of docs/columns.md to arrays (J,); ``estimates`` keeps what they came from,
    in the order of the tally; ``order`` are the numbers in it of the rows.
    """

    columns: dict[str, Column]
    estimates: Estimates
    options: ScoreOptions
    order: NDArray[np.intp]

    def frame(self) -> pd.DataFrame:
        """The columns as a data frame; missing ranks are ``<NA>``."""
        import pandas as pd

        frame = pd.DataFrame(self.columns)
        for name in ("rank", "rank_low", "rank_high"):
            frame[name] = frame[name].astype("Int64")
        return frame

    def __len__(self) -> int:
        return self.estimates.size


def score(estimates: Estimates, options: ScoreOptions) -> Scores:
    """Score every outcome of a group.

    Intervals: docs/methods.md, "Intervals"; rank ranges: :func:`~jtbd.scoring.ranks.rank_ranges`;
    ``p_top``, ``zone_probability``: shares of joint draws of importance and satisfaction.

    Parameters
    ----------
    estimates : Estimates
        With the channels of the method.
    options : ScoreOptions
    """
    method = METHODS[options.method]
    rng = np.random.default_rng(options.seed)
    draws = draw(estimates, rng, most_draws(int(estimates.scored.sum()), options.groups))
    opportunity = figure(estimates, OPPORTUNITY, options.level)
    gap = figure(estimates, GAP, options.level)
    chosen = opportunity if method is OPPORTUNITY else figure(estimates, method, options.level, draws)
    names = np.array(estimates.outcomes, object)
    columns: dict[str, Column] = {"outcome": names, "n": estimates.rated, "n_eff": estimates.n_eff}
    columns |= _share_columns(estimates)
    columns |= {"gap": gap.value, "gap_se": gap.se}
    columns |= figure_columns("opportunity", opportunity)
    columns |= _rank_columns(estimates, method, chosen, draws, options, rng)
    columns |= _zone_columns(estimates, np.random.default_rng([options.seed, 1]))
    with np.errstate(invalid="ignore"):
        columns["near_kink"] = np.abs(gap.value) < 2 * gap.se
    columns["unmet"] = estimates.unmet
    columns["method"] = np.full(estimates.size, options.method, object)
    columns["design_effect"] = estimates.rated / np.where(estimates.n_eff > 0, estimates.n_eff, np.nan)
    columns["kink_bias"] = kink_bias(gap.value, gap.se)
    if method is not OPPORTUNITY:
        columns |= figure_columns("score", chosen)
    if options.stabilised:
        columns |= stabilised_columns(estimates)
    if options.distribution:
        columns |= distribution_columns(estimates)
    order = np.lexsort((names.astype(str), np.nan_to_num(columns["rank"], nan=np.inf)))
    return Scores({name: column[order] for name, column in columns.items()}, estimates, options, order)


def _share_columns(estimates: Estimates) -> dict[str, Column]:
    second = estimates.satisfaction if estimates.second == "satisfaction" else 10 - estimates.satisfaction
    return {
        "importance": estimates.importance,
        "importance_se": estimates.standard_error("importance_top"),
        estimates.second: second,
        f"{estimates.second}_se": estimates.standard_error("second_top"),
    }


def figure_columns(name: str, one: Figure) -> dict[str, Column]:
    """Columns of a score, its SE and the ends of its interval."""
    return {name: one.value, f"{name}_se": one.se, f"{name}_low": one.bounds.low, f"{name}_high": one.bounds.high}


def _rank_columns(
    estimates: Estimates, method: Method, chosen: Figure, draws: Draws, options: ScoreOptions, rng: np.random.Generator
) -> dict[str, Column]:
    """Ranks, their ranges and P(top) among the outcomes that anybody rated."""
    names = ("rank", "rank_low", "rank_high", "p_top")
    columns: dict[str, Column] = {name: np.full(estimates.size, np.nan) for name in names}
    scored = draws.scored
    if not scored.size:
        return columns
    point = chosen.value[scored]
    covariance, moved = around_zero(draws, method, estimates.means(method.features)[:, scored], rng)
    freedom = max(float(np.median(estimates.n_eff[scored])) - 1, 1)
    low, high = rank_ranges(point, covariance, student(moved, freedom, rng), options.level)
    top = max(1, min(options.top, scored.size - 1))
    columns["rank"][scored] = ranks(point)
    columns["rank_low"][scored], columns["rank_high"][scored] = low, high
    columns["p_top"][scored] = share_in_top(map(method.value, draws.near_blocks()), top)
    return columns


def _zone_columns(estimates: Estimates, rng: np.random.Generator) -> dict[str, Column]:
    """Zones, whatever the method, and how sure they are; blank where nobody rated."""
    zone = zones(estimates.importance, estimates.satisfaction)
    probability = zone_probability(zone, estimates.cautious(TOPS), rng)
    known = estimates.scored
    return {
        "zone": np.where(known, np.array(ZONES, object)[zone], ""),
        "zone_probability": np.where(known, probability, np.nan),
        "zone_certainty": np.where(known, np.array(certainty(probability), object), ""),
    }
