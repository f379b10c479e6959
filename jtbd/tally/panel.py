"""What two waves of a panel have in common: products of the same person's features in both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.model import Ratings
from jtbd.tally.count import CHUNK
from jtbd.tally.features import Channels, flags
from jtbd.tally.model import Floats

Rows = NDArray[np.intp]


def cross_moments(before: Ratings, after: Ratings, rows: tuple[Rows, Rows], channels: Channels) -> Floats:
    """Sums of w_a y_a w_b y_b' over the people in both waves.

    Parameters
    ----------
    before, after : Ratings
        Of the same J outcomes; each wave has its own weights.
    rows : pair of int arrays (m,)
        For each person in both waves, their row in ``before`` and in ``after``.
    channels : Channels
        C features.

    Returns
    -------
    float array (C J, C J)
        Channel by channel; rows for the features before, columns for those after.
    """
    size = len(channels.features) * len(before.outcomes)
    total = np.zeros((size, size))
    for start in range(0, len(rows[0]), CHUNK):
        sides = (
            _weighted(ratings.take(mine[start : start + CHUNK]), channels)
            for ratings, mine in zip((before, after), rows, strict=True)
        )
        left, right = sides
        total += left.T @ right
    return total


def _weighted(part: Ratings, channels: Channels) -> Floats:
    """Features (n, C J) times the weights."""
    found = flags(part, channels.second)
    wide = np.concatenate([found[feature] for feature in channels.features], axis=1)
    weighted: Floats = wide * part.weights[:, None]
    return weighted
