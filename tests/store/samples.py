"""Small surveys and short ways to fill them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from jtbd.store import responses, surveys
from jtbd.store.database import Database
from jtbd.survey.model import Answer, Option, Page, Question, RatedOutcome, Rating, Submission, Survey, SurveyMap

T = TypeVar("T")

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)


def outcome(key: str, statement: str | None = None) -> RatedOutcome:
    return RatedOutcome(key, statement or f"Minimize the time it takes to {key}", key)


def profile(*questions: Question) -> Page:
    return Page("about-you", "About you", questions=questions)


MODE = Question("mode", "What do you do?", "single", (Option("acquire", "Acquire"), Option("retain", "Retain")), "mode")
TOOLS = Question("tools", "Which tools?", "multiple", (Option("crm", "CRM"), Option("mail", "Mail")))
YEARS = Question("years", "For how many years?", "number")
REMARK = Question("remark", "Anything else?", "text")


def survey(
    *outcomes: RatedOutcome,
    slug: str = "modes",
    title: str = "Modes",
    questions: tuple[Question, ...] = (MODE, TOOLS, YEARS, REMARK),
    scales: tuple[str, ...] = ("importance", "satisfaction"),
    per_page: int = 2,
) -> Survey:
    """A survey that rates these outcomes (four, if none is given), some to a page."""
    asked = outcomes or tuple(outcome(key) for key in ("find", "win", "keep", "grow"))
    pages = [
        Page(f"page-{start // per_page + 1}", "Rate", outcomes=asked[start : start + per_page], map="m", mode="acquire")
        for start in range(0, len(asked), per_page)
    ]
    return Survey(
        slug,
        title,
        "Welcome",
        "I agree",
        scales,  # type: ignore[arg-type]
        "outcome",
        (SurveyMap("m", "acquire", "M", "a job", "", "0"),),
        (profile(*questions), *pages),
    )


def begin(db: Database, slug: str = "modes", kind: responses.Kind = "real") -> int:
    begun = responses.begin(db, slug=slug, kind=kind, language="en", consent="I agree", now=NOW)
    return begun.response_id


def page(number: int, **ratings: tuple[int | None, ...]) -> Submission:
    """A page of ratings: `page(1, find=(5, 2))`."""
    return Submission(f"page-{number}", {}, {key: Rating(*values) for key, values in ratings.items()})


def about(**answers: Answer) -> Submission:
    return Submission("about-you", answers, {})


def respond(db: Database, *pages: Submission, slug: str = "modes", kind: responses.Kind = "real") -> int:
    """A response in progress with these pages saved."""
    response_id = begin(db, slug, kind)
    for one in pages:
        responses.save_page(db, response_id, one, NOW)
    return response_id


def published(db: Database, plan: Survey | None = None) -> Survey:
    plan = plan or survey()
    surveys.publish(db, plan, NOW)
    return plan


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Call all in threads that start together; their results. None may fail."""
    gate = threading.Barrier(len(calls))
    results: list[T] = []
    errors: list[Exception] = []

    def run(call: Callable[[], T]) -> None:
        gate.wait()
        try:
            results.append(call())
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    return results
