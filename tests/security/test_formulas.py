"""No cell or heading of a file that people take away runs in their spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import click
import openpyxl
import pytest

from jtbd.analysis import Query, analyse, open_source
from jtbd.cli.exports import export
from jtbd.cli.main import cli
from jtbd.report.tables import Table, safe_text, to_csv
from jtbd.settings import Settings

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
FORMULAS = [
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "＝1+1",
    " =1+1",
    '=HYPERLINK("//x")',
    "=cmd|' /C calc'!A0",
]


def cells_of_csv(data: bytes) -> Iterable[str]:
    return [cell for row in csv.reader(io.StringIO(data.decode(), newline="")) for cell in row]


def see_csv(data: bytes) -> None:
    for cell in cells_of_csv(data):
        assert not cell.lstrip(" ").startswith(RUNS) or is_number(cell), cell


def see_xlsx(data: bytes) -> None:
    book = openpyxl.load_workbook(io.BytesIO(data))
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert "s" in kinds


def see_json(data: bytes) -> None:
    json.loads(data)  # text is text there


CHECKS: dict[str, Callable[[bytes], None]] = {"csv": see_csv, "jira": see_csv, "xlsx": see_xlsx, "json": see_json}
TYPED = {"parquet", "sav"}
"""Formats in which a text is marked as such."""


def is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("formula", FORMULAS)
def test_neither_cells_nor_headings_of_a_table_run(formula: str) -> None:
    data = to_csv(Table((formula, "n"), ((formula, 1), ("plain", -2.5)))).encode()
    see_csv(data)
    assert "-2.5" in cells_of_csv(data)
    assert len(list(csv.reader(io.StringIO(data.decode(), newline="")))) == 3


@pytest.mark.parametrize("number", ["-1", "+4.5", "-0,5", "12"])
def test_numbers_stay_numbers(number: str) -> None:
    assert safe_text(number) == number


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A ratings file whose headings, outcomes, attributes and groups are formulas."""
    path = tmp_path / "ratings.csv"
    outcomes = [f"{formula.strip()}{number}" for number, formula in enumerate(FORMULAS[:4])]
    rows = [["=segment", *(f"{scale}_{one}" for one in outcomes for scale in ("imp", "sat"))]]
    rows += [[formula, *["5", "1"] * len(outcomes)] for formula in FORMULAS[:4] for _ in range(10)]
    with path.open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    return str(path)


def formats() -> list[str]:
    form = next(one for one in export.params if one.name == "form")
    assert isinstance(form.type, click.Choice)
    return [str(one) for one in form.type.choices]


@pytest.mark.parametrize("form", formats())
@pytest.mark.parametrize("what", ["ranking", "ratings"])
def test_every_export_is_harmless(source: str, tmp_path: Path, form: str, what: str) -> None:
    assert form in CHECKS or form in TYPED or form == "md", f"say here how {form} is made harmless"
    output = tmp_path / f"out.{form}"
    by = ["--by", "=segment"] if what == "ranking" else []
    try:
        cli.main(["export", source, what, "--format", form, "--output", str(output), *by], standalone_mode=False)
    except (click.UsageError, ImportError):
        assert (what, form) != ("ranking", "csv")  # not every table is written in every format
        return
    if form in CHECKS:
        CHECKS[form](output.read_bytes())


def test_scores_compared_and_judged_are_harmless_too(source: str, tmp_path: Path) -> None:
    commands: list[list[Any]] = [
        ["score", source, "--by", "=segment", "--format", "csv"],
        ["compare", source, "--by", "=segment", "--format", "csv"],
        ["quality", source, "--format", "csv"],
    ]
    for place, command in enumerate(commands):
        output = tmp_path / f"{place}.csv"
        cli.main([*command, "--output", str(output)], standalone_mode=False)
        see_csv(output.read_bytes())
        assert any("1+1" in cell or "SUM" in cell for cell in cells_of_csv(output.read_bytes())) or place == 2


def test_the_formulas_were_there_to_be_run(source: str) -> None:
    analysis = analyse(open_source(source, Settings.read(None, {})), Query(by="=segment"))
    assert "=1+1" in analysis.groups
