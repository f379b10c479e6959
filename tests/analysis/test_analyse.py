import numpy as np
import pandas as pd
import pytest

import jtbd
from jtbd.analysis import Query, analyse, source_from_frame
from jtbd.analysis.query import parse_where
from jtbd.errors import InputError
from tests.reference import DATA


def frame(n: int = 60, seed: int = 1) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    data = {f"{scale}_{name}": rng.integers(1, 6, n) for name in "abc" for scale in ("imp", "sat", "dif")}
    return pd.DataFrame({"role": rng.choice(["x", "y", "z"], n), "weight": rng.uniform(0.5, 2, n), **data})


def codes(call) -> set[str]:
    with pytest.raises(InputError) as caught:
        call()
    return {issue.code for issue in caught.value.issues}


def test_the_public_function_gives_the_columns_of_the_contract():
    got = jtbd.score(DATA)
    assert list(got.columns[:25]) == [
        "outcome", "statement", "step", "n", "n_eff", "importance", "importance_se", "satisfaction",
        "satisfaction_se", "gap", "gap_se", "opportunity", "opportunity_se", "opportunity_low", "opportunity_high",
        "rank", "rank_low", "rank_high", "p_top", "zone", "zone_probability", "zone_certainty", "near_kink", "unmet",
        "method",
    ]  # fmt: skip
    assert got["rank"].tolist() == sorted(got["rank"])
    assert got.attrs["provenance"]["respondents"] == 320


def test_by_puts_the_group_first_and_another_method_adds_its_score():
    got = jtbd.score(DATA, by="segment", method="gap")
    assert got.columns[0] == "group"
    assert {"score", "score_se", "score_low", "score_high"} <= set(got.columns)
    assert got.groupby("group")["outcome"].count().to_dict() == {"A": 12, "B": 12, "C": 12}


def test_difficulty_columns_take_the_place_of_satisfaction():
    got = jtbd.score(frame(), scale="difficulty")
    assert {"difficulty", "difficulty_se"} <= set(got.columns)
    assert "satisfaction" not in got.columns
    assert "satisfaction" in jtbd.score(frame()).columns, "satisfaction is the default where there are three"


def test_comparing_gives_the_columns_of_the_contract():
    got = jtbd.compare(DATA, by="segment")
    assert list(got.columns) == [
        "outcome", "group_a", "group_b", "difference", "difference_se", "p", "p_bh", "p_holm", "detectable",
        "n_a", "n_eff_a", "n_b", "n_eff_b",
    ]  # fmt: skip
    assert len(got) == 36


def test_the_detectable_difference_is_what_a_test_would_find_in_four_of_five_studies():
    got = jtbd.compare(DATA, by="segment")
    rng = np.random.default_rng(2)
    row = got.iloc[0]
    found = np.abs(rng.normal(row["detectable"], row["difference_se"], 200_000)) > 1.959964 * row["difference_se"]
    assert found.mean() == pytest.approx(0.8, abs=0.005)


def test_results_are_read_by_value_where_a_column_says_what_respondents_are_worth():
    data = frame().assign(revenue=["9", "1"] * 30)
    people, value = jtbd.score(data), jtbd.score(data, value="revenue")
    heavy = jtbd.score(data, weight="revenue")
    pd.testing.assert_frame_equal(value, heavy)
    assert (value["design_effect"] > 1.5).all()
    assert (people["design_effect"] == 1).all()


def test_value_multiplies_the_weights_after_raking(tmp_path):
    data = frame().assign(half=["x", "x", "y"] * 20, revenue=["9", "1", "4"] * 20)
    targets = tmp_path / "targets.csv"
    targets.write_text("variable,level,share\nhalf,x,0.2\nhalf,y,0.8\n")
    both = jtbd.score(data, rake=targets, value="revenue").set_index("outcome")
    raked = np.where(data["half"] == "x", 0.2 * 3 / 2, 0.8 * 3)
    by_hand = jtbd.score(data.assign(w=raked * data["revenue"].astype(float)), weight="w").set_index("outcome")
    np.testing.assert_allclose(both["opportunity"], by_hand.loc[both.index, "opportunity"])


@pytest.mark.parametrize("trim", [1.0, 0.5, float("inf"), float("nan")])
def test_a_bound_on_weights_of_one_or_less_is_refused(trim):
    assert codes(lambda: jtbd.score(frame(), trim=trim)) == {"bad-option"}


def test_where_may_be_a_mapping_or_conditions():
    pd.testing.assert_frame_equal(jtbd.score(DATA, where={"segment": "A"}), jtbd.score(DATA, where=["segment=A"]))


