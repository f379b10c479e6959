from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtbd.store import exclusions, responses, surveys
from jtbd.store.database import Database
from jtbd.store.plan_json import plan_from_json, plan_hash, plan_to_json
from jtbd.store.refusals import SurveyClosed, SurveyUnknown
from jtbd.store.surveys import Published, ResponseCounts
from jtbd.survey.model import Page, Survey
from tests.store.samples import LATER, NOW, about, at_once, begin, outcome, published, respond, survey


def test_the_first_publication_opens_a_survey(database: Database) -> None:
    assert surveys.publish(database, survey(), NOW) == Published(1, is_new=True)
    row = surveys.find_survey(database, "modes")
    assert row is not None
    assert (row.slug, row.title, row.status, row.revision_number) == ("modes", "Modes", "open", 1)
    assert (row.published_at, row.plan_hash) == (NOW, plan_hash(survey()))
    assert surveys.load_plan(database, row.revision_id) == survey()


def test_publishing_the_same_plan_again_makes_no_revision_and_says_so(database: Database) -> None:
    surveys.publish(database, survey(), NOW)
    assert surveys.publish(database, survey(), LATER) == Published(1, is_new=False)
    assert len(surveys.plan_history(database, "modes")) == 1


def test_a_changed_plan_is_a_new_revision_and_going_back_is_another(database: Database) -> None:
    first, second = survey(), survey(title="Modes, reworded")
    for plan in (first, second, first):
        surveys.publish(database, plan, NOW)
    assert surveys.plan_history(database, "modes") == [(1, NOW, first), (2, NOW, second), (3, NOW, first)]
    row = surveys.find_survey(database, "modes")
    assert row is not None
    assert (row.title, row.revision_number) == ("Modes", 3)


def test_publishing_leaves_a_closed_survey_closed(database: Database) -> None:
    published(database)
    surveys.set_status(database, "modes", "closed", NOW)
    surveys.publish(database, survey(title="New"), LATER)
    row = surveys.find_survey(database, "modes")
    assert row is not None
    assert (row.status, row.title) == ("closed", "New")


def test_many_who_publish_the_same_plan_at_once_make_one_revision(database: Database) -> None:
    done = at_once([lambda: surveys.publish(database, survey(), NOW)] * 8)
    assert sorted(one.is_new for one in done) == [False] * 7 + [True]
    assert {one.revision_number for one in done} == {1}


def test_many_who_publish_different_plans_at_once_get_different_numbers(database: Database) -> None:
    plans = [survey(title=f"Plan {number}") for number in range(8)]
    done = at_once([lambda plan=plan: surveys.publish(database, plan, NOW) for plan in plans])
    assert sorted(one.revision_number for one in done) == list(range(1, 9))
    assert {plan.title for _, _, plan in surveys.plan_history(database, "modes")} == {plan.title for plan in plans}


def test_surveys_that_share_outcomes_can_be_published_at_once(database: Database) -> None:
    keys = [f"outcome-{number}" for number in range(40)]
    plans = [
        survey(*[outcome(key) for key in (keys if even else reversed(keys))], slug=f"s{number}")
        for number, even in enumerate([True, False] * 4)
    ]
    at_once([lambda plan=plan: surveys.publish(database, plan, NOW) for plan in plans])
    assert [row.slug for row, _ in surveys.list_surveys(database)] == [plan.slug for plan in plans]


def test_a_closed_survey_takes_no_new_responses_but_tests(database: Database) -> None:
    published(database)
    running = begin(database)
    surveys.set_status(database, "modes", "closed", LATER)
    with pytest.raises(SurveyClosed, match="“modes” is closed"):
        begin(database)
    begin(database, kind="test")
    responses.save_page(database, running, about(years=3), LATER)  # who has begun may go on
    surveys.set_status(database, "modes", "open", LATER)
    begin(database)


def test_a_survey_nobody_published_is_unknown(database: Database) -> None:
    assert surveys.find_survey(database, "none") is None
    assert surveys.find_survey(database, "no\0ne") is None
    for call in (
        lambda: begin(database, "none"),
        lambda: surveys.counts(database, "none"),
        lambda: surveys.plan_history(database, "none"),
        lambda: surveys.set_status(database, "none", "closed", NOW),
        lambda: responses.erase_test_responses(database, "none"),
    ):
        with pytest.raises(SurveyUnknown, match="“none”"):
            call()
    with pytest.raises(LookupError):
        surveys.load_plan(database, 1)


def test_every_response_is_counted_once(database: Database) -> None:
    published(database)
    surveys.publish(database, survey(slug="other"), NOW)
    kinds = {"real": 5, "test": 2, "simulated": 3}
    ids = {kind: [respond(database, kind=kind) for _ in range(number)] for kind, number in kinds.items()}
    responses.complete(database, ids["real"][0], asked=set(), now=LATER)
    responses.complete(database, ids["real"][1], asked=set(), now=LATER, status="screened_out")
    responses.complete(database, ids["test"][0], asked=set(), now=LATER)
    for response_id in (ids["real"][2], ids["simulated"][0], ids["test"][1]):
        exclusions.exclude(database, "modes", [response_id], "seen twice", "Ada", LATER)
    expected = ResponseCounts(complete=1, in_progress=2, screened_out=1, excluded=2, test=2, simulated=2)
    assert surveys.counts(database, "modes") == expected
    listed = [(row.slug, counted) for row, counted in surveys.list_surveys(database)]
    assert listed == [("modes", expected), ("other", ResponseCounts())]


texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=20)
plans = st.builds(
    Survey,
    slug=st.just("s"),
    title=texts,
    introduction=texts,
    consent=texts,
    scales=st.sampled_from([("importance", "satisfaction"), ("importance", "satisfaction", "difficulty")]),
    phrasing=st.sampled_from(["outcome", "ability"]),
    maps=st.just(()),
    pages=st.lists(st.from_type(Page), max_size=3).map(tuple),
    thanks=texts,
    language=texts,
)


@given(plans)
def test_a_plan_comes_back_from_json_as_it_was(plan: Survey) -> None:
    back = plan_from_json(plan_to_json(plan))
    assert back == plan
    assert plan_hash(back) == plan_hash(plan)


@given(plans, plans)
def test_only_equal_plans_have_equal_hashes(one: Survey, other: Survey) -> None:
    assert (plan_hash(one) == plan_hash(other)) == (one == other)


def test_any_change_of_wording_changes_the_hash() -> None:
    changed = [survey(), survey(title="x"), survey(outcome("find", "Other words")), replace(survey(), thanks="Bye")]
    assert len({plan_hash(plan) for plan in changed}) == len(changed)
