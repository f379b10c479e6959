"""The opportunity landscape: how important each outcome is, and how satisfied people are."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt

from jtbd.analysis import Analysis
from jtbd.report.charts_style import PALETTES, ZONE_ORDER, ZONE_SHAPES, Palette, Theme, styled
from jtbd.report.sentences import ZONE_NAMES, percent, subtitle, title
from jtbd.report.tables import scores_table

LABELLED = 10
"""How many outcomes carry their rank."""

FEW = 20
"""Up to this many outcomes all show their uncertainty, not only those labelled."""

_SIDE = 560
_KEY_WIDTH = 46
_KEY_LINE = 15

_KEPT = (
    *("outcome", "name", "step", "rank", "ranks", "labelled", "crossed", "importance", "level", "opportunity"),
    *("x_low", "x_high", "y_low", "y_high", "interval", "zone_name", "certainty", "zone_certainty", "n"),
    *("label_x", "label_y"),
)
"""What of each outcome goes into the chart."""

Record = dict[str, Any]


@dataclass(frozen=True)
class _Axes:
    """The two axes, the same in every layer; ``heading`` is the upright one's title."""

    heading: str

    def x(self, field: str) -> alt.X:
        return alt.X(f"{field}:Q", title="Importance, 0 to 10", scale=alt.Scale(domain=[0, 10]), axis=self._ticks)

    def y(self, field: str) -> alt.Y:
        return alt.Y(f"{field}:Q", title=f"{self.heading}, 0 to 10", scale=alt.Scale(domain=[0, 10]), axis=self._ticks)

    @property
    def _ticks(self) -> alt.Axis:
        return alt.Axis(values=list(range(0, 11, 2)), grid=False)


def landscape(analysis: Analysis, group: str, *, theme: Theme = "light", key: bool = True) -> alt.LayerChart:
    """Importance against satisfaction, the zones behind.

    Parameters
    ----------
    analysis : Analysis
    group : str
        One of ``analysis.groups``.
    theme : {"light", "dark"}
    key : bool
        Whether the statements of the outcomes labelled stand beside the chart. A page that lists them itself may
        also set width and height anew, equal to each other.
    """
    palette = PALETTES[theme]
    points = _points(analysis, group)
    axes = _Axes("Satisfaction" if analysis.second == "satisfaction" else "Ease (10 − difficulty)")
    layers = [
        *_ground(palette, axes),
        *_crosses(points, palette, axes),
        *_marks(points, analysis, palette, axes),
    ]
    if key:
        layers += _key(points, palette)
    chart: Any = alt.layer(*layers).properties(
        width=_SIDE,
        height=_SIDE,
        title=alt.TitleParams(title(analysis, group), subtitle=_subtitle(analysis, group, points)),
    )
    drawn: alt.LayerChart = styled(chart, palette)
    return drawn


def _subtitle(analysis: Analysis, group: str, points: Sequence[Record]) -> list[str]:
    marked = "every outcome" if len(points) <= FEW else f"the first {min(LABELLED, len(points))}"
    return [
        *subtitle(analysis, group),
        "Numbers are ranks; filled marks are clear about their zone, hollow ones are not.",
        f"Thin crosses: one standard error either way, for {marked}.",
    ]


def _points(analysis: Analysis, group: str) -> list[Record]:
    """A record for each outcome that somebody rated, in rank order."""
    second = analysis.second
    points = []
    for row in scores_table(analysis).records():
        if row["rank"] is None or row.get("group", group) != group:
            continue
        one: Record = dict(row)
        # the difficulty of an outcome is drawn as ease: up is better served on either scale
        level = one[second] if second == "satisfaction" else 10 - one[second]
        x_error, y_error = one["importance_se"] or 0, one[f"{second}_se"] or 0  # one respondent has none
        one |= {
            "level": level,
            "name": one["statement"] or one["outcome"],
            "zone_name": ZONE_NAMES[one["zone"]],
            "certainty": f"{ZONE_NAMES[one['zone']]} ({one['zone_certainty']})",
            "ranks": f"{one['rank_low']}–{one['rank_high']}",
            "interval": f"{one['opportunity_low']:.1f} to {one['opportunity_high']:.1f}",
            "x_low": max(one["importance"] - x_error, 0),
            "x_high": min(one["importance"] + x_error, 10),
            "y_low": max(level - y_error, 0),
            "y_high": min(level + y_error, 10),
        }
        points.append(one)
    for number, one in enumerate(points):
        one["labelled"] = number < LABELLED
        one["crossed"] = one["labelled"] or len(points) <= FEW
    _place_labels(points)
    return [{name: one[name] for name in _KEPT} for one in points]


