"""The page on which a study is run: who may begin, how it goes, the links, waves and pilot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, abort, g, render_template, request

from jtbd.analysis.disclosure import is_small
from jtbd.report.progress import duration, map_titles, percent, waves_reach
from jtbd.report.qr import qr_svg
from jtbd.store.events import survey_events
from jtbd.store.pilot import find_pilot
from jtbd.store.progress import PageReach, Progress, Reach, load_progress
from jtbd.store.surveys import load_plan
from jtbd.survey.links import PARAMETER, preview_links, start_links
from jtbd.survey.model import Survey
from jtbd.survey.preview import preview_token
from jtbd.web.forms import ProtectedForm
from jtbd.web.services import services
from jtbd.web.studio.blueprint import blueprint
from jtbd.web.studio.downloads import file_response
from jtbd.web.studio.figures import ALL, Figures, figures, hidden_pages
from jtbd.web.studio.frame import head
from jtbd.web.studio.masking import NOT_SHOWN, shown
from jtbd.web.studio.session import DECIDERS

MOST_EVENTS = 20
"""Entries of the history on the page."""


@dataclass(frozen=True)
class PageRow:
    """A page of the survey as listed; `share` is of all who began, 0..100, for its bar."""

    title: str
    part: str
    share: float
    reached: str
    saved: str
    here: str
    left: str
    left_share: str


@dataclass(frozen=True)
class ReachRow:
    """How far a group got, as listed."""

    name: str
    started: str
    completed: str
    rate: str
    in_progress: str
    abandoned: str


@blueprint.get("/<slug>/fielding")
def fielding(slug: str) -> str:
    """How a study goes, and what can be done about it."""
    return fielding_page(slug, [])


@blueprint.get("/<slug>/qr.svg")
def qr(slug: str) -> Response:
    """The QR code of the start link, or of the link in one language."""
    plan = load_plan(services().database, head(slug)["survey"].revision_id)
    wanted = request.args.get(PARAMETER, "")
    link = next((one for one in start_links(plan, request.url_root) if one.language == wanted), None)
    if link is None:
        abort(404)
    name = "-".join(part for part in (slug, "qr", wanted) if part)
    return file_response(qr_svg(link.url), name, "svg", inline="download" not in request.args)


def fielding_page(slug: str, complaints: Sequence[str]) -> str:
    """The page, with what was wrong with what was just sent."""
    database, settings, now = services().database, services().settings, services().clock()
    page = head(slug)
    plan = load_plan(database, page["survey"].revision_id)
    progress = load_progress(database, slug, now)
    masked = page["masked"]
    languages = _by_language(progress, plan) if plan.translations else {}
    by_wave = waves_reach(page["waves"], progress) if page["waves"] else {}
    found = figures(progress.total, page["counts"], languages, by_wave, masked=masked)
    token = preview_token(settings.secret_key(), slug)
    return render_template(
        "studio/fielding.html",
        **page,
        tab="fielding",
        form=ProtectedForm(),
        complaints=complaints,
        may_run=g.account.role in DECIDERS,
        by_invitation=plan.access == "invited",
        progress=progress,
        totals=_totals(progress, found, masked=masked),
        rate=found.rate(ALL),
        times=[duration(one) for one in progress.quartiles or ()] if not masked or not is_small(progress.timed) else [],
        timed="" if masked and is_small(progress.total.completed - progress.timed) else f"{progress.timed:,}",
        last_saved=_last_saved(progress, masked=masked),
        pages=_pages(progress, plan, found, masked=masked),
        languages=_groups(languages, found),
        by_wave=_groups(by_wave, found),
        links=list(start_links(plan, request.url_root)),
        previews=list(preview_links(plan, request.url_root, token)),
        pilot=find_pilot(database, slug),
        events=survey_events(database, slug, MOST_EVENTS),
    )


def _totals(progress: Progress, found: Figures, *, masked: bool) -> list[tuple[str, str]]:
    total = progress.total
    invited = [("invited", shown(progress.invited, masked=masked))] if progress.invited else []
    ended = (("screened out", total.screened_out), ("over quota", total.quota_full))
    names = ["started", "completed", "in progress", "abandoned", *(name for name, number in ended if number)]
    return [*invited, *((name, found.text(ALL, name)) for name in names)]


def _last_saved(progress: Progress, *, masked: bool) -> str:
    """When a page was last saved; of few people only the day is told."""
    if progress.last_saved_at is None:
        return ""
    day = f"{progress.last_saved_at:%d %B %Y}".lstrip("0")
    return day if masked and is_small(progress.total.started) else f"{day}, {progress.last_saved_at:%H:%M} UTC"


def _pages(progress: Progress, plan: Survey, found: Figures, *, masked: bool) -> list[PageRow]:
    titles, started = map_titles(plan), progress.total.started
    hidden = hidden_pages(progress.pages, found) if masked else set()

    def row(one: PageReach) -> PageRow:
        def text(name: str) -> str:
            return NOT_SHOWN if (one.page.id, name) in hidden else f"{getattr(one, name):,}"

        unseen = {name for name in ("reached", "left") if (one.page.id, name) in hidden}
        return PageRow(
            title=one.page.title,
            part=titles.get(one.page.map, ""),
            share=0 if "reached" in unseen else round(100 * one.reached / max(started, 1), 1),
            reached=text("reached"),
            saved=text("saved"),
            here=text("here"),
            left=text("left"),
            left_share="" if not one.left or unseen else percent(one.left / one.reached),
        )

    return [row(one) for one in progress.pages]


def _by_language(progress: Progress, plan: Survey) -> dict[str, Reach]:
    names = {one.language: f"{one.language_name} ({one.language})" for one in plan.languages}
    offered = {names[code]: progress.by_language.get(code, Reach()) for code in names}
    return offered | {code: reach for code, reach in progress.by_language.items() if code not in names}


def _groups(groups: Mapping[str, Reach], found: Figures) -> list[ReachRow]:
    def row(name: str) -> ReachRow:
        if (name, "started") in found.hidden:
            return ReachRow(name, *(NOT_SHOWN,) * 5)
        started, completed, *others = (
            found.text(name, one) for one in ("started", "completed", "in progress", "abandoned")
        )
        return ReachRow(name, started, completed, found.rate(name), *others)

    return [row(name) for name in groups]
