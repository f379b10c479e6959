"""Screeners, quotas and end links in survey files, and what they make of answers."""

from __future__ import annotations

from pathlib import Path

import pytest

from jtbd.errors import Issue
from jtbd.survey.compile import check_survey, load_survey
from jtbd.survey.end_links import is_panel_id, link_for
from jtbd.survey.gates import asked_for, condition_text, counted_in, screened_by
from jtbd.survey.model import Condition, EndLinks, Quota
from jtbd.survey.simulate import draw_truth
from tests.survey.samples import GATED, small_workspace, write

LINK = "https://panel.example/out/{id}"
SALES = "{function: sales}, limit: 2"


def changed(folder: Path, *changes: tuple[str, str]) -> list[Issue]:
    settings = small_workspace(folder)
    text = GATED
    for before, after in changes:
        assert text.count(before) == 1
        text = text.replace(before, after)
    write(folder, "surveys/tiny.yaml", text)
    return check_survey(settings, "tiny")[1]


def test_gates_are_compiled(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    write(tmp_path, "surveys/tiny.yaml", GATED)
    survey = load_survey(settings, "tiny")
    first = survey.pages[0]
    assert (first.id, [one.id for one in first.questions]) == ("screening", ["does"])
    assert first.questions[0].required
    assert [one.screens_out for one in first.questions[0].options] == [False, True]
    assert survey.quotas[1] == Quota(
        "service-with-sheets", 1, (Condition("function", ("service",)), Condition("solution", ("sheets", "separate")))
    )
    assert condition_text(survey.quotas[1]) == "function=service, solution=sheets|separate"
    assert survey.end == EndLinks("https://panel.example/done?who={id}&a=1", LINK, "https://panel.example/full")
    assert asked_for(survey, survey.quotas) == {"about-1"}


def test_answers_are_judged(tmp_path: Path) -> None:
    settings = small_workspace(tmp_path)
    write(tmp_path, "surveys/tiny.yaml", GATED)
    survey = load_survey(settings, "tiny")
    assert screened_by(survey, {"does": "never"}, {"screening"}) == "does"
    assert screened_by(survey, {"does": ("daily", "never")}, {"screening"}) == "does"
    assert screened_by(survey, {"does": "never"}, {"about-1"}) is None
    assert screened_by(survey, {"does": "daily"}, {"screening"}) is None
    sales, sheets = survey.quotas
    everybody = Quota("all", 1)
    assert counted_in([sales, sheets, everybody], {"function": "sales"}) == (sales, everybody)
    assert counted_in([sales, sheets], {"function": "service"}) == ()
    assert counted_in([sales, sheets], {"function": "service", "solution": "separate"}) == (sheets,)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ((", screens_out: true", ""), ("screener-open", 10, 9)),
        (("text: Every day}", "text: Every day, screens_out: true}"), ("screener-closed", 10, 9)),
        (("as: screener", "as: segment"), ("screens-out-elsewhere", 13, 37)),
        (("as: screener", "as: screener\n    required: false"), ("screener-optional", 11, 5)),
        (("screens_out: true", "screens_out: yes"), ("wrong-type", 13, 50)),
        (("as: function", "as: screener"), ("screener-open", 21, 9)),
        (("    as: organisation", "    as: screener"), ("role-kind", 33, 11)),
        (("as: organisation", "as: screener"), ("screener-late", 31, 5)),
        (("where: " + SALES, "where: {functoin: sales}, limit: 2"), ("quota-question", 44, 25)),
        (("where: " + SALES, "where: {organisation: Acme}, limit: 2"), ("quota-question", 44, 25)),
        (("where: " + SALES, "where: {function: sale}, limit: 2"), ("quota-value", 44, 35)),
        (("where: " + SALES, "where: {function: [sales, x]}, limit: 2"), ("quota-value", 44, 43)),
        (("where: " + SALES, "where: {does: never}, limit: 2"), ("quota-value", 44, 31)),
        (("where: " + SALES, "where: {function: 5}, limit: 2"), ("wrong-type", 44, 35)),
        (("where: " + SALES, "where: {function: []}, limit: 2"), ("empty-list", 44, 35)),
        (("where: " + SALES, "where: sales, limit: 2"), ("wrong-type", 44, 24)),
        (("where: " + SALES, "where: {function: sales}"), ("missing-key", 44, 5)),
        ((SALES, "{function: sales}, limit: 0"), ("quota-limit", 44, 50)),
        ((SALES, "{function: sales}, limit: -2"), ("quota-limit", 44, 50)),
        ((SALES, "{function: sales}, limit: 2.5"), ("wrong-type", 44, 50)),
        (("id: service-with-sheets", "id: sales"), ("duplicate-quota", 45, 10)),
        ((LINK, "ftp://panel.example/{id}"), ("link-not-http", 48, 17)),
        ((LINK, "panel.example/{id}"), ("link-not-http", 48, 17)),
        ((LINK, "//panel.example/{id}"), ("link-not-http", 48, 17)),
        ((LINK, "'javascript:alert(1)'"), ("link-not-http", 48, 17)),
        ((LINK, "'https://panel.example/ {id}'"), ("link-not-http", 48, 17)),
        ((LINK, "'https://[panel/{id}'"), ("link-not-http", 48, 17)),
        ((LINK, "https://panel.example/{pid}"), ("link-placeholder", 48, 17)),
        ((LINK, "https://panel.example/{id"), ("link-placeholder", 48, 17)),
        ((LINK, "https://{id}.panel.example/"), ("link-placeholder", 48, 17)),
        ((LINK, "https://panel.example{id}"), ("link-placeholder", 48, 17)),
        ((LINK, "https://panel.example/" + 2000 * "x"), ("too-long", 48, 17)),
        (("screened_out: https", "screened: https"), ("unknown-key", 48, 3)),
        (("survey: tiny", "survey: tiny\nanonymous: true"), ("link-anonymous", 49, 17)),
    ],
)
def test_what_is_wrong_is_reported_where_it_stands(
    tmp_path: Path, change: tuple[str, str], expected: tuple[str, int, int]
) -> None:
    issues = changed(tmp_path, change)
    assert expected in [(issue.code, issue.line, issue.column) for issue in issues]
    assert all(issue.remedy for issue in issues)


