from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jtbd.store import bulk, delivery, exclusions, responses, surveys, waves
from jtbd.store.bulk import FinishedResponse
from jtbd.store.database import Database
from jtbd.store.refusals import SurveyUnknown
from jtbd.survey.model import Question, Rating
from tests.store.samples import LATER, NOW, about, begin, outcome, page, published, respond, survey

laws = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
ALL = {"find", "win", "keep", "grow"}
RATED = page(1, find=(5, 2))


def delivered_ids(db: Database, **options: Any) -> list[int]:
    return delivery.load_ratings(db, "modes", **options).response_ids.tolist()


def test_the_ratings_delivered_are_those_stored(database: Database) -> None:
    published(database)
    first = respond(database, about(mode="acquire", tools=("crm", "mail"), years=7), page(1, find=(5, 2)))
    second = respond(database, page(1, find=(None, 1), win=(3, None)), page(2, grow=(1, 5)))
    responses.complete(database, second, asked=ALL, now=LATER)
    got = delivery.load_ratings(database, "modes")
    assert got.ratings.outcomes == ("find", "win", "keep", "grow")
    assert got.ratings.scales["importance"].tolist() == [[5, 0, 0, 0], [0, 3, 0, 1]]
    assert got.ratings.scales["satisfaction"].tolist() == [[2, 0, 0, 0], [1, 0, 0, 5]]
    assert list(got.ratings.scales) == ["importance", "satisfaction"]
    assert {name: column.tolist() for name, column in got.ratings.attributes.items()} == {
        "mode": ["acquire", ""],
        "tools": ["crm;mail", ""],
        "years": ["7", ""],
        "remark": ["", ""],
        "wave": ["", ""],
        "status": ["in_progress", "complete"],
        "language": ["en", "en"],
        "revision": ["1", "1"],
    }
    assert got.response_ids.tolist() == [first, second]
    assert (got.plan, got.simulated, got.n_excluded, got.wording_split) == (survey(), False, 0, ())


def test_a_survey_without_ratings_delivers_no_respondents(database: Database) -> None:
    published(database)
    respond(database, about(mode="acquire"))
    got = delivery.load_ratings(database, "modes")
    assert got.ratings.n == 0
    assert got.ratings.outcomes == ("find", "win", "keep", "grow")
    assert got.ratings.scales["importance"].shape == (0, 4)
    assert not got.simulated


def test_a_survey_that_rates_nothing_delivers_no_columns(database: Database) -> None:
    plan = survey()
    published(database, replace(plan, pages=plan.pages[:1]))
    respond(database, about(mode="acquire"))
    assert delivery.load_ratings(database, "modes").ratings.outcomes == ()


def test_a_survey_nobody_published_cannot_be_delivered(database: Database) -> None:
    for call in (delivery.load_ratings, delivery.data_version):
        with pytest.raises(SurveyUnknown):
            call(database, "none")


def test_difficulty_is_delivered_where_the_newest_plan_asks_it(database: Database) -> None:
    published(database, survey(scales=("importance", "satisfaction", "difficulty")))
    respond(database, page(1, find=(5, 2, 4), win=(None, None, 1)))
    scales = delivery.load_ratings(database, "modes").ratings.scales
    assert [scales[scale][0, :2].tolist() for scale in ("importance", "satisfaction", "difficulty")] == [
        [5, 0],
        [2, 0],
        [4, 1],
    ]
    surveys.publish(database, survey(scales=("importance", "difficulty")), LATER)
    assert list(delivery.load_ratings(database, "modes").ratings.scales) == ["importance", "difficulty"]


def test_tests_never_count_and_simulated_ones_only_while_there_is_nothing_real(database: Database) -> None:
    published(database)
    respond(database, RATED, kind="test")
    simulated = [respond(database, RATED, kind="simulated") for _ in range(2)]
    real = begin(database)  # begun, but nothing rated yet
    assert delivered_ids(database) == simulated
    assert delivery.load_ratings(database, "modes").simulated
    responses.save_page(database, real, RATED, NOW)
    assert delivered_ids(database) == [real]
    assert not delivery.load_ratings(database, "modes").simulated


def test_simulated_ones_do_not_come_back_through_a_filter_or_an_exclusion(database: Database) -> None:
    published(database)
    respond(database, RATED, kind="simulated")
    real = respond(database, RATED)
    assert delivered_ids(database, complete_only=True) == []
    assert delivered_ids(database, wave=1) == []
    exclusions.exclude(database, "modes", [real], "seen twice", "Ada", LATER)
    assert delivered_ids(database) == []


