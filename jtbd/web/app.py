"""The application factory."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path

from flask import Flask, Response, current_app, render_template, request, url_for
from werkzeug.exceptions import HTTPException, ServiceUnavailable

from jtbd.analysis.cache import Analyst
from jtbd.errors import StoreError
from jtbd.resources import shipped
from jtbd.settings import Settings
from jtbd.store.attempts import Limiter
from jtbd.store.database import Database
from jtbd.translation.interface import gettext_noop
from jtbd.web import respond, studio
from jtbd.web.health import answer_machines
from jtbd.web.language import gettext, ngettext, speak_languages
from jtbd.web.log import LoggedFlask, number_requests, request_id
from jtbd.web.proxy import stand_behind
from jtbd.web.respond.printed import KEPT
from jtbd.web.security import protect
from jtbd.web.sent import SentRequest
from jtbd.web.services import Clock, Services, utc_now

MOST_BYTES = 1_000_000
LONG_CACHING = "public, max-age=31536000, immutable"


def create_app(settings: Settings, *, clock: Clock = utc_now) -> Flask:
    """The web face of one workspace.

    Parameters
    ----------
    settings : Settings
        The workspace and its database, which must be at the newest schema (``jtbd db upgrade``).
    clock : callable, optional
        Where the time comes from.
    """
    app = LoggedFlask(__name__, template_folder=str(shipped("templates")))
    app.request_class = SentRequest
    app.config.update(
        MAX_CONTENT_LENGTH=MOST_BYTES,
        MAX_FORM_MEMORY_SIZE=MOST_BYTES,
        PERMANENT_SESSION_LIFETIME=timedelta(days=30),
        SESSION_COOKIE_NAME="jtbd",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # to sign it again for every page took a tenth of the time
    )
    app.secret_key = settings.secret_key()
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    database = Database(settings.database_url)
    limiter = Limiter(database, settings.secret_key())
    app.extensions["jtbd"] = Services(settings, database, Analyst(database), clock, limiter)
    number_requests(app, settings)
    stand_behind(app, settings)
    protect(app)  # around the one before: what it refuses has the headers, too
    speak_languages(app, settings)
    app.jinja_env.globals.update(asset=asset, is_demo=settings.is_demo)
    app.extensions |= {"jtbd-assets": {}, KEPT: {}}
    app.after_request(_cache_assets)
    app.register_blueprint(respond.blueprint)
    app.register_blueprint(studio.blueprint)
    app.register_error_handler(HTTPException, _polite)
    app.register_error_handler(StoreError, _store_failed)
    answer_machines(app, settings)
    return app


def asset(filename: str) -> str:
    """The address of a static file, with a hash of what is in it: browsers may keep it for good."""
    known: dict[str, str] = current_app.extensions["jtbd-assets"]
    if filename not in known:
        data = Path(current_app.static_folder or "", filename).read_bytes()
        known[filename] = hashlib.sha256(data).hexdigest()[:12]
    return url_for("static", filename=filename, v=known[filename])


def _cache_assets(response: Response) -> Response:
    if request.endpoint == "static" and "v" in request.args:
        known: dict[str, str] = current_app.extensions["jtbd-assets"]
        asked = (request.view_args or {}).get("filename")
        if request.args["v"] == known.get(str(asked)):
            response.headers["Cache-Control"] = LONG_CACHING
    return response


_WORDS = {
    400: (gettext_noop("That did not arrive as it should"), gettext_noop("Go back, reload the page and try again.")),
    403: (gettext_noop("You may not do that"), gettext_noop("Log in with an account that may.")),
    404: (gettext_noop("There is nothing at this address"), gettext_noop("Check the link for missing characters.")),
    405: (
        gettext_noop("That is not possible at this address"),
        gettext_noop("Go back and follow a link or press a button on the page."),
    ),
    410: (gettext_noop("This is over"), gettext_noop("There is nothing more to do here.")),
    413: (gettext_noop("That is too much at once"), gettext_noop("Shorten your text and send the page again.")),
    429: (gettext_noop("Too many attempts"), gettext_noop("Wait a moment, then try again.")),
    500: (gettext_noop("Something went wrong here"), gettext_noop("It is our fault, not yours. Try again later.")),
    503: (
        gettext_noop("We cannot save anything right now"),
        gettext_noop("Try again in a minute. What was saved before is safe."),
    ),
}


def _polite(error: HTTPException) -> tuple[str, int, dict[str, str]] | HTTPException:
    """A page in plain words for what would be a bare status; the status's own headers stay."""
    code = error.code or 500
    if code < 400:
        return error
    title, advice = map(gettext, _WORDS.get(code, _WORDS[500]))
    headers = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    minutes = -(-int(headers.get("Retry-After", "0")) // 60)
    if minutes > 1:
        advice = ngettext("Wait a minute, then try again.", "Wait %(number)s minutes, then try again.", minutes)
    page = render_template("error.html", title=title, advice=advice, status=code, request_id=request_id())
    return page, code, headers


def _store_failed(error: StoreError) -> tuple[str, int, dict[str, str]] | HTTPException:
    current_app.logger.error("the database failed: %s", error)
    return _polite(ServiceUnavailable())
