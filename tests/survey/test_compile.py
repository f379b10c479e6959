"""A survey file and its maps become pages, or every issue with its place."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from jtbd.errors import InputError, Issue
from jtbd.resources import shipped
from jtbd.settings import Settings
from jtbd.survey.compile import check_survey, load_survey
from jtbd.survey.flow import progress
from jtbd.survey.model import SCALES, Option, Page, Question, RatedOutcome, Survey, SurveyMap
from tests.survey.samples import ACQUIRE, RETAIN, TINY, small_workspace, write


def changed(tmp_path: Path, *changes: tuple[str, str]) -> list[Issue]:
    """The issues of the survey ``tiny`` after text replacements, each of which must find something."""
    settings = small_workspace(tmp_path)
    content = TINY
    for old, new in changes:
        assert old in content
        content = content.replace(old, new, 1)
    write(tmp_path, "surveys/tiny.yaml", content)
    return check_survey(settings, "tiny")[1]


def test_profile_pages_come_first_and_the_mode_has_a_page_of_its_own(tmp_path: Path) -> None:
    survey = load_survey(small_workspace(tmp_path), "tiny")
    assert [page.id for page in survey.pages] == [
        "about-1",
        "mode",
        "acquire.select-audience",
        "acquire.hand-over",
        "retain.notice-leaving",
        "retain.hand-over",
    ]
    assert [question.id for question in survey.pages[0].questions] == ["function", "solution", "organisation"]
    assert survey.pages[4].mode == "retain"
    assert len(survey.outcomes) == 7
    assert survey.scales == ("importance", "satisfaction")
    assert survey.question_as("mode") == survey.pages[1].questions[0]
    assert [question.required for question in survey.questions] == [False, True, False, True]


def test_questions_after_the_mode_are_on_a_further_page(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    more = "  - {id: years, text: For how many years?, kind: number}\nthanks:"
    write(tmp_path, "surveys/tiny.yaml", TINY.replace("thanks:", more))
    pages = load_survey(settings, "tiny").pages
    assert [page.id for page in pages[:3]] == ["about-1", "mode", "about-2"]
    assert pages[0].title != pages[2].title


def test_the_phrasing_decides_what_is_read_and_so_the_wording_hash(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    long = load_survey(settings, "tiny").outcomes["sample-leaving-time"]
    write(tmp_path, "surveys/tiny.yaml", TINY + "phrasing: ability\n")
    short = load_survey(settings, "tiny").outcomes["sample-leaving-time"]
    assert short.statement == short.ability == long.ability
    assert long.statement.startswith("Minimize")
    assert long.wording_hash != short.wording_hash


def test_a_context_question_takes_text_and_options_from_the_map(tmp_path: Path) -> None:
    assert changed(tmp_path, ("thanks:", "  - {id: deciders, as: context}\nthanks:")) == []
    question = load_survey(Settings.read(tmp_path, {}), "tiny").question_as("context")
    assert question is not None
    assert question.kind == "single"
    assert [option.value for option in question.options] == ["one", "few", "many"]
    (first, second) = changed(tmp_path, ("thanks:", "  - {id: decider, as: context}\nthanks:"))
    assert (first.code, second.code) == ("missing-key", "missing-key")
    assert "context in one of the maps" in first.remedy


def test_maps_that_differ_on_a_context_are_an_error(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    other = "contexts:\n  - {id: deciders, text: T, options: [{value: a, text: A}, {value: b, text: B}]}\nfunctions:"
    write(tmp_path, "maps/retain.yaml", RETAIN.replace("functions:", other, 1))
    write(tmp_path, "surveys/tiny.yaml", TINY.replace("thanks:", "  - {id: deciders, as: context}\nthanks:"))
    assert {issue.code for issue in check_survey(settings, "tiny")[1]} == {"wording-differs"}


SIZE = "  - id: {id}\n    text: T\n    kind: {kind}\n{options}thanks:"


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("thanks:", "colour: red\nthanks:"), ("unknown-key", 36, 1)),
        (("maps: [acquire, retain]", "maps: [acquire, retained]"), ("no-such-map", 5, 17)),
        (("maps: [acquire, retain]", "maps: [acquire, retain, retain]"), ("duplicate-map", 5, 25)),
        (("profile:", "ratings: [satisfaction]\nprofile:"), ("ratings-incomplete", 6, 1)),
        (("profile:", "ratings: [importance]\nprofile:"), ("ratings-incomplete", 6, 1)),
        (("profile:", "ratings: [importance, difficulty, difficulty]\nprofile:"), ("duplicate-rating", 6, 35)),
        (("profile:", "ratings: [importance, ease]\nprofile:"), ("not-a-choice", 6, 23)),
        (("id: solution", "id: function"), ("duplicate-question", 15, 9)),
        (("id: solution", "id: status"), ("reserved-id", 15, 9)),
        (("id: solution", "id: imp_x"), ("bad-id", 15, 9)),
        (("{value: separate,", "{value: suite,"), ("duplicate-option", 21, 17)),
        (("thanks:", SIZE.format(id="size", kind="single", options="")), ("too-few-options", 36, 5)),
        (
            ("thanks:", SIZE.format(id="size", kind="number", options="    options: [{value: a, text: A}]\n")),
            ("options-not-taken", 39, 5),
        ),
        (("    kind: text\n", "    kind: number\n"), ("role-kind", 26, 11)),
        (("as: mode", "as: mode\n    required: false"), ("mode-optional", 36, 5)),
        (("as: mode", "as: segment"), ("mode-missing", 5, 1)),
        (("as: organisation", "as: mode"), ("role-kind", 26, 11)),
        (("profile:", "languages: [de]\nprofile:"), ("translation-missing", 6, 13)),
        (("profile:", "quality: {}\nprofile:"), ("missing-key", 6, 10)),
        (("profile:", "quality: {attention: []}\nprofile:"), ("empty-list", 6, 22)),
        (("profile:", "quality: {attention: [{id: a, text: A, expect: 6}]}\nprofile:"), ("not-a-choice", 6, 48)),
        (
            ("profile:", "quality: {attention: [{id: a, text: 'Choose 3', expect: 4}]}\nprofile:"),
            ("attention-differs", 6, 57),
        ),
        (("profile:", "design: {kind: balanced}\nprofile:"), ("missing-key", 6, 9)),
        (("profile:", "design: {kind: adaptive, order: random}\nprofile:"), ("missing-key", 6, 9)),
        (("profile:", "design: {order: shuffled}\nprofile:"), ("not-a-choice", 6, 17)),
        (("profile:", "design: {outcomes_per_respondent: 3}\nprofile:"), ("design-full", 6, 10)),
        (("profile:", "design: {kind: balanced, outcomes_per_respondent: 5}\nprofile:"), ("design-too-many", 6, 51)),
        (("profile:", "design: {kind: balanced, outcomes_per_respondent: 1}\nprofile:"), ("design-too-few", 6, 51)),
        (("profile:", "design: {kind: adaptive, outcomes_per_respondent: -3}\nprofile:"), ("design-too-few", 6, 51)),
        (("profile:", "design: {kind: balanced, outcomes_per_respondent: '3'}\nprofile:"), ("wrong-type", 6, 51)),
        (("profile:", "design: {kind: balanced, outcomes_per_respondent: 2.5}\nprofile:"), ("wrong-type", 6, 51)),
        (("profile:", "design: {kind: half}\nprofile:"), ("not-a-choice", 6, 16)),
        (("profile:", "language: English\nprofile:"), ("bad-language", 6, 11)),
        (("survey: tiny", "survey: small"), ("name-differs", 1, 9)),
        (("consent: Your answers are stored for this test.\n", ""), ("missing-key", 1, 1)),
        (("text: One suite", "text: 1"), ("wrong-type", 20, 30)),
    ],
)
def test_one_change_is_reported_where_it_stands(
    tmp_path: Path, change: tuple[str, str], expected: tuple[str, int, int]
) -> None:
    issues = changed(tmp_path, change)
    assert expected in [(issue.code, issue.line, issue.column) for issue in issues]
    assert all(issue.remedy for issue in issues)


def test_design_full_in_the_order_of_the_map_is_what_happens_anyway(tmp_path: Path) -> None:
    assert changed(tmp_path, ("profile:", "design: {kind: full, order: map}\nprofile:")) == []


def test_modes_offered_and_modes_of_maps_must_agree(tmp_path: Path) -> None:
    unknown, unreached = sorted(changed(tmp_path, ("value: retain", "value: retian")), key=lambda one: -one.line)
    assert (unknown.code, unknown.remedy) == ("mode-unknown", "did you mean `retain`?")
    assert (unreached.code, unreached.line, unreached.column) == ("mode-not-offered", 5, 17)


def test_a_second_mode_question_is_an_error(tmp_path: Path) -> None:
    again = TINY[TINY.index("  - id: mode") : TINY.index("thanks:")].replace("id: mode", "id: other")
    assert [issue.code for issue in changed(tmp_path, ("thanks:", again + "thanks:"))] == ["second-mode"]


def test_one_map_needs_no_mode(tmp_path: Path) -> None:
    without = TINY[TINY.index("  - id: mode") : TINY.index("thanks:")]
    assert changed(tmp_path, (without, ""), ("[acquire, retain]", "[acquire]")) == []


def test_everything_wrong_is_reported_at_once_the_maps_included(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    write(tmp_path, "maps/retain.yaml", RETAIN.replace("stage: locate", "stage: locat"))
    write(tmp_path, "surveys/tiny.yaml", TINY.replace("id: solution", "id: status") + "colour: red\n")
    survey, issues = check_survey(settings, "tiny")
    assert survey is None
    assert {issue.code for issue in issues} == {"not-a-choice", "reserved-id", "unknown-key"}


def test_one_id_with_two_wordings_never_gets_into_a_survey(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    write(tmp_path, "maps/retain.yaml", RETAIN.replace("sample-leaving-cause", "sample-audience-time"))
    with pytest.raises(InputError, match="wording-differs"):
        load_survey(settings, "tiny")


@pytest.mark.parametrize("name", ["tinny", "none/tiny.yaml", "a" * 5000, "a\0"])
def test_a_name_of_nothing_is_an_issue(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match="no-such-survey"):
        load_survey(small_workspace(tmp_path), name)


@pytest.mark.parametrize(
    "content", ["", "- a\n", "survey:\n\t- a\n", "survey: a\nsurvey: b\n", ACQUIRE, b"\xff\xfea\0"]
)
def test_a_file_that_is_no_survey_is_an_issue(tmp_path: Path, content: str | bytes) -> None:
    path = write(tmp_path, "surveys/bad.yaml", content)
    survey, issues = check_survey(Settings.read(tmp_path, {}), str(path))
    assert survey is None
    assert len(issues) == 1


def test_consent_keeps_its_paragraphs_and_the_title_its_line(tmp_path: Path) -> None:
    consent = "consent: >-\n  One\n  two.\n\n  Three.\n"
    assert changed(tmp_path, ("consent: Your answers are stored for this test.\n", consent)) == []
    assert load_survey(Settings.read(tmp_path, {}), "tiny").consent == "One two.\n\nThree."


def test_the_shipped_survey_compiles_without_a_word() -> None:
    settings = Settings.read("/nowhere", {})
    survey, issues = check_survey(settings, "revenue-modes")
    assert issues == []
    assert survey is not None
    assert {one.mode for one in survey.maps} == {"acquire", "grow", "retain", "leverage"}
    for mode in ("acquire", "grow", "retain", "leverage"):
        assert 10 <= progress(survey, {"mode": mode}, "about-1").minutes_left <= 17


def test_no_shipped_survey_says_how_long_it_takes() -> None:
    """The start page does, from the design: a number in a text would be another one as soon as that changes."""
    surveys = [*shipped("surveys").glob("*.yaml"), *(shipped("templates") / "starter" / "surveys").glob("*.yaml")]
    assert len(surveys) == 3
    assert [path.name for path in surveys if re.search(r"\bminutes?\b", path.read_text())] == []


TEXTS = st.text(max_size=8)
SURVEYS = st.builds(
    Survey,
    slug=TEXTS,
    title=TEXTS,
    introduction=TEXTS,
    consent=TEXTS,
    scales=st.sampled_from([SCALES, SCALES[:2]]),
    phrasing=st.sampled_from(["outcome", "ability"]),
    maps=st.lists(st.builds(SurveyMap, *[TEXTS] * 6), max_size=2).map(tuple),
    pages=st.lists(
        st.builds(
            Page,
            TEXTS,
            TEXTS,
            st.lists(
                st.builds(
                    Question,
                    TEXTS,
                    TEXTS,
                    st.sampled_from(["single", "text"]),
                    st.lists(st.builds(Option, TEXTS, TEXTS), max_size=2).map(tuple),
                    st.sampled_from([None, "mode"]),
                    st.booleans(),
                ),
                max_size=2,
            ).map(tuple),
            st.lists(st.builds(RatedOutcome, TEXTS, TEXTS, TEXTS), max_size=2).map(tuple),
        ),
        max_size=3,
    ).map(tuple),
)


PLAN = TypeAdapter(Survey)


@given(SURVEYS)
def test_a_plan_survives_being_written_as_json(survey: Survey) -> None:
    again = PLAN.validate_json(PLAN.dump_json(survey))
    assert again == survey
    assert hash(again) == hash(survey)
    assert {one: it.wording_hash for one, it in again.outcomes.items()} == {
        one: it.wording_hash for one, it in survey.outcomes.items()
    }


def test_a_survey_cannot_take_the_address_of_another_page(tmp_path):
    settings = small_workspace(tmp_path)
    write(tmp_path, "surveys/login.yaml", TINY.replace("survey: tiny", "survey: login"))
    plan, issues = check_survey(settings, "login")
    assert plan is None
    assert [(issue.code, issue.line) for issue in issues] == [("reserved-id", 1)]
