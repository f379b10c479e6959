"""Signs that a respondent answered without reading: measured, counted, never acted upon here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jtbd.ratings.model import Codes, Ratings
from jtbd.survey.model import Scale

FLAG_AT = 2
"""Independent signs at which a respondent is flagged."""

FEWEST_RATED = 8
"""Ratings of a grid under which its run, its variability and duplicates say nothing."""

SECONDS_PER_ITEM = 2.0
"""Under this a page was not read (Huang et al. 2012; Bowling et al. 2023). An item is one rating."""

LOW_SD = 0.35
"""Standard deviation under which a grid hardly varies: six of seven answers the same, the rest a point beside."""

_FAVOURITE, _CHANCE = 0.6, 0.001

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Counts = NDArray[np.intp]
Asked = Sequence[tuple[NDArray[np.intp], NDArray[np.intp]]]
"""Rows of respondents, and the columns of the outcomes they were asked in the order asked: of all of them the same
(k,), or a row for each (rows, k)."""


@dataclass(frozen=True)
class Conduct:
    """How n respondents went about answering; of a ratings file nothing of it is known.

    Parameters
    ----------
    seconds_per_item : float array (n,)
        Median over a respondent's pages of ratings of seconds on the page / ratings given on it; NaN = not known.
    attention_shown, attention_failed : int arrays (n,)
        Attention items on pages the respondent sent, and those of them not answered as instructed.
    """

    seconds_per_item: Floats
    attention_shown: Counts
    attention_failed: Counts

    @classmethod
    def unknown(cls, n: int) -> Conduct:
        """The conduct of n respondents of whom only the ratings are known."""
        return cls(np.full(n, np.nan), np.zeros(n, np.intp), np.zeros(n, np.intp))


@dataclass(frozen=True)
class Careless:
    """What was measured of n respondents, and which signs that gives; every array has a row a respondent.

    Parameters
    ----------
    run, sd : dict of Scale to array (n,)
        Longest run of one answer, and standard deviation of the answers (0..2.8, NaN under two), of each grid.
    rated : dict of Scale to int array (n,)
        Ratings given of each grid.
    conduct : Conduct
    duplicates : int array (n,)
        Other respondents with the very same answers throughout, where these vary.
    signs : dict of str to bool array (n,)
        ``run_<scale>`` of each grid, ``variability``, ``pace``, ``attention``, ``duplicate``.
    count : int array (n,)
        Independent signs, see :func:`look_for_signs`.
    """

    run: dict[Scale, Counts]
    sd: dict[Scale, Floats]
    rated: dict[Scale, Counts]
    conduct: Conduct
    duplicates: Counts
    signs: dict[str, Flags]
    count: Counts = field(repr=False)

    @property
    def flagged(self) -> Flags:
        """Who shows two independent signs or more (n,)."""
        return self.count >= FLAG_AT

    @property
    def not_looked_at(self) -> tuple[str, ...]:
        """Signs for which the data hold nothing to look at, of nobody."""
        answers = any((rated >= FEWEST_RATED).any() for rated in self.rated.values())
        kept = {
            "pace": not np.isnan(self.conduct.seconds_per_item).all(),
            "attention": bool(self.conduct.attention_shown.any()),
        }
        return tuple(name for name in self.signs if not kept.get(name, answers))


def look_for_signs(ratings: Ratings, *, conduct: Conduct | None = None, asked: Asked | None = None) -> Careless:
    """Look at every respondent for signs of careless responding.

    A grid is all ratings of one scale. The signs are

    - ``run_<scale>``: a run of one answer on that grid as long as :func:`long_run` or longer;
    - ``variability``: a standard deviation under .35 on *every* grid;
    - ``pace``: under 2 seconds a rating on half of the pages or more;
    - ``attention``: half of the attention items shown, or more, not answered as instructed;
    - ``duplicate``: all answers the same as another respondent's, although they vary.

    Two signs are independent if they rest on different observations. Time, attention items and other people's answers
    each stand alone. A run and low variability of the same grid are one observation twice, so a grid counts once:
    the signs from answers are as many as there are grids, at most. Somebody who gives one answer to everything on both
    grids shows two signs; who finds everything extremely important and differs in satisfaction shows one.

    Parameters
    ----------
    conduct : Conduct, optional
        Nothing but the ratings is known without it.
    asked : sequence of (rows, columns), optional
        The order in which outcomes were asked; that of the columns where it is not known.

    Notes
    -----
    Meade & Craig 2012 and Curran 2016 on using several signs at once.
    """
    conduct = conduct or Conduct.unknown(ratings.n)
    rated = {scale: np.count_nonzero(codes, axis=1) for scale, codes in ratings.scales.items()}
    run = _runs(ratings, asked)
    sd = {scale: variability(codes) for scale, codes in ratings.scales.items()}
    enough = np.min(list(rated.values()), axis=0) >= FEWEST_RATED
    runs = {f"run_{scale}": (rated[scale] >= FEWEST_RATED) & (run[scale] >= long_run(rated[scale])) for scale in run}
    flat = enough & (np.max(np.nan_to_num(list(sd.values()), nan=np.inf), axis=0) < LOW_SD)
    duplicates = _duplicates(ratings, enough & ~flat & ~np.all(list(runs.values()), axis=0))
    shown, failed = conduct.attention_shown, conduct.attention_failed
    alone = {
        "pace": conduct.seconds_per_item < SECONDS_PER_ITEM,
        "attention": (failed > 0) & (2 * failed >= shown),
        "duplicate": duplicates > 0,
    }
    answers = np.minimum(np.sum([*runs.values(), flat], axis=0), len(runs))
    count = answers + np.sum(list(alone.values()), axis=0)
    return Careless(run, sd, rated, conduct, duplicates, {**runs, "variability": flat, **alone}, count)


def longest_run(codes: Codes, *, left_out: Flags | None = None) -> Counts:
    """The longest run of one answer (n,) in ratings (n, k) in the order asked (long string: Johnson 2005).

    A blank ends a run. `left_out` (n, k) marks lines with no answer on any scale (not asked, or skipped as a whole),
    which are stepped over.
    """
    best = np.zeros(codes.shape[0], np.intp)
    current = np.zeros_like(best)
    previous = np.zeros(codes.shape[0], np.uint8)
    for j, given in enumerate(codes.T):
        following = np.where(given == 0, 0, np.where(given == previous, current + 1, 1))
        kept = np.zeros(len(given), bool) if left_out is None else left_out[:, j]
        current = np.where(kept, current, following)
        previous = np.where(kept, previous, given)
        best = np.maximum(best, current)
    return best


def variability(codes: Codes) -> Floats:
    """Intra-individual standard deviation (n,) of the ratings given (n, k), NaN under two (Dunn et al. 2018)."""
    given = np.count_nonzero(codes, axis=1)
    values = codes.astype(np.float32)
    total, squares = values.sum(axis=1, dtype=float), np.einsum("ij,ij->i", values, values, dtype=float)
    with np.errstate(invalid="ignore", divide="ignore"):
        variance = (squares - total**2 / given) / (given - 1.0)
    result: Floats = np.sqrt(np.where(given > 1, np.maximum(variance, 0), np.nan))
    return result


def long_run(rated: Counts) -> Counts:
    """From how many in a row on a run is long, for so many ratings.

    Among k independent answers of which one has probability p, about k (1 - p) p^L runs of it reach length L
    (Schilling 1990). With p = .6, a strong favourite, the run is long that fewer than 1 in 1,000 respondents would
    show: 18 in 20 ratings, 19 in 40, 21 in 100. In up to 17 ratings it is all of them.
    """
    expected = np.maximum(rated, 1) * (1 - _FAVOURITE) / _CHANCE
    limit = np.ceil(np.log(expected) / -np.log(_FAVOURITE)).astype(np.intp)
    shortest: Counts = np.minimum(limit, np.maximum(rated, 1))
    return shortest


def _runs(ratings: Ratings, asked: Asked | None) -> dict[Scale, Counts]:
    everything = [(np.arange(ratings.n), np.arange(len(ratings.outcomes)))]
    found = {scale: np.zeros(ratings.n, np.intp) for scale in ratings.scales}
    for rows, columns in everything if asked is None else asked:
        parts = {scale: codes[rows[:, None], columns] for scale, codes in ratings.scales.items()}
        left_out = np.all([part == 0 for part in parts.values()], axis=0)
        for scale, part in parts.items():
            found[scale][rows] = longest_run(part, left_out=left_out)
    return found


def _duplicates(ratings: Ratings, eligible: Flags) -> Counts:
    """Others among the `eligible` with all ratings equal (n,)."""
    found = np.zeros(ratings.n, np.intp)
    if eligible.sum() > 1:
        rows = np.ascontiguousarray(np.hstack([codes[eligible] for codes in ratings.scales.values()]))
        whole = rows.view(np.dtype((np.void, rows.shape[1]))).ravel()  # a row as one value: much faster to sort
        _, which, times = np.unique(whole, return_inverse=True, return_counts=True)
        found[eligible] = times[which] - 1
    return found
