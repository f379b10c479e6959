"""A plan drawn: how sure scores are, and which differences are found, against the number of respondents."""

from __future__ import annotations

import textwrap
from typing import Any

import altair as alt

from jtbd.analysis.planning import Plan
from jtbd.report.charts_style import PALETTES, Palette, Theme, styled
from jtbd.report.plan import assumptions_sentence, plan_sentence

_WIDTH, _HEIGHT = 380, 300
_LINE = 165
"""Characters of a line under the title."""

_PANELS = {
    "half_width": "How far a score may be off, ± points",
    "detectable": "Smallest difference of two groups found, points",
}


def plan_chart(plan: Plan, *, theme: Theme = "light") -> alt.HConcatChart:
    """Half-width of a score's interval and smallest difference found, a line for each number of outcomes rated.

    Parameters
    ----------
    plan : Plan
    theme : {"light", "dark"}
    """
    palette = PALETTES[theme]
    rows = [
        {
            "respondents": row.respondents,
            "each": f"{row.per_respondent} outcomes each",
            "mine": row.per_respondent == plan.chosen.per_respondent,
            "minutes": round(row.minutes),
            **{name: getattr(row, name) for name in _PANELS},
        }
        for row in plan.rows
    ]
    title = f"What a study of {plan.outcomes} outcomes can tell apart"
    notes = textwrap.wrap(plan_sentence(plan), _LINE) + textwrap.wrap(assumptions_sentence(plan.assumed), _LINE)
    panels = [_panel(rows, name, plan, palette) for name in _PANELS]
    chart = alt.hconcat(*panels, spacing=60).properties(title=alt.TitleParams(title, subtitle=notes))
    return styled(chart, palette)


def _panel(rows: list[dict[str, Any]], name: str, plan: Plan, palette: Palette) -> alt.LayerChart:
    most = max(row["respondents"] for row in rows)
    x = alt.X(
        "respondents:Q", title="Respondents", scale=alt.Scale(domain=[0, most], nice=False), axis=alt.Axis(grid=False)
    )
    axis = alt.Axis(tickCount=6, domain=False, ticks=False)
    y = alt.Y(f"{name}:Q", title=_PANELS[name], scale=alt.Scale(zero=True, nice=True), axis=axis)
    colour = alt.when(alt.datum.mine).then(alt.value(palette.accent)).otherwise(alt.value(palette.soft))
    data = alt.Chart(alt.InlineData(values=rows))
    ends = alt.Chart(alt.InlineData(values=[row for row in rows if row["respondents"] == most]))
    value = getattr(plan.chosen, name)
    chosen = {"respondents": plan.chosen.respondents, name: value, "said": f"{value:.1f}"}
    mark = alt.Chart(alt.InlineData(values=[chosen]))
    tooltip = [
        alt.Tooltip("respondents:Q", title="Respondents", format=","),
        alt.Tooltip("each:N", title="Outcomes"),
        alt.Tooltip("minutes:Q", title="Minutes"),
        alt.Tooltip(f"{name}:Q", title=_PANELS[name], format=".2f"),
    ]
    panel: Any = alt.layer(
        data.mark_line(strokeWidth=2.5).encode(x=x, y=y, detail="each:N", color=colour),
        data.mark_point(size=28, filled=True, opacity=1).encode(x=x, y=y, color=colour, tooltip=tooltip),
        ends.mark_text(align="left", dx=8, fontSize=12).encode(x=x, y=y, text="each:N", color=colour),
        mark.mark_point(size=180, filled=True, opacity=1, color=palette.accent).encode(x=x, y=y),
        mark.mark_text(align="left", dx=6, dy=18, fontSize=15, fontWeight=700, color=palette.accent).encode(
            x=x, y=y, text="said:N"
        ),
    ).properties(width=_WIDTH, height=_HEIGHT)
    drawn: alt.LayerChart = panel
    return drawn
