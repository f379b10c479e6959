"""What every page of a survey needs: the survey, its counts and responses, the filters, whether it is simulated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from jtbd.analysis import Analysis, Query, Source
from jtbd.analysis.disclosure import hidden_groups, withheld_outcomes
from jtbd.analysis.query import MIN_GROUP
from jtbd.analysis.run import selected
from jtbd.analysis.waves import WAVE
from jtbd.errors import InputError, issue
from jtbd.store.delivery import count_rated
from jtbd.store.quotas import fieldwork
from jtbd.store.surveys import counts, load_plan, survey_named
from jtbd.store.waves import list_waves
from jtbd.survey.gates import condition_text
from jtbd.survey.model import Survey
from jtbd.web.services import services
from jtbd.web.studio.asking import arguments, chips
from jtbd.web.studio.figures import quota_rows, screened_rows
from jtbd.web.studio.session import is_masked


class TooFewAnswers(Exception):  # noqa: N818  nothing went wrong: people have yet to answer
    """A survey that nobody, or fewer people than are ever shown, have answered."""

    def __init__(self, slug: str, people: int) -> None:
        super().__init__(slug)
        self.slug = slug
        self.people = people


def frame(slug: str, query: Query) -> dict[str, Any]:
    """What the header, the tabs and the filters of a survey's page show.

    Raises
    ------
    SurveyUnknown
    """
    database = services().database
    found = survey_named(database, slug)
    plan = load_plan(database, found.revision_id)
    source = services().analyst.source(slug, Query())
    waves = list_waves(database, slug)
    counted = counts(database, slug)
    fielded = fieldwork(database, slug, services().clock())
    masked = is_masked()
    return {
        "survey": found,
        "masked": masked,
        "by_invitation": plan.access == "invited",
        "counts": counted,
        "fieldwork": fielded,
        "quotas": quota_rows(fielded, counted, masked=masked),
        "screened_out": screened_rows(fielded, counted, masked=masked),
        "condition_text": condition_text,
        "respondents": source.ratings.n,
        "simulated": source.simulated,
        "waves": waves,
        "chips": chips(plan, source, query, waves, guarded=masked),
        "arguments": arguments(query),
        "minimum": MIN_GROUP,
        "has_verbatims": bool(source.verbatims),
        "languages": _languages(plan, source),
    }


def head(slug: str) -> dict[str, Any]:
    """What the header and the tabs show, without a look at the ratings: quick while answers come in.

    Raises
    ------
    SurveyUnknown
    """
    database = services().database
    respondents, simulated = count_rated(database, slug)
    found = survey_named(database, slug)
    plan = load_plan(database, found.revision_id)
    return {
        "survey": found,
        "masked": is_masked(),
        "counts": counts(database, slug),
        "respondents": respondents,
        "simulated": simulated,
        "waves": list_waves(database, slug),
        "arguments": {},
        "minimum": MIN_GROUP,
        "has_verbatims": any(one.kind == "text" and one.role is None for one in plan.questions),
    }


def _languages(plan: Survey, source: Source) -> list[tuple[str, str, int | None]]:
    """Name, code and number of responses of each language; ``None`` where the number is not shown."""
    if not plan.translations:
        return []
    column = source.ratings.attributes["language"]
    numbers = {one.language: int((column == one.language).sum()) for one in plan.languages}
    hidden = hidden_groups(numbers)
    return [
        (one.language_name, one.language, None if one.language in hidden else numbers[one.language])
        for one in plan.languages
    ]


def answered(slug: str, query: Query) -> Source:
    """The responses a query is about.

    Raises
    ------
    SurveyUnknown
    TooFewAnswers
        Fewer than five people have answered the survey.
    InputError
        Fewer than five people meet the conditions, or the conditions make no sense.
    """
    everybody = services().analyst.source(slug, Query())
    if everybody.ratings.n < MIN_GROUP:
        raise TooFewAnswers(slug, everybody.ratings.n)
    source = services().analyst.source(slug, query)
    people = int(selected(source, query).sum())
    if people < MIN_GROUP:
        raise InputError(
            [
                issue(
                    "small-group",
                    f"fewer than {MIN_GROUP} people meet these conditions, too few to be shown",
                    "choose a wider group",
                    file=slug,
                )
            ]
        )
    return source


def guarded(slug: str, query: Query, *conditions: Sequence[tuple[str, str]]) -> Query:
    """The query without the outcomes that would give few people away under any of these sets of conditions.

    Raises
    ------
    InputError
        It would give few people away whatever the outcome.
    """
    everybody = services().analyst.source(slug, Query())
    return replace(query, withheld=frozenset().union(*(withheld_outcomes(everybody, query, one) for one in conditions)))


def analysed(slug: str, query: Query) -> Analysis:
    """The scores a query asks for; raises what :func:`answered` raises.

    Outcomes that fewer than five people rated are left out; if that leaves none, there are too few answers. For
    planners also those from which, subtracted from another ranking, so few people's figures would follow.
    """
    answered(slug, query)
    if not is_masked():
        analysis = services().analyst.analyse(slug, query)
    else:
        conditions = (*query.where, *([(WAVE, str(query.wave))] if query.wave is not None else []))
        analysis = services().analyst.analyse(slug, guarded(slug, query, conditions))
        if conditions:  # to how few of the others an outcome does not apply would follow
            analysis = replace(analysis, not_applicable={})
    if not any(len(scores) for scores in analysis.groups.values()):
        raise TooFewAnswers(slug, services().analyst.source(slug, Query()).ratings.n)
    return analysis
