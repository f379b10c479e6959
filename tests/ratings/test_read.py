from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from jtbd.errors import InputError
from jtbd.ratings.read import from_frame, read_ratings


def read(folder: Path, text: str | bytes, name: str = "ratings.csv"):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_ratings(path).ratings


def issues(folder: Path, text: str | bytes) -> list[tuple[str, int, int]]:
    with pytest.raises(InputError) as caught:
        read(folder, text)
    return [(one.code, one.line, one.column) for one in caught.value.issues]


def test_wide_ratings_are_read_with_their_attributes(tmp_path):
    ratings = read(tmp_path, "role,imp_a,sat_a,imp_b,sat_b\nbuyer,5,1,4.0,2\nuser,,3, 2 ,\n")
    assert ratings.outcomes == ("a", "b")
    assert ratings.scales["importance"].tolist() == [[5, 4], [0, 2]]
    assert ratings.scales["satisfaction"].tolist() == [[1, 2], [3, 0]]
    assert ratings.attributes["role"].tolist() == ["buyer", "user"]


def test_long_names_of_scales_and_three_scales_are_read(tmp_path):
    ratings = read(tmp_path, "importance_a,satisfaction_a,difficulty_a,imp_b,sat_b\n5,1,2,3,4\n")
    assert sorted(ratings.scales) == ["difficulty", "importance", "satisfaction"]
    assert ratings.scales["difficulty"].tolist() == [[2, 0]], "difficulty may be asked of some outcomes only"


def test_marks_of_outcomes_that_do_not_apply_are_read_and_kept_apart(tmp_path):
    ratings = read(tmp_path, "na_none,imp_a,sat_a,na_a,imp_b,sat_b\nx,5,1,,4,2\ny,,,1,2,\n")
    assert ratings.not_applicable.tolist() == [[False, False], [True, False]]
    assert list(ratings.attributes) == ["na_none"], "no outcome of that name"
    assert ratings.take(np.array([1])).not_applicable.tolist() == [[True, False]]
    plain = read(tmp_path, "na_none,imp_a,sat_a,imp_b,sat_b\nx,5,1,4,2\ny,,,2,\n")
    assert plain.not_applicable is None
    assert plain.content_hash != ratings.content_hash


def test_a_mark_is_1_or_blank(tmp_path):
    text = "imp_a,sat_a,na_a\n5,1,yes\n,,1\n4,2,2\n"
    assert issues(tmp_path, text) == [("bad-mark", 2, 3), ("bad-mark", 4, 3)]


def test_the_long_layout_gives_the_same_ratings_as_the_wide_one(tmp_path):
    wide = read(tmp_path, "role,imp_a,sat_a,imp_b,sat_b\nx,5,1,4,2\ny,,3,2,\n")
    text = "respondent,role,outcome,importance,satisfaction\n1,x,a,5,1\n1,x,b,4,2\n2,y,a,,3\n2,y,b,2,\n"
    long = read(tmp_path, text)
    assert long.outcomes == wide.outcomes
    for scale, matrix in wide.scales.items():
        np.testing.assert_array_equal(long.scales[scale], matrix)
    assert long.attributes["role"].tolist() == ["x", "y"]


def test_parquet_and_frames_give_the_same_ratings_as_csv(tmp_path):
    csv = read(tmp_path, "role,imp_a,sat_a\nx,5,1\ny,,3\n")
    frame = pd.DataFrame({"role": ["x", "y"], "imp_a": [5.0, None], "sat_a": [1, 3]})
    frame.to_parquet(tmp_path / "one.parquet")
    for ratings in (read_ratings(tmp_path / "one.parquet").ratings, from_frame(frame).ratings):
        np.testing.assert_array_equal(ratings.scales["importance"], csv.scales["importance"])
        assert ratings.attributes["role"].tolist() == ["x", "y"]


def test_a_folder_of_parquet_files_is_one_source(tmp_path):
    for name, importance in (("a", 5), ("b", 4)):
        pd.DataFrame({"imp_a": [importance], "sat_a": [1]}).to_parquet(tmp_path / f"{name}.parquet")
    assert read_ratings(tmp_path).ratings.scales["importance"].tolist() == [[5], [4]]


@pytest.mark.parametrize("separator", [";", "\t"])
def test_other_separators_are_understood(tmp_path, separator):
    ratings = read(tmp_path, "role,imp_a,sat_a\nx,5,1\n".replace(",", separator))
    assert ratings.scales["importance"].tolist() == [[5]]


def test_every_bad_cell_is_named_with_line_and_column(tmp_path):
    text = "imp_a,sat_a,imp_b,sat_b\n6,1,2,n/a\n1,x,0,4.5\n"
    assert sorted(issues(tmp_path, text)) == [
        ("bad-rating", *place) for place in [(2, 1), (2, 4), (3, 2), (3, 3), (3, 4)]
    ]


