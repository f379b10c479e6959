"""The workbook holds the scores as numbers, and says what they are."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from jtbd.analysis import Analysis, OutcomeLabel, Query, Source, analyse, source_from_frame
from jtbd.report.sentences import conclude
from jtbd.report.tables import Table, scores_table
from jtbd.report.xlsx import MEANINGS, ranking_workbook


def opened(analysis: Analysis) -> Workbook:
    return openpyxl.load_workbook(io.BytesIO(ranking_workbook(analysis)))


def read(book: Workbook) -> Table:
    head, *rows = book["Ranking"].iter_rows(values_only=True)
    return Table(tuple(str(name) for name in head), tuple(rows))  # type: ignore[arg-type]  # cells are plain values


@pytest.mark.parametrize("by", [None, "mode"])
def test_every_value_is_the_score_in_full_precision(source: Source, by: str | None) -> None:
    analysis = analyse(source, Query(by=by))
    written, scores = read(opened(analysis)), scores_table(analysis)
    assert written.columns == scores.columns
    for name in scores.columns:
        for cell, value in zip(written.column(name), scores.column(name), strict=True):
            if isinstance(value, float):
                assert cell == pytest.approx(value, rel=1e-14)
            else:
                assert cell == (value or None if value == "" else value)


def test_the_head_is_frozen_and_can_be_filtered(analysis: Analysis) -> None:
    sheet = opened(analysis)["Ranking"]
    assert sheet.freeze_panes == "C2"
    assert str(sheet.auto_filter.ref).startswith("A1:")
    assert sheet["B2"].alignment.wrap_text
    assert (sheet.column_dimensions["B"].width or 0) > 50


def test_text_is_never_a_formula() -> None:
    hostile = '=HYPERLINK("http://example.org","click")'
    frame = pd.DataFrame({"imp_a": [5, 4, 1], "sat_a": [1, 2, 5], "team": ["=1+1"] * 3})
    named = replace(source_from_frame(frame), labels={"a": OutcomeLabel(hostile)}, title="=2+2")
    book = opened(analyse(named, Query(by="team", min_group=1)))
    for sheet in book:
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert read(book).column("statement") == [hostile]
    assert read(book).column("group") == ["=1+1"]


def test_about_says_what_one_may_conclude_and_where_it_comes_from(analysis: Analysis) -> None:
    sheet = opened(analysis)["About"]
    text = "\n".join(str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
    assert str(conclude(analysis, "")) in text
    assert str(analysis.provenance["data_hash"]) in text
    for name in scores_table(analysis).columns:
        assert name in text


def test_simulated_data_are_marked_in_red(analysis: Analysis, source: Source) -> None:
    first = opened(analysis)["About"]["A1"]
    assert "Simulated" in str(first.value)
    assert first.font.color is not None
    assert first.font.color.rgb == "FFC00000"
    real = opened(analyse(replace(source, simulated=False), Query()))["About"]["A1"]
    assert "Simulated" not in str(real.value)


@pytest.mark.parametrize("method", ["opportunity", "gap", "unmet", "mean", "rank-sum"])
def test_every_column_is_explained(source: Source, method: str) -> None:
    table = scores_table(analyse(source, Query(by="mode", method=method)))  # type: ignore[arg-type]
    unexplained = [name for name in table.columns if name not in MEANINGS and not name.endswith("_se")]
    assert unexplained == []