_SPOTS = [(0.3, 0.22), (0.3, -0.24), (-0.3, 0.22), (-0.3, -0.24), (0, 0.34), (0, -0.36), (0.42, 0), (-0.42, 0)]


def _place_labels(points: Sequence[Record]) -> None:
    """Beside each labelled point the spot, of eight, that is farthest from marks and other labels."""
    taken = [(one["importance"], one["level"]) for one in points]
    for one in points:
        spots = [(one["importance"] + dx, one["level"] + dy) for dx, dy in _SPOTS]
        if one["labelled"]:
            free = [min(_room(spot, taken), 0.4) - 0.01 * place for place, spot in enumerate(spots)]
            spots = [spots[free.index(max(free))]]
            taken.append(spots[0])
        one["label_x"], one["label_y"] = spots[0]


def _room(spot: tuple[float, float], taken: Sequence[tuple[float, float]]) -> float:
    inside = all(0.1 <= coordinate <= 9.9 for coordinate in spot)
    return min((math.dist(spot, other) for other in taken), default=1.0) if inside else 0.0


def _ground(palette: Palette, axes: _Axes) -> list[alt.Chart]:
    """Zones as pale regions with their names, the diagonal, and the line where opportunity is 10."""
    areas: dict[str, list[tuple[float, float, float]]] = {
        "underserved": [(5, 0, 0), (8.75, 0, 7.5), (10, 0, 7.5)],
        "table_stakes": [(7.5, 7.5, 10), (10, 7.5, 10)],
        "overserved": [(0, 0, 10), (7.5, 7.5, 10)],
    }
    layers = [
        _fixed([{"x": x, "low": low, "high": high} for x, low, high in corners])
        .mark_area(color=palette.zones[zone], opacity=0.07, tooltip=None)
        .encode(x=axes.x("x"), y=axes.y("low"), y2="high:Q")
        for zone, corners in areas.items()
    ]
    diagonal = _fixed([{"x": 0, "y": 0}, {"x": 10, "y": 10}]).mark_line(color=palette.soft, strokeWidth=0.8)
    ten = _fixed([{"x": 5, "y": 0}, {"x": 8.75, "y": 7.5}]).mark_line(
        color=palette.zones["underserved"], strokeWidth=1, strokeDash=[4, 3]
    )
    layers += [line.encode(x=axes.x("x"), y=axes.y("y")) for line in (diagonal, ten)]
    names: list[tuple[str, float, float, Any]] = [
        ("underserved", 9.85, 0.28, "right"),
        ("table_stakes", 8.75, 9.72, "center"),
        ("overserved", 0.15, 9.72, "left"),
        ("appropriate", 0.75, 0.28, "left"),
    ]
    layers += [
        _fixed([{"x": x, "y": y}])
        .mark_text(text=ZONE_NAMES[zone], align=align, color=palette.zones[zone], fontSize=13, fontWeight=600)
        .encode(x=axes.x("x"), y=axes.y("y"))
        for zone, x, y, align in names
    ]
    angle = -math.degrees(math.atan(2))
    notes: list[tuple[float, float, str, float, str]] = [
        (5.62, 0.75, "opportunity 10", angle, "underserved"),
        (2.25, 2.5, "as satisfied as it matters", -45, ""),
    ]
    layers += [
        _fixed([{"x": x, "y": y}])
        .mark_text(
            text=text,
            angle=turn % 360,
            color=palette.zones.get(zone, palette.soft),
            fontSize=11,
            align="left",
            baseline="bottom",
        )
        .encode(x=axes.x("x"), y=axes.y("y"))
        for x, y, text, turn, zone in notes
    ]
    return layers


