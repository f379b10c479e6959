"""Careless respondents: what an attentive simulated respondent's response becomes if they do not read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from jtbd.store.bulk import FinishedResponse
from jtbd.survey.model import Page, Rating, Survey
from jtbd.survey.simulate import SimulatedResponse, draw_truth, simulate
from jtbd.survey.truth import RHO

START = datetime(2026, 3, 1, tzinfo=UTC)
Answers = Callable[[int], int]
"""The answer to a line, by how many lines were answered before."""


def attentive(plan: Survey, n: int, seed: int, rho: float = RHO) -> Iterator[SimulatedResponse]:
    """Respondents as the project simulates them, over a truth of their own; `rho` is how much a person leans."""
    rng = np.random.default_rng(seed)
    yield from simulate(plan, replace(draw_truth(plan, rng), rho=rho), n, rng, START)


def finished(one: SimulatedResponse) -> FinishedResponse:
    return FinishedResponse(
        one.answers, one.ratings, one.started_at, one.completed_at, "en", one.attention, one.seconds
    )


def careless(plan: Survey, one: SimulatedResponse, kind: str, rng: np.random.Generator) -> FinishedResponse:
    """The response as a respondent of this kind would give it; attention items are answered like all other lines."""
    pages = [page for page in plan.pages if page.id in one.seconds and page.kind == "ratings"]
    grids: dict[str, Answers] = {scale: _habit(kind, rng) for scale in plan.scales}
    given: dict[str, Rating] = {}
    for page in pages:
        for line in page.lines:
            given[line.id] = Rating(**{scale: answer(len(given)) for scale, answer in grids.items()})
    ratings = {key: rating for key, rating in given.items() if not key.startswith("attention.")}
    attention = {key.removeprefix("attention."): one for key, one in given.items() if key.startswith("attention.")}
    if kind == "speeder":  # answers about as others do, without reading: attention items too
        ratings, attention = one.ratings, {item: _like_any(one, rng) for item in attention}
    seconds = one.seconds | {page.id: _fast(plan, page, rng) for page in pages}
    return replace(finished(one), ratings=ratings, attention=attention, seconds=seconds)


KINDS = ("straight", "nearly straight", "random", "pattern", "speeder")


def _habit(kind: str, rng: np.random.Generator) -> Answers:
    usual = int(rng.integers(1, 6))
    beside = usual + 1 if usual < 5 else usual - 1
    if kind == "straight":
        return lambda _: usual
    if kind == "nearly straight":
        return lambda _: usual if rng.random() < 0.9 else beside
    if kind == "pattern":
        return lambda number: (1, 2, 3, 4, 5, 4, 3, 2)[(number + usual) % 8]
    return lambda _: int(rng.integers(1, 6))


def _like_any(one: SimulatedResponse, rng: np.random.Generator) -> Rating:
    return list(one.ratings.values())[int(rng.integers(len(one.ratings)))]


def _fast(plan: Survey, page: Page, rng: np.random.Generator) -> int:
    """About a second a rating, three seconds at most for most."""
    return round(len(page.lines) * len(plan.scales) * rng.lognormal(0.1, 0.4))
