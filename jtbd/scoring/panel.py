"""Two waves as one: of different people, or of a panel, in which the same people answered."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from jtbd.scoring.estimates import Estimates, linearised, ratios_of
from jtbd.tally.model import Floats


def cross_covariance(before: Estimates, after: Estimates, moments: Floats, n: int) -> Floats:
    """Covariance of the channels' means before, in rows, with those after, in columns.

    The same linearisation over persons as within a wave: with G = sum over persons of w_a y_a w_b y_b',
    cov(p_a, q_b) = n/(n-1) (G[a,b] - p_a G[Ma,b] - q_b G[a,Mb] + p_a q_b G[Ma,Mb]) / (N_a N_b)
    (Woodruff 1971; Lumley 2010, ch. 2). Persons in one wave only add nothing to it.

    Parameters
    ----------
    before, after : Estimates
        The group in each wave.
    moments : float array ((C + 1) J, (C + 1) J)
        From :func:`~jtbd.tally.panel.cross_moments`.
    n : int
        Persons in either wave.

    Returns
    -------
    float array (C J, C J)
    """
    rows, columns = (ratios_of(one.weights, one.second, one.channels) for one in (before, after))
    return linearised(moments, rows, columns, n)


def side_by_side(before: Estimates, after: Estimates, cross: Floats | None = None) -> Estimates:
    """Both waves as one set of 2 J estimates, a before b in each channel.

    Parameters
    ----------
    before, after : Estimates
        Of the same J outcomes and channels.
    cross : float array (C J, C J), optional
        From :func:`cross_covariance`. Zero unless given: different people.

    Returns
    -------
    Estimates
        With ``n`` of the smaller wave; in ``covariance`` each wave keeps its own.
    """
    size, channels = before.size, len(before.channels)
    joint = np.zeros((channels, 2, size, channels, 2, size))
    for wave, one in enumerate((before, after)):
        joint[:, wave, :, :, wave, :] = one.covariance.reshape(channels, size, channels, size)
    if cross is not None:
        between = cross.reshape(channels, size, channels, size)
        joint[:, 0, :, :, 1, :] = between
        joint[:, 1, :, :, 0, :] = between.transpose(2, 3, 0, 1)
    return replace(
        before,
        outcomes=before.outcomes + after.outcomes,
        n=min(before.n, after.n),
        counts=np.concatenate([before.counts, after.counts]),
        weights=np.concatenate([before.weights, after.weights]),
        squares=np.concatenate([before.squares, after.squares]),
        covariance=joint.reshape(2 * channels * size, 2 * channels * size),
    )
