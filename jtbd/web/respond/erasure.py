"""Respondents delete their own answers: asked once more, then done. It needs no script and no help of others."""

from __future__ import annotations

from flask import current_app, render_template, request
from werkzeug import Response

from jtbd.store.erasure import erase
from jtbd.web.forms import ProtectedForm
from jtbd.web.language import gettext, speak
from jtbd.web.respond.visit import Visit, blueprint, find_visit, forget, published, see_other
from jtbd.web.services import services

Answered = Response | str | tuple[str, int]


@blueprint.get("/s/<slug>/erase")
def confirm_erasure(slug: str) -> Answered:
    """Ask once more."""
    published(slug)
    visit = find_visit(slug)
    if visit is None:
        return see_other("respond.start", slug=slug)
    return _confirm(visit, ProtectedForm())


@blueprint.post("/s/<slug>/erase")
def erase_response(slug: str) -> Answered:
    """Delete the response; sent again, say the same again."""
    published(slug)
    code = request.form.get("code", "")
    visit = find_visit(slug, code)
    if visit is None or visit.code != code:  # it is gone, or it never was
        return _erased(mark="")
    form = ProtectedForm(request.form)
    if not form.validate():
        note = gettext("We could not tell that this came from you, so nothing is deleted. Press the button again.")
        return _confirm(visit, form, note), 400
    speak(visit.plan.language)
    erase(services().database, code)
    if not services().database.scrub():
        current_app.logger.warning("the database is in use: its file still holds copies of what was erased")
    forget(visit)
    return _erased(visit.mark)


def _confirm(visit: Visit, form: ProtectedForm, note: str = "") -> str:
    speak(visit.plan.language)
    return render_template("respond/erase.html", visit=visit, plan=visit.plan, form=form, note=note)


def _erased(mark: str) -> str:
    return render_template("respond/erased.html", mark=mark)
