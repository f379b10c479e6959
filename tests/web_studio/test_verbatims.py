"""The studio's page of answers in people's own words: who may read them, and that they are nowhere else."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jtbd.analysis import survey_source
from jtbd.report.tables import ratings_table, to_csv
from jtbd.settings import Settings
from jtbd.store.accounts import add_account, set_password
from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.responses import begin, save_answers
from jtbd.store.surveys import publish
from jtbd.survey.answers import check_page
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Rating, Submission
from tests.survey.samples import TINY, write
from tests.web_studio.conftest import NOW, PASSWORD

PAGE = "/studio/tiny/answers"
WRITTEN = ["<b>bold</b> & more", "\u05e9\u05dc\u05d5\u05dd, ok", "zebra", "Zebra", "apple", "apple"]
OPEN = "  - {id: wish, text: What do you wish for?, kind: text}\n"


@pytest.fixture(autouse=True)
def people(database: Database, settings: Settings) -> None:
    """Nine real respondents to ``tiny`` with an open question; six of them answer it, two of the six from sales."""
    write(settings.workspace, "surveys/tiny.yaml", TINY.replace("thanks:", OPEN + "not_applicable: true\nthanks:"))
    publish(database, load_survey(settings, "tiny"), NOW)
    rows = [
        FinishedResponse(
            {"mode": "retain", "solution": "suite", "function": "sales" if number < 2 else "service"}
            | ({"wish": WRITTEN[number]} if number < 6 else {}),
            {"sample-leaving-time": Rating(number % 5 + 1, 3)},
            NOW,
            NOW,
        )
        for number in range(9)
    ]
    add_many(database, "tiny", "real", rows, NOW)


@pytest.fixture
def planner(database: Database, visitor: FlaskClient, sign_in: Callable[..., TestResponse]) -> FlaskClient:
    add_account(database, "Pat", "planner", NOW)
    set_password(database, "Pat", PASSWORD, NOW)
    assert sign_in("Pat").status_code == 303
    return visitor


def listed(page: TestResponse) -> list[str]:
    """The answers on the page, as they are read."""
    return [one.get_text() for one in BeautifulSoup(page.text, "html.parser").select("li .words")]


def test_answers_are_listed_by_alphabet_and_as_they_were_written(client: FlaskClient) -> None:
    page = client.get(PAGE)
    assert listed(page) == ["<b>bold</b> & more", "apple", "Zebra", "zebra", "\u05e9\u05dc\u05d5\u05dd, ok"]
    assert "<b>bold" not in page.text
    assert "2 people</small>" in page.text
    assert "What do you wish for?" in page.text
    assert {one["dir"] for one in BeautifulSoup(page.text, "html.parser").select("li .words")} == {"auto"}


def test_a_planner_reads_what_everybody_wrote_whatever_the_filter(planner: FlaskClient) -> None:
    assert len(listed(planner.get(PAGE))) == 5
    for asked in ("where.function=service", "where.function=sales", "where.language=en", "wave=1"):
        page = planner.get(f"{PAGE}?{asked}")
        assert len(listed(page)) == 5, "what is listed does not depend on the filter"
        assert 'class="filters"' not in page.text
        assert "always of everybody" in page.text


def test_a_planner_reads_none_where_few_wrote_any(planner: FlaskClient, database: Database, settings: Settings) -> None:
    new = TINY.replace("survey: tiny", "survey: few").replace("thanks:", OPEN + "thanks:")
    write(settings.workspace, "surveys/few.yaml", new)
    publish(database, load_survey(settings, "few"), NOW)
    rated = {"sample-leaving-time": Rating(4, 3)}
    people = [{"mode": "retain"} | ({"wish": "zebra"} if number < 4 else {}) for number in range(9)]
    add_many(database, "few", "real", [FinishedResponse(one, rated, NOW, NOW) for one in people], NOW)
    few = planner.get("/studio/few/answers")
    assert "Fewer than 5 people wrote something" in few.text
    assert "zebra" not in few.text


def test_nobody_is_told_apart_by_what_a_filter_leaves_out(planner: FlaskClient, database: Database) -> None:
    rated = {"sample-leaving-time": Rating(4, 3)}
    people = [("sales", "secret")] * 2 + [("service", "shared")] * 10
    rows = [
        FinishedResponse({"mode": "retain", "function": one, "wish": wish}, rated, NOW, NOW) for one, wish in people
    ]
    add_many(database, "tiny", "real", rows, NOW)
    everybody, filtered = (listed(planner.get(PAGE + rest)) for rest in ("", "?where.function=service"))
    assert "secret" in everybody
    assert filtered == everybody


def test_an_answer_of_several_lines_is_read_and_exported_as_such(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    plan = load_survey(settings, "tiny")
    page = next(page for page in plan.pages if any(one.id == "wish" for one in page.questions))
    sent = {"mode": ["retain"], "solution": ["suite"], "wish": ['=1+1\r\n\r\n-2+2, he said "no"\r\n']}
    answers = check_page(plan, page, sent)[0].answers
    rated = {"sample-leaving-time": Rating(4, 3)}
    add_many(database, "tiny", "real", [FinishedResponse({"mode": "retain", **answers}, rated, NOW, NOW)], NOW)
    assert '=1+1\n\n-2+2, he said "no"' in listed(client.get(PAGE))
    table = ratings_table(survey_source(database, "tiny"), free_text=True)
    rows = list(csv.DictReader(io.StringIO(to_csv(table), newline="")))
    assert len(rows) == 10
    assert '\'=1+1\n\n-2+2, he said "no"' in [row["wish"] for row in rows], "one cell, which no spreadsheet runs"


def test_who_runs_the_study_reads_small_groups_too(client: FlaskClient) -> None:
    assert len(listed(client.get(f"{PAGE}?where.function=sales"))) == 2


def test_nobody_reads_them_without_an_account(visitor: FlaskClient) -> None:
    assert visitor.get(PAGE).status_code == 303


@pytest.mark.parametrize("where", ["ranking.csv", "ranking.json", "quality", "quality.csv", "ranking", ""])
def test_they_are_nowhere_else(client: FlaskClient, where: str) -> None:
    page = client.get(f"/studio/tiny/{where}")
    assert page.status_code == 200
    assert "apple" not in page.text
    assert "wish" not in page.text


@pytest.mark.parametrize(
    "address", ["ranking?where.wish=apple", "ranking.csv?where.wish=apple", "answers?where.wish=x"]
)
def test_nobody_is_chosen_by_what_they_wrote(client: FlaskClient, address: str) -> None:
    refused = client.get(f"/studio/tiny/{address}")
    assert refused.status_code == 400
    assert "the survey has no such question" in refused.text.casefold()


def test_a_survey_without_open_questions_has_no_such_tab(
    client: FlaskClient, database: Database, settings: Settings
) -> None:
    assert f'href="{PAGE}"' in client.get("/studio/tiny/").text
    write(settings.workspace, "surveys/other.yaml", TINY.replace("survey: tiny", "survey: other"))
    publish(database, load_survey(settings, "other"), NOW)
    assert "/answers" not in client.get("/studio/other/").text
    assert client.get("/studio/other/answers").status_code == 200


def test_the_ranking_says_to_how_many_an_outcome_does_not_apply(client: FlaskClient, database: Database) -> None:
    def say(people: int) -> None:
        for _ in range(people):
            one = begin(database, slug="tiny", kind="real", language="en", consent="yes", now=NOW).response_id
            rated = {"sample-leaving-cause": Rating(4, 4)}
            marked = {"sample-leaving-time": True}
            save_answers(database, one, Submission("about-1", {"mode": "retain"}, {}), NOW)
            save_answers(database, one, Submission("retain.notice-leaving", {}, rated, {}, marked), NOW)

    assert "does not apply" not in client.get("/studio/tiny/ranking").text
    say(3)
    assert "does not apply to fewer than 5 people" in client.get("/studio/tiny/ranking").text
    rows = list(csv.DictReader(io.StringIO(client.get("/studio/tiny/ranking.csv").text)))
    assert {row["outcome"]: row["not_applicable"] for row in rows}["sample-leaving-time"] == ""
    say(3)
    assert "does not apply to 40%" in client.get("/studio/tiny/ranking").text  # six of six and nine
    rows = list(csv.DictReader(io.StringIO(client.get("/studio/tiny/ranking.csv").text)))
    assert {row["outcome"]: row["not_applicable"] for row in rows}["sample-leaving-time"] == "6"
