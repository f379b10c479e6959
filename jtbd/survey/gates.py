"""Who may go on: screeners, and the quotas that a respondent's answers count in."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from jtbd.survey.model import Answer, Question, Quota, Survey


def screens_out(question: Question, answer: Answer) -> bool:
    """Whether this answer ends the survey for who gives it."""
    given = answer if isinstance(answer, tuple) else (answer,)
    return any(option.screens_out and option.value in given for option in question.options)


def screened_by(survey: Survey, answers: Mapping[str, Answer], pages: Collection[str]) -> str | None:
    """The first question of `pages` whose answer ends the survey; ``None`` if the respondent may go on."""
    asked = (question for page in survey.pages if page.id in pages for question in page.questions)
    return next((one.id for one in asked if screens_out(one, answers.get(one.id))), None)


def counted_in(quotas: Iterable[Quota], answers: Mapping[str, Answer]) -> tuple[Quota, ...]:
    """The quotas all of whose conditions the answers meet."""
    return tuple(one for one in quotas if all(answers.get(part.question) in part.values for part in one.where))


def asked_for(survey: Survey, quotas: Collection[Quota]) -> frozenset[str]:
    """The pages that ask what these quotas count by."""
    questions = {part.question for quota in quotas for part in quota.where}
    return frozenset(page.id for page in survey.pages if any(one.id in questions for one in page.questions))


def condition_text(quota: Quota) -> str:
    """The conditions of a quota as one writes them: ``size=small|medium, function=sales``."""
    return ", ".join(f"{part.question}={'|'.join(part.values)}" for part in quota.where) or "everybody"
