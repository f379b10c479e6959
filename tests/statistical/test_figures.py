"""The figures that docs/methods.md quotes, with samples large enough to quote: ``make bench`` prints them."""

import numpy as np
import pytest

from jtbd.ratings.model import Ratings
from tests.scoring.samples import scores_of
from tests.statistical.test_coverage import coverage

pytestmark = pytest.mark.slow

SHARES = [(0.5, 0.5), (0.7, 0.3), (0.9, 0.5), (0.93, 0.9), (0.93, 0.63), (0.3, 0.5), (0.2, 0.4)]


@pytest.mark.parametrize("weights", ["equal", "unequal"])
@pytest.mark.parametrize("n", [60, 200, 600])
def test_opportunity_intervals(n, weights):
    got = []
    for important, satisfied in SHARES:
        truth = 10 * (important + max(important - satisfied, 0))
        got.append(coverage(n, important, satisfied, weights, "opportunity", truth, runs=100))
    print(f"\ninterval coverage, n={n}, {weights} weights: {min(got):.3f} to {max(got):.3f}")
    assert min(got) > 0.925
    assert max(got) < 0.975


def rank_coverage(n: int, spread: float, runs: int, important: float = 0.7) -> float:
    """How often the rank range of an outcome holds its true rank (for ties: any rank of the tie)."""
    rng = np.random.default_rng(7)
    names = [f"o{j:02}" for j in range(30)]
    shares = important + spread * np.linspace(-1, 1, 30)
    true = 10 * (shares + np.maximum(shares - 0.4, 0))
    lowest = 1 + (true[:, None] < true - 1e-9).sum(axis=1)
    highest = (true[:, None] <= true + 1e-9).sum(axis=1)
    hits = []
    for _ in range(runs):
        scales = {
            "importance": np.where(rng.random((n, 30)) < shares, 5, 2).astype(np.uint8),
            "satisfaction": np.where(rng.random((n, 30)) < 0.4, 5, 2).astype(np.uint8),
        }
        columns = scores_of(Ratings(tuple(names), scales)).columns
        order = np.argsort(columns["outcome"].astype(str))
        low, high = columns["rank_low"][order], columns["rank_high"][order]
        # A tie has every rank from the lowest to the highest: the range must hold all of them.
        hits.append((low <= lowest) & (high >= highest))
    return float(np.mean(hits))


@pytest.mark.parametrize(
    ("n", "important", "least"),
    [
        (5, 0.6, 0.9),
        (10, 0.6, 0.7),
        (20, 0.6, 0.75),
        (60, 0.6, 0.88),
        (60, 0.7, 0.9),
        (200, 0.6, 0.92),
        (400, 0.7, 0.92),
    ],
)
def test_rank_ranges_of_tied_outcomes(n, important, least):
    got = rank_coverage(n, 0.0, 200, important)
    print(f"\nrank range coverage, 30 tied outcomes, importance {10 * important:g}, satisfaction 4, n={n}: {got:.3f}")
    assert got >= least


def test_rank_ranges_of_outcomes_that_differ():
    got = rank_coverage(200, 0.2, 200)
    print(f"\nrank range coverage, 30 outcomes apart, n=200: {got:.3f}")
    assert got >= 0.97
