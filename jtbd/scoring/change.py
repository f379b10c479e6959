"""Change between two waves: differences with their uncertainty, and which changes of rank are real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.compare import benjamini_hochberg, detectable, holm, two_sided
from jtbd.scoring.draws import joint_draws, most_draws, student
from jtbd.scoring.estimates import FLAT, Estimates
from jtbd.scoring.figures import Figure, delta_method, figure
from jtbd.scoring.intervals import Bounds, normal_quantile, weighted_difference
from jtbd.scoring.methods import METHODS, Method
from jtbd.scoring.panel import side_by_side
from jtbd.scoring.rank_change import rank_changes
from jtbd.scoring.score import ScoreOptions
from jtbd.tally.model import Floats

Column = NDArray[Any]

TEST_LEVEL = 0.95
"""The level at which the interval's reach towards zero gives the SE of the test."""


@dataclass(frozen=True)
class Changes:
    """Change of each outcome's score from one wave (a) to a later one (b), the surest first.

    ``columns`` maps the names of docs/columns.md, "Columns of a change", to arrays (J,). ``joint`` is the covariance
    (2 J, 2 J) of the scores of both waves, a before b, in the order of the estimates.
    """

    columns: dict[str, Column]
    joint: Floats
    options: ScoreOptions

    def __len__(self) -> int:
        return len(self.columns["outcome"])


def change(before: Estimates, after: Estimates, options: ScoreOptions, cross: Floats | None = None) -> Changes:
    """How every score changed, b - a.

    The variance of a change is var(a) + var(b) - 2 cov(a, b), by the delta method from the joint covariance. The
    interval is recovered from the intervals of both scores and their correlation (Zou & Donner 2008). The test uses
    the SE recovered from that interval on the side of zero, so that it holds near the kink of the opportunity score,
    where the delta method finds changes that are none: p < .05 just where the 95% interval leaves out zero. BH and
    Holm run over all outcomes.

    Parameters
    ----------
    before, after : Estimates
        Of the same J outcomes, each rated in both waves, with the channels of the method.
    options : ScoreOptions
        With a method that has a gradient.
    cross : float array (C J, C J), optional
        From :func:`~jtbd.scoring.panel.cross_covariance`, for a panel.
    """
    size, method = before.size, METHODS[options.method]
    both = side_by_side(before, after, cross)
    slope = method.slope(both.means(method.features))
    plain, cautious = (delta_method(slope, one) for one in (both.covariance, both.joint_covariance()))
    left, right = (figure(one, method, options.level) for one in (before, after))
    step = right.value - left.value
    bounds = _bounds(left, right, plain)
    se = _se_of_change(plain)
    p = two_sided(step, _test_se(before, after, method, plain, cautious))
    ranked = _ranked(left, right, both, cautious, options)
    columns: dict[str, Column] = {
        "outcome": np.array(before.outcomes, object),
        **_side("a", before, left),
        **_side("b", after, right),
        "change": step,
        "change_se": se,
        "change_low": bounds.low,
        "change_high": bounds.high,
        "p": p,
        "p_bh": benjamini_hochberg(p),
        "p_holm": holm(p),
        "detectable": detectable(_se_of_change(cautious), options.level),
        **ranked,
        "method": np.full(size, options.method, object),
    }
    order = np.lexsort((columns["outcome"].astype(str), p))
    return Changes({name: column[order] for name, column in columns.items()}, plain, options)


def _side(wave: str, estimates: Estimates, one: Figure) -> dict[str, Column]:
    second = estimates.satisfaction if estimates.second == "satisfaction" else 10 - estimates.satisfaction
    return {
        f"score_{wave}": one.value,
        f"score_{wave}_low": one.bounds.low,
        f"score_{wave}_high": one.bounds.high,
        f"importance_{wave}": estimates.importance,
        f"{estimates.second}_{wave}": second,
        f"n_{wave}": estimates.rated,
        f"n_eff_{wave}": estimates.n_eff,
    }


def _se_of_change(joint: Floats) -> Floats:
    size = len(joint) // 2
    variance = np.diag(joint)
    shared = np.diag(joint[:size, size:])
    se: Floats = np.sqrt(np.maximum(variance[:size] + variance[size:] - 2 * shared, 0))
    return se


def _bounds(left: Figure, right: Figure, joint: Floats) -> Bounds:
    size = len(joint) // 2
    spread = np.sqrt(np.maximum(np.diag(joint), 0))
    product = spread[:size] * spread[size:]
    shared = np.diag(joint[:size, size:])
    correlation = np.clip(np.divide(shared, product, out=np.zeros(size), where=product > 1e-14), -1, 1)
    return weighted_difference(right.value, left.value, right.bounds, left.bounds, correlation)


def _test_se(before: Estimates, after: Estimates, method: Method, plain: Floats, cautious: Floats) -> Floats:
    """Reach of the 95% interval towards zero over 1.96; at least the SE with doubt where all agree."""
    left, right = (figure(one, method, TEST_LEVEL) for one in (before, after))
    bounds = _bounds(left, right, plain)
    step = right.value - left.value
    reach = np.where(step > 0, step - bounds.low, bounds.high - step) / normal_quantile(TEST_LEVEL)
    floor = np.where(_se_of_change(plain) ** 2 > FLAT, 0, _se_of_change(cautious))
    return np.maximum(reach, floor)


def _ranked(
    left: Figure, right: Figure, both: Estimates, covariance: Floats, options: ScoreOptions
) -> dict[str, Column]:
    size = both.size // 2
    rng = np.random.default_rng(options.seed)
    freedom = max(float(min(np.median(both.n_eff[:size]), np.median(both.n_eff[size:]))) - 1, 1)
    draws = student(joint_draws(covariance, most_draws(size), rng), freedom, rng)
    found = rank_changes(np.concatenate([left.value, right.value]), covariance, draws, options.level)
    return {
        "rank_a": found.before,
        "rank_b": found.after,
        "rank_change": found.after - found.before,
        "rank_change_low": found.low,
        "rank_change_high": found.high,
        "rank_change_real": found.real,
    }
