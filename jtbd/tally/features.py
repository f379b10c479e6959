"""The per-respondent features whose weighted ratios a method needs.

A feature is a value on 0..10 for each of the 25 ways to rate an outcome on importance and the second scale,
so that every first moment, and every second moment within an outcome, follows from joint tables (5, 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Second = Literal["satisfaction", "difficulty"]
Feature = Literal["importance_top", "second_top", "unmet", "importance_rating", "second_rating", "rated"]
Values = NDArray[np.float64]

SHARES: tuple[Feature, ...] = ("importance_top", "second_top", "unmet")
"""Features that are 0 or 10."""

TOP = 4
"""A rating of 4 or 5 is a top rating (Ulwick 2002)."""
LOW = 2
"""A satisfaction of 1 or 2 is a low one."""

_FIRST, _SECOND = np.indices((5, 5)).astype(np.float64) + 1


@dataclass(frozen=True)
class Channels:
    """What a tally counts: the second scale, and the features that carry second moments, ``rated`` last."""

    second: Second
    features: tuple[Feature, ...]


@lru_cache
def values_of(feature: Feature, second: Second) -> Values:
    """The value (5, 5) of a feature by importance and second rating.

    importance_top : 10 where importance is 4 or 5, else 0
    second_top : 10 where satisfaction is 4 or 5, else 0; on difficulty 10 where it is *not* 4 or 5
    unmet : 10 where important and satisfaction is 1 or 2, or difficulty 4 or 5
    importance_rating : 10 (rating - 1) / 4
    second_rating : the same of satisfaction; on difficulty 10 minus it
    rated : 1
    """
    hard = second == "difficulty"
    important, second_top = _FIRST >= TOP, _SECOND >= TOP
    poorly_done = second_top if hard else _SECOND <= LOW
    values: dict[Feature, Values] = {
        "importance_top": np.where(important, 10.0, 0.0),
        "second_top": np.where(second_top != hard, 10.0, 0.0),
        "unmet": np.where(important & poorly_done, 10.0, 0.0),
        "importance_rating": 2.5 * _FIRST - 2.5,
        "second_rating": 12.5 - 2.5 * _SECOND if hard else 2.5 * _SECOND - 2.5,
        "rated": np.ones((5, 5)),
    }
    table = values[feature]
    table.flags.writeable = False  # it is shared by all who ask
    return table
