"""Analyses as rows under fixed column names, and as CSV, JSON and data frames.

Rows are plain tuples, so that the command line need not import pandas; ``None`` stands for "not known".
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np

from jtbd.analysis import Across, Analysis, Source, comparisons
from jtbd.analysis.run import mode_shown
from jtbd.scoring.agreement import Agreement
from jtbd.scoring.compare import Comparison
from jtbd.scoring.score import Scores
from jtbd.survey.answers import NOT_APPLICABLE

if TYPE_CHECKING:
    import pandas as pd

Cell = str | int | float | bool | None
_RUN = tuple("=+-@\t\r\n＝＋－＠")  # the wide ones are the same to a spreadsheet that speaks Japanese
_NUMBER = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?")
WHOLE = {"n", "rank", "rank_low", "rank_high"}
"""Columns of whole numbers."""


@dataclass(frozen=True)
class Table:
    """Named columns and rows of cells."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def records(self) -> Iterator[dict[str, Cell]]:
        """A dictionary for each row."""
        return (dict(zip(self.columns, row, strict=True)) for row in self.rows)

    def column(self, name: str) -> list[Cell]:
        """The cells of a column."""
        place = self.columns.index(name)
        return [row[place] for row in self.rows]


def scores_table(analysis: Analysis) -> Table:
    """Every group's scores, groups sorted, rows in rank order; columns as in docs/columns.md."""
    parts = [_group_table(analysis, label, scores) for label, scores in analysis.groups.items()]
    return Table(parts[0].columns, tuple(row for part in parts for row in part.rows))


def _group_table(analysis: Analysis, label: str, scores: Scores) -> Table:
    outcomes = scores.columns["outcome"].tolist()
    mode = mode_shown(analysis.source, analysis.query, label)
    labels = [analysis.source.label(outcome) for outcome in outcomes]
    columns: dict[str, Sequence[Cell]] = {}
    if analysis.query.by is not None:
        columns["group"] = [label] * len(outcomes)
    columns["outcome"] = outcomes
    columns["statement"] = [one.statement for one in labels]
    columns["step"] = [one.step(mode) for one in labels]
    for name, values in scores.columns.items():
        if name != "outcome":
            columns[name] = cells(values, whole=name in WHOLE)
    columns["modes"] = [" ".join(one.modes) for one in labels]
    if label in analysis.not_applicable:
        columns["not_applicable"] = [analysis.not_applicable[label][outcome] for outcome in outcomes]
    if label in analysis.agreements:
        columns |= _agreement_columns(analysis.agreements[label], scores)
    return Table(tuple(columns), tuple(zip(*columns.values(), strict=True)))


def across_table(found: Across) -> Table:
    """Scores over several groups, in rank order; columns as in docs/columns.md, "Across groups"."""
    outcomes = found.columns["outcome"].tolist()
    labels = [found.source.label(outcome) for outcome in outcomes]
    columns: dict[str, Sequence[Cell]] = {
        "outcome": outcomes,
        "statement": [one.statement for one in labels],
        "step": [one.step() for one in labels],
    }
    for name, values in found.columns.items():
        if name != "outcome":
            columns[name] = cells(values, whole=name in WHOLE)
    columns["groups"] = [" ".join(found.asking[outcome]) for outcome in outcomes]
    return Table(tuple(columns), tuple(zip(*columns.values(), strict=True)))


def across_frame(found: Across) -> pd.DataFrame:
    """:func:`across_table` as a data frame."""
    return _frame(across_table(found), found)


def _agreement_columns(found: Agreement, scores: Scores) -> dict[str, Sequence[Cell]]:
    """Ranks by every method, and how far they agree."""
    columns: dict[str, Sequence[Cell]] = {
        f"rank_{name.replace('-', '_')}": cells(ranks[scores.order], whole=True) for name, ranks in found.ranks.items()
    }
    columns["in_every_top"] = found.in_every_top[scores.order].tolist()
    columns["kendall_w"] = cells(np.full(len(scores), found.kendall_w), whole=False)
    return columns


def cells(values: np.ndarray[Any, Any], *, whole: bool) -> list[Cell]:
    """An array as cells, ``None`` for what is not known; whole numbers as such."""
    found: list[Cell] = values.tolist()
    if whole:
        return [None if cell != cell else int(cell or 0) for cell in found]
    return [None if cell != cell else cell for cell in found]


def comparisons_table(rows: Sequence[Comparison]) -> Table:
    """Pairwise differences between groups."""
    names = tuple(field.name for field in fields(Comparison))
    return Table(names, tuple(astuple(row) for row in rows))


def scores_frame(analysis: Analysis) -> pd.DataFrame:
    """:func:`scores_table` as a data frame; ranks are nullable integers."""
    frame = _frame(scores_table(analysis), analysis)
    for name in frame.columns:
        if name == "rank" or name.startswith("rank_"):
            frame[name] = frame[name].astype("Int64")
    return frame


def comparisons_frame(analysis: Analysis) -> pd.DataFrame:
    """:func:`comparisons_table` as a data frame."""
    return _frame(comparisons_table(comparisons(analysis)), analysis)


def ratings_table(source: Source, *, free_text: bool = False, panel_ids: bool = False) -> Table:
    """The wide ratings file of a source: attributes, then ``imp_``, ``sat_``, ``dif_``, ``na_`` for each outcome.

    What people wrote in their own words and their panel's ids are in it only if asked for.
    """
    ratings = source.written(free_text=free_text, panel_ids=panel_ids)
    columns: dict[str, Sequence[Cell]] = {name: values.tolist() for name, values in ratings.attributes.items()}
    for j, outcome in enumerate(ratings.outcomes):
        for scale, matrix in ratings.scales.items():
            columns[f"{scale[:3]}_{outcome}"] = [code or None for code in matrix[:, j].tolist()]
        if ratings.not_applicable is not None:
            columns[NOT_APPLICABLE + outcome] = [int(mark) or None for mark in ratings.not_applicable[:, j].tolist()]
    return Table(tuple(columns), tuple(zip(*columns.values(), strict=True)))


def _frame(table: Table, analysis: Analysis | Across) -> pd.DataFrame:
    import pandas as pd

    frame = pd.DataFrame(list(table.rows), columns=list(table.columns))
    frame.attrs["provenance"] = analysis.provenance
    frame.attrs["notes"] = [str(note) for note in analysis.notes]
    return frame


def to_csv(table: Table) -> str:
    """CSV in full precision; text that a spreadsheet would run as a formula is quoted with an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow([_one_cell(name) for name in table.columns])
    writer.writerows([_one_cell(cell) if isinstance(cell, str) else cell for cell in row] for row in table.rows)
    return stream.getvalue()


def _one_cell(text: str) -> str:
    """Text that is safe and stays in its cell: Python before 3.13 does not quote a bare CR, which ends a row too."""
    return safe_text(text.replace("\r\n", "\n").replace("\r", "\n"))


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula (OWASP, CSV injection); numbers are none."""
    if _NUMBER.fullmatch(text):
        return text
    return "'" + text if text.lstrip(" ").startswith(_RUN) else text


def to_json(table: Table, name: str, provenance: dict[str, Any], notes: Iterable[object]) -> str:
    """A JSON object with ``provenance``, ``notes`` and the rows under ``name``."""
    whole = {"provenance": provenance, "notes": [str(note) for note in notes], name: list(table.records())}
    return json.dumps(whole, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
