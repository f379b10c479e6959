"""Simulated coverage: seeded, and sized so that a wrong formula fails (docs/methods.md, "How it was checked")."""

import numpy as np
import pytest
from scipy.special import ndtri

from jtbd.ratings.model import Ratings
from jtbd.scoring.compare import share_test
from jtbd.scoring.figures import figure
from jtbd.scoring.methods import METHODS
from tests.scoring.samples import estimates_of, scores_of

RUNS = 60
OUTCOMES = 50


def draw(rng: np.random.Generator, n: int, important: float, satisfied: float, weights: str) -> Ratings:
    """n respondents on many outcomes with the same true shares, and correlated ratings within an outcome."""
    size = (n, OUTCOMES)
    taste = rng.standard_normal(size)
    importance = taste > ndtri(1 - important)
    satisfaction = 0.3 * taste + np.sqrt(1 - 0.09) * rng.standard_normal(size) > ndtri(1 - satisfied)
    scales = {
        "importance": np.where(importance, 5, 2).astype(np.uint8),
        "satisfaction": np.where(satisfaction, 4, 1).astype(np.uint8),
    }
    w = np.exp(0.5 * rng.standard_normal(n)) if weights == "unequal" else np.ones(n)
    return Ratings(tuple(f"o{j}" for j in range(OUTCOMES)), scales, weights=w)


def coverage(
    n: int, important: float, satisfied: float, weights: str, method: str, truth: float, runs: int = RUNS
) -> float:
    """Share of outcomes whose interval holds the truth."""
    rng = np.random.default_rng(20)
    hits = []
    for _ in range(runs):
        bounds = figure(estimates_of(draw(rng, n, important, satisfied, weights)), METHODS[method], 0.95).bounds
        hits.append((bounds.low <= truth) & (truth <= bounds.high))
    return float(np.mean(hits))


CASES = [(60, "equal"), (200, "equal"), (200, "unequal")]
SHARES = [(0.5, 0.5), (0.7, 0.3), (0.85, 0.6), (0.93, 0.9), (0.2, 0.4)]


@pytest.mark.parametrize(("n", "weights"), CASES)
@pytest.mark.parametrize(("important", "satisfied"), SHARES)
def test_opportunity_intervals_cover(n, weights, important, satisfied):
    truth = 10 * (important + max(important - satisfied, 0))
    assert 0.925 <= coverage(n, important, satisfied, weights, "opportunity", truth) <= 0.975


@pytest.mark.parametrize(("n", "weights"), CASES)
@pytest.mark.parametrize(("important", "satisfied"), SHARES)
def test_gap_intervals_cover(n, weights, important, satisfied):
    assert 0.925 <= coverage(n, important, satisfied, weights, "gap", 10 * (important - satisfied)) <= 0.975


def test_rank_ranges_of_thirty_tied_outcomes_cover():
    """The hard case: all truly tied, so every rank is true; a miss is a range that leaves out 1..30 wholly."""
    rng = np.random.default_rng(7)
    hits = []
    for _ in range(60):
        size = (200, 30)
        scales = {
            "importance": np.where(rng.random(size) < 0.7, 5, 2).astype(np.uint8),
            "satisfaction": np.where(rng.random(size) < 0.4, 5, 2).astype(np.uint8),
        }
        columns = scores_of(Ratings(tuple(f"o{j}" for j in range(30)), scales)).columns
        hits.append((columns["rank_low"] == 1) & (columns["rank_high"] == 30))
    assert np.mean(hits) >= 0.92


def test_draws_agree_with_a_bootstrap_of_respondents():
    rng = np.random.default_rng(11)
    n, size = 150, 20
    taste = rng.standard_normal((n, 1))
    scales = {
        scale: np.where(0.5 * taste + rng.standard_normal((n, size)) > rng.normal(0, 0.5, size), 5, 2).astype(np.uint8)
        for scale in ("importance", "satisfaction")
    }
    ratings = Ratings(tuple(f"o{j:02}" for j in range(size)), scales)
    columns = scores_of(ratings, top=5).columns
    place = np.argsort(columns["outcome"].astype(str))
    counts = np.zeros(size)
    values = []
    for _ in range(1000):
        pick = rng.integers(0, n, n)
        i, s = (10 * (scales[scale][pick] >= 4).mean(axis=0) for scale in ("importance", "satisfaction"))
        x = i + np.maximum(i - s, 0)
        counts += 1 + (x[:, None] < x - 1e-9).sum(axis=1) <= 5
        values.append(x)
    np.testing.assert_allclose(columns["p_top"][place], counts / 1000, atol=0.08)
    low, high = np.quantile(values, [0.025, 0.975], axis=0)
    np.testing.assert_allclose(columns["opportunity_low"][place], low, atol=0.45)
    np.testing.assert_allclose(columns["opportunity_high"][place], high, atol=0.45)


def test_the_share_test_keeps_its_size_in_small_groups():
    rng = np.random.default_rng(2)
    pairs = [[estimates_of(draw(rng, n, 0.6, 0.7, "equal")) for n in (12, 25)] for _ in range(40)]
    p = np.concatenate([share_test(left, right, "second_top")[2] for left, right in pairs])
    assert (p < 0.05).mean() < 0.06
    assert (p < 0.001).mean() < 0.004
    assert (p < 0.05).mean() > 0.01, "a test that never finds anything is no test"
