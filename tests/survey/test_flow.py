"""Respondents see the pages of their mode, in order, and are told how far along they are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jtbd.survey.compile import load_survey
from jtbd.survey.flow import Progress, first_unsaved, next_page, pages_for, previous_page, progress
from jtbd.survey.model import Survey
from tests.survey.samples import small_workspace

ACQUIRE_PAGES = ["about-1", "mode", "acquire.select-audience", "acquire.hand-over"]


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> Survey:
    return load_survey(small_workspace(tmp_path_factory.mktemp("flow")), "tiny")


def test_only_the_chosen_mode_is_shown(survey: Survey) -> None:
    assert [page.id for page in pages_for(survey, {"mode": "acquire"})] == ACQUIRE_PAGES
    assert [page.id for page in pages_for(survey, {})] == ["about-1", "mode"]


@given(mode=st.none() | st.text(max_size=5) | st.sampled_from(["acquire", "retain"]))
def test_no_page_of_another_mode_is_ever_shown(survey: Survey, mode: str | None) -> None:
    pages = pages_for(survey, {"mode": mode})
    assert {page.mode for page in pages} <= {"", mode}
    assert pages == tuple(page for page in survey.pages if page in pages)


def test_without_a_mode_question_every_page_is_shown(survey: Survey) -> None:
    plain = Survey(**{**survey.__dict__, "pages": tuple(page for page in survey.pages if page.id != "mode")})
    assert pages_for(plain, {}) == plain.pages


def test_progress_counts_pages_and_estimates_minutes_before_the_mode_is_known(survey: Survey) -> None:
    # 4 questions of 8 s, 4 outcomes of 12 s: 80 s in all
    assert progress(survey, {}, "about-1") == Progress(1, 4, 1)
    assert progress(survey, {"mode": "acquire"}, "acquire.hand-over") == Progress(4, 4, 1)
    three = Survey(**{**survey.__dict__, "scales": ("importance", "satisfaction", "difficulty")})
    assert progress(three, {}, "about-1").minutes_left == 2


def test_pages_lead_forward_and_back(survey: Survey) -> None:
    answers = {"mode": "acquire"}
    assert previous_page(survey, answers, "about-1") is None
    assert next_page(survey, answers, "acquire.hand-over") is None
    for before, after in pairwise(ACQUIRE_PAGES):
        following, preceding = next_page(survey, answers, before), previous_page(survey, answers, after)
        assert following is not None
        assert preceding is not None
        assert (preceding.id, following.id) == (before, after)


def test_a_page_of_another_mode_has_no_place(survey: Survey) -> None:
    with pytest.raises(ValueError, match="does not see"):
        progress(survey, {"mode": "retain"}, "acquire.hand-over")


@given(saved=st.sets(st.sampled_from([*ACQUIRE_PAGES, "retain.hand-over"])))
def test_a_respondent_goes_on_at_the_first_page_not_saved(survey: Survey, saved: set[str]) -> None:
    page = first_unsaved(survey, {"mode": "acquire"}, saved)
    left = [name for name in ACQUIRE_PAGES if name not in saved]
    assert (page.id if page else None) == (left[0] if left else None)
