"""Numbers of people so small that they are not shown."""

from __future__ import annotations

from collections.abc import Mapping

from jtbd.analysis.query import MIN_GROUP

FEW = f"under {MIN_GROUP}"


def is_small(number: int) -> bool:
    """Whether a number says something of one to four people; that there is nobody may be said."""
    return 0 < number < MIN_GROUP


def hidden_groups(numbers: Mapping[str, int]) -> set[str]:
    """The parts of a whole that are not shown.

    These are the small ones and, where that is only one, the smallest other that has anybody: the rest taken from the
    whole would say what the small one is.
    """
    hidden = {key for key, number in numbers.items() if is_small(number)}
    others = {key: number for key, number in numbers.items() if number and key not in hidden}
    if len(hidden) == 1 and others:
        hidden.add(min(others, key=lambda key: others[key]))
    return hidden


def shown(number: int, *, masked: bool) -> str:
    """A number as a page says it."""
    return FEW if masked and is_small(number) else f"{number:,}"
