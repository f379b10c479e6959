"""What a cell of a ratings file may hold: 1 to 5, or nothing."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.model import Codes, Labels

NOT_RATED = 0
BAD = 255

CODES: dict[str, int] = {"": NOT_RATED} | {f"{point}{tail}": point for point in range(1, 6) for tail in ("", ".0")}
"""The spellings met in nearly every cell, looked up without parsing."""


_WHOLE = re.compile(r"[1-5]\.0*")


def parse_code(cell: str) -> int:
    """1..5, ``NOT_RATED`` for a blank cell, ``BAD`` for anything else. ``" 4.00 "`` is 4."""
    text = cell.strip()
    if text in CODES:
        return CODES[text]
    return int(text[0]) if _WHOLE.fullmatch(text) else BAD


def shown(cell: str) -> str:
    """A cell as a message quotes it: cut where it is long, unprintable characters replaced."""
    text = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in cell[:41])
    return f'"{text[:40]}…"' if len(text) > 40 else f'"{text}"'


def cell_text(cell: object) -> str:
    """A value as CSV would hold it: a column of whole numbers with a gap in it is still one of whole numbers."""
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)


def text_codes(cells: Iterable[str]) -> Codes:
    """Codes of cells of text; one dictionary look-up a cell, but for odd spellings."""
    cells = list(cells)
    codes = np.frombuffer(bytes(map(CODES.get, cells, repeat(BAD))), np.uint8)
    odd = np.flatnonzero(codes == BAD)
    if odd.size:
        codes = codes.copy()
        codes[odd] = [parse_code(cells[place]) for place in odd.tolist()]
    return codes


def cell_codes(cells: Iterable[object]) -> Codes:
    """Codes of values of any type: those of their texts."""
    return text_codes([cell_text(cell) for cell in cells])


def number_codes(numbers: NDArray[np.integer | np.floating]) -> Codes:
    """Codes of numbers; NaN is a blank cell."""
    inside = (numbers >= 1) & (numbers <= 5)
    codes = np.where(inside, numbers, BAD).astype(np.uint8)
    if np.issubdtype(numbers.dtype, np.floating):
        codes[inside & (codes != numbers)] = BAD
        codes[np.isnan(numbers)] = NOT_RATED
    return codes


def text_labels(cells: Iterable[str]) -> Labels:
    """Cells of text as a column of labels."""
    stripped = [cell.strip() for cell in cells]
    labels = np.empty(len(stripped), object)
    labels[:] = stripped
    return labels


def cell_labels(cells: Iterable[object]) -> Labels:
    """Values of any type as a column of labels."""
    return text_labels([cell_text(cell) for cell in cells])
