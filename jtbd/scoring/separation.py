"""After fielding: which neighbours of the cut are separated, and how many more answers would separate the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from jtbd.scoring.compare import detectable, two_sided
from jtbd.scoring.estimates import Estimates
from jtbd.scoring.figures import delta_method
from jtbd.scoring.intervals import normal_quantile
from jtbd.scoring.methods import METHODS
from jtbd.scoring.ranks import ranks
from jtbd.scoring.score import ScoreOptions
from jtbd.tally.model import Floats


@dataclass(frozen=True)
class Separation:
    """An outcome near the cut beside the nearest one on its other side.

    Parameters
    ----------
    difference : float
        The higher score less the lower one.
    p : float
        Of this pair looked at alone, two-sided, from the normal.
    n : int
        Ratings of the outcome now.
    n_needed, n_needed_best : int or None
        Ratings of each of the two at which a true difference as large as the one estimated, or as the upper end of its
        interval, is found four times in five; None where the pair is separated now, or where nothing differs.
    factor : float or None
        ``n_needed`` as a multiple of ``n``: what the study as a whole would have to grow by.
    """

    outcome: str
    rank: int
    score: float
    against: str
    difference: float
    difference_se: float
    p: float
    separated: bool
    n: int
    n_needed: int | None
    n_needed_best: int | None
    factor: float | None


def separations(estimates: Estimates, options: ScoreOptions, around: int) -> list[Separation]:
    """The ``around`` outcomes on each side of the cut after the top K, in rank order.

    Those above are compared with the first below it, those below with the last above. The SE of a difference falls
    with the root of the number of ratings, so a pair whose difference d has the SE s takes
    ((z_level + z_.8) s / d)^2 times as many (Cohen 1988), if d is the truth. It is only an estimate, and where it is
    not separated from zero the truth may be zero: then no number separates them. The method is one with a gradient.
    """
    scored = estimates.only({name for name, known in zip(estimates.outcomes, estimates.scored, strict=True) if known})
    if scored.size < 2:
        return []
    method = METHODS[options.method]
    scores = method.of(scored)
    covariance = delta_method(method.slope(scored.means(method.features)), scored.joint_covariance())
    places = np.lexsort((np.array(scored.outcomes), ranks(scores)))
    cut = max(1, min(options.top, scored.size - 1))
    position = ranks(scores)
    rows = []
    for at in range(max(cut - around, 0), min(cut + around, scored.size)):
        mine, other = places[at], places[cut] if at < cut else places[cut - 1]
        lead = abs(float(scores[mine] - scores[other]))
        variance = covariance[mine, mine] + covariance[other, other] - 2 * covariance[mine, other]
        pair = scored.outcomes[mine], int(position[mine]), float(scores[mine]), scored.outcomes[other]
        se = float(np.sqrt(max(variance, 0)))
        rows.append(_separation(pair, lead, se, int(scored.rated[mine]), options.level))
    return rows


def _separation(pair: tuple[str, int, float, str], lead: float, se: float, n: int, level: float) -> Separation:
    p = float(two_sided(np.array([lead]), np.array([se]))[0])
    separated = p < 1 - level
    factor = None if separated else _factor(lead, se, level)
    best = None if separated else _factor(lead + normal_quantile(level) * se, se, level)
    return Separation(*pair, lead, se, p, separated, n, _times(n, factor), _times(n, best), factor)


def _factor(difference: float, se: float, level: float) -> float | None:
    """How many times as many ratings show this difference."""
    if difference <= 1e-9 or se <= 0:
        return None
    needed: Floats = detectable(np.array([se]), level)
    return float(needed[0] / difference) ** 2


def _times(n: int, factor: float | None) -> int | None:
    """So many ratings; at the best no fewer than there are."""
    return None if factor is None else max(int(np.ceil(n * factor)), n)
