"""How far the ranks of different methods agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.ranks import mid_ranks, ranks
from jtbd.tally.model import Floats


@dataclass(frozen=True)
class Agreement:
    """Ranks by several methods of the same J outcomes.

    Parameters
    ----------
    ranks : dict of method to float array (J,)
        1 for the highest score; NaN where the method has none.
    kendall_w : float
        Kendall's coefficient of concordance over the outcomes that every method ranks, 0 to 1; NaN where there
        are fewer than two, or every method finds them all tied.
    in_every_top : bool array (J,)
        Whether the outcome is among the first ``top`` of every method.
    top : int
    """

    ranks: dict[str, Floats]
    kendall_w: float
    in_every_top: NDArray[np.bool_]
    top: int


def agreement(scores: Mapping[str, Floats], top: int) -> Agreement:
    """Compare the ranks that methods give.

    Parameters
    ----------
    scores : mapping of method to float array (J,)
        NaN where a method cannot score the outcome.
    top : int
        K of the tops compared; at most one less than there are outcomes.
    """
    placed = {name: _placed(values) for name, values in scores.items()}
    stacked = np.stack(list(scores.values()))
    known = np.isfinite(stacked).all(axis=0)
    first = max(1, min(top, int(known.sum()) - 1))
    in_every_top: NDArray[np.bool_] = np.all(np.stack(list(placed.values())) <= first, axis=0)
    return Agreement(placed, kendall_w(stacked[:, known]), in_every_top, first)


def kendall_w(scores: Floats) -> float:
    """Kendall's coefficient of concordance of m rankings of J things, corrected for ties.

    12 S / (m^2 (J^3 - J) - m T), S the squared deviations of the rank sums, T the sum of t^3 - t over groups
    of t tied things (Kendall & Smith 1939; Kendall 1948, with ties).

    Parameters
    ----------
    scores : float array (m, J)
    """
    judges, size = scores.shape
    places = mid_ranks(scores.T)
    sums = places.sum(axis=1)
    ties = sum(float((count**3 - count).sum()) for count in (_tied(column) for column in places.T))
    most = judges**2 * (size**3 - size) - judges * ties
    return float(12 * ((sums - sums.mean()) ** 2).sum() / most) if most > 0 else float("nan")


def _placed(values: Floats) -> Floats:
    placed = np.full(values.shape, np.nan)
    known = np.isfinite(values)
    placed[known] = ranks(values[known])
    return placed


def _tied(places: Floats) -> Floats:
    """Sizes of the groups that share a rank."""
    return np.unique(places, return_counts=True)[1].astype(float)
