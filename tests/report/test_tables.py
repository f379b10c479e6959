"""Tables: fixed columns, full precision, nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json

import pytest

from jtbd.analysis import Analysis, Query, Source, analyse
from jtbd.report.tables import Table, safe_text, scores_frame, scores_table, to_csv, to_json


def test_csv_reads_back_to_the_same_figures(analysis: Analysis) -> None:
    table = scores_table(analysis)
    rows = list(csv.DictReader(io.StringIO(to_csv(table))))
    for row, record in zip(rows, table.records(), strict=True):
        assert float(row["opportunity"]) == record["opportunity"]
        assert row["statement"] == record["statement"]


@pytest.mark.parametrize("text", ["=1+1", "+1+1", "-x", "@x", "\tx", "-1+cmd"])
def test_formulas_are_quoted(text: str) -> None:
    assert safe_text(text) == "'" + text
    assert to_csv(Table(("a",), ((text,),))).splitlines()[1].lstrip('"').startswith("'")


@pytest.mark.parametrize("text", ["-1", "+2", "-0.5", "12"])
def test_numbers_are_no_formulas(text: str) -> None:
    assert safe_text(text) == text


def test_json_carries_provenance(analysis: Analysis) -> None:
    found = json.loads(to_json(scores_table(analysis), "scores", analysis.provenance, analysis.notes))
    assert found["provenance"]["simulated"] is True
    assert len(found["scores"]) == 7


def test_groups_stand_below_each_other(source: Source) -> None:
    table = scores_table(analyse(source, Query(by="mode")))
    assert table.columns[0] == "group"
    assert list(dict.fromkeys(table.column("group"))) == ["acquire", "retain"]


def test_the_frame_is_the_table(analysis: Analysis) -> None:
    frame = scores_frame(analysis)
    assert list(frame.columns) == list(scores_table(analysis).columns)
    assert str(frame["rank"].dtype) == "Int64"
