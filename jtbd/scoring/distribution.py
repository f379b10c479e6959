"""The distribution of ratings, 1 to 5, that stands behind a share of top ratings."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.estimates import Estimates
from jtbd.tally.model import Floats

RATINGS = range(1, 6)


def shares(estimates: Estimates) -> dict[str, Floats]:
    """Weighted shares of each rating, of those who rated both scales: scale to (J, 5), rows sum to 1."""
    weight = np.where(estimates.scored, estimates.weight, np.nan)[:, None]
    return {
        "importance": estimates.weights.sum(axis=2) / weight,
        estimates.second: estimates.weights.sum(axis=1) / weight,
    }


def counts(estimates: Estimates) -> dict[str, NDArray[np.int64]]:
    """Numbers of respondents by rating, unweighted: scale to (J, 5)."""
    return {"importance": estimates.counts.sum(axis=2), estimates.second: estimates.counts.sum(axis=1)}


def distribution_columns(estimates: Estimates) -> dict[str, NDArray[Any]]:
    """Columns ``<scale>_share_1`` to ``_5`` (weighted) and ``<scale>_count_1`` to ``_5`` (unweighted), (J,) each."""
    columns: dict[str, NDArray[Any]] = {}
    for scale, table in shares(estimates).items():
        columns |= {f"{scale}_share_{rating}": table[:, rating - 1] for rating in RATINGS}
    for scale, number in counts(estimates).items():
        columns |= {f"{scale}_count_{rating}": number[:, rating - 1] for rating in RATINGS}
    return columns
