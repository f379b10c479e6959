"""How numbers of people are written that are so small that they are not shown."""

from __future__ import annotations

from jtbd.analysis.disclosure import is_small
from jtbd.analysis.query import MIN_GROUP

FEW = f"under {MIN_GROUP}"
NOT_SHOWN = "–"

Cell = tuple[str, str]
"""A group of people and what is said of them."""


def shown(number: int, *, masked: bool) -> str:
    """A number as a page says it."""
    return FEW if masked and is_small(number) else f"{number:,}"
