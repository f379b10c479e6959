"""A respondent of a design is asked their part, and the same part whenever they come back."""

from __future__ import annotations

import sqlite3
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.responses import find_by_code
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Design
from tests.held import answers_of, assignments_of
from tests.store.samples import outcome, survey
from tests.survey.samples import TINY, write
from tests.web.conftest import SetClock
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor, preview_path

DESIGN = "design: {kind: balanced, outcomes_per_respondent: 2, order: random}\n"


@pytest.fixture
def visitor(client: FlaskClient, settings: Settings, database: Database, clock: SetClock) -> Visitor:
    """Somebody who answers ``tiny``, two outcomes of the four of a map."""
    write(settings.workspace, "surveys/tiny.yaml", TINY + DESIGN)
    publish(database, load_survey(settings, "tiny"), clock())
    return Visitor(client)


def lines(visitor: Visitor) -> list[str]:
    """The outcomes on the page."""
    names = [str(one["name"]) for one in visitor.soup.select("main input[type=radio]")]
    return list(dict.fromkeys(name.removeprefix("imp_") for name in names if name.startswith("imp_")))


def rated(visitor: Visitor) -> dict[str, str]:
    return {f"{scale}_{outcome}": "4" for outcome in lines(visitor) for scale in ("imp", "sat")}


def through(visitor: Visitor) -> list[str]:
    """Rate every page there is; the outcomes in the order shown."""
    shown = []
    while found := lines(visitor):
        shown += found
        visitor.press(rated(visitor))
    return shown


def response_id(database: Database, visitor: Visitor) -> int:
    row = find_by_code(database, visitor.code)
    assert row is not None
    return row.id


def test_pages_show_what_is_assigned_and_end_there(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    shown = through(visitor)
    assert visitor.heading == "You have come to the end"
    mine = response_id(database, visitor)
    assert assignments_of(database, mine) == {"retain": tuple(shown)}
    assert len(shown) == 2
    assert set(answers_of(database, mine)[1]) == set(shown)


def test_a_response_resumed_and_a_step_back_show_the_same(visitor: Visitor, client: FlaskClient) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    first, code, path = lines(visitor), visitor.code, visitor.path
    client.delete_cookie("jtbd")
    visitor.get(f"/r/{code}")
    assert (visitor.path, lines(visitor)) == (path, first)
    visitor.press(rated(visitor), go="back")
    visitor.press({"mode": "retain"})
    assert (visitor.path, lines(visitor)) == (path, first)
    assert f"imp_{first[0]}" in visitor.shown


def test_a_mode_chosen_again_is_assigned_for_itself_and_the_first_is_kept(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    retained = lines(visitor)
    visitor.press(rated(visitor), go="back")
    visitor.press({"mode": "acquire"})
    assert set(assignments_of(database, response_id(database, visitor))) == {"acquire", "retain"}
    visitor.press(rated(visitor), go="back")
    visitor.press({"mode": "retain"})
    assert lines(visitor) == retained
    shown = through(visitor)
    assert set(answers_of(database, response_id(database, visitor))[1]) == set(shown)


def test_what_is_not_assigned_is_not_taken(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    visitor.press(dict.fromkeys((*FIRST, *LAST), "5"))
    stored = answers_of(database, response_id(database, visitor))[1]
    assert set(stored) <= set(assignments_of(database, response_id(database, visitor))["retain"])


def test_two_people_of_one_mode_rate_everything_between_them(
    visitor: Visitor, client: FlaskClient, settings: Settings
) -> None:
    visitor.get(preview_path(settings, "tiny"))  # a test, which counts for nobody
    visitor.press(ABOUT)
    visitor.press({"mode": "retain"})
    through(visitor)
    shown: set[str] = set()
    for _ in range(2):
        client.delete_cookie("jtbd")
        visitor.answer(ABOUT, {"mode": "retain"})
        shown |= set(through(visitor))
    assert len(shown) == 4


def test_without_the_database_the_page_shows_what_was_asked_and_nothing_else(
    visitor: Visitor, settings: Settings
) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    asked = lines(visitor)
    assert 0 < len(asked) <= 2
    with sqlite3.connect(settings.workspace / "jtbd.db") as connection:
        connection.execute("ALTER TABLE response RENAME TO away")
    visitor.page = visitor.post({**rated(visitor), "go": "next"})
    assert visitor.page.status_code == 503
    assert lines(visitor) == asked
    assert visitor.shown == rated(visitor)
    visitor.page = visitor.post({"go": "next"}, lines="none-such sample-audience-time " + asked[0])
    assert lines(visitor) == asked[:1]


def test_a_survey_that_asks_nothing_else_begins_with_a_page_its_respondent_sees(
    app: Flask, database: Database, clock: SetClock
) -> None:
    plan = survey(*(outcome(f"o{number}") for number in range(24)), questions=(), per_page=4)
    publish(database, replace(plan, pages=plan.pages[1:], design=Design("balanced", 6, "random")), clock())
    for _ in range(6):
        one = Visitor(app.test_client())
        one.get("/s/modes")
        one.press({"consent": "yes"})
        assert one.page.status_code == 200
        assert one.path.startswith("/s/modes/page-")
    # pages that others see lead on to one's own
    assert {one.client.get(f"/s/modes/{page.id}").status_code for page in plan.pages[1:]} == {200, 303}
