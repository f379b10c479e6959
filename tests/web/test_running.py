"""What respondents meet while a study is run: a pause, the end of a pilot; and the preview on a phone."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.pilot import end_pilot
from jtbd.store.responses import find_by_code
from jtbd.store.surveys import counts, set_status
from tests.web.conftest import SetClock
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor, preview_path


def test_a_paused_survey_asks_to_come_back_and_lets_who_began_go_on(
    visitor: Visitor, database: Database, clock: SetClock
) -> None:
    visitor.start()
    set_status(database, "tiny", "paused", clock())
    other = Visitor(visitor.client.application.test_client())
    other.get("/")
    assert "No survey is open" in other.page.text
    answer = other.get("/s/tiny")
    assert answer.status_code == 200
    assert "taking a break" in answer.text
    assert "come back later" in answer.text
    assert "<form" not in answer.text
    for one in (ABOUT, {"mode": "retain"}, FIRST, LAST):
        visitor.press(one)
    assert visitor.path == "/s/tiny/thanks"


def test_who_had_the_page_open_when_it_was_paused_is_told(
    visitor: Visitor, database: Database, clock: SetClock
) -> None:
    visitor.get("/s/tiny")
    set_status(database, "tiny", "paused", clock())
    answer = visitor.post({"consent": "yes"})
    assert answer.status_code == 409
    assert "taking a break" in answer.text
    assert counts(database, "tiny").in_progress == 0


def test_a_closed_survey_says_that_it_is_over(client: FlaskClient, database: Database, clock: SetClock) -> None:
    set_status(database, "tiny", "closed", clock())
    answer = client.get("/s/tiny")
    assert answer.status_code == 410
    assert "is over and takes no new answers" in answer.text


@pytest.mark.parametrize("delete_answers", [True, False])
def test_after_a_pilot_its_people_can_take_part_for_real(
    visitor: Visitor, database: Database, clock: SetClock, delete_answers: bool
) -> None:
    visitor.start()
    visitor.press(ABOUT)
    end_pilot(database, "tiny", delete_answers=delete_answers, expected=1, by="Ada", now=clock())
    if not delete_answers:
        visitor.get("/s/tiny/mode")
        assert "answers are not counted" in visitor.page.text, "who goes on is told"
    visitor.start()
    assert "answers are not counted" not in visitor.page.text
    found = find_by_code(database, visitor.code)
    assert found
    assert found.kind == "real"
    assert counts(database, "tiny").in_progress == 1


def policy(client: FlaskClient, path: str) -> dict[str, str]:
    """The content policy of a page, by directive, and its X-Frame-Options."""
    answer = client.get(path)
    parts = (part.strip().partition(" ") for part in answer.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts} | {"X-Frame-Options": answer.headers["X-Frame-Options"]}


def test_the_phone_frames_test_pages_and_nothing_else_is_framed(
    visitor: Visitor, settings: Settings, database: Database
) -> None:
    path = preview_path(settings, "tiny")
    outer = policy(visitor.client, f"{path}?frame=phone")
    assert (outer["frame-src"], outer["frame-ancestors"], outer["X-Frame-Options"]) == ("'self'", "'none'", "DENY")
    assert counts(database, "tiny").test == 0, "the page around the frame begins nothing"
    visitor.get(f"{path}?frame=phone")
    (frame,) = visitor.soup.select("iframe")
    assert frame["src"] == path
    visitor.start()
    for real in ("/", "/s/tiny", "/s/tiny/about-1", "/studio/login", "/nothing"):
        found = policy(visitor.client, real)
        assert (found["frame-src"], found["frame-ancestors"], found["X-Frame-Options"]) == ("'none'", "'none'", "DENY")
    visitor.get(str(frame["src"]))
    for one in (ABOUT, {"mode": "retain"}, FIRST, LAST):
        found = policy(visitor.client, visitor.path)
        assert (found["frame-ancestors"], found["frame-src"]) == ("'self'", "'none'")
        assert found["X-Frame-Options"] == "SAMEORIGIN"
        visitor.press(one)
    assert policy(visitor.client, "/s/tiny/thanks")["frame-ancestors"] == "'self'"
    assert counts(database, "tiny").complete == 0


def test_a_forged_link_frames_nothing(visitor: Visitor) -> None:
    answer = visitor.client.get("/preview/x?frame=phone")
    assert answer.status_code == 410
    assert "<iframe" not in answer.text
