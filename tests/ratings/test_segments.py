import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal
from sklearn.metrics import adjusted_rand_score

from jtbd.ratings import one_population as population
from jtbd.ratings.factor_kmeans import FactorKMeans, filled_in, number_of_factors, pair_correlations, standardised
from jtbd.ratings.latent_classes import LatentClasses
from jtbd.ratings.model import Ratings
from jtbd.ratings.segments import PEOPLE_FROM, Solution, find_segments, varied_outcomes
from tests.ratings.segment_samples import draw


def answers_of(ratings: Ratings) -> np.ndarray:
    answers = np.hstack([ratings.scales["importance"], ratings.scales["satisfaction"]]).astype(float)
    answers[answers == 0] = np.nan
    return answers


@pytest.mark.parametrize("missing", [0.0, 0.4])
def test_latent_classes_agree_with_stepmix(missing):
    """An independent program, from its own starts: the same likelihood, BIC and probabilities."""
    from stepmix.stepmix import StepMix

    rng = np.random.default_rng(3)
    ratings, _ = draw(rng, 500, 3, missing=missing)
    answers = answers_of(ratings)
    ours = LatentClasses(prior=1e-6).fit(answers, 3, rng, 10)
    high = np.where(np.isnan(answers), np.nan, answers >= 4)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        other = StepMix(3, measurement="binary_nan", n_init=10, random_state=1, progress_bar=0, abs_tol=1e-7).fit(high)
        theirs = other.predict_proba(high)
    assert ours.log_likelihood == pytest.approx(500 * other.score(high), rel=1e-4)
    assert ours.bic == pytest.approx(other.bic(high), rel=1e-4)
    assert adjusted_rand_score(ours.assigned, theirs.argmax(axis=1)) > 0.98
    assert np.sort(ours.probabilities, axis=1) == pytest.approx(np.sort(theirs, axis=1), abs=0.05)


def test_a_respondent_with_missing_answers_counts_by_the_others():
    rng = np.random.default_rng(1)
    ratings, truth = draw(rng, 600, 2, apart=1.2, missing=0.5)
    found = LatentClasses().fit(answers_of(ratings), 2, rng, 10)
    assert adjusted_rand_score(truth, found.assigned) > 0.8


@pytest.mark.parametrize(("by_model", "segments"), [("lca", 2), ("lca", 3), ("kmeans", 2)])
def test_planted_segments_are_found_again(by_model, segments):
    rng = np.random.default_rng(5)
    ratings, truth = draw(rng, 400, segments, apart=1.1)
    found = find_segments(ratings, "satisfaction", ratings.outcomes, [segments], by_model, 20, rng)
    assert found.accepted, found.solutions[0].reasons
    assert adjusted_rand_score(truth, found.accepted.probabilities.argmax(axis=1)) >= 0.9
    assert sum(found.accepted.people) == 400
    assert list(found.accepted.people) == sorted(found.accepted.people, reverse=True)


@pytest.mark.parametrize("by_model", ["lca", "kmeans"])
@pytest.mark.parametrize("leaning", [0.0, 0.6])
def test_one_population_is_not_divided(by_model, leaning):
    rng = np.random.default_rng(6)
    ratings, _ = draw(rng, 400, 1, leaning=leaning)
    assert find_segments(ratings, "satisfaction", ratings.outcomes, [2, 3], by_model, 20, rng).accepted is None


def test_people_who_lean_high_or_low_make_no_segments():
    """By BIC they are two kinds of people, and they are parted alike most of the time."""
    rng = np.random.default_rng(2)
    ratings, _ = draw(rng, 400, 1, leaning=0.8)
    (solution,) = find_segments(ratings, "satisfaction", ratings.outcomes, [2], "lca", 20, rng).solutions
    assert solution.bic < solution.bic_of_one
    assert solution.rand > 0.6
    assert solution.reasons


def solution(**changed: object) -> Solution:
    good = {
        "groups": 2, "bic": 90.0, "bic_of_one": 100.0, "rand": 0.8, "jaccard": (0.75, 0.9), "people": (90, PEOPLE_FROM),
        "certainty": 0.9, "chance": 0.05, "probabilities": np.empty((0, 2)),
    }  # fmt: skip
    return Solution(**(good | changed))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"bic": 100.0}, "fits no better than one group"),
        ({"people": (90, 49)}, "under 50 people"),
        ({"rand": 0.799}, "otherwise"),
        ({"jaccard": (0.9, 0.749)}, "not found again"),
        ({"chance": 0.051}, "one population"),
    ],
)
def test_each_rule_refuses_alone(changed, reason):
    assert solution().reasons == ()
    (said,) = solution(**changed).reasons
    assert reason in said


