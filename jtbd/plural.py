"""Numbers with the noun that goes with them."""

from __future__ import annotations


def counted(number: int, one: str, many: str = "") -> str:
    """A number and its noun: ``1 survey``, ``1,200 surveys``; `many` where it does not only take an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