def test_excluded_ones_are_left_out_and_counted(database: Database) -> None:
    published(database)
    kept, twice, unrated = respond(database, RATED), respond(database, RATED), begin(database)
    for response_id in (twice, unrated, respond(database, RATED, kind="test")):
        exclusions.exclude(database, "modes", [response_id], "seen twice", "Ada", LATER)
    assert delivered_ids(database) == [kept]
    assert delivery.load_ratings(database, "modes").n_excluded == 1
    assert delivery.load_ratings(database, "modes", complete_only=True).n_excluded == 0
    exclusions.include(database, "modes", [twice], "fine", "Ada", NOW)
    assert delivered_ids(database) == [kept, twice]


def test_those_in_progress_count_unless_only_complete_ones_are_asked_for(database: Database) -> None:
    published(database)
    running, done, out = (respond(database, RATED) for _ in range(3))
    responses.complete(database, done, asked=ALL, now=LATER)
    responses.complete(database, out, asked=ALL, now=LATER, status="screened_out")
    assert delivered_ids(database) == [running, done, out]
    assert delivered_ids(database, complete_only=True) == [done]


def test_a_wave_is_delivered_by_its_number(database: Database) -> None:
    published(database)
    before = respond(database, RATED)
    waves.open_wave(database, "modes", "spring", NOW)
    first = respond(database, RATED)
    waves.close_wave(database, "modes", NOW)
    waves.open_wave(database, "modes", "autumn", NOW)
    second = respond(database, RATED)
    assert delivered_ids(database, wave=1) == [first]
    assert delivered_ids(database, wave=2) == [second]
    assert delivered_ids(database) == [before, first, second]
    assert delivery.load_ratings(database, "modes").ratings.attributes["wave"].tolist() == ["", "1", "2"]


def test_surveys_do_not_mix(database: Database) -> None:
    published(database)
    surveys.publish(database, survey(slug="other"), NOW)
    mine = respond(database, RATED)
    respond(database, RATED, slug="other")
    assert delivered_ids(database) == [mine]


def test_revisions_are_pooled_where_the_wording_is_equal_and_apart_where_not(database: Database) -> None:
    published(database, survey(outcome("same"), outcome("changed", "old"), outcome("gone"), outcome("unrated")))
    respond(database, page(1, same=(1, 1), changed=(2, 2)), page(2, gone=(3, 3)))
    surveys.publish(database, survey(outcome("new"), outcome("changed", "new"), outcome("same")), LATER)
    respond(database, page(1, new=(4, 4), changed=(5, 5)), page(2, same=(1, 2)))
    got = delivery.load_ratings(database, "modes")
    assert got.ratings.outcomes == ("new", "changed", "same", "gone", "changed@r1")
    assert got.ratings.scales["importance"].tolist() == [[0, 0, 1, 3, 2], [4, 5, 1, 0, 0]]
    assert got.wording_split == ("changed@r1",)
    assert got.ratings.attributes["revision"].tolist() == ["1", "2"]


def test_a_reworded_outcome_nobody_rated_is_not_reported(database: Database) -> None:
    published(database, survey(outcome("changed", "old")))
    surveys.publish(database, survey(outcome("changed", "new")), LATER)
    assert delivery.load_ratings(database, "modes").ratings.outcomes == ("changed",)
    assert delivery.load_ratings(database, "modes").wording_split == ()


def test_questions_of_older_revisions_stay_as_attributes(database: Database) -> None:
    published(database, survey(questions=(Question("old", "Old?", "text"), Question("both", "Both?", "text"))))
    respond(database, about(old="x", both="y"), RATED)
    surveys.publish(database, survey(questions=(Question("both", "Both?", "text"),)), LATER)
    attributes = delivery.load_ratings(database, "modes").ratings.attributes
    assert list(attributes)[:2] == ["both", "old"]
    assert [attributes["both"][0], attributes["old"][0]] == ["y", "x"]


def test_a_question_called_like_an_attribute_of_responses_hides_neither(database: Database) -> None:
    published(database, survey(questions=(Question("status", "Your status?", "text"),)))
    respond(database, about(status="boss"), RATED)
    attributes = delivery.load_ratings(database, "modes").ratings.attributes
    assert (attributes["status"][0], attributes["answer_status"][0]) == ("in_progress", "boss")


values = st.none() | st.integers(1, 5)
people = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["real", "real", "simulated", "test"]),
        "ratings": st.dictionaries(st.sampled_from(sorted(ALL)), st.builds(Rating, values, values)),
        "years": st.none() | st.integers(0, 50),
        "end": st.sampled_from([None, "complete", "screened_out"]),
        "excluded": st.sampled_from([False, False, True]),
    }
)


