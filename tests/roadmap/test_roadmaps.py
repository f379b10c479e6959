import numpy as np
import pandas as pd
import pytest

from jtbd.analysis import Query, source_from_frame
from jtbd.analysis.roadmaps import for_buyer, for_vendor
from jtbd.errors import InputError
from jtbd.roadmap.reasons import reason
from tests.roadmap.samples import market


def vendor_moves(data: pd.DataFrame, solution: str = "ours", **query) -> dict[str, str]:
    roadmap = for_vendor(source_from_frame(data), Query(**query), solution)
    return {item.outcome: item.move for item in roadmap.items}


def buyer_moves(data: pd.DataFrame, organisation: str = "Acme") -> dict[str, str]:
    roadmap = for_buyer(source_from_frame(data), Query(), organisation)
    return {item.outcome: item.move for item in roadmap.items}


def test_a_vendor_gets_each_move_where_it_is_due():
    assert vendor_moves(market()) == {
        "rival-ahead": "catch up", "unserved": "lead", "own-strength": "defend", "plain": "hold", "overdone": "trim",
    }  # fmt: skip


def test_items_come_in_the_order_in_which_to_act():
    roadmap = for_vendor(source_from_frame(market()), Query(), "ours")
    assert [item.move for item in roadmap.items] == ["catch up", "lead", "defend", "hold", "trim"]
    assert roadmap.comparisons == 10, "two rivals on five outcomes, all adjusted for"


def test_the_same_shares_from_few_people_decide_nothing():
    moves = vendor_moves(market(6, seed=1))
    assert "catch up" not in moves.values()
    assert "defend" not in moves.values()


def test_pure_noise_hardly_ever_makes_a_move():
    rng = np.random.default_rng(9)
    claims = 0
    for _ in range(60):
        data = market(40)
        for column in data.columns[2:]:
            data[column] = rng.choice([2, 4], len(data))
        claims += sum(move in ("catch up", "defend") for move in vendor_moves(data).values())
    assert claims <= 8, "Holm holds the chance of any false claim in a roadmap at 5%: about 3 in 60"


def test_more_rivals_are_paid_for_in_the_adjustment():
    data = market(60)
    two = for_vendor(source_from_frame(data), Query(), "ours")
    more = pd.concat(
        [data, data.assign(solution=data["solution"].where(data["solution"] == "ours", "x" + data["solution"]))]
    )
    six = for_vendor(source_from_frame(more), Query(), "ours")
    assert six.comparisons > two.comparisons


def test_small_solutions_are_left_out_and_named():
    data = market()
    data.loc[:2, "solution"] = "tiny"
    roadmap = for_vendor(source_from_frame(data), Query(), "ours")
    assert roadmap.left_out == ("tiny",)


def test_a_buyer_adopts_what_users_of_another_solution_have():
    data = market()
    data = data[(data["organisation"] == "Beta") | (data["solution"] == "ours")]
    moves = buyer_moves(data)
    assert moves["rival-ahead"] == "adopt"
    assert moves["unserved"] == "ask vendors"
    assert moves["overdone"] == "spend less"
    assert moves["plain"] == "keep"


def test_a_buyer_fixes_inside_what_others_get_from_the_same_solution():
    data = market()
    rng = np.random.default_rng(2)
    acme = (data["organisation"] == "Acme") & (data["solution"] == "ours")
    data.loc[acme, "sat_own-strength"] = np.where(rng.random(int(acme.sum())) < 0.2, 4, 1)
    data = data[(data["organisation"] == "Beta") | acme]
    roadmap = for_buyer(source_from_frame(data), Query(), "acme")
    item = next(one for one in roadmap.items if one.outcome == "own-strength")
    assert (item.move, roadmap.own_solution) == ("fix inside", "ours")
    assert "same solution" in reason(item)


def test_the_buyers_own_solution_is_that_of_the_people_looked_at():
    data = market(60)
    acme = data["organisation"] == "Acme"
    data["region"] = np.where(acme & (data["solution"] != "theirs"), "north", "south")
    data = pd.concat([data, data[acme & (data["solution"] == "ours")]], ignore_index=True)
    whole = for_buyer(source_from_frame(data), Query(), "Acme")
    south = for_buyer(source_from_frame(data), Query(where=(("region", "south"),)), "Acme")
    assert (whole.own_solution, south.own_solution) == ("ours", "theirs")


def test_every_item_says_why():
    for roadmap in (
        for_vendor(source_from_frame(market()), Query(), "ours"),
        for_buyer(source_from_frame(market()), Query(), "Acme"),
    ):
        for item in roadmap.items:
            assert reason(item).endswith(".")
            assert "None" not in reason(item)


@pytest.mark.parametrize(
    ("column", "make", "code"),
    [
        ("solution", lambda source: for_vendor(source, Query(), "nobody"), "unknown-value"),
        ("organisation", lambda source: for_buyer(source, Query(), "nobody"), "unknown-value"),
    ],
)
def test_unknown_and_missing_subjects_are_issues(column, make, code):
    for data, expected in ((market(20), code), (market(20).drop(columns=column), "no-role")):
        with pytest.raises(InputError) as caught:
            make(source_from_frame(data))
        assert caught.value.issues[0].code == expected


def test_a_subject_of_too_few_people_is_an_issue():
    data = market(20)
    data.loc[0, "solution"] = "tiny"
    with pytest.raises(InputError, match="minimum is 5"):
        for_vendor(source_from_frame(data), Query(), "tiny")
