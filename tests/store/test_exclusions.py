"""Exclusions and inclusions: counted at once, refused without a reason, all of them kept."""

from __future__ import annotations

import pytest

from jtbd.store import delivery, erasure, exclusions, responses, surveys
from jtbd.store.database import Database
from jtbd.store.exclusions import Review
from jtbd.store.refusals import ReasonMissing, ResponseUnknown
from tests.store.samples import LATER, NOW, page, published, respond, survey

RATED = page(1, find=(5, 1))


def test_every_decision_is_kept_with_who_made_it_when_and_why(database: Database) -> None:
    published(database)
    first, second = respond(database, RATED), respond(database, RATED)
    assert exclusions.exclude(database, "modes", [second, first], " twice\n the same ", "Ada", NOW) == 2
    exclusions.include(database, "modes", [first], "a colleague", "command line", LATER)
    assert exclusions.history(database, "modes") == [
        Review(first, "include", "a colleague", "command line", LATER),
        Review(second, "exclude", "twice the same", "Ada", NOW),
        Review(first, "exclude", "twice the same", "Ada", NOW),
    ]
    last = exclusions.decisions(database, "modes")
    assert {one: entry.action for one, entry in last.items()} == {first: "include", second: "exclude"}


def test_excluded_responses_stay_stored_and_can_be_looked_at(database: Database) -> None:
    published(database)
    kept, out = respond(database, RATED), respond(database, RATED)
    exclusions.exclude(database, "modes", [out], "fast", "Ada", NOW)
    assert delivery.load_ratings(database, "modes").response_ids.tolist() == [kept]
    everybody = delivery.load_ratings(database, "modes", with_excluded=True)
    assert everybody.response_ids.tolist() == [kept, out]
    assert everybody.n_excluded == 1


@pytest.mark.parametrize("reason", ["", " \n"])
def test_no_decision_without_a_reason(database: Database, reason: str) -> None:
    published(database)
    response_id = respond(database, RATED)
    with pytest.raises(ReasonMissing):
        exclusions.exclude(database, "modes", [response_id], reason, "Ada", NOW)
    assert exclusions.history(database, "modes") == []


def test_a_response_of_another_survey_stops_the_whole_decision(database: Database) -> None:
    published(database)
    surveys.publish(database, survey(slug="other"), NOW)
    mine, other = respond(database, RATED), respond(database, RATED, slug="other")
    with pytest.raises(ResponseUnknown, match=str(other)):
        exclusions.exclude(database, "modes", [mine, other], "fast", "Ada", NOW)
    assert exclusions.history(database, "modes") == exclusions.history(database, "other") == []
    assert delivery.load_ratings(database, "modes").response_ids.tolist() == [mine]


def test_what_is_erased_leaves_no_trail(database: Database) -> None:
    published(database)
    begun = responses.begin(database, slug="modes", kind="real", language="en", consent="", now=NOW)
    exclusions.exclude(database, "modes", [begun.response_id], "fast", "Ada", NOW)
    assert erasure.erase(database, begun.code)
    assert exclusions.history(database, "modes") == []
