from __future__ import annotations

from collections.abc import Iterator

import pytest

from jtbd.store import bulk, responses, surveys, waves
from jtbd.store.bulk import FinishedResponse
from jtbd.store.database import Database
from jtbd.store.surveys import ResponseCounts
from jtbd.survey.model import Rating
from tests.held import answers_of
from tests.store.samples import LATER, NOW, begin, published


def finished(number: int) -> FinishedResponse:
    answers = {"mode": "acquire", "tools": ("crm", "mail"), "years": number, "remark": None}
    ratings = {"find": Rating(number % 5 + 1, 2), "win": Rating(None, 3), "keep": Rating()}
    return FinishedResponse(answers, ratings, NOW, LATER, "de")


def test_each_response_is_stored_as_if_it_had_been_given_page_by_page(database: Database) -> None:
    published(database)
    waves.open_wave(database, "modes", "spring", NOW)
    first = begin(database, kind="test") + 1
    assert bulk.add_many(database, "modes", "simulated", (finished(number) for number in range(1100)), LATER) == 1100
    for number in (0, 499, 500, 1099):  # over the edges of batches, each keeps its own
        answers, ratings, pages = answers_of(database, first + number)
        assert answers == {"mode": "acquire", "tools": ("crm", "mail"), "years": number}
        assert ratings == {"find": Rating(number % 5 + 1, 2), "win": Rating(None, 3)}
        assert pages == {"about-you", "page-1", "page-2"}
        row = responses.find_response(database, first + number)
        assert row is not None
        assert (row.kind, row.status, row.language, row.wave) == ("simulated", "complete", "de", 1)
        assert (row.started_at, row.completed_at) == (NOW, LATER)


def test_pages_on_which_nothing_was_answered_do_not_count_as_saved(database: Database) -> None:
    published(database)
    response_id = begin(database) + 1
    bulk.add_many(database, "modes", "real", [FinishedResponse({}, {"grow": Rating(1, 1)}, NOW, LATER)], NOW)
    assert answers_of(database, response_id)[2] == {"page-2"}


def test_a_response_without_an_end_is_in_progress(database: Database) -> None:
    published(database)
    rows = [FinishedResponse({}, {"find": Rating(1, 1)}, NOW, end) for end in (None, LATER)]
    bulk.add_many(database, "modes", "real", rows, NOW)
    assert surveys.counts(database, "modes") == ResponseCounts(complete=1, in_progress=1)


def test_one_wrong_row_leaves_nothing_behind(database: Database) -> None:
    published(database)

    def rows() -> Iterator[FinishedResponse]:
        yield from (finished(number) for number in range(600))
        yield FinishedResponse({}, {"unheard": Rating(1, 1)}, NOW, LATER)

    with pytest.raises(ValueError, match="unheard"):
        bulk.add_many(database, "modes", "real", rows(), NOW)
    with pytest.raises(Exception, match="ck_rating_importance"):
        bulk.add_many(database, "modes", "real", [FinishedResponse({}, {"find": Rating(6, 1)}, NOW, LATER)], NOW)
    assert surveys.counts(database, "modes") == ResponseCounts()


def test_nothing_to_add_adds_nothing(database: Database) -> None:
    published(database)
    assert bulk.add_many(database, "modes", "real", [], NOW) == 0
