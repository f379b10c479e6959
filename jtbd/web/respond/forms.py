"""The forms of respondent pages. They carry and show; :func:`jtbd.survey.answers.check_page` judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from gettext import NullTranslations
from typing import Any

from flask import current_app
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are of WTForms 3.2
from wtforms.utils import unset_value

from jtbd.survey.answers import NOT_APPLICABLE, PREFIXES, FieldProblem
from jtbd.survey.model import Answer, Page, Question, RatedOutcome, Scale
from jtbd.web.forms import ProtectedForm
from jtbd.web.language import digits, gettext, texts
from jtbd.web.respond.visit import Visit
from jtbd.web.respond.words import ScaleWords, scale_words

NO_ANSWER = ""
"""Value of the choice that openly gives none."""


class ConsentForm(ProtectedForm):
    """The form that begins a response."""

    consent = BooleanField()


class RatingsField(Field):
    """All ratings of a page in one field: a hundred radio fields would take twenty times as long to make and show.

    ``data`` is what was chosen, by the name of the form field; ``problems`` what is wrong with it; ``skipped`` the
    fields a reminder leads to; ``outside`` the names, by line, of the fields that say that it does not apply.
    """

    outcomes: tuple[RatedOutcome, ...] = ()
    scales: tuple[ScaleWords, ...] = ()

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data: dict[str, str] = {}
        self.outside: dict[str, str] = {}
        self.problems: dict[str, str] = {}
        self.skipped: dict[str, str] = {}

    def ask(self, page: Page, scales: tuple[Scale, ...], *, not_applicable: bool) -> None:
        """Ask what a page asks, which differs from one respondent to the next; what else was sent is let go."""
        self.outcomes = page.lines
        self.scales = tuple(scale_words(scale) for scale in scales)
        self.outside = {one.id: NOT_APPLICABLE + one.id for one in page.outcomes} if not_applicable else {}
        names = [scale.prefix + outcome.id for outcome in self.outcomes for scale in self.scales]
        self.data = {name: self.data[name] for name in (*names, *self.outside.values()) if name in self.data}

    def line(self, outcome: RatedOutcome) -> Markup:
        """One line of the page. Only what is unusual about it is put together anew: most of a page is always alike."""
        names = [scale.prefix + outcome.id for scale in self.scales]
        if any(name in self.problems or name in self.skipped for name in names):
            return _line(self, outcome)
        outside = self.outside.get(outcome.id)
        html = _blank_line(outcome, self.scales, texts(), outside)
        for name in (*names, outside or ""):
            if name in self.data:
                chosen = f'name="{name}" value="{self.data[name]}"'  # a value that is not offered is not there
                html = html.replace(chosen, f"{chosen} checked", 1)
        return Markup(html)  # noqa: S704 - escaped where it was put together; ids and values offered need no escaping

    def remind(self) -> None:
        """Find the first scale left blank of each line, and what the line says."""
        for outcome in self.outcomes:
            if self.data.get(self.outside.get(outcome.id, "")):
                continue
            blank = [name for scale in self.scales if not self.data.get(name := scale.prefix + outcome.id)]
            self.skipped.update(dict.fromkeys(blank[:1], outcome.statement))

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take what was sent, else what was stored."""
        del extra_filters
        self.process_errors = []
        self.data = formdata if formdata is not None else {} if data is unset_value else data


def _line(field: RatingsField, outcome: RatedOutcome) -> Markup:
    written: Markup = current_app.jinja_env.get_template("respond/line.html").module.line(field, outcome)  # type: ignore[attr-defined]
    return written


@lru_cache(maxsize=5000)
def _blank_line(
    outcome: RatedOutcome, scales: tuple[ScaleWords, ...], spoken: NullTranslations, outside: str | None
) -> str:
    del spoken  # what is written is in that language
    blank = RatingsField.__new__(RatingsField)
    blank.scales, blank.data, blank.problems, blank.skipped = scales, {}, {}, {}
    blank.outside = {outcome.id: outside} if outside else {}
    return str(_line(blank, outcome))


@dataclass(frozen=True)
class ShownProblem:
    """A line of the error summary: which field it leads to, what that asks, what is wrong."""

    field: str
    asked: str
    message: str


