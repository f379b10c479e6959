"""The page on which a study is run: who may begin, how it goes, the links, waves and pilot."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Response, abort, g, render_template, request

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
from jtbd.web.studio.blueprint import DECIDERS, blueprint
from jtbd.web.studio.downloads import file_response
from jtbd.web.studio.frame import head
from jtbd.web.studio.masking import hidden_groups, is_small, shown

MOST_EVENTS = 20
"""Entries of the history on the page."""

NOT_SHOWN = "–"


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
    may_run = g.account.role in DECIDERS
    token = preview_token(settings.secret_key(), slug)
    return render_template(
        "studio/fielding.html",
        **page,
        tab="fielding",
        form=ProtectedForm(),
        complaints=complaints,
        may_run=may_run,
        progress=progress,
        totals=_totals(progress, masked=not may_run),
        rate=percent(progress.total.completion_rate),
        times=[duration(one) for one in progress.quartiles or ()] if may_run or not is_small(progress.timed) else [],
        pages=_pages(progress, plan, masked=not may_run),
        languages=_groups(_by_language(progress, plan), masked=not may_run) if plan.translations else [],
        by_wave=_groups(waves_reach(page["waves"], progress), masked=not may_run) if page["waves"] else [],
        links=list(start_links(plan, request.url_root)),
        previews=list(preview_links(plan, request.url_root, token)),
        pilot=find_pilot(database, slug),
        events=survey_events(database, slug, MOST_EVENTS),
    )


def _totals(progress: Progress, *, masked: bool) -> list[tuple[str, str]]:
    total = progress.total
    numbers = [
        *([("invited", progress.invited)] if progress.invited else []),
        ("started", total.started),
        ("completed", total.completed),
        ("in progress", total.in_progress),
        ("abandoned", total.abandoned),
    ]
    ended = (("screened out", total.screened_out), ("over quota", total.quota_full))
    numbers += [(name, number) for name, number in ended if number]
    return [(name, shown(number, masked=masked)) for name, number in numbers]


def _pages(progress: Progress, plan: Survey, *, masked: bool) -> list[PageRow]:
    titles, started = map_titles(plan), progress.total.started

    def row(one: PageReach) -> PageRow:
        return PageRow(
            title=one.page.title,
            part=titles.get(one.page.map, ""),
            share=0 if masked and is_small(one.reached) else round(100 * one.reached / max(started, 1), 1),
            reached=shown(one.reached, masked=masked),
            saved=shown(one.saved, masked=masked),
            here=shown(one.here, masked=masked),
            left=shown(one.left, masked=masked),
            left_share="" if not one.left or (masked and is_small(one.left)) else percent(one.left / one.reached),
        )

    return [row(one) for one in progress.pages]


def _by_language(progress: Progress, plan: Survey) -> dict[str, Reach]:
    names = {one.language: f"{one.language_name} ({one.language})" for one in plan.languages}
    offered = {names[code]: progress.by_language.get(code, Reach()) for code in names}
    return offered | {code: reach for code, reach in progress.by_language.items() if code not in names}


def _groups(groups: Mapping[str, Reach], *, masked: bool) -> list[ReachRow]:
    hidden = hidden_groups({name: reach.started for name, reach in groups.items()}) if masked else set()
    return [
        ReachRow(name, *(NOT_SHOWN,) * 5)
        if name in hidden
        else ReachRow(
            name,
            shown(one.started, masked=masked),
            shown(one.completed, masked=masked),
            NOT_SHOWN if masked and is_small(one.completed) else percent(one.completion_rate),
            shown(one.in_progress, masked=masked),
            shown(one.abandoned, masked=masked),
        )
        for name, one in groups.items()
    ]