def test_one_condition_need_not_be_in_a_list():
    assert len(jtbd.score(DATA, where="segment=A")) == 12


def test_conditions_on_two_columns_must_both_hold():
    data = frame().assign(team=["p", "q"] * 30)
    both = jtbd.score(data, where={"role": "x", "team": "p"})
    assert both["n"].max() == int(((data["role"] == "x") & (data["team"] == "p")).sum())


def test_raking_comes_before_where(tmp_path):
    targets = tmp_path / "t.csv"
    targets.write_text("variable,level,share\nrole,x,0.5\nrole,y,0.3\nrole,z,0.2\n")
    data = frame()
    part = jtbd.score(data, where={"role": "x"}, rake=targets)
    assert part["n_eff"].iloc[0] == pytest.approx((data["role"] == "x").sum()), "equal weights within the level"


def test_where_keeps_the_n_of_the_variance():
    data = frame(40)
    data["half"] = ["in"] * 20 + ["out"] * 20
    alone = jtbd.score(data.head(20)).set_index("outcome")["importance_se"]
    domain = jtbd.score(data, where={"half": "in"}).set_index("outcome")["importance_se"]
    np.testing.assert_allclose(domain / alone, np.sqrt((40 / 39) / (20 / 19)))


def test_small_groups_are_named_and_not_scored():
    data = frame(30)
    data["role"] = ["big"] * 26 + ["small"] * 3 + [None]
    answer = analyse(source_from_frame(data), Query(by="role"))
    assert list(answer.groups) == ["big"]
    assert {(note.code, "small" in note.message) for note in answer.notes} >= {
        ("small-group", True),
        ("no-group-value", False),
    }
    assert list(analyse(source_from_frame(data), Query(by="role", min_group=3)).groups) == ["big", "small"]


@pytest.mark.parametrize(
    ("roles", "said"),
    [
        (["big"] * 27 + ["small"] * 3, "what the 3 people who are left out said"),
        (["big"] * 27 + ["small"] * 2 + [None], "what the 3 people who are left out said"),
        (["big"] * 29 + ["small"], "what the 1 person who is left out said"),
        (["big"] * 24 + ["small"] * 3 + ["tiny"] * 3, ""),  # nobody can tell these apart
        (["big"] * 20 + ["small"] * 3 + [None] * 7, ""),
        (["big"] * 20 + [None] * 10, ""),
    ],
)
def test_it_is_said_where_a_small_group_follows_from_the_others(roles, said):
    answer = analyse(source_from_frame(frame(30).assign(role=roles)), Query(by="role"))
    found = [note.message for note in answer.notes if note.code == "small-group-follows"]
    assert [one.startswith(said) for one in found] == [True] * bool(said)


def test_an_outcome_nobody_rated_stands_last_without_figures():
    data = frame(30).assign(imp_c=None)
    got = jtbd.score(data).set_index("outcome")
    assert got.index[-1] == "c"
    assert got.loc["c", "n"] == 0
    assert got.loc["c", ["opportunity", "rank", "p_top"]].isna().all()
    assert any("not-rated" in note for note in jtbd.score(data).attrs["notes"])


def test_all_ratings_equal_claim_nothing():
    data = frame(50)
    data[[column for column in data.columns if "_" in column]] = 4
    got = jtbd.score(data)
    assert got["rank"].tolist() == [1, 1, 1]
    assert got["rank_low"].tolist() == [1, 1, 1]
    assert got["rank_high"].tolist() == [3, 3, 3]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"by": "nothing"}, "unknown-column"),
        ({"where": {"nothing": "x"}}, "unknown-column"),
        ({"where": {"role": "nobody"}}, "unknown-value"),
        ({"where": ["role"]}, "bad-condition"),
        ({"weight": "role"}, "bad-weight"),
        ({"method": "nothing"}, "bad-option"),
        ({"scale": "nothing"}, "bad-option"),
        ({"level": 2}, "bad-option"),
        ({"by": "weight"}, "no-group"),
    ],
)
def test_bad_options_are_issues(options, code):
    assert code in codes(lambda: jtbd.score(frame(), **options))


def test_conditions_that_exclude_each_other_leave_nobody():
    data = frame().assign(team=["p", "q"] * 30, half=["q", "p"] * 30)
    assert codes(lambda: jtbd.score(data, where={"team": "p", "half": "p"})) == {"nobody-left"}