def _crosses(points: Sequence[Record], palette: Palette, axes: _Axes) -> list[alt.Chart]:
    crossed = _fixed([one for one in points if one["crossed"]])
    style: Any = {"color": palette.soft, "strokeWidth": 0.9, "opacity": 0.75}
    return [
        crossed.mark_rule(**style).encode(x=axes.x("x_low"), x2="x_high:Q", y=axes.y("level")),
        crossed.mark_rule(**style).encode(x=axes.x("importance"), y=axes.y("y_low"), y2="y_high:Q"),
    ]


def _marks(points: Sequence[Record], analysis: Analysis, palette: Palette, axes: _Axes) -> list[alt.Chart]:
    names = [ZONE_NAMES[zone] for zone in ZONE_ORDER]
    colour = alt.Scale(domain=names, range=[palette.zones[zone] for zone in ZONE_ORDER])
    shape = alt.Scale(domain=names, range=[ZONE_SHAPES[zone] for zone in ZONE_ORDER])
    tooltip = [
        alt.Tooltip("name:N", title="Outcome"),
        alt.Tooltip("step:N", title="Step"),
        alt.Tooltip("ranks:N", title="Rank range"),
        alt.Tooltip("importance:Q", title="Importance", format=".1f"),
        alt.Tooltip("level:Q", title=axes.heading, format=".1f"),
        alt.Tooltip("opportunity:Q", title="Opportunity", format=".1f"),
        alt.Tooltip("interval:N", title=f"{percent(analysis.query.level)} interval"),
        alt.Tooltip("certainty:N", title="Zone"),
        alt.Tooltip("n:Q", title="Ratings"),
    ]
    dots = (
        _fixed(points)
        .mark_point(strokeWidth=1.5, opacity=1)
        .encode(
            x=axes.x("importance"),
            y=axes.y("level"),
            size=alt.condition("datum.labelled", alt.value(75), alt.value(34)),
            color=alt.Color("zone_name:N", scale=colour, legend=None),
            shape=alt.Shape("zone_name:N", scale=shape, legend=None),
            fill=alt.Fill(
                "fill:N",
                scale=alt.Scale(
                    domain=[*names, "hollow"], range=[*(palette.zones[zone] for zone in ZONE_ORDER), palette.paper]
                ),
                legend=None,
            ),
            tooltip=tooltip,
        )
        .transform_calculate(fill="datum.zone_certainty == 'clear' ? datum.zone_name : 'hollow'")
    )
    labels = _fixed([one for one in points if one["labelled"]]).mark_text(fontSize=12, fontWeight=700, tooltip=None)
    halo = labels.mark_text(fontSize=12, fontWeight=700, stroke=palette.paper, strokeWidth=3, strokeJoin="round")
    place = {"x": axes.x("label_x"), "y": axes.y("label_y"), "text": alt.Text("rank:Q", format="d")}
    return [dots, halo.encode(**place), labels.encode(**place, color=alt.value(palette.ink))]


def _key(points: Sequence[Record], palette: Palette) -> list[alt.Chart]:
    """The statements of the labelled outcomes, to the right of the chart."""
    rows, line = [], 0
    for one in points:
        if one["labelled"]:
            text = textwrap.wrap(one["name"], _KEY_WIDTH, max_lines=3, placeholder=" …")
            rows.append({"rank": f"{one['rank']}", "text": "\n".join(text), "top": 8 + line})
            line += _KEY_LINE * len(text) + 10
    top: Any = alt.Y("top:Q", scale=None)
    left: Any = {"baseline": "top", "color": palette.ink, "clip": False}
    data = _fixed(rows)
    return [
        data.mark_text(fontSize=12, fontWeight=700, align="right", **left).encode(
            x=alt.value(_SIDE + 40), y=top, text="rank:N"
        ),
        data.mark_text(fontSize=12, align="left", lineBreak="\n", lineHeight=_KEY_LINE, **left).encode(
            x=alt.value(_SIDE + 50), y=top, text="text:N"
        ),
    ]


def _fixed(values: Sequence[Record]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=list(values)))
