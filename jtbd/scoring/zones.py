"""Zones of the opportunity landscape, and how sure they are."""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from jtbd.tally.model import Floats

Zone = Literal["table_stakes", "underserved", "overserved", "appropriate"]
ZONES: tuple[Zone, ...] = get_args(Zone)

UNDERSERVED_FROM = 10.0
TABLE_STAKES_FROM = 7.5


def zones(importance: Floats, satisfaction: Floats) -> NDArray[np.int8]:
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


def certainty(probability: Floats) -> list[str]:
    """``clear`` from .95, ``likely`` from .75, else ``open``."""
    return ["clear" if p >= 0.95 else "likely" if p >= 0.75 else "open" for p in probability]
