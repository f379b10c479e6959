"""Whether screeners end the survey for anybody, and quotas count what is asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jtbd.errors import Issue, warning
from jtbd.jobmap.fields import nearest
from jtbd.jobmap.resolve import repeated
from jtbd.jobmap.source import Source, Steps
from jtbd.survey.model import Question
from jtbd.survey.schema import QuotaEntry


def screener_issues(questions: Sequence[Question], source: Source) -> Iterator[Issue]:
    """Screeners that let everybody on, or nobody, or come late; options that screen out elsewhere."""
    is_late = False
    for number, question in enumerate(questions):
        path = ("profile", number)
        if question.role != "screener":
            is_late = True
            yield from _elsewhere(question, path, source)
            continue
        yield from _ending_issues(question, path, source)
        if not question.required:
            message = "who leaves out a screener would go on"
            yield source.issue("screener-optional", message, "remove `required: false`", (*path, "required"), key=True)
        if is_late:
            line, column = source.place(path)
            message = f"the screener `{question.id}` comes after other questions, which some answer in vain"
            remedy = "move it to the beginning of `profile`"
            yield warning("screener-late", message, remedy, file=source.file, line=line, column=column)


def _elsewhere(question: Question, path: Steps, source: Source) -> Iterator[Issue]:
    for position, option in enumerate(question.options):
        if option.screens_out:
            message = f"`screens_out` has no meaning in `{question.id}`, which is no screener"
            remedy = "write `as: screener` in this question, or remove the key"
            place = (*path, "options", position, "screens_out")
            yield source.issue("screens-out-elsewhere", message, remedy, place, key=True)


def _ending_issues(question: Question, path: Steps, source: Source) -> Iterator[Issue]:
    if question.kind not in ("single", "multiple"):
        return  # said already: such a question cannot be a screener
    ending = [one.screens_out for one in question.options]
    if not any(ending):
        message = f"no answer to the screener `{question.id}` ends the survey"
        remedy = "add `screens_out: true` to the options that do"
        yield source.issue("screener-open", message, remedy, (*path, "as"))
    elif all(ending):
        message = f"every answer to the screener `{question.id}` ends the survey"
        yield source.issue("screener-closed", message, "remove `screens_out` from those who may go on", (*path, "as"))


def quota_issues(quotas: Sequence[QuotaEntry], questions: Sequence[Question], source: Source) -> Iterator[Issue]:
    """Two quotas of one name, and conditions that nothing asked can meet."""
    ids: list[Steps] = [("quotas", number, "id") for number in range(len(quotas))]
    yield from repeated([one.id for one in quotas], ids, "duplicate-quota", "quota", source)
    asked = {one.id: one for one in questions}
    for number, quota in enumerate(quotas):
        for name, values in quota.where.items():
            path = ("quotas", number, "where", name)
            if name not in asked:
                message = f"the survey asks no question `{name}`"
                known = [one.id for one in questions if one.kind == "single"]
                otherwise = f"use {', '.join(known)}" if known else "add a single question to `profile`"
                yield source.issue("quota-question", message, nearest(name, known, otherwise), path, key=True)
            elif asked[name].kind != "single":
                message = f"`{name}` is a {asked[name].kind} question, and quotas count answers to single ones"
                remedy = "ask it as kind single, with options such as `under 50` and `50 and more`"
                yield source.issue("quota-question", message, remedy, path, key=True)
            else:
                yield from _value_issues(asked[name], values, path, source)


def _value_issues(question: Question, values: Sequence[str], path: Steps, source: Source) -> Iterator[Issue]:
    offered = {one.value: one for one in question.options}
    for position, value in enumerate(values):
        place = (*path, position)
        if value not in offered:
            message = f"the question `{question.id}` offers no `{value}`"
            remedy = nearest(value, offered, f"use {', '.join(offered)}")
            yield source.issue("quota-value", message, remedy, place)
        elif offered[value].screens_out:
            message = f"who answers `{value}` to `{question.id}` is screened out and takes no place"
            yield source.issue("quota-value", message, "use an answer that goes on", place)
    if not question.required:
        line, column = source.key_place(path)
        message = f"`{question.id}` can be left out, and who does counts in no quota by it"
        remedy = f"write `required: true` in the question `{question.id}`"
        yield warning("quota-optional", message, remedy, file=source.file, line=line, column=column)
