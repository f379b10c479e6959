"""The tally: moments of respondents in disjoint cells. Its size does not depend on their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from jtbd.tally.blocks import Blocks, add_blocks, dense
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
    second : tuple of Block
        Sums of w^2 y y' over the C channels, apart for outcomes that nobody in the cell rated together.
    """

    n: int
    active: NDArray[np.intp]
    counts: NDArray[np.int64]
    weights: Floats
    squares: Floats
    second: Blocks

    def second_moments(self, channels: int) -> Floats:
        """The sums of w^2 y y' as one matrix (C J', C J'), channel by channel."""
        return dense(self.second, self.active, channels)


def empty_cell(n: int = 0) -> Cell:
    """A cell of n respondents who rated nothing."""
    none = np.zeros((0, 5, 5))
    return Cell(n, np.zeros(0, np.intp), none.astype(np.int64), none, none, ())


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
            add_blocks(left.second, right.second, channels),
        )
    active = np.union1d(left.active, right.active)
    return add_cells(_widen(left, active), _widen(right, active), channels)


def _widen(cell: Cell, active: NDArray[np.intp]) -> Cell:
    """The same cell with room for more outcomes, which nobody in it rated."""
    size = len(active)
    places = np.searchsorted(active, cell.active)
    return Cell(
        cell.n,
        active,
        spread(cell.counts, places, size),
        spread(cell.weights, places, size),
        spread(cell.squares, places, size),
        cell.second,
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
