"""Raw form data becomes a checked page of answers. What was not asked is never kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from jtbd.survey.model import ATTENTION, Answer, Page, Question, Rating, Scale, Submission, Survey
from jtbd.translation.interface import gettext_noop

PREFIXES: dict[Scale, str] = {"importance": "imp_", "satisfaction": "sat_", "difficulty": "dif_"}
"""A rating's form field is its scale's prefix and the outcome's id, as is its column in a ratings file."""

NOT_APPLICABLE = "na_"
"""What the name of the field begins with that says that an outcome does not apply, as its column in a ratings file."""

MAX_TEXT = 2_000
MAX_NUMBER = 10**9

_DIRECTION_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_BLANK_LINES = re.compile(r"\n{3,}")
_WHOLE_NUMBER = re.compile(r"\d{1,15}")

RawForm = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class FieldProblem:
    """What is wrong with one form field, in words for the respondent.

    ``message`` is in English, to be translated where it is shown; ``values`` belong in place of its ``%(name)s``.
    """

    field: str
    message: str
    values: tuple[tuple[str, int], ...] = ()


class _Problem(Exception):  # noqa: N818 - carried to the respondent, not an error of ours
    """An answer that cannot be kept."""

    def __init__(self, message: str, **values: int) -> None:
        super().__init__(message)
        self.message = message
        self.values = tuple(values.items())


def check_page(survey: Survey, page: Page, raw: RawForm) -> tuple[Submission, tuple[FieldProblem, ...]]:
    """What can be kept of the form data `raw`, and the problems with the rest.

    Parameters
    ----------
    raw : mapping of str to sequence of str
        Form fields: a question's id, or ``imp_``, ``sat_``, ``dif_`` and the id of one of the page's lines; where the
        survey offers it, ``na_`` and the id of an outcome, any value of which says that it does not apply. Others are
        ignored, and so are the ratings of an outcome that does not apply, if both are sent: they say nothing of the
        respondent's work.

    Returns
    -------
    Submission
        An entry for every question, outcome and attention item of the page, ``None`` where it was left blank (so that
        saving a page again clears what was there); none for a question with a problem.
    tuple of FieldProblem
        In the order of the page.
    """
    problems: list[FieldProblem] = []
    answers: dict[str, Answer] = {}
    for question in page.questions:
        try:
            answers[question.id] = _answer(question, raw.get(question.id, ()))
        except _Problem as problem:
            problems.append(FieldProblem(question.id, problem.message, problem.values))
    ratings: dict[str, Rating] = {}
    outside = _not_applying(survey, page, raw)
    for outcome in page.lines:
        given: dict[str, int | None] = {}
        for scale in () if outside.get(outcome.id) else survey.scales:
            name = PREFIXES[scale] + outcome.id
            try:
                given[scale] = _rating(raw.get(name, ()))
            except _Problem as problem:
                problems.append(FieldProblem(name, problem.message, problem.values))
        ratings[outcome.id] = Rating(**given)
    attention = {item.removeprefix(ATTENTION): ratings.pop(item) for item in [*ratings] if item.startswith(ATTENTION)}
    return Submission(page.id, answers, ratings, attention, outside), tuple(problems)


def _not_applying(survey: Survey, page: Page, raw: RawForm) -> dict[str, bool]:
    """Whether each outcome of the page is said not to apply; empty where the survey does not offer that."""
    if not survey.not_applicable:
        return {}
    return {one.id: any(value.strip() for value in raw.get(NOT_APPLICABLE + one.id, ())) for one in page.outcomes}


def check_part(
    survey: Survey, page: Page, raw: RawForm, ratings: Mapping[str, Rating]
) -> tuple[Submission, tuple[FieldProblem, ...]]:
    """As :func:`check_page`, of the fields that `raw` names alone: a page that is still being filled in.

    Parameters
    ----------
    ratings : mapping of str to Rating
        What is stored, by line: a line of which one scale is sent keeps the others.

    A rating sent without a word on whether the outcome applies says that it does.
    """
    whole, problems = check_page(survey, page, raw)
    problems = tuple(problem for problem in problems if problem.field in raw)
    fields = raw.keys() - {problem.field for problem in problems}
    sent = {key: value for key, value in whole.answers.items() if key in fields}
    rated: dict[str, Rating] = {}
    attention: dict[str, Rating] = {}
    for line in page.lines:
        item = line.id.removeprefix(ATTENTION)
        is_attention = item != line.id
        now = whole.attention[item] if is_attention else whole.ratings[line.id]
        given = {scale: getattr(now, scale) for scale in survey.scales if PREFIXES[scale] + line.id in fields}
        if whole.not_applicable.get(item) and not is_attention:
            rated[item] = Rating()
        elif given:
            (attention if is_attention else rated)[item] = replace(ratings.get(line.id, Rating()), **given)
    outside = {
        outcome: says
        for outcome, says in whole.not_applicable.items()
        if NOT_APPLICABLE + outcome in fields or rated.get(outcome, Rating()) != Rating()
    }
    return Submission(page.id, sent, rated, attention, outside), problems


def clean_text(text: str) -> str:
    """`text` on one line, without control characters and marks that turn the direction of what follows."""
    text = _DIRECTION_OVERRIDES.sub("", unicodedata.normalize("NFC", " ".join(text.split())))
    kept = (mark for mark in text if unicodedata.category(mark) not in ("Cc", "Cs"))
    return " ".join("".join(kept).split())


def clean_lines(text: str) -> str:
    """`text` with its line breaks, each line as :func:`clean_text` keeps it; at most one blank line in a row."""
    lines = "\n".join(map(clean_text, _LINE_BREAK.split(text)))
    return _BLANK_LINES.sub("\n\n", lines).strip("\n")


def _answer(question: Question, raw: Sequence[str]) -> Answer:
    given = [value for value in map(_cleaning(question), raw) if value]
    if not given:
        if question.required:
            raise _Problem(gettext_noop("Please answer this question"))
        return None
    if question.kind == "text":
        return _text(given)
    if question.kind == "number":
        return _number(given)
    offered = [option.value for option in question.options]
    if any(value not in offered for value in given):
        raise _Problem(gettext_noop("Please choose from the answers offered"))
    if question.kind == "multiple":
        return tuple(value for value in offered if value in given)
    if len(set(given)) > 1:
        raise _Problem(gettext_noop("Please choose one answer"))
    return given[0]


def _cleaning(question: Question) -> Callable[[str], str]:
    """How what is sent is cleaned: an open question that stands for nothing else may be answered on several lines."""
    if question.kind == "text" and not question.role:
        return clean_lines
    return clean_text if question.kind in ("text", "number") else str.strip


def _text(given: Sequence[str]) -> str:
    if len(given[0]) > MAX_TEXT:
        raise _Problem(
            gettext_noop("Please write at most %(most)s characters; these are %(given)s"),
            most=MAX_TEXT,
            given=len(given[0]),
        )
    return given[0]


def _number(given: Sequence[str]) -> int:
    if not _WHOLE_NUMBER.fullmatch(given[0]):
        raise _Problem(gettext_noop("Please write a whole number in digits, such as 1200"))
    if (number := int(given[0])) > MAX_NUMBER:
        raise _Problem(gettext_noop("Please write a number of at most %(most)s"), most=MAX_NUMBER)
    return number


def _rating(raw: Sequence[str]) -> int | None:
    given = {value.strip() for value in raw} - {""}
    if not given:
        return None
    if len(given) > 1 or not given <= {"1", "2", "3", "4", "5"}:
        raise _Problem(gettext_noop("Please choose one of the five answers, or leave it blank"))
    return int(given.pop())
