"""Answers saved as they are given, and the one reminder of those that were not."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from jtbd.store.database import Database
from jtbd.store.erasure import erase
from jtbd.store.responses import find_by_code
from jtbd.survey.model import Rating
from tests.held import answers_of
from tests.web.conftest import SetClock
from tests.web.visitor import ABOUT, FIRST, LAST, Fields, Visitor


def send(visitor: Visitor, data: Fields, path: str | None = None, **hidden: str) -> int:
    """Send some fields as the page's script does; returns the status."""
    return visitor.post(data, f"{path or visitor.path}/answers", **hidden).status_code


def held(database: Database, visitor: Visitor) -> tuple[dict[str, object], dict[str, Rating], set[str]]:
    row = find_by_code(database, visitor.code)
    assert row
    answers, ratings, saved = answers_of(database, row.id)
    return dict(answers), ratings, saved


# saved as they are given


def test_one_answer_is_stored_and_its_page_not_done(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    assert send(visitor, {"imp_sample-leaving-time": "4"}) == 204
    _, ratings, saved = held(database, visitor)
    assert ratings == {"sample-leaving-time": Rating(4)}
    assert saved == {"about-1", "mode"}
    visitor.get(f"/r/{visitor.code}")
    assert visitor.path == "/s/tiny/retain.notice-leaving"
    assert visitor.shown == {"imp_sample-leaving-time": "4"}


def test_the_other_scale_and_the_other_lines_stay_as_they_are(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    for name in FIRST:
        assert send(visitor, {name: FIRST[name]}) == 204
    assert send(visitor, {"sat_sample-leaving-time": "3"}) == 204
    assert send(visitor, {"sat_sample-leaving-cause": ""}) == 204  # taken back
    _, ratings, _ = held(database, visitor)
    assert ratings == {"sample-leaving-time": Rating(5, 3), "sample-leaving-cause": Rating(4)}


def test_answers_to_questions_are_saved_too(visitor: Visitor, database: Database) -> None:
    visitor.start()
    assert send(visitor, {"organisation": "Acme"}) == 204
    assert held(database, visitor)[0] == {"organisation": "Acme"}
    assert send(visitor, {"organisation": ""}) == 204
    assert held(database, visitor)[0] == {}


def test_what_is_not_offered_is_refused_and_the_rest_stored(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    sent = {"imp_sample-leaving-time": "6", "sat_sample-leaving-time": "2", "imp_sample-audience-time": "5"}
    assert send(visitor, sent) == 422
    assert held(database, visitor)[1] == {"sample-leaving-time": Rating(None, 2)}


def test_the_time_on_a_page_is_still_counted_from_the_page_before(
    visitor: Visitor, database: Database, clock: SetClock
) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    row = find_by_code(database, visitor.code)
    clock.move(seconds=30)
    send(visitor, FIRST)
    now = find_by_code(database, visitor.code)
    assert row
    assert now
    assert now.updated_at == row.updated_at


@pytest.mark.parametrize("token", ["", "20990101000000##forged"])
def test_answers_from_elsewhere_are_refused(visitor: Visitor, database: Database, token: str) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    assert send(visitor, FIRST, csrf_token=token) == 400
    assert held(database, visitor)[1] == {}


def test_a_page_not_come_to_and_a_finished_response_take_nothing(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    hidden = visitor.hidden()
    assert send(visitor, LAST, "/s/tiny/retain.hand-over") == 409
    assert send(visitor, LAST, "/s/tiny/none") == 404
    visitor.press(FIRST)
    last = visitor.path
    visitor.press(LAST)
    assert visitor.client.post(f"{last}/answers", data={**hidden, "imp_sample-change-promised": "1"}).status_code == 409
    assert held(database, visitor)[1]["sample-change-promised"] == Rating(5, 5)


def test_an_erased_response_takes_nothing(visitor: Visitor, database: Database) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    erase(database, visitor.code)
    assert send(visitor, FIRST) == 404


def test_too_much_is_refused(visitor: Visitor) -> None:
    visitor.start()
    assert send(visitor, {"organisation": "x" * 70_000}) == 413


# the reminder


def remind(visitor: Visitor) -> TestResponse:
    """Come to a page of ratings and send it half filled in."""
    visitor.answer(ABOUT, {"mode": "retain"})
    return visitor.press({"imp_sample-leaving-time": "5", **dict(list(FIRST.items())[2:])})


def test_a_skipped_rating_is_recalled_once_and_then_on(visitor: Visitor, database: Database) -> None:
    assert remind(visitor).status_code == 200
    assert visitor.soup.title
    assert visitor.soup.title.text.startswith("Reminder:")
    (link,) = visitor.soup.select(".reminder a")
    assert link["href"] == "#f-sat_sample-leaving-time"
    assert visitor.soup.select_one("#f-sat_sample-leaving-time")
    button = visitor.soup.select_one(".reminder button")
    assert button
    assert button["form"] == "page"
    assert held(database, visitor)[1]["sample-leaving-time"] == Rating(5)  # safe, should they leave now
    assert "retain.notice-leaving" not in held(database, visitor)[2]
    visitor.press(dict(visitor.shown))
    assert visitor.path == "/s/tiny/retain.hand-over"


def test_a_page_gone_past_is_not_recalled_again(visitor: Visitor) -> None:
    remind(visitor)
    visitor.press({})
    visitor.get("/s/tiny/retain.notice-leaving")
    assert visitor.press({}).request.path == "/s/tiny/retain.hand-over"


def test_every_page_has_its_own_reminder(visitor: Visitor) -> None:
    remind(visitor)
    visitor.press({})
    visitor.press({})
    assert visitor.soup.select_one(".reminder")
    visitor.press({})
    assert visitor.path == "/s/tiny/thanks"


def test_nobody_is_reminded_of_questions_that_are_optional_or_when_going_back(visitor: Visitor) -> None:
    visitor.answer({"solution": "suite"})
    assert visitor.path == "/s/tiny/mode"
    visitor.press({"mode": "retain"})
    visitor.press({}, go="back")
    assert visitor.path == "/s/tiny/mode"


def test_answers_given_before_the_page_was_saved_do_not_take_the_place_of_newer_ones(
    visitor: Visitor, database: Database
) -> None:
    visitor.answer(ABOUT, {"mode": "retain"})
    path = visitor.path
    assert send(visitor, {"imp_sample-leaving-time": "4"}, seen="") == 204
    visitor.press(FIRST)
    assert send(visitor, {"imp_sample-leaving-time": "1"}, path, seen="") == 409
    assert held(database, visitor)[1]["sample-leaving-time"] == Rating(5, 2)
