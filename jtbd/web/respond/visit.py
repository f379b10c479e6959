"""Who is answering: the response that a request belongs to, and where it stands."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, TypedDict

from flask import Blueprint, Response, session, url_for
from werkzeug.exceptions import NotFound

from jtbd.store.assignments import LARGEST_SEED, assign
from jtbd.store.gates import Status, come_back
from jtbd.store.held import Held, find_held
from jtbd.store.refusals import ResponseUnknown
from jtbd.store.responses import ResponseRow
from jtbd.store.surveys import SurveyRow, find_survey, load_plan
from jtbd.survey.design import Assignments, tailored, with_lines
from jtbd.survey.flow import first_unsaved, pages_for
from jtbd.survey.gates import screens_out
from jtbd.survey.model import ATTENTION, Answer, Page, Rating, Submission, Survey
from jtbd.survey.standing import is_done
from jtbd.web.security import allow_framing
from jtbd.web.services import RESPONSE_KEY, services

blueprint = Blueprint("respond", __name__)

SEE_OTHER = 303


class Remembered(TypedDict):
    """What a visitor's session holds of one survey: enough to show a page while the database is away."""

    code: str
    revision: int
    test: bool
    language: str


@dataclass(frozen=True)
class Visit:
    """A response as it is now, with its plan in the language it was begun in.

    ``ratings`` are by line, attention items included; ``saved`` are the pages that are done: saved, with nothing
    required left blank and no answer that the gates have yet to judge; ``not_applicable`` are outcomes.
    ``of_pilot`` says that this visitor began it as a real response, and it was made a test since. ``saves`` and
    ``assigned`` are those of :class:`~jtbd.store.held.Held`.
    """

    code: str
    response_id: int
    slug: str
    is_test: bool
    status: Status
    plan: Survey
    answers: Mapping[str, Answer]
    ratings: Mapping[str, Rating]
    saved: Collection[str]
    revision: int
    of_pilot: bool = False
    not_applicable: Collection[str] = ()
    saves: Mapping[str, int] = field(default_factory=dict)
    assigned: Assignments = field(default_factory=dict)

    @property
    def is_finished(self) -> bool:
        """Whether the response has ended, in whichever way."""
        return self.status != "in_progress"

    @cached_property
    def mark(self) -> str:
        """What a browser calls this response by: leads nobody to its answers."""
        return hashlib.sha256(self.code.encode()).hexdigest()[:12]

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """The pages this respondent sees."""
        return pages_for(self.plan, self.answers)

    @cached_property
    def page_to_go_on(self) -> Page:
        """The first page that is not done; the last when all are."""
        return first_unsaved(self.plan, self.answers, self.saved) or self.pages[-1]

    def page(self, page_id: str) -> Page:
        """The page of this id: one that this respondent sees, else one that the survey has for others.

        Raises
        ------
        NotFound
            If the survey has no such page, whoever asks.
        """
        for page in (*self.plan.pages, *load_plan(services().database, self.revision).pages):
            if page.id == page_id:
                return page
        raise NotFound

    def after(self, submission: Submission) -> Visit:
        """The visit once this page is stored."""
        answers = {key: value for key, value in {**self.answers, **submission.answers}.items() if value is not None}
        stored = replace(self, answers=answers, saved=_done(self.plan, answers, {*self.saved, submission.page}))
        return _assigned(stored, self.assigned) if submission.answers else stored

    def may_see(self, page: Page) -> bool:
        """Whether the respondent has come this far: pages that are done, and the one to go on with."""
        return page in self.pages and (page.id in self.saved or page == self.page_to_go_on)

    def has_reached(self, page: Page) -> bool:
        """Whether the respondent had come this far once, though a page before has to be sent again by now."""
        before = self.pages[: self.pages.index(page)] if page in self.pages else None
        return before is not None and all(one.id in self.saves for one in before)

    def to(self, page: Page) -> Response:
        """A redirect to a page."""
        return see_other("respond.page", slug=self.slug, page_id=page.id)

    def to_where_it_stands(self) -> Response:
        """A redirect to the page to go on with, or to the thanks."""
        if self.is_finished:
            return see_other("respond.thanks", slug=self.slug)
        return self.to(self.page_to_go_on)


def see_other(endpoint: str, **values: Any) -> Response:
    """A redirect that is fetched with GET, and so not sent again on reload."""
    return Response(status=SEE_OTHER, headers={"Location": url_for(endpoint, **values)}, mimetype="text/html")


def published(slug: str) -> SurveyRow:
    """The survey.

    Raises
    ------
    NotFound
        If there is none of this name.
    """
    row = None if "\0" in slug else find_survey(services().database, slug)
    if row is None:
        raise NotFound
    return row


def remember(code: str, row: ResponseRow) -> None:
    """Keep a response in the visitor's session, in place of an earlier one to the same survey."""
    session.permanent = True
    session[_key(row.slug)] = Remembered(
        code=code, revision=row.revision_id, test=row.kind == "test", language=row.language
    )


