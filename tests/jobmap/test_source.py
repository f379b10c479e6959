"""Bad YAML of every kind is an issue with a place; good YAML keeps its places."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtbd.errors import InputError, Issue
from jtbd.jobmap.compose import resolve
from jtbd.jobmap.source import MAX_BYTES, parse_source, read_source


def refused(content: str | bytes) -> Issue:
    """The only issue with `content`."""
    with pytest.raises(InputError) as caught:
        parse_source(content if isinstance(content, bytes) else content.encode(), "a.yaml")
    assert len(caught.value.issues) == 1, caught.value.issues
    return caught.value.issues[0]


def where(issue: Issue) -> tuple[str, int, int]:
    return issue.code, issue.line, issue.column


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("map: a\nsteps:\n\t- id: b\n", ("tab-indentation", 3, 1)),
        ("map: a\nsteps:\n  - id: b\n  \ttitle: c\n", ("tab-indentation", 4, 3)),
        ("map: a\ntitle: b\nmap: c\n", ("duplicate-key", 3, 1)),
        ("map: a: b\n", ("yaml-syntax", 1, 7)),
        ("map: a\ntitle: 'never closed\nmode: b\n", ("yaml-syntax", 2, 8)),
        ("map: [a, b\n", ("yaml-syntax", 2, 1)),
        ("map: @a\n", ("yaml-syntax", 1, 6)),
        ("  map: a\n title: b\n", ("yaml-syntax", 2, 2)),
        ("map: a\n---\nmap: b\n", ("several-documents", 2, 1)),
        ("", ("empty-file", 0, 0)),
        ("# only a comment\n", ("empty-file", 0, 0)),
        ("- a\n- b\n", ("not-a-mapping", 1, 1)),
        ("just text", ("not-a-mapping", 1, 1)),
        ("1: a\n", ("key-not-text", 1, 1)),
        ("? [a]\n: b\n", ("key-not-text", 1, 3)),
        ("a: *nothing\n", ("unknown-alias", 1, 4)),
        ("a: &a [*a]\n", ("unknown-alias", 1, 8)),
        ("a: !!python/object/apply:os.system [ls]\n", ("tag-refused", 1, 4)),
        ("a: b\0c\n", ("control-character", 1, 5)),
        ('a: "\\0"\n', ("control-character", 1, 4)),
        ("a: " + "[" * 30 + "]" * 30, ("too-deep", 1, 23)),
        ("a: " + "[" * 200_000, ("too-deep", 1, 23)),
        ("a: " + "{b: " * 30, ("too-deep", 1, 80)),
        ("map: a\n".encode("utf-16"), ("not-utf-8", 0, 0)),
        ("map: a\n".encode("utf-16-le"), ("not-utf-8", 0, 0)),
        ("map: a\ntitle: caf\u00e9\n".encode("latin-1"), ("not-utf-8", 2, 11)),
        (b"%YAML 9.1\n---\na: 1\n", ("yaml-syntax", 1, 1)),
        (b"a: " + b"b" * MAX_BYTES, ("too-large", 0, 0)),
    ],
)
def test_bad_yaml_is_an_issue_with_its_place(content: str | bytes, expected: tuple[str, int, int]) -> None:
    issue = refused(content)
    assert where(issue) == expected
    assert issue.message
    assert issue.remedy


def test_a_duplicate_key_names_both_places_and_all_of_them_are_found() -> None:
    with pytest.raises(InputError) as caught:
        parse_source(b"a: 1\nb:\n  c: 1\n  c: 2\na: 2\n", "a.yaml")
    assert [(issue.line, issue.column) for issue in caught.value.issues] == [(4, 3), (5, 1)]
    assert "3:3" in caught.value.issues[0].message


def test_an_alias_bomb_is_refused_before_it_is_expanded() -> None:
    bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    bomb += "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 15))
    assert refused(bomb).code == "too-many-aliases"


def test_few_aliases_are_followed_and_one_hundred_and_one_are_not() -> None:
    source = parse_source(b"a: &x [b, c]\nd: *x\n", "a.yaml")
    assert source.data == {"a": ["b", "c"], "d": ["b", "c"]}
    assert parse_source(f"a: &x b\nd: [{', '.join(['*x'] * 100)}]\n".encode(), "a.yaml").data["d"] == ["b"] * 100
    assert refused(f"a: &x b\nd: [{', '.join(['*x'] * 101)}]\n").code == "too-many-aliases"


def test_a_file_of_five_megabytes_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "big.yaml"
    path.write_bytes(b"a: " + b"b" * (5 << 20))
    with pytest.raises(InputError, match="too-large"):
        read_source(path)


def test_a_missing_file_a_folder_and_a_pipe_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    for path in (tmp_path / "none.yaml", tmp_path, tmp_path / "pipe.yaml"):
        with pytest.raises(InputError, match="cannot-read"):
            read_source(path)


def test_a_byte_order_mark_is_no_part_of_the_text() -> None:
    assert parse_source(b"\xef\xbb\xbfmap: a\n", "a.yaml").data == {"map": "a"}


def test_values_and_keys_know_their_places() -> None:
    source = parse_source(b"map: a\nsteps:\n  - id: b\n    outcomes: [c, d]\n", "a.yaml")
    assert source.place(("steps", 0, "outcomes", 1)) == (4, 19)
    assert source.key_place(("steps", 0, "outcomes")) == (4, 5)
    assert source.place(("steps", 0, "title")) == (3, 5)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("12:30", "12:30"),
        ("2024-01-01", "2024-01-01"),
        ("1_000", "1_000"),
        ("true", True),
        ("null", None),
        ("", None),
        ("012", 12),
        ("0o17", 15),
        ("-1.5e3", -1500.0),
        ("-.inf", float("-inf")),
        ("10+", "10+"),
    ],
)
def test_plain_scalars_follow_the_core_schema_of_yaml_1_2(text: str, value: object) -> None:
    assert resolve(text) == value
    assert type(resolve(text)) is type(value)


def test_a_blank_line_parts_paragraphs_in_both_kinds_of_block_text() -> None:
    source = parse_source(b"a: >-\n  b\n  c\n\n  d\ne: |\n  b\n\n  d\n", "a.yaml")
    assert source.data == {"a": "b c\n\nd", "e": "b\n\nd\n"}


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("map: a\n")
    assert read_source(path) is read_source(path)
    path.write_text("map: longer\n")
    assert read_source(path).data == {"map": "longer"}


def outcome_of(content: bytes) -> dict[str, object] | set[str]:
    """The data, or the codes of the issues."""
    try:
        return parse_source(content, "a.yaml").data
    except InputError as error:
        return {issue.code for issue in error.issues}


MARKS = [*"abc:-[]{}*&!|>%@`'\"\\#?,~ \n\t", ": ", "\n  ", "- ", "--- ", "\u00e9", "\ufeff", "%YAML 1.1\n"]
YAML_LIKE = st.lists(st.sampled_from(MARKS)).map(lambda marks: "".join(marks).encode())


@given(YAML_LIKE | st.binary(max_size=60))
def test_any_bytes_are_either_a_mapping_or_issues(content: bytes) -> None:
    result = outcome_of(content)
    assert isinstance(result, dict) or result


TEXTS = st.from_regex(r"[a-z ]{1,10}", fullmatch=True)
TREES = st.recursive(
    TEXTS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@given(st.dictionaries(TEXTS, TREES, min_size=1, max_size=4))
def test_json_is_read_as_it_stands(tree: dict[str, object]) -> None:
    assert outcome_of(json.dumps(tree, indent=1).encode()) in (tree, {"too-deep"})