def test_values_of_conditions_may_hold_an_equals_sign():
    assert parse_where(["role=a=b"]) == (("role", "a=b"),)


@pytest.mark.parametrize(
    "options", [{"level": 0.9999}, {"level": "0.9"}, {"top": 2.5}, {"seed": 1.5}, {"seed": -1}, {"wave": 10**30},
                {"wave": 1}, {"complete_only": True}]
)  # fmt: skip
def test_options_that_make_no_sense_for_these_data_are_refused(options):
    assert codes(lambda: jtbd.score(frame(), **options)) == {"bad-option"}


def test_values_of_a_condition_may_be_numbers():
    data = frame().assign(age=[20.0, None] * 30)
    assert jtbd.score(data, where={"age": 20.0})["n"].max() == 30


def test_a_group_is_named_as_it_is_and_long_names_are_cut():
    data = frame(60)
    data["role"] = ["x\0"] * 30 + ["z" * 5000] + ["y"] * 29
    answer = analyse(source_from_frame(data), Query(by="role"))
    assert list(answer.groups) == ["x\0", "y"]
    assert all(len(note.message) < 200 for note in answer.notes)


def test_comparing_one_group_says_so():
    data = frame(30).assign(role="x")
    assert codes(lambda: jtbd.compare(data, by="role")) == {"one-group"}


def test_too_many_groups_are_not_compared():
    data = frame(600)
    data["name"] = [f"p{k % 100}" for k in range(600)]
    assert codes(lambda: jtbd.compare(data, by="name")) == {"too-many-groups"}


def test_outcomes_that_few_people_rated_can_be_withheld():
    data = frame(30)
    data.loc[3:, "imp_a"] = None
    answer = analyse(source_from_frame(data), Query(min_ratings=5))
    assert set(answer.groups[""].columns["outcome"]) == {"b", "c"}
    assert "few-people" in {note.code for note in answer.notes}
    nobody = frame(30).assign(imp_a=[5, 5] + [None] * 28, imp_b=[None, 4] + [None] * 28, imp_c=[3] + [None] * 29)
    assert len(analyse(source_from_frame(nobody), Query(min_ratings=5)).groups[""]) == 0


@pytest.mark.parametrize("n", [1, 30, 100, 400])
def test_the_reader_is_told_how_far_to_trust_ranges(n):
    notes = {note.code: note.remedy for note in analyse(source_from_frame(frame(n)), Query()).notes}
    wanted = {1: "one-respondent", 30: "too narrow to rely on", 100: "a little too narrow"}
    assert wanted.get(n, "") in " ".join([*notes, *notes.values()])
    assert (n >= 150) == (not notes)


def test_the_provenance_follows_the_data():
    first, same = (jtbd.score(frame()).attrs["provenance"]["data_hash"] for _ in range(2))
    changed = frame()
    changed.loc[0, "imp_a"] = 6 - changed.loc[0, "imp_a"]
    assert first == same
    assert changed.loc[0, "imp_a"] == 3 or jtbd.score(changed).attrs["provenance"]["data_hash"] != first


def test_a_column_that_names_people_is_refused_rather_than_scored_for_minutes():
    data = frame(600)
    data["name"] = [f"p{k}" for k in range(600)]
    assert codes(lambda: jtbd.score(data, by="name", min_group=1)) == {"too-many-groups"}


def test_those_to_whom_an_outcome_does_not_apply_are_counted_by_group_and_in_no_score():
    plain = frame()
    marked = plain.assign(na_a=np.where(plain["role"] == "x", "1", ""))
    outside = plain["role"] == "x"
    marked.loc[outside, ["imp_a", "sat_a", "dif_a"]] = plain.loc[outside, ["imp_a", "sat_a", "dif_a"]] = np.nan
    with_marks, without = (jtbd.score(one, by="role") for one in (marked, plain))
    assert with_marks.drop(columns="not_applicable").equals(without)
    counted = with_marks.set_index(["group", "outcome"])["not_applicable"]
    assert counted["x", "a"] == outside.sum() > 0
    assert counted.sum() == outside.sum()
    few = analyse(source_from_frame(marked), Query(min_ratings=int(outside.sum()) + 1))
    assert few.not_applicable == {"": {"a": None, "b": 0, "c": 0}}


def test_five_hundred_groups_of_a_column_of_names_do_not_exhaust_memory():
    data = pd.concat([frame(500), pd.DataFrame({"name": [f"p{k}" for k in range(500)]})], axis=1)
    assert codes(lambda: jtbd.score(data, by="name")) == {"no-group"}
