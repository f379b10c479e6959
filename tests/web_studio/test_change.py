"""The page of a survey that was asked twice."""

from __future__ import annotations

import csv
import io

import pytest
from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.waves import close_wave, open_wave
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Rating
from tests.waves import two_waves
from tests.web_studio.conftest import NOW

PAGE = "/studio/tiny/change"


@pytest.fixture
def better(database: Database) -> tuple[str, ...]:
    """Two more waves, in the second of which people are more satisfied with these outcomes."""
    return two_waves(database, "tiny", 250, 2, NOW)


def test_a_survey_asked_once_has_no_such_tab(client: FlaskClient, database: Database) -> None:
    assert ">Change</a>" not in client.get("/studio/tiny/").text
    open_wave(database, "tiny", "", NOW)
    assert ">Change</a>" not in client.get("/studio/tiny/").text


@pytest.mark.usefixtures("better")
def test_the_page_names_waves_people_and_what_is_real(client: FlaskClient) -> None:
    page = BeautifulSoup(client.get(PAGE).text, "html.parser")
    assert page.find("a", string="Change")["aria-current"] == "page"
    text = " ".join(page.get_text(" ").split())
    assert "wave 1, 250 people, to wave 2, 250 people · taken as different people" in text
    assert "SIMULATED DATA" in text
    assert "1 2025" in [option.text for option in page.select("select[name=from] option")]
    assert page.select_one("select[name=to] option[selected]")["value"] == "2"
    assert page.select_one("select[name=wave]") is None
    methods = {option["value"] for option in page.select("select[name=method] option")}
    assert "gap" in methods
    assert "rank-sum" not in methods
    assert "found four times in five" in text
    assert "200 answers belong to no wave" in text


def test_the_table_and_the_file_agree_on_what_changed(client: FlaskClient, better: tuple[str, ...]) -> None:
    rows = list(csv.DictReader(io.StringIO(client.get(f"{PAGE}.csv").text)))
    real = [row for row in rows if float(row["p_holm"]) < 0.05]
    assert {row["outcome"] for row in real} & set(better)
    assert all(float(row["change"]) < 0 for row in real if row["outcome"] in better), (
        "served better, so less opportunity"
    )
    page = BeautifulSoup(client.get(PAGE).text, "html.parser")
    shown = [row.find("b").text.replace("−", "-") for row in page.select("table.change tbody tr")]
    assert shown == [f"{float(row['change']):+.1f}" for row in rows]
    assert len(page.select("table.change tr.real")) == len(real)


def test_waves_and_filters_are_in_the_address_and_in_the_links(client: FlaskClient, better: tuple[str, ...]) -> None:
    page = client.get(f"{PAGE}?from=2&to=1&where.mode=retain&method=gap").text
    assert "wave 2" in page
    assert "change.csv?where.mode=retain&amp;method=gap&amp;from=2&amp;to=1" in page
    turned = client.get(f"{PAGE}.csv?from=2&to=1").text
    rows = {row["outcome"]: float(row["change"]) for row in csv.DictReader(io.StringIO(turned))}
    assert rows[better[0]] > 0


@pytest.mark.parametrize(("form", "begins"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("json", b"{")])
@pytest.mark.usefixtures("better")
def test_pictures_and_tables_can_be_taken_away(client: FlaskClient, form: str, begins: bytes) -> None:
    answer = client.get(f"{PAGE}.{form}")
    assert answer.data.startswith(begins)
    assert f"tiny-change-2026-03-02-simulated.{form}" in answer.headers["Content-Disposition"]


def test_waves_that_too_few_people_answered_are_not_shown(client: FlaskClient, database: Database) -> None:
    two_waves(database, "tiny", 40, 1, NOW)
    plan = load_survey(client.application.extensions["jtbd"].settings, "tiny")
    open_wave(database, "tiny", "few", NOW)
    answers = [FinishedResponse({}, dict.fromkeys(plan.outcomes, Rating(5, 1)), NOW, NOW) for _ in range(4)]
    add_many(database, "tiny", "simulated", answers, NOW)
    close_wave(database, "tiny", NOW)
    answer = client.get(f"{PAGE}?from=2&to=3")
    assert answer.status_code == 400
    assert "too few to be shown" in answer.text
    assert " 4 people" not in answer.text
    assert "wave 1, 40 people, to wave 2, 40 people" in client.get(PAGE).text, "the last two of enough people"


@pytest.mark.parametrize("query", ["from=9", "from=1&to=1", "from=x"])
@pytest.mark.usefixtures("better")
def test_waves_that_do_not_exist_are_a_notice(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{PAGE}?{query}")
    assert answer.status_code == 400
    assert "This cannot be shown" in answer.text
