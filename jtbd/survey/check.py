"""What must agree within a survey file and between it and its maps. Each check names the place it speaks of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jtbd.errors import Issue, warning
from jtbd.jobmap.fields import nearest
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.resolve import repeated
from jtbd.jobmap.source import Source, Steps
from jtbd.plural import counted
from jtbd.survey.end_links import PLACEHOLDER
from jtbd.survey.model import Question
from jtbd.survey.schema import DesignEntry, SurveyFile

RESERVED = ("group", "outcome", "wave", "status", "language", "revision", "respondent", "go", "code")
"""Columns of every export, and fields of every page's form: a question with one of these ids would take their place."""


def design_issues(entry: DesignEntry, maps: Sequence[JobMap], source: Source) -> Iterator[Issue]:
    """Whether a respondent can be given as many outcomes as the design says, in each map."""
    wanted, path = entry.outcomes_per_respondent, ("design", "outcomes_per_respondent")
    if entry.kind == "full":
        if wanted is not None:
            message = "with `kind: full` a respondent rates every outcome of their map"
            yield source.issue("design-full", message, "write `kind: balanced`, or remove the key", path, key=True)
        return
    if wanted is None:
        message = f"`kind: {entry.kind}` needs `outcomes_per_respondent`"
        remedy = "say how many outcomes a respondent rates, such as `outcomes_per_respondent: 30`"
        yield source.issue("missing-key", message, remedy, ("design",))
        return
    for job_map in maps:
        outcomes = sum(len(step.outcomes) for step in job_map.steps)
        if wanted > outcomes:
            message = f"the map `{job_map.map}` has {counted(outcomes, 'outcome')}, and {wanted} are to be rated"
            yield source.issue("design-too-many", message, f"write {outcomes} or fewer, or `kind: full`", path)
        elif wanted < len(job_map.steps):
            message = f"the map `{job_map.map}` has {len(job_map.steps)} steps, and {wanted} outcomes are to be rated"
            remedy = f"write {len(job_map.steps)} or more: with fewer, steps are hardly ever rated by the same people"
            yield source.issue("design-too-few", message, remedy, path)


RESERVED_SURVEYS = ("login", "logout", "link", "maps")
"""Addresses of the studio, where a survey's pages stand under its id."""


def slug_issues(entry: SurveyFile, source: Source) -> Iterator[Issue]:
    """A survey whose id is the address of something else."""
    if entry.survey in RESERVED_SURVEYS:
        message = f"`{entry.survey}` is the address of another page"
        yield source.issue("reserved-id", message, "choose another id for the survey", ("survey",))


def end_issues(entry: SurveyFile, source: Source) -> Iterator[Issue]:
    """End links that nobody will ever be shown: they need a panel's id, and an anonymous survey stores none."""
    if not entry.anonymous:
        return
    for name, link in entry.end:
        if PLACEHOLDER in link:
            line, column = source.place(("end", name))
            message = (
                f"nobody is shown this link: `anonymous: true` stores no id of a panel that {PLACEHOLDER} could be"
            )
            remedy = f"write a link without {PLACEHOLDER}, or remove `anonymous: true`"
            yield warning("link-anonymous", message, remedy, file=source.file, line=line, column=column)


def rating_issues(entry: SurveyFile, source: Source) -> Iterator[Issue]:
    """Importance has to be rated, and a second scale with it."""
    paths: list[Steps] = [("ratings", n) for n in range(len(entry.ratings))]
    yield from repeated(entry.ratings, paths, "duplicate-rating", "scale", source)
    if "importance" not in entry.ratings or len(set(entry.ratings)) < 2:
        message = "scores need `importance` and a second scale"
        remedy = "write `ratings: [importance, satisfaction]`, or difficulty for or beside satisfaction"
        yield source.issue("ratings-incomplete", message, remedy, ("ratings",), key=True)


