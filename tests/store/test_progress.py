"""How a study goes, counted as somebody would who watches every respondent."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jtbd.store import exclusions, responses, waves
from jtbd.store.activity import EXPIRES_AFTER
from jtbd.store.assignments import assign
from jtbd.store.bulk import FinishedResponse, add_many
from jtbd.store.database import Database
from jtbd.store.progress import Reach, load_progress
from jtbd.survey.design import outcomes_of, tailored
from jtbd.survey.model import Design, Page, Question, Rating, Submission, Survey, SurveyMap
from jtbd.survey.standing import page_to_go_on, pages_in_order
from tests.store.samples import MODE, NOW, about, begin, outcome, published, respond, survey

SOON = NOW + timedelta(hours=1)
LATE = NOW + EXPIRES_AFTER + timedelta(minutes=1)


def two_maps() -> Survey:
    """Two modes with a map of two pages each, and a required question before."""
    ratings = [
        Page(f"{name}-{number}", f"{name} {number}", outcomes=(outcome(f"{name}{number}"),), map=name, mode=name)
        for name in ("acquire", "retain")
        for number in (1, 2)
    ]
    about_you = Page("about-you", "About you", questions=(Question("years", "Years?", "number", required=True),))
    maps = tuple(SurveyMap(name, name, name.title(), "a job", "", "0") for name in ("acquire", "retain"))
    return replace(survey(), maps=maps, pages=(about_you, Page("mode", "Your work", questions=(MODE,)), *ratings))


def figures(db: Database, now=LATE) -> dict[str, tuple[int, int, int, int]]:
    found = load_progress(db, "modes", now)
    return {one.page.id: (one.reached, one.saved, one.here, one.left) for one in found.pages}


def mode(value: str) -> Submission:
    return Submission("mode", {"mode": value}, {})


def rated(page_id: str) -> Submission:
    return Submission(page_id, {}, {page_id.replace("-", ""): Rating(5, 1)})


def test_a_survey_that_nobody_began_has_no_figures(database: Database) -> None:
    published(database)
    found = load_progress(database, "modes", NOW)
    assert (found.total, found.simulated, found.quartiles, found.last_saved_at) == (Reach(), False, None, None)
    assert found.total.completion_rate is None
    assert [one.reached for one in found.pages] == [0, 0, 0]


def test_people_leave_where_they_would_have_gone_on_also_in_a_branch(database: Database) -> None:
    published(database, two_maps())
    begin(database)
    respond(database, about(years=3))
    respond(database, about(years=3), mode("acquire"), rated("acquire-1"))
    respond(database, about(years=3), mode("retain"))
    done = respond(database, about(years=3), mode("retain"), rated("retain-1"), rated("retain-2"))
    responses.complete(database, done, asked={"retain1", "retain2"}, now=NOW)
    assert figures(database) == {
        "about-you": (5, 4, 0, 1),
        "mode": (4, 3, 0, 1),
        "acquire-1": (1, 1, 0, 0),
        "acquire-2": (1, 0, 0, 1),
        "retain-1": (2, 1, 0, 1),
        "retain-2": (1, 1, 0, 0),
    }
    total = load_progress(database, "modes", LATE).total
    assert (total, total.started, total.completion_rate) == (Reach(completed=1, abandoned=4), 5, 0.2)


def test_for_a_day_somebody_who_stopped_is_still_there(database: Database) -> None:
    published(database, two_maps())
    respond(database, about(years=3))
    assert figures(database, SOON)["mode"] == (1, 0, 1, 0)
    assert figures(database, LATE)["mode"] == (1, 0, 0, 1)


def test_a_page_saved_without_what_it_requires_is_where_one_stands_and_counts_once(database: Database) -> None:
    published(database, two_maps())
    respond(database, about(years=None))
    assert figures(database)["about-you"] == (1, 1, 0, 1)
    assert figures(database)["mode"] == (0, 0, 0, 0)


def test_under_a_design_each_stands_in_their_own_order(database: Database) -> None:
    plan = survey(*(outcome(f"o{number}") for number in range(24)), questions=(), per_page=4)
    plan = replace(plan, pages=plan.pages[1:], design=Design("balanced", 12, "random"))
    published(database, plan)
    expected: Counter[str] = Counter()
    for seed in range(12):
        one = begin(database)
        chosen = assign(database, one, "m", seed, NOW)
        own = tailored(plan, {"m": chosen}).pages
        for seen in own[: seed % len(own)]:
            save = Submission(seen.id, {}, {rated.id: Rating(4, 2) for rated in seen.outcomes})
            responses.save_page(database, one, save, NOW)
        expected[own[seed % len(own)].id] += 1
    assert {key: left for key, (*_, left) in figures(database).items() if left} == dict(expected)


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_pages_come_in_the_order_of_the_respondents_own_survey(data: st.DataObject) -> None:
    plan = replace(two_maps(), design=Design("balanced", 2, "random"))
    chosen_mode = data.draw(st.sampled_from(["acquire", "retain", None]))
    assigned = {
        one.map: data.draw(st.permutations(outcomes_of(plan, one.map)).flatmap(lambda ids: st.just(ids[:1] + ids[1:])))
        for one in plan.maps
        if data.draw(st.booleans())
    }
    own = [one.id for one in tailored(plan, assigned).pages if not one.mode or one.mode == chosen_mode]
    assert [one.id for one in pages_in_order(plan, chosen_mode, assigned)] == own
    for _, after in pairwise(["", *own]):
        saved = own[: own.index(after)]
        answered = {"years"} if saved else set()
        assert page_to_go_on(plan, chosen_mode, assigned, answered, saved).id == after


def test_languages_waves_exclusions_and_tests_are_kept_apart(database: Database) -> None:
    published(database)
    first = begin(database)
    waves.open_wave(database, "modes", "2026", NOW)
    begin(database)
    begin(database, kind="test")
    responses.begin(database, slug="modes", kind="real", language="de", consent="", now=NOW)
    exclusions.exclude(database, "modes", [first], "why", "Ada", NOW)
    found = load_progress(database, "modes", SOON)
    assert found.total == Reach(in_progress=3)
    assert found.excluded == 1
    assert found.by_language == {"de": Reach(in_progress=1), "en": Reach(in_progress=2)}
    assert dict(found.by_wave) == {None: Reach(in_progress=1), 1: Reach(in_progress=2)}


def test_simulated_responses_count_until_a_real_one_has_begun(database: Database) -> None:
    published(database)
    rows = [FinishedResponse({"mode": "acquire"}, {"find": Rating(5, 1)}, NOW, NOW) for _ in range(3)]
    add_many(database, "modes", "simulated", rows, NOW)
    found = load_progress(database, "modes", NOW)
    assert (found.simulated, found.total) == (True, Reach(completed=3))
    begin(database)
    found = load_progress(database, "modes", NOW)
    assert (found.simulated, found.total) == (False, Reach(in_progress=1))


def test_time_to_complete_leaves_out_what_is_not_known(database: Database) -> None:
    published(database)
    pages = ("about-you", "page-1")
    took = [(10, 20), (30, 30), (100, None), (50, 50), (200, 100)]
    rows = [
        FinishedResponse(
            {"mode": "acquire"},
            {"find": Rating(5, 1)},
            NOW,
            NOW if number != 3 else None,
            seconds={one: spent for one, spent in zip(pages, seconds, strict=True) if spent is not None},
        )
        for number, seconds in enumerate(took)
    ]
    add_many(database, "modes", "real", rows, NOW)
    found = load_progress(database, "modes", NOW)
    assert found.timed == 3, "one page's time is unknown, and one person did not finish"
    assert found.quartiles == pytest.approx((45, 60, 180))
    assert found.last_saved_at == NOW


def test_an_outcome_that_two_maps_ask_is_counted_on_the_page_of_the_mode(database: Database) -> None:
    plan = two_maps()
    shared = outcome("shared")
    pages = tuple(
        replace(one, outcomes=(*one.outcomes, shared)) if one.id.endswith("-1") else one for one in plan.pages
    )
    published(database, replace(plan, pages=pages))
    row = FinishedResponse({"years": 1, "mode": "retain"}, {"shared": Rating(5, 1)}, NOW, NOW)
    add_many(database, "modes", "real", [row], NOW)
    assert {key for key, (_, saved, *_) in figures(database).items() if saved} == {"about-you", "mode", "retain-1"}
