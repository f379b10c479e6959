"""Zones of the opportunity landscape, and how sure they are."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.estimates import Cautious
from jtbd.tally.model import Floats

Zone = Literal["table_stakes", "underserved", "overserved", "appropriate"]
Shares = NDArray[np.float64 | np.float32]
ZONES: tuple[Zone, ...] = get_args(Zone)

UNDERSERVED_FROM = 10.0
TABLE_STAKES_FROM = 7.5

DRAWS = 4000


def zones(importance: Shares, satisfaction: Shares) -> NDArray[np.int8]:
    """Number of the zone in :data:`ZONES`: the first that applies. Any matching shapes.

    table stakes : I >= 7.5 and S >= 7.5
    underserved : opportunity >= 10 and I > S
    overserved : S > I
    appropriate : else
    """
    opportunity = importance + np.maximum(importance - satisfaction, 0)
    conditions = [
        (importance >= TABLE_STAKES_FROM) & (satisfaction >= TABLE_STAKES_FROM),
        (opportunity >= UNDERSERVED_FROM) & (importance > satisfaction),
        satisfaction > importance,
    ]
    return np.select(conditions, [np.int8(0), np.int8(1), np.int8(2)], np.int8(3))


def zone_probability(zone: NDArray[np.int8], shares: Cautious, rng: np.random.Generator) -> Floats:
    """Share of draws of (I, S) that lie in the zone given (J,).

    Parameters
    ----------
    zone : int array (J,)
    shares : Cautious
        Importance and satisfaction (2, J), and their covariances (2, 2, J).
    """
    variances = np.maximum(np.einsum("ccj->cj", shares.covariances), 0)
    spread = np.sqrt(variances)
    slope = np.divide(shares.covariances[0, 1], spread[0], out=np.zeros_like(spread[0]), where=spread[0] > 0)
    rest = np.sqrt(np.maximum(variances[1] - slope**2, 0))
    first, second = rng.standard_normal((2, DRAWS), np.float32)
    columns = (shares.means[0], shares.means[1], spread[0], slope, rest)
    i, s, spread_i, slope_s, rest_s = (column.astype(np.float32)[:, None] for column in columns)
    inside = zones(i + spread_i * first, s + slope_s * first + rest_s * second) == zone[:, None]
    probability: Floats = inside.mean(axis=1)
    return probability


def certainty(probability: Floats) -> list[str]:
    """``clear`` from .95, ``likely`` from .75, else ``open``."""
    return ["clear" if p >= 0.95 else "likely" if p >= 0.75 else "open" for p in probability]
