"""Simulated coverage: seeded, and sized so that a wrong formula fails (docs/methods.md, "How it was checked")."""

import numpy as np
import pytest

from jtbd.ratings.model import Ratings
from jtbd.scoring.compare import share_test
from jtbd.scoring.estimates import estimate
from jtbd.scoring.figures import figure
from jtbd.scoring.methods import METHODS
from jtbd.tally.count import tally
from jtbd.tally.features import Channels
from tests.scoring.samples import estimates_of, scores_of
from tests.statistical.simulated import coverage, ratings_of, weights_of

STUDIES = [(60, "full", "equal"), (200, "full", "unequal"), (150, "blocks", "equal"), (400, "blocks", "unequal")]
SHARES = [(0.5, 0.5), (0.5, 0.45), (0.7, 0.3), (0.85, 0.6), (0.93, 0.7), (0.93, 0.83), (0.2, 0.4)]


@pytest.mark.parametrize(("n", "design", "weights"), STUDIES)
@pytest.mark.parametrize("method", ["opportunity", "gap"])
def test_intervals_cover(n, design, weights, method):
    found = {share: coverage(n, share, weights, design, method) for share in SHARES}
    assert {share: one for share, one in found.items() if not 0.93 <= one <= 0.975} == {}


@pytest.mark.parametrize("weights", ["equal", "unequal"])
@pytest.mark.parametrize(("importance", "satisfaction"), [(0.0, 0.0), (2.0, 0.0), (1.0, 1.5)])
def test_intervals_of_means_cover(weights, importance, satisfaction):
    """Ratings cut from two correlated normals around the given places, n = 80."""
    rng = np.random.default_rng(4)
    cuts = np.array([-1.2, -0.6, 0.0, 0.8])
    hits = []
    leaning = [rng.standard_normal(200_000) for _ in range(2)]
    true = [
        10 * np.searchsorted(cuts, x + place).mean() / 4
        for x, place in zip(leaning, (importance, satisfaction), strict=True)
    ]
    truth = true[0] + max(true[0] - true[1], 0)
    for _ in range(6):
        taste = rng.standard_normal((80, 300))
        other = 0.3 * taste + np.sqrt(0.91) * rng.standard_normal((80, 300))
        scales = {
            "importance": (1 + np.searchsorted(cuts, taste + importance)).astype(np.uint8),
            "satisfaction": (1 + np.searchsorted(cuts, other + satisfaction)).astype(np.uint8),
        }
        ratings = Ratings(tuple(map(str, range(300))), scales, weights=weights_of(rng, 80, weights))
        counted = tally(ratings, Channels("satisfaction", ()))
        bounds = figure(estimate(counted, counted.pool()), METHODS["mean"], 0.95).bounds
        hits.append((bounds.low <= truth) & (truth <= bounds.high))
    assert 0.925 <= np.mean(hits) <= 0.975


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
    pairs = [
        [estimates_of(ratings_of(rng, n, [(0.6, 0.7)] * 50, "equal", "full")) for n in (12, 25)] for _ in range(40)
    ]
    p = np.concatenate([share_test(left, right, "second_top")[2] for left, right in pairs])
    assert (p < 0.05).mean() < 0.06
    assert (p < 0.001).mean() < 0.004
    assert (p < 0.05).mean() > 0.01, "a test that never finds anything is no test"
