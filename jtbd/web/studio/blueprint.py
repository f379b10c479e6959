"""The studio's blueprint: who may enter, and what its pages say when they cannot show what was asked."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from jtbd.analysis.query import MIN_GROUP
from jtbd.errors import InputError, Issue
from jtbd.plural import counted
from jtbd.store.surveys import find_survey
from jtbd.web.forms import ProtectedForm
from jtbd.web.services import services
from jtbd.web.studio.asking import default_query, query_from
from jtbd.web.studio.frame import TooFewAnswers, frame
from jtbd.web.studio.masking import shown
from jtbd.web.studio.session import signed_in

blueprint = Blueprint("studio", __name__, url_prefix="/studio")

_OPEN = {"studio.login", "studio.link"}

_SAID = {
    "unknown-value": ("nobody gave this answer", "choose one of those offered"),
    "unknown-column": ("the survey has no such question", "choose one of those offered"),
    "bad-value": ("results cannot be read by this answer", "choose one of those offered"),
    "bad-weight": ("results cannot be read by this answer", "choose one of those offered"),
    "no-scale": ("the survey does not ask what this score needs", "choose another score"),
    "nobody-left": ("nobody meets all conditions at once", "drop a condition"),
    "small-rest": (
        f"shown beside the other results, this would say what fewer than {MIN_GROUP} people answered",
        "choose another group, or drop a condition",
    ),
    "small-group": (f"fewer than {MIN_GROUP} people meet this, too few to be shown", "choose a wider group"),
}


@blueprint.before_request
def _guard() -> Response | None:
    """Nobody sees results who is not signed in; nothing else is shown of a survey that does not exist."""
    g.account = signed_in()
    if request.endpoint in _OPEN:
        return None
    if g.account:
        slug = (request.view_args or {}).get("slug")
        if slug is not None and find_survey(services().database, slug) is None:
            abort(404)
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("studio.login", next=wanted), 303)


@blueprint.context_processor
def _shared() -> dict[str, Any]:
    account = g.get("account")
    return {"account": account, "shown": shown, "counted": counted, "logout_form": ProtectedForm() if account else None}


@blueprint.errorhandler(TooFewAnswers)
def _too_few(error: TooFewAnswers) -> str:
    return render_template("studio/empty.html", **frame(error.slug, default_query()), few=error.people)


def _in_words(found: Issue) -> str:
    """An issue as the page says it: no option of the command line, no name or number of a small group."""
    message, remedy = _SAID.get(found.code, (found.message, found.remedy))
    return f"{message[:1].upper()}{message[1:]}; {remedy}."


@blueprint.errorhandler(InputError)
def _notice(error: InputError) -> tuple[str, int]:
    """What was asked for cannot be shown: the page says why, and the filters are there to choose again."""
    slug = (request.view_args or {})["slug"]
    try:
        query = query_from(request.args)
    except InputError:
        query = default_query()
    return render_template(
        "studio/notice.html", **frame(slug, query), complaints=[_in_words(one) for one in error.issues]
    ), 400
