"""A survey file and its job maps become a :class:`Survey`, or every issue found on the way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from jtbd.errors import InputError, Issue, issue
from jtbd.jobmap.fields import nearest, validate
from jtbd.jobmap.load import check_map, no_such_map
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.resolve import name_issues, repeated
from jtbd.jobmap.source import Source, Steps, read_source
from jtbd.settings import Settings
from jtbd.survey.attention import attention_issues, with_attention
from jtbd.survey.check import later_issues, mode_issues, question_issues, rating_issues, slug_issues
from jtbd.survey.model import SCALES, Option, Page, Phrasing, Question, RatedOutcome, Survey, SurveyMap
from jtbd.survey.schema import QuestionEntry, SurveyFile

_ABOUT = ("About you and your work", "A little more about you and your work")
_MODE = "The work you know best"


def load_survey(settings: Settings, name: str) -> Survey:
    """The survey with this name (the workspace's before the shipped one), or in the file at this path.

    Raises
    ------
    InputError
        With every error found, those of its maps included; warnings are for :func:`check_survey`.
    """
    survey, issues = check_survey(settings, name)
    if survey is None:
        raise InputError(one for one in issues if one.level == "error")
    return survey


def check_survey(settings: Settings, name: str) -> tuple[Survey | None, list[Issue]]:
    """The compiled survey, ``None`` if anything has errors, and every issue, sorted by place."""
    try:
        path = settings.find("surveys", name)
    except OSError:  # a name no file system takes
        path = None
    if path is None:
        return None, [_no_such_survey(settings, name)]
    try:
        source = read_source(path)
    except InputError as error:
        return None, list(error.issues)
    survey, issues = _check(settings, path, source)
    issues = sorted(set(issues))
    return (None if any(one.level == "error" for one in issues) else survey), issues


def compile_survey(entry: SurveyFile, maps: Sequence[JobMap], questions: Sequence[Question]) -> Survey:
    """The survey over `maps`, whatever was to be checked having been checked."""
    profile = _profile_pages(questions)
    attention = entry.quality.attention if entry.quality else ()
    ratings = [
        page for job_map in maps for page in with_attention(tuple(_rating_pages(job_map, entry.phrasing)), attention)
    ]
    return Survey(
        slug=entry.survey,
        title=entry.title,
        introduction=entry.introduction,
        consent=entry.consent,
        scales=tuple(scale for scale in SCALES if scale in entry.ratings),
        phrasing=entry.phrasing,
        maps=tuple(
            SurveyMap(one.map, one.mode, one.title, one.job, one.introduction, one.content_hash) for one in maps
        ),
        pages=(*profile, *ratings),
        thanks=entry.thanks,
        language=entry.language,
    )


def _check(settings: Settings, path: Path, source: Source) -> tuple[Survey | None, list[Issue]]:
    if "survey" not in source.data and source.data.keys() & {"map", "shared"}:
        remedy = "check it with `jtbd map lint`"
        return None, [issue("not-a-survey", "the file holds a map, not a survey", remedy, file=source.file)]
    later = list(later_issues(source))
    entry, issues = validate(SurveyFile, source)
    if entry is None:
        return None, later + issues
    issues += [
        *later,
        *slug_issues(entry, source),
        *rating_issues(entry, source),
        *name_issues(entry.survey, path, source),
    ]
    maps, paths, found = _maps(settings, entry, source)
    issues += found
    issues += attention_issues(entry.quality.attention if entry.quality else (), maps, source)
    complete = len(maps) == len(entry.maps)
    questions, found = _questions(entry, maps, source, complete=complete)
    issues += found
    if questions is None:
        return None, issues
    issues += question_issues(questions, source)
    if complete:
        issues += mode_issues(maps, paths, questions, source)
    return compile_survey(entry, maps, questions), issues


def _no_such_survey(settings: Settings, name: str) -> Issue:
    known = sorted({path.stem for folder in settings.folders("surveys") for path in folder.glob("*.yaml")})
    if name.endswith((".yaml", ".yml")) or "/" in name:
        return issue("no-such-survey", f"there is no file {name}", "check the path", file=name)
    remedy = nearest(name, known, f"surveys are {', '.join(known)}" if known else "write it in surveys/")
    return issue("no-such-survey", f"there is no survey named `{name}`", remedy, file=name)


def _maps(settings: Settings, entry: SurveyFile, source: Source) -> tuple[list[JobMap], list[Steps], list[Issue]]:
    issues: list[Issue] = []
    maps: list[JobMap] = []
    paths: list[Steps] = []
    for number, name in enumerate(entry.maps):
        path = ("maps", number)
        line, column = source.place(path)
        if settings.find("maps", name) is None:
            issues.append(no_such_map(settings, name, file=source.file, line=line, column=column))
            continue
        job_map, found = check_map(settings, name)
        issues += found
        if job_map:
            maps.append(job_map)
            paths.append(path)
    issues += repeated([one.map for one in maps], paths, "duplicate-map", "map", source)
    return maps, paths, issues


def _questions(
    entry: SurveyFile, maps: Sequence[JobMap], source: Source, *, complete: bool
) -> tuple[list[Question] | None, list[Issue]]:
    """The profile questions, those from the maps' catalogue filled in; ``None`` if one lacks text or kind."""
    issues: list[Issue] = []
    questions: list[Question] = []
    for number, asked in enumerate(entry.profile):
        contexts = [one for job_map in maps for one in job_map.contexts if one.id == asked.id]
        context = contexts[0] if contexts and asked.role == "context" else None
        path = ("profile", number)
        text = asked.text or (context.text if context else None)
        kind = asked.kind or ("single" if context else None)
        if text is None or kind is None:
            if complete or asked.role != "context":  # else the map that could not be read may hold it
                issues += _missing(asked, text is None, source, path)
            continue
        if context and not asked.options and any(one.options != context.options for one in contexts):
            message = f"the maps offer different options for the context `{asked.id}`"
            issues.append(source.issue("context-differs", message, "write the `options` here", (*path, "id")))
        options = asked.options or (context.options if context and kind in ("single", "multiple") else ())
        questions.append(
            Question(
                id=asked.id,
                text=text,
                kind=kind,
                options=tuple(Option(one.value, one.text) for one in options),
                role=asked.role,
                required=asked.role == "mode" if asked.required is None else asked.required,
                hint=asked.hint,
            )
        )
    return (questions if len(questions) == len(entry.profile) else None), issues


def _missing(asked: QuestionEntry, text: bool, source: Source, path: Steps) -> Iterator[Issue]:  # noqa: FBT001
    keys = [key for key, absent in (("text", text), ("kind", asked.kind is None)) if absent]
    for key in keys:
        remedy = f"add a line `{key}: …`"
        if asked.role == "context":
            remedy += ", or use the id of a context in one of the maps"
        yield source.issue("missing-key", f"`{key}` is missing", remedy, path)


def _profile_pages(questions: Sequence[Question]) -> Iterator[Page]:
    """The mode question on a page of its own, the others before and after it."""
    at = next((n for n, one in enumerate(questions) if one.role == "mode"), len(questions))
    number = 0
    for part in (questions[:at], questions[at : at + 1], questions[at + 1 :]):
        if part and part[0].role == "mode":
            yield Page("mode", _MODE, questions=tuple(part))
        elif part:
            title = _ABOUT[number]
            number += 1
            yield Page(f"about-{number}", title, questions=tuple(part))


def _rating_pages(job_map: JobMap, phrasing: Phrasing) -> Iterator[Page]:
    for step in job_map.steps:
        outcomes = tuple(
            RatedOutcome(one.id, one.outcome if phrasing == "outcome" else one.ability, one.ability)
            for one in step.outcomes
        )
        yield Page(f"{job_map.map}.{step.id}", step.title, outcomes=outcomes, map=job_map.map, mode=job_map.mode)
