"""Panel files: the ids and nothing else, and everything that is wrong with them at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from jtbd.errors import InputError, Issue
from jtbd.ratings.panel import Panel, read_panel


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "panel.csv"


def issues(file: Path, content: str | bytes) -> tuple[Issue, ...]:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(InputError) as refused:
        read_panel(file)
    return refused.value.issues


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("id\n7\n 3 \n", Panel(("7", "3"), "id", ())),
        ("name,ID,mail\nAda,7,a@x\nBob,3,b@x\n", Panel(("7", "3"), "ID", ("name", "mail"))),
        ("number;name\n007;Ada\n", Panel(("007",), "number", ("name",))),
        ('\ufeffid\r\n"a,b"\r\n\r\nÄ 1\r\n', Panel(("a,b", "Ä 1"), "id", ())),
    ],
    ids=["id alone", "id among others", "the first column", "marks of other programs"],
)
def test_the_ids_are_read_as_they_stand(file: Path, content: str, expected: Panel) -> None:
    file.write_bytes(content.encode())
    assert read_panel(file) == expected


def test_everything_wrong_with_the_ids_is_said_at_once(file: Path) -> None:
    long = "x" * 201
    found = issues(file, f"name,id\nA,7\nB,\nC,7\nD,{long}\nE,a\x07b\nF,7\n")
    assert [(one.line, one.code) for one in found] == [
        (3, "blank-id"),
        (4, "duplicate-id"),
        (5, "too-long"),
        (6, "control-character"),
        (7, "duplicate-id"),
    ]
    assert "line 2" in found[1].message
    assert "cell 2" in found[0].message
    assert all(one.file == str(file) and one.remedy for one in found)


def test_of_thousands_of_bad_rows_the_first_are_shown(file: Path) -> None:
    found = issues(file, "id\n" + "7\n" * 5000)
    assert len(found) == 51
    assert found[-1].code == "more-issues"


@pytest.mark.parametrize(
    ("content", "code", "line"),
    [
        ("id\n1\nM\xfcller\n".encode("latin-1"), "wrong-encoding", 3),
        ("id\n1\n".encode("utf-16"), "wrong-encoding", 0),
        ('id\n"1\n', "broken-csv", 2),
        ("id,name\n1\n", "ragged-row", 2),
        ("id,ID\n1,2\n", "duplicate-column", 1),
        ("id\n", "no-rows", 0),
        ("", "no-rows", 0),
    ],
)
def test_a_file_that_is_no_list_of_ids_is_refused(file: Path, content: str | bytes, code: str, line: int) -> None:
    (found,) = issues(file, content)
    assert (found.code, found.line) == (code, line)


def test_a_missing_file_is_an_issue(file: Path) -> None:
    with pytest.raises(InputError, match="no-such-file"):
        read_panel(file)
