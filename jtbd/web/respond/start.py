"""Where a response begins, goes on and ends."""

from __future__ import annotations

from flask import render_template, request
from werkzeug import Response
from werkzeug.exceptions import NotFound

from jtbd.store.refusals import SurveyClosed, SurveyUnknown
from jtbd.store.responses import Kind, begin, find_by_code, find_response
from jtbd.store.surveys import SurveyRow, load_plan, open_surveys
from jtbd.survey.flow import progress
from jtbd.survey.model import Survey
from jtbd.survey.preview import read_preview_token
from jtbd.web.language import PARAMETER, gettext, in_visitors_language, speak
from jtbd.web.limits import count_start, count_unknown_code, see_that_codes_may_be_tried
from jtbd.web.respond.forms import ConsentForm
from jtbd.web.respond.visit import Visit, blueprint, find_visit, published, remember, see_other
from jtbd.web.respond.words import first_sentence, minutes
from jtbd.web.services import services

Answered = Response | str | tuple[str, int]


@blueprint.get("/")
def surveys() -> Answered:
    """The surveys that are open."""
    database = services().database
    plans = [in_visitors_language(load_plan(database, row.revision_id)) for row in open_surveys(database)]
    listed = [{"plan": plan, "about": first_sentence(plan.introduction), "minutes": _minutes(plan)} for plan in plans]
    return render_template("respond/surveys.html", surveys=listed, asked=request.args.get(PARAMETER))


@blueprint.get("/s/<slug>")
def start(slug: str) -> Answered:
    """What the survey is about, consent, and the button that begins it."""
    row = published(slug)
    visit = find_visit(slug)
    plan = _plan(row, visit)
    if row.status == "closed" and visit is None:
        return _closed(plan)
    return _start_page(row, plan, visit, ConsentForm())


@blueprint.post("/s/<slug>")
def begin_response(slug: str) -> Answered:
    """Begin a response."""
    row = published(slug)
    visit = find_visit(slug)
    plan = _plan(row, visit)
    form = ConsentForm(request.form)
    if not form.validate():
        note = gettext(
            "We could not tell that this came from you: the page was open for long, or your browser keeps no "
            "cookies for this site. Allow them if they are blocked, then press the button again."
        )
        return _start_page(row, plan, visit, form, note=note), 400
    if request.form.get("revision") != str(row.revision_id):
        note = gettext("This text has just changed. Please read it again.")
        return _start_page(row, plan, visit, ConsentForm(), note=note), 409
    if not form.consent.data:
        form.consent.errors = [gettext("Please tick the box to take part")]
        return _start_page(row, plan, visit, form), 422
    try:
        return _begin(plan, "test" if visit and visit.is_test else _kind())
    except SurveyClosed:
        return _closed(plan)


@blueprint.get("/preview/<token>")
def preview(token: str) -> Answered:
    """Begin a test response to a survey, also to one that is closed."""
    slug = read_preview_token(services().settings.secret_key(), token)
    if slug is None:
        return _message(
            gettext("This preview link no longer works"),
            gettext("Preview links are good for 24 hours. Make a new one with `jtbd survey preview`."),
            410,
        )
    return _begin(_plan(published(slug), None), "test")


@blueprint.get("/r/<code>")
def resume(code: str) -> Answered:
    """Go on with the response of this code."""
    see_that_codes_may_be_tried()
    row = find_by_code(services().database, code)
    if row is None:
        count_unknown_code()
        return _message(
            gettext("This link leads to no answers"),
            gettext(
                "Check that it is complete: it may have been broken over two lines. If the answers were deleted, "
                "the link no longer works."
            ),
            404,
        )
    remember(code, row)
    visit = find_visit(row.slug)
    if visit is None:  # erased between two lines
        raise NotFound
    return visit.to_where_it_stands()


@blueprint.get("/s/<slug>/thanks")
def thanks(slug: str) -> Answered:
    """The end: thanks, and the reference by which answers can be deleted."""
    published(slug)
    visit = find_visit(slug)
    if visit is None:
        return see_other("respond.start", slug=slug)
    if not visit.is_finished:
        return visit.to_where_it_stands()
    speak(visit.plan.language)
    return render_template("respond/thanks.html", visit=visit, plan=visit.plan)


def _kind() -> Kind:
    """In a demo the answers of visitors join the simulated ones: it is no study (docs/decisions/0003)."""
    return "simulated" if services().settings.is_demo else "real"


def _plan(row: SurveyRow, visit: Visit | None) -> Survey:
    """The newest plan in the language for this visitor, which is spoken from here on."""
    plan = load_plan(services().database, row.revision_id)
    sent = request.form.get(PARAMETER) if request.method == "POST" else None
    plan = in_visitors_language(plan, sent, visit.plan.language if visit else None)
    speak(plan.language)
    return plan


def _begin(plan: Survey, kind: Kind) -> Response:
    count_start()
    database, now = services().database, services().clock()
    try:
        begun = begin(database, slug=plan.slug, kind=kind, language=plan.language, consent=plan.consent, now=now)
    except SurveyUnknown as error:
        raise NotFound from error
    response = find_response(database, begun.response_id)
    if response is None:
        raise NotFound
    remember(begun.code, response)
    return see_other("respond.page", slug=plan.slug, page_id=load_plan(database, response.revision_id).pages[0].id)


def _start_page(row: SurveyRow, plan: Survey, visit: Visit | None, form: ConsentForm, note: str = "") -> str:
    return render_template(
        "respond/start.html",
        row=row,
        visit=visit,
        plan=plan,
        form=form,
        note=note,
        minutes=_minutes(plan),
        languages=load_plan(services().database, row.revision_id).languages,
    )


def _closed(plan: Survey) -> Answered:
    advice = gettext(
        "“%(title)s” takes no new answers. If you have begun, open the link you kept: you can still finish.",
        title=plan.title,
    )
    return _message(gettext("This survey is closed"), advice, 410)


def _message(title: str, advice: str, status: int) -> tuple[str, int]:
    return render_template("error.html", title=title, advice=advice, status=status), status


def _minutes(plan: Survey) -> str:
    return minutes(progress(plan, {}, plan.pages[0].id).minutes_left)
