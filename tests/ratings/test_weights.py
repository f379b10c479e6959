import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtbd.errors import InputError
from jtbd.ratings.model import Ratings
from jtbd.ratings.raking import Target, rake, read_targets, trim
from jtbd.ratings.read import read_ratings
from jtbd.ratings.weights import weights_from_column, worth_from_column
from tests.reference import DATA, TARGETS, rows


def people(**attributes: list[str]) -> Ratings:
    n = len(next(iter(attributes.values())))
    codes = np.full((n, 1), 3, np.uint8)
    columns = {name: np.array(values, object) for name, values in attributes.items()}
    return Ratings(("a",), {"importance": codes, "satisfaction": codes}, columns)


def codes(call) -> set[str]:
    with pytest.raises(InputError) as caught:
        call()
    return {issue.code for issue in caught.value.issues}


@pytest.mark.parametrize(("base", "column"), [("base_weight", "raked_weight"), (None, "raked_weight_equal_base")])
def test_raked_weights_equal_those_of_r(base, column):
    ratings = read_ratings(DATA).ratings
    if base:
        ratings = ratings.with_weights(weights_from_column(ratings, base, file="data"))
    expected = [float(row[column]) for row in rows("expected_weights")]
    np.testing.assert_allclose(rake(ratings, read_targets(TARGETS), file="targets"), expected, atol=1e-9)


@given(st.lists(st.sampled_from("ab"), min_size=4, max_size=30), st.floats(0.05, 0.95))
def test_raked_weights_meet_their_targets_and_sum_to_n(values, share):
    values = ["a", "b", *values]
    weights = rake(people(v=values), [Target("v", "a", share, 2), Target("v", "b", 1 - share, 3)], file="t")
    np.testing.assert_allclose(weights.sum(), len(values))
    np.testing.assert_allclose(weights[np.array(values) == "a"].sum() / len(values), share)


@pytest.mark.parametrize("cell", ["-1", "", "x", "nan", "inf"])
def test_a_weight_that_is_none_is_an_issue(cell):
    assert codes(lambda: weights_from_column(people(w=["1", cell]), "w", file="f", lines=[2, 3])) == {"bad-weight"}


def test_weights_that_are_all_zero_are_refused_but_some_may_be():
    assert codes(lambda: weights_from_column(people(w=["0", "0"]), "w", file="f")) == {"bad-weight"}
    assert weights_from_column(people(w=["0", "2"]), "w", file="f").tolist() == [0, 1]


@pytest.mark.parametrize("factor", [1e200, 1e-200])
def test_weights_of_any_size_mean_the_same(factor):
    plain = weights_from_column(people(w=["1", "2", "4"]), "w", file="f")
    huge = weights_from_column(people(w=[str(factor), str(2 * factor), str(4 * factor)]), "w", file="f")
    np.testing.assert_allclose(plain, huge)


def test_targets_may_be_written_with_semicolons(tmp_path):
    path = tmp_path / "targets.csv"
    path.write_text("variable;level;share\nv;a;0.25\nv;b;0.75\n")
    assert [target.share for target in read_targets(path)] == [0.25, 0.75]


def test_an_unknown_weight_column_names_those_there_are():
    with pytest.raises(InputError, match="columns that can be named: w"):
        weights_from_column(people(w=["1"]), "v", file="f")


@pytest.mark.parametrize(
    ("targets", "code"),
    [
        ([Target("v", "a", 0.5, 2), Target("v", "c", 0.5, 3)], "level-without-people"),
        ([Target("v", "a", 1.0, 2)], "level-without-target"),
        ([Target("u", "a", 1.0, 2)], "unknown-column"),
    ],
)
def test_targets_that_respondents_cannot_meet_are_refused(targets, code):
    assert code in codes(lambda: rake(people(v=["a", "b"]), targets, file="t"))


def test_margins_that_contradict_each_other_are_refused():
    targets = [Target("v", "a", 0.9, 2), Target("v", "b", 0.1, 3), Target("w", "c", 0.1, 4), Target("w", "d", 0.9, 5)]
    assert codes(lambda: rake(people(v=["a", "b"], w=["c", "d"]), targets, file="t")) == {"rake-impossible"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("variable,level,share\nv,a,0.5\nv,b,0.4\n", "shares-sum"),
        ("variable,level,share\nv,a,x\n", "bad-share"),
        ("variable,level,share\nv,a,-1\nv,b,2\n", "bad-share"),
        ("variable,level,share\nv,a,0.5\nv,a,0.5\n", "duplicate-level"),
        ("variable,share\nv,1\n", "wrong-columns"),
        ("variable,level,share\n", "no-rows"),
    ],
)
def test_bad_targets_are_refused_with_a_reason(tmp_path, text, code):
    path = tmp_path / "targets.csv"
    path.write_text(text)
    assert code in codes(lambda: read_targets(path))


