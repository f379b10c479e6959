"""Scripted respondents: they play a survey page by page, as a person does, and answer from a known truth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from jtbd.survey.flow import SECONDS_PER_QUESTION, SECONDS_PER_RATING, first_unsaved
from jtbd.survey.model import Answer, Page, Question, Rating, Scale, Survey
from jtbd.survey.truth import TrueScore, Truth, draw_truth, truth_table

__all__ = ["SimulatedResponse", "TrueScore", "Truth", "draw_truth", "simulate", "truth_table"]

CUTS = np.array([-1.2, -0.6, 0.0, 0.8])
"""Latent values that part ratings 1 | 2 | 3 | 4 | 5; the top two lie above 0."""

_MINUTES_APART = 20.0


@dataclass(frozen=True)
class SimulatedResponse:
    """One simulated respondent's complete response. `ratings` holds the outcomes of their mode only.

    `attention` holds what they answered to attention items, `seconds` the time they spent on each page.
    """

    answers: dict[str, Answer]
    ratings: dict[str, Rating]
    started_at: datetime
    completed_at: datetime
    attention: dict[str, Rating]
    seconds: dict[str, int]


def simulate(
    survey: Survey, truth: Truth, n: int, rng: np.random.Generator, started_at: datetime
) -> Iterator[SimulatedResponse]:
    """`n` responses, the first begun at `started_at`, the others about twenty minutes apart.

    The same survey, truth, generator state and time give the same responses.
    """
    for _ in range(n):
        response = _Respondent(survey, truth, rng).respond(started_at)
        yield response
        started_at += timedelta(seconds=round(60 * rng.exponential(_MINUTES_APART)))


class _Respondent:
    """One respondent's latent values, and what they have answered so far."""

    def __init__(self, survey: Survey, truth: Truth, rng: np.random.Generator) -> None:
        self.survey, self.truth, self.rng = survey, truth, rng
        self.position = {outcome: j for j, outcome in enumerate(truth.outcomes)}
        self.answers: dict[str, Answer] = {}
        self.ratings: dict[str, Rating] = {}
        self.attention: dict[str, Rating] = {}
        self.leaning: dict[Scale, float] = {scale: rng.standard_normal() for scale in survey.scales}

    def respond(self, started_at: datetime) -> SimulatedResponse:
        saved: set[str] = set()
        seconds: dict[str, float] = {}
        while page := first_unsaved(self.survey, self.answers, saved):
            for question in page.questions:
                self.answers[question.id] = self.answer(question)
            self.rate(page)
            saved.add(page.id)
            ratings = len(page.lines) * len(self.survey.scales)
            usual = ratings * SECONDS_PER_RATING + len(page.questions) * SECONDS_PER_QUESTION
            seconds[page.id] = usual * self.rng.lognormal(-0.1, 0.3)
        return SimulatedResponse(
            self.answers,
            self.ratings,
            started_at,
            started_at + timedelta(seconds=round(sum(seconds.values()))),
            self.attention,
            {page: round(taken) for page, taken in seconds.items()},
        )

    def answer(self, question: Question) -> Answer:
        shares = self.truth.shares[question.id]
        if question.kind == "number":
            return int(self.rng.integers(1, 1001))
        if question.kind == "multiple":
            return tuple(value for value, share in shares.items() if self.rng.random() < max(share, 0.25))
        chosen = str(self.rng.choice(list(shares), p=list(shares.values())))
        return chosen or ("simulated" if question.required else None)

    def rate(self, page: Page) -> None:
        """Draw the ratings of the page's outcomes."""
        if not page.outcomes:
            return
        asked = [self.position[outcome.id] for outcome in page.outcomes]
        if page.attention:
            self.attention[page.attention.id] = Rating(**dict.fromkeys(self.survey.scales, page.attention.expect))
        drawn = {scale: self.draw(scale, asked) for scale in self.survey.scales}
        for number, outcome in enumerate(page.outcomes):
            self.ratings[outcome.id] = Rating(**{scale: ratings[number] for scale, ratings in drawn.items()})

    def draw(self, scale: Scale, asked: list[int]) -> list[int | None]:
        truth = self.truth
        solution = self.level(truth.solution_question)
        organisation = self.level(truth.organisation_question)
        mu = truth.latent_means(scale, solution, organisation)[asked]
        noise = np.sqrt(1 - truth.rho) * self.rng.standard_normal(len(asked))
        ratings = 1 + np.searchsorted(CUTS, mu + np.sqrt(truth.rho) * self.leaning[scale] + noise)
        blank = self.rng.random(len(asked)) < truth.missing
        return [None if left else int(rating) for rating, left in zip(ratings, blank, strict=True)]

    def level(self, question: str) -> int:
        """The position of this respondent's answer among the levels of `question`; 0 where it has no levels."""
        levels = list(self.truth.shares.get(question, ()))
        return levels.index(str(self.answers[question])) if len(levels) > 1 else 0
