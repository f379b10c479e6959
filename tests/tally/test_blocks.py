import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from jtbd.ratings.model import Ratings
from jtbd.tally.blocks import pack, rated_together, unpack
from jtbd.tally.count import tally
from jtbd.tally.features import Channels

CHANNELS = Channels("satisfaction", ("importance_top", "second_top", "unmet", "rated"))


def of_two_maps(n: int, outcomes: int, seed: int = 1) -> Ratings:
    """n respondents, who in turn rate the first or the second half of the outcomes."""
    rng = np.random.default_rng(seed)
    codes = {scale: rng.integers(1, 6, (n, outcomes)).astype(np.uint8) for scale in ("importance", "satisfaction")}
    for matrix in codes.values():
        matrix[::2, outcomes // 2 :] = 0
        matrix[1::2, : outcomes // 2] = 0
    return Ratings(tuple(f"o{k}" for k in range(outcomes)), codes, weights=rng.uniform(0.5, 2, n))


def closure(rated: np.ndarray) -> set[frozenset[int]]:
    """The sets that are rated together, by multiplying the matrix of co-rating until it holds."""
    reach = (rated.T.astype(int) @ rated.astype(int)) > 0
    for _ in range(len(reach)):
        reach = (reach.astype(int) @ reach.astype(int)) > 0
    return {frozenset(np.flatnonzero(row).tolist()) for row in reach if row.any()}


@given(arrays(bool, st.tuples(st.integers(1, 8), st.integers(1, 8))))
def test_outcomes_are_together_if_a_chain_of_respondents_connects_them(rated):
    parts = rated_together(rated)
    assert {frozenset(np.flatnonzero(part).tolist()) for part in parts} == closure(rated)
    assert [int(part.argmax()) for part in parts] == sorted(int(part.argmax()) for part in parts)


def test_outcomes_of_two_maps_are_two_blocks():
    ratings = of_two_maps(40, 6)
    cell = tally(ratings, CHANNELS).pool()
    assert [block.outcomes.tolist() for block in cell.second] == [[0, 1, 2], [3, 4, 5]]
    importance, satisfaction = ratings.scales["importance"], ratings.scales["satisfaction"]
    rated = importance > 0
    top = importance >= 4
    features = [10.0 * top, 10.0 * (satisfaction >= 4), 10.0 * (top & (satisfaction <= 2) & rated), rated]
    wide = np.concatenate(features, axis=1) * ratings.weights[:, None]
    np.testing.assert_allclose(cell.second_moments(4), wide.T @ wide, rtol=1e-12)


def test_one_respondent_of_both_maps_makes_one_block_of_them():
    apart = of_two_maps(40, 6)
    both = Ratings(apart.outcomes, {scale: np.full((1, 6), 3, np.uint8) for scale in apart.scales})
    counted = tally([apart, both], CHANNELS).pool()
    assert [block.outcomes.tolist() for block in counted.second] == [[0, 1, 2, 3, 4, 5]]
    sums = [tally(one, CHANNELS).pool().second_moments(4) for one in (apart, both)]
    np.testing.assert_allclose(counted.second_moments(4), sums[0] + sums[1], rtol=1e-12)


def test_two_maps_take_the_room_of_each_not_of_both_together():
    one = tally(of_two_maps(40, 20), CHANNELS).pool()
    assert sum(block.moments.size for block in one.second) == 2 * (40 * 41 // 2)


@given(arrays(float, st.integers(0, 6).map(lambda m: (m, m)), elements=st.integers(-9, 9)))
def test_packing_loses_nothing_of_a_symmetric_matrix(matrix):
    symmetric = matrix + matrix.T
    np.testing.assert_array_equal(unpack(pack(symmetric), len(symmetric)), symmetric)
