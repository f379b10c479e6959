"""``kind: adaptive``: once every outcome is known a little, ask where the top ten is still open.

The idea is that of optimal computing budget allocation for choosing the best subset (Chen, He, Fu & Lee 2008): what
lies far from the cut, in units of its standard error, needs no more ratings.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jtbd.survey.design import Together, blocks_of, least_seen, shown_order
from jtbd.survey.model import Survey

FLOOR = 15
"""Ratings every outcome has before anything else is looked at."""

PASSED_OVER = 3 * FLOOR
"""Asked of so many, an outcome that few can rate no longer holds up the others."""

TOP = 10
IN_BALANCE = 1 / 3
"""The part of a respondent's outcomes that goes to those asked least, whatever their scores."""


@dataclass(frozen=True)
class Standing:
    """What is known of each outcome so far, arrays (J,) of counts in the order of the map.

    Parameters
    ----------
    rated : array
        Respondents who rated importance and the second scale.
    important, served, both : array
        Of those, who rated importance 4 or 5; who rated satisfaction 4 or 5 (or difficulty 1 to 3); who did both.
    """

    rated: NDArray[np.int64]
    important: NDArray[np.int64]
    served: NDArray[np.int64]
    both: NDArray[np.int64]


def scores_and_variances(standing: Standing) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Opportunity scores in units of shares (0..2), and the variance of one respondent's part in each.

    The score is I + max(I - S, 0) (Ulwick 2002); the variance is that of 2I - S where I > S, else that of I, from
    shares with one added to each side, so that no outcome looks certain because all agreed.
    """
    n = standing.rated + 2
    important, served = (standing.important + 1) / n, (standing.served + 1) / n
    both = (standing.both + 0.5) / n
    of_importance = important * (1 - important)
    of_lift = 4 * of_importance + served * (1 - served) - 4 * (both - important * served)
    scores = important + np.maximum(important - served, 0)
    return scores, np.where(important > served, of_lift, of_importance)


def distances(standing: Standing, asked: NDArray[np.int64]) -> NDArray[np.float64]:
    """How far each score is from the cut between 10th and 11th, in standard errors.

    The standard error is the one to come, once those who were asked have answered: so many who begin at once are not
    all sent to the same outcomes.
    """
    scores, variances = scores_and_variances(standing)
    top = min(TOP, len(scores) // 2)
    ordered = np.sort(scores)[::-1]
    cut = (ordered[top - 1] + ordered[top]) / 2
    expected = np.maximum(standing.rated, asked) + 2
    distance: NDArray[np.float64] = np.abs(scores - cut) / np.sqrt(variances / expected)
    return distance


def most_open(
    blocks: Sequence[range], together: Together, standing: Standing, wanted: int, rng: np.random.Generator
) -> list[int]:
    """Positions of about `wanted` outcomes for the next respondent.

    Until every outcome has its floor of ratings these are :func:`jtbd.survey.design.least_seen`; then a third of them
    are the outcomes asked least, and the rest those whose scores are nearest to the cut.
    """
    asked = together.diagonal()
    known = (standing.rated >= FLOOR) | (asked >= PASSED_OVER)
    if not known.all():
        return least_seen(blocks, together, wanted, rng)
    singly = [range(position, position + 1) for position in range(len(asked))]
    chosen = least_seen(singly, together, round(wanted * IN_BALANCE), rng)
    distance = distances(standing, asked)
    distance[chosen] = np.inf
    nearest: list[int] = np.argsort(distance, kind="stable")[: wanted - len(chosen)].tolist()
    return chosen + nearest


def assigned(survey: Survey, job_map: str, together: Together, standing: Standing, seed: int) -> tuple[str, ...]:
    """The outcomes of a map that the next respondent rates by the survey's design, in the order shown.

    Parameters
    ----------
    together : array (J, J)
        What the respondents before were asked.
    standing : Standing
        Looked at with ``kind: adaptive`` only.
    seed : int
        Of all that is left to chance.
    """
    rng = np.random.default_rng(seed)
    wanted = survey.design.outcomes_per_respondent
    if wanted is None:
        chosen = list(range(len(together)))
    elif survey.design.kind == "adaptive":
        chosen = most_open(blocks_of(survey, job_map), together, standing, wanted, rng)
    else:
        chosen = least_seen(blocks_of(survey, job_map), together, wanted, rng)
    return shown_order(survey, job_map, chosen, rng)
