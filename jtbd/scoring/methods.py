"""The scores: what each method makes of the shares, and how it moves with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from jtbd.tally.model import Floats

Method = Literal["opportunity", "gap", "unmet"]
METHODS: tuple[Method, ...] = get_args(Method)

IMPORTANCE, SATISFACTION, UNMET = 0, 1, 2


@dataclass(frozen=True)
class Linear:
    """Coefficients of a score's gradient in importance, satisfaction and unmet, each (J,)."""

    importance: Floats
    satisfaction: Floats
    unmet: Floats

    def of(self, covariance: Floats, size: int) -> Floats:
        """Covariance (J, J) of the score from that of the shares (C J, C J), by the delta method."""
        parts = (self.importance, self.satisfaction, self.unmet)[: covariance.shape[0] // size]
        total = np.zeros((size, size))
        for i, left in enumerate(parts):
            for j, right in enumerate(parts):
                block = covariance[i * size : (i + 1) * size, j * size : (j + 1) * size]
                total += left[:, None] * block * right
        return total


def value(method: Method, importance: Floats, satisfaction: Floats, unmet: Floats) -> Floats:
    """The score from the shares (0..10 each), of any matching shapes.

    opportunity : I + max(I - S, 0), 0..20 (Ulwick 2002, 2005)
    gap : I - S, -10..10
    unmet : 10 x share important and poorly done, from the joint table, 0..10
    """
    if method == "opportunity":
        return importance + np.maximum(importance - satisfaction, 0)
    if method == "gap":
        return importance - satisfaction
    return unmet


def gradient(method: Method, importance: Floats, satisfaction: Floats) -> Linear:
    """Derivatives of the score; at the kink of the opportunity score, those of its lower side."""
    one, zero = np.ones_like(importance), np.zeros_like(importance)
    if method == "opportunity":
        above = (importance > satisfaction).astype(float)
        return Linear(one + above, -above, zero)
    if method == "gap":
        return Linear(one, -one, zero)
    return Linear(zero, zero, one)
