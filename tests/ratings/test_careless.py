"""Signs of careless responding: the indices against R's `careless`, and what counts as a sign."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jtbd.ratings.careless import Conduct, long_run, longest_run, look_for_signs, variability
from jtbd.ratings.model import Ratings
from jtbd.ratings.read import read_ratings
from tests.reference import DATA, rows

VARIED = [1, 5, 2, 4, 3, 5, 1, 4, 2, 5]


def answered(*people: tuple[list[int], list[int]]) -> Ratings:
    importance, satisfaction = (np.array(grid, np.uint8) for grid in zip(*people, strict=True))
    outcomes = tuple(f"o{number}" for number in range(importance.shape[1]))
    return Ratings(outcomes, {"importance": importance, "satisfaction": satisfaction})


def conduct(seconds: float = np.nan, shown: int = 0, failed: int = 0) -> Conduct:
    return Conduct(np.array([seconds]), np.array([shown]), np.array([failed]))


def signs(*people: tuple[list[int], list[int]], **known: float) -> set[str]:
    """The signs of the first."""
    found = look_for_signs(answered(*people), conduct=conduct(**known) if known else None)
    return {name for name, shows in found.signs.items() if shows[0]}


def test_run_and_variability_equal_those_of_r():
    expected = rows("expected_careless")
    found = look_for_signs(read_ratings(DATA).ratings)
    for scale, column in (("importance", "imp"), ("satisfaction", "sat")):
        assert found.run[scale].tolist() == [int(row[f"{column}_longstr"]) for row in expected]
        assert found.sd[scale] == pytest.approx([float(row[f"{column}_irv"]) for row in expected], abs=1e-12)


def test_nobody_of_the_reference_is_flagged():
    assert not look_for_signs(read_ratings(DATA).ratings).flagged.any()


def test_the_same_answer_to_everything_on_both_grids_is_two_signs_and_not_three():
    found = look_for_signs(answered(([3] * 10, [4] * 10)))
    assert {name for name, shows in found.signs.items() if shows[0]} == {
        "run_importance",
        "run_satisfaction",
        "variability",
    }
    assert found.count.tolist() == [2]
    assert found.flagged.all()


def test_finding_everything_important_is_one_sign():
    found = look_for_signs(answered(([5] * 10, VARIED)))
    assert found.count.tolist() == [1]
    assert not found.flagged.any()


def test_low_variability_needs_both_grids():
    hardly = [4] * 9 + [5]
    assert signs((hardly, [*hardly[1:], 4])) == {"variability"}
    assert signs((hardly, VARIED)) == set()


def test_a_run_on_one_grid_and_low_variability_on_both_are_two_signs():
    found = look_for_signs(answered(([4] * 10, [3] * 9 + [2])))
    assert found.count.tolist() == [2]


def test_too_few_ratings_say_nothing():
    assert signs(([3] * 7, [3] * 7)) == set()
    assert look_for_signs(answered(([3] * 7, [3] * 7))).not_looked_at == (
        "run_importance",
        "run_satisfaction",
        "variability",
        "pace",
        "attention",
        "duplicate",
    )


@pytest.mark.parametrize(("seconds", "fast"), [(1.99, True), (2.0, False), (np.nan, False)])
def test_under_two_seconds_a_rating_is_a_sign(seconds, fast):
    assert signs((VARIED, VARIED), seconds=seconds) == ({"pace"} if fast else set())


@pytest.mark.parametrize(
    ("shown", "failed", "careless"), [(0, 0, False), (1, 1, True), (2, 1, True), (3, 1, False), (3, 2, True)]
)
def test_half_of_the_attention_items_missed_is_a_sign(shown, failed, careless):
    assert signs((VARIED, VARIED), shown=shown, failed=failed) == ({"attention"} if careless else set())


def test_pace_and_attention_together_flag():
    found = look_for_signs(answered((VARIED, VARIED)), conduct=conduct(1.0, 2, 2))
    assert found.flagged.tolist() == [True]
    assert found.not_looked_at == ()


def test_all_answers_of_another_respondent_are_a_sign_of_both():
    other = VARIED[::-1]
    found = look_for_signs(answered((VARIED, other), (other, VARIED), (VARIED, other)))
    assert found.duplicates.tolist() == [1, 0, 1]
    assert found.count.tolist() == [1, 0, 1]


def test_two_who_give_one_answer_to_everything_are_not_copies_of_each_other():
    found = look_for_signs(answered(([3] * 10, [3] * 10), ([3] * 10, [3] * 10)))
    assert found.duplicates.tolist() == [0, 0]
    assert found.count.tolist() == [2, 2]


def test_a_blank_ends_a_run_and_a_line_left_out_does_not():
    codes = np.array([[4, 4, 0, 4, 4, 4]], np.uint8)
    assert longest_run(codes).tolist() == [3]
    assert longest_run(codes, left_out=codes == 0).tolist() == [5]


def test_runs_follow_the_order_asked():
    ratings = answered(([1, 2] * 5, VARIED))
    columns = np.array([0, 2, 4, 6, 8, 1, 3, 5, 7, 9])
    assert look_for_signs(ratings).run["importance"].tolist() == [1]
    assert look_for_signs(ratings, asked=[(np.array([0]), columns)]).run["importance"].tolist() == [5]


def test_a_long_run_depends_on_how_many_were_rated():
    assert long_run(np.array([8, 17, 20, 40, 100, 300])).tolist() == [8, 17, 18, 19, 21, 23]


@given(arrays(np.uint8, st.tuples(st.integers(1, 4), st.integers(1, 12)), elements=st.integers(0, 5)))
def test_vectorised_indices_are_those_of_each_row_by_hand(codes):
    for row, run, sd in zip(codes, longest_run(codes), variability(codes), strict=True):
        runs = [len(part) for value in "12345" for part in "".join(map(str, row)).translate(_only(value)).split("x")]
        assert run == max(runs)
        given_ = row[row > 0].astype(float)
        assert sd == pytest.approx(np.std(given_, ddof=1) if len(given_) > 1 else np.nan, nan_ok=True, abs=1e-12)


def _only(value: str) -> dict[int, str]:
    return {ord(digit): digit if digit == value else "x" for digit in "012345"}