def test_the_same_seed_finds_the_same():
    ratings, _ = draw(np.random.default_rng(1), 300, 2)
    first, again = (
        find_segments(ratings, "satisfaction", ratings.outcomes, [2], "kmeans", 20, np.random.default_rng(9))
        for _ in range(2)
    )
    assert first.solutions[0].rand == again.solutions[0].rand
    assert (first.solutions[0].probabilities == again.solutions[0].probabilities).all()


def test_people_who_rated_too_little_are_left_out():
    ratings, _ = draw(np.random.default_rng(1), 300, 2)
    for matrix in ratings.scales.values():
        matrix[:100, 2:] = 0
    found = find_segments(ratings, "satisfaction", ratings.outcomes, [2], "lca", 20, np.random.default_rng(1))
    assert found.rows.tolist() == list(range(100, 300))


def test_outcomes_are_chosen_by_how_much_the_gap_varies():
    rng = np.random.default_rng(1)
    importance = np.full((100, 8), 3, np.uint8)
    satisfaction = np.full((100, 8), 3, np.uint8)
    importance[:, 2] = rng.choice([1, 5], 100)
    satisfaction[:, 5] = rng.choice([2, 4], 100)
    importance[:80, 7] = 0  # varies most, but a fifth of people rated it
    importance[80:, 7], satisfaction[80:, 7] = 5, rng.choice([1, 5], 20)
    names = tuple("abcdefgh")
    ratings = Ratings(names, {"importance": importance, "satisfaction": satisfaction})
    assert varied_outcomes(ratings, "satisfaction", 2) == ("c", "f")
    turned = Ratings(names, {"importance": importance, "difficulty": np.where(satisfaction, 6 - satisfaction, 0)})
    assert varied_outcomes(turned, "difficulty", 2) == ("c", "f")


@given(st.floats(-2, 2), st.floats(-2, 2), st.floats(-0.95, 0.95))
@settings(max_examples=40)
def test_both_high_is_the_bivariate_normal(a, b, correlation):
    ours = population._both_high(*(np.array([one]) for one in (a, b, correlation)))[0]
    theirs = multivariate_normal.cdf([a, b], mean=[0, 0], cov=[[1, correlation], [correlation, 1]])
    assert ours == pytest.approx(theirs, abs=2e-4)


def test_one_population_has_the_shares_and_correlations_of_the_answers():
    rng = np.random.default_rng(4)
    ratings, _ = draw(rng, 4000, 2, missing=0.3)
    answers = answers_of(ratings)
    drawn = population.one_population(answers).draw(~np.isnan(answers), rng)
    assert (np.isnan(drawn) == np.isnan(answers)).all()
    for code in range(1, 6):
        assert np.abs(np.nanmean(drawn == code, axis=0) - np.nanmean(answers == code, axis=0)).max() < 0.03
    high, again = (standardised(np.where(np.isnan(one), np.nan, one >= 4)) for one in (answers, drawn))
    assert np.abs(pair_correlations(high) - pair_correlations(again)).max() < 0.1


def test_missing_answers_are_filled_in_with_their_mean_given_the_others():
    rng = np.random.default_rng(8)
    whole = rng.multivariate_normal([0, 0], [[1, 0.7], [0.7, 1]], 5000)
    scaled = standardised(whole)
    scaled[:1000, 1] = np.nan
    filled = filled_in(scaled)
    assert (filled[1000:] == scaled[1000:]).all()
    assert filled[:1000, 1] == pytest.approx(0.7 * scaled[:1000, 0], abs=0.05)


def test_chance_makes_no_factors():
    rng = np.random.default_rng(2)
    noise = rng.integers(1, 6, (500, 12)).astype(float)
    assert number_of_factors(noise, rng) <= 2
    shared = rng.standard_normal((500, 2)) @ np.kron(np.eye(2), np.ones((1, 6)))
    codes = 1.0 + np.digitize(shared + rng.standard_normal(shared.shape), [-1.5, -0.5, 0.5, 1.5])
    assert number_of_factors(codes, rng) == 2


def test_a_question_that_all_answer_alike_does_no_harm():
    rng = np.random.default_rng(2)
    ratings, _ = draw(rng, 300, 2)
    answers = answers_of(ratings)
    answers[:, 0] = 5
    for model in (LatentClasses(), FactorKMeans(2)):
        assert np.isfinite(model.fit(answers, 2, rng, 5).bic)
    assert population.one_population(answers).draw(~np.isnan(answers), rng)[:, 0].mean() > 4.9