def uneven(n: int = 300, seed: int = 4) -> Ratings:
    rng = np.random.default_rng(seed)
    columns = {name: rng.choice(levels, n, p=shares).tolist() for name, levels, shares in
               [("v", ["a", "b"], [0.9, 0.1]), ("w", ["c", "d", "e"], [0.6, 0.3, 0.1])]}  # fmt: skip
    return people(**columns).with_weights(rng.lognormal(0, 0.8, n))


MARGINS = [Target("v", "a", 0.6, 2), Target("v", "b", 0.4, 3)] + [
    Target("w", level, share, line) for line, (level, share) in enumerate([("c", 0.4), ("d", 0.4), ("e", 0.2)], 4)
]


def test_trimmed_weights_stay_under_the_bound_and_still_meet_every_target():
    ratings = uneven()
    free, bounded = (rake(ratings, MARGINS, file="t", most=most) for most in (np.inf, 5.0))
    assert free.max() > 5.5
    assert bounded.max() <= 5 * (1 + 1e-9)
    for target in MARGINS:
        inside = ratings.attributes[target.variable] == target.level
        np.testing.assert_allclose(bounded[inside].sum() / ratings.n, target.share, rtol=1e-9)


def test_trimmed_weights_are_the_nearest_that_there_are():
    """Kullback-Leibler distance from the base weights, against a general optimizer on the dual."""
    from scipy.optimize import minimize

    ratings = uneven(80)
    base = ratings.weights * (ratings.n / ratings.weights.sum())
    members = np.array([ratings.attributes[target.variable] == target.level for target in MARGINS], float)
    wanted = np.array([target.share * ratings.n for target in MARGINS])

    def weights_at(multipliers):
        return np.minimum(base * np.exp(multipliers @ members), 4.0)

    def dual(multipliers):
        linear = multipliers @ members
        w = weights_at(multipliers)
        return (w * linear - w * np.log(w / base) + w).sum() - multipliers @ wanted

    found = minimize(dual, np.zeros(len(MARGINS)), jac=lambda m: members @ weights_at(m) - wanted, tol=1e-12)
    np.testing.assert_allclose(rake(ratings, MARGINS, file="t", most=4.0), weights_at(found.x), atol=1e-4)


def test_a_bound_that_never_binds_changes_nothing():
    free, bounded = (rake(uneven(), MARGINS, file="t", most=most) for most in (np.inf, 1e6))
    np.testing.assert_allclose(bounded, free, rtol=1e-9)


def test_a_bound_under_which_a_level_cannot_reach_its_share_is_refused_with_the_least_that_would_do():
    with pytest.raises(InputError, match=r"raise --trim to \d") as caught:
        rake(uneven(), MARGINS, file="t", most=2.0)
    assert {one.code for one in caught.value.issues} == {"rake-impossible"}
    assert [one.line for one in caught.value.issues] == [3]


@given(st.lists(st.floats(0.01, 100), min_size=3, max_size=30), st.floats(1.05, 10))
def test_trimming_without_targets_keeps_the_sum_and_the_order(values, most):
    ratings = people(v=["a"] * len(values)).with_weights(np.array(values))
    weights = trim(ratings, most)
    np.testing.assert_allclose(weights.sum(), len(values), rtol=1e-9)
    assert weights.max() <= most * (1 + 1e-9)
    assert (np.diff(weights[np.argsort(values)]) >= -1e-9).all()


def test_trimming_is_refused_where_too_few_have_any_weight():
    ratings = people(v=["a"] * 10).with_weights(np.array([1.0] + [0.0] * 9))
    assert codes(lambda: trim(ratings, 5.0)) == {"rake-impossible"}


def test_people_of_no_known_value_count_nothing_but_a_wrong_value_is_an_issue():
    assert worth_from_column(people(r=["5", "", "10"]), "r", file="f").tolist() == [0.5, 0, 1]
    assert codes(lambda: worth_from_column(people(r=["5", "x"]), "r", file="f")) == {"bad-value"}
    assert codes(lambda: worth_from_column(people(r=["", "0"]), "r", file="f")) == {"bad-value"}
