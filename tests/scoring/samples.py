"""Small ratings with chosen shares."""

from __future__ import annotations

import numpy as np

from jtbd.ratings.model import Ratings
from jtbd.scoring.estimates import Estimates, estimate
from jtbd.scoring.methods import METHODS
from jtbd.scoring.score import ScoreOptions, Scores, score
from jtbd.tally.count import tally


def from_counts(n: int, **tops: tuple[int, int]) -> Ratings:
    """n respondents; of each outcome the numbers who rate importance and satisfaction 5, the others 1."""
    shape = (n, len(tops))
    importance, satisfaction = np.ones(shape, np.uint8), np.ones(shape, np.uint8)
    for j, (important, satisfied) in enumerate(tops.values()):
        importance[:important, j] = 5
        satisfaction[n - satisfied :, j] = 5
    return Ratings(tuple(tops), {"importance": importance, "satisfaction": satisfaction})


def estimates_of(ratings: Ratings, method: str = "opportunity") -> Estimates:
    second = "satisfaction" if "satisfaction" in ratings.scales else "difficulty"
    counted = tally(ratings, METHODS[method].channels(second))
    return estimate(counted, counted.pool())


def scores_of(ratings: Ratings, **options) -> Scores:
    chosen = ScoreOptions(**options)
    return score(estimates_of(ratings, chosen.method), chosen)


def row(scores: Scores, outcome: str) -> dict[str, object]:
    place = scores.columns["outcome"].tolist().index(outcome)
    return {name: column[place] for name, column in scores.columns.items()}
