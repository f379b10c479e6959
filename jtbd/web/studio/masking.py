"""Numbers of people so small that they are not shown."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import TypeVar

from jtbd.analysis.query import MIN_GROUP

FEW = f"under {MIN_GROUP}"
NOT_SHOWN = "–"

Key = TypeVar("Key", bound=Hashable)
Cell = tuple[str, str]
"""A group of people and what is said of them."""


def is_small(number: int) -> bool:
    """Whether a number says something of one to four people; that there is nobody may be said."""
    return 0 < number < MIN_GROUP


def hidden_cells(
    numbers: Mapping[Key, int], wholes: Iterable[Collection[Key]], known_hidden: Collection[Key] = ()
) -> set[Key]:
    """The numbers of people that are not shown.

    Parameters
    ----------
    numbers : mapping to int
    wholes : iterable of collection
        Numbers of which each follows from the others: the parts of a whole that is known, or a whole and its parts.
    known_hidden : collection
        Numbers that are not shown for other reasons.

    Returns
    -------
    set
        The small ones and, where one or so few people would be left that the rest says what is hidden, the smallest
        others that have anybody, until no whole gives a hidden number away.
    """
    hidden = {key for key, number in numbers.items() if is_small(number)} | set(known_hidden)
    lines, before = list(wholes), -1
    while before != len(hidden):
        before = len(hidden)
        for line in lines:
            inside = [numbers[key] for key in line if key in hidden]
            others = [key for key in line if numbers[key] and key not in hidden]
            if inside and others and (len(inside) == 1 or is_small(sum(inside))):
                hidden.add(min(others, key=lambda key: numbers[key]))
    return hidden


def hidden_groups(numbers: Mapping[str, int]) -> set[str]:
    """The parts of a whole that are not shown: the small ones and those that would give one away."""
    return hidden_cells(numbers, [numbers])


def shown(number: int, *, masked: bool) -> str:
    """A number as a page says it."""
    return FEW if masked and is_small(number) else f"{number:,}"
