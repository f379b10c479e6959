"""What respondents are asked is in balance, whatever the map and however much each is asked."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jtbd.survey.adaptive import FLOOR, TOP, Standing, assigned, most_open, scores_and_variances
from jtbd.survey.design import Together, ask, blocks_of, least_seen, outcomes_of, tailored
from jtbd.survey.flow import progress
from jtbd.survey.model import AttentionItem, Design, DesignKind, Order, Page, RatedOutcome, Survey, SurveyMap
from jtbd.survey.simulate import draw_truth, simulate

NOTHING = Standing(*(np.zeros(0, np.int64) for _ in range(4)))


def survey(steps: list[int], wanted: int | None, kind: DesignKind = "balanced", order: Order = "map") -> Survey:
    """A survey over one map with steps of so many outcomes."""
    pages = tuple(
        Page(f"s{s}", f"Step {s}", outcomes=tuple(RatedOutcome(f"o{s}-{j}", "S", "A") for j in range(n)), map="m")
        for s, n in enumerate(steps)
    )
    maps = (SurveyMap("m", "acquire", "M", "a job", "", "0"),)
    return Survey(
        "s", "S", "I", "C", ("importance", "satisfaction"), "outcome", maps, pages, design=Design(kind, wanted, order)
    )


def field(plan: Survey, respondents: int, seed: int = 1) -> tuple[list[tuple[str, ...]], Together]:
    """What so many respondents are asked, one after the other."""
    ids = outcomes_of(plan, "m")
    together = np.zeros((len(ids), len(ids)), np.int64)
    asked = []
    for number in range(respondents):
        asked.append(assigned(plan, "m", together, NOTHING, seed + number))
        ask(together, [ids.index(one) for one in asked[-1]])
    return asked, together


@st.composite
def plans(draw: st.DrawFn) -> Survey:
    steps = draw(st.lists(st.integers(1, 12), min_size=2, max_size=12))
    return survey(steps, draw(st.integers(len(steps), sum(steps))), order=draw(st.sampled_from(["map", "random"])))


@given(plans(), st.integers(1, 60), st.integers(0, 10_000))
@settings(max_examples=60)
def test_everyone_gets_about_as_many_and_every_outcome_is_seen_equally_often(
    plan: Survey, respondents: int, seed: int
) -> None:
    asked, together = field(plan, respondents, seed)
    blocks = blocks_of(plan, "m")
    largest = max(map(len, blocks))
    for one in asked:
        assert len(set(one)) == len(one)
        assert abs(len(one) - (plan.design.outcomes_per_respondent or 0)) <= largest / 2
    times = together.diagonal()
    assert times.max() - times.min() <= 1
    for block in blocks:
        assert len({times[position] for position in block}) == 1


@given(plans())
@settings(max_examples=60)
def test_blocks_lie_within_steps_and_hold_every_outcome_once(plan: Survey) -> None:
    step = [number for number, page in enumerate(plan.pages) for _ in page.outcomes]
    blocks = blocks_of(plan, "m")
    assert [position for block in blocks for position in block] == list(range(len(step)))
    assert all(len({step[position] for position in block}) == 1 for block in blocks)
    assert max(map(len, blocks)) <= 4


@pytest.mark.parametrize("steps", [[9] * 12, [3, 8, 12, 5, 9, 9, 10, 7, 8, 11, 6, 12]])
def test_pairs_of_blocks_meet_equally_often(steps: list[int]) -> None:
    plan = survey(steps, 30)
    _, together = field(plan, 400)
    starts = [block.start for block in blocks_of(plan, "m")]
    pairs = together[np.ix_(starts, starts)][np.triu_indices(len(starts), 1)]
    assert pairs.min() >= 0.75 * pairs.mean()
    assert pairs.max() <= 1.3 * pairs.mean()


def test_what_drop_outs_leave_is_given_to_those_who_follow() -> None:
    plan = survey([9] * 12, 30)
    blocks, rng = blocks_of(plan, "m"), np.random.default_rng(5)
    together = np.zeros((108, 108), np.int64)
    for _ in range(300):
        chosen = least_seen(blocks, together, 30, rng)
        if rng.random() < 0.7:  # else they left before they rated anything, and are not counted
            ask(together, chosen)
    times = together.diagonal()
    assert times.max() - times.min() <= 1


def test_the_same_seed_chooses_the_same_and_another_seed_another_order() -> None:
    plan = survey([5, 5, 5], 8, order="random")
    together = np.zeros((15, 15), np.int64)
    assert assigned(plan, "m", together, NOTHING, 7) == assigned(plan, "m", together, NOTHING, 7)
    assert len({assigned(plan, "m", together, NOTHING, seed) for seed in range(20)}) > 15


def test_a_random_order_of_everything_keeps_steps_together_and_puts_each_first_equally_often() -> None:
    plan = survey([2, 3, 4], None, kind="full", order="random")
    asked, _ = field(plan, 600)
    assert all(sorted(one) == sorted(outcomes_of(plan, "m")) for one in asked)
    for one in asked:
        steps = [outcome.split("-")[0] for outcome in one]
        assert sum(a != b for a, b in pairwise(steps)) == 2
    first = Counter(one[0].split("-")[0] for one in asked)
    assert all(abs(times - 200) < 4 * np.sqrt(600 * 2 / 9) for times in first.values())
    within = Counter(next(outcome for outcome in one if outcome.startswith("o1")) for one in asked)
    assert all(abs(times - 200) < 4 * np.sqrt(600 * 2 / 9) for times in within.values())


def test_the_tailored_survey_shows_what_is_assigned_in_its_order() -> None:
    plan = survey([3, 3, 3], 3)
    shown = tailored(plan, {"m": ("o2-1", "o0-2", "o0-0")})
    assert [(page.id, [one.id for one in page.outcomes]) for page in shown.pages] == [
        ("s2", ["o2-1"]),
        ("s0", ["o0-2", "o0-0"]),
    ]
    assert tailored(shown, {"m": ("o2-1", "o0-2", "o0-0")}) == shown
    assert tailored(plan, {}) == plan


def test_an_attention_item_moves_where_its_page_is_not_shown() -> None:
    plan = survey([3, 3, 3], 3)
    item = AttentionItem("look", "Choose 4", 4, 2)
    plan = replace(plan, pages=(replace(plan.pages[0], attention=item), *plan.pages[1:]))
    stays = tailored(plan, {"m": ("o2-1", "o0-2")})
    assert [page.attention and page.attention.position for page in stays.pages] == [None, 1]
    moves = tailored(plan, {"m": ("o1-0", "o1-1", "o1-2")})
    assert [page.attention and (page.attention.id, page.attention.position) for page in moves.pages] == [("look", 2)]


def test_the_time_told_is_that_of_the_part_asked() -> None:
    assert progress(survey([10] * 10, 30), {}, "s0").minutes_left == 20  # no mode: all the pages there are
    shown = tailored(survey([10] * 10, 30), {"m": [f"o{s}-{j}" for s in range(10) for j in range(3)]})
    assert progress(shown, {}, "s0").minutes_left == 6


def standing(important: list[float], served: list[float], n: int) -> Standing:
    a, b = np.array(important), np.array(served)
    rated = np.full(len(a), n)
    return Standing(rated, *(np.rint(n * share).astype(np.int64) for share in (a, b, a * b)))


def test_adaptive_asks_in_balance_until_all_have_their_floor() -> None:
    plan = survey([10] * 10, 30, kind="adaptive")
    blocks, together = blocks_of(plan, "m"), np.zeros((100, 100), np.int64)
    known = standing([0.5] * 100, [0.5] * 100, FLOOR)
    known.rated[3] = FLOOR - 1
    before = most_open(blocks, together, known, 30, np.random.default_rng(1))
    assert before == least_seen(blocks, together, 30, np.random.default_rng(1))
    known.rated[3] = FLOOR
    assert most_open(blocks, together, known, 30, np.random.default_rng(1)) != before


def test_adaptive_gives_a_third_to_the_least_asked_and_the_rest_to_the_cut() -> None:
    plan = survey([10] * 10, 30, kind="adaptive")
    together = np.zeros((100, 100), np.int64)
    np.fill_diagonal(together, 100)
    together[range(90, 100), range(90, 100)] = 50
    important = np.linspace(0.95, 0.1, 100)
    chosen = most_open(
        blocks_of(plan, "m"), together, standing(important.tolist(), [0.5] * 100, 100), 30, np.random.default_rng(1)
    )
    assert len(set(chosen)) == 30
    assert set(range(90, 100)) <= set(chosen)
    assert set(range(TOP - 5, TOP + 5)) <= set(chosen)
    assert max(set(chosen) - set(range(90, 100))) < 30


def test_scores_and_variances_are_those_of_the_shares() -> None:
    rng = np.random.default_rng(3)
    n = 4000
    important, served = rng.random((n, 1)) < 0.7, rng.random((n, 1)) < 0.4
    counts = Standing(np.array([n]), *(one.sum(axis=0) for one in (important, served, important & served)))
    score, variance = scores_and_variances(counts)
    lift = 2.0 * important - served
    assert score[0] == pytest.approx(lift.mean(), abs=2e-3)
    assert variance[0] == pytest.approx(lift.var(), rel=0.01)


@pytest.mark.parametrize("kind", ["balanced", "adaptive"])
def test_simulated_respondents_follow_the_design(kind: DesignKind) -> None:
    plan = survey([8] * 5, 12, kind=kind, order="random")
    rng = np.random.default_rng(2)
    responses = list(simulate(plan, draw_truth(plan, rng), 300, rng, datetime(2026, 1, 5, tzinfo=UTC)))
    assert all(set(one.ratings) == set(one.assigned["m"]) for one in responses)
    assert all(11 <= len(one.ratings) <= 13 for one in responses)
    times = Counter(outcome for one in responses for outcome in one.ratings).values()
    assert (max(times) - min(times) <= 1) == (kind == "balanced")
    assert min(times) >= FLOOR
