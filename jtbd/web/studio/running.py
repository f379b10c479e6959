"""What strategists do to a study that runs: pause, close, reopen, waves, the end of its pilot."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response as Redirect

from jtbd.store.pilot import end_pilot
from jtbd.store.refusals import Refusal
from jtbd.store.surveys import Status, set_status
from jtbd.store.waves import close_wave, open_wave
from jtbd.web.forms import ProtectedForm
from jtbd.web.services import services
from jtbd.web.studio.accounts import STALE
from jtbd.web.studio.blueprint import blueprint
from jtbd.web.studio.fielding import fielding_page
from jtbd.web.studio.session import DECIDERS

LONGEST_LABEL = 60

_STATUS: dict[str, Status] = {"reopen": "open", "pause": "paused", "close": "closed"}


@blueprint.post("/<slug>/fielding")
def run(slug: str) -> Redirect | tuple[str, int]:
    """Do what a button of the page says."""
    if g.account.role not in DECIDERS:
        abort(403)
    if not ProtectedForm(request.form).validate():
        return fielding_page(slug, [STALE]), 422
    action = _ACTIONS.get(request.form.get("action", ""))
    if action is None:
        abort(400)
    try:
        complaint = action(slug)
    except Refusal as refusal:
        text = str(refusal)
        complaint = f"{text[0].upper()}{text[1:]}."
    if complaint:
        return fielding_page(slug, [complaint]), 422
    return redirect(url_for("studio.fielding", slug=slug), 303)


def _set_status(slug: str) -> str:
    status = _STATUS[request.form["action"]]
    set_status(services().database, slug, status, services().clock(), by=g.account.name)
    return ""


def _open_wave(slug: str) -> str:
    label = " ".join(request.form.get("label", "").split())
    if len(label) > LONGEST_LABEL:
        return f"A label has at most {LONGEST_LABEL} characters."
    open_wave(services().database, slug, label, services().clock(), by=g.account.name)
    return ""


def _close_wave(slug: str) -> str:
    close_wave(services().database, slug, services().clock(), by=g.account.name)
    return ""


def _end_pilot(slug: str) -> str:
    """Set the answers aside that the page counted, if the survey's name was typed."""
    how, expected = request.form.get("how"), request.form.get("expected", "")
    if how not in ("test", "delete"):
        return "Choose what becomes of the pilot's answers."
    if request.form.get("confirm", "").strip() != slug:
        return f"Nothing was changed: type {slug} to confirm."
    if not (expected.isascii() and expected.isdigit() and len(expected) < 10):
        abort(400)
    database, now = services().database, services().clock()
    delete_answers = how == "delete"
    end_pilot(database, slug, delete_answers=delete_answers, expected=int(expected), by=g.account.name, now=now)
    return ""


_ACTIONS: dict[str, Callable[[str], str]] = {
    **dict.fromkeys(_STATUS, _set_status),
    "open-wave": _open_wave,
    "close-wave": _close_wave,
    "end-pilot": _end_pilot,
}
"""By the value of the button: what does it, and says what was wrong, or nothing."""
