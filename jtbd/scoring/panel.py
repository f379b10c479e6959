"""Covariance between two waves in which the same people answered."""

from __future__ import annotations

import numpy as np

from jtbd.tally.features import FEATURES
from jtbd.tally.model import Cell, Floats, Tally

_FIRST = {feature: place for place, feature in enumerate(FEATURES)}


def cross_covariance(tally: Tally, before: Cell, after: Cell, moments: Floats, n: int) -> Floats:
    """Covariance of the shares (0..10) before, in rows, with those after, in columns.

    The same linearisation over persons as within a wave: with G = sum over persons of w_a y_a w_b y_b',
    cov(p_a, q_b) = n/(n-1) (G[a,b] - p_a G[Ma,b] - q_b G[a,Mb] + p_a q_b G[Ma,Mb]) / (N_a N_b)
    (Woodruff 1971; Lumley 2010, ch. 2). Persons in one wave only add nothing to it.

    Parameters
    ----------
    tally : Tally
        One with the outcomes and channels of both.
    before, after : Cell
        The group in each wave.
    moments : float array (C J, C J)
        From :func:`~jtbd.tally.panel.cross_moments`.
    n : int
        Persons in either wave.

    Returns
    -------
    float array ((C - 1) J, (C - 1) J)
        Of satisfaction even where difficulty was asked.
    """
    size, ratios = len(tally.outcomes), tally.channels.features[:-1]
    wide = len(ratios) * size
    p, own_weight = _shares(tally, before)
    q, other_weight = _shares(tally, after)
    mine = np.tile(np.arange(wide, wide + size), len(ratios))
    residual = moments[:wide] - p[:, None] * moments[mine]
    centred = residual[:, :wide] - residual[:, mine] * q
    with np.errstate(invalid="ignore", divide="ignore"):
        covariance = 100 * n / max(n - 1, 1) * centred / own_weight[:, None] / other_weight
    if tally.channels.second == "difficulty":
        flip = np.ones(wide)
        flip[size : 2 * size] = -1
        covariance = covariance * flip * flip[:, None]
    return np.nan_to_num(covariance, posinf=0.0, neginf=0.0)


def _shares(tally: Tally, cell: Cell) -> tuple[Floats, Floats]:
    """Shares and sums of weights of every channel but ``rated`` (C - 1) J; zero where nobody rated."""
    ratios = tally.channels.features[:-1]
    first = np.zeros((len(FEATURES), len(tally.outcomes)))
    first[:, cell.active] = cell.first
    weight = first[_FIRST["rated"]]
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = np.nan_to_num(first / weight)
    return np.concatenate([shares[_FIRST[name]] for name in ratios]), np.tile(weight, len(ratios))
