"""A clock that goes back: pages are stored, no time is negative, nobody loses a place, nobody their way."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from itsdangerous import TimestampSigner

from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from tests.survey.samples import GATED, write
from tests.web.conftest import SetClock
from tests.web.test_respond import RETAINED, ratings_of, response_of
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor

PAGES = ({"mode": "retain"}, FIRST, LAST)
A_DAY = {"days": -1.0}


def test_pages_saved_while_the_clock_goes_back_are_stored_in_order(
    visitor: Visitor, database: Database, clock: SetClock
) -> None:
    began = clock.now
    visitor.start()
    clock.move(seconds=20)
    visitor.press(ABOUT)
    for page in PAGES:
        clock.move(**A_DAY)
        visitor.press(page)
    assert visitor.path == "/s/tiny/thanks"
    row = response_of(database, visitor.code)
    assert row.status == "complete"
    assert began == row.started_at < row.updated_at == row.completed_at == began + timedelta(seconds=20)
    assert ratings_of(database, visitor.code) == RETAINED
    with database.read() as connection:
        found = connection.exec_driver_sql("SELECT page, seconds, first_saved_at <= saved_at FROM page_save").all()
    assert {page: seconds for page, seconds, _ in found} == {
        "about-1": 20,
        "mode": 0,
        "retain.notice-leaving": 0,
        "retain.hand-over": 0,
    }
    assert all(in_order for *_, in_order in found)


def test_a_page_saved_again_after_the_clock_went_back_keeps_its_seconds(
    visitor: Visitor, database: Database, clock: SetClock
) -> None:
    visitor.start()
    clock.move(seconds=20)
    visitor.press(ABOUT)
    clock.move(**A_DAY)
    visitor.get("/s/tiny/about-1")
    visitor.press(ABOUT)
    with database.read() as connection:
        assert connection.exec_driver_sql("SELECT seconds, saves FROM page_save").one() == (20, 2)


ONE_PLACE = GATED.replace("limit: 2", "limit: 1")
SOLD = {**ABOUT, "does": "daily"}


@pytest.fixture
def of_one_place(settings: Settings, database: Database, clock: SetClock) -> None:
    """The survey has one place for people of sales."""
    write(settings.workspace, "surveys/tiny.yaml", ONE_PLACE)
    publish(database, load_survey(settings, "tiny"), clock())


def to_the_quota(visitor: Visitor) -> str:
    """Come to the page that decides about the quota, and press its button; where it leads."""
    visitor.start()
    for _ in range(5):
        if "mode" in visitor.path or visitor.path.endswith("thanks"):
            return visitor.path
        visitor.press(SOLD)
    raise AssertionError(visitor.path)


@pytest.mark.usefixtures("of_one_place")
def test_a_place_taken_while_the_clock_was_wrong_is_still_held_when_it_is_right_again(
    visitor: Visitor, app: Flask, clock: SetClock
) -> None:
    assert to_the_quota(visitor) == "/s/tiny/mode"
    clock.move(days=-1, minutes=-1)
    visitor.press({"mode": "retain"})  # as it seems, more than a day ago
    clock.move(days=1, minutes=1, seconds=10)
    late = Visitor(app.test_client())
    assert to_the_quota(late) == "/s/tiny/thanks", "the only place is taken by somebody who is still there"
    visitor.press(FIRST)
    assert (visitor.page.status_code, visitor.shown) == (400, FIRST), "the page is older than pages may be"
    for page in (FIRST, LAST):
        visitor.press(page)
    assert "Thank you." in visitor.page.text


@pytest.mark.usefixtures("of_one_place")
def test_no_place_is_given_twice_while_the_clock_is_behind(visitor: Visitor, app: Flask, clock: SetClock) -> None:
    assert to_the_quota(visitor) == "/s/tiny/mode"
    clock.move(**A_DAY)
    assert to_the_quota(Visitor(app.test_client())) == "/s/tiny/thanks"


# the cookie is signed with the time of the machine


@pytest.mark.parametrize("ahead", [60, 86_400])
def test_a_cookie_signed_by_a_clock_that_was_ahead_is_as_good_as_any(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, ahead: int
) -> None:
    now = int(datetime.now(UTC).timestamp())
    with monkeypatch.context() as patched:
        patched.setattr(TimestampSigner, "get_timestamp", lambda _: now + ahead)
        visitor.start()
        visitor.press(ABOUT)
    visitor.get("/s/tiny/mode")
    assert visitor.path == "/s/tiny/mode"
    for page in PAGES:
        visitor.press(page)
    assert visitor.path == "/s/tiny/thanks"


def test_a_cookie_that_is_older_than_sessions_are_is_none(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    long_ago = int((datetime.now(UTC) - timedelta(days=31)).timestamp())
    with monkeypatch.context() as patched:
        patched.setattr(TimestampSigner, "get_timestamp", lambda _: long_ago)
        visitor.start()
    assert visitor.get("/s/tiny/about-1").request.path == "/s/tiny"
