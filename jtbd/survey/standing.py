"""Where respondents stand: which pages are theirs, in which order, and with which of them they go on."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from jtbd.survey.design import Assignments, pages_of
from jtbd.survey.flow import pages_for
from jtbd.survey.model import Answer, Page, Survey


def is_done(page: Page, answered: Collection[str], saved: Collection[str]) -> bool:
    """Whether a page is saved with nothing required left blank: going back saves a page as it is."""
    return page.id in saved and all(not one.required or one.id in answered for one in page.questions)


def pages_in_order(survey: Survey, mode: Answer, assignments: Assignments) -> Iterator[Page]:
    """The pages of a respondent who chose `mode`, as in :func:`~jtbd.survey.design.tailored`, whole as in the survey.

    Orders are counted over thousands of respondents, for which making each their own survey would take too long.
    """
    question = survey.question_as("mode")
    placed: set[str] = set()
    for page in pages_for(survey, {question.id: mode} if question else {}):
        if page.map not in assignments:
            yield page
        elif page.map not in placed:
            placed.add(page.map)
            page_of = {one.id: page for page in pages_of(survey, page.map) for one in page.outcomes}
            shown = dict.fromkeys(page_of[one].id for one in assignments[page.map] if one in page_of)
            pages = {page.id: page for page in page_of.values()}
            yield from (pages[page_id] for page_id in shown)


def page_to_go_on(
    survey: Survey, mode: Answer, assignments: Assignments, answered: Collection[str], saved: Collection[str]
) -> Page:
    """The first page of a respondent that is not done; the last when all are."""
    pages = list(pages_in_order(survey, mode, assignments))
    return next((page for page in pages if not is_done(page, answered, saved)), pages[-1])
