"""The tally: moments of respondents in disjoint cells. Its size does not depend on their number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jtbd.tally.blocks import Blocks, add_blocks, dense
from jtbd.tally.features import FEATURES, Channels

Floats = NDArray[np.float64]
CellKey = tuple[str, ...]


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
    weight_squares : float array (J',)
        Sum of w^2 over those who gave both.
    first : float array (4, J')
        Sums of w y for the features y of :data:`~jtbd.tally.features.FEATURES`.
    second : tuple of Block
        Sums of w^2 y y' over the C channels, apart for outcomes that nobody in the cell rated together.
    """

    n: int
    active: NDArray[np.intp]
    counts: NDArray[np.int64]
    weight_squares: Floats
    first: Floats
    second: Blocks

    @property
    def rated(self) -> NDArray[np.int64]:
        """Respondents who gave both ratings, unweighted (J',)."""
        rated: NDArray[np.int64] = self.counts.sum(axis=(1, 2))
        return rated

    def second_moments(self, channels: int) -> Floats:
        """The sums of w^2 y y' as one matrix (C J', C J'), channel by channel."""
        return dense(self.second, self.active, channels)


def empty_cell(n: int = 0) -> Cell:
    """A cell of n respondents who rated nothing."""
    none = np.zeros(0)
    return Cell(n, np.zeros(0, np.intp), np.zeros((0, 5, 5), np.int64), none, np.zeros((len(FEATURES), 0)), ())


def add_cells(left: Cell, right: Cell, channels: int) -> Cell:
    """The cell of both cells' respondents, who are different people."""
    if np.array_equal(left.active, right.active):
        return Cell(
            left.n + right.n,
            left.active,
            left.counts + right.counts,
            left.weight_squares + right.weight_squares,
            left.first + right.first,
            add_blocks(left.second, right.second, channels),
        )
    active = np.union1d(left.active, right.active)
    return add_cells(_widen(left, active), _widen(right, active), channels)


def _widen(cell: Cell, active: NDArray[np.intp]) -> Cell:
    """The same cell with room for more outcomes, which nobody in it rated."""
    size = len(active)
    places = np.searchsorted(active, cell.active)
    counts = np.zeros((size, 5, 5), np.int64)
    counts[places] = cell.counts
    weight_squares = np.zeros(size)
    weight_squares[places] = cell.weight_squares
    first = np.zeros((len(FEATURES), size))
    first[:, places] = cell.first
    return Cell(cell.n, active, counts, weight_squares, first, cell.second)


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
