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
    table_stakes = np.minimum(importance, satisfaction) >= TABLE_STAKES_FROM
    gap = importance - satisfaction
    underserved = (importance + gap >= UNDERSERVED_FROM) & (gap > 0)
    zone = np.where(gap < 0, np.int8(2), np.int8(3))
    zone = np.where(underserved, np.int8(1), zone)
    return np.where(table_stakes, np.int8(0), zone)


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
    columns = np.stack([shares.means[0], shares.means[1], spread[0], slope, rest], axis=1).astype(np.float32)
    # outcome by outcome: what is looked at stays in the processor's cache
    inside = [
        np.count_nonzero(zones(i + spread_i * first, s + slope_s * first + rest_s * second) == own)
        for own, (i, s, spread_i, slope_s, rest_s) in zip(zone, columns, strict=True)
    ]
    return np.array(inside) / DRAWS


def certainty(probability: Floats) -> list[str]:
    """``clear`` from .95, ``likely`` from .75, else ``open``."""
    return ["clear" if p >= 0.95 else "likely" if p >= 0.75 else "open" for p in probability]
