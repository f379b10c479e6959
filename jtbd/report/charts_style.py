"""How charts look: one palette on light and on dark ground, and the shapes that make colour unnecessary."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    import altair as alt

Chart = TypeVar("Chart", bound="alt.LayerChart | alt.HConcatChart")

Theme = Literal["light", "dark"]
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', 'DejaVu Sans', sans-serif"

ZONE_ORDER = ("underserved", "table_stakes", "appropriate", "overserved")
ZONE_SHAPES = {"underserved": "circle", "table_stakes": "square", "appropriate": "triangle-up", "overserved": "diamond"}


@dataclass(frozen=True)
class Palette:
    """Colours of a theme; text on ``paper`` has a contrast of at least 4.5, marks of at least 3."""

    paper: str
    ink: str
    soft: str
    line: str
    accent: str
    interval: str
    simulated: str
    zones: dict[str, str]


PALETTES: dict[Theme, Palette] = {
    "light": Palette(
        paper="#ffffff",
        ink="#1d2430",
        soft="#5b6676",
        line="#dfe3ea",
        accent="#1f5fa8",
        interval="#b9cbe2",
        simulated="#8a5a00",
        zones={
            "underserved": "#a5243d",
            "table_stakes": "#7a5c00",
            "appropriate": "#6b7688",
            "overserved": "#2f6f8f",
        },
    ),
    "dark": Palette(
        paper="#171c24",
        ink="#e8ecf2",
        soft="#a3aebd",
        line="#303947",
        accent="#8ab8f0",
        interval="#38557a",
        simulated="#f0c66b",
        zones={
            "underserved": "#f48ba0",
            "table_stakes": "#dcbb5c",
            "appropriate": "#a9b4c4",
            "overserved": "#7fc1de",
        },
    ),
}


def styled(chart: Chart, palette: Palette) -> Chart:
    """The chart under the palette's configuration."""
    configured: Chart = (
        chart.configure(font=FONT, background=palette.paper, padding=16)
        .configure_view(stroke=None)
        .configure_axis(
            labelColor=palette.soft,
            titleColor=palette.ink,
            titleFontWeight=600,
            titleFontSize=13,
            labelFontSize=12,
            titlePadding=10,
            gridColor=palette.line,
            domainColor=palette.line,
            tickColor=palette.line,
        )
        .configure_title(
            anchor="start",
            color=palette.ink,
            fontSize=18,
            fontWeight=600,
            subtitleColor=palette.soft,
            subtitleFontSize=12.5,
            subtitleLineHeight=17,
            subtitlePadding=6,
            offset=14,
        )
    )
    return configured
