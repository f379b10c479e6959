"""Second moments by blocks: outcomes that nobody rates together, such as those of two modes, share none."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Numbers = NDArray[np.intp]
Mask = NDArray[np.bool_]
Chosen = Numbers | slice


@dataclass(frozen=True)
class Block:
    """Second moments of outcomes that are rated together, directly or through others.

    Parameters
    ----------
    outcomes : int array (B,)
        Their numbers, ascending.
    moments : float array (C B (C B + 1) / 2,)
        Upper triangle, row by row, of the sums of w^2 y y' over the C channels, channel by channel.
    """

    outcomes: Numbers
    moments: Floats


Blocks = tuple[Block, ...]
"""Disjoint, in the order of their first outcomes; what no block holds is zero."""


def blocks_of(rated: Mask, active: Numbers, moments: Callable[[Chosen, Chosen], Floats]) -> Blocks:
    """Count the second moments of respondents block by block.

    Parameters
    ----------
    rated : bool array (n, J')
        Who rated which outcome; every column has a respondent.
    active : int array (J',)
        Numbers of the outcomes, ascending.
    moments : function of rows and columns
        The moments (C B, C B) of the B outcomes in these columns, from these rows: nobody else rated them.
    """
    # Nearly always everything is rated together with the first outcome, which is quick to see.
    parts = [] if (rated & rated[:, :1]).any(axis=0).all() else rated_together(rated)
    if len(parts) < 2:
        return (Block(active, pack(moments(slice(None), slice(None)))),)
    blocks = []
    for part in parts:
        columns = np.flatnonzero(part)
        rows = np.flatnonzero(rated[:, columns].any(axis=1))
        blocks.append(Block(active[columns], pack(moments(rows, columns))))
    return tuple(blocks)


def rated_together(rated: Mask) -> list[Mask]:
    """The columns (J',) that respondents (n, J') rate together, as disjoint sets in order of their first columns."""
    by_first = rated[np.argsort(rated.argmax(axis=1), kind="stable")]
    by_first = by_first[by_first.any(axis=1)]
    firsts, starts = np.unique(by_first.argmax(axis=1), return_index=True)
    # Respondents with the same first outcome share it, so what they rated between them is one set.
    return joined(np.logical_or.reduceat(by_first, starts, axis=0)) if firsts.size else []


def joined(sets: Iterable[Mask]) -> list[Mask]:
    """Unions of the sets (m,) that have a member in common, in order of their first members."""
    parts: list[Mask] = []
    for one in sets:
        whole, apart = one, []
        for part in parts:
            if (part & one).any():
                whole = whole | part
            else:
                apart.append(part)
        parts = [*apart, whole]
    return sorted(parts, key=lambda part: int(part.argmax()))


def add_blocks(left: Blocks, right: Blocks, channels: int) -> Blocks:
    """The moments of the respondents of both sides, who are different people."""
    if len(left) == len(right) and all(map(_same_outcomes, left, right)):
        return tuple(Block(a.outcomes, a.moments + b.moments) for a, b in zip(left, right, strict=True))
    blocks = [*left, *right]
    size = 1 + max(int(block.outcomes[-1]) for block in blocks)
    masks = [np.bincount(block.outcomes, minlength=size) > 0 for block in blocks]
    return tuple(
        _sum([block for block, mask in zip(blocks, masks, strict=True) if (mask & part).any()], part, channels)
        for part in joined(masks)
    )


def _same_outcomes(left: Block, right: Block) -> bool:
    return np.array_equal(left.outcomes, right.outcomes)


def _sum(blocks: list[Block], part: Mask, channels: int) -> Block:
    if all(_same_outcomes(blocks[0], block) for block in blocks):
        return Block(blocks[0].outcomes, np.sum([block.moments for block in blocks], axis=0))
    outcomes = np.flatnonzero(part)
    return Block(outcomes, pack(dense(blocks, outcomes, channels)))


def dense(blocks: Iterable[Block], outcomes: Numbers, channels: int) -> Floats:
    """All moments as one matrix (C J', C J') of the outcomes named, which hold those of every block."""
    size = len(outcomes)
    matrix = np.zeros((channels * size, channels * size))
    for block in blocks:
        places = np.searchsorted(outcomes, block.outcomes)
        wide = (np.arange(channels)[:, None] * size + places).ravel()
        matrix[np.ix_(wide, wide)] += unpack(block.moments, wide.size)
    return matrix


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
