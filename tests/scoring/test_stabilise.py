import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtbd.scoring.stabilise import stabilised
from tests.scoring.samples import from_counts, row, scores_of

SHARES = st.lists(st.floats(0, 10), min_size=1, max_size=30).map(np.array)


@given(SHARES, st.floats(1, 1e6))
def test_stabilised_shares_lie_between_the_raw_share_and_the_mean(shares, n):
    got = stabilised(shares, np.full(len(shares), n))
    mean = shares.mean()
    assert np.isfinite(got).all()
    assert (np.minimum(shares, mean) - 1e-9 <= got).all()
    assert (got <= np.maximum(shares, mean) + 1e-9).all()


def test_many_ratings_leave_a_share_as_it_is():
    shares = np.array([2.0, 5.0, 9.0])
    np.testing.assert_allclose(stabilised(shares, np.full(3, 1e7)), shares, atol=1e-4)


def test_few_ratings_draw_it_towards_the_mean_and_the_fewer_the_more():
    shares, n = np.array([2.0, 5.0, 9.0, 9.0]), np.array([200.0, 200.0, 200.0, 10.0])
    got = stabilised(shares, n)
    assert got[3] < got[2] < 9
    assert got[0] > 2


@pytest.mark.parametrize("share", [0.0, 4.0, 10.0])
def test_equal_shares_stay_and_are_finite(share):
    np.testing.assert_allclose(stabilised(np.full(4, share), np.full(4, 20.0)), share)


def test_shares_that_differ_by_chance_alone_are_all_the_mean():
    np.testing.assert_allclose(stabilised(np.array([4.9, 5.0, 5.1]), np.full(3, 60.0)), 5.0)


def test_one_outcome_and_outcomes_nobody_rated():
    assert stabilised(np.array([3.0]), np.array([20.0])).tolist() == [3.0]
    got = stabilised(np.array([3.0, np.nan, 8.0]), np.array([20.0, 0.0, 20.0]))
    assert np.isnan(got[1])
    assert np.isfinite(got[[0, 2]]).all()


def test_they_stand_beside_the_raw_figures_and_never_instead():
    ratings = from_counts(40, a=(30, 5), b=(20, 20), c=(10, 30))
    plain, beside = row(scores_of(ratings), "a"), row(scores_of(ratings, stabilised=True), "a")
    assert {name: beside[name] for name in plain} == plain
    i, s = beside["importance_stabilised"], beside["satisfaction_stabilised"]
    assert beside["opportunity_stabilised"] == pytest.approx(i + max(i - s, 0))
    assert s > beside["satisfaction"]
