"""A checked survey file and its maps, put together: questions, pages, the :class:`Survey`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from jtbd.errors import Issue
from jtbd.jobmap.model import ContextOption, JobMap
from jtbd.jobmap.source import Source, Steps
from jtbd.survey.attention import with_attention
from jtbd.survey.model import (
    SCALES,
    Condition,
    Design,
    EndLinks,
    Option,
    Page,
    Phrasing,
    Question,
    Quota,
    RatedOutcome,
    Survey,
    SurveyMap,
)
from jtbd.survey.schema import OptionEntry, QuestionEntry, QuotaEntry, SurveyFile
from jtbd.translation.interface import gettext_noop

_ABOUT = (gettext_noop("About you and your work"), gettext_noop("A little more about you and your work"))
_MODE = gettext_noop("The work you know best")
_SCREENING = gettext_noop("To begin with")


@dataclass(frozen=True)
class Draft:
    """A survey file without errors: where it is, what is in it, its maps, and the survey in its own language."""

    path: Path
    source: Source
    entry: SurveyFile
    maps: tuple[JobMap, ...]
    survey: Survey


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
        design=Design(entry.design.kind, entry.design.outcomes_per_respondent, entry.design.order),
        quotas=tuple(_quota(one) for one in entry.quotas),
        end=EndLinks(entry.end.complete, entry.end.screened_out, entry.end.quota_full),
        access=entry.access,
        anonymous=entry.anonymous,
        not_applicable=entry.not_applicable,
    )


def _quota(entry: QuotaEntry) -> Quota:
    where = (Condition(question, tuple(values)) for question, values in entry.where.items())
    return Quota(entry.id, entry.limit, tuple(where))


def profile_questions(
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
        options = asked.options or (context.options if context and kind in ("single", "multiple") else ())
        questions.append(
            Question(
                id=asked.id,
                text=text,
                kind=kind,
                options=tuple(_option(one) for one in options),
                role=asked.role,
                required=asked.role in ("mode", "screener") if asked.required is None else asked.required,
                hint=asked.hint,
            )
        )
    return (questions if len(questions) == len(entry.profile) else None), issues


def _option(entry: OptionEntry | ContextOption) -> Option:
    return Option(entry.value, entry.text, isinstance(entry, OptionEntry) and entry.screens_out)


def _missing(asked: QuestionEntry, text: bool, source: Source, path: Steps) -> Iterator[Issue]:  # noqa: FBT001
    keys = [key for key, absent in (("text", text), ("kind", asked.kind is None)) if absent]
    for key in keys:
        remedy = f"add a line `{key}: …`"
        if asked.role == "context":
            remedy += ", or use the id of a context in one of the maps"
        yield source.issue("missing-key", f"`{key}` is missing", remedy, path)


def _profile_pages(questions: Sequence[Question]) -> Iterator[Page]:
    """The mode question on a page of its own, the others before and after it, screeners that come first before all."""
    first = next((n for n, one in enumerate(questions) if one.role != "screener"), len(questions))
    if first:
        yield Page("screening", _SCREENING, questions=tuple(questions[:first]))
        questions = questions[first:]
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
