"""The one kernel that counts ratings, whatever source they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.model import Ratings
from jtbd.tally.blocks import Chosen, blocks_of
from jtbd.tally.features import Channels, values_of
from jtbd.tally.model import Cell, CellKey, Floats, Tally, add_cells, empty_cell

CHUNK = 8_192
"""Respondents counted at once: larger cells are summed in float32 chunks of this size (SE off by 3e-8)."""

MISSING = 25
"""The joint code of an outcome that lacks one of the two ratings."""


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
    codes = _joint_codes(batch, channels)
    if not attributes:
        return {(): _count(codes, batch.weights, channels)}
    keys = list(zip(*(batch.attributes[name] for name in attributes), strict=True))
    number = {key: place for place, key in enumerate(sorted(set(keys)))}
    places = np.array([number[key] for key in keys])
    if len(number) < 2:
        return {key: _count(codes, batch.weights, channels) for key in number}
    order = np.argsort(places, kind="stable")
    rows = np.split(order, np.searchsorted(places[order], np.arange(1, len(number))))
    return {key: _count(codes[rows[place]], batch.weights[rows[place]], channels) for key, place in number.items()}


def _joint_codes(batch: Ratings, channels: Channels) -> NDArray[np.uint8]:
    """How each respondent rated each outcome (n, J): 5 (importance - 1) + second - 1, or ``MISSING``."""
    importance, other = batch.scales["importance"], batch.scales[channels.second]
    codes = (importance - np.uint8(1)) * np.uint8(5) + (other - np.uint8(1))
    codes[(importance == 0) | (other == 0)] = MISSING
    return codes


def _count(codes: NDArray[np.uint8], weights: Floats, channels: Channels) -> Cell:
    number = np.float32 if len(codes) > CHUNK else np.float64
    total = empty_cell()
    for start in range(0, max(len(codes), 1), CHUNK):
        part = slice(start, start + CHUNK)
        total = add_cells(total, _count_chunk(codes[part], weights[part], channels, number), len(channels.features))
    return total


def _count_chunk(
    codes: NDArray[np.uint8], weights: Floats, channels: Channels, number: type[np.float32 | np.float64]
) -> Cell:
    active = np.flatnonzero((codes != MISSING).any(axis=0))
    if not active.size:
        return empty_cell(len(codes))
    if active.size < codes.shape[1]:
        codes = codes[:, active]
    counts, sums, squares = _joint_tables(codes, weights)
    numbers: NDArray[np.float32 | np.float64] = weights.astype(number)

    def moments(rows: Chosen, columns: Chosen) -> Floats:
        return _second_moments(codes[rows][:, columns], numbers[rows], channels)

    return Cell(
        len(codes),
        active,
        counts.astype(np.int64),
        sums,
        squares,
        blocks_of(codes != MISSING, active, moments),
    )


def _joint_tables(codes: NDArray[np.uint8], weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Numbers of respondents and sums of w and of w^2, by outcome and joint rating (J', 5, 5) each."""
    size = codes.shape[1]
    places = (codes + (MISSING + 1) * np.arange(size)).ravel()

    def table(weight: Floats | None) -> Floats:
        each = None if weight is None else np.repeat(weight, size)
        flat = np.bincount(places, each, minlength=(MISSING + 1) * size).astype(float)
        return flat.reshape(size, MISSING + 1)[:, :MISSING].reshape(size, 5, 5)

    counts = table(None)
    if (weights == 1).all():
        return counts, counts, counts
    return counts, table(weights), table(weights**2)


def _second_moments(
    codes: NDArray[np.uint8], weights: NDArray[np.float32 | np.float64], channels: Channels
) -> NDArray[np.float64]:
    """Sums of w^2 y y' over the channels, (C J', C J')."""
    n, size = codes.shape
    wide = np.empty((n, len(channels.features) * size), weights.dtype)
    for place, feature in enumerate(channels.features):
        values = np.append(values_of(feature, channels.second), 0).astype(weights.dtype)
        np.take(values, codes, out=wide[:, place * size : (place + 1) * size], mode="clip")
    wide *= weights[:, None]
    return (wide.T @ wide).astype(np.float64)
