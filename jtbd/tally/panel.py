"""What two waves of a panel have in common: products of the same person's features in both."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.model import Ratings
from jtbd.tally.count import CHUNK, joint_codes, weighted_channels
from jtbd.tally.features import Channels
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
        chunk = slice(start, start + CHUNK)
        total += _weighted(before, rows[0][chunk], channels) @ _weighted(after, rows[1][chunk], channels).T
    return total


def _weighted(ratings: Ratings, rows: Rows, channels: Channels) -> NDArray[np.float32 | np.float64]:
    """Features times the weights (C J, n)."""
    codes = joint_codes(*(ratings.scales[scale][rows].T for scale in ("importance", channels.second)))
    return weighted_channels(codes, ratings.weights[rows], channels)
