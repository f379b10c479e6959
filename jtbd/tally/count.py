"""The one kernel that counts ratings, whatever source they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.model import Codes, Ratings, numbered
from jtbd.tally.blocks import Chosen, blocks_of
from jtbd.tally.features import Channels, values_of
from jtbd.tally.model import Cell, CellKey, Floats, Tally, add_cells, empty_cell
from jtbd.tally.threads import in_threads

Rows = NDArray[np.intp] | range
Number = type[np.float32 | np.float64]

CHUNK = 8_192
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
    chunks = [
        (key, rows[start : start + CHUNK], np.float32 if len(rows) > CHUNK else np.float64)
        for key, rows in _rows_by_key(batch, attributes).items()
        for start in range(0, max(len(rows), 1), CHUNK)
    ]

    def count(chunk: tuple[CellKey, Rows, Number]) -> Cell:
        _, rows, number = chunk
        return _count_chunk(batch, rows, channels, number)

    cells: dict[CellKey, Cell] = {}
    # Summed in the order of the chunks, whichever is ready first, so that the sums do not depend on the machine.
    for (key, _, _), counted in zip(chunks, in_threads(count, chunks), strict=True):
        cells[key] = add_cells(cells[key], counted, len(channels.features)) if key in cells else counted
    return cells


def _rows_by_key(batch: Ratings, attributes: Sequence[str]) -> dict[CellKey, Rows]:
    """The respondents of each cell, in order; a range where they are all there are."""
    if not batch.n or not attributes:
        return {} if attributes else {(): range(batch.n)}
    combined = np.zeros(batch.n, np.intp)
    keys: list[CellKey] = [()]
    for name in attributes:
        levels, numbers = numbered(batch.attributes[name])
        present, combined = np.unique(combined * len(levels) + numbers, return_inverse=True)
        keys = [(*keys[one // len(levels)], levels[one % len(levels)]) for one in present.tolist()]
    if len(keys) == 1:
        return {keys[0]: range(batch.n)}
    order = np.argsort(combined, kind="stable")
    rows = np.split(order, np.cumsum(np.bincount(combined))[:-1])
    return dict(zip(keys, rows, strict=True))


def _count_chunk(batch: Ratings, rows: Rows, channels: Channels, number: Number) -> Cell:
    """The cell of a few respondents."""
    part = slice(rows.start, rows.stop) if isinstance(rows, range) else rows
    importance, second = (batch.scales[scale][part] for scale in ("importance", channels.second))
    weights = batch.weights[part]
    rated = (importance != 0) & (second != 0)
    active = np.flatnonzero(rated.any(axis=0))
    if not active.size:
        return empty_cell(len(weights))
    # An outcome a row from here on: numpy counts and looks up along rows of memory several times faster.
    codes = np.ascontiguousarray(joint_codes(importance, second).T)
    if active.size < len(codes):
        codes, rated = codes[active], rated[:, active]
    numbers: NDArray[np.float32 | np.float64] = weights.astype(number)

    def moments(rows: Chosen, columns: Chosen) -> Floats:
        return _second_moments(codes[columns][:, rows], numbers[rows], channels)

    return Cell(
        len(weights),
        active,
        *_joint_tables(codes, weights),
        blocks_of(rated, active, moments),
    )


def joint_codes(importance: Codes, second: Codes) -> Codes:
    """6 importance + second, so that a table of them is six by six with "not rated" first."""
    codes: Codes = importance * np.uint8(6) + second
    return codes


def _joint_tables(codes: Codes, weights: Floats) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Numbers of respondents and sums of w and of w^2, by outcome and joint rating (J', 5, 5) each."""

    def table(weight: Floats | None) -> NDArray[np.int64 | np.float64]:
        flat = np.stack([np.bincount(row, weight, minlength=36) for row in codes])
        return flat.reshape(-1, 6, 6)[:, 1:, 1:]

    counts = table(None).astype(np.int64)
    if (weights == 1).all():
        return counts, counts.astype(float), counts.astype(float)
    return counts, table(weights).astype(float), table(weights**2).astype(float)


def _second_moments(codes: Codes, weights: NDArray[np.float32 | np.float64], channels: Channels) -> Floats:
    """Sums of w^2 y y' over the channels, (C J', C J')."""
    wide = weighted_channels(codes, weights, channels)
    moments: Floats = (wide @ wide.T).astype(np.float64)
    return moments


def weighted_channels(
    codes: Codes, weights: NDArray[np.float32 | np.float64], channels: Channels
) -> NDArray[np.float32 | np.float64]:
    """What each respondent adds to the sums of w y (C J', n), channel by channel, from joint codes (J', n)."""
    wide = np.empty((len(channels.features), *codes.shape), weights.dtype)
    places = codes.astype(np.intp)
    for place, feature in enumerate(channels.features):
        values = np.pad(values_of(feature, channels.second), (1, 0)).astype(weights.dtype)
        values.ravel().take(places, out=wide[place], mode="clip")
    if (weights != 1).any():
        wide *= weights
    return wide.reshape(-1, len(weights))
