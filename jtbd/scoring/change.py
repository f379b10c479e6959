"""Change between two waves: differences with their uncertainty, and which changes of rank are real."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.compare import benjamini_hochberg, holm, two_sided
from jtbd.scoring.draws import joint_draws, most_draws, student
from jtbd.scoring.estimates import Estimates
from jtbd.scoring.intervals import Bounds, normal_quantile, weighted_difference
from jtbd.scoring.planning import detectable
from jtbd.scoring.rank_change import rank_changes
from jtbd.scoring.score import Figure, ScoreOptions, figure, linear
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


def side_by_side(before: Estimates, after: Estimates, cross: Floats | None = None) -> Estimates:
    """Both waves as one set of 2 J estimates, a before b in each feature.

    Parameters
    ----------
    before, after : Estimates
        Of the same J outcomes.
    cross : float array (C J, C J), optional
        Covariance of the shares before (rows) and after (columns). Zero unless given: different people.
    """
    size, features = before.size, before.features
    joint = np.zeros((features, 2, size, features, 2, size))
    for wave, one in enumerate((before, after)):
        joint[:, wave, :, :, wave, :] = one.covariance.reshape(features, size, features, size)
    if cross is not None:
        between = cross.reshape(features, size, features, size)
        joint[:, 0, :, :, 1, :] = between
        joint[:, 1, :, :, 0, :] = between.transpose(2, 3, 0, 1)
    return replace(
        before,
        outcomes=before.outcomes + after.outcomes,
        n=min(before.n, after.n),
        rated=np.concatenate([before.rated, after.rated]),
        n_eff=np.concatenate([before.n_eff, after.n_eff]),
        importance=np.concatenate([before.importance, after.importance]),
        satisfaction=np.concatenate([before.satisfaction, after.satisfaction]),
        unmet=np.concatenate([before.unmet, after.unmet]),
        covariance=joint.reshape(2 * features * size, 2 * features * size),
    )


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
        Of the same J outcomes, each rated in both waves.
    cross : float array (C J, C J), optional
        Covariance of the shares before and after, for a panel.
    """
    size = before.size
    both = side_by_side(before, after, cross)
    slope = linear(both, options.method)
    plain, cautious = slope.of(both.covariance, 2 * size), slope.of(both.cautious.covariance, 2 * size)
    left, right = (figure(one, options.method, options.level) for one in (before, after))
    step = right.value - left.value
    bounds = _bounds(left, right, plain)
    se = _se_of_change(plain)
    p = two_sided(step, _test_se(before, after, options, plain, cautious))
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


def _test_se(before: Estimates, after: Estimates, options: ScoreOptions, plain: Floats, cautious: Floats) -> Floats:
    """Reach of the 95% interval towards zero over 1.96; at least the SE with doubt where all agree."""
    left, right = (figure(one, options.method, TEST_LEVEL) for one in (before, after))
    bounds = _bounds(left, right, plain)
    step = right.value - left.value
    reach = np.where(step > 0, step - bounds.low, bounds.high - step) / normal_quantile(TEST_LEVEL)
    floor = np.where(_se_of_change(plain) > 0, 0, _se_of_change(cautious))
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
