"""Simulated waves: intervals of changes cover, tests keep their size, and no rank change is real where none is.

``make bench`` prints the figures that docs/methods.md quotes.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from jtbd.analysis import Query, Source
from jtbd.analysis.change import changes_between
from jtbd.ratings.model import Ratings
from jtbd.scoring.change import Changes

pytestmark = pytest.mark.slow

STEADY = [(0.5, 0.5), (0.7, 0.3), (0.85, 0.6), (0.93, 0.9), (0.2, 0.4), (0.7, 0.65)]
MOVED = [(0.6, 0.4), (0.6, 0.5), (0.8, 0.65), (0.85, 0.8), (0.3, 0.4), (0.7, 0.65)]
REPEATS = 5


def draw_waves(rng: np.random.Generator, n: int, shares: list[np.ndarray], *, panel: bool) -> list[Source]:
    """Two waves of n people, unequal weights; in a panel four fifths come back, and their tastes carry over."""
    size = shares[0].shape[1]
    stayed = int(0.8 * n) if panel else 0
    taste = rng.standard_normal((2, 2, n, size))
    taste[1, :, :stayed] = taste[0, :, :stayed]
    waves = []
    for wave in range(2):
        latent = np.sqrt(0.6) * taste[wave] + np.sqrt(0.4) * rng.standard_normal((2, n, size))
        top = latent + ndtri(shares[wave])[:, None] > 0
        scales = {
            "importance": np.where(top[0], 5, 1).astype(np.uint8),
            "satisfaction": np.where(top[1], 5, 2).astype(np.uint8),
        }
        persons = [f"s{row}" if row < stayed else f"w{wave}-{row}" for row in range(n)]
        attributes = {
            "person": np.array(persons, object),
            "weight": np.exp(0.3 * rng.standard_normal(n)).astype(str).astype(object),
        }
        ratings = Ratings(tuple(f"o{j:02}" for j in range(size)), scales, attributes)
        waves.append(Source(f"wave {wave + 1}", "waves", ratings))
    return waves


def run(rng: np.random.Generator, n: int, shares: list[np.ndarray], *, panel: bool) -> Changes:
    before, after = draw_waves(rng, n, shares, panel=panel)
    query = Query(weight="weight", seed=int(rng.integers(1000)))
    return changes_between(("1", before), ("2", after), query, "person" if panel else None).changes


def opportunity(shares: np.ndarray) -> np.ndarray:
    return 10 * (shares[0] + np.maximum(shares[0] - shares[1], 0))


@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize("n", [60, 200, 600])
def test_intervals_of_changes_cover(n, panel):
    rng = np.random.default_rng(8)
    shares = [np.repeat(np.array(pairs), REPEATS, axis=0).T for pairs in (STEADY, MOVED)]
    true = opportunity(shares[1]) - opportunity(shares[0])
    hits = []
    for _ in range(120):
        columns = run(rng, n, shares, panel=panel).columns
        place = np.argsort(columns["outcome"].astype(str))
        low, high = columns["change_low"][place], columns["change_high"][place]
        hits.append((low <= true) & (true <= high))
    each = np.mean(hits, axis=0).reshape(-1, REPEATS).mean(axis=1)
    print(
        f"\nchange intervals, n={n}, panel {panel}: {np.mean(hits):.3f},"
        f" by pair of shares {each.min():.3f} to {each.max():.3f}"
    )
    assert 0.93 <= np.mean(hits) <= 0.97
    assert each.min() > 0.915
    assert each.max() < 0.985


@pytest.mark.parametrize("panel", [False, True])
@pytest.mark.parametrize("n", [60, 200])
def test_nothing_is_found_where_nothing_changed(n, panel):
    rng = np.random.default_rng(9)
    shares = np.repeat(np.array(STEADY), REPEATS, axis=0).T
    p, claims, ranks, plain = [], [], [], []
    for _ in range(120):
        columns = run(rng, n, [shares, shares], panel=panel).columns
        p.append(columns["p"])
        place = np.argsort(columns["outcome"].astype(str))
        plain.append(np.abs(columns["change"] / columns["change_se"])[place] > 1.96)
        claims.append((columns["p_holm"] < 0.05).any())
        ranks.append(columns["rank_change_real"].any())
    rate = float((np.concatenate(p) < 0.05).mean())
    worst = np.mean(plain, axis=0).reshape(-1, REPEATS).mean(axis=1).max()
    print(
        f"\nno change, n={n}, panel {panel}: p < .05 in {rate:.3f}, any Holm claim in {np.mean(claims):.3f},"
        f" any rank change in {np.mean(ranks):.3f} of 120 studies; plain delta method, worst pair: {worst:.3f}"
    )
    assert 0.02 < rate < 0.06
    assert np.mean(claims) <= 0.09
    assert np.mean(ranks) <= 0.05
