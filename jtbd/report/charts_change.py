"""Scores before and after, drawn: changes that are real in the accent colour, the others grey."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt

from jtbd.analysis.change import ChangeAnalysis
from jtbd.plural import counted
from jtbd.report.change import change_facts, change_table, conclude_change, verdicts, wave_name
from jtbd.report.charts_style import PALETTES, Palette, Theme, styled
from jtbd.report.sentences import METHOD_NAMES, SPANS, percent

_WIDTH = 380
_ROW = 38
_LINE = 15
_STATEMENT = 430
_APART = 6
"""Pixels between the intervals of the two waves."""

Record = dict[str, Any]


def change_chart(analysis: ChangeAnalysis, most: int = 25, *, theme: Theme = "light") -> alt.LayerChart:
    """Each outcome's score in both waves with intervals, the surest changes first.

    Parameters
    ----------
    analysis : ChangeAnalysis
    most : int
        How many outcomes at most.
    theme : {"light", "dark"}
    """
    palette = PALETTES[theme]
    table = list(zip(change_table(analysis).records(), verdicts(analysis), strict=True))
    rows = [_record(row, verdict, number) for number, (row, verdict) in enumerate(table[:most])]
    shown = f"All {counted(len(rows), 'outcome')}"
    if len(table) > len(rows):
        shown = f"The {len(rows)} surest of {len(table)} changes"
    hollow, full = wave_name(analysis.before.name), wave_name(analysis.after.name)
    notes = [
        " · ".join(change_facts(analysis)),
        str(conclude_change(analysis)),
        f"{shown}. Hollow: {hollow}; full: {full}. Blue: real when all changes are adjusted for.",
    ]
    chart: Any = alt.layer(*_layers(rows, analysis, palette)).properties(
        width=_WIDTH, height=_ROW * len(rows), title=alt.TitleParams(f"{analysis.source.title}: change", subtitle=notes)
    )
    drawn: alt.LayerChart = styled(chart, palette)
    return drawn


def _record(row: dict[str, Any], verdict: str, number: int) -> Record:
    name = row["statement"] or row["outcome"]
    lines = textwrap.wrap(name, 66, max_lines=2, placeholder=" …")
    middle = number * _ROW + _ROW / 2
    return {
        "place": middle,
        "place_a": middle - _APART,
        "place_b": middle + _APART,
        "text_place": middle - _LINE / 2 * (len(lines) - 1),
        "text": "\n".join(lines),
        "name": name,
        "verdict": verdict,
        "said": "" if verdict == "open" else verdict,
        "real": verdict == "real",
        "moved": f"{row['change']:+.1f}".replace("-", "−"),
        "interval": f"{row['change_low']:+.1f} to {row['change_high']:+.1f}".replace("-", "−"),
        "ranks": f"{row['rank_a']} to {row['rank_b']}" + (" (real)" if row["rank_change_real"] else ""),
        **{name: row[name] for name in ("score_a", "score_a_low", "score_a_high", "p_holm")},
        **{name: row[name] for name in ("score_b", "score_b_low", "score_b_high")},
    }


def _layers(rows: list[Record], analysis: ChangeAnalysis, palette: Palette) -> list[alt.Chart]:
    span = SPANS[analysis.query.method]
    name = METHOD_NAMES[analysis.query.method].capitalize()
    title = f"{name}, {span[0]:g} to {span[1]:g}".replace("-", "−")
    axis = alt.Axis(orient="top", tickCount=5, title=title, domain=False, ticks=False)
    scale = alt.Scale(domain=list(span), nice=False)
    height = _ROW * max(len(rows), 1)

    def x(field: str) -> alt.X:
        return alt.X(f"{field}:Q", scale=scale, axis=axis)

    def y(field: str) -> Any:
        return alt.Y(f"{field}:Q", scale=alt.Scale(domain=[0, height], range=[0, height], nice=False), axis=None)

    data = alt.Chart(alt.InlineData(values=list(rows)))
    ink, pale = _either(palette.accent, palette.soft), _either(palette.interval, palette.line)
    tooltip = [
        alt.Tooltip("name:N", title="Outcome"),
        alt.Tooltip("moved:N", title="Change"),
        alt.Tooltip("interval:N", title=f"{percent(analysis.query.level)} interval"),
        alt.Tooltip("p_holm:Q", title="p, Holm", format=".3f"),
        alt.Tooltip("ranks:N", title="Rank"),
    ]
    layers = [
        data.mark_bar(height=5, cornerRadius=2).encode(
            x=x(f"score_{wave}_low"), x2=f"score_{wave}_high:Q", y=y(f"place_{wave}"), color=pale
        )
        for wave in ("a", "b")
    ]
    layers += [
        data.mark_rule(strokeWidth=1.5).encode(
            x=x("score_a"), x2="score_b:Q", y=y("place_a"), y2="place_b:Q", color=ink
        ),
        data.mark_point(size=55, filled=True, opacity=1, strokeWidth=2, fill=palette.paper).encode(
            x=x("score_a"), y=y("place_a"), stroke=ink, tooltip=tooltip
        ),
        data.mark_point(size=75, filled=True, opacity=1).encode(
            x=x("score_b"), y=y("place_b"), color=ink, tooltip=tooltip
        ),
    ]
    return [*layers, *_texts(data, y("place"), y("text_place"), ink, palette), *_headings(palette)]


def _either(real: str, other: str) -> Any:
    """One colour for real changes, one for others; not through a scale, which all layers would share."""
    return alt.when(alt.datum.real).then(alt.value(real)).otherwise(alt.value(other))


def _texts(data: alt.Chart, place: Any, text_place: Any, ink: Any, palette: Palette) -> list[alt.Chart]:
    look: Any = {"fontSize": 12.5, "baseline": "middle"}
    return [
        data.mark_text(align="left", lineBreak="\n", lineHeight=_LINE, color=palette.ink, **look).encode(
            x=alt.value(-_STATEMENT), y=text_place, text="text:N"
        ),
        data.mark_text(align="right", fontWeight=700, **look).encode(
            x=alt.value(_WIDTH + 50), y=place, text="moved:N", color=ink
        ),
        data.mark_text(align="left", **look).encode(x=alt.value(_WIDTH + 66), y=place, text="said:N", color=ink),
        data.mark_text(align="left", color=palette.soft, **look).encode(
            x=alt.value(_WIDTH + 140), y=place, text="ranks:N"
        ),
    ]


def _headings(palette: Palette) -> list[alt.Chart]:
    names: list[tuple[float, str, Any]] = [
        (-_STATEMENT, "Outcome", "left"),
        (_WIDTH + 50, "Change", "right"),
        (_WIDTH + 140, "Rank", "left"),
    ]
    return [
        alt.Chart(alt.InlineData(values=[{}]))
        .mark_text(text=name, align=align, color=palette.soft, fontSize=12, fontWeight=600)
        .encode(x=alt.value(x), y=alt.value(-12))
        for x, name, align in names
    ]
