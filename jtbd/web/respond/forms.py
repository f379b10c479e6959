"""The forms of respondent pages. They carry and show; :func:`jtbd.survey.answers.check_page` judges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, Field, RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are of WTForms 3.2

from jtbd.survey.answers import FieldProblem
from jtbd.survey.model import Answer, Page, Question
from jtbd.web.forms import ProtectedForm
from jtbd.web.language import gettext
from jtbd.web.respond.visit import Visit
from jtbd.web.respond.words import ShownProblem, said

NO_ANSWER = ""
"""Value of the choice that openly gives none."""


class ConsentForm(ProtectedForm):
    """The form that begins a response."""

    consent = BooleanField()


class QuestionsForm(ProtectedForm):
    """The form of a page of profile questions: a field ``q<n>`` for each in order."""

    @property
    def questions(self) -> list[Field]:
        """The fields of the questions."""
        return [field for field in self if hasattr(field, "question")]

    def say(self, problems: Iterable[FieldProblem]) -> list[ShownProblem]:
        """Put each problem at its field; returns the summary."""
        messages = {one.field: said(one) for one in problems}
        for field in self.questions:
            field.errors = [messages[field.name]] if field.name in messages else []
        asked = {field.name: field.label.text for field in self.questions}
        return [ShownProblem(name, asked[name], message) for name, message in messages.items()]

    def remind(self) -> list[tuple[str, str]]:
        """No question is skipped by oversight: those that need an answer are required."""
        return []

    def lines(self) -> Markup:
        """No lines to rate."""
        return Markup()


def shown_questions(visit: Visit, page: Page) -> QuestionsForm:
    """The form of a page with what is stored."""
    is_saved = page.id in visit.saved
    data = {f"q{n}": _value(one, visit.answers, is_saved=is_saved) for n, one in enumerate(page.questions)}
    return _form_class(page)(data=data)


def sent_questions(page: Page, sent: MultiDict[str, str]) -> QuestionsForm:
    """The form of a page with what was sent."""
    return _form_class(page)(formdata=sent)


def _value(question: Question, answers: Mapping[str, Answer], *, is_saved: bool) -> object:
    value = answers.get(question.id)
    if value is None and is_saved and question.kind == "single":
        return NO_ANSWER
    return list(value) if isinstance(value, tuple) else value


@lru_cache(maxsize=1000)
def _form_class(page: Page) -> type[QuestionsForm]:
    # fields are named by number: a question's id may be any word, also one that forms use themselves
    fields: dict[str, Any] = {f"q{n}": _field(one) for n, one in enumerate(page.questions)}
    return type("QuestionsForm", (QuestionsForm,), fields)


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
