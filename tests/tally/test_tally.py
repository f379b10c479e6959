import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jtbd.ratings.model import Ratings
from jtbd.tally import count
from jtbd.tally.count import tally
from jtbd.tally.features import Channels
from jtbd.tally.model import Cell

CHANNELS = Channels("satisfaction", ("importance_top", "second_top", "unmet", "rated"))


@st.composite
def some_ratings(draw) -> Ratings:
    n, j = draw(st.integers(1, 12)), draw(st.integers(1, 5))
    codes = arrays(np.uint8, (n, j), elements=st.integers(0, 5))
    group = np.array(draw(st.lists(st.sampled_from(["", "x", "y"]), min_size=n, max_size=n)), object)
    weights = draw(arrays(float, n, elements=st.sampled_from([0.0, 0.5, 1.0, 2.25])))
    outcomes = tuple(f"o{k}" for k in range(j))
    return Ratings(outcomes, {"importance": draw(codes), "satisfaction": draw(codes)}, {"group": group}, weights)


def same(left: Cell, right: Cell) -> None:
    assert left.n == right.n
    for name in ("active", "counts", "weights", "squares"):
        np.testing.assert_allclose(getattr(left, name), getattr(right, name), atol=1e-12, err_msg=name)
    assert [block.outcomes.tolist() for block in left.second] == [block.outcomes.tolist() for block in right.second]
    for one, other in zip(left.second, right.second, strict=True):
        np.testing.assert_allclose(one.moments, other.moments, atol=1e-12)


@given(some_ratings(), st.integers(0, 12))
def test_the_tally_of_two_batches_is_the_tally_of_all(ratings, cut):
    parts = [ratings.take(np.arange(0, min(cut, ratings.n))), ratings.take(np.arange(min(cut, ratings.n), ratings.n))]
    same(tally(parts, CHANNELS).pool(), tally(ratings, CHANNELS).pool())


@given(some_ratings())
def test_cells_pool_to_the_whole_and_to_each_group(ratings):
    by_group = tally(ratings, CHANNELS, ["group"])
    assert by_group.n == ratings.n
    same(by_group.pool(), tally(ratings, CHANNELS).pool())
    chosen = ratings.take(ratings.attributes["group"] == "x")
    same(by_group.pool(lambda a: a["group"] == "x"), tally(chosen, CHANNELS).pool())


@given(some_ratings(), st.randoms(use_true_random=False))
def test_the_order_of_respondents_does_not_matter(ratings, random):
    order = list(range(ratings.n))
    random.shuffle(order)
    same(tally(ratings.take(np.array(order)), CHANNELS).pool(), tally(ratings, CHANNELS).pool())


@given(some_ratings())
def test_moments_are_what_their_definitions_say(ratings):
    cell = tally(ratings, CHANNELS).pool()
    importance, satisfaction = (
        ratings.scales["importance"][:, cell.active],
        ratings.scales["satisfaction"][:, cell.active],
    )
    rated = (importance > 0) & (satisfaction > 0)
    top, second = rated & (importance >= 4), rated & (satisfaction >= 4)
    unmet = top & (satisfaction <= 2)
    w = ratings.weights
    for i in range(5):
        for s in range(5):
            said = (importance == i + 1) & (satisfaction == s + 1)
            np.testing.assert_array_equal(cell.counts[:, i, s], said.sum(axis=0))
            np.testing.assert_allclose(cell.weights[:, i, s], w @ said, atol=1e-12)
            np.testing.assert_allclose(cell.squares[:, i, s], w**2 @ said, atol=1e-12)
    wide = np.concatenate([10.0 * top, 10.0 * second, 10.0 * unmet, rated], axis=1)
    np.testing.assert_allclose(cell.second_moments(4), (wide * w[:, None] ** 2).T @ wide, atol=1e-12)


def test_large_cells_counted_in_chunks_agree_with_exact_sums(monkeypatch):
    rng = np.random.default_rng(5)
    codes = {scale: rng.integers(0, 6, (500, 6)).astype(np.uint8) for scale in ("importance", "satisfaction")}
    ratings = Ratings(tuple("abcdef"), codes, weights=rng.uniform(0.2, 3, 500))
    exact = tally(ratings, CHANNELS).pool()
    monkeypatch.setattr(count, "CHUNK", 64)
    chunked = tally(ratings, CHANNELS).pool()
    np.testing.assert_allclose(chunked.second_moments(4), exact.second_moments(4), rtol=1e-6)
    np.testing.assert_allclose(chunked.weights, exact.weights, rtol=1e-12)


def test_tallies_of_different_outcomes_do_not_add_up():
    codes = np.full((1, 1), 3, np.uint8)
    left, right = (
        tally(Ratings((name,), {"importance": codes, "satisfaction": codes}), CHANNELS) for name in ("a", "b")
    )
    with pytest.raises(ValueError, match="do not add up"):
        left + right


def test_its_size_does_not_depend_on_the_number_of_respondents():
    rng = np.random.default_rng(1)

    def floats(n: int) -> int:
        codes = {scale: rng.integers(1, 6, (n, 20)).astype(np.uint8) for scale in ("importance", "satisfaction")}
        return tally(Ratings(tuple(map(str, range(20))), codes), CHANNELS).pool().second[0].moments.size

    assert floats(50) == floats(5000) == 80 * 81 // 2
