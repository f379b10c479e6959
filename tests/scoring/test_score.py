import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jtbd.ratings.model import Ratings
from jtbd.scoring.methods import METHODS
from jtbd.scoring.ranks import ranks
from tests.scoring.samples import from_counts, row, scores_of


@pytest.mark.parametrize(
    ("n", "important", "satisfied", "opportunity"),
    [
        (270, 200, 75, 12.0),  # saw blade goes off track, Ulwick 2002
        (100, 75, 40, 11.0),
        (300, 270, 90, 15.0),
        (100, 67, 84, 6.7),
        (10, 9, 6, 12.0),
        (10, 6, 0, 12.0),
    ],
)
def test_published_opportunity_scores_come_out(n, important, satisfied, opportunity):
    got = row(scores_of(from_counts(n, a=(important, satisfied), b=(1, 1))), "a")["opportunity"]
    assert got == pytest.approx(opportunity, abs=0.05)


def test_the_interval_of_the_published_example_spans_two_bands():
    plain = from_counts(270, a=(200, 75), b=(1, 1))
    order = np.random.default_rng(1).permutation(270)  # who is satisfied has nothing to do with who finds it important
    scales = {"importance": plain.scales["importance"], "satisfaction": plain.scales["satisfaction"][order]}
    got = row(scores_of(Ratings(plain.outcomes, scales)), "a")
    assert got["opportunity_low"] == pytest.approx(10.8, abs=0.25)
    assert got["opportunity_high"] == pytest.approx(13.2, abs=0.25)


@st.composite
def any_ratings(draw) -> Ratings:
    n, j = draw(st.integers(1, 15)), draw(st.integers(1, 6))
    codes = arrays(np.uint8, (n, j), elements=st.integers(0, 5))
    weights = draw(arrays(float, n, elements=st.sampled_from([0.0, 0.5, 1.0, 3.0])))
    return Ratings(
        tuple(f"o{k}" for k in range(j)), {"importance": draw(codes), "satisfaction": draw(codes)}, weights=weights
    )


@settings(max_examples=60)
@given(any_ratings(), st.sampled_from(list(METHODS)))
def test_figures_stay_in_their_ranges_whatever_the_answers(ratings, method):
    columns = scores_of(ratings, method=method).columns
    known = np.isfinite(columns["importance"])
    size = int(known.sum())
    assert sorted(columns["outcome"]) == sorted(ratings.outcomes)
    assert np.isnan(columns["rank"][~known]).all()
    for name, low, high in (
        ("importance", 0, 10), ("satisfaction", 0, 10), ("opportunity", 0, 20), ("gap", -10, 10), ("unmet", 0, 10),
        ("p_top", 0, 1), ("zone_probability", 0, 1), ("rank", 1, size), ("rank_low", 1, size), ("rank_high", 1, size),
    ):  # fmt: skip
        values = columns[name][known]
        assert ((values >= low - 1e-9) & (values <= high + 1e-9)).all(), name
    score = "opportunity" if method == "opportunity" else "score"
    point, low, high = (columns[name][known] for name in (score, f"{score}_low", f"{score}_high"))
    assert (low <= point + 1e-9).all()
    assert (point <= high + 1e-9).all()
    if method == "rank-sum":  # ranks may be certain
        assert ((low >= 1) & (high <= 100)).all()
    else:
        assert (high > low).all(), "an interval never has zero width"
    assert (columns["rank_low"][known] <= columns["rank"][known]).all()
    assert (columns["rank"][known] <= columns["rank_high"][known]).all()
    assert (np.diff(columns["rank"][known]) >= 0).all()
    assert (columns["unmet"][known] <= columns["importance"][known] + 1e-9).all()


@settings(max_examples=25)
@given(any_ratings(), st.floats(0.1, 50))
def test_results_do_not_depend_on_the_scale_of_the_weights(ratings, factor):
    left = scores_of(ratings).columns
    right = scores_of(ratings.with_weights(ratings.weights * factor)).columns
    for name in ("opportunity", "opportunity_se", "opportunity_low", "rank_high"):
        np.testing.assert_allclose(
            left[name].astype(float), right[name].astype(float), rtol=1e-6, atol=1e-6, err_msg=name
        )


