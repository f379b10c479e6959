"""The one kernel that counts ratings, whatever source they come from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.model import Codes, Ratings
from jtbd.tally.blocks import Chosen, blocks_of
from jtbd.tally.features import Channels, values_of
from jtbd.tally.model import Cell, CellKey, Floats, Tally, add_cells, empty_cell

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
    if not attributes:
        return {(): _count(batch, np.arange(batch.n), channels)}
    keys = list(zip(*(batch.attributes[name] for name in attributes), strict=True))
    number = {key: place for place, key in enumerate(sorted(set(keys)))}
    places = np.fromiter((number[key] for key in keys), np.intp, len(keys))
    order = np.argsort(places, kind="stable")
    rows = np.split(order, np.searchsorted(places[order], np.arange(1, len(number))))
    return {key: _count(batch, rows[place], channels) for key, place in number.items()}


def _count(batch: Ratings, rows: NDArray[np.intp], channels: Channels) -> Cell:
    """The cell of some respondents."""
    number = np.float32 if rows.size > CHUNK else np.float64
    total = empty_cell()
    for start in range(0, max(rows.size, 1), CHUNK):
        part = rows[start : start + CHUNK]
        importance, second = (batch.scales[scale][part] for scale in ("importance", channels.second))
        counted = _count_chunk(importance, second, batch.weights[part], channels, number)
        total = add_cells(total, counted, len(channels.features))
    return total


def _count_chunk(
    importance: Codes, second: Codes, weights: Floats, channels: Channels, number: type[np.float32 | np.float64]
) -> Cell:
    rated = (importance != 0) & (second != 0)
    active = np.flatnonzero(rated.any(axis=0))
    if not active.size:
        return empty_cell(len(weights))
    # An outcome a row from here on: numpy counts and looks up along rows of memory several times faster.
    codes = np.ascontiguousarray(joint_codes(importance, second).take(active, axis=1).T)
    numbers: NDArray[np.float32 | np.float64] = weights.astype(number)

    def moments(rows: Chosen, columns: Chosen) -> Floats:
        return _second_moments(codes[columns][:, rows], numbers[rows], channels)

    return Cell(
        len(weights),
        active,
        *_joint_tables(codes, weights),
        blocks_of(rated.take(active, axis=1), active, moments),
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
