"""Scripted respondents: they play a survey page by page, as a person does, and answer from a known truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from jtbd.survey.adaptive import Standing, assigned
from jtbd.survey.design import ask, outcomes_of, tailored
from jtbd.survey.flow import SECONDS_PER_QUESTION, SECONDS_PER_RATING, first_unsaved, pages_for
from jtbd.survey.model import Answer, Page, Question, Rating, Scale, Survey
from jtbd.survey.truth import TrueScore, Truth, draw_truth, truth_table

__all__ = ["SimulatedResponse", "TrueScore", "Truth", "draw_truth", "simulate", "truth_table"]

CUTS = np.array([-1.2, -0.6, 0.0, 0.8])
"""Latent values that part ratings 1 | 2 | 3 | 4 | 5; the top two lie above 0."""

_MINUTES_APART = 20.0


@dataclass(frozen=True)
class SimulatedResponse:
    """One simulated respondent's complete response. `ratings` holds the outcomes of their mode only.

    `attention` holds what they answered to attention items, `seconds` the time they spent on each page, `assigned` by
    map what the design asked of them, chosen by `seed`.
    """

    answers: dict[str, Answer]
    ratings: dict[str, Rating]
    started_at: datetime
    completed_at: datetime
    attention: dict[str, Rating]
    seconds: dict[str, int]
    assigned: dict[str, tuple[str, ...]]
    seed: int


def simulate(
    survey: Survey, truth: Truth, n: int, rng: np.random.Generator, started_at: datetime
) -> Iterator[SimulatedResponse]:
    """`n` responses, the first begun at `started_at`, the others about twenty minutes apart.

    The same survey, truth, generator state and time give the same responses.
    """
    field = _Field(survey)
    for _ in range(n):
        response = _Respondent(survey, truth, rng, field).respond(started_at)
        yield response
        started_at += timedelta(seconds=round(60 * rng.exponential(_MINUTES_APART)))


class _Field:
    """What the respondents so far were asked and have answered, as far as the survey's design goes by it."""

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.outcomes = {one.map: outcomes_of(survey, one.map) for one in survey.maps}
        self.together = {name: np.zeros((len(ids), len(ids)), np.int64) for name, ids in self.outcomes.items()}
        self.counts = {name: np.zeros((4, len(ids)), np.int64) for name, ids in self.outcomes.items()}

    def assign(self, job_map: str, seed: int) -> tuple[str, ...]:
        """What the next respondent led to this map is asked."""
        together = self.together[job_map]
        chosen = assigned(self.survey, job_map, together, Standing(*self.counts[job_map]), seed)
        ask(together, [self.outcomes[job_map].index(one) for one in chosen])
        return chosen

    def count(self, job_map: str, ratings: Mapping[str, Rating]) -> None:
        """Take in what a respondent answered."""
        for j, outcome in enumerate(self.outcomes[job_map]):
            one = ratings.get(outcome, Rating())
            second = one.difficulty if one.satisfaction is None else one.satisfaction
            if one.importance is not None and second is not None:
                important = one.importance >= 4
                served = second <= 3 if one.satisfaction is None else second >= 4
                self.counts[job_map][:, j] += (1, important, served, important and served)


class _Respondent:
    """One respondent's latent values, and what they have answered so far."""

    def __init__(self, survey: Survey, truth: Truth, rng: np.random.Generator, field: _Field) -> None:
        self.survey, self.truth, self.rng, self.field = survey, truth, rng, field
        self.seed = int(rng.integers(2**31 - 1)) if survey.design.is_assigned else 0
        self.assigned: dict[str, tuple[str, ...]] = {}
        self.position = {outcome: j for j, outcome in enumerate(truth.outcomes)}
        self.answers: dict[str, Answer] = {}
        self.ratings: dict[str, Rating] = {}
        self.attention: dict[str, Rating] = {}
        self.leaning: dict[Scale, float] = {scale: rng.standard_normal() for scale in survey.scales}

    def respond(self, started_at: datetime) -> SimulatedResponse:
        saved: set[str] = set()
        seconds: dict[str, float] = {}
        self.assign()
        while page := first_unsaved(self.survey, self.answers, saved):
            for question in page.questions:
                self.answers[question.id] = self.answer(question)
            if page.questions:
                self.assign()
            self.rate(page)
            saved.add(page.id)
            ratings = len(page.lines) * len(self.survey.scales)
            usual = ratings * SECONDS_PER_RATING + len(page.questions) * SECONDS_PER_QUESTION
            seconds[page.id] = usual * self.rng.lognormal(-0.1, 0.3)
        for job_map in self.assigned:
            self.field.count(job_map, self.ratings)
        return SimulatedResponse(
            self.answers,
            self.ratings,
            started_at,
            started_at + timedelta(seconds=round(sum(seconds.values()))),
            self.attention,
            {page: round(taken) for page, taken in seconds.items()},
            self.assigned,
            self.seed,
        )

    def assign(self) -> None:
        """Choose what is asked, once it is known of which map."""
        led_to = {page.map for page in pages_for(self.survey, self.answers) if page.map}
        if self.survey.design.is_assigned and led_to - self.assigned.keys():
            self.assigned |= {job_map: self.field.assign(job_map, self.seed) for job_map in sorted(led_to)}
            self.survey = tailored(self.survey, self.assigned)

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