def keep(visit: Visit) -> None:
    """Keep the response that a page was sent for, once it is known that the visitor sent it."""
    held: Remembered | None = session.get(_key(visit.slug))
    if held is None or held["code"] != visit.code:
        session.permanent = True
        session[_key(visit.slug)] = Remembered(
            code=visit.code, revision=visit.revision, test=visit.is_test, language=visit.plan.language
        )


def forget(visit: Visit) -> None:
    """Take a response that is gone out of the visitor's session."""
    held: Remembered | None = session.get(_key(visit.slug))
    if held is not None and held["code"] == visit.code:
        del session[_key(visit.slug)]


def find_visit(slug: str, code: str | None = None) -> Visit | None:
    """The response that `code`, or else the session, names; ``None`` if there is none, or of another survey."""
    database = services().database
    remembered: Remembered | None = session.get(_key(slug))
    for candidate in (code, remembered and remembered["code"]):
        held = find_held(database, candidate) if candidate else None
        if candidate is None or held is None or held.row.slug != slug:
            continue
        row = held.row
        plan = load_plan(database, row.revision_id).in_language(row.language)
        status, unjudged = _at_the_gates(held)
        visit = Visit(
            code=candidate,
            response_id=row.id,
            slug=slug,
            is_test=row.kind == "test",
            status=status,
            plan=plan,
            answers=held.answers,
            ratings={**held.ratings, **{ATTENTION + item: rating for item, rating in held.attention.items()}},
            saved=_done(plan, held.answers, held.saves.keys() - unjudged),
            revision=row.revision_id,
            of_pilot=row.kind == "test"
            and remembered is not None
            and remembered["code"] == candidate
            and not remembered["test"],
            not_applicable=held.not_applicable,
            saves=held.saves,
        )
        if visit.is_test:
            allow_framing()
        return _assigned(visit, held.assigned)
    return None


def _at_the_gates(held: Held) -> tuple[Status, frozenset[str]]:
    """Where the respondent stands, and the pages that have to be sent again before they go on."""
    row, database = held.row, services().database
    if row.status != "in_progress" or not load_plan(database, held.newest_revision_id).quotas:
        return row.status, frozenset()
    try:
        return come_back(database, row.id, services().clock())
    except ResponseUnknown as error:  # erased between two lines
        raise NotFound from error


def _assigned(visit: Visit, before: Assignments) -> Visit:
    """The visit with the outcomes that its respondent is asked, chosen now if they were not before."""
    if not visit.plan.design.is_assigned:
        return visit
    database, chosen = services().database, dict(before)
    led_to = {page.map for page in visit.pages if page.map}
    if not visit.is_finished:
        for job_map in sorted(led_to - chosen.keys()):
            seed = secrets.randbelow(LARGEST_SEED)
            chosen[job_map] = assign(database, visit.response_id, job_map, seed, services().clock())
    asked = tuple((job_map, tuple(outcomes)) for job_map, outcomes in chosen.items())
    return replace(visit, plan=_tailored(_Same(visit.plan), asked), assigned=chosen)


@dataclass(frozen=True, eq=False)
class _Same:
    """A plan that is equal to itself alone: a published one is read once, and to compare two takes long."""

    plan: Survey

    def __hash__(self) -> int:
        return id(self.plan)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.plan is self.plan


@lru_cache(maxsize=1000)
def _tailored(same: _Same, asked: tuple[tuple[str, tuple[str, ...]], ...]) -> Survey:
    return tailored(same.plan, dict(asked))


def remembered_visit(slug: str, page_id: str, lines: str = "") -> Visit | None:
    """What can be said of a visit to a page without the database; ``None`` if this server never read the plan.

    Parameters
    ----------
    lines : str
        What the page says it asks, where the design leaves that open: ids between blanks.
    """
    held: Remembered | None = session.get(_key(slug))
    plan = services().database.plans.get(held["revision"]) if held else None
    if held is None or plan is None:
        return None
    plan = plan.in_language(held.get("language", ""))  # a cookie of an earlier version has none
    mode = plan.question_as("mode")
    page = next((one for one in plan.pages if one.id == page_id), None)
    answers = {mode.id: page.mode} if mode and page and page.mode else {}
    if page is None:
        return None
    if plan.design.is_assigned:
        plan = with_lines(plan, page_id, lines.split())
    return Visit(
        code=held["code"],
        response_id=0,
        slug=slug,
        is_test=held["test"],
        status="in_progress",
        plan=plan,
        answers=answers,
        ratings={},
        saved=(),
        revision=held["revision"],
    )


def _key(slug: str) -> str:
    return RESPONSE_KEY + slug


def _done(plan: Survey, answers: Mapping[str, Answer], saved: Collection[str]) -> frozenset[str]:
    """Of the pages saved, those with nothing required left blank.

    Nor is a page done on which an answer was given since that ends the survey: sent with Next, it will.
    """
    return frozenset(
        page.id
        for page in plan.pages
        if is_done(page, answers, saved)
        and not any(screens_out(question, answers.get(question.id)) for question in page.questions)
    )
