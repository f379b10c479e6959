"""The studio's page on careless responding: decisions with a reason, by those who may."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from jtbd.store.accounts import Role, add_account, set_password
from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.exclusions import history
from jtbd.store.surveys import counts
from jtbd.survey.model import Rating
from tests.web.visitor import text_of
from tests.web_studio.conftest import NOW, PASSWORD, token_in

PAGE = "/studio/tiny/quality"
PEOPLE = [f"r{number}" for number in range(201, 209)]


@pytest.fixture(autouse=True)
def eight_people(database: Database) -> None:
    """Eight real respondents, two of them too fast; `tiny` is too short for other signs."""
    keys = ("sample-leaving-time", "sample-leaving-cause", "sample-handover-unanswered", "sample-change-promised")
    rows = [
        FinishedResponse(
            {"mode": "retain", "solution": "suite"},
            {key: Rating((number + place) % 5 + 1, 3) for place, key in enumerate(keys)},
            NOW,
            NOW,
            seconds=dict.fromkeys(("retain.notice-leaving", "retain.hand-over"), 2 if number < 2 else 60),
        )
        for number in range(8)
    ]
    add_many(database, "tiny", "real", rows, NOW)


def decide(client: FlaskClient, *who: str, action: str = "exclude", reason: str = "not read") -> TestResponse:
    token = token_in(client.get(PAGE).text)
    return client.post(PAGE, data={"csrf_token": token, "who": [*who], "action": action, "reason": reason})


def test_the_page_counts_signs_and_says_what_is_not_seen(client: FlaskClient) -> None:
    page = text_of(client.get(PAGE))
    assert "0 of 8 respondents show two independent signs" in page
    assert "not seen" in page
    assert "Nobody is flagged" in page


def test_an_exclusion_counts_at_once_is_in_the_history_and_can_be_taken_back(
    client: FlaskClient, database: Database
) -> None:
    assert decide(client, "r201", "r202").status_code == 303
    assert counts(database, "tiny").excluded == 2
    page = text_of(client.get(PAGE))
    assert "Ada</b> excluded r202: not read" in page
    assert "(n = 6)" not in page, "two rankings that differ by two people would give their answers away"
    assert "6 responses" in text_of(client.get("/studio/tiny/"))
    assert decide(client, "r201", action="include", reason="asked: <b>real</b>").status_code == 303
    assert counts(database, "tiny").excluded == 1
    assert "asked: &lt;b&gt;real&lt;/b&gt;" in client.get(PAGE).text
    assert [one.reviewer for one in history(database, "tiny")] == ["Ada"] * 3


@pytest.mark.parametrize(
    ("who", "reason", "said"),
    [(["r201"], " ", "Give a reason"), ([], "why", "Choose at least one"), (["r999"], "why", "no longer there")],
)
def test_a_decision_without_what_it_needs_is_asked_again(
    client: FlaskClient, database: Database, who: list[str], reason: str, said: str
) -> None:
    decide(client, "r202")
    answer = decide(client, *who, reason=reason)
    assert answer.status_code == 422
    assert said in answer.text
    assert "<title>Error: " in answer.text
    assert counts(database, "tiny").excluded == 1


def test_a_forged_form_decides_nothing(client: FlaskClient, database: Database) -> None:
    answer = client.post(PAGE, data={"who": "r201", "action": "exclude", "reason": "x"})
    assert answer.status_code == 422
    assert counts(database, "tiny").excluded == 0


@pytest.mark.parametrize(("role", "status", "excluded"), [("planner", 403, 0), ("strategist", 303, 1)])
def test_planners_look_and_strategists_decide(
    visitor: FlaskClient,
    sign_in: Callable[..., TestResponse],
    database: Database,
    role: Role,
    status: int,
    excluded: int,
) -> None:
    add_account(database, "Pat", role, NOW)
    set_password(database, "Pat", PASSWORD, NOW)
    sign_in("Pat")
    assert visitor.get(PAGE).status_code == 200
    assert decide(visitor, "r201").status_code == status
    assert counts(database, "tiny").excluded == excluded


def test_a_visitor_is_sent_to_the_login(visitor: FlaskClient) -> None:
    assert visitor.get(PAGE).status_code == visitor.post(PAGE).status_code == 303


def test_everybody_is_in_the_file_and_few_people_are_not_shown(client: FlaskClient, database: Database) -> None:
    lines = client.get("/studio/tiny/quality.csv").text.splitlines()
    assert [line.split(",")[0] for line in lines[1:]] == PEOPLE
    decide(client, *PEOPLE[:5])
    page = client.get(PAGE)
    assert page.status_code == 200, "one can still take it back"
    assert "too few would be left" in page.text
