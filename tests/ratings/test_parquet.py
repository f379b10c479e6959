from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from jtbd.errors import InputError
from jtbd.ratings import parquet as reading
from jtbd.ratings.read import from_frame, read_ratings


def written(folder: Path, **columns: object) -> Path:
    path = folder / "ratings.parquet"
    parquet.write_table(pa.table(columns), path)
    return path


def issues(path: Path) -> list[tuple[str, int, int]]:
    with pytest.raises(InputError) as caught:
        read_ratings(path)
    return [(one.code, one.line, one.column) for one in caught.value.issues]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([4, None, 5], pa.int64()),
        pa.array([4, None, 5], pa.uint8()),
        pa.array([4.0, None, 5.0]),
        pa.array([4.0, float("nan"), 5.0]),
        pa.array(["4", "", "5.0"]),
        pa.array([" 4 ", None, "5"]).dictionary_encode(),
        pa.array([Decimal("4.00"), None, Decimal("5.00")]),
    ],
    ids=lambda column: str(column.type),
)
def test_ratings_of_any_type_that_says_1_to_5_are_read(tmp_path, column):
    ratings = read_ratings(written(tmp_path, imp_a=column, sat_a=pa.nulls(3))).ratings
    assert ratings.scales["importance"].tolist() == [[4], [0], [5]]
    assert ratings.scales["satisfaction"].tolist() == [[0], [0], [0]]


@pytest.mark.parametrize(
    "column",
    [
        pa.array([1, 6]),
        pa.array([None, 0]),
        pa.array([5, -1], pa.int8()),
        pa.array([5, 261]),
        pa.array([1.0, 4.5]),
        pa.array([1.0, float("inf")]),
        pa.array(["1", "04"]),
        pa.array(["1", "n/a"]),
        pa.array([None, True]),
        pa.array([None, [1, 2]]),
        pa.array([None, {"a": 1}]),
    ],
    ids=str,
)
def test_anything_else_is_an_issue_with_row_and_column(tmp_path, column):
    assert issues(written(tmp_path, imp_a=[1, 2], sat_a=column)) == [("bad-rating", 2, 2)]


def test_rows_are_counted_on_over_batches_and_many_bad_cells_are_cut_short(tmp_path, monkeypatch):
    monkeypatch.setattr(reading, "BATCH", 10)
    found = issues(written(tmp_path, imp_a=[5] * 35 + [7] * 65, sat_a=[1] * 100))
    assert found[:2] == [("bad-rating", 36, 1), ("bad-rating", 37, 1)]
    assert len(found) == 51
    assert found[-1][0] == "more-issues"


def test_files_that_are_no_parquet_are_all_named_at_once(tmp_path):
    whole = written(tmp_path, imp_a=[5] * 100, sat_a=[1] * 100).read_bytes()
    (tmp_path / "cut.parquet").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "empty.parquet").write_bytes(b"")
    with pytest.raises(InputError) as caught:
        read_ratings(tmp_path)
    assert [(one.code, Path(str(one.file)).name) for one in caught.value.issues] == [
        ("broken-parquet", "cut.parquet"), ("broken-parquet", "empty.parquet")
    ]  # fmt: skip


def test_no_rows_and_no_files_are_issues(tmp_path):
    assert issues(tmp_path) == [("no-rows", 0, 0)]
    assert issues(written(tmp_path, imp_a=pa.array([], pa.int8()), sat_a=pa.array([], pa.int8())))[0][0] == "no-rows"


def test_a_column_that_one_file_lacks_is_blank_there(tmp_path):
    parquet.write_table(pa.table({"role": ["x"], "imp_a": [5], "sat_a": [1]}), tmp_path / "a.parquet")
    parquet.write_table(pa.table({"imp_a": [4], "sat_a": [2], "imp_b": [3], "sat_b": [3]}), tmp_path / "b.parquet")
    ratings = read_ratings(tmp_path).ratings
    assert ratings.scales["importance"].tolist() == [[5, 0], [4, 3]]
    assert ratings.attributes["role"].tolist() == ["x", ""]


def test_attributes_of_any_type_are_text(tmp_path):
    path = written(
        tmp_path,
        imp_a=[5, 4],
        sat_a=[1, 2],
        age=pa.array([20.0, None]),
        role=pa.array([" x ", None]).dictionary_encode(),
        tags=pa.array([["a"], None]),
        new=[True, False],
    )
    attributes = {name: column.tolist() for name, column in read_ratings(path).ratings.attributes.items()}
    assert attributes == {"age": ["20", ""], "role": ["x", ""], "tags": ["['a']", ""], "new": ["True", "False"]}


@settings(max_examples=40)  # files are written: a busy machine takes its time
@given(st.lists(st.tuples(*[st.sampled_from([None, 1, 2, 3, 4, 5])] * 4), min_size=1, max_size=30), st.integers(1, 12))
def test_batches_of_any_size_frames_and_whole_files_give_the_same_ratings(tmp_path_factory, rows, batch):
    frame = pd.DataFrame(rows, columns=["imp_a", "sat_a", "imp_b", "sat_b"], dtype="Int64")
    path = tmp_path_factory.mktemp("laws") / "ratings.parquet"
    frame.to_parquet(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reading, "BATCH", batch)
        read = read_ratings(path).ratings
    expected = np.array([[cell or 0 for cell in row] for row in rows], np.uint8)
    for ratings in (read, from_frame(frame).ratings, from_frame(frame.astype(float)).ratings):
        np.testing.assert_array_equal(ratings.scales["importance"], expected[:, ::2])
        np.testing.assert_array_equal(ratings.scales["satisfaction"], expected[:, 1::2])


def test_files_of_two_archives_are_not_read_as_one(tmp_path):
    for number in (1, 2):
        table = pa.table({"imp_a": [5], "sat_a": [1]}).replace_schema_metadata({reading.ABOUT: str(number).encode()})
        parquet.write_table(table, tmp_path / f"part-{number}.parquet")
    with pytest.raises(InputError) as caught:
        read_ratings(tmp_path)
    assert [one.code for one in caught.value.issues] == ["mixed-archives"]
