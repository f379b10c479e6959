"""The one kernel that counts ratings, whatever source they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.model import Ratings
from jtbd.tally.blocks import Chosen, blocks_of
from jtbd.tally.features import FEATURES, Channels, Feature, Flags, flags
from jtbd.tally.model import Cell, CellKey, Floats, Tally, add_cells, empty_cell

CHUNK = 16_384
"""Respondents counted at once: larger cells are summed in float32 chunks of this size (SE off by 3e-8)."""


def tally(batches: Ratings | Iterable[Ratings], channels: Channels, attributes: Sequence[str] = ()) -> Tally:
    """Count ratings into a cell for each combination of values of ``attributes``.

    Parameters
    ----------
    batches : Ratings, or an iterable of them with the same outcomes
        Each respondent in one batch only.
    channels : Channels
        What to count.
    attributes : sequence of str
        Attributes that keep respondents apart, so that any group is a sum of cells.
    """
    if isinstance(batches, Ratings):
        batches = [batches]
    total: Tally | None = None
    for batch in batches:
        counted = Tally(batch.outcomes, channels, tuple(attributes), _cells(batch, channels, attributes))
        total = counted if total is None else total + counted
    if total is None:
        raise ValueError("nothing to count: give at least one batch")
    return total


def _cells(batch: Ratings, channels: Channels, attributes: Sequence[str]) -> dict[CellKey, Cell]:
    if not attributes:
        return {(): _count(batch, channels)}
    keys = list(zip(*(batch.attributes[name] for name in attributes), strict=True))
    number = {key: place for place, key in enumerate(sorted(set(keys)))}
    codes = np.array([number[key] for key in keys])
    return {key: _count(batch.take(np.flatnonzero(codes == place)), channels) for key, place in number.items()}


def _count(batch: Ratings, channels: Channels) -> Cell:
    total = empty_cell()
    for start in range(0, batch.n, CHUNK):
        part = batch.take(np.arange(start, min(start + CHUNK, batch.n))) if batch.n > CHUNK else batch
        number = np.float32 if batch.n > CHUNK else np.float64
        total = add_cells(total, _count_chunk(part, channels, number), len(channels.features))
    return total


def _count_chunk(part: Ratings, channels: Channels, number: type[np.float32 | np.float64]) -> Cell:
    found = flags(part, channels.second)
    active = np.flatnonzero(found["rated"].any(axis=0))
    if not active.size:
        return empty_cell(part.n)
    found = {feature: matrix[:, active] for feature, matrix in found.items()}
    squares = part.weights**2

    def moments(rows: Chosen, columns: Chosen) -> Floats:
        chosen = {feature: matrix[rows][:, columns] for feature, matrix in found.items()}
        return _second_moments(chosen, channels, squares[rows], number)

    return Cell(
        part.n,
        active,
        _joint_counts(part, channels, active, found["rated"]),
        squares @ found["rated"],
        np.stack([part.weights @ found[feature] for feature in FEATURES]),
        blocks_of(found["rated"], active, moments),
    )


def _second_moments(
    found: dict[Feature, Flags], channels: Channels, squares: Floats, number: type[np.float32 | np.float64]
) -> Floats:
    wide = np.concatenate([found[feature] for feature in channels.features], axis=1).astype(number)
    moments: Floats = ((wide * squares[:, None].astype(number)).T @ wide).astype(np.float64)
    return moments


def _joint_counts(part: Ratings, channels: Channels, active: NDArray[np.intp], rated: Flags) -> NDArray[np.int64]:
    """Unweighted counts (J', 5, 5) of importance by second rating."""
    importance = part.scales["importance"][:, active].astype(np.intp)
    other = part.scales[channels.second][:, active]
    codes = (np.arange(active.size) * 25 + (importance - 1) * 5 + other - 1)[rated]
    return np.bincount(codes, minlength=active.size * 25).reshape(active.size, 5, 5)
