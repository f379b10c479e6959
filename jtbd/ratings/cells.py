"""Columns of cells as codes and labels: the vectorised side of :mod:`jtbd.ratings.codes`."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.codes import BAD, CODES, NOT_RATED, cell_text, parse_code
from jtbd.ratings.model import Codes, Labels


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
