"""How often attentive respondents are flagged, and careless ones of several kinds caught, in simulation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest

from jtbd.ratings.careless import Conduct, look_for_signs
from jtbd.ratings.model import Ratings
from jtbd.resources import shipped
from jtbd.settings import Settings
from jtbd.store.bulk import FinishedResponse
from jtbd.survey.compile import load_survey
from jtbd.survey.model import AttentionItem, Page, Rating, Survey
from tests.survey.careless import KINDS, attentive, careless, finished

pytestmark = pytest.mark.slow

KNOWN = ("ratings alone", "and page times", "and two attention items")
EACH = 300


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    """The shipped survey with two attention items in each map."""
    plan = load_survey(
        Settings.read(tmp_path_factory.mktemp("none"), {}), str(shipped("surveys") / "revenue-modes.yaml")
    )
    first: dict[str, list[str]] = {}
    for page in plan.pages:
        if page.outcomes:
            first.setdefault(page.map, []).append(page.id)
    items = {}
    for ids in first.values():
        items[ids[1]] = AttentionItem("look", "Choose 4", 4, 1)
        items[ids[-1]] = AttentionItem("again", "Choose 2", 2, 1)
    return replace(plan, pages=tuple(replace(page, attention=items.get(page.id)) for page in plan.pages))


def flagged(plan: Survey, rows: Iterable[FinishedResponse]) -> list[float]:
    """Share flagged, by what is known."""
    rows = list(rows)
    outcomes = tuple(plan.outcomes)
    place = {key: j for j, key in enumerate(outcomes)}
    scales = {scale: np.zeros((len(rows), len(outcomes)), np.uint8) for scale in plan.scales}
    for row, one in enumerate(rows):
        for key, rating in one.ratings.items():
            for scale, matrix in scales.items():
                matrix[row, place[key]] = getattr(rating, scale) or 0
    ratings = Ratings(outcomes, scales)
    together: dict[tuple[int, ...], list[int]] = {}
    for row, one in enumerate(rows):
        together.setdefault(tuple(place[key] for key in one.ratings), []).append(row)
    asked = [(np.array(members), np.array(columns)) for columns, members in together.items()]
    pace = np.array([_pace(plan, one) for one in rows])
    items = {page.attention.id: page.attention.expect for page in plan.pages if page.attention}
    failed = np.array([sum(one.attention[item] != Rating(is_, is_) for item, is_ in items.items()) for one in rows])
    nothing, shown = np.zeros(len(rows), np.intp), np.full(len(rows), len(items))
    known = (None, Conduct(pace, nothing, nothing), Conduct(pace, shown, failed))
    return [float(look_for_signs(ratings, conduct=one, asked=asked).flagged.mean()) for one in known]


def _pace(plan: Survey, one: FinishedResponse) -> float:
    pages = [page for page in plan.pages if page.outcomes and page.id in one.seconds]
    return float(np.median([one.seconds[page.id] / _ratings(one, page) for page in pages]))


def _ratings(one: FinishedResponse, page: Page) -> int:
    given = (one.ratings[outcome.id] for outcome in page.outcomes)
    return sum((rating.importance is not None) + (rating.satisfaction is not None) for rating in given)


def test_attentive_respondents_are_hardly_ever_flagged(plan: Survey) -> None:
    shares = np.mean([flagged(plan, map(finished, attentive(plan, 1000, seed))) for seed in (1, 2, 3)], axis=0)
    print("\nattentive, share flagged:", dict(zip(KNOWN, shares.round(4).tolist(), strict=True)))
    assert max(shares) < 0.02


def test_attentive_respondents_who_agree_strongly_are_seldom_flagged(plan: Survey) -> None:
    """A person's own leaning explains half of the variance of their answers, not a fifth."""
    people = [flagged(plan, map(finished, attentive(plan, 1000, seed, rho=0.5))) for seed in (1, 2, 3)]
    shares = np.mean(people, axis=0)
    print("\nof strong leaning, share flagged:", dict(zip(KNOWN, shares.round(4).tolist(), strict=True)))
    assert max(shares) < 0.02


@pytest.mark.parametrize(
    ("kind", "least"),
    list(
        zip(KINDS, [(1.0, 1.0, 1.0), (0.2, 0.6, 0.9), (0.0, 0.0, 0.9), (0.0, 0.0, 0.9), (0.0, 0.0, 0.8)], strict=True)
    ),
)
def test_careless_respondents_are_caught_where_there_is_enough_to_see(
    plan: Survey, kind: str, least: tuple[float, float, float]
) -> None:
    rng = np.random.default_rng(7)
    shares = flagged(plan, [careless(plan, one, kind, rng) for one in attentive(plan, EACH, 7)])
    print(f"\n{kind}, share caught:", dict(zip(KNOWN, shares, strict=True)))
    assert all(share >= wanted for share, wanted in zip(shares, least, strict=True))
