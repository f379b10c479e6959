"""Simulated responses put into a survey, with the truth they were drawn from."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import numpy as np

from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.surveys import load_plan, survey_named
from jtbd.survey.model import Survey
from jtbd.survey.simulate import TrueScore, Truth, draw_truth, simulate, truth_table


def simulate_into(database: Database, slug: str, respondents: int, seed: int, now: datetime) -> list[TrueScore]:
    """Add simulated responses, marked as such, to a published survey; returns its true scores.

    The same survey, seed and number give the same answers.

    Raises
    ------
    SurveyUnknown
        No such survey is published.
    """
    plan = load_plan(database, survey_named(database, slug).revision_id)
    rng = np.random.default_rng(seed)
    truth = draw_truth(plan, rng)
    add_many(database, slug, "simulated", _finished(plan, truth, respondents, rng, now), now)
    return truth_table(truth)


def _finished(
    plan: Survey, truth: Truth, respondents: int, rng: np.random.Generator, now: datetime
) -> Iterator[FinishedResponse]:
    for one in simulate(plan, truth, respondents, rng, now):
        times = (one.started_at, one.completed_at)
        yield FinishedResponse(
            one.answers, one.ratings, *times, plan.language, one.attention, one.seconds, one.assigned, one.seed
        )
