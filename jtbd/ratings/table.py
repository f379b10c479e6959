"""CSV text as rows with their lines, and issues in numbers a person can read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import islice
from pathlib import Path

from jtbd.errors import InputError, Issue, issue

MOST_ISSUES = 50
"""Issues of one kind that are shown of one file."""

_WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""What .xlsx and .xls files begin with."""


def decoded(path: Path) -> str:
    """The text of a UTF-8 file; InputError if it is in another encoding or not there."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        problem = f"the file cannot be read ({error.strerror})"
        raise InputError([issue("no-such-file", problem, "check the path", file=str(path))]) from None
    if raw.startswith(_WORKBOOKS):
        what = "this is an Excel workbook, not a CSV file"
        remedy = 'open it and save the sheet as "CSV UTF-8"'
        raise InputError([issue("wrong-encoding", what, remedy, file=str(path))])
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError([_not_utf8(path, 0, "it is UTF-16")])
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise InputError([_not_utf8(path, line, f"byte 0x{raw[error.start]:02x} is not UTF-8")]) from None


def _not_utf8(path: Path, line: int, what: str) -> Issue:
    return issue(
        "wrong-encoding",
        f"the file is not UTF-8 ({what})",
        'save it as UTF-8 (in a spreadsheet: "CSV UTF-8")',
        file=str(path),
        line=line,
    )


def csv_rows(text: str, file: str) -> tuple[list[str], list[list[str]], list[int]]:
    """Header, rows and the line on which each row ends; blank lines are left out."""
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, lines = [], []
    try:
        for row in reader:
            if any(row):
                rows.append(row)
                lines.append(reader.line_num)
    except csv.Error as error:
        raise InputError(
            [
                issue(
                    "broken-csv",
                    f"the CSV breaks here ({error})",
                    "look for a stray quote",
                    file=file,
                    line=reader.line_num,
                )
            ]
        ) from None
    if not rows:
        raise InputError([empty(file, "the file is empty")])
    header = [name.strip() for name in rows.pop(0)]
    lines.pop(0)
    ragged = (
        issue(
            "ragged-row",
            f"{len(row)} cells where the header has {len(header)}",
            "give the row a cell for each column; quote cells that hold the separator",
            file=file,
            line=line,
        )
        for row, line in zip(rows, lines, strict=True)
        if len(row) != len(header)
    )
    raise_if_any(ragged, file)
    if not rows:
        raise InputError([empty(file, "the file has a header and no rows")])
    return header, rows, lines


def empty(file: str, message: str) -> Issue:
    """The issue of a table without rows."""
    return issue("no-rows", message, "give it a row for each respondent", file=file)


def raise_if_any(issues: Iterable[Issue], file: str) -> None:
    """InputError with the first fifty issues, if there are any."""
    issues = iter(issues)
    shown = list(islice(issues, MOST_ISSUES))
    if shown:
        if next(issues, None) is not None:
            shown.append(
                issue(
                    "more-issues",
                    f"more like these follow (only {MOST_ISSUES} are shown)",
                    "put these right and run again",
                    file=file,
                    line=shown[-1].line,
                )
            )
        raise InputError(shown)
