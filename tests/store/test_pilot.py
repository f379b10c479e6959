"""The end of a pilot: all of its answers are set aside, or none."""

from __future__ import annotations

import pytest

from jtbd.store import pilot, responses, surveys, waves
from jtbd.store.database import Database
from jtbd.store.delivery import data_version, load_ratings
from jtbd.store.events import survey_events
from jtbd.store.pilot import Pilot
from jtbd.store.refusals import FieldingBegun, PilotChanged, SurveyClosed, SurveyPaused, SurveyUnknown
from jtbd.store.surveys import ResponseCounts
from tests.store.samples import LATER, NOW, at_once, begin, page, published, respond


def end(db: Database, expected: int, *, delete_answers: bool = False) -> int:
    return pilot.end_pilot(db, "modes", delete_answers=delete_answers, expected=expected, by="Ada", now=LATER)


@pytest.fixture
def piloted(database: Database) -> Database:
    """Two real responses, one of them complete, a simulated one and a test."""
    published(database)
    done = respond(database, page(1, find=(5, 1)))
    responses.complete(database, done, asked={"find"}, now=NOW)
    respond(database, page(1, find=(4, 2)))
    begin(database, kind="simulated")
    begin(database, kind="test")
    return database


def test_answers_of_a_pilot_become_tests_and_count_nowhere(piloted: Database) -> None:
    before = data_version(piloted, "modes")
    assert pilot.find_pilot(piloted, "modes") == Pilot(2, None)
    assert end(piloted, 2) == 2
    assert surveys.counts(piloted, "modes") == ResponseCounts(test=3, simulated=1)
    assert load_ratings(piloted, "modes").ratings.n == 0
    assert data_version(piloted, "modes") != before
    (event,) = survey_events(piloted, "modes", 5)
    assert (event.action, event.detail, event.actor, event.at) == ("pilot-kept-as-test", "2", "Ada", LATER)


def test_or_they_are_deleted_with_all_that_was_answered(piloted: Database) -> None:
    assert end(piloted, 2, delete_answers=True) == 2
    assert surveys.counts(piloted, "modes") == ResponseCounts(test=1, simulated=1)
    with piloted.read() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM rating").scalar() == 0
        assert connection.exec_driver_sql("SELECT count(*) FROM page_save").scalar() == 0
    assert survey_events(piloted, "modes", 5)[0].action == "pilot-deleted"


@pytest.mark.parametrize("delete_answers", [True, False])
def test_nothing_is_done_if_there_are_others_than_were_seen(piloted: Database, delete_answers: bool) -> None:
    begin(piloted)
    with pytest.raises(PilotChanged, match="3 real answers"):
        end(piloted, 2, delete_answers=delete_answers)
    assert surveys.counts(piloted, "modes").in_progress == 2
    assert survey_events(piloted, "modes", 5) == []


def test_once_a_wave_was_closed_answers_are_no_pilot(piloted: Database) -> None:
    waves.open_wave(piloted, "modes", "2026", NOW)
    waves.close_wave(piloted, "modes", NOW)
    waves.open_wave(piloted, "modes", "2027", NOW)
    with pytest.raises(FieldingBegun, match="wave 1"):
        end(piloted, 2)
    assert surveys.counts(piloted, "modes").complete == 1


def test_an_open_wave_is_no_obstacle(piloted: Database) -> None:
    waves.open_wave(piloted, "modes", "2026", NOW)
    begin(piloted)
    assert end(piloted, 3) == 3


def test_who_begins_meanwhile_is_counted_or_stays(database: Database) -> None:
    """Whichever comes first: no response is set aside that nobody knew of."""
    published(database)
    begin(database)

    def ends() -> None:
        try:
            end(database, 1)
        except PilotChanged:
            return

    at_once([ends, *[lambda: begin(database) and None] * 6])
    found = surveys.counts(database, "modes")
    assert (found.test, found.in_progress) in {(1, 6), (0, 7)}


def test_a_paused_survey_takes_nobody_new_until_it_is_open_again(database: Database) -> None:
    published(database)
    going = begin(database)
    surveys.set_status(database, "modes", "paused", NOW, by="Ada")
    assert surveys.open_surveys(database) == []
    with pytest.raises(SurveyPaused, match="paused") as refused:
        begin(database)
    assert isinstance(refused.value, SurveyClosed)
    begin(database, kind="test")
    responses.save_page(database, going, page(1, find=(5, 1)), LATER)
    surveys.set_status(database, "modes", "open", LATER, by="Ben")
    begin(database)
    assert [(one.action, one.actor) for one in survey_events(database, "modes", 5)] == [
        ("open", "Ben"),
        ("paused", "Ada"),
    ]


def test_an_unknown_survey_names_those_there_are(database: Database) -> None:
    published(database)
    with pytest.raises(SurveyUnknown, match=r"there is modes$"):
        pilot.find_pilot(database, "mode")
