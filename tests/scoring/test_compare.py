import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control

from jtbd.scoring.compare import benjamini_hochberg, compare, holm, share_test
from tests.scoring.samples import estimates_of, from_counts

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=30).map(np.array)


@given(P_VALUES)
def test_bh_equals_scipy(p):
    np.testing.assert_allclose(benjamini_hochberg(p), false_discovery_control(p), atol=1e-12)


@given(P_VALUES)
def test_holm_lies_between_p_and_bonferroni_and_keeps_the_order(p):
    adjusted = holm(p)
    assert (adjusted >= p - 1e-15).all()
    assert (adjusted <= np.minimum(p * len(p), 1) + 1e-12).all()
    assert (np.diff(adjusted[np.argsort(p)]) >= 0).all()
    assert (adjusted >= benjamini_hochberg(p) - 1e-12).all()


def test_pairs_come_in_sorted_order_with_a_minus_b():
    groups = {name: estimates_of(from_counts(50, a=(important, 10))) for name, important in (("y", 40), ("x", 20))}
    (only,) = compare(groups, "opportunity")
    assert (only.group_a, only.group_b) == ("x", "y")
    assert only.difference == pytest.approx(4 + 2 - (8 + 6))


def test_outcomes_one_group_lacks_are_left_out():
    groups = {"x": estimates_of(from_counts(50, a=(20, 10), b=(3, 3))), "y": estimates_of(from_counts(50, a=(20, 10)))}
    assert [row.outcome for row in compare(groups, "gap")] == ["a"]


def test_groups_that_agree_within_and_differ_between_get_a_p_above_zero():
    groups = {"x": estimates_of(from_counts(4, a=(4, 0))), "y": estimates_of(from_counts(4, a=(0, 0)))}
    (only,) = compare(groups, "gap")
    assert 0 < only.p < 0.05


def test_the_share_test_is_no_more_eager_than_an_exact_one_in_small_groups():
    from scipy.stats import fisher_exact

    for n, left, right in ((5, 5, 0), (10, 9, 1), (12, 10, 3), (20, 15, 5)):
        _, _, p = share_test(
            estimates_of(from_counts(n, a=(1, left))), estimates_of(from_counts(n, a=(1, right))), "second_top"
        )
        exact = fisher_exact([[left, n - left], [right, n - right]]).pvalue
        assert exact / 6 < p[0] < exact * 1.5
