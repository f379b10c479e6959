"""An outcome that does not apply: chosen instead of ratings, kept apart from them and from what was skipped."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from jtbd.analysis import survey_source
from jtbd.analysis.archive import write_archive
from jtbd.analysis.source import open_file
from jtbd.report.tables import ratings_table, to_csv
from jtbd.settings import Settings
from jtbd.store.database import Database
from jtbd.store.responses import find_by_code
from jtbd.store.surveys import publish
from jtbd.survey.compile import load_survey
from jtbd.survey.model import Rating
from tests.held import answers_of, not_applicable_to
from tests.survey.samples import TINY, write
from tests.web.conftest import SetClock
from tests.web.test_background import send
from tests.web.visitor import ABOUT, FIRST, LAST, Visitor

TIME, CAUSE = "sample-leaving-time", "sample-leaving-cause"
OUTSIDE = {f"na_{TIME}": "yes"}
OTHER = {name: value for name, value in FIRST.items() if name.endswith(CAUSE)}


@pytest.fixture
def visitor(client: FlaskClient, settings: Settings, database: Database, clock: SetClock) -> Visitor:
    """Somebody who answers ``tiny`` and has come to the first page of ratings, where lines may be said not to apply."""
    write(settings.workspace, "surveys/tiny.yaml", TINY + "not_applicable: true\n")
    publish(database, load_survey(settings, "tiny"), clock())
    one = Visitor(client)
    one.answer(ABOUT, {"mode": "retain"})
    return one


def held(database: Database, visitor: Visitor) -> tuple[dict[str, Rating], set[str]]:
    row = find_by_code(database, visitor.code)
    assert row
    return answers_of(database, row.id)[1], set(not_applicable_to(database, row.id))


def test_it_is_offered_only_where_the_survey_says_so(visitor: Visitor, client: FlaskClient, settings: Settings) -> None:
    boxes = visitor.soup.select("main .outcome input[type=checkbox]")
    assert [one["name"] for one in boxes] == [f"na_{TIME}", f"na_{CAUSE}"]
    assert "Mark a line that does not apply" in visitor.page.text
    assert "Leave out a line" not in visitor.page.text
    label = boxes[0].find_parent("label")
    assert label
    assert label.get_text(" ", strip=True) == "Does not apply to me learn that a customer is about to leave"


def test_without_the_key_nothing_of_it_is_shown_or_taken(client: FlaskClient, database: Database) -> None:
    visitor = Visitor(client)
    visitor.answer(ABOUT, {"mode": "retain"})
    assert "Does not apply" not in visitor.page.text
    visitor.press({**FIRST, **OUTSIDE})
    ratings, outside = held(database, visitor)
    assert (ratings[TIME], outside) == (Rating(5, 2), set())


def test_it_is_an_answer_so_nobody_is_reminded_of_it(visitor: Visitor, database: Database) -> None:
    visitor.press({**OTHER, **OUTSIDE})
    assert visitor.path == "/s/tiny/retain.hand-over"
    assert held(database, visitor) == ({CAUSE: Rating(4, 1)}, {TIME})
    visitor.press(LAST, "back")
    assert visitor.shown == {**OTHER, **OUTSIDE}
    visitor.press(FIRST)  # not marked any more
    assert held(database, visitor) == ({TIME: Rating(5, 2), CAUSE: Rating(4, 1), **RATED_LAST}, set())


RATED_LAST = {"sample-handover-unanswered": Rating(3, 3), "sample-change-promised": Rating(5, 5)}


def test_of_both_the_mark_counts_and_the_ratings_go(visitor: Visitor, database: Database) -> None:
    visitor.press({**FIRST, **OUTSIDE, f"imp_{TIME}": "9"})
    assert visitor.path == "/s/tiny/retain.hand-over"
    assert held(database, visitor) == ({CAUSE: Rating(4, 1)}, {TIME})


def test_a_page_with_an_error_or_a_reminder_shows_the_mark_again(visitor: Visitor) -> None:
    visitor.press({**OUTSIDE, f"imp_{CAUSE}": "9"})
    assert visitor.page.status_code == 422
    assert visitor.shown == OUTSIDE
    visitor.press(OUTSIDE)
    assert "1 line is not fully rated yet" in visitor.page.text
    assert visitor.shown == OUTSIDE


def test_in_the_background_the_last_word_counts(visitor: Visitor, database: Database) -> None:
    assert send(visitor, FIRST) == 204
    assert send(visitor, {**OUTSIDE, f"imp_{TIME}": "", f"sat_{TIME}": ""}) == 204  # as the page's script does
    assert held(database, visitor) == ({CAUSE: Rating(4, 1)}, {TIME})
    assert send(visitor, {f"sat_{CAUSE}": "3"}) == 204
    assert held(database, visitor) == ({CAUSE: Rating(4, 3)}, {TIME})
    assert send(visitor, {f"imp_{TIME}": "2"}) == 204
    assert held(database, visitor) == ({TIME: Rating(2), CAUSE: Rating(4, 3)}, set())
    assert send(visitor, OUTSIDE) == 204
    assert send(visitor, {f"na_{TIME}": ""}) == 204
    assert held(database, visitor) == ({CAUSE: Rating(4, 3)}, set())


def test_what_was_marked_in_a_mode_that_was_left_goes_at_the_end(visitor: Visitor, database: Database) -> None:
    visitor.press({**OTHER, **OUTSIDE})
    visitor.get("/s/tiny/mode")
    visitor.press({"mode": "acquire"})
    both = {"na_sample-audience-time": "yes", "na_sample-audience-missed": "yes"}
    visitor.press(both)
    visitor.press({"na_sample-handover-unanswered": "yes", "imp_sample-handover-effort": "1", "reminded": "yes"})
    row = find_by_code(database, visitor.code)
    assert row
    assert row.status == "complete"
    marked = {"sample-audience-time", "sample-audience-missed", "sample-handover-unanswered"}
    assert held(database, visitor) == ({"sample-handover-effort": Rating(1)}, marked)


def test_it_is_delivered_apart_from_ratings_and_goes_into_files(
    visitor: Visitor, database: Database, tmp_path: Path
) -> None:
    visitor.press({**OTHER, **OUTSIDE})
    source = survey_source(database, "tiny")
    place = {one: j for j, one in enumerate(source.ratings.outcomes)}
    write_archive(source, tmp_path / "kept")
    (tmp_path / "ratings.csv").write_text(to_csv(ratings_table(source)))
    for ratings in (source.ratings, *(open_file(str(tmp_path / name)).ratings for name in ("kept", "ratings.csv"))):
        assert ratings.not_applicable is not None
        assert ratings.not_applicable[0].nonzero()[0].tolist() == [place[TIME]]
        assert ratings.scales["importance"][0, place[TIME]] == 0
        assert not [name for name in ratings.attributes if name.startswith("na_")]