def test_the_same_seed_gives_the_same_figures_and_another_seed_other_draws():
    rng = np.random.default_rng(3)
    codes = {scale: rng.integers(1, 6, (80, 12)).astype(np.uint8) for scale in ("importance", "satisfaction")}
    ratings = Ratings(tuple("abcdefghijkl"), codes)
    first, again, other = (scores_of(ratings, seed=seed, top=3).columns["p_top"] for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_ties_share_a_rank_and_are_listed_by_outcome():
    scores = scores_of(from_counts(100, b=(60, 20), a=(60, 20), c=(80, 10)))
    assert scores.columns["outcome"].tolist() == ["c", "a", "b"]
    assert scores.columns["rank"].tolist() == [1, 2, 2]
    assert ranks(np.array([1.0, 2.0, 2.0 + 1e-12, 0.0])).tolist() == [3, 1, 1, 4]


def test_outcomes_rated_alike_by_everybody_are_never_separated():
    rng = np.random.default_rng(0)
    one = {scale: rng.integers(1, 6, (200, 1)).astype(np.uint8) for scale in ("importance", "satisfaction")}
    ratings = Ratings(("a", "b"), {scale: np.repeat(codes, 2, axis=1) for scale, codes in one.items()})
    columns = scores_of(ratings, top=1).columns
    assert columns["rank_low"].tolist() == [1, 1]
    assert columns["rank_high"].tolist() == [2, 2]
    assert columns["p_top"].tolist() == [1, 1]


def test_clear_differences_give_ranges_of_one_rank():
    columns = scores_of(from_counts(400, a=(380, 20), b=(200, 200), c=(20, 380))).columns
    assert columns["rank_low"].tolist() == columns["rank_high"].tolist() == [1, 2, 3]
    assert columns["zone"].tolist() == ["underserved", "appropriate", "overserved"]
    assert columns["zone_certainty"][[0, 2]].tolist() == ["clear", "clear"]


@pytest.mark.parametrize(
    ("important", "satisfied", "zone"),
    [(80, 80, "table_stakes"), (80, 75, "table_stakes"), (80, 40, "underserved"), (30, 60, "overserved"),
     (50, 40, "appropriate"), (50, 50, "appropriate"), (70, 39, "underserved")],
)  # fmt: skip
def test_zones_follow_their_definitions_in_order(important, satisfied, zone):
    assert row(scores_of(from_counts(100, a=(important, satisfied), z=(1, 1))), "a")["zone"] == zone


def test_few_people_who_agree_are_not_called_certain():
    few = row(scores_of(from_counts(3, a=(3, 0), b=(1, 1))), "a")
    many = row(scores_of(from_counts(300, a=(300, 0), b=(100, 100))), "a")
    assert few["opportunity_se"] == many["opportunity_se"] == 0
    assert few["zone_certainty"] != "clear"
    assert many["zone_certainty"] == "clear"
    assert few["opportunity_low"] < 10 < many["opportunity_low"]


def test_one_respondent_has_no_standard_error_and_a_wide_interval():
    got = row(scores_of(from_counts(1, a=(1, 0), b=(0, 0))), "a")
    assert np.isnan(got["opportunity_se"])
    assert got["opportunity_high"] - got["opportunity_low"] > 10
    assert got["zone_certainty"] == "open"


def test_near_the_kink_is_flagged():
    flagged = {outcome: row(scores_of(from_counts(100, a=(60, 58), b=(90, 10))), outcome) for outcome in "ab"}
    assert flagged["a"]["near_kink"]
    assert not flagged["b"]["near_kink"]


def test_other_methods_rank_by_their_own_score():
    ratings = from_counts(100, wide=(60, 5), high=(95, 60))
    by_gap = scores_of(ratings, method="gap").columns
    assert by_gap["outcome"].tolist() == ["wide", "high"]
    np.testing.assert_allclose(by_gap["score"], by_gap["gap"])
    unmet = row(scores_of(ratings, method="unmet"), "high")
    assert unmet["score"] == pytest.approx(unmet["unmet"]) == pytest.approx(4.0)
    assert unmet["score_low"] < 4 < unmet["score_high"]


def test_the_unmet_share_has_the_standard_error_of_a_share():
    got = row(scores_of(from_counts(100, a=(70, 40), z=(1, 1)), method="unmet"), "a")
    p = got["unmet"] / 10
    assert got["score_se"] == pytest.approx(10 * np.sqrt(p * (1 - p) / 99), rel=1e-9)


def test_difficulty_stands_in_for_what_is_missing_to_satisfaction():
    plain = from_counts(100, a=(70, 20), b=(50, 50))
    hard = Ratings(
        plain.outcomes, {"importance": plain.scales["importance"], "difficulty": 6 - plain.scales["satisfaction"]}
    )
    got = row(scores_of(hard), "a")
    want = row(scores_of(plain), "a")
    assert got["difficulty"] == pytest.approx(8.0)
    for name in ("opportunity", "opportunity_se", "opportunity_low", "gap", "gap_se", "zone", "unmet"):
        assert got[name] == (want[name] if name == "zone" else pytest.approx(want[name])), name
