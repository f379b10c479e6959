import numpy as np
import pandas as pd
import pytest

import jtbd
from jtbd.analysis.across import parse_values
from jtbd.errors import InputError
from tests.reference import DATA


def modes(n: int = 200, seed: int = 2) -> pd.DataFrame:
    """Two modes: a and b are asked in both, c in the first only, d in the second only."""
    rng = np.random.default_rng(seed)
    data = pd.DataFrame({"mode": rng.choice(["acquire", "grow"], n)})
    for name in "abcd":
        for scale in ("imp", "sat"):
            data[f"{scale}_{name}"] = rng.integers(1, 6, n).astype(float)
    data.loc[data["mode"] == "grow", ["imp_c", "sat_c"]] = np.nan
    data.loc[data["mode"] == "acquire", ["imp_d", "sat_d"]] = np.nan
    return data


def codes(call) -> set[str]:
    with pytest.raises(InputError) as caught:
        call()
    return {one.code for one in caught.value.issues}


@pytest.mark.parametrize(("method", "score"), [("opportunity", "opportunity"), ("mean", "score"), ("gap", "score")])
def test_a_score_over_modes_is_the_mean_weighted_by_value_of_those_that_ask_it(method, score):
    data = modes()
    got = jtbd.score(data, across="mode", stakes={"acquire": 3, "grow": 1}, method=method).set_index("outcome")
    apart = jtbd.score(data, by="mode", method=method).set_index(["group", "outcome"])
    for outcome, shares in {"a": (0.75, 0.25), "b": (0.75, 0.25), "c": (1, 0), "d": (0, 1)}.items():
        sides = [apart.loc[(group, outcome)] for group in ("acquire", "grow")]
        used = [(share, side) for share, side in zip(shares, sides, strict=True) if share]
        assert got.loc[outcome, score] == pytest.approx(sum(share * side[score] for share, side in used))
        variance = sum((share * side[f"{score}_se"]) ** 2 for share, side in used)
        assert got.loc[outcome, f"{score}_se"] == pytest.approx(np.sqrt(variance))
        down = sum((share * (side[score] - side[f"{score}_low"])) ** 2 for share, side in used)
        assert got.loc[outcome, f"{score}_low"] == pytest.approx(got.loc[outcome, score] - np.sqrt(down))
        assert got.loc[outcome, "n"] == sum(side["n"] for _, side in used)
    assert got["value_share"].to_dict() == pytest.approx({"a": 1, "b": 1, "c": 0.75, "d": 0.25})
    assert got["groups"].to_dict() == {"a": "acquire grow", "b": "acquire grow", "c": "acquire", "d": "grow"}
    assert got["rank"].tolist() == sorted(got["rank"])


def test_a_single_mode_with_value_gives_its_own_scores():
    data = modes()
    got = jtbd.score(data, across="mode", stakes={"acquire": 1, "grow": 0})
    alone = jtbd.score(data, where={"mode": "acquire"}).dropna(subset="rank")
    assert got["outcome"].tolist() == alone["outcome"].tolist()
    for name in ("n", "n_eff", "importance", "satisfaction_se", "gap_se", "opportunity_high", "rank"):
        np.testing.assert_allclose(got[name].astype(float), alone[name].astype(float), err_msg=name)
    np.testing.assert_allclose(got["p_top"], alone["p_top"], atol=0.05)
    np.testing.assert_allclose(got["rank_high"], alone["rank_high"].astype(float), atol=1)


def test_values_are_the_same_unless_given_and_their_scale_does_not_matter():
    first = jtbd.score(DATA, across="segment")
    same = jtbd.score(DATA, across="segment", stakes={"A": 7, "B": 7, "C": 7})
    pd.testing.assert_frame_equal(first, same)


def test_rank_ranges_over_modes_use_the_covariance_within_each():
    """Twins answered alike by everybody have one score in every mode, and are never separated."""
    data = modes()
    for scale in ("imp", "sat"):
        data[f"{scale}_b"] = data[f"{scale}_a"]
    got = jtbd.score(data, across="mode", top=1).set_index("outcome")
    assert got.loc["a", "rank"] == got.loc["b", "rank"]
    assert (got["rank_low"] <= got["rank"]).all()
    assert (got["rank"] <= got["rank_high"]).all()
    assert got.loc["a", "p_top"] == got.loc["b", "p_top"]


def test_jumping_scores_can_be_combined_too():
    got = jtbd.score(DATA, across="segment", method="rank-sum")
    assert got["score"].between(1, 100).all()
    assert (got["score_low"] <= got["score"]).all()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"acquire": 1}, "bad-option"),
        ({"acquire": 1, "grow": -1}, "bad-option"),
        ({"acquire": 0, "grow": 0}, "bad-option"),
        ({"acquire": 1, "grow": float("inf")}, "bad-option"),
        ({"acquire": 1, "grow": 1, "retain": 1}, "unknown-value"),
    ],
)
def test_values_that_make_no_sense_are_refused(values, code):
    assert codes(lambda: jtbd.score(modes(), across="mode", stakes=values)) == {code}


def test_one_ranking_leaves_no_room_for_groups_or_all_methods():
    assert codes(lambda: jtbd.score(modes(), across="mode", by="mode")) == {"bad-option"}
    assert codes(lambda: jtbd.score(modes(), across="mode", method="all")) == {"bad-option"}
    assert codes(lambda: jtbd.score(modes(), across="nothing")) == {"unknown-column"}
    nobody = modes().assign(**{f"imp_{name}": np.nan for name in "abcd"})
    assert codes(lambda: jtbd.score(nobody, across="mode")) == {"no-answers"}


def test_values_are_written_as_group_and_number():
    assert parse_values(["a=b=2", "c= 1.5"]) == {"a=b": 2.0, "c": 1.5}
    for wrong in (["a"], ["=3"], ["a=x"], ["a=nan"], ["a=1", "a=2"]):
        assert codes(lambda wrong=wrong: parse_values(wrong)) == {"bad-option"}


def test_comparing_modes_tests_the_outcomes_that_they_share():
    got = jtbd.compare(modes(), by="mode")
    assert sorted(got["outcome"]) == ["a", "b"]
