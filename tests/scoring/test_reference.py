"""Estimates, standard errors, comparisons and rank sets against R (tests/reference)."""

import numpy as np
import pytest

from jtbd.analysis import Query, analyse, comparisons, open_source
from jtbd.scoring.draws import joint_draws
from jtbd.scoring.ranks import rank_ranges
from jtbd.settings import Settings
from tests.reference import DATA, TARGETS, rows

DESIGNS = {"unweighted": {}, "raked_fixed": {"weight": "base_weight", "rake": TARGETS}}
FIGURES = {
    "n": 0, "importance": 1e-8, "importance_se": 1e-6, "satisfaction": 1e-8, "satisfaction_se": 1e-6,
    "gap": 1e-8, "gap_se": 1e-6, "opportunity": 1e-8, "opportunity_se": 1e-6,
}  # fmt: skip


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return open_source(str(DATA), Settings.read(tmp_path_factory.mktemp("workspace")))


@pytest.mark.parametrize("design", DESIGNS)
def test_estimates_and_standard_errors_equal_those_of_r(source, design):
    columns = analyse(source, Query(**DESIGNS[design])).groups[""].columns
    expected = {row["outcome"]: row for row in rows("expected_overall", design=design)}
    for name, tolerance in FIGURES.items():
        wanted = [float(expected[outcome][name]) for outcome in columns["outcome"]]
        np.testing.assert_allclose(columns[name], wanted, rtol=0, atol=tolerance, err_msg=name)


@pytest.mark.parametrize("design", DESIGNS)
def test_groups_are_domains_whose_standard_errors_equal_those_of_r(source, design):
    groups = analyse(source, Query(by="segment", **DESIGNS[design])).groups
    expected = {(row["segment"], row["outcome"]): row for row in rows("expected_by_segment", design=design)}
    assert len(expected) == 36
    for segment, scores in groups.items():
        for name in (
            "n",
            "importance",
            "importance_se",
            "satisfaction",
            "satisfaction_se",
            "opportunity",
            "opportunity_se",
        ):
            wanted = [float(expected[segment, outcome][name]) for outcome in scores.columns["outcome"]]
            np.testing.assert_allclose(scores.columns[name], wanted, rtol=0, atol=1e-8, err_msg=name)


@pytest.mark.parametrize("segment", ["A", "B", "C"])
def test_where_gives_the_same_domain_as_by(source, segment):
    by = analyse(source, Query(by="segment", **DESIGNS["raked_fixed"])).groups[segment].columns
    where = analyse(source, Query(where=(("segment", segment),), **DESIGNS["raked_fixed"])).groups[""].columns
    for name in FIGURES:
        np.testing.assert_allclose(where[name], by[name], err_msg=name)


@pytest.mark.parametrize("design", DESIGNS)
def test_comparisons_and_their_adjusted_p_values_equal_those_of_r(source, design):
    found = {
        (row.outcome, f"{row.group_a}-{row.group_b}"): row
        for row in comparisons(analyse(source, Query(by="segment", **DESIGNS[design])))
    }
    expected = rows("expected_segment_diff", design=design)
    assert len(found) == len(expected) == 36
    for row in expected:
        mine = found[row["outcome"], row["pair"]]
        got = [mine.difference, mine.difference_se, mine.p, mine.p_bh, mine.p_holm]
        wanted = [float(row[name]) for name in ("diff", "diff_se", "p_normal", "p_bh", "p_holm")]
        np.testing.assert_allclose(got, wanted, atol=1e-8)


def test_rank_ranges_equal_the_sets_of_csranks_within_one():
    given = rows("expected_rank_input")
    scores = np.array([float(row["opportunity"]) for row in given])
    covariance = np.array([[float(row[f"V{k}"]) for k in range(1, 11)] for row in given])
    draws = joint_draws(covariance, 4000, np.random.default_rng(1))
    low, high = rank_ranges(scores, covariance, draws, 0.95)
    expected = rows("expected_rank_sets", stepdown="FALSE", simultaneous="FALSE")
    assert len(expected) == 10
    np.testing.assert_allclose(low, [int(row["L"]) for row in expected], atol=1)
    np.testing.assert_allclose(high, [int(row["U"]) for row in expected], atol=1)


def test_kish_effective_numbers_equal_those_of_r(source):
    columns = analyse(source, Query(**DESIGNS["raked_fixed"])).groups[""].columns
    complete = columns["n"] == 320
    expected = next(row for row in rows("expected_kish") if row["weights"] == "raked")
    assert complete.sum() == 10
    np.testing.assert_allclose(columns["n_eff"][complete], float(expected["kish_neff"]), atol=1e-6)
