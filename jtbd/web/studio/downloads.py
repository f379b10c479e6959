"""What people take away: tables, workbooks, pictures; each honours the filters in its address."""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, abort, request

from jtbd.analysis import Analysis, Query
from jtbd.report.change import change_table
from jtbd.report.roadmaps import roadmap_table
from jtbd.report.tables import scores_table, to_csv, to_json
from jtbd.report.vega import bundle_name, vega_bundle
from jtbd.report.xlsx import ranking_workbook
from jtbd.web.services import services
from jtbd.web.studio.asking import query_from
from jtbd.web.studio.blueprint import blueprint
from jtbd.web.studio.change import asked_change
from jtbd.web.studio.frame import analysed, answered
from jtbd.web.studio.views import asked_roadmap

if TYPE_CHECKING:
    from jtbd.report.charts import Theme

_TYPES = {
    "svg": "image/svg+xml",
    "png": "image/png",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_YEAR = 365 * 24 * 3600


@blueprint.get("/<slug>/ranking.<any(csv, xlsx, json):form>")
def ranking_file(slug: str, form: str) -> Response:
    """The ranking as a table."""
    analysis = analysed(slug, query_from(request.args))
    if form == "xlsx":
        content: str | bytes = ranking_workbook(analysis)
    elif form == "json":
        content = to_json(scores_table(analysis), "scores", analysis.provenance, analysis.notes)
    else:
        content = to_csv(scores_table(analysis))
    return file_response(content, _name(analysis, "ranking"), form)


@blueprint.get("/<slug>/ranking.<any(svg, png, pdf):form>")
def ranking_picture(slug: str, form: str) -> Response:
    """The first of the ranking as a picture."""
    from jtbd.report import charts  # Altair: slow to import, and no respondent needs it

    analysis = analysed(slug, query_from(request.args))
    return file_response(
        charts.render(charts.ranking_chart(analysis, "", theme=_theme()), form), _name(analysis, "ranking"), form
    )


@blueprint.get("/<slug>/landscape.<any(svg, png, pdf, html, json):form>")
def landscape_file(slug: str, form: str) -> Response:
    """The landscape as a picture; as JSON the specification that the page draws."""
    from jtbd.report import charts  # as above

    analysis = analysed(slug, query_from(request.args))
    if form == "json":
        spec = charts.specification(charts.landscape(analysis, "", theme=_theme(), key=False))
        return Response(json.dumps(spec, ensure_ascii=False), mimetype="application/json", headers=_PRIVATE)
    picture = charts.render(charts.landscape(analysis, "", theme=_theme()), form)
    return file_response(picture, _name(analysis, "landscape"), form, inline=form == "svg")


@blueprint.get("/<slug>/change.<any(csv, json, svg, png, pdf):form>")
def change_file(slug: str, form: str) -> Response:
    """The change that the address asks for, as a table or a picture."""
    found = asked_change(slug)
    name = stem(slug, "change", simulated=found.simulated)
    if form in ("csv", "json"):
        table = change_table(found)
        content = to_csv(table) if form == "csv" else to_json(table, "changes", found.provenance, found.notes)
        return file_response(content, name, form)
    from jtbd.report import charts  # as above

    return file_response(charts.render(charts.change_chart(found, theme=_theme()), form), name, form)


@blueprint.get("/<slug>/roadmap.csv")
def roadmap_file(slug: str) -> Response:
    """The roadmap that the address asks for."""
    source = answered(slug, Query())
    roadmap = asked_roadmap(source, Query())
    if roadmap is None:
        abort(404)
    what = f"roadmap-{roadmap.kind}"
    return file_response(to_csv(roadmap_table(source, roadmap)), stem(slug, what, simulated=source.simulated), "csv")


@blueprint.get("/-/<name>")
def vega(name: str) -> Response:
    """Vega for the browser; its name changes with its content, so it may be kept."""
    if name != bundle_name():
        abort(404)
    packed = request.accept_encodings.quality("gzip") > 0
    script, zipped = _bundle(services().settings.workspace / "cache")
    response = Response(zipped if packed else script, mimetype="text/javascript")
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    response.headers["Cache-Control"] = f"private, max-age={_YEAR}, immutable"
    return response


@cache
def _bundle(folder: Path) -> tuple[bytes, bytes]:
    script = vega_bundle(folder)
    return script, gzip.compress(script, 9, mtime=0)


_PRIVATE = {"Cache-Control": "no-store"}


def _theme() -> Theme:
    return "dark" if request.args.get("theme") == "dark" else "light"


def _name(analysis: Analysis, what: str) -> str:
    return stem(analysis.source.name, what, simulated=analysis.source.simulated)


def stem(slug: str, what: str, *, simulated: bool) -> str:
    """What a file is called: survey, content and day, and whether it is simulated."""
    day = services().clock().date().isoformat()
    return f"{slug}-{what}-{day}{'-simulated' if simulated else ''}"


def file_response(content: str | bytes, name: str, form: str, *, inline: bool = False) -> Response:
    """A file to keep, which no cache keeps; `name` is without its ending."""
    response = Response(content, content_type=_TYPES[form], headers=_PRIVATE)
    response.headers.set("Content-Disposition", "inline" if inline else "attachment", filename=f"{name}.{form}")
    return response
