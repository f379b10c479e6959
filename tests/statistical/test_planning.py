"""Plans against simulated studies: ratings of a known world, tallied and scored as real ones are.

``make bench`` prints the figures that docs/methods.md quotes.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy.special import ndtri

from jtbd.ratings.model import Ratings
from jtbd.scoring.compare import compare, detectable
from jtbd.scoring.estimates import estimate
from jtbd.scoring.methods import OPPORTUNITY
from jtbd.scoring.planning import Assumptions, prospects
from jtbd.scoring.score import ScoreOptions, score
from jtbd.tally.count import tally

pytestmark = pytest.mark.slow

FIGURES = ("half_width", "detectable", "rank_width", "top_found")


def draw_study(
    rng: np.random.Generator, outcomes: int, respondents: int, asked: int, correlation: float, spread: float
) -> tuple[Ratings, np.ndarray]:
    """Ratings of a fresh world, each outcome asked equally often, and its true scores."""
    shares = np.stack([np.clip(rng.beta(6, 4, outcomes), 0.05, 0.97), np.clip(rng.beta(5, 5, outcomes), 0.05, 0.95)])
    person = rng.standard_normal((2, respondents, 1))
    latent = np.sqrt(correlation) * person + np.sqrt(1 - correlation) * rng.standard_normal((2, respondents, outcomes))
    top = latent + ndtri(shares)[:, None] > 0
    seen = np.zeros((respondents, outcomes), bool)
    order, places = rng.permutation(outcomes), np.arange(asked)
    for row, at in enumerate(rng.permutation(respondents)):
        if (row * asked) % outcomes < asked:
            order = rng.permutation(outcomes)
        seen[at, order[(row * asked + places) % outcomes]] = True
    codes = [np.where(seen, np.where(one, 5, 2), 0).astype(np.uint8) for one in top]
    group = rng.permutation(np.arange(respondents) % 2).astype(str).astype(object)
    weights = np.exp(spread * rng.standard_normal(respondents))
    scales = {"importance": codes[0], "satisfaction": codes[1]}
    names = tuple(f"o{j:03}" for j in range(outcomes))
    importance, satisfaction = 10 * shares
    return Ratings(names, scales, {"group": group}, weights), importance + np.maximum(importance - satisfaction, 0)


def simulated(outcomes: int, respondents: int, asked: int, correlation: float, spread: float, runs: int) -> dict:
    rng = np.random.default_rng(5)
    found: dict[str, list[float]] = {name: [] for name in FIGURES}
    for _ in range(runs):
        ratings, true = draw_study(rng, outcomes, respondents, asked, correlation, spread)
        counted = tally(ratings, OPPORTUNITY.channels("satisfaction"), ["group"])
        scores = score(estimate(counted, counted.pool()), ScoreOptions())
        columns = scores.columns
        groups = {key[0]: estimate(counted, cell) for key, cell in counted.cells.items()}
        se = np.array([row.difference_se for row in compare(groups, "opportunity")])
        best = {f"o{j:03}" for j in np.argsort(-true)[:10]}
        found["half_width"].append((columns["opportunity_high"] - columns["opportunity_low"]).mean() / 2)
        found["detectable"].append(detectable(se, 0.95).mean())
        found["rank_width"].append((columns["rank_high"] - columns["rank_low"]).mean())
        found["top_found"].append(len(best & set(columns["outcome"][:10])) / 10)
    return {name: float(np.mean(values)) for name, values in found.items()}


@pytest.mark.parametrize(
    ("outcomes", "respondents", "asked", "correlation", "spread", "runs"),
    [
        (30, 100, 30, 0.2, 0.0, 40),
        (30, 400, 12, 0.2, 0.0, 40),
        (30, 400, 30, 0.5, 0.0, 40),
        (30, 200, 30, 0.2, 0.5, 40),
        (100, 120, 100, 0.2, 0.0, 40),
        (100, 200, 40, 0.2, 0.0, 40),
        (100, 400, 40, 0.2, 0.0, 40),
        (100, 1200, 100, 0.2, 0.0, 40),
        (100, 600, 20, 0.0, 0.5, 40),
    ],
)
def test_a_plan_is_within_a_tenth_of_simulated_studies(outcomes, respondents, asked, correlation, spread, runs):
    assumed = Assumptions(correlation=correlation, design_effect=float(np.exp(spread**2)))
    (planned,) = prospects(outcomes, [respondents], [asked], assumed)
    got = simulated(outcomes, respondents, asked, correlation, spread, runs)
    ratios = {name: getattr(planned, name) / got[name] for name in FIGURES}
    told = ", ".join(f"{name} {getattr(planned, name):.2f} ({got[name]:.2f})" for name in FIGURES)
    print(
        f"\nJ={outcomes} N={respondents} M={asked} correlation {correlation} weights {spread}: planned (found) {told}"
    )
    assert all(0.9 < ratio < 1.1 for ratio in ratios.values()), ratios
