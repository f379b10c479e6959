"""Charts to look at and to take away: Altair specifications, drawn to files without a browser."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from typing import Any

import altair as alt

from jtbd.report.charts_change import change_chart
from jtbd.report.charts_landscape import landscape
from jtbd.report.charts_plan import plan_chart
from jtbd.report.charts_ranking import ranking_chart
from jtbd.report.charts_style import Theme
from jtbd.report.vega import vega_bundle, vegalite_version

__all__ = [
    "Theme",
    "change_chart",
    "landscape",
    "plan_chart",
    "ranking_chart",
    "render",
    "specification",
]

_PNG_SCALE = 2.0
Drawn = alt.LayerChart | alt.HConcatChart


def specification(chart: Drawn) -> dict[str, Any]:
    """The chart as a Vega-Lite specification, data inside."""
    spec: dict[str, Any] = chart.to_dict()
    return spec


def render(chart: Drawn, form: str) -> bytes:
    """The chart as a file.

    Parameters
    ----------
    chart : Drawn
    form : {"svg", "png", "pdf", "html", "json"}
        PNG has twice the pixels for a deck; HTML holds Vega and works offline; JSON is the specification.
    """
    spec = specification(chart)
    if form == "json":
        return (json.dumps(spec, ensure_ascii=False, indent=1) + "\n").encode()
    import vl_convert

    version = vegalite_version()
    draw: dict[str, Callable[[], str | bytes]] = {
        "svg": lambda: vl_convert.vegalite_to_svg(spec, vl_version=version),
        "png": lambda: vl_convert.vegalite_to_png(spec, vl_version=version, scale=_PNG_SCALE),
        "pdf": lambda: vl_convert.vegalite_to_pdf(spec, vl_version=version),
        "html": lambda: _page(spec),
    }
    drawn = draw[form]()
    return drawn.encode() if isinstance(drawn, str) else drawn


def _page(spec: dict[str, Any]) -> str:
    """A page that draws the chart offline; no text of the specification can end the script it stands in."""
    safe = json.dumps(spec, ensure_ascii=False).replace("<", "\\u003c")
    heading = html.escape(str(spec.get("title", {}).get("text", "Chart")))
    script = vega_bundle(None).decode().replace("</script", "<\\/script")
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{heading}</title></head>\n'
        f'<body><div id="chart"></div>\n<script>{script}</script>\n'
        f'<script>vegaEmbed("#chart", {safe}, {{ast: true, actions: false}});</script></body></html>\n'
    )