@laws
@given(everybody=st.lists(people, max_size=6), complete_only=st.booleans())
def test_delivery_equals_a_plain_reading(
    database: Database, everybody: list[dict[str, Any]], complete_only: bool
) -> None:
    slug = f"s{time.perf_counter_ns()}"
    published(database, survey(slug=slug))
    for person in everybody:
        person["id"] = begin(database, slug, person["kind"])
        here = {page_id: {} for page_id in ("page-1", "page-2")}
        for key, value in person["ratings"].items():
            here["page-1" if key in {"find", "win"} else "page-2"][key] = value
        responses.save_page(database, person["id"], about(years=person["years"]), NOW)
        for page_id, rated in here.items():
            responses.save_page(database, person["id"], responses.Submission(page_id, {}, rated), NOW)
        if person["end"]:
            responses.complete(database, person["id"], asked=ALL, now=LATER, status=person["end"])
        if person["excluded"]:
            exclusions.exclude(database, slug, [person["id"]], "x", "Ada", LATER)

    rated = [one for one in everybody if any(rating != Rating() for rating in one["ratings"].values())]
    kind = "real" if any(one["kind"] == "real" for one in rated) else "simulated"
    asked = [one for one in rated if one["kind"] == kind and (one["end"] == "complete" or not complete_only)]
    counted = [one for one in asked if not one["excluded"]]
    got = delivery.load_ratings(database, slug, complete_only=complete_only)
    assert got.response_ids.tolist() == [one["id"] for one in counted]
    assert got.n_excluded == len(asked) - len(counted)
    assert got.simulated == (kind == "simulated" and bool(counted))
    for scale, matrix in got.ratings.scales.items():
        expected = [
            [getattr(one["ratings"].get(key, Rating()), scale) or 0 for key in got.ratings.outcomes] for one in counted
        ]
        assert matrix.dtype == np.uint8
        assert matrix.tolist() == expected
    years = ["" if one["years"] is None else str(one["years"]) for one in counted]
    assert got.ratings.attributes["years"].tolist() == years


def test_the_data_version_changes_with_every_change_that_may_count(database: Database) -> None:
    published(database)
    first, second = respond(database, RATED), respond(database, RATED)
    bulk_row = FinishedResponse({}, {"find": Rating(1, 1)}, NOW, LATER)
    changes = [
        lambda: begin(database),
        lambda: responses.save_page(database, first, page(1, find=(5, 3)), NOW),
        lambda: responses.save_page(database, first, page(1, find=(5, 4)), NOW),  # at the same moment
        lambda: exclusions.exclude(database, "modes", [first], "x", "Ada", NOW),
        lambda: exclusions.exclude(database, "modes", [second], "x", "Ada", NOW),
        lambda: exclusions.include(database, "modes", [first], "fine", "Ada", NOW),
        lambda: exclusions.include(database, "modes", [second], "fine", "Ada", NOW),
        lambda: responses.complete(database, first, asked=set(), now=NOW),
        lambda: bulk.add_many(database, "modes", "real", [bulk_row], NOW),
        lambda: surveys.publish(database, survey(title="New"), NOW),
    ]
    versions = [delivery.data_version(database, "modes")]
    for change in changes:
        change()
        versions.append(delivery.data_version(database, "modes"))
    assert len(set(versions)) == len(versions)
    assert delivery.load_ratings(database, "modes").data_version == versions[-1]


def test_the_data_version_stays_while_nothing_changes_that_counts(database: Database) -> None:
    published(database)
    surveys.publish(database, survey(slug="other"), NOW)
    first = respond(database, RATED)
    responses.complete(database, first, asked=ALL, now=NOW)
    version = delivery.data_version(database, "modes")
    respond(database, RATED, kind="test")
    respond(database, RATED, slug="other")
    responses.complete(database, first, asked=ALL, now=LATER)
    surveys.publish(database, survey(), LATER)
    assert delivery.data_version(database, "modes") == version
    responses.erase_test_responses(database, "modes")
    assert delivery.data_version(database, "modes") == version


def test_a_hundred_thousand_ratings_are_delivered(database: Database) -> None:
    keys = [f"outcome-{number}" for number in range(100)]
    published(database, survey(*map(outcome, keys), per_page=10))
    rows = [FinishedResponse({"mode": "acquire"}, {key: Rating(4, 2) for key in keys}, NOW, LATER)] * 1000
    bulk.add_many(database, "modes", "simulated", rows, NOW)
    got = delivery.load_ratings(database, "modes")
    assert got.ratings.scales["importance"].tolist() == [[4] * 100] * 1000
