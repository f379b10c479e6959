"""Ratings that are poor, odd or too many: figures stay honest, and nothing breaks."""

import numpy as np
import pytest

from jtbd.analysis import Query, analyse
from jtbd.analysis.source import Source
from jtbd.ratings.model import Ratings
from jtbd.scoring.methods import METHODS
from tests.scoring.samples import row, scores_of


def ratings(n: int, size: int, seed: int = 1, **more) -> Ratings:
    rng = np.random.default_rng(seed)
    scales = {scale: rng.integers(1, 6, (n, size)).astype(np.uint8) for scale in ("importance", "satisfaction")}
    return Ratings(tuple(f"o{j:04}" for j in range(size)), scales, **more)


METHODS_ON_SATISFACTION = [name for name, method in METHODS.items() if method.second is None]


@pytest.mark.parametrize("method", METHODS_ON_SATISFACTION)
@pytest.mark.parametrize("rating", [1, 3, 5])
def test_all_ratings_equal_tie_everything(method, rating):
    same = np.full((30, 4), rating, np.uint8)
    columns = scores_of(Ratings(tuple("abcd"), {"importance": same, "satisfaction": same}), method=method).columns
    assert columns["rank"].tolist() == [1] * 4
    assert columns["rank_low"].tolist() == [1] * 4
    assert columns["rank_high"].tolist() == [4] * 4
    assert all(np.isfinite(columns[name]).all() for name in ("opportunity_se", "kink_bias", "p_top"))


@pytest.mark.parametrize("method", METHODS_ON_SATISFACTION)
def test_outcomes_rated_by_nobody_by_one_and_without_weight(method):
    plain = ratings(40, 5)
    for scale in plain.scales.values():
        scale[:, 0] = 0
        scale[1:, 1] = 0
        scale[:39, 2] = 0
    weights = np.ones(40)
    weights[39] = 0  # the only one who rated outcome 2
    scores = scores_of(plain.with_weights(weights), method=method, distribution=True, stabilised=True)
    nobody, one, weightless = (row(scores, f"o000{j}") for j in range(3))
    assert np.isnan(nobody["rank"])
    assert nobody["n"] == 0
    assert np.isnan(weightless["opportunity"])
    assert weightless["n"] == 1
    assert one["n"] == one["n_eff"] == 1
    assert one["rank_low"] <= one["rank"] <= one["rank_high"]
    assert one["opportunity_high"] - one["opportunity_low"] > 5
    assert np.isfinite(one["opportunity_stabilised"])


@pytest.mark.parametrize("factor", [1e-150, 1e-12, 1e12, 1e150])
def test_tiny_and_huge_weights_give_the_same_scores(factor):
    plain = ratings(50, 4).with_weights(np.random.default_rng(1).uniform(0.5, 2, 50))
    left, right = (scores_of(one).columns for one in (plain, plain.with_weights(plain.weights * factor)))
    for name in ("opportunity", "opportunity_se", "n_eff", "rank_low", "rank_high"):
        np.testing.assert_allclose(left[name].astype(float), right[name].astype(float), rtol=1e-9, err_msg=name)


def test_one_respondent_who_outweighs_all_others_leaves_hardly_any_information():
    weights = np.ones(100)
    weights[0] = 1e9
    got = scores_of(ratings(100, 5).with_weights(weights)).columns
    assert (got["n_eff"] < 1.001).all()
    assert (got["opportunity_high"] - got["opportunity_low"] > 5).all()
    assert (got["rank_high"] == 5).all()


def test_more_outcomes_than_respondents_separate_hardly_any():
    """1,000 outcomes, 50 respondents, all truly tied: a singular covariance must not look like certainty."""
    columns = scores_of(ratings(50, 1000)).columns
    assert ((columns["rank_low"] == 1) & (columns["rank_high"] == 1000)).mean() > 0.9
    assert columns["p_top"].max() < 0.9


def test_many_small_groups_are_scored():
    group = np.array([f"g{k % 60:02}" for k in range(600)], object)
    answer = analyse(Source("x", "x", ratings(600, 8, attributes={"g": group})), Query(by="g"))
    assert len(answer.groups) == 60
    assert all(np.isfinite(scores.columns["opportunity"]).all() for scores in answer.groups.values())
    assert {note.code for note in answer.notes} == {"few-ratings"}
