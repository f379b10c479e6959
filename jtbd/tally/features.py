"""The per-respondent features whose weighted ratios a method needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.model import Ratings

Second = Literal["satisfaction", "difficulty"]
Feature = Literal["importance_top", "second_top", "unmet", "rated"]
Flags = NDArray[np.bool_]

FEATURES: tuple[Feature, ...] = ("importance_top", "second_top", "unmet", "rated")

TOP = 4
"""A rating of 4 or 5 is a top rating (Ulwick 2002)."""
LOW = 2
"""A satisfaction of 1 or 2 is a low one."""


@dataclass(frozen=True)
class Channels:
    """What a tally counts: the second scale, and the features that carry second moments, ``rated`` last."""

    second: Second
    features: tuple[Feature, ...]


def channels_of(method: str, second: Second) -> Channels:
    """The channels a method needs: every table shows both shares, so both are always among them."""
    joint: tuple[Feature, ...] = ("unmet",) if method == "unmet" else ()
    return Channels(second, ("importance_top", "second_top", *joint, "rated"))


def flags(ratings: Ratings, second: Second) -> dict[Feature, Flags]:
    """Features as boolean matrices (n, J); all false where importance or the second scale is missing."""
    importance, other = ratings.scales["importance"], ratings.scales[second]
    rated = (importance > 0) & (other > 0)
    important = rated & (importance >= TOP)
    second_top = rated & (other >= TOP)
    poorly_done = second_top if second == "difficulty" else other <= LOW
    return {
        "importance_top": important,
        "second_top": second_top,
        "unmet": important & poorly_done,
        "rated": rated,
    }
