"""The ranking as a table for a terminal."""

from __future__ import annotations

import math
import textwrap

from jtbd.analysis import Across, Analysis
from jtbd.plural import counted
from jtbd.report.sentences import METHOD_NAMES, SPANS, ZONE_NAMES, agreement_sentence, conclude, describe, percent
from jtbd.report.tables import Cell, Table, across_table, scores_table
from jtbd.scoring.distribution import RATINGS

BAR_WIDTH = 21
BARS = " ▁▂▃▄▅▆▇█"


def ranking_text(analysis: Analysis, width: int = 100) -> str:
    """Each group's conclusion and ranking; statements are cut to ``width`` characters, at least 24 remain."""
    table = scores_table(analysis)
    blocks = []
    for group in analysis.groups:
        rows = [row for row in table.records() if row.get("group", group) == group]
        blocks.append(_block(analysis, group, rows, max(width, 80)))
    return "\n\n".join(blocks) + "\n"


def _block(analysis: Analysis, group: str, rows: list[dict[str, Cell]], width: int) -> str:
    score = "opportunity" if analysis.query.ranking.name == "opportunity" else "score"
    second = analysis.second
    interval = f"{percent(analysis.query.level)} interval"
    head = (
        f"{'rank':>7}  {score:>11}  {interval:>13}  {_scale(score, analysis):<{BAR_WIDTH}}"
        f"  {'imp':>4} {second[:3]:>4} {'n':>6}  {'zone':<21} {_more_head(analysis)}outcome"
    )
    lines = [describe(analysis, group), *textwrap.wrap(str(conclude(analysis, group)), min(width, 100)), "", head]
    room = max(width - head.rindex("outcome"), 24)
    for row in rows:
        line = _line(row, score, second, analysis) + _more(row, analysis)
        lines.append(line + textwrap.shorten(_name(row), room, placeholder=" …"))
    return "\n".join(lines)


def _more_head(analysis: Analysis) -> str:
    """Headings of the columns that are there when asked for: stabilised score, distributions of ratings."""
    query = analysis.query
    stabilised = f"{'stabilised':>10}  " if query.stabilised else ""
    return stabilised + (f"imp 1-5 {analysis.second[:3]} 1-5 " if query.distribution else "")


def _more(row: dict[str, Cell], analysis: Analysis) -> str:
    query = analysis.query
    stabilised = f"{_plain_score(row['opportunity_stabilised']):>10}  " if query.stabilised else ""
    scales = ("importance", analysis.second) if query.distribution else ()
    return stabilised + "".join(f"{_small_bars(row, scale):<8}" for scale in scales)


def _plain_score(cell: Cell) -> str:
    return "–" if cell is None else f"{_number(cell):.1f}"


def _small_bars(row: dict[str, Cell], scale: str) -> str:
    """Shares of the ratings 1 to 5 as five bars; a full block is all respondents."""
    shares = [_number(row[f"{scale}_share_{rating}"]) for rating in RATINGS]
    if any(math.isnan(share) for share in shares):
        return ""
    return "".join(BARS[math.ceil(share * (len(BARS) - 1))] for share in shares)


def methods_text(analysis: Analysis, width: int = 100) -> str:
    """Each group's ranks by every method side by side, and how far the methods agree."""
    records = list(scores_table(analysis).records())
    blocks = []
    for group, found in analysis.agreements.items():
        rows = [row for row in records if row.get("group", group) == group and row["rank"] is not None]
        columns = [(name, f"rank_{name.replace('-', '_')}") for name in found.ranks]
        head = "".join(f"{name:>13}" for name, _ in columns) + "   outcome"
        lines = [describe(analysis, group), *textwrap.wrap(agreement_sentence(found), min(width, 100)), "", head]
        room = max(width - len(head) + len("outcome"), 24)
        for row in rows:
            mark = " * " if row["in_every_top"] else "   "
            ranks = "".join(f"{'–' if row[column] is None else row[column]:>13}" for _, column in columns)
            lines.append(ranks + mark + textwrap.shorten(_name(row), room, placeholder=" …"))
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks) + "\n"


