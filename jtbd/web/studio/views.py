"""The studio's pages."""

from __future__ import annotations

from collections import Counter
from typing import Any

from flask import render_template, request, url_for

from jtbd.analysis import Query, Source
from jtbd.analysis.disclosure import hidden_groups
from jtbd.analysis.query import MIN_GROUP
from jtbd.analysis.roadmaps import for_buyer, for_vendor
from jtbd.report.roadmaps import MOVE_MEANINGS, moves, roadmap_sentences, solution_name, subject_name, why_text
from jtbd.report.sentences import ZONE_NAMES, conclude, conditions, subtitle
from jtbd.report.vega import bundle_name
from jtbd.roadmap.model import Roadmap
from jtbd.store.progress import Reach, load_reach
from jtbd.store.surveys import ResponseCounts, SurveyRow, list_surveys
from jtbd.web.services import services
from jtbd.web.studio.asking import arguments, query_from
from jtbd.web.studio.blueprint import blueprint
from jtbd.web.studio.figures import Figures, figures
from jtbd.web.studio.frame import analysed, answered, frame
from jtbd.web.studio.rows import bar, ranking_rows, span_name
from jtbd.web.studio.session import is_masked

_TOP = 5
_LABELLED = 10


@blueprint.get("/")
def surveys() -> str:
    """Every survey with its counts."""
    database, masked, now = services().database, is_masked(), services().clock()

    def found(row: SurveyRow, counted: ResponseCounts) -> Figures:
        # what is hidden on the pages of the survey is hidden here, too
        return figures(load_reach(database, row.slug, now) if masked else Reach(), counted, masked=masked)

    listed = [(row, counted, found(row, counted)) for row, counted in list_surveys(database)]
    return render_template("studio/surveys.html", surveys=listed, masked=masked, minimum=MIN_GROUP)


@blueprint.get("/<slug>/")
def overview(slug: str) -> str:
    """What a survey says in short."""
    query = query_from(request.args)
    page = frame(slug, query)
    analysis = analysed(slug, query)
    progress = load_reach(services().database, slug, services().clock())
    return render_template(
        "studio/overview.html",
        **page,
        **_ranking(slug, query),
        tab="overview",
        top=ranking_rows(analysis)[:_TOP],
        progress=progress,
        figures=figures(progress, page["counts"], masked=page["masked"]),
    )


@blueprint.get("/<slug>/ranking")
def ranking(slug: str) -> str:
    """Every outcome with its interval, ranks and zone."""
    query = query_from(request.args)
    return render_template("studio/ranking.html", **frame(slug, query), **_ranking(slug, query), tab="ranking")


@blueprint.get("/<slug>/landscape")
def landscape(slug: str) -> str:
    """Importance against satisfaction, drawn."""
    query = query_from(request.args)
    page = frame(slug, query)
    shown = _ranking(slug, query)
    asked: dict[str, Any] = dict(arguments(query))
    return render_template(
        "studio/landscape.html",
        **page,
        **shown,
        tab="landscape",
        labelled=shown["rows"][:_LABELLED],
        bundle=url_for("studio.vega", name=bundle_name()),
        spec={
            theme: url_for("studio.landscape_file", slug=slug, form="json", theme=theme, **asked)
            for theme in ("light", "dark")
        },
    )


@blueprint.get("/<slug>/roadmaps")
def roadmaps(slug: str) -> str:
    """What a vendor or a buyer should do."""
    query = Query()
    page = frame(slug, query)
    source = answered(slug, query)
    found = asked_roadmap(source, query)
    return render_template(
        "studio/roadmaps.html",
        **page,
        tab="roadmaps",
        solutions=_people(source, "solution"),
        organisations=_people(source, "organisation"),
        chosen={name: request.args.get(name, "") for name in ("solution", "organisation")},
        **(_roadmap(source, found) if found else {}),
    )


def asked_roadmap(source: Source, query: Query) -> Roadmap | None:
    """The roadmap that the address asks for, if any."""
    if solution := request.args.get("solution"):
        return for_vendor(source, query, solution, guarded=is_masked())
    if organisation := request.args.get("organisation"):
        return for_buyer(source, query, organisation, guarded=is_masked())
    return None


def _ranking(slug: str, query: Query) -> dict[str, Any]:
    analysis = analysed(slug, query)
    rows = ranking_rows(analysis)
    return {
        "analysis": analysis,
        "conclusion": conclude(analysis, ""),
        "met": conditions(analysis),
        "facts": subtitle(analysis, ""),
        "rows": rows,
        "not_rated": len(analysis.source.ratings.outcomes) - len(rows),
        "span": span_name(analysis),
        "second": analysis.second,
        "notes": [note for note in analysis.notes if note.code not in ("not-rated", "few-ratings", "few-people")],
    }


def _people(source: Source, role: Any) -> list[tuple[str, str]]:
    """Values of an attribute that enough people have, with their texts; names that differ in case are one."""
    column = source.roles.get(role)
    if column is None:
        return []
    values = source.ratings.attributes[column].tolist()
    names = {value.casefold(): value for value in reversed(values)}
    people = Counter(value.casefold() for value in values)
    hidden = {"", *(hidden_groups(people) if is_masked() else ())}
    texts = source.texts.get(column, {})
    shown = [names[one] for one, number in people.items() if number >= MIN_GROUP and one not in hidden]
    return sorted((name, texts.get(name, name)) for name in shown)


def _roadmap(source: Source, roadmap: Roadmap) -> dict[str, Any]:
    groups = []
    for move in moves(roadmap):
        items = [_item(source, item) for item in roadmap.items if item.move == move]
        if items:
            groups.append({"move": move, "meaning": MOVE_MEANINGS[move], "items": items})
    return {
        "roadmap": roadmap,
        "subject": subject_name(source, roadmap),
        "own_solution": solution_name(source, roadmap.own_solution),
        "sentences": roadmap_sentences(source, roadmap),
        "groups": groups,
    }


def _item(source: Source, item: Any) -> dict[str, Any]:
    market = item.market
    return {
        "statement": source.label(item.outcome).statement or item.outcome,
        "step": source.label(item.outcome).step().split(" / ")[0],
        "why": why_text(source, item),
        "market": market,
        "bar": bar("opportunity", market.opportunity, market.opportunity_low, market.opportunity_high, 0.95),
        "zone_name": ZONE_NAMES[market.zone],
        "own": item.own,
        "compared": item.compared,
        "p": _p(item.compared.p_holm) if item.compared else "",
        "compared_with": solution_name(source, item.compared.other) if item.compared else "",
    }


def _p(value: float) -> str:
    """A probability as papers print it."""
    return "p < .001" if value < 0.001 else "p 1" if value > 0.9995 else f"p {value:.3f}".replace("0.", ".")
