"""What planners see of small groups: neither the groups nor what they follow from."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jtbd.settings import Settings
from jtbd.store.accounts import add_account, set_password
from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.erasure import Choice, erase_chosen
from jtbd.store.exclusions import exclude
from jtbd.store.waves import close_wave, open_wave
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Rating
from tests.web_studio.conftest import NOW, PASSWORD, send
from tests.web_studio.test_views import text_of as words

RARE = "sample-leaving-cause"
"""An outcome that few of those without a suite rated."""


@pytest.fixture
def planner(
    database: Database, settings: Settings, visitor: FlaskClient, sign_in: Callable[..., TestResponse]
) -> FlaskClient:
    """Pat, who plans, and real answers: 12 use a suite, 7 sheets, 8 point tools, 2 nothing."""
    plan = load_survey(settings, "tiny")
    asked = [one.id for page in plan.pages if page.mode == "retain" for one in page.outcomes]

    def answer(solution: str, place: int) -> FinishedResponse:
        rare = solution == "suite" or place < 1
        ratings = {one: Rating(place % 5 + 1, 3) for one in asked if rare or one != RARE}
        where = "Acme" if place % 2 else "Globex"
        return FinishedResponse({"mode": "retain", "solution": solution, "organisation": where}, ratings, NOW, NOW)

    numbers = {"suite": 12, "sheets": 7, "point-tools": 8, "none": 2}
    people = [answer(solution, place) for solution, number in numbers.items() for place in range(number)]
    add_many(database, "tiny", "real", people, NOW)
    add_account(database, "Pat", "planner", NOW)
    set_password(database, "Pat", PASSWORD, NOW)
    assert sign_in("Pat").status_code == 303
    return visitor


def outcomes(answer: TestResponse) -> set[str]:
    assert answer.status_code == 200
    return {row["outcome"] for row in csv.DictReader(io.StringIO(answer.text)) if row["rank"]}


def test_the_next_smallest_group_is_kept_back_with_the_small_one(planner: FlaskClient) -> None:
    for what in ("", "ranking", "landscape", "ranking.csv", "ranking.xlsx", "landscape.json"):
        refused = planner.get(f"/studio/tiny/{what}?where.solution=sheets")
        assert refused.status_code == 400, what
        assert "this would say what fewer than 5 people answered" in refused.text
        assert planner.get(f"/studio/tiny/{what}?where.solution=suite").status_code == 200, what
    page = planner.get("/studio/tiny/ranking").text
    assert '<option value="sheets" disabled>' in page
    assert '<option value="suite">' in page


def test_an_outcome_is_left_out_where_few_of_the_others_rated_it(planner: FlaskClient) -> None:
    everybody = outcomes(planner.get("/studio/tiny/ranking.csv"))
    filtered = outcomes(planner.get("/studio/tiny/ranking.csv?where.solution=suite"))
    assert RARE in everybody
    assert filtered == everybody - {RARE}


def test_filters_go_together_where_no_combination_is_small(planner: FlaskClient) -> None:
    refused = planner.get("/studio/tiny/ranking?where.solution=suite&where.organisation=Acme")
    assert refused.status_code == 400
    assert "drop a condition" in refused.text
    assert planner.get("/studio/tiny/ranking?where.mode=retain&where.organisation=Acme").status_code == 200


def test_a_roadmap_is_of_those_alone_whom_a_ranking_may_show(planner: FlaskClient) -> None:
    page = planner.get("/studio/tiny/roadmaps").text
    assert '<option value="suite">' in page
    assert '<option value="sheets">' not in page
    assert planner.get("/studio/tiny/roadmap.csv?solution=sheets").status_code == 400
    own = planner.get("/studio/tiny/roadmap.csv?solution=suite")
    assert own.status_code == 200
    assert "sheets" not in own.text


def test_change_is_refused_where_few_answers_belong_to_neither_wave(planner: FlaskClient, database: Database) -> None:
    ratings = {"sample-leaving-time": Rating(4, 3), RARE: Rating(5, 2)}
    one = FinishedResponse({"mode": "retain", "solution": "suite"}, ratings, NOW, NOW)
    for _ in range(2):
        open_wave(database, "tiny", "", NOW)
        add_many(database, "tiny", "real", [one] * 12, NOW)
        close_wave(database, "tiny", NOW)
    assert planner.get("/studio/tiny/change.csv?where.mode=retain").status_code == 200, "29 belong to no wave"
    erase_chosen(database, Choice("tiny", before=NOW + timedelta(days=1)))
    database.dispose()
    for number, people in enumerate((3, 12, 12)):
        if number:
            open_wave(database, "tiny", "", NOW)
        add_many(database, "tiny", "real", [one] * people, NOW)
        if number:
            close_wave(database, "tiny", NOW)
    for what in ("change", "change.csv", "ranking?wave=3"):
        assert planner.get(f"/studio/tiny/{what}").status_code == 400, what


def test_who_runs_the_study_filters_freely(planner: FlaskClient) -> None:
    ada = planner.application.test_client()
    send(ada, "/studio/login", name="Ada", password=PASSWORD)
    assert RARE in outcomes(ada.get("/studio/tiny/ranking.csv?where.solution=suite"))
    assert outcomes(ada.get("/studio/tiny/ranking.csv?where.solution=sheets"))


def test_the_page_quality_tells_planners_of_nobody_alone(planner: FlaskClient, database: Database) -> None:
    exclude(database, "tiny", [201, 202], "not read", "Ada", NOW)
    page = planner.get("/studio/tiny/quality").text
    said = words(planner.get("/studio/tiny/quality").text)
    assert "0 of all respondents" in said
    assert "29" not in said
    assert "r201" not in page
    assert "not read" not in page
    assert "seen by those who run the study" in page
    assert "2 excluded" not in said
    for name in ("quality.csv", "quality-history.csv"):
        assert planner.get(f"/studio/tiny/{name}").status_code == 403


def test_the_page_quality_counts_no_sign_that_few_show(planner: FlaskClient, database: Database) -> None:
    hasty = FinishedResponse(
        {"mode": "retain", "solution": "suite"},
        {"sample-leaving-time": Rating(4, 4), RARE: Rating(4, 4)},
        NOW,
        NOW,
        seconds={"retain.notice-leaving": 1},
    )
    add_many(database, "tiny", "real", [hasty] * 3, NOW)
    said = words(planner.get("/studio/tiny/quality").text)
    assert "under 5" in said
    assert ">3<" not in said
