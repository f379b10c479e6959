"""A survey that was answered twice: simulated respondents, and some needs met better the second time."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np

from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.surveys import find_survey, load_plan
from jtbd.store.waves import close_wave, open_wave
from jtbd.survey.simulate import draw_truth, simulate

BETTER = 0.9
"""Added to the latent satisfaction with the outcomes that got better."""


def two_waves(database: Database, slug: str, respondents: int, better: int, now: datetime) -> tuple[str, ...]:
    """Waves 2025 and 2026 of simulated respondents; returns the ``better`` outcomes whose satisfaction rose."""
    found = find_survey(database, slug)
    assert found is not None
    plan = load_plan(database, found.revision_id)
    rng = np.random.default_rng(1)
    truth = draw_truth(plan, rng)
    for number, label in enumerate(("2025", "2026")):
        start = now + timedelta(days=365 * number)
        open_wave(database, slug, label, start)
        satisfaction = truth.latent["satisfaction"].copy()
        satisfaction[:better] += BETTER * number
        moved = replace(truth, latent=truth.latent | {"satisfaction": satisfaction})
        answers = simulate(plan, moved, respondents, rng, start)
        rows = [
            FinishedResponse(one.answers, one.ratings, one.started_at, one.completed_at, plan.language)
            for one in answers
        ]
        add_many(database, slug, "simulated", rows, start)
        close_wave(database, slug, start)
    return truth.outcomes[:better]
