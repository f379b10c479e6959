"""Where a response begins, goes on and ends."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import current_app, render_template, request, url_for
from werkzeug import Response
from werkzeug.exceptions import NotFound

from jtbd.store.panel_ids import panel_id_of
from jtbd.store.refusals import InvitationNeeded, PanelIdUsed, SurveyClosed, SurveyUnknown
from jtbd.store.responses import CODE_BYTES, Kind, ResponseRow, begin, find_by_code, find_response
from jtbd.store.surveys import SurveyRow, load_plan, open_surveys
from jtbd.survey.end_links import is_panel_id, link_for
from jtbd.survey.flow import progress
from jtbd.survey.model import Survey
from jtbd.survey.preview import read_preview_token
from jtbd.web.forms import ProtectedForm
from jtbd.web.language import PARAMETER, gettext, in_visitors_language, speak
from jtbd.web.limits import count_start, count_unknown_code, see_that_codes_may_be_tried
from jtbd.web.respond.forms import ConsentForm
from jtbd.web.respond.phone import phone
from jtbd.web.respond.printed import printed
from jtbd.web.respond.visit import Visit, blueprint, find_visit, published, remember, see_other
from jtbd.web.respond.words import first_sentence, minutes
from jtbd.web.services import services

_REFERENCE = re.compile(r"[A-Za-z0-9_-]{8,64}")

Answered = Response | str | tuple[str, int]

PANEL_PARAMETER = "pid"
"""What a link to a survey calls the id under which a panel sends somebody."""

SECONDS_TO_LEAVE = 30
"""How long the last page is shown before a panel's respondent goes on: WCAG 2.2.1 asks for 20 to be able to stay."""


@blueprint.get("/")
def surveys() -> Answered:
    """The surveys that are open, and the way back for who has begun one."""
    return _surveys()


def _surveys(note: str = "") -> str:
    database = services().database
    plans = [in_visitors_language(load_plan(database, row.revision_id)) for row in open_surveys(database)]
    listed = [
        {"plan": plan, "about": first_sentence(plan.introduction), "minutes": _minutes(plan)}
        for plan in plans
        if plan.access == "open"
    ]
    return render_template(
        "respond/surveys.html",
        surveys=listed,
        by_invitation=len(listed) < len(plans),
        asked=request.args.get(PARAMETER),
        form=ProtectedForm(),
        note=note,
    )


@blueprint.get("/s/<slug>")
def start(slug: str) -> Answered:
    """What the survey is about, consent, and the button that begins it."""
    row = published(slug)
    visit = _visit(slug)
    plan = visitors_plan(row, visit)
    if row.status != "open" and visit is None:
        return not_open(plan, row)
    if plan.access == "invited" and visit is None:
        return _for_invited(plan)
    return start_page(row, plan, visit, ConsentForm())


@blueprint.post("/s/<slug>")
def begin_response(slug: str) -> Answered:
    """Begin a response."""
    row = published(slug)
    visit = _visit(slug)
    plan = visitors_plan(row, visit)
    objection = without_consent(row, plan, visit)
    if objection is not None:
        return objection
    try:
        return _begin(plan, "test" if visit and visit.is_test else kind_of_visitors())
    except SurveyClosed:
        return not_open(plan, published(slug))
    except InvitationNeeded:
        return _for_invited(plan)
    except PanelIdUsed:
        advice = gettext(
            "Each person can take part once. To go on with answers that you have begun, open the link that you kept, "
            "or enter your reference on the first page."
        )
        return message(gettext("This link has been used already"), advice, 409)


@blueprint.get("/preview/<token>")
def preview(token: str) -> Answered:
    """Begin a test response to a survey, also to one that is paused or closed; ``?frame=phone`` shows it on a phone."""
    slug = read_preview_token(services().settings.secret_key(), token)
    if slug is None:
        return message(
            gettext("This preview link no longer works"),
            gettext("Preview links are good for 24 hours. Make a new one with `jtbd survey preview`."),
            410,
        )
    row = published(slug)
    plan = visitors_plan(row, None)
    if request.args.get("frame") == "phone":
        return phone(plan, load_plan(services().database, row.revision_id).languages, token)
    return _begin(plan, "test")


@blueprint.post("/r")
def resume_by_reference() -> Answered:
    """Go on with the response of the reference that was typed, or of the link that was pasted."""
    if not ProtectedForm(request.form).validate():
        return _surveys(gettext("We could not tell that this came from you. Please press the button again.")), 400
    code = request.form.get("reference", "").strip().rstrip("/").rpartition("/")[2]
    if not _REFERENCE.fullmatch(code):
        return _surveys(gettext("Please enter the letters and digits after the last slash of your link.")), 422
    return see_other("respond.resume", code=code)


@blueprint.get("/r/<code>")
def resume(code: str) -> Answered:
    """Go on with the response of this code."""
    see_that_codes_may_be_tried()
    row = find_by_code(services().database, code)
    if row is None:
        count_unknown_code()
        return message(
            gettext("This link leads to no answers"),
            gettext(
                "Check that it is complete: it may have been broken over two lines. If the answers were deleted, "
                "the link no longer works."
            ),
            404,
        )
    return go_on(code, row)