def across_text(found: Across, width: int = 100) -> str:
    """What is at stake where, and the ranking over all groups."""
    score = "opportunity" if found.query.method == "opportunity" else "score"
    total = sum(found.values.values())
    stakes = ", ".join(f"{name} {value / total:.0%}" for name, value in found.values.items())
    people = sum(found.people.values())
    head = f"{'rank':>7}  {score:>11}  {percent(found.query.level) + ' interval':>13} {'value':>6} {'n':>6}  outcome"
    lines = [
        f"{found.source.title} · {counted(people, 'respondent')} ·"
        f" {METHOD_NAMES[found.query.method]} over every {found.column}",
        f"Weighted by value: {stakes}. The column value is the share of it that the outcome's groups have.",
        "",
        head,
    ]
    room = max(max(width, 80) - head.rindex("outcome"), 24)
    for row in across_table(found).records():
        ranks = f"{row['rank_low']}–{row['rank_high']}" if row["rank_low"] != row["rank_high"] else f"{row['rank']}"
        low, high = (_number(row[f"{score}_{end}"]) for end in ("low", "high"))
        line = f"{ranks:>7}  {_number(row[score]):>11.1f}  {f'{low:.1f} to {high:.1f}':>13}"
        line += f" {_number(row['value_share']):>6.0%} {row['n']:>6}  "
        lines.append(line + textwrap.shorten(_name(row), room, placeholder=" …"))
    return "\n".join(lines) + "\n"


def _scale(score: str, analysis: Analysis) -> str:
    low, high = SPANS[analysis.query.ranking.name]
    return f"{low:g}".ljust(BAR_WIDTH - len(f"{high:g}")) + f"{high:g}"


def _line(row: dict[str, Cell], score: str, second: str, analysis: Analysis) -> str:
    if row["rank"] is None:
        return f"{'–':>7}  {'not rated':>11}  {'':>13}  {'':<{BAR_WIDTH}}  {'':>4} {'':>4} {0:>6}  {'':<21} "
    ranks = f"{row['rank_low']}–{row['rank_high']}" if row["rank_low"] != row["rank_high"] else f"{row['rank']}"
    low, high = (_number(row[f"{score}_{end}"]) for end in ("low", "high"))
    zone = f"{ZONE_NAMES[str(row['zone'])]} ({row['zone_certainty']})"
    interval = f"{low:.1f} to {high:.1f}"
    return (
        f"{ranks:>7}  {_number(row[score]):>11.1f}  {interval:>13}  {_bar(row, score, analysis)}"
        f"  {_number(row['importance']):>4.1f} {_number(row[second]):>4.1f} {row['n']:>6}  {zone:<21} "
    )


def _name(row: dict[str, Cell]) -> str:
    return str(row["statement"] or row["outcome"])


def _number(cell: Cell) -> float:
    return float(cell) if isinstance(cell, (int, float)) else math.nan


def _bar(row: dict[str, Cell], score: str, analysis: Analysis) -> str:
    start, stop = SPANS[analysis.query.ranking.name]

    def place(value: float) -> int:
        return round((min(max(value, start), stop) - start) / (stop - start) * (BAR_WIDTH - 1))

    marks = [" "] * BAR_WIDTH
    low, high = place(_number(row[f"{score}_low"])), place(_number(row[f"{score}_high"]))
    marks[low : high + 1] = "─" * (high - low + 1)
    marks[place(_number(row[score]))] = "●"
    return "".join(marks)


def plain_table(table: Table) -> str:
    """Any table as aligned text, figures with three decimals."""
    cells = [[_plain(cell) for cell in row] for row in table.rows]
    widths = [max(len(name), *(len(row[j]) for row in cells), 0) for j, name in enumerate(table.columns)]
    numeric = [all(not isinstance(row[j], str) for row in table.rows) for j in range(len(table.columns))]
    lines = [
        "  ".join(
            cell.rjust(w) if right else cell.ljust(w) for cell, w, right in zip(row, widths, numeric, strict=True)
        )
        for row in [list(table.columns), *cells]
    ]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _plain(cell: Cell) -> str:
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)