class PageForm(ProtectedForm):
    """The form of one page: a field ``q<n>`` for each question in order, or ``ratings``."""

    @property
    def questions(self) -> list[Field]:
        """The fields of the profile questions."""
        return [field for field in self if hasattr(field, "question")]

    def say(self, problems: Iterable[FieldProblem]) -> list[ShownProblem]:
        """Put each problem at its field; returns the summary."""
        messages = {one.field: _said(one) for one in problems}
        for field in self.questions:
            field.errors = [messages[field.name]] if field.name in messages else []
        asked = {field.name: field.label.text for field in self.questions}
        ratings = self._fields.get("ratings")
        if isinstance(ratings, RatingsField):
            ratings.problems = messages
            for outcome in ratings.outcomes:
                for scale in ratings.scales:
                    asked[scale.prefix + outcome.id] = f"{outcome.statement}: {scale.legend}"
        return [ShownProblem(name, asked[name], message) for name, message in messages.items()]

    def remind(self) -> list[tuple[str, str]]:
        """The lines that are not fully rated: the field to go on with and the statement of each."""
        ratings = self._fields.get("ratings")
        if not isinstance(ratings, RatingsField):
            return []
        ratings.remind()
        return [*ratings.skipped.items()]


class RatingsForm(PageForm):
    """The form of a page of ratings."""

    ratings = RatingsField()


def shown_form(visit: Visit, page: Page) -> PageForm:
    """The form of a page with what is stored."""
    if page.outcomes:
        return _asking(RatingsForm(data={"ratings": _stored(visit, page)}), visit, page)
    is_saved = page.id in visit.saved
    data = {f"q{n}": _value(one, visit.answers, is_saved=is_saved) for n, one in enumerate(page.questions)}
    return _form_class(page)(data=data)


def sent_form(visit: Visit, page: Page, sent: MultiDict[str, str]) -> PageForm:
    """The form of a page with what was sent."""
    return _asking(RatingsForm(formdata=sent), visit, page) if page.outcomes else _form_class(page)(formdata=sent)


def _asking(form: RatingsForm, visit: Visit, page: Page) -> RatingsForm:
    form.ratings.ask(page, visit.plan.scales, not_applicable=visit.plan.not_applicable)
    return form


def _said(problem: FieldProblem) -> str:
    return gettext(problem.message, **{name: digits(number) for name, number in problem.values})


def _value(question: Question, answers: Mapping[str, Answer], *, is_saved: bool) -> object:
    value = answers.get(question.id)
    if value is None and is_saved and question.kind == "single":
        return NO_ANSWER
    return list(value) if isinstance(value, tuple) else value


def _stored(visit: Visit, page: Page) -> dict[str, str]:
    rated = {
        prefix + outcome.id: str(value)
        for outcome in page.lines
        if (rating := visit.ratings.get(outcome.id))
        for scale, prefix in PREFIXES.items()
        if (value := getattr(rating, scale)) is not None
    }
    return rated | {NOT_APPLICABLE + one.id: "yes" for one in page.outcomes if one.id in visit.not_applicable}


@lru_cache(maxsize=1000)
def _form_class(page: Page) -> type[PageForm]:
    # fields are named by number: a question's id may be any word, also one that forms use themselves
    fields: dict[str, Any] = {f"q{n}": _field(one) for n, one in enumerate(page.questions)}
    return type("PageForm", (PageForm,), fields)


def _field(question: Question) -> Any:
    kind = {"single": _Single, "multiple": _Multiple}.get(question.kind, _Written)
    return kind(question, label=question.text, name=question.id, description=question.hint)


class _Asked(Field):
    """A field that knows the question it stands for."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.question = question


class _Written(_Asked, StringField):
    """Text or a whole number."""


class _Single(_Asked, RadioField):
    """One of the options, or openly none where that is allowed."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        choices = [SelectChoice(option.value, option.text) for option in question.options]
        if not question.required:
            choices.append(SelectChoice(NO_ANSWER, gettext("No answer")))
        super().__init__(question, choices=choices, validate_choice=False, **kwargs)


class _Multiple(_Asked, SelectMultipleField):
    """Several of the options."""

    def __init__(self, question: Question, **kwargs: Any) -> None:
        choices = [SelectChoice(option.value, option.text) for option in question.options]
        super().__init__(question, choices=choices, validate_choice=False, **kwargs)
