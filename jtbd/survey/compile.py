"""A survey file and its job maps become a :class:`Survey`, or every issue found on the way."""

from __future__ import annotations

from pathlib import Path

from jtbd.errors import InputError, Issue, issue
from jtbd.jobmap.fields import nearest, validate
from jtbd.jobmap.load import check_map, no_such_map
from jtbd.jobmap.model import JobMap
from jtbd.jobmap.resolve import name_issues, repeated
from jtbd.jobmap.source import Source, Steps, read_source
from jtbd.settings import Settings
from jtbd.survey.assemble import Draft, compile_survey, profile_questions
from jtbd.survey.attention import attention_issues
from jtbd.survey.check import design_issues, end_issues, mode_issues, question_issues, rating_issues, slug_issues
from jtbd.survey.gate_check import quota_issues, screener_issues
from jtbd.survey.model import Survey
from jtbd.survey.schema import SurveyFile
from jtbd.survey.translate import translate_survey
from jtbd.translation.check import lenient


def load_survey(settings: Settings, name: str, *, original_where_missing: bool = False) -> Survey:
    """The survey with this name (the workspace's before the shipped one), or in the file at this path.

    Raises
    ------
    InputError
        With every error found, those of its maps included; warnings are for :func:`check_survey`.
    """
    survey, issues = check_survey(settings, name, original_where_missing=original_where_missing)
    if survey is None:
        raise InputError(one for one in issues if one.level == "error")
    return survey


def check_survey(
    settings: Settings, name: str, *, original_where_missing: bool = False
) -> tuple[Survey | None, list[Issue]]:
    """The compiled survey, ``None`` if anything has errors, and every issue, sorted by place.

    Parameters
    ----------
    original_where_missing : bool
        Whether the original may stand in for a missing or outdated translation; then those are warnings.
    """
    draft, issues = check_draft(settings, name)
    if draft is None:
        return None, issues
    survey, found = translate_survey(settings, draft)
    issues = sorted({*issues, *(lenient(found) if original_where_missing else found)})
    return (None if any(one.level == "error" for one in issues) else survey), issues


def check_draft(settings: Settings, name: str) -> tuple[Draft | None, list[Issue]]:
    """A survey in its own language alone, ``None`` if anything has errors, and every issue, sorted by place."""
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
    draft, issues = _check(settings, path, source)
    issues = sorted(set(issues))
    return (None if any(one.level == "error" for one in issues) else draft), issues


def _check(settings: Settings, path: Path, source: Source) -> tuple[Draft | None, list[Issue]]:
    if "survey" not in source.data and source.data.keys() & {"map", "shared"}:
        remedy = "check it with `jtbd map lint`"
        return None, [issue("not-a-survey", "the file holds a map, not a survey", remedy, file=source.file)]
    entry, issues = validate(SurveyFile, source)
    if entry is None:
        return None, issues
    issues += [
        *slug_issues(entry, source),
        *rating_issues(entry, source),
        *end_issues(entry, source),
        *name_issues(entry.survey, path, source),
    ]
    maps, paths, found = _maps(settings, entry, source)
    issues += found
    issues += attention_issues(entry.quality.attention if entry.quality else (), maps, source)
    issues += design_issues(entry.design, maps, source)
    complete = len(maps) == len(entry.maps)
    questions, found = profile_questions(entry, maps, source, complete=complete)
    issues += found
    if questions is None:
        return None, issues
    issues += question_issues(questions, source)
    issues += screener_issues(questions, source)
    issues += quota_issues(entry.quotas, questions, source)
    if complete:
        issues += mode_issues(maps, paths, questions, source)
    return Draft(path, source, entry, tuple(maps), compile_survey(entry, maps, questions)), issues


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
