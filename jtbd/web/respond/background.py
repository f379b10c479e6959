"""Answers saved as they are given. The page's script sends them; it needs to know no more than whether they arrived."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import BadRequest, Conflict, NotFound

from jtbd.store.refusals import PageSavedSince, ResponseFinished, ResponseUnknown
from jtbd.store.responses import save_answers
from jtbd.survey.answers import check_part
from jtbd.web.forms import ProtectedForm
from jtbd.web.respond.visit import blueprint, find_visit
from jtbd.web.services import services

MOST_BYTES = 64_000
"""A page's worth of text; more is no answer to it."""


@blueprint.post("/s/<slug>/<page_id>/answers")
def save_some(slug: str, page_id: str) -> tuple[str, int]:
    """Save some fields of a page that is still being filled in.

    204 says that all are stored, 422 that some are not such as the page asks; every other status, that none is: 400
    without a valid token, 404 without a response, 409 if it is complete, has not come to the page, or has had it saved
    since.
    """
    request.max_content_length = request.max_form_memory_size = MOST_BYTES
    visit = find_visit(slug, request.form.get("code"))
    if visit is None:
        raise NotFound
    page = visit.page(page_id)
    if not ProtectedForm(request.form).validate():
        raise BadRequest
    if visit.is_finished or not (visit.may_see(page) or visit.has_reached(page)):
        raise Conflict
    submission, problems = check_part(visit.plan, page, dict(request.form.lists()), visit.ratings)
    try:
        now = services().clock()
        save_answers(services().database, visit.response_id, submission, now, request.form.get("seen"))
    except (ResponseFinished, PageSavedSince) as error:
        raise Conflict from error
    except ResponseUnknown as error:
        raise NotFound from error
    return "", 422 if problems else 204
