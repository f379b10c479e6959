"""The page of what people wrote in their own words: for reading, beside the results, and in no file of the studio."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g, render_template, request

from jtbd.analysis.query import MIN_GROUP
from jtbd.analysis.verbatims import Verbatims, verbatims
from jtbd.store.surveys import plan_history
from jtbd.survey.columns import column_of
from jtbd.web.services import services
from jtbd.web.studio.asking import WHERE, default_query, query_from
from jtbd.web.studio.blueprint import blueprint
from jtbd.web.studio.frame import TooFewAnswers, answered, frame
from jtbd.web.studio.session import DECIDERS

MOST_LISTED = 500
"""Answers to one question on the page; filters choose among more."""


@dataclass(frozen=True)
class Answers:
    """The answers to a question as listed; ``unlisted`` is how many different ones are not."""

    asked: str
    found: Verbatims
    listed: tuple[tuple[str, int], ...]
    unlisted: int


@blueprint.get("/<slug>/answers")
def answers(slug: str) -> str:
    """Answers to open questions: to who runs the study of those who meet the filters, to planners of everybody.

    What one filter leaves out could be told from the list without it, however many people meet the filter.
    """
    query = query_from(request.args)
    page = frame(slug, query)
    reads_everything = g.account.role in DECIDERS  # who run the study: for them no group is too small
    if reads_everything:
        page["chips"] = [chip for chip in page["chips"] if chip.name.startswith(WHERE) or chip.name == "wave"]
    else:
        query = default_query()
    source = services().analyst.source(slug, query) if reads_everything else answered(slug, query)
    if not source.ratings.n:
        raise TooFewAnswers(slug, 0)
    texts = {
        column_of(one): one.text for _, _, plan in plan_history(services().database, slug) for one in plan.questions
    }
    found = verbatims(source, query, fewest=1 if reads_everything else MIN_GROUP)
    return render_template(
        "studio/answers.html",
        **page,
        tab="answers",
        questions=[
            Answers(texts.get(one.question, one.question), one, one.texts[:MOST_LISTED], len(one.texts[MOST_LISTED:]))
            for one in found
        ],
        reads_everything=reads_everything,
    )
