"""What may be told of groups, so that nobody can work out what few people said."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from jtbd.analysis import Query, Source
from jtbd.analysis.disclosure import of_buyer, of_vendor, where_cells_are_small, withheld_outcomes
from jtbd.errors import InputError
from jtbd.ratings.model import Ratings

QUERY = Query(min_ratings=5)


def source_of(rows: list[tuple[str, str, bool]]) -> Source:
    """Respondents with a value of `kind` and of `place`; all rated `first`, those marked also `second`."""
    rated = np.array([[3, 3 if both else 0] for _, _, both in rows], np.uint8).reshape(-1, 2)
    attributes = {name: np.array([row[place] for row in rows], object) for place, name in enumerate(("kind", "place"))}
    scales = {"importance": rated, "satisfaction": rated.copy()}
    return Source("x", "x", Ratings(("first", "second"), scales, attributes, np.ones(len(rows))))


def people(**numbers: int) -> Source:
    return source_of([(kind, "", True) for kind, number in numbers.items() for _ in range(number)])


def shown(source: Source, *conditions: tuple[str, str]) -> bool:
    try:
        withheld_outcomes(source, QUERY, conditions)
    except InputError:
        return False
    return True


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ({"a": 10, "b": 8}, "ab"),
        ({"a": 10, "b": 3}, ""),  # all without a are the three of b
        ({"a": 10, "b": 8, "c": 3}, "a"),  # all without a and b are
        ({"a": 10, "b": 8, "c": 2, "d": 2}, "a"),
        ({"a": 10, "b": 8, "c": 3, "d": 3}, "ab"),
    ],
)
def test_a_value_is_told_where_no_small_one_follows_from_all(numbers: dict[str, int], told: str) -> None:
    source = people(**numbers)
    assert [kind for kind in numbers if shown(source, ("kind", kind))] == list(told)


def test_who_has_no_value_is_one_more_group() -> None:
    assert not shown(source_of([("a", "", True)] * 10 + [("", "", True)] * 2), ("kind", "a"))


def test_an_outcome_that_few_of_the_others_rated_is_withheld() -> None:
    rows = [("a", "", True)] * 10 + [("b", "", True)] * 2 + [("b", "", False)] * 10
    assert withheld_outcomes(source_of(rows), QUERY, [("kind", "a")]) == {"second"}


def test_conditions_go_together_where_every_combination_has_enough_people() -> None:
    cells = {("a", "x"): 9, ("a", "y"): 7, ("b", "x"): 8, ("b", "y"): 6}
    rows = [(*cell, True) for cell, number in cells.items() for _ in range(number)]
    both = [("kind", "a"), ("place", "x")]
    assert shown(source_of(rows), *both)
    assert not shown(source_of([*rows, ("c", "y", True)]), *both), "c follows from place y without a and b"
    assert withheld_outcomes(source_of([*rows, *[("c", "y", False)] * 5, ("a", "y", True)]), QUERY, both) == set()
    sparse = [*rows, *[("c", "y", False)] * 4, ("c", "y", True)]
    assert withheld_outcomes(source_of(sparse), QUERY, both) == {"second"}


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz"), st.booleans()), min_size=5, max_size=60))
def test_no_sum_or_difference_of_what_is_told_is_of_few_people(rows: list[tuple[str, str, bool]]) -> None:
    source = source_of(rows)
    kinds = sorted({kind for kind, _, _ in rows})
    for outcome, there in (("first", [1] * len(rows)), ("second", [int(both) for _, _, both in rows])):
        told = [
            {place for place, row in enumerate(rows) if row[0] == kind and there[place]}
            for kind in kinds
            if shown(source, ("kind", kind)) and outcome not in withheld_outcomes(source, QUERY, [("kind", kind)])
        ]
        everybody = {place for place in range(len(rows)) if there[place]}
        assume(len(everybody) >= 5)
        for number in range(len(told) + 1):
            for some in combinations(told, number):
                assert not 0 < len(everybody.difference(*some)) < 5


def test_by_value_one_large_customer_does_not_stand_for_five() -> None:
    rows = [(kind, "", True) for kind in "ab" for _ in range(8)]
    source = source_of(rows)
    worth = ["1"] * 8 + ["1000"] + ["1"] * 7
    source.ratings.attributes["worth"] = np.array(worth, object)  # type: ignore[index]  # a dict here
    assert shown(source, ("kind", "a"))
    with pytest.raises(InputError, match="fewer than 5"):
        withheld_outcomes(source, Query(value="worth", min_ratings=5), [("kind", "a")])


def test_three_standings_are_told_where_none_is_small() -> None:
    standing = np.array(["in"] * 8 + ["out"] * 3, object)
    with pytest.raises(InputError, match="fewer than 5"):
        where_cells_are_small(people(a=11), QUERY, [standing])


def test_a_vendor_reads_of_no_rival_from_whom_a_small_one_follows() -> None:
    source = people(ours=20, other=10, small=3)
    assert of_vendor(source, QUERY, "kind", "ours") == {name: {"first", "second"} for name in ("other", "small")}
    with pytest.raises(InputError, match="fewer than 5"):
        of_vendor(source, QUERY, "kind", "other")


def test_a_buyer_reads_of_no_users_elsewhere_beside_whom_few_are_inside() -> None:
    cells = {("us", "suite"): 9, ("us", "sheets"): 2, ("them", "suite"): 9, ("them", "sheets"): 9, ("them", "none"): 9}
    source = source_of([(*cell, True) for cell, number in cells.items() for _ in range(number)])
    kept_back = of_buyer(source, QUERY, ("kind", "place"), "us")
    assert kept_back["sheets"] == {"first", "second"}, "all users of sheets without these are two inside"
    hidden = [one for one in ("suite", "none") if kept_back.get(one)]
    assert len(hidden) == 1, "nor does it follow from all elsewhere without the others"
    assert not kept_back["us"]


def test_a_buyer_beside_whom_nobody_answered_reads_all_there_is() -> None:
    assert of_buyer(source_of([("us", "suite", True)] * 9), QUERY, ("kind", "place"), "us") == {"us": frozenset()}
