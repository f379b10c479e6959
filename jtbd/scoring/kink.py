"""The upward bias of the opportunity score near I = S."""

from __future__ import annotations

import numpy as np

from jtbd.tally.model import Floats


def kink_bias(gap: Floats, gap_se: Floats) -> Floats:
    """How much too high max(I, 2I - S) is on average if the true gap is ``gap`` (J,).

    With the estimated gap normal around it, E[max(G, 0)] - max(g, 0) = se phi(g / se) - |g| Phi(-|g| / se)
    (the expectation of the greater of two normals: Clark 1961). 0 where nothing varies; NaN where unknown.
    """
    from scipy.special import ndtr

    away = np.divide(np.abs(gap), gap_se, out=np.full(gap.shape, np.inf), where=~(gap_se <= 0))
    density = np.exp(-(np.minimum(away, 40) ** 2) / 2) / np.sqrt(2 * np.pi)
    bias: Floats = gap_se * density - np.abs(gap) * ndtr(-away)
    return bias
