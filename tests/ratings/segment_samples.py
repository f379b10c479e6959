"""Respondents of known segments, or of none: a threshold model as in jtbd.survey.truth, written down here anew."""

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.model import Ratings
from jtbd.survey.model import Scale

CUTS = np.array([-1.2, -0.6, 0.0, 0.8])
WITHIN = 0.3


def draw(
    rng: np.random.Generator,
    n: int,
    segments: int,
    apart: float = 0.8,
    missing: float = 0.0,
    leaning: float = 0.2,
    outcomes: int = 10,
) -> tuple[Ratings, NDArray[np.intp]]:
    """Ratings, and the segment of each respondent.

    Latent means of a segment lie ``apart`` above or below the middle, at random for each outcome and scale; those of
    one population anywhere. ``leaning`` is the correlation of a respondent's latent ratings on a scale, ``WITHIN``
    that of importance and satisfaction of an outcome beside it; ``missing`` the share of outcomes not rated.
    """
    truth = rng.integers(segments, size=n)
    shared = rng.standard_normal((n, outcomes))
    rated = rng.random((n, outcomes)) >= missing
    scales: dict[Scale, NDArray[np.uint8]] = {}
    for scale in ("importance", "satisfaction"):
        means = apart * rng.choice([-1, 1], (segments, outcomes)) if segments > 1 else rng.normal(0, 0.5, (1, outcomes))
        own = np.sqrt(WITHIN) * shared + np.sqrt(1 - WITHIN) * rng.standard_normal((n, outcomes))
        latent = means[truth] + np.sqrt(leaning) * rng.standard_normal((n, 1)) + np.sqrt(1 - leaning) * own
        scales[scale] = ((1 + np.searchsorted(CUTS, latent)) * rated).astype(np.uint8)
    return Ratings(tuple(f"o{j}" for j in range(outcomes)), scales), truth