def question_issues(questions: Sequence[Question], source: Source) -> Iterator[Issue]:
    """What is wrong with the profile questions, each and together; `questions` are in the order of the file."""
    ids = [("profile", n, "id") for n in range(len(questions))]
    yield from repeated([one.id for one in questions], ids, "duplicate-question", "question", source)
    for number, question in enumerate(questions):
        path = ("profile", number)
        if question.id in RESERVED:
            remedy = f"choose another id; reserved are {', '.join(RESERVED)}"
            message = f"`{question.id}` is the name of something else on pages and in exports"
            yield source.issue("reserved-id", message, remedy, (*path, "id"))
        yield from _option_issues(question, path, source)
        yield from _role_issues(question, path, source)


def mode_issues(
    maps: Sequence[JobMap], paths: Sequence[Steps], questions: Sequence[Question], source: Source
) -> Iterator[Issue]:
    """Whether each respondent is led to a map, and each map can be reached; `paths` are where maps are named."""
    asked = [(n, one) for n, one in enumerate(questions) if one.role == "mode"]
    for number, _ in asked[1:]:
        remedy = "keep one, which leads to the map"
        yield source.issue("second-mode", "a second question is `as: mode`", remedy, ("profile", number, "as"))
    if not asked:
        if len(maps) > 1:
            options = ", ".join(one.mode for one in maps)
            remedy = f"add a single question `as: mode` with the options {options}"
            message = "with several maps, a question has to say which one a respondent sees"
            yield source.issue("mode-missing", message, remedy, ("maps",), key=True)
        return
    number, question = asked[0]
    offered = {option.value for option in question.options}
    modes: set[str] = {one.mode for one in maps}
    for position, option in enumerate(question.options):
        if option.value not in modes:
            message = f"no map of this survey has the mode `{option.value}`"
            remedy = nearest(option.value, modes, f"use {', '.join(sorted(modes))}, or add a map of this mode")
            yield source.issue("mode-unknown", message, remedy, ("profile", number, "options", position, "value"))
    for job_map, path in zip(maps, paths, strict=True):
        if job_map.mode not in offered:
            message = f"nobody can reach the map `{job_map.map}`: its mode `{job_map.mode}` is not offered"
            remedy = f"add the option `{job_map.mode}` to the question `{question.id}`, or remove the map"
            yield source.issue("mode-not-offered", message, remedy, path)


def _option_issues(question: Question, path: Steps, source: Source) -> Iterator[Issue]:
    values = [one.value for one in question.options]
    paths: list[Steps] = [(*path, "options", n, "value") for n in range(len(values))]
    yield from repeated(values, paths, "duplicate-option", "option", source)
    if question.kind in ("single", "multiple") and len(values) < 2:
        message = f"the question `{question.id}` offers fewer than two options"
        yield source.issue("too-few-options", message, "add `options` of `value` and `text`, or use kind text", path)
    if question.kind in ("number", "text") and values:
        message = f"a {question.kind} question takes no options"
        yield source.issue(
            "options-not-taken", message, "remove them, or use kind single", (*path, "options"), key=True
        )


_KINDS: dict[str, tuple[str, ...]] = {
    "mode": ("single",),
    "weight": ("number",),
    "value": ("number",),
    "solution": ("single", "text"),
    "organisation": ("single", "text"),
    "screener": ("single", "multiple"),
}


def _role_issues(question: Question, path: Steps, source: Source) -> Iterator[Issue]:
    kinds = _KINDS.get(question.role or "", (question.kind,))
    if question.kind not in kinds:
        message = f"a question `as: {question.role}` cannot be of kind {question.kind}"
        yield source.issue("role-kind", message, f"use kind {' or '.join(kinds)}", (*path, "kind"))
    if question.role == "mode" and not question.required:
        message = "the question that leads to the map cannot be left out"
        yield source.issue("mode-optional", message, "remove `required: false`", (*path, "required"), key=True)
