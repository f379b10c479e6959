"""Plans: the laws they obey. That they agree with simulated studies is checked in tests/statistical."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal, norm

from jtbd.ratings.model import Ratings
from jtbd.scoring.compare import detectable
from jtbd.scoring.planning import Assumptions, prospects
from jtbd.scoring.score import ScoreOptions
from jtbd.scoring.separation import separations
from jtbd.scoring.world import draw_worlds
from tests.scoring.samples import estimates_of, from_counts


@pytest.mark.parametrize("correlation", [0.0, 0.2, 0.8])
def test_loadings_give_the_covariance_of_correlated_top_ratings(correlation):
    worlds = draw_worlds(6, 1, correlation, np.random.default_rng(1))
    shares, loadings = worlds.shares[0, 0], worlds.loadings[0, 0]
    for j in range(5):
        bound = norm.ppf(shares[[j, j + 1]])
        both = multivariate_normal([0, 0], [[1, correlation], [correlation, 1]], allow_singular=True).cdf(bound)
        assert loadings[j] @ loadings[j + 1] == pytest.approx(both - shares[j] * shares[j + 1], abs=0.01)


def test_more_people_see_more_and_fewer_outcomes_each_see_less():
    found = prospects(40, [100, 400], [40, 10], Assumptions())
    few, many, few_short, many_short = found
    for less, more in ((few, many), (few_short, many_short), (few_short, few), (many_short, many)):
        assert more.half_width < less.half_width
        assert more.detectable < less.detectable
        assert more.rank_width < less.rank_width
        assert more.top_found > less.top_found
    assert many.half_width == pytest.approx(few.half_width / 2, rel=0.05)
    assert many_short.half_width == pytest.approx(few.half_width, rel=0.03), "the same number of ratings"
    assert few.minutes > few_short.minutes


def test_the_same_plan_has_the_same_figures_whatever_stands_beside_it():
    alone = prospects(20, [150], [20], Assumptions())
    assert alone[0] in prospects(20, [50, 150], [10, 20], Assumptions())


def test_unequal_weights_cost_what_the_design_effect_says():
    equal, unequal = (
        prospects(30, [n], [30], Assumptions(design_effect=effect))[0] for n, effect in ((200, 1.0), (300, 1.5))
    )
    assert unequal.half_width == pytest.approx(equal.half_width)
    assert unequal.detectable == pytest.approx(equal.detectable)


def test_a_difference_as_large_as_the_smallest_detectable_is_found_four_times_in_five():
    rng = np.random.default_rng(1)
    size = detectable(np.array([1.0]), 0.95)[0]
    assert (np.abs(size + rng.standard_normal(100_000)) > norm.ppf(0.975)).mean() == pytest.approx(0.8, abs=0.005)


def test_so_many_ratings_as_needed_would_separate_a_pair():
    rng = np.random.default_rng(3)
    tops = {"importance": (0.8, 0.78, 0.4), "satisfaction": (0.4, 0.45, 0.4)}
    scales = {name: np.where(rng.random((100, 3)) < share, 5, 1).astype(np.uint8) for name, share in tops.items()}
    ratings = Ratings(("a", "b", "c"), scales)
    upper, below, lowest = separations(estimates_of(ratings), ScoreOptions(top=1), 2)
    assert {upper.outcome, upper.against} == {"a", "b"}
    assert (below.outcome, below.against) == (upper.against, upper.outcome)
    assert not upper.separated
    assert (lowest.outcome, lowest.separated, lowest.n_needed) == ("c", True, None)
    times = upper.n_needed // 100 + 1
    more = Ratings(ratings.outcomes, {name: np.tile(codes, (times, 1)) for name, codes in scales.items()})
    again = separations(estimates_of(more), ScoreOptions(top=1), 2)[0]
    assert again.separated
    assert again.difference / again.difference_se == pytest.approx(detectable(np.array([1.0]), 0.95)[0], rel=0.1)


def test_no_number_separates_what_is_equal():
    (upper, *_) = separations(estimates_of(from_counts(50, a=(20, 10), b=(25, 20))), ScoreOptions(top=1), 1)
    assert (upper.separated, upper.n_needed) == (False, None)
    assert upper.n_needed_best is not None
