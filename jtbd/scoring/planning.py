"""What a study can tell apart, before it is fielded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jtbd.scoring.compare import detectable
from jtbd.scoring.draws import joint_draws
from jtbd.scoring.intervals import bent_bounds, widening, wilson
from jtbd.scoring.methods import opportunity
from jtbd.scoring.ranks import critical_values, pairs
from jtbd.scoring.world import Worlds, draw_noise, draw_worlds, errors, score_covariance
from jtbd.survey.flow import SECONDS_PER_QUESTION, SECONDS_PER_RATING
from jtbd.tally.model import Floats

_OUTCOMES = 20_000
"""Outcomes, in as many worlds as that takes, over which figures are averaged."""

_RANK_PAIRS = 60_000
"""Pairs of outcomes for ranges of ranks, which cost more."""

_DRAWS = 600
_SCALES = 2


@dataclass(frozen=True)
class Assumptions:
    """What a plan takes for granted.

    Parameters
    ----------
    groups : int
        Groups of equal size that are compared.
    top : int
        K of the top that is looked for, at most J - 1.
    level : float
        Confidence level.
    correlation : float
        Latent correlation of one respondent's ratings on a scale, 0 to .8.
    design_effect : float
        1 + squared coefficient of variation of the weights (Kish 1965); 1 for equal weights.
    questions : int
        Profile questions, for the minutes.
    seed : int
    """

    groups: int = 2
    top: int = 10
    level: float = 0.95
    correlation: float = 0.2
    design_effect: float = 1.0
    questions: int = 5
    seed: int = 1


@dataclass(frozen=True)
class Prospect:
    """What one study would see; scores are opportunity scores, figures are averages over outcomes.

    Parameters
    ----------
    respondents, per_respondent : int
        Of the study.
    minutes : float
        For a respondent.
    ratings : float
        Of each outcome.
    half_width : float
        Of the score's interval.
    detectable : float
        Smallest difference between two of the groups that is found four times in five, one outcome looked at.
    detectable_adjusted : float
        The same when all outcomes are looked at and each claim has to hold (Holm's first step).
    rank_width : float
        Worst less best rank of an outcome's range of ranks.
    top_found : float
        Share of the true top K among the estimated top K.
    """

    respondents: int
    per_respondent: int
    minutes: float
    ratings: float
    half_width: float
    detectable: float
    detectable_adjusted: float
    rank_width: float
    top_found: float


def prospects(
    outcomes: int, respondents: Sequence[int], per_respondent: Sequence[int], assumed: Assumptions
) -> list[Prospect]:
    """What studies of every size asked for would see.

    Shares of estimates are drawn from the normal approximation in worlds of :mod:`jtbd.scoring.world`, and the
    intervals, SE and rank ranges computed from them as scores compute them. An outcome that each respondent rates with
    chance M / J has an SE larger by sqrt(J / M) (planned missingness: Graham, Taylor, Olchowski & Cumsille 2006).
    Within 10% of simulated studies (docs/methods.md).
    """
    rng = np.random.default_rng(assumed.seed)
    worlds = draw_worlds(outcomes, int(np.clip(_OUTCOMES / outcomes, 60, 1000)), assumed.correlation, rng)
    noise = draw_noise(worlds, rng)
    found = []
    for asked in per_respondent:
        share, together = asked / outcomes, _together(asked, outcomes)
        study = _Study(worlds, errors(worlds, noise, together, share), share, together, assumed)
        critical = study.largest_leads(np.random.default_rng(assumed.seed))
        for count in respondents:
            found.append(_prospect(study, critical, count, asked))
    return found


def minutes(per_respondent: int, questions: int) -> float:
    """Minutes a respondent takes, at the times that the survey's own progress bar counts with."""
    return (_SCALES * per_respondent * SECONDS_PER_RATING + questions * SECONDS_PER_QUESTION) / 60


def _together(asked: int, outcomes: int) -> float:
    """n_jk n / (n_j n_k) when every pair of outcomes is rated together equally often."""
    return 1.0 if outcomes < 2 else (asked - 1) / (outcomes - 1) * outcomes / asked


@dataclass(frozen=True)
class _Study:
    """A design in all worlds; the number of respondents comes last."""

    worlds: Worlds
    errors: Floats
    asked: float
    together: float
    assumed: Assumptions

    def shares(self, respondents: float) -> Floats:
        """Estimated shares on 0..10 (2, W, J)."""
        effective = respondents / self.assumed.design_effect
        shares: Floats = np.clip(10 * (self.worlds.shares + self.errors / np.sqrt(effective)), 0, 10)
        return shares

    def ratings(self, respondents: float) -> float:
        """Effective number of ratings of an outcome."""
        return respondents * self.asked / self.assumed.design_effect

    def covariance(self, world: int, shares: Floats) -> Floats:
        """Covariance of a world's scores times the respondents, with the gradient at the shares (2, J)."""
        steep = (shares[0] > shares[1]).astype(float)
        covariance = score_covariance(self.worlds, world, steep, self.together, self.asked)
        return covariance * self.assumed.design_effect

    def largest_leads(self, rng: np.random.Generator) -> NDArray[np.float32]:
        """What critical values of rank ranges are quantiles of, for some worlds (W', J, R)."""
        count = int(np.clip(_RANK_PAIRS / self.worlds.scores.shape[1] ** 2, 3, 24))
        leads = []
        for world in range(count):
            covariance = self.covariance(world, self.worlds.shares[:, world])
            leads.append(pairs(self.worlds.scores[world], covariance).largest(joint_draws(covariance, _DRAWS, rng)))
        return np.stack(leads)


def _prospect(study: _Study, leads: NDArray[np.float32], respondents: int, asked: int) -> Prospect:
    assumed = study.assumed
    outcomes = study.worlds.scores.shape[1]
    shares = study.shares(respondents)
    difference = _difference_se(study, respondents / assumed.groups)
    strict = 1 - (1 - assumed.level) / outcomes
    return Prospect(
        respondents,
        asked,
        minutes(asked, assumed.questions),
        respondents * study.asked,
        _half_width(shares, study.ratings(respondents), assumed.level),
        float(detectable(difference, assumed.level).mean()),
        float(detectable(difference, strict).mean()),
        _rank_width(study, leads, shares, respondents),
        _top_found(study.worlds.scores, opportunity(shares), assumed.top),
    )


def _half_width(shares: Floats, ratings: float, level: float) -> float:
    number = np.full_like(shares[0], ratings)
    parts = (wilson(shares[0], number, level), wilson(shares[1], number, level))
    bounds = bent_bounds(shares, parts, np.zeros_like(number), widening(number, level))
    return float((bounds.high - bounds.low).mean() / 2)


def _difference_se(study: _Study, respondents: float) -> Floats:
    """SE of the difference between two groups of so many respondents, by the delta method (W, J)."""
    shares = study.shares(respondents)
    importance, satisfaction = shares * (10 - shares) / max(study.ratings(respondents) - 1, 1)
    steep = shares[0] > shares[1]
    se: Floats = np.sqrt(2 * np.where(steep, 4 * importance + satisfaction, importance))
    return se


def _rank_width(study: _Study, leads: NDArray[np.float32], shares: Floats, respondents: int) -> float:
    freedom = max(study.ratings(respondents) - 1, 1)
    rng = np.random.default_rng(study.assumed.seed)
    spread = np.sqrt(rng.chisquare(freedom, leads.shape[-1]) / freedom)
    widths = []
    for world, largest in enumerate(leads):
        mine = shares[:, world]
        compared = pairs(opportunity(mine), study.covariance(world, mine) / respondents)
        low, high = compared.ranges(critical_values((largest / spread).astype(np.float32), study.assumed.level))
        widths.append((high - low).mean())
    return float(np.mean(widths))


def _top_found(true: Floats, estimated: Floats, top: int) -> float:
    """Share of the true top that is in the estimated top, scores (W, J)."""
    places = max(1, min(top, true.shape[1] - 1))
    best = [np.argsort(-scores, axis=1)[:, :places] for scores in (true, estimated)]
    chosen = np.zeros((2, *true.shape), bool)
    for mine, order in zip(chosen, best, strict=True):
        np.put_along_axis(mine, order, values=True, axis=1)
    return float((chosen[0] & chosen[1]).sum() / chosen[0].sum())