def go_on(code: str, row: ResponseRow) -> Response:
    """Make a response that of this browser, and lead to where it stands."""
    remember(code, row)
    visit = find_visit(row.slug, code)
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
    panel_id = panel_id_of(services().database, visit.response_id)
    link = link_for(getattr(visit.plan.end, visit.status), panel_id)
    leaves = bool(link and panel_id) and not visit.is_test and "stay" not in request.args
    own = {
        "code": visit.code,
        "mark": visit.mark,
        "resume_link": url_for("respond.resume", code=visit.code, _external=True),
    }

    def write(gaps: Mapping[str, str]) -> str:
        return render_template(
            "respond/thanks.html",
            visit=visit,
            plan=visit.plan,
            link=link,
            host=urlsplit(link).hostname,
            seconds=SECONDS_TO_LEAVE if leaves else None,
            **gaps,
        )

    if link:
        return write(own)
    return printed("thanks", (visit.revision, visit.status, visit.plan.language, visit.is_test), write, own)


def without_consent(row: SurveyRow, plan: Survey, visit: Visit | None, address: str = "") -> Answered | None:
    """What a visitor reads whose form does not say that they agree to the newest text; ``None`` if it does.

    `address` is that of the page which they sent, if it is not the survey's own.
    """
    form = ConsentForm(request.form)
    if not form.validate():
        note = gettext(
            "We could not tell that this came from you: the page was open for long, or your browser keeps no "
            "cookies for this site. Allow them if they are blocked, then press the button again."
        )
        return start_page(row, plan, visit, form, note=note, address=address), 400
    if request.form.get("revision") != str(row.revision_id):
        note = gettext("This text has just changed. Please read it again.")
        return start_page(row, plan, visit, ConsentForm(), note=note, address=address), 409
    if not form.consent.data:
        form.consent.errors = [gettext("Please tick the box to take part")]
        return start_page(row, plan, visit, form, address=address), 422
    return None


def kind_of_visitors() -> Kind:
    """In a demo the answers of visitors join the simulated ones: it is no study (docs/decisions/0003)."""
    return "simulated" if services().settings.is_demo else "real"


def _visit(slug: str) -> Visit | None:
    """The visitor's response, unless it was a pilot's and that is over: then they begin like everybody."""
    visit = find_visit(slug)
    return None if visit and visit.of_pilot else visit


def visitors_plan(row: SurveyRow, visit: Visit | None) -> Survey:
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
        begun = begin(
            database,
            slug=plan.slug,
            kind=kind,
            language=plan.language,
            consent=plan.consent,
            now=now,
            panel_id=_panel_id(),
            key=sent_key(),
        )
    except SurveyUnknown as error:
        raise NotFound from error
    response = find_response(database, begun.response_id)
    if response is None:
        raise NotFound
    return go_on(begun.code, response)


def sent_key() -> str:
    """The secret of the page that was sent: so long as the page is the same, so is the response."""
    sent = request.form.get("key", "")
    return sent if len(sent) >= len(secrets.token_urlsafe(CODE_BYTES)) else ""


def _panel_id() -> str:
    """The id under which a panel sent the visitor; empty if none did."""
    sent = request.values.get(PANEL_PARAMETER, "")
    if sent and not is_panel_id(sent):
        current_app.logger.warning("a panel's id was left out, as it is longer than ids are or holds other characters")
        return ""
    return sent


def start_page(
    row: SurveyRow, plan: Survey, visit: Visit | None, form: ConsentForm, note: str = "", address: str = ""
) -> str:
    """What the survey is about, with the form that begins it where this visitor may."""
    may_begin = row.status == "open" and (plan.access == "open" or bool(address))
    own = {"token": form.token, "key": secrets.token_urlsafe(CODE_BYTES)}
    panel_id = _panel_id() or None

    def write(gaps: Mapping[str, str]) -> str:
        return render_template(
            "respond/start.html",
            row=row,
            visit=visit,
            plan=plan,
            form=form,
            note=note,
            address=address or url_for("respond.start", slug=row.slug),
            may_begin=may_begin or (visit is not None and visit.is_test),
            minutes=_minutes(plan),
            panel_id=panel_id,
            languages=load_plan(services().database, row.revision_id).languages,
            **gaps,
        )

    if visit or note or address or panel_id or form.consent.errors:
        return write(own)
    return printed("start", (row.revision_id, row.status, plan.language), write, own)


def _for_invited(plan: Survey) -> Answered:
    advice = gettext(
        "“%(title)s” is for people who got an invitation. To take part, open the link in yours. If you have begun, "
        "open the link you kept.",
        title=plan.title,
    )
    return message(gettext("This survey is by invitation"), advice, 403)


def not_open(plan: Survey, row: SurveyRow) -> Answered:
    """That the survey takes no new answers, for now or for good."""
    if row.status == "paused":
        advice = gettext(
            "“%(title)s” takes nobody new just now. Please come back later. If you have begun, open the link you kept: "
            "you can go on.",
            title=plan.title,
        )
        # nothing is wrong, so the page is a page like others; only what was sent could not be done
        status = 409 if request.method == "POST" else 200
        return message(gettext("This survey is taking a break"), advice, status)
    advice = gettext(
        "“%(title)s” is over and takes no new answers. If you have begun, open the link you kept: you can still "
        "finish.",
        title=plan.title,
    )
    return message(gettext("This survey is closed"), advice, 410)


def message(title: str, advice: str, status: int) -> tuple[str, int]:
    """A page that says why there is nothing to fill in, and what to do."""
    return render_template("error.html", title=title, advice=advice, status=status), status


def _minutes(plan: Survey) -> str:
    return minutes(progress(plan, {}, plan.pages[0].id).minutes_left)
