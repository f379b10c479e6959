"""What simulated respondents really think: drawn once, and known exactly.

The model is a threshold one. Behind each rating stands a latent value ``mu + sqrt(rho) u + sqrt(1 - rho) e`` with
standard normal ``u`` (of the respondent, one a scale) and ``e`` (of the rating), rated 4 or 5 where it is above 0.
So the share rating 4 or 5 is Phi(mu) exactly, and a test can ask whether an analysis finds it again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from jtbd.survey.model import SCALES, Question, Scale, Survey

ORGANISATIONS = tuple(f"Organisation {letter}" for letter in "ABCDEF")
MISSING = 0.02
RHO = 0.2

_SOLUTION_SD = 0.35
_ORGANISATION_SD = 0.1
_CLEARLY_BETTER = 0.7
_CLEARLY_WORSE = -0.8

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Truth:
    """Latent means, and how answers to profile questions are shared out.

    Parameters
    ----------
    outcomes : tuple of str
        Ids, in the order of the arrays' last axis. One that two modes share has the same truth in both.
    latent : dict of scale to array (J,)
        mu before the effects below; of every scale the survey asks.
    solution_question, organisation_question : str
        Ids of the questions whose answers have an effect; empty where the survey does not ask.
    solution_effect, organisation_effect : arrays (V, J), (B, J)
        Added to mu of satisfaction, taken from mu of difficulty; rows in the order of the shares. Importance is
        the same for all.
    shares : dict
        By question id, the share of each option or organisation. Answers to different questions are independent.
    rho : float
        Correlation of one respondent's latent values on a scale.
    missing : float
        Share of ratings left blank, at random.
    """

    outcomes: tuple[str, ...]
    latent: dict[Scale, Floats]
    solution_question: str
    organisation_question: str
    solution_effect: Floats
    organisation_effect: Floats
    shares: dict[str, dict[str, float]]
    rho: float = RHO
    missing: float = MISSING

    def latent_means(self, scale: Scale, solution: int, organisation: int) -> Floats:
        """Mu of every outcome, shape (J,), for users of a solution in an organisation, by their positions."""
        effect = self.solution_effect[solution] + self.organisation_effect[organisation]
        mu: Floats = self.latent[scale] + _DIRECTION[scale] * effect
        return mu


@dataclass(frozen=True)
class TrueScore:
    """The true scores of an outcome: 10 x share rating 4 or 5, and the opportunity score from them (0..20)."""

    outcome: str
    importance: float
    satisfaction: float | None
    difficulty: float | None
    opportunity: float


_DIRECTION: dict[Scale, int] = {"importance": 0, "satisfaction": 1, "difficulty": -1}


def draw_truth(survey: Survey, rng: np.random.Generator) -> Truth:
    """A truth for `survey`: some needs met, some not, some solutions and organisations clearly apart on some steps."""
    outcomes = tuple(survey.outcomes)
    importance = ndtri(np.clip(rng.beta(6, 4, len(outcomes)), 0.05, 0.97))
    satisfaction = ndtri(np.clip(rng.beta(5, 5, len(outcomes)), 0.05, 0.95))
    difficulty = 0.3 * rng.standard_normal(len(outcomes)) - satisfaction
    drawn: dict[Scale, Floats] = {
        "importance": importance,
        "satisfaction": satisfaction,
        "difficulty": difficulty,
    }
    solution, organisation = survey.question_as("solution"), survey.question_as("organisation")
    return Truth(
        outcomes=outcomes,
        latent={scale: drawn[scale] for scale in survey.scales},
        solution_question=solution.id if solution else "",
        organisation_question=organisation.id if organisation else "",
        solution_effect=_solution_effect(survey, len(levels(solution)), rng),
        organisation_effect=_organisation_effect(survey, len(levels(organisation)), rng),
        shares={one.id: _shares(one, rng) for one in survey.questions},
    )


def truth_table(truth: Truth) -> list[TrueScore]:
    """The scores an endless number of respondents would give, computed exactly, in the order of the outcomes.

    Marginal over solutions, organisations and the modes in which the outcome is asked. The modes drop out: they
    are drawn independently of the rest, and a shared outcome has the same truth in each.
    """
    solutions = list(truth.shares.get(truth.solution_question, {"": 1.0}).values())
    organisations = list(truth.shares.get(truth.organisation_question, {"": 1.0}).values())
    weights = np.outer(solutions, organisations)
    tops: dict[Scale, Floats] = {}
    for scale in truth.latent:
        cells = [
            [ndtr(truth.latent_means(scale, v, b)) for b in range(weights.shape[1])] for v in range(weights.shape[0])
        ]
        tops[scale] = 10 * np.einsum("vb,vbj->j", weights, np.asarray(cells))
    return [
        _score(outcome, {scale: float(top[j]) for scale, top in tops.items()})
        for j, outcome in enumerate(truth.outcomes)
    ]


def levels(question: Question | None) -> tuple[str, ...]:
    """The answers a simulated respondent may give to this question; only ``""`` where they leave it blank.

    None screens out: who rates nothing would tell nothing of the truth.
    """
    if question is None:
        return ("",)
    if question.kind == "text" and question.role == "organisation":
        return ORGANISATIONS
    return tuple(option.value for option in question.options if not option.screens_out) or ("",)


def _score(outcome: str, tops: dict[Scale, float]) -> TrueScore:
    importance, satisfaction, difficulty = (tops.get(scale) for scale in SCALES)
    importance = importance or 0.0
    second = satisfaction if satisfaction is not None else 10 - (difficulty or 0.0)
    return TrueScore(outcome, importance, satisfaction, difficulty, importance + max(importance - second, 0))


def _solution_effect(survey: Survey, count: int, rng: np.random.Generator) -> Floats:
    """Every solution differs a little everywhere; the first half of them are clearly better on up to three steps."""
    steps = _steps(survey)
    effect = np.zeros((count, len(survey.outcomes)))
    if count > 1:
        effect = rng.normal(0, _SOLUTION_SD, effect.shape)
        for row in effect[: count // 2]:
            for step in rng.choice(len(steps), min(3, len(steps) - 1), replace=False):
                row[steps[step]] += _CLEARLY_BETTER
    return effect


def _organisation_effect(survey: Survey, count: int, rng: np.random.Generator) -> Floats:
    """Organisations hardly differ, but each is clearly worse at one step."""
    steps = _steps(survey)
    effect = np.zeros((count, len(survey.outcomes)))
    if count > 1:
        effect = rng.normal(0, _ORGANISATION_SD, effect.shape)
        for row in effect:
            row[steps[rng.integers(len(steps))]] += _CLEARLY_WORSE
    return effect


def _shares(question: Question, rng: np.random.Generator) -> dict[str, float]:
    """Unequal shares, none tiny."""
    names = levels(question)
    return dict(zip(names, (0.5 / len(names) + 0.5 * rng.dirichlet([2.0] * len(names))).tolist(), strict=True))


def _steps(survey: Survey) -> list[list[int]]:
    """For each page of ratings, the positions of its outcomes."""
    position = {outcome: j for j, outcome in enumerate(survey.outcomes)}
    return [[position[one.id] for one in page.outcomes] for page in survey.pages if page.outcomes]
