"""What each method makes of ratings, and how far methods agree."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import friedmanchisquare, rankdata

from jtbd.ratings.model import Ratings
from jtbd.scoring.agreement import agreement, kendall_w
from jtbd.scoring.kink import kink_bias
from jtbd.scoring.methods import METHODS, RANK_SUM, rank_sum
from jtbd.scoring.ranks import mid_ranks
from tests.scoring.samples import estimates_of, from_counts, row, scores_of


def random_ratings(n: int, size: int, seed: int = 1, second: str = "satisfaction") -> Ratings:
    rng = np.random.default_rng(seed)
    names = tuple(f"o{j:03}" for j in range(size))
    scales = {scale: rng.integers(0, 6, (n, size)).astype(np.uint8) for scale in ("importance", second)}
    return Ratings(names, scales, weights=rng.uniform(0.3, 3, n))


def test_effort_is_ten_times_the_share_who_find_it_difficult():
    plain = from_counts(100, a=(70, 20), b=(50, 90))
    hard = Ratings(
        plain.outcomes, {"importance": plain.scales["importance"], "difficulty": plain.scales["satisfaction"]}
    )
    scores = scores_of(hard, method="effort")
    assert scores.columns["outcome"].tolist() == ["b", "a"]
    got = row(scores, "a")
    assert got["score"] == pytest.approx(2.0)
    assert got["score"] == got["difficulty"]
    assert got["score_se"] == got["difficulty_se"]
    assert got["score_low"] < 2 < got["score_high"]


def test_mean_rescales_each_scale_and_takes_the_opportunity_of_both():
    ratings = random_ratings(80, 5)
    for j, outcome in enumerate(ratings.outcomes):
        i, s = (ratings.scales[scale][:, j].astype(float) for scale in ("importance", "satisfaction"))
        both = (i > 0) & (s > 0)
        i, s = (10 * (np.average(x[both], weights=ratings.weights[both]) - 1) / 4 for x in (i, s))
        assert row(scores_of(ratings, method="mean"), outcome)["score"] == pytest.approx(i + max(i - s, 0))


def test_the_standard_error_of_a_mean_is_that_of_a_ratio():
    """Against the linearised variance written out respondent by respondent."""
    ratings = random_ratings(60, 1)
    i, s = (ratings.scales[scale][:, 0].astype(float) for scale in ("importance", "satisfaction"))
    both, w = (i > 0) & (s > 0), ratings.weights
    values = [2.5 * (x - 1) for x in (i, s)]
    means = [np.average(x[both], weights=w[both]) for x in values]
    slopes = (2, -1) if means[0] > means[1] else (1, 0)
    u = sum(slope * np.where(both, w * (x - mean), 0) for slope, x, mean in zip(slopes, values, means, strict=True)) / (
        w @ both
    )
    want = np.sqrt(60 / 59 * (u**2).sum())
    assert scores_of(ratings, method="mean").columns["score_se"][0] == pytest.approx(want, rel=1e-9)


def test_rank_sum_runs_from_1_to_100_with_mid_ranks_for_ties():
    i, s = np.array([9.0, 5.0, 5.0, 1.0]), np.array([1.0, 3.0, 6.0, 9.0])
    got = rank_sum(np.stack([i, s]))
    # ranks by importance 4, 2.5, 2.5, 1; by lack of satisfaction 4, 3, 2, 1
    np.testing.assert_allclose(got, [100, 1 + 99 * 3.5 / 6, 1 + 99 * 2.5 / 6, 1])
    assert rank_sum(np.array([[5.0], [5.0]])).tolist() == [50.5]
    assert np.isnan(rank_sum(np.array([[5.0, np.nan], [5.0, np.nan]]))[1])


@given(arrays(float, st.tuples(st.integers(1, 12), st.integers(1, 4)), elements=st.integers(0, 5)))
def test_mid_ranks_equal_those_of_scipy(values):
    np.testing.assert_allclose(mid_ranks(values), rankdata(values, axis=0))


def test_the_uncertainty_of_a_rank_sum_is_that_of_its_draws():
    few = scores_of(random_ratings(60, 12), method="rank-sum").columns
    many = scores_of(random_ratings(6000, 12), method="rank-sum").columns
    assert np.isfinite(few["score_se"]).all()
    assert (few["score_low"] <= few["score"]).all()
    assert (few["score"] <= few["score_high"]).all()
    clear = scores_of(from_counts(900, a=(850, 50), b=(500, 400), c=(50, 850)), method="rank-sum").columns
    np.testing.assert_allclose(clear["score_se"], 0)
    assert clear["rank_high"].tolist() == [1, 2, 3]
    assert many["score_se"].mean() < 25


@pytest.mark.parametrize("method", list(METHODS))
def test_the_gradient_is_the_derivative(method):
    smooth = METHODS[method].smooth
    if smooth is None:
        assert method == RANK_SUM.name
        return
    at = np.array([[7.0, 3.0], [4.0, 6.0]])[: len(METHODS[method].features)]
    slope = smooth.gradient(at)
    for place in range(len(at)):
        step = np.zeros_like(at)
        step[place] = 1e-6
        value = METHODS[method].value
        np.testing.assert_allclose((value(at + step) - value(at - step)) / 2e-6, slope[place], atol=1e-6)


SCORES = arrays(float, st.tuples(st.integers(2, 6), st.integers(2, 12)), elements=st.integers(0, 4))


@given(SCORES)
def test_kendalls_w_equals_that_from_friedmans_statistic(scores):
    """W = chi^2 / (m (J - 1)), computed by scipy, which corrects for ties as well."""
    judges, size = scores.shape
    got = kendall_w(scores)
    if all(len(set(judge)) == 1 for judge in scores):
        assert np.isnan(got)
    elif size >= 3:
        chi2 = friedmanchisquare(*scores.T).statistic
        assert got == pytest.approx(chi2 / (judges * (size - 1)), abs=1e-9)
    assert not got > 1 + 1e-9


def test_methods_that_agree_have_w_1_and_opposite_ones_0():
    up = np.arange(6.0)
    assert kendall_w(np.stack([up, up, 2 * up])) == pytest.approx(1)
    assert kendall_w(np.stack([up, -up])) == pytest.approx(0)


def test_outcomes_in_every_top_and_those_a_method_cannot_score():
    found = agreement({"x": np.array([9, 8, 1, np.nan]), "y": np.array([9, 1, 8, 7.0])}, 2)
    assert found.in_every_top.tolist() == [True, False, False, False]
    assert found.ranks["x"].tolist()[:3] == [1, 2, 3]
    assert np.isnan(found.ranks["x"][3])
    assert found.ranks["y"].tolist() == [1, 4, 2, 3]


def test_the_bias_at_the_kink_is_what_simulation_says():
    rng = np.random.default_rng(1)
    for gap, se in ((0.0, 0.9), (0.5, 0.9), (-1.0, 0.6)):
        drawn = np.maximum(rng.normal(gap, se, 400_000), 0).mean() - max(gap, 0)
        assert kink_bias(np.array([gap]), np.array([se]))[0] == pytest.approx(drawn, abs=0.004)
    known = kink_bias(np.array([0.0, 3.0, np.nan, 0.0]), np.array([0.0, 0.0, np.nan, np.nan]))
    assert known[:2].tolist() == [0, 0]
    assert np.isnan(known[2:]).all()


def test_distributions_are_shares_of_those_who_rated_both_scales():
    ratings = random_ratings(200, 3)
    scores = scores_of(ratings, distribution=True)
    for j, outcome in enumerate(ratings.outcomes):
        got = row(scores, outcome)
        i, s = (ratings.scales[scale][:, j] for scale in ("importance", "satisfaction"))
        both = (i > 0) & (s > 0)
        for rating in range(1, 6):
            assert got[f"importance_count_{rating}"] == (i[both] == rating).sum()
            assert got[f"satisfaction_count_{rating}"] == (s[both] == rating).sum()
            want = ratings.weights[both & (i == rating)].sum() / ratings.weights[both].sum()
            assert got[f"importance_share_{rating}"] == pytest.approx(want)
        top = got["satisfaction_share_4"] + got["satisfaction_share_5"]
        assert 10 * top == pytest.approx(got["satisfaction"])
    assert not [name for name in scores_of(ratings).columns if "share" in name]


def test_what_a_method_needs_is_counted_and_no_more():
    assert METHODS["mean"].channels("difficulty").features == ("importance_rating", "second_rating", "rated")
    assert METHODS["unmet"].channels("satisfaction").features == ("unmet", "rated")
    assert estimates_of(random_ratings(20, 4), "unmet").covariance.shape == (4, 4)
