"""Segments that are there are found again, and none are shown where there are none. All figures are simulated."""

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from jtbd.ratings.segments import Found, find_segments
from tests.ratings.segment_samples import draw

pytestmark = pytest.mark.nightly
RESAMPLES = 20
"""Fewer than a user's 50, for time: means of stability are then less precise, and segments are refused more often."""


def search(seed: int, n: int, segments: int, by_model: str, **how: float) -> tuple[Found, float]:
    """What is found among n respondents, and its adjusted Rand index against the truth (0 where refused)."""
    rng = np.random.default_rng(seed)
    ratings, truth = draw(rng, n, segments, **how)
    found = find_segments(ratings, "satisfaction", ratings.outcomes, range(2, 5), by_model, RESAMPLES, rng)
    if found.accepted is None:
        return found, 0.0
    return found, adjusted_rand_score(truth[found.rows], found.accepted.probabilities.argmax(axis=1))


PLANTED = [
    (400, 2, 0.8, 0.0),
    (400, 3, 0.8, 0.0),
    (400, 4, 0.8, 0.0),
    (400, 3, 0.8, 0.4),
    (1000, 3, 0.8, 0.4),
    (1000, 4, 0.8, 0.0),
    (400, 3, 0.4, 0.0),
    (1000, 3, 0.4, 0.0),
]
"""Respondents, segments, how far apart, share of outcomes not rated."""

RUNS = 8


@pytest.mark.parametrize("by_model", ["lca", "kmeans"])
@pytest.mark.parametrize(("n", "segments", "apart", "missing"), PLANTED)
def test_planted_segments_are_recovered(by_model, n, segments, apart, missing):
    runs = [search(seed, n, segments, by_model, apart=apart, missing=missing) for seed in range(RUNS)]
    shown = [(found.accepted.groups, rand) for found, rand in runs if found.accepted]
    right = sum(groups == segments for groups, _ in shown)
    agreement = np.mean([rand for _, rand in shown]) if shown else float("nan")
    what = f"{by_model} n={n} k={segments} apart={apart} missing={missing}"
    print(f"\n{what}: shown {len(shown)}/{RUNS}, right number {right}, adjusted Rand to the truth {agreement:.2f}")
    if apart == 0.8 and not missing:
        assert right >= RUNS / 2
        assert agreement >= 0.75
    if shown:
        assert agreement >= 0.5, "what is shown has to do with what is there"


@pytest.mark.parametrize("by_model", ["lca", "kmeans"])
@pytest.mark.parametrize(("leaning", "missing"), [(0.2, 0.0), (0.5, 0.0), (0.3, 0.4)])
def test_one_population_is_refused(by_model, leaning, missing):
    runs = 20
    shown = sum(
        search(seed, 400, 1, by_model, leaning=leaning, missing=missing)[0].accepted is not None for seed in range(runs)
    )
    print(f"\n{by_model} one population, leaning={leaning} missing={missing}: shown {shown}/{runs}")
    assert shown <= 0.05 * runs
