"""Attention items stand among the outcomes, apart from them in everything that is kept."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from jtbd.settings import Settings
from jtbd.store.plan_json import plan_from_json, plan_hash, plan_to_json
from jtbd.survey.answers import check_page
from jtbd.survey.compile import check_survey, load_survey
from jtbd.survey.model import AttentionItem, Rating, Survey
from jtbd.survey.simulate import draw_truth, simulate
from tests.survey.samples import TINY, small_workspace, write

LOOK = "    - {id: look, text: 'For this line, choose 4 on both scales', expect: 4}\n"
FIRST = "    - {id: first, text: 'Please choose the lowest', expect: 1}\n"


def workspace(folder: Path, *items: str) -> Settings:
    settings = small_workspace(folder)
    write(folder, "surveys/tiny.yaml", TINY + "quality:\n  attention:\n" + "".join(items))
    return settings


@pytest.fixture
def plan(tmp_path: Path) -> Survey:
    return load_survey(workspace(tmp_path, LOOK), "tiny")


def test_items_are_spread_over_the_pages_of_every_map(tmp_path: Path) -> None:
    plan = load_survey(workspace(tmp_path, FIRST, LOOK), "tiny")
    asked = {page.id: page.attention and page.attention.id for page in plan.pages if page.kind == "ratings"}
    assert asked == {
        "acquire.select-audience": "first",
        "acquire.hand-over": "look",
        "retain.notice-leaving": "first",
        "retain.hand-over": "look",
    }


def test_an_item_stands_amid_the_outcomes_and_is_none(plan: Survey) -> None:
    page = next(page for page in plan.pages if page.attention)
    assert page.attention == AttentionItem("look", "For this line, choose 4 on both scales", 4, 1)
    assert [line.id for line in page.lines] == [page.outcomes[0].id, "attention.look", page.outcomes[1].id]
    assert "look" not in " ".join(plan.outcomes)


def test_more_items_than_pages_are_an_issue(tmp_path: Path) -> None:
    items = [FIRST.replace("first", name) for name in ("one", "two", "three")]
    survey, issues = check_survey(workspace(tmp_path, *items), "tiny")
    assert survey is None
    assert [issue.code for issue in issues] == ["attention-crowded", "attention-crowded"]


def test_two_items_of_one_name_are_an_issue(tmp_path: Path) -> None:
    issues = check_survey(workspace(tmp_path, LOOK, LOOK), "tiny")[1]
    assert [(issue.code, issue.line) for issue in issues] == [("duplicate-attention", TINY.count("\n") + 4)]


def test_what_is_sent_for_an_item_is_apart_from_ratings(plan: Survey) -> None:
    page = next(page for page in plan.pages if page.attention)
    sent = {"imp_attention.look": ["4"], "sat_attention.look": ["4"], f"imp_{page.outcomes[0].id}": ["2"]}
    submission, problems = check_page(plan, page, sent)
    assert problems == ()
    assert submission.attention == {"look": Rating(4, 4)}
    assert submission.ratings == {page.outcomes[0].id: Rating(2), page.outcomes[1].id: Rating()}
    _, problems = check_page(plan, page, {"imp_attention.look": ["9"]})
    assert [problem.field for problem in problems] == ["imp_attention.look"]


def test_a_plan_with_items_survives_being_stored_and_one_without_keeps_its_hash(tmp_path: Path, plan: Survey) -> None:
    assert plan_from_json(plan_to_json(plan)) == plan
    without = load_survey(small_workspace(tmp_path / "other"), "tiny")
    assert plan_hash(plan) != plan_hash(without)
    assert "attention" not in plan_to_json(without).replace('"attention":null', "")


def test_simulated_respondents_do_as_they_are_told(plan: Survey) -> None:
    rng = np.random.default_rng(1)
    for one in simulate(plan, draw_truth(plan, rng), 5, rng, datetime(2026, 3, 1, tzinfo=UTC)):
        assert one.attention == {"look": Rating(4, 4)}
        assert one.ratings.keys() <= plan.outcomes.keys()
        assert sum(one.seconds.values()) == pytest.approx((one.completed_at - one.started_at).total_seconds(), abs=3)
