"""The pages of a survey: shown, saved, and shown again when something is in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import current_app, render_template, request, url_for
from werkzeug import Response
from werkzeug.datastructures import MultiDict

from jtbd.errors import StoreError
from jtbd.store.gates import Status
from jtbd.store.refusals import ResponseFinished, ResponseUnknown
from jtbd.store.responses import complete, save_answers, save_page
from jtbd.survey.answers import check_page
from jtbd.survey.flow import SECONDS_PER_RATING, next_page, previous_page, progress, seconds_after
from jtbd.survey.model import ATTENTION, Page, Rating, Submission, SurveyMap
from jtbd.translation.interface import gettext_noop
from jtbd.web.language import gettext, speak
from jtbd.web.respond.forms import QuestionsForm, sent_questions, shown_questions
from jtbd.web.respond.lines import RatingLines, sent_lines, shown_lines
from jtbd.web.respond.printed import printed
from jtbd.web.respond.visit import Visit, blueprint, find_visit, keep, published, remembered_visit, see_other
from jtbd.web.respond.words import ShownProblem, lead_sentences, minutes_left, saving_words, time_words
from jtbd.web.services import services

Answered = Response | str | tuple[str, int]
Form = QuestionsForm | RatingLines

_STRANGE = gettext_noop(
    "This page was open for so long, or your browser keeps no cookies for this site, that we could not tell "
    "whether it came from you. Nothing is lost: your answers are still here. Allow cookies if they are blocked, "
    "then press the button again."
)
_AWAY = gettext_noop(
    "We could not save this page just now. Nothing is lost: your answers are still here. Please press again."
)


@blueprint.get("/s/<slug>/<page_id>")
def page(slug: str, page_id: str) -> Answered:
    """Show a page that the respondent has come to."""
    visit = find_visit(slug)
    if visit is None:
        published(slug)
        return see_other("respond.start", slug=slug)
    speak(visit.plan.language)
    asked = visit.page(page_id)
    if visit.is_finished or not visit.may_see(asked):
        return visit.to_where_it_stands()
    return _show(visit, asked, shown_lines(visit, asked) if asked.outcomes else shown_questions(visit, asked))


@blueprint.post("/s/<slug>/<page_id>")
def save(slug: str, page_id: str) -> Answered:
    """Save a page and go on, or back."""
    sent = request.form  # first of all: a body that is too large or broken ends here
    visit = None
    try:
        visit = find_visit(slug, sent.get("code"))
        if visit is None:
            return _no_response(slug)
        speak(visit.plan.language)
        return _save(visit, visit.page(page_id))
    except ResponseFinished:  # meanwhile, from another tab
        visit = find_visit(slug, sent.get("code"))
        return _ended(visit, visit.page(page_id)) if visit else _no_response(slug)
    except ResponseUnknown:
        return _no_response(slug)
    except StoreError as error:
        current_app.logger.error("a page could not be saved: %s", error)
        visit = visit or remembered_visit(slug, page_id, sent.get("lines", ""))
        if visit is None:
            return _carry(sent), 503
        speak(visit.plan.language)
        asked = visit.page(page_id)
        return _show(visit, asked, _sent(visit, asked), note=gettext(_AWAY)), 503


def _save(visit: Visit, page: Page) -> Answered:
    if visit.is_finished:
        return _ended(visit, page)
    form = _sent(visit, page)
    if not visit.may_see(page):
        if (
            visit.has_reached(page) and form.validate()
        ):  # a page before has to be sent again: these are not lost by that
            part, _ = check_page(visit.plan, page, dict(request.form.lists()))
            save_answers(services().database, visit.response_id, part, services().clock())
        return visit.to_where_it_stands()
    if not form.validate():
        return _show(visit, page, form, note=gettext(_STRANGE)), 400
    keep(visit)
    goes_back = request.form.getlist("go")[-1:] == ["back"]
    submission, problems = check_page(visit.plan, page, dict(request.form.lists()))
    if goes_back:
        if (page.id in visit.saved or _says_something(submission)) and _store(visit, submission) != "in_progress":
            return see_other("respond.thanks", slug=visit.slug)
        return _back(visit, page)
    if problems:
        return _show(visit, page, form, problems=form.say(problems)), 422
    if page.id not in visit.saved and not _was_reminded() and (skipped := form.remind()):
        save_answers(services().database, visit.response_id, submission, services().clock())
        return _show(visit, page, form, skipped=skipped)
    if _store(visit, submission) != "in_progress":
        return see_other("respond.thanks", slug=visit.slug)
    return _forward(visit.after(submission), page)


def _sent(visit: Visit, page: Page) -> Form:
    return sent_lines(visit, page, request.form) if page.outcomes else sent_questions(page, request.form)


def _was_reminded() -> bool:
    return "reminded" in request.form


def _store(visit: Visit, submission: Submission) -> Status:
    return save_page(services().database, visit.response_id, submission, services().clock())


def _says_something(submission: Submission) -> bool:
    answered = any(answer is not None for answer in submission.answers.values())
    rated = (*submission.ratings.values(), *submission.attention.values())
    return answered or any(rating != Rating() for rating in rated) or any(submission.not_applicable.values())


def _back(visit: Visit, page: Page) -> Response:
    before = previous_page(visit.plan, visit.answers, page.id)
    return visit.to(before) if before else see_other("respond.start", slug=visit.slug)


def _forward(visit: Visit, page: Page) -> Response:
    after = next_page(visit.plan, visit.answers, page.id)
    if after and visit.may_see(after):
        return visit.to(after)
    if after or visit.page_to_go_on.id not in visit.saved:
        return visit.to(visit.page_to_go_on)
    asked = {outcome.id for one in visit.pages for outcome in one.outcomes}
    complete(services().database, visit.response_id, asked=asked, now=services().clock())
    return see_other("respond.thanks", slug=visit.slug)


def _show(
    visit: Visit,
    page: Page,
    form: Form,
    *,
    note: str = "",
    problems: Sequence[ShownProblem] = (),
    skipped: Sequence[tuple[str, str]] = (),
) -> str:
    at = progress(visit.plan, visit.answers, page.id)
    was_reminded = bool(skipped) or _was_reminded()
    own = {
        "code": visit.code,
        "mark": visit.mark,
        "seen": _seen(visit, page),
        "token": form.token,
        "step": gettext("Step %(position)s of %(total)s", position=at.position, total=at.total),
        "position": str(at.position),
        "total": str(at.total),
        "time_left": minutes_left(at.minutes_left),
        "time_words": time_words(at.minutes_left),
        "seconds_after": str(seconds_after(visit.plan, visit.answers, page.id)),
        "resume_link": url_for("respond.resume", code=visit.code, _external=True),
        "asked": " ".join(one.id for one in page.lines) if visit.plan.design.is_assigned else "",
        "lines": form.lines(),
    }

    def write(gaps: Mapping[str, str]) -> str:
        job_map = next((one for one in visit.plan.maps if one.map == page.map), None)
        return render_template(
            "respond/page.html",
            visit=visit,
            page=page,
            form=form,
            note=note,
            problems=problems,
            skipped=skipped,
            was_reminded=was_reminded,
            saving=saving_words(),
            pace=SECONDS_PER_RATING,
            has_previous=at.position > 1,
            introduced=job_map if job_map and is_first else None,
            lead=" ".join(lead_sentences(visit.plan, _job(job_map))) if page.outcomes else "",
            **gaps,
        )

    is_first = _is_first_of_map(visit, page)
    if not page.outcomes or note or problems or was_reminded:
        return write(own)
    has_previous, has_saved = at.position > 1, bool(visit.saved)
    like = (visit.revision, visit.plan.language, page.id, is_first, has_previous, has_saved, visit.is_test)
    return printed("page", like, write, own)


def _carry(sent: MultiDict[str, str]) -> str:
    """A page that carries what was sent, while not even the survey can be read: this server has never shown it."""
    fields = [(name, value) for name, value in sent.items(multi=True) if name != "go"]
    go = "back" if sent.getlist("go")[-1:] == ["back"] else "next"
    return render_template("respond/again.html", note=gettext(_AWAY), sent=fields, go=go)


def _seen(visit: Visit, page: Page) -> str:
    """How often the page was saved; unknown while the database is away, and then nothing is sent before Next."""
    return str(visit.saves.get(page.id, "")) if visit.response_id else "unknown"


def _job(job_map: SurveyMap | None) -> str:
    return job_map.job if job_map else ""


def _is_first_of_map(visit: Visit, page: Page) -> bool:
    return next((one for one in visit.pages if one.map == page.map), None) == page


def _ended(visit: Visit, page: Page) -> Answered:
    """Nothing is stored any more. Who was ended early has nothing to lose by it, and reads why.

    Nor has who sends what is stored already: they pressed twice, or the answer to the last page never reached them.
    """
    if visit.status != "complete" or _is_stored(visit, page):
        return visit.to_where_it_stands()
    return render_template(
        "error.html",
        title=gettext("These answers are already complete"),
        advice=gettext("They can no longer be changed, and what you sent just now was not stored."),
        link=url_for("respond.thanks", slug=visit.slug),
        link_text=gettext("See your reference"),
        status=409,
    ), 409


def _is_stored(visit: Visit, page: Page) -> bool:
    """Whether what was sent is what the response holds."""
    sent, problems = check_page(visit.plan, page, dict(request.form.lists()))
    rated = sent.ratings | {ATTENTION + item: rating for item, rating in sent.attention.items()}
    return not problems and (
        all(visit.answers.get(question) == answer for question, answer in sent.answers.items())
        and all(visit.ratings.get(line, Rating()) == rating for line, rating in rated.items())
        and all((outcome in visit.not_applicable) == does_not for outcome, does_not in sent.not_applicable.items())
    )


def _no_response(slug: str) -> Answered:
    row = published(slug)
    return render_template(
        "error.html",
        title=gettext("We do not know whose answers these are"),
        advice=gettext(
            "Your browser did not send the cookie that tells us. It may block cookies, or they were deleted. "
            "Allow cookies for this site, then open the link you kept to go on where you stopped, or begin again."
        ),
        link=url_for("respond.start", slug=row.slug),
        link_text=gettext("To the start of the survey"),
        status=400,
    ), 400
