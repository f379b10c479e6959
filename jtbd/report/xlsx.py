"""The ranking as a workbook: figures in full precision, and a sheet that says what they are."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from jtbd.analysis import Analysis
from jtbd.report.charts_style import PALETTES
from jtbd.report.sentences import conclude, conditions, subtitle, title
from jtbd.report.tables import WHOLE, Cell, Table, scores_table

if TYPE_CHECKING:
    from xlsxwriter import Workbook  # type: ignore[import-untyped]
    from xlsxwriter.format import Format  # type: ignore[import-untyped]
    from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

MEANINGS = {
    "group": "The group of respondents whose ratings are scored.",
    "outcome": "Stable id of the outcome.",
    "statement": "What respondents rated.",
    "step": "Steps of the job that ask it.",
    "n": "Respondents who rated both scales.",
    "n_eff": "Effective number of them under the weights.",
    "importance": "10 × the share who rate importance 4 or 5.",
    "satisfaction": "10 × the share who rate satisfaction 4 or 5.",
    "difficulty": "10 × the share who rate difficulty 4 or 5.",
    "gap": "Importance minus satisfaction (minus ease, on the difficulty scale).",
    "opportunity": "Importance plus the gap where it is positive: 0 to 20.",
    "opportunity_low": "Lower end of its interval.",
    "opportunity_high": "Upper end of its interval.",
    "rank": "1 + the number of outcomes with a higher score.",
    "rank_low": "Best rank that the data allow.",
    "rank_high": "Worst rank that the data allow.",
    "p_top": "Probability to be among the first K.",
    "zone": "Underserved, table stakes, overserved or appropriate.",
    "zone_probability": "Probability of that zone.",
    "zone_certainty": "clear from .95, likely from .75, else open.",
    "near_kink": "Importance and satisfaction are about equal: the score is then a little too high on average.",
    "kink_bias": "By how much, if the true gap is the estimated one.",
    "unmet": "10 × the share who find it important and poorly done.",
    "method": "The score by which outcomes are ranked.",
    "score": "That score.",
    "score_low": "Lower end of its interval.",
    "score_high": "Upper end of its interval.",
    "modes": "Revenue modes in which it is asked.",
}
"""What each column means; ``…_se`` is explained by its name."""

_WIDTHS = {"group": 18, "outcome": 26, "statement": 60, "step": 30, "zone": 13, "method": 12, "modes": 18}
_SHARES = {"p_top", "zone_probability"}


def ranking_workbook(analysis: Analysis) -> bytes:
    """An ``.xlsx`` file with the sheets Ranking and About.

    Ranking holds the columns of :func:`~jtbd.report.tables.scores_table`, all groups below each other with their name
    in the first column, so that one filter serves them all. Text is never taken for a formula.
    """
    from xlsxwriter import Workbook

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with Workbook(stream, options) as book:
        book.set_properties({"title": analysis.source.title, "comments": " ".join(_lines(analysis))})
        table = scores_table(analysis)
        _ranking_sheet(book, table)
        _about_sheet(book, analysis, table)
    return stream.getvalue()


def _ranking_sheet(book: Workbook, table: Table) -> None:
    sheet = book.add_worksheet("Ranking")
    head = book.add_format({"bold": True, "bg_color": "#E9EEF5", "bottom": 1, "valign": "top", "text_wrap": True})
    for place, name in enumerate(table.columns):
        cell_format = book.add_format(_look(name))
        sheet.set_column(place, place, _WIDTHS.get(name, 12), cell_format)
        sheet.write_string(0, place, name, head)
        for line, value in enumerate(table.column(name), 1):
            _write(sheet, line, place, value, cell_format)
    sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)
    sheet.freeze_panes(1, table.columns.index("statement") + 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    place = table.columns.index("zone")
    for zone, colour in PALETTES["light"].zones.items():
        look = book.add_format({"font_color": colour, "bold": zone == "underserved"})
        rule = {"type": "cell", "criteria": "==", "value": f'"{zone}"', "format": look}
        sheet.conditional_format(1, place, max(len(table.rows), 1), place, rule)


def _look(name: str) -> dict[str, Any]:
    look: dict[str, Any] = {"valign": "top"}
    if name in WHOLE:
        look["num_format"] = "0"
    elif name in _SHARES:
        look["num_format"] = "0%"
    elif name.endswith("_se"):
        look["num_format"] = "0.00"
    else:
        look["num_format"] = "0.0"
    if name in _WIDTHS:
        look |= {"num_format": "@", "text_wrap": name in ("statement", "step")}
    return look


def _write(sheet: Worksheet, line: int, place: int, value: Cell, cell_format: Format) -> None:
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value, cell_format)
    elif isinstance(value, str):
        sheet.write_string(line, place, value, cell_format)
    elif value is not None:
        sheet.write_number(line, place, value, cell_format)


def _lines(analysis: Analysis) -> list[str]:
    """What stands at the top: a line of facts and a conclusion for each group."""
    lines = []
    for group in analysis.groups:
        lines += [" · ".join([title(analysis, group), *subtitle(analysis, group)]), str(conclude(analysis, group))]
    return lines


def _about_sheet(book: Workbook, analysis: Analysis, table: Table) -> None:
    sheet = book.add_worksheet("About")
    plain = book.add_format({"valign": "top", "text_wrap": True})
    strong = book.add_format({"bold": True, "valign": "top"})
    warning = book.add_format({"bold": True, "font_color": "#C00000", "font_size": 14})
    sheet.set_column(0, 0, 22, strong)
    sheet.set_column(1, 1, 110, plain)
    line = 0
    if analysis.source.simulated:
        sheet.write_string(line, 0, "Simulated data: these responses were made by a program.", warning)
        line += 2
    sections = {
        "What one may conclude": [("", text) for text in _lines(analysis)],
        "Notes": [("", f"{note.message}; {note.remedy}") for note in analysis.notes],
        "Where the figures come from": _provenance(analysis),
        "Columns of the sheet Ranking": [(name, _meaning(name)) for name in table.columns],
    }
    for heading, rows in sections.items():
        if not rows:
            continue
        sheet.write_string(line, 0, heading, strong)
        for name, text in rows:
            line += 1
            sheet.write_string(line, 0, name, strong)
            sheet.write_string(line, 1, text, plain)
        line += 2


def _provenance(analysis: Analysis) -> list[tuple[str, str]]:
    rows = []
    for name, value in (analysis.provenance | {"where": conditions(analysis)}).items():
        text = ", ".join(value) if isinstance(value, list) else value
        if text not in (None, ""):
            rows.append(
                (name, {True: "yes", False: "no"}.get(text, str(text)) if isinstance(text, bool) else str(text))
            )
    return rows


def _meaning(name: str) -> str:
    if name.endswith("_se"):
        return f"Standard error of {name.removesuffix('_se')}."
    return MEANINGS.get(name, "")
