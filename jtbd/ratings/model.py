"""Ratings: what respondents said, as matrices. The last value in which single people can be seen."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from jtbd.survey.model import Scale

Codes = NDArray[np.uint8]
Labels = NDArray[np.object_]
Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Ratings:
    """Ratings of n respondents on J outcomes.

    Parameters
    ----------
    outcomes : tuple of str, length J
        Outcome ids, the columns of the matrices.
    scales : dict of Scale to uint8 array (n, J)
        ``"importance"`` and at least one of ``"satisfaction"``, ``"difficulty"``; 1..5, 0 = not rated.
    attributes : dict of str to object array (n,)
        What is known of the respondents, as text; ``""`` = not known.
    weights : float array (n,)
        Base weights, >= 0; all 1 unless given.
    not_applicable : bool array (n, J), optional
        Who said of which outcome that it does not apply to them; ``None`` where nobody was asked. In no score.
    """

    outcomes: tuple[str, ...]
    scales: dict[Scale, Codes]
    attributes: dict[str, Labels] = field(default_factory=dict)
    weights: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    not_applicable: Marks | None = None

    def __post_init__(self) -> None:
        shape = self.scales["importance"].shape
        if any(matrix.shape != shape or matrix.dtype != np.uint8 for matrix in self.scales.values()):
            raise ValueError("every scale is a uint8 matrix of one shape (n, J)")
        if shape[1] != len(self.outcomes):
            raise ValueError("a column for each outcome")
        if self.not_applicable is not None and self.not_applicable.shape != shape:
            raise ValueError("a mark for each rating")
        if not self.weights.size:
            object.__setattr__(self, "weights", np.ones(shape[0]))
        if any(column.shape != shape[:1] for column in (*self.attributes.values(), self.weights)):
            raise ValueError("a value of each attribute and a weight for each respondent")

    @property
    def n(self) -> int:
        """Number of respondents, those with no rating included."""
        return int(self.weights.shape[0])

    def with_weights(self, weights: NDArray[np.float64]) -> Ratings:
        """The same ratings under other weights (n,)."""
        return replace(self, weights=weights)

    def take(self, rows: NDArray[np.bool_] | NDArray[np.intp]) -> Ratings:
        """The respondents chosen, in the order chosen."""
        return Ratings(
            self.outcomes,
            {scale: matrix[rows] for scale, matrix in self.scales.items()},
            {name: column[rows] for name, column in self.attributes.items()},
            self.weights[rows],
            None if self.not_applicable is None else self.not_applicable[rows],
        )

    @property
    def content_hash(self) -> str:
        """SHA-256 of outcomes, ratings, attributes, weights and marks, for provenance."""
        digest = hashlib.sha256("\n".join(self.outcomes).encode())
        for scale in sorted(self.scales):
            digest.update(scale.encode() + np.ascontiguousarray(self.scales[scale]).tobytes())
        for name in sorted(self.attributes):
            digest.update(f"\n{name}\n".encode() + "\x1f".join(self.attributes[name]).encode())
        digest.update(np.ascontiguousarray(self.weights).tobytes())
        if self.not_applicable is not None:
            digest.update(b"not applicable" + np.packbits(self.not_applicable).tobytes())
        return digest.hexdigest()


def numbered(labels: Labels) -> tuple[list[str], NDArray[np.intp]]:
    """The values of a column, sorted, and for each row the number of its own (n,)."""
    rows = labels.tolist()
    levels = sorted(set(rows))
    number = {level: place for place, level in enumerate(levels)}
    return levels, np.fromiter(map(number.__getitem__, rows), np.intp, len(rows))
