"""Which pages a respondent sees, in which order, and how far along they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from jtbd.survey.model import Answer, Page, Survey

SECONDS_PER_RATING = 6
SECONDS_PER_QUESTION = 8


@dataclass(frozen=True)
class Progress:
    """Where a page stands: `position` from 1, of `total` pages, with about `minutes_left` of work from it on."""

    position: int
    total: int
    minutes_left: int


def pages_for(survey: Survey, answers: Mapping[str, Answer]) -> tuple[Page, ...]:
    """The pages this respondent sees: of the ratings, those of the mode they chose.

    Until a mode is chosen, only profile pages; where no mode is asked, every page.
    """
    question = survey.question_as("mode")
    if question is None:
        return survey.pages
    mode = answers.get(question.id)
    return tuple(page for page in survey.pages if page.kind == "profile" or page.mode == mode)


def progress(survey: Survey, answers: Mapping[str, Answer], page_id: str) -> Progress:
    """How far along the page `page_id` is, an average mode and part of its outcomes taken until they are known.

    Raises
    ------
    ValueError
        If this respondent does not see that page.
    """
    pages = pages_for(survey, answers)
    index = _index(pages, page_id)
    total: float = len(pages)
    seconds: float = sum(_seconds(survey, page) for page in pages[index:])
    if not any(page.kind == "ratings" for page in pages):
        ahead = [page for page in survey.pages if page.kind == "ratings"]
        modes = len({page.mode for page in ahead}) or 1
        total += len(ahead) / modes
        seconds += _part(survey, ahead, modes) * sum(_seconds(survey, page) for page in ahead) / modes
    return Progress(index + 1, round(total), max(1, round(seconds / 60)))


def _part(survey: Survey, ahead: list[Page], modes: int) -> float:
    """Of the outcomes of a map, the part that the design asks of a respondent."""
    outcomes = sum(len(page.outcomes) for page in ahead) / modes
    return (survey.design.outcomes_per_respondent or outcomes) / outcomes if outcomes else 1


def seconds_after(survey: Survey, answers: Mapping[str, Answer], page_id: str) -> int:
    """About how many seconds of work there are after the page `page_id`, once a mode is chosen.

    Raises
    ------
    ValueError
        If this respondent does not see that page.
    """
    pages = pages_for(survey, answers)
    return sum(_seconds(survey, page) for page in pages[_index(pages, page_id) + 1 :])


def next_page(survey: Survey, answers: Mapping[str, Answer], page_id: str) -> Page | None:
    """The page after `page_id`; ``None`` after the last. ValueError if this respondent does not see `page_id`."""
    pages = pages_for(survey, answers)
    index = _index(pages, page_id) + 1
    return pages[index] if index < len(pages) else None


def previous_page(survey: Survey, answers: Mapping[str, Answer], page_id: str) -> Page | None:
    """The page before `page_id`; ``None`` before the first. ValueError if this respondent does not see `page_id`."""
    pages = pages_for(survey, answers)
    index = _index(pages, page_id)
    return pages[index - 1] if index else None


def first_unsaved(survey: Survey, answers: Mapping[str, Answer], saved: Collection[str]) -> Page | None:
    """The first page this respondent has not saved, where they go on; ``None`` when everything is saved."""
    return next((page for page in pages_for(survey, answers) if page.id not in saved), None)


def _seconds(survey: Survey, page: Page) -> int:
    ratings = len(page.outcomes) * len(survey.scales)
    return ratings * SECONDS_PER_RATING + len(page.questions) * SECONDS_PER_QUESTION


def _index(pages: tuple[Page, ...], page_id: str) -> int:
    for index, page in enumerate(pages):
        if page.id == page_id:
            return index
    raise ValueError(f"this respondent does not see the page {page_id!r}")