def test_each_link_that_an_anonymous_survey_cannot_show_is_warned_of(tmp_path: Path) -> None:
    found = changed(tmp_path, ("survey: tiny", "survey: tiny\nanonymous: true"))
    warned = [one for one in found if one.code == "link-anonymous"]
    assert [(one.level, one.line) for one in warned] == [("warning", 48), ("warning", 49)], "the third needs no id"
    assert not [one for one in found if one.level == "error"]


def test_a_question_that_may_be_left_out_is_warned_of(tmp_path: Path) -> None:
    assert {(one.code, one.level, one.line) for one in changed(tmp_path)} == {
        ("quota-optional", "warning", 44),
        ("quota-optional", "warning", 45),
    }


def test_simulated_respondents_all_go_on(tmp_path: Path) -> None:
    import numpy as np

    settings = small_workspace(tmp_path)
    write(tmp_path, "surveys/tiny.yaml", GATED)
    truth = draw_truth(load_survey(settings, "tiny"), np.random.default_rng(1))
    assert set(truth.shares["does"]) == {"daily"}


@pytest.mark.parametrize("text", ["a", "7f1c-9.x_~:|=/+", "x" * 128])
def test_ids_of_panels(text: str) -> None:
    assert is_panel_id(text)


@pytest.mark.parametrize(
    "text", ["", ".", "../x", "-a", "a b", "a@b", "a\n", "ä", "x" * 129, "{id}", "%41", "a&b", "a#b"]
)
def test_what_is_no_id_of_a_panel(text: str) -> None:
    assert not is_panel_id(text)


def test_a_link_holds_the_id_and_nothing_of_its_meaning() -> None:
    assert link_for("https://p.example/{id}?x={id}", "a/b=c+d") == "https://p.example/a%2Fb%3Dc%2Bd?x=a%2Fb%3Dc%2Bd"
    assert link_for("https://p.example/{id}", None) == ""
    assert link_for("https://p.example/", None) == "https://p.example/"
    assert link_for("", "a") == ""
