from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jtbd.store.columns import column_names
from jtbd.survey.model import Survey
from tests.store.samples import outcome, survey


def named(*plans: Survey) -> dict[tuple[int, str], str]:
    return column_names(list(enumerate(plans, 1)))


def test_equal_wordings_are_pooled_in_the_order_of_the_newest_plan() -> None:
    names = named(survey(outcome("a"), outcome("b")), survey(outcome("b"), outcome("a")))
    assert list(dict.fromkeys(names.values())) == ["b", "a"]
    assert names == {(1, "a"): "a", (1, "b"): "b", (2, "a"): "a", (2, "b"): "b"}


def test_another_wording_is_apart_under_the_first_revision_that_had_it() -> None:
    old, new = survey(outcome("a", "old"), outcome("b")), survey(outcome("a", "new"), outcome("b"))
    names = named(old, old, new)
    assert names[1, "a"] == names[2, "a"] == "a@r1"
    assert list(dict.fromkeys(names.values())) == ["a", "b", "a@r1"]


def test_going_back_to_an_old_wording_pools_with_it() -> None:
    old, new = survey(outcome("a", "old")), survey(outcome("a", "new"))
    assert named(old, new, old) == {(1, "a"): "a", (2, "a"): "a@r2", (3, "a"): "a"}


def test_an_outcome_that_is_gone_keeps_its_own_name_after_the_others() -> None:
    names = named(survey(outcome("gone", "old")), survey(outcome("gone", "new"), outcome("a")), survey(outcome("a")))
    assert list(dict.fromkeys(names.values())) == ["a", "gone", "gone@r1"]
    assert names[2, "gone"] == "gone"


wordings = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["x", "y", "z"]), min_size=1)


@given(st.lists(wordings, min_size=1, max_size=5))
def test_a_column_holds_one_wording_of_one_outcome_and_a_wording_has_one_column(texts: list[dict[str, str]]) -> None:
    names = named(*[survey(*[outcome(key, text) for key, text in plan.items()]) for plan in texts])
    wording = {(number, key): text for number, plan in enumerate(texts, 1) for key, text in plan.items()}
    assert names.keys() == wording.keys()
    held = {(name, place[1], wording[place]) for place, name in names.items()}
    assert len(held) == len({name for name, _, _ in held}) == len({(key, text) for _, key, text in held})
    assert [names[len(texts), key] for key in texts[-1]] == list(dict.fromkeys(names.values()))[: len(texts[-1])]