def test_very_many_bad_cells_are_not_all_listed(tmp_path):
    found = issues(tmp_path, "imp_a,sat_a\n" + "9,9\n" * 500)
    assert len(found) == 51
    assert found[-1][0] == "more-issues"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "no-rows"),
        ("imp_a,sat_a\n", "no-rows"),
        ("name,age\nx,3\n", "no-outcomes"),
        ("imp_a,sat_a,imp_b\n5,1,2\n", "missing-half"),
        ("imp_a,sat_a,sat_b\n5,1,2\n", "missing-half"),
        ("imp_a,sat_a,imp_a\n5,1,2\n", "duplicate-column"),
        ("imp_a,sat_a,importance_a\n5,1,2\n", "duplicate-column"),
        ("imp_a,sat_a,x,x\n5,1,2,2\n", "duplicate-column"),
        ("imp_a,sat_a\n5,1,3\n", "ragged-row"),
        ('imp_a,sat_a\n"5,1\n', "broken-csv"),
        ("imp_a,sat_a,n\xe4me\n5,1,x\n".encode("latin-1"), "wrong-encoding"),
        ("imp_a,sat_a\n5,1\n".encode("utf-16"), "wrong-encoding"),
        ("respondent,outcome,importance\n1,a,3\n", "missing-half"),
        ("respondent,outcome,importance,satisfaction\n1,a,3,3\n1,a,3,3\n", "duplicate-rating"),
        ("respondent,outcome,importance,satisfaction\n1,a,3,x\n", "bad-rating"),
        ("respondent,role,outcome,importance,satisfaction\n1,x,a,3,3\n1,y,b,3,3\n", "contradiction"),
    ],
)
def test_bad_files_are_refused_with_a_reason(tmp_path, text, code):
    assert {found[0] for found in issues(tmp_path, text)} == {code}


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    assert read(tmp_path, b"\xef\xbb\xbfimp_a,sat_a\n5,1\n").outcomes == ("a",)


def test_a_missing_file_and_an_unreadable_parquet_are_issues(tmp_path):
    (tmp_path / "bad.parquet").write_bytes(b"no parquet")
    for path, code in ((tmp_path / "none.csv", "no-such-file"), (tmp_path / "bad.parquet", "broken-parquet")):
        with pytest.raises(InputError) as caught:
            read_ratings(path)
        assert caught.value.issues[0].code == code


@pytest.mark.parametrize("cell", ["0_4", "4e0", "+4", "\N{ARABIC-INDIC DIGIT FOUR}", "4.0000000000000000001", "4.5"])
def test_only_plain_spellings_of_1_to_5_are_ratings(tmp_path, cell):
    assert [found[0] for found in issues(tmp_path, f"imp_a,sat_a\n{cell},1\n")] == ["bad-rating"]


def test_whole_numbers_with_a_gap_stay_whole_in_attributes():
    frame = pd.DataFrame({"age": [20, None, 21], "imp_a": [5, 4, 3], "sat_a": [1, 2, 3]})
    assert from_frame(frame).ratings.attributes["age"].tolist() == ["20", "", "21"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("respondent,outcome,importance,satisfaction\n,a,3,3\n", "blank-id"),
        ("respondent,outcome,importance,satisfaction\n1,,3,3\n", "blank-id"),
        ("respondent,outcome,importance,importance,satisfaction\n1,a,3,4,3\n", "duplicate-column"),
    ],
)
def test_long_files_name_respondent_and_outcome_in_each_row(tmp_path, text, code):
    assert [found[0] for found in issues(tmp_path, text)] == [code]


def test_long_files_with_many_bad_rows_are_cut_short_too(tmp_path):
    rows = "".join(f"{k},a,9,9\n" for k in range(500))
    assert len(issues(tmp_path, "respondent,outcome,importance,satisfaction\n" + rows)) == 51


def test_an_empty_frame_is_an_issue():
    with pytest.raises(InputError) as caught:
        from_frame(pd.DataFrame({"imp_a": [], "sat_a": []}))
    assert caught.value.issues[0].code == "no-rows"


def test_a_bad_cell_in_a_folder_is_named_with_its_file(tmp_path):
    pd.DataFrame({"imp_a": [5], "sat_a": [1]}).to_parquet(tmp_path / "a.parquet")
    pd.DataFrame({"imp_a": ["x"], "sat_a": [b"y"]}).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(InputError) as caught:
        read_ratings(tmp_path)
    places = [(one.code, one.file, one.line, one.column) for one in caught.value.issues]
    assert places == [("bad-rating", str(tmp_path / "b.parquet"), 1, column) for column in (1, 2)]


def test_what_cannot_be_printed_is_not_printed(tmp_path):
    with pytest.raises(InputError, match="�") as caught:
        read(tmp_path, "imp_a,sat_a\n5,\x07" + "z" * 500 + "\n")
    assert "z" * 41 not in str(caught.value)
