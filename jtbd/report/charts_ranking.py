"""The ranking as a chart: an interval for each outcome, the best known first."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt

from jtbd.analysis import Analysis
from jtbd.plural import counted
from jtbd.report.charts_style import PALETTES, ZONE_ORDER, Palette, Theme, styled
from jtbd.report.sentences import CUTS, METHOD_NAMES, SPANS, ZONE_NAMES, conclude, percent, subtitle, title
from jtbd.report.tables import scores_table

_WIDTH = 340
_ROW = 38
_LINE = 15
_STATEMENT = 430

Record = dict[str, Any]


def ranking_chart(analysis: Analysis, group: str, most: int = 25, *, theme: Theme = "light") -> alt.LayerChart:
    """Score and interval of the first outcomes, with rank ranges, statements and zones.

    Parameters
    ----------
    analysis : Analysis
    group : str
        One of ``analysis.groups``.
    most : int
        How many outcomes at most.
    theme : {"light", "dark"}
    """
    palette = PALETTES[theme]
    every = [row for row in scores_table(analysis).records() if row["rank"] and row.get("group", group) == group]
    rows = [_record(row, analysis, number) for number, row in enumerate(every[:most])]
    shown = f"All {counted(len(rows), 'outcome')}"
    if len(every) > len(rows):
        shown = f"The first {len(rows)} of {len(every)} outcomes"
    notes = [*subtitle(analysis, group), conclude(analysis, group).headline, f"{shown}, with the ranks each may have."]
    chart: Any = alt.layer(*_layers(rows, analysis, palette)).properties(
        width=_WIDTH,
        height=_ROW * max(len(rows), 1),
        title=alt.TitleParams(title(analysis, group), subtitle=notes),
    )
    drawn: alt.LayerChart = styled(chart, palette)
    return drawn


def _record(row: dict[str, Any], analysis: Analysis, number: int) -> Record:
    score = "opportunity" if analysis.query.ranking.name == "opportunity" else "score"
    name = row["statement"] or row["outcome"]
    lines = textwrap.wrap(name, 66, max_lines=2, placeholder=" …")
    middle = number * _ROW + _ROW / 2
    return {
        "place": middle,
        "text_place": middle - _LINE / 2 * (len(lines) - 1),
        "ranks": f"{row['rank_low']}–{row['rank_high']}" if row["rank_low"] != row["rank_high"] else f"{row['rank']}",
        "text": "\n".join(lines),
        "name": name,
        "score": row[score],
        "low": row[f"{score}_low"],
        "high": row[f"{score}_high"],
        "interval": f"{row[f'{score}_low']:.1f} to {row[f'{score}_high']:.1f}",
        "zone_name": ZONE_NAMES[row["zone"]],
        "certainty": row["zone_certainty"],
        "importance": row["importance"],
        "second": row[analysis.second],
        "n": row["n"],
    }


def _layers(rows: Sequence[Record], analysis: Analysis, palette: Palette) -> list[alt.Chart]:
    span = SPANS[analysis.query.ranking.name]
    name = METHOD_NAMES[analysis.query.ranking.name].capitalize()
    axis = alt.Axis(orient="top", tickCount=5, title=f"{name}, {span[0]:g} to {span[1]:g}", domain=False, ticks=False)
    scale = alt.Scale(domain=list(span), nice=False)
    height = _ROW * max(len(rows), 1)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[0, height], range=[0, height], nice=False), axis=None)

    place = y("place")
    data = alt.Chart(alt.InlineData(values=list(rows)))
    tooltip = [
        alt.Tooltip("name:N", title="Outcome"),
        alt.Tooltip("ranks:N", title="Rank range"),
        alt.Tooltip("score:Q", title=name, format=".1f"),
        alt.Tooltip("interval:N", title=f"{percent(analysis.query.level)} interval"),
        alt.Tooltip("importance:Q", title="Importance", format=".1f"),
        alt.Tooltip("second:Q", title=analysis.second.capitalize(), format=".1f"),
        alt.Tooltip("n:Q", title="Ratings"),
    ]
    layers = []
    if analysis.query.ranking.name in CUTS:
        cut = alt.Chart(alt.InlineData(values=[{"cut": CUTS[analysis.query.ranking.name]}]))
        layers.append(
            cut.mark_rule(color=palette.zones["underserved"], strokeDash=[3, 3], opacity=0.6).encode(x=x("cut"))
        )
    layers += [
        data.mark_bar(height=9, color=palette.interval, cornerRadius=2).encode(
            x=x("low"), x2="high:Q", y=place, tooltip=tooltip
        ),
        data.mark_tick(height=19, thickness=3, opacity=1, color=palette.accent, orient="vertical").encode(
            x=x("score"), y=place, tooltip=tooltip
        ),
    ]
    return [*layers, *_texts(data, place, y("text_place"), palette), *_headings(palette)]


def _texts(data: alt.Chart, place: Any, text_place: Any, palette: Palette) -> list[alt.Chart]:
    """What stands left and right of the bars."""
    names = [ZONE_NAMES[zone] for zone in ZONE_ORDER]
    colour = alt.Color(
        "zone_name:N", scale=alt.Scale(domain=names, range=[palette.zones[zone] for zone in ZONE_ORDER]), legend=None
    )
    ink: Any = {"fontSize": 12.5, "baseline": "middle", "color": palette.ink}
    left, right = alt.value(-_STATEMENT), alt.value(_WIDTH + 70)
    return [
        data.mark_text(align="right", **ink).encode(x=alt.value(-_STATEMENT - 14), y=place, text="ranks:N"),
        data.mark_text(align="left", lineBreak="\n", lineHeight=_LINE, **ink).encode(
            x=left, y=text_place, text="text:N"
        ),
        data.mark_text(align="right", fontWeight=700, **ink).encode(
            x=alt.value(_WIDTH + 50), y=place, text=alt.Text("score:Q", format=".1f")
        ),
        data.mark_text(align="left", fontSize=12.5, fontWeight=600, baseline="bottom", dy=1).encode(
            x=right, y=place, text="zone_name:N", color=colour
        ),
        data.mark_text(align="left", fontSize=11.5, baseline="top", dy=3, color=palette.soft).encode(
            x=right, y=place, text="certainty:N"
        ),
    ]


def _headings(palette: Palette) -> list[alt.Chart]:
    names: list[tuple[float, str, Any]] = [
        (-_STATEMENT - 14, "Ranks", "right"),
        (-_STATEMENT, "Outcome", "left"),
        (_WIDTH + 50, "Score", "right"),
        (_WIDTH + 70, "Zone", "left"),
    ]
    return [
        alt.Chart(alt.InlineData(values=[{}]))
        .mark_text(text=name, align=align, color=palette.soft, fontSize=12, fontWeight=600)
        .encode(x=alt.value(x), y=alt.value(-12))
        for x, name, align in names
    ]
