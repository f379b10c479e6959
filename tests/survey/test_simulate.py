"""Scripted respondents answer as a person could, and from a truth that is known exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest
from scipy.special import ndtr

from jtbd.settings import Settings
from jtbd.survey.answers import PREFIXES, check_page
from jtbd.survey.compile import load_survey
from jtbd.survey.flow import pages_for
from jtbd.survey.model import SCALES, Scale, Survey
from jtbd.survey.simulate import SimulatedResponse, Truth, draw_truth, simulate, truth_table
from tests.survey.samples import small_workspace

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    survey = load_survey(small_workspace(tmp_path_factory.mktemp("simulate")), "tiny")
    return replace(survey, scales=SCALES)


@pytest.fixture(scope="module")
def truth(survey: Survey) -> Truth:
    return draw_truth(survey, np.random.default_rng(1))


@pytest.fixture(scope="module")
def responses(survey: Survey, truth: Truth) -> list[SimulatedResponse]:
    return list(simulate(survey, truth, 20_000, np.random.default_rng(2), START))


def tops(responses: list[SimulatedResponse], outcome: str, scale: Scale) -> np.ndarray:
    """Whether each rating of `outcome` is a 4 or 5."""
    given = [getattr(one.ratings[outcome], scale) for one in responses if outcome in one.ratings]
    return np.array([rating >= 4 for rating in given if rating is not None])


def far(share: float, expected: float, n: int) -> float:
    """How many standard errors the share of `n` is from what is expected."""
    return (share - expected) / np.sqrt(expected * (1 - expected) / n)


@pytest.mark.parametrize("scale", SCALES)
def test_shares_in_a_cell_approach_phi_of_mu(
    survey: Survey, truth: Truth, responses: list[SimulatedResponse], scale: Scale
) -> None:
    distances = []
    for v, solution in enumerate(truth.shares["solution"]):
        for b, organisation in enumerate(truth.shares["organisation"]):
            cell = [
                one
                for one in responses
                if one.answers["solution"] == solution and one.answers["organisation"] == organisation
            ]
            expected = ndtr(truth.latent_means(scale, v, b))
            for j, outcome in enumerate(truth.outcomes):
                found = tops(cell, outcome, scale)
                distances.append(far(found.mean(), expected[j], found.size))
    assert len(distances) == 3 * 6 * 7
    assert max(np.abs(distances)) < 4.5
    assert abs(np.mean(distances)) < 0.3  # a cut .03 off gives more than .4
    assert 0.6 < np.mean(np.square(distances)) < 1.5


def test_the_truth_table_is_what_many_respondents_say(truth: Truth, responses: list[SimulatedResponse]) -> None:
    for true in truth_table(truth):
        for scale in SCALES:
            found = tops(responses, true.outcome, scale)
            share = getattr(true, scale) / 10
            assert abs(far(found.mean(), share, found.size)) < 4
            assert found.size > 5_000  # so that .02 off would fail


def test_ratings_of_one_person_hang_together_within_a_scale_only(
    truth: Truth, responses: list[SimulatedResponse]
) -> None:
    some = [one for one in responses if one.answers["mode"] == "acquire"]

    def correlation(left: tuple[str, Scale], right: tuple[str, Scale]) -> float:
        pairs = [(getattr(one.ratings[left[0]], left[1]), getattr(one.ratings[right[0]], right[1])) for one in some]
        return float(np.corrcoef(np.array([pair for pair in pairs if None not in pair]).T)[0, 1])

    first, second = "sample-audience-time", "sample-handover-effort"
    assert 0.12 < correlation((first, "importance"), (second, "importance")) < 0.22
    assert abs(correlation((first, "importance"), (first, "satisfaction"))) < 0.05


def test_two_in_a_hundred_ratings_are_left_blank(responses: list[SimulatedResponse]) -> None:
    given = [getattr(rating, scale) for one in responses[:5000] for rating in one.ratings.values() for scale in SCALES]
    assert 0.018 < given.count(None) / len(given) < 0.022
    assert set(given) == {None, 1, 2, 3, 4, 5}


def test_every_response_is_one_that_the_forms_would_accept(survey: Survey, responses: list[SimulatedResponse]) -> None:
    for one in responses[:200]:
        kept: dict[str, object] = {}
        for page in pages_for(survey, one.answers):
            raw = {question.id: [str(one.answers[question.id] or "")] for question in page.questions}
            for outcome in page.outcomes:
                rating = one.ratings[outcome.id]
                raw |= {PREFIXES[scale] + outcome.id: [str(getattr(rating, scale) or "")] for scale in SCALES}
            submission, problems = check_page(survey, page, raw)
            assert problems == ()
            kept |= submission.ratings
        assert kept == one.ratings


def test_responses_follow_one_another_and_take_as_long_as_a_person_would(responses: list[SimulatedResponse]) -> None:
    assert responses[0].started_at == START
    starts = [one.started_at for one in responses]
    assert starts == sorted(starts)
    seconds = [(one.completed_at - one.started_at).total_seconds() for one in responses]
    assert 80 < np.mean(seconds) < 130  # 4 questions, 4 outcomes on three scales: 104 s


def test_the_same_seed_gives_the_same_responses(survey: Survey) -> None:
    def play(seed: int) -> list[SimulatedResponse]:
        rng = np.random.default_rng(seed)
        return list(simulate(survey, draw_truth(survey, rng), 5, rng, START))

    assert play(3) == play(3)
    assert play(3) != play(4)


def test_the_shipped_survey_can_be_simulated() -> None:
    survey = load_survey(Settings.read("/nowhere", {}), "revenue-modes")
    rng = np.random.default_rng(5)
    truth = draw_truth(survey, rng)
    table = truth_table(truth)
    assert [one.outcome for one in table] == list(survey.outcomes)
    assert all(0 <= one.opportunity <= 20 and one.difficulty is None for one in table)
    for one in simulate(survey, truth, 20, rng, START):
        asked = {outcome.id for page in pages_for(survey, one.answers) for outcome in page.outcomes}
        assert set(one.ratings) == asked


def test_some_solutions_are_clearly_better_and_each_organisation_is_worse_somewhere() -> None:
    survey = load_survey(Settings.read("/nowhere", {}), "revenue-modes")
    truth = draw_truth(survey, np.random.default_rng(6))
    assert truth.solution_effect.shape[0] == 6
    assert (truth.solution_effect[:3] > 0.9).sum() > (truth.solution_effect[3:] > 0.9).sum() + 5
    assert ((truth.organisation_effect < -0.5).sum(axis=1) >= 3).all()


def test_difficulty_stands_in_for_satisfaction_where_that_is_not_asked(survey: Survey) -> None:
    only = replace(survey, scales=("importance", "difficulty"))
    for one in truth_table(draw_truth(only, np.random.default_rng(7))):
        assert one.satisfaction is None
        assert one.difficulty is not None
        assert one.opportunity == pytest.approx(one.importance + max(one.importance - (10 - one.difficulty), 0))
