"""The figures that docs/methods.md quotes, with samples large enough to quote: ``make bench`` prints them."""

import numpy as np
import pytest

from jtbd.ratings.model import Ratings
from jtbd.scoring.methods import opportunity
from tests.scoring.samples import scores_of
from tests.statistical.simulated import RATED, coverage, ratings_of

pytestmark = pytest.mark.slow

IMPORTANCE = (2, 3.5, 5, 6.5, 8, 9, 9.3)
GAPS = (-2, -1, 0, 0.5, 1, 2, 3)
SHARES = [(i / 10, (i - gap) / 10) for i in IMPORTANCE for gap in GAPS if 0 < i - gap < 9.8]


@pytest.mark.parametrize("method", ["opportunity", "gap"])
@pytest.mark.parametrize("weights", ["equal", "unequal"])
@pytest.mark.parametrize("design", ["full", "blocks"])
@pytest.mark.parametrize("n", [60, 100, 200, 400, 1000])
def test_intervals(n, design, weights, method):
    """The aim is .93 to .97; few ratings near the ends of the scale make intervals too wide, never too narrow."""
    found = {share: coverage(n, share, weights, design, method) for share in SHARES}
    low, high = (choose(found, key=found.__getitem__) for choose in (min, max))
    wide = sum(one > 0.97 for one in found.values())
    print(
        f"\n{method}, n={n}, {design}, {weights} weights: {found[low]:.3f} at {low} to {found[high]:.3f} at {high}, "
        f"{wide} of {len(found)} above .97"
    )
    assert found[low] > 0.925
    assert n * RATED[design] < 100 or found[high] < 0.975


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


def test_stabilised_scores_are_nearer_to_the_truth_at_60():
    """Shares as in the simulated surveys: importance Beta(6, 4), satisfaction Beta(5, 5); 50 outcomes."""
    rng = np.random.default_rng(9)
    errors = []
    for _ in range(100):
        true = np.clip(np.stack([rng.beta(6, 4, 50), rng.beta(5, 5, 50)]), 0.05, 0.95)
        ratings = ratings_of(rng, 60, list(zip(*true.round(3), strict=True)), "unequal", "full")
        columns = scores_of(ratings, stabilised=True).columns
        order = np.argsort([int(name[1:]) for name in columns["outcome"]])
        want = {"importance": 10 * true[0], "satisfaction": 10 * true[1]}
        want["opportunity"] = opportunity(10 * true)
        errors.append(
            [
                [np.mean((columns[name + ending][order] - value) ** 2) for ending in ("", "_stabilised")]
                for name, value in want.items()
            ]
        )
    raw, stabilised = np.mean(errors, axis=0).T
    for name, left, right in zip(want, raw, stabilised, strict=True):
        print(f"\nmean squared error of {name}, n=60: raw {left:.3f}, stabilised {right:.3f}")
    assert (stabilised < raw).all()
