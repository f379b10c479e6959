"""The tally: moments of respondents in disjoint cells. Its size does not depend on their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from jtbd.tally.features import Channels

Floats = NDArray[np.float64]
CellKey = tuple[str, ...]
Tables = TypeVar("Tables", NDArray[np.int64], Floats)


@dataclass(frozen=True)
class Cell:
    """Sums over the respondents of one cell, for the J' outcomes that any of them rated.

    Parameters
    ----------
    n : int
        Respondents, those with no rating or no weight included.
    active : int array (J',)
        Numbers of the outcomes rated, ascending.
    counts : int array (J', 5, 5)
        Respondents by importance and second rating, unweighted, of those who gave both.
    weights, squares : float array (J', 5, 5)
        Sums of w and of w^2 over the same respondents.
    second : float array (C J' (C J' + 1) / 2,)
        Upper triangle, row by row, of the sums of w^2 y y' over the C channels, channel by channel.
    """

    n: int
    active: NDArray[np.intp]
    counts: NDArray[np.int64]
    weights: Floats
    squares: Floats
    second: Floats


def empty_cell(n: int = 0) -> Cell:
    """A cell of n respondents who rated nothing."""
    none = np.zeros((0, 5, 5))
    return Cell(n, np.zeros(0, np.intp), none.astype(np.int64), none, none, np.zeros(0))


def pack(matrix: Floats) -> Floats:
    """Upper triangle of a symmetric matrix (m, m), row by row, as (m (m + 1) / 2,)."""
    return np.concatenate([matrix[row, row:] for row in range(len(matrix))]) if len(matrix) else np.zeros(0)


def unpack(packed: Floats, size: int) -> Floats:
    """The symmetric matrix (size, size) whose upper triangle was packed."""
    matrix = np.empty((size, size))
    start = 0
    for row in range(size):
        stop = start + size - row
        matrix[row, row:] = packed[start:stop]
        matrix[row:, row] = packed[start:stop]
        start = stop
    return matrix


def add_cells(left: Cell, right: Cell, channels: int) -> Cell:
    """The cell of both cells' respondents, who are different people."""
    if not left.active.size or not right.active.size:
        full = left if left.active.size else right
        return replace(full, n=left.n + right.n)
    if np.array_equal(left.active, right.active):
        return Cell(
            left.n + right.n,
            left.active,
            left.counts + right.counts,
            left.weights + right.weights,
            left.squares + right.squares,
            left.second + right.second,
        )
    active = np.union1d(left.active, right.active)
    wide_left, wide_right = (_widen(cell, active, channels) for cell in (left, right))
    return add_cells(wide_left, wide_right, channels)


def _widen(cell: Cell, active: NDArray[np.intp], channels: int) -> Cell:
    """The same cell with room for more outcomes, which nobody in it rated."""
    size, old = len(active), len(cell.active)
    places = np.searchsorted(active, cell.active)
    second = np.zeros((channels * size, channels * size))
    wide = (np.arange(channels)[:, None] * size + places).ravel()
    second[np.ix_(wide, wide)] = unpack(cell.second, channels * old)
    return Cell(
        cell.n,
        active,
        spread(cell.counts, places, size),
        spread(cell.weights, places, size),
        spread(cell.squares, places, size),
        pack(second),
    )


def spread(table: Tables, places: NDArray[np.intp], size: int) -> Tables:
    """Joint tables (J', 5, 5) put at the places of their outcomes among ``size``, zero elsewhere."""
    wide = np.zeros((size, 5, 5), table.dtype)
    wide[places] = table
    return wide


@dataclass(frozen=True)
class Tally:
    """Cells of respondents by their values of ``attributes``; ``+`` merges batches, files, machines.

    ``n`` of a tally is the sum over its cells: the n of every variance, whatever group is looked at.
    """

    outcomes: tuple[str, ...]
    channels: Channels
    attributes: tuple[str, ...] = ()
    cells: Mapping[CellKey, Cell] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """All respondents counted."""
        return sum(cell.n for cell in self.cells.values())

    def __add__(self, other: Tally) -> Tally:
        if (self.outcomes, self.channels, self.attributes) != (other.outcomes, other.channels, other.attributes):
            raise ValueError("tallies of different outcomes, channels or attributes do not add up")
        cells = dict(self.cells)
        for key, cell in other.cells.items():
            cells[key] = add_cells(cells[key], cell, self._width) if key in cells else cell
        return Tally(self.outcomes, self.channels, self.attributes, cells)

    def pool(self, chosen: Callable[[Mapping[str, str]], bool] = lambda _: True) -> Cell:
        """One cell of all respondents whose attributes are ``chosen``."""
        total = empty_cell()
        for key, cell in sorted(self.cells.items()):
            if chosen(dict(zip(self.attributes, key, strict=True))):
                total = add_cells(total, cell, self._width)
        return total

    def levels(self, attribute: str) -> tuple[str, ...]:
        """The values of an attribute that occur, sorted, the unknown ("") left out."""
        place = self.attributes.index(attribute)
        return tuple(sorted({key[place] for key in self.cells} - {""}))

    @property
    def _width(self) -> int:
        return len(self.channels.features)
